"""A Cleaner has no memory: whatever it did before, under whatever rules, it gives what a fresh one gives."""

from __future__ import annotations

import json
import pickle
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import BODY, MORE_PROSE, PROSE, main
from generators import HIDING, bodies, pages, rule_files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from test_properties import added, check

from cleaner import Cleaner

_URLS = st.sampled_from((None, "https://paper.example/x", "https://other.example/y"))


def record(cleaner: Cleaner, page: str, url: str | None) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(cleaner.clean(page, url).to_dict()))
    return made


class OneCleaner(RuleBasedStateMachine):
    """One Cleaner that sees pages in any order, is pickled, used in threads, and made anew when rule files come and go."""

    @initialize(document=rule_files())
    def start(self, document: dict[str, Any]) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.layers: list[Path] = []
        self.seen: list[tuple[str, str | None, dict[str, Any]]] = []
        self.a_layer_comes(document)

    def made_anew(self) -> None:
        self.cleaner = self.fresh()
        self.seen.clear()

    def fresh(self) -> Cleaner:
        return Cleaner(self.layers, builtin=False)

    @rule(document=rule_files())
    def a_layer_comes(self, document: dict[str, Any]) -> None:
        self.layers.append(Path(tempfile.mkdtemp(dir=self.folder.name)))
        (self.layers[-1] / "generic.yaml").write_text(json.dumps(document), encoding="utf-8")
        self.made_anew()

    @precondition(lambda self: len(self.layers) > 1)
    @rule()
    def a_layer_goes(self) -> None:
        self.layers.pop(0)
        self.made_anew()

    @rule(page=pages(), url=_URLS)
    def a_page_is_cleaned(self, page: str, url: str | None) -> None:
        self.seen.append((page, url, record(self.cleaner, page, url)))

    @rule(data=st.binary(max_size=60))
    def bytes_that_are_no_page_are_cleaned(self, data: bytes) -> None:
        check(self.cleaner.clean(data))

    @rule()
    def it_travels(self) -> None:
        self.cleaner = pickle.loads(pickle.dumps(self.cleaner))

    @precondition(lambda self: self.seen)
    @rule()
    def it_works_in_threads(self) -> None:
        with ThreadPoolExecutor(4) as pool:
            made = list(pool.map(lambda one: record(self.cleaner, one[0], one[1]), self.seen * 2))
        assert made == [one[2] for one in self.seen] * 2

    @precondition(lambda self: self.seen)
    @rule(page=st.randoms(use_true_random=False))
    def a_fresh_one_gives_the_same(self, page: Any) -> None:
        data, url, wanted = page.choice(self.seen)
        fresh = self.fresh()
        assert fresh.digest == self.cleaner.digest
        assert record(fresh, data, url) == record(self.cleaner, data, url) == wanted

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()


OneCleaner.TestCase.settings = settings(
    max_examples=40, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
TestOneCleaner = OneCleaner.TestCase

quiet = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


@quiet
@given(pages(), _URLS)
def test_a_page_of_any_structure(builtin: Cleaner, page: str, url: str | None) -> None:
    article = builtin.clean(page, url)
    check(article)
    assert added(article, page.encode()) == Counter()


@quiet
@given(rule_files(), st.randoms(use_true_random=False), pages())
def test_any_valid_rule_file_loads_and_the_order_of_its_rules_is_nothing(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any], chance: Any, page: str
) -> None:
    texts = []
    for _ in range(2):
        folder = tmp_path_factory.mktemp("rules")
        (folder / "generic.yaml").write_text(json.dumps(document), encoding="utf-8")
        article = Cleaner([folder], builtin=False).clean(page)
        check(article)
        texts.append((article.text, [(block.verdict, block.text) for block in article.blocks]))
        chance.shuffle(document["drop"])
        chance.shuffle(document["keep"])
    assert texts[0] == texts[1]


@pytest.fixture(scope="module")
def by_body(tmp_path_factory: pytest.TempPathFactory) -> Cleaner:
    """Knows the body of a page and nothing else."""
    folder = tmp_path_factory.mktemp("rules")
    (folder / "generic.yaml").write_text(BODY, encoding="utf-8")
    return Cleaner([folder], builtin=False)


@quiet
@given(st.lists(st.tuples(bodies, st.sampled_from(HIDING)), min_size=1, max_size=3))
def test_whatever_is_hidden_leaves_what_stands_around_it(by_body: Cleaner, pieces: list[tuple[str, str]]) -> None:
    shown = [f"Paragraph {at} that everybody sees. {PROSE} {MORE_PROSE}" for at in range(12)]
    hidden = [f"<div {way}><p>casino</p>{inner}</div>" for inner, way in pieces]
    article = by_body.clean(main(*(f"<p>{text}</p>{hidden[at] if at < len(hidden) else ''}" for at, text in enumerate(shown))))
    if not any(warning.startswith("hidden-") for warning in article.warnings):
        assert article.text.split("\n\n") == shown
