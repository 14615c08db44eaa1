"""The samples are the test of the rules: each stored page against its expected article, each rule by the samples in which it fires.

Expected files are written by people (or by a command that people run), never by this test.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import write_rules

from cleaner import Article, Cleaner
from cleaner.ruletools.samples import Sample, as_file, faults, find_samples

ROOT = Path(__file__).parent.parent
RULES, SAMPLES = ROOT / "rules", ROOT / "samples"
META_KEYS = {"url", "language", "input", "captions", "expect", "must_keep", "must_drop", "floor", "note"}


ALL = find_samples(SAMPLES)
RULE_FILES = {path.relative_to(RULES).with_suffix("").as_posix(): path for path in sorted(RULES.glob("**/*.yaml"))}
every_sample = pytest.mark.parametrize("sample", ALL, ids=str)


@cache
def shipped() -> Cleaner:
    return Cleaner()


@cache
def article(sample: Sample) -> Article:
    return sample.clean(shipped())


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def f1(text: str, wanted: str) -> float:
    got, gold = words(text), words(wanted)
    both = (got & gold).total()
    return 2 * both / (got.total() + gold.total()) if both else 0.0


# ---------------------------------------------------------------- files stand at mirrored paths


def test_every_rule_file_has_a_sample_and_every_sample_a_rule_file() -> None:
    assert sorted({sample.own for sample in ALL}) == sorted(RULE_FILES)


def test_there_are_enough_samples() -> None:
    assert sum(sample.page.suffix == ".html" for sample in ALL) >= 12
    assert sum(sample.page.suffix == ".txt" for sample in ALL) >= 6


@every_sample
def test_a_sample_is_complete(sample: Sample) -> None:
    assert {path.name for path in sample.folder.iterdir()} == {sample.page.name, "expected.md", "meta.yaml"}
    assert sample.page.suffix in (".html", ".txt")
    assert set(sample.meta) <= META_KEYS
    assert {"expect", "must_keep", "must_drop", "floor"} <= set(sample.meta)
    assert sample.meta["must_keep"] and sample.meta["must_drop"] and sample.meta["expect"]
    assert 0.5 <= sample.meta["floor"] <= 1
    assert sample.expected.startswith("# ")


@pytest.mark.parametrize("name", RULE_FILES)
def test_rules_are_sorted_by_id_and_ids_are_unique(name: str) -> None:
    document = yaml.safe_load(RULE_FILES[name].read_text(encoding="utf-8"))
    ids = []
    for action in ("drop", "keep", "cut"):
        own = [rule["id"] for rule in document.get(action, [])]
        assert own == sorted(own), action
        ids += own
    assert [rule for rule, count in Counter(ids).items() if count > 1] == []


# ---------------------------------------------------------------- what comes out


@every_sample
def test_the_article_is_the_expected_one(sample: Sample) -> None:
    if found := faults(sample, article(sample)):
        pytest.fail("\n".join([str(sample), *found]), pytrace=False)


# ---------------------------------------------------------------- every rule earns its place


@cache
def fired() -> set[str]:
    """Rules that decided a block or took a piece of one, in any sample."""
    articles = [article(sample) for sample in ALL]
    return {one.rule for found in articles for one in (*found.blocks, *found.removed) if one.rule}


@pytest.mark.parametrize("name", RULE_FILES)
def test_every_rule_fires_in_some_sample(name: str) -> None:
    document = yaml.safe_load(RULE_FILES[name].read_text(encoding="utf-8"))
    wanted = {f"{name}#{rule['id']}" for action in ("drop", "keep", "cut") for rule in document.get(action, [])}
    wanted |= {f"{name}#body"} if document.get("body") else set()
    assert sorted(wanted - fired()) == []


@every_sample
def test_the_sample_is_recognised_by_its_own_rule_file(sample: Sample) -> None:
    assert sample.own in [layer.name for layer in article(sample).template]


@pytest.mark.parametrize("own", sorted({sample.own for sample in ALL}))
def test_without_its_own_rule_file_a_sample_does_not_fall_below_its_floor(own: str, tmp_path: Path) -> None:
    heads = {"generic": "", "phrases": f"language: '{own.rpartition('/')[2]}'\n", "sites": ""}
    silent = heads.get(own.partition("/")[0], "detect: {hosts: nowhere.invalid}\n")
    cleaner = Cleaner([write_rules(tmp_path, {f"{own}.yaml": f"{silent}replace: true\n"})])
    low = {}
    for sample in ALL:
        if sample.own == own:
            value = f1(as_file(sample.clean(cleaner)), sample.expected)
            if value < sample.meta["floor"]:
                low[str(sample)] = f"{value:.3f} < {sample.meta['floor']}"
    assert low == {}


# ---------------------------------------------------------------- the order of rules


def shuffled(document: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The same rule file with its rules, their alternatives and its keys in another order (``fields`` are ordered by right)."""

    def mixed(items: list[Any]) -> list[Any]:
        return chance.sample(items, len(items))

    def mixed_rule(rule: dict[str, Any]) -> dict[str, Any]:
        return {key: mixed(value) if isinstance(value, list) else value for key, value in mixed(list(rule.items()))}

    changed = dict(mixed(list(document.items())))
    for action in ("drop", "keep", "cut"):
        if action in changed:
            changed[action] = [mixed_rule(rule) for rule in mixed(changed[action])]
    for key in ("body", "disable"):
        if isinstance(changed.get(key), list):
            changed[key] = mixed(changed[key])
    return changed


def decided(found: Article) -> dict[str, Any]:
    """All of an article but what names files, lines and rule sets."""
    record = found.to_dict()
    for one in [*record["blocks"], *record["removed"]]:
        del one["where"]
    for layer in record["template"]:
        layer["evidence"] = sorted(layer["evidence"])
    del record["ruleset_digest"]
    return record


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rules_in_a_file_is_irrelevant(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    files = {}
    for name, path in RULE_FILES.items():
        document = shuffled(yaml.safe_load(path.read_text(encoding="utf-8")), chance)
        files[f"{name}.yaml"] = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=10_000)
    cleaner = Cleaner([write_rules(tmp_path, files)], builtin=False)
    assert [str(sample) for sample in ALL if decided(sample.clean(cleaner)) != decided(article(sample))] == []
