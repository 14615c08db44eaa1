"""One page in the hands of a person: which rules would drop or keep a block, what each would do, and the one that is saved."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from .. import select
from ..article import Article
from ..model import Page
from ..pipeline import Cleaner
from ..ruletools.newsite import host_of_page, rule_id
from ..ruletools.propose import free_id, selectors, write_rule
from ..ruletools.samples import Sample, faults, find_samples, shipped_samples

Action = Literal["drop", "keep"]
Key = Literal["css", "phrase", "starts"]
Rule = dict[str, Any]
_OWN = 4
"""Selectors offered for the block's own element; each element around it has one."""
_LEVELS = 3
"""Elements around it that reach further than those inside."""
_BEGINNING = 6
"""Words of a long block that stand for its beginning."""
_SHOWN = 8
"""Lines told of each page that a rule changes."""


@dataclass(frozen=True)
class Choice:
    """One rule that would do, and how far it reaches on this page."""

    key: Key
    value: str
    blocks: int
    """How many blocks of this page it covers."""
    kept: int
    """How many of them are kept now."""
    id: str
    """For the rule."""


@dataclass(frozen=True)
class Change:
    """What a rule changes on one page: lines of the article that go, and that come."""

    name: str
    gone: list[str]
    come: list[str]
    faults: int = 0
    """Of a sample: how many more faults it has with the rule than without."""


@dataclass(frozen=True)
class Effect:
    """What a rule would do."""

    page: Change
    samples: int
    """How many samples the file of the rule applies to."""
    changed: list[Change] = field(default_factory=list)


class Session:
    """``make``: a Cleaner with these folders of rules over the others; ``read``: the page as one sees it; ``folder``: where rules go."""

    def __init__(self, make: Callable[..., Cleaner], read: Callable[[Cleaner], tuple[Page, Article]], folder: Path) -> None:
        self._make, self._read, self.folder = make, read, folder
        self.saved = ""
        """What was saved last, for people."""
        self._before: dict[Sample, Article] = {}
        self._renew()

    def _renew(self) -> None:
        self._cleaner = self._make(*([self.folder] if self.folder.is_dir() else []))
        self.page, self.article = self._read(self._cleaner)
        self._before.clear()

    def files(self) -> list[str]:
        """Names of the rule files that may take a rule for this page, the narrowest first."""
        host = host_of_page(self.page)
        layers = [layer.name for layer in reversed(self.article.template) if layer.layer != "language"]
        return list(dict.fromkeys([*([f"sites/{host}"] if host else []), *layers]))

    def choices(self, block: int) -> list[Choice]:
        """Rules for a block of the page (its index), the narrowest first. Raises IndexError where there is none."""
        if not 0 <= block < len(self.article.blocks):
            raise IndexError(block)
        found = {one.value: one for one in [*self._by_selector(block), *self._by_wording(block)]}
        return list(found.values())

    def _by_selector(self, block: int) -> list[Choice]:
        """By the block's own element, and by those around it as long as they hold no more than half of the article."""
        node = self.page.blocks[block].node if block < len(self.page.blocks) else -1
        choices = [self._choice("css", css, self._covered(css)) for css in selectors(self.page, node)[:_OWN]]
        most = sum(one.verdict == "KEEP" for one in self.article.blocks) / 2
        reaches: list[set[int]] = []
        while len(reaches) < _LEVELS and node >= 0 and (node := self.page.parents[node]) >= 0:
            css = next(iter(selectors(self.page, node)), "")
            reach = self._covered(css) if css else set()
            choice = self._choice("css", css, reach)
            if choice.kept > most:
                break
            if reach and reach not in reaches:
                reaches.append(reach)
                choices.append(choice)
        return sorted(choices, key=lambda one: (one.blocks, " " in one.value))

    def _covered(self, css: str) -> set[int]:
        page = self.page
        nodes = select.find(page, select.parse(css))
        return {at for node in nodes for at in range(page.first_block[node], page.last_block[node])}

    def _by_wording(self, block: int) -> Iterator[Choice]:
        text = self.article.blocks[block].text
        words = text.split()
        if words:
            yield self._choice("phrase", " ".join(words), {at for at, one in enumerate(self.article.blocks) if one.text == text})
        if len(words) > _BEGINNING:
            start = " ".join(words[:_BEGINNING])
            same = {at for at, one in enumerate(self.article.blocks) if " ".join(one.text.split()).startswith(start)}
            yield self._choice("starts", start, same)

    def _choice(self, key: Key, value: str, blocks: set[int]) -> Choice:
        kept = sum(self.article.blocks[at].verdict == "KEEP" for at in blocks)
        return Choice(key, value, len(blocks), kept, rule_id(value))

    def effect(self, file: str, action: Action, rule: Rule) -> Effect:
        """What a rule in a file of rules would do to this page and to the samples. Raises RuleError for a rule that cannot be used."""
        with tempfile.TemporaryDirectory() as folder:
            write_rule(folder, file, self._named(file, rule), action)
            cleaner = self._make(*([self.folder] if self.folder.is_dir() else []), Path(folder))
            page = _change("", self.article, self._read(cleaner)[1])
            changed, concerned = [], 0
            for sample, before in self._samples():
                if file not in [layer.name for layer in before.template]:
                    continue
                concerned += 1
                after = sample.clean(cleaner)
                if after.text != before.text:
                    changed.append(_change(str(sample), before, after, len(faults(sample, after)) - len(faults(sample, before))))
        return Effect(page, concerned, sorted(changed, key=lambda one: (-one.faults, one.name)))

    def _samples(self) -> Iterator[tuple[Sample, Article]]:
        """All samples, with their articles as the rules in force make them."""
        if not self._before:
            roots = [shipped_samples(), *(root for root in [self.folder / "samples"] if root.is_dir())]
            self._before = {sample: sample.clean(self._cleaner) for root in roots for sample in find_samples(root)}
        yield from self._before.items()

    def save(self, file: str, action: Action, rule: Rule) -> Path:
        """Write a rule to the folder and clean the page anew; the file's path. Raises RuleError and OSError."""
        rule = self._named(file, rule)
        path = write_rule(self.folder, file, rule, action)
        self.saved = f"{path}: {action} {rule.get('id', '')}"
        self._renew()
        return path

    def _named(self, file: str, rule: Rule) -> Rule:
        """A rule under an id that the file has not, in any folder: else it would stand in the place of the built-in rule of that id."""
        known = self._cleaner.rules.file(file)
        return {**rule, "id": free_id(str(rule.get("id", "rule")), set(known.places) if known else set())}


def _change(name: str, before: Article, after: Article, worse: int = 0) -> Change:
    old, new = (Counter(article.text.split("\n\n")) for article in (before, after))
    return Change(name, list(old - new)[:_SHOWN], list(new - old)[:_SHOWN], worse)
