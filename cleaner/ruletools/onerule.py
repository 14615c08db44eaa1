"""What one rule does on one page, and why not more."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field

from .. import select
from ..article import Article
from ..compile import CompiledFile, CompiledRule
from ..errors import RuleError
from ..match import Matcher
from ..model import Layer, Mark, Page
from ..pipeline import Cleaner
from ..template import detect


@dataclass(frozen=True)
class Seen:
    """What the rules of a page said before anything was decided."""

    active: list[tuple[CompiledFile, Layer]]
    marks: list[Mark]
    waiting: list[tuple[str, int, int]]
    """(rule, first block, last block + 1) of rules with ``within``."""

    def ranges(self, rule_id: str) -> list[tuple[int, int]]:
        """The blocks that a rule matched, as (first, last + 1)."""
        found = [(mark.first, mark.last) for mark in self.marks if mark.origin.rule == rule_id]
        return found + [(first, last) for rule, first, last in self.waiting if rule == rule_id]


@dataclass(frozen=True)
class Account:
    """What one rule does on one page."""

    rule: CompiledRule
    state: str
    """One sentence."""
    decided: list[int] = field(default_factory=list)
    """Blocks that it decided, or took a piece of."""
    overruled: list[tuple[int, str]] = field(default_factory=list)
    """(block that it matched, the rule that decided it; empty when it was kept all the same)"""


def matched(cleaner: Cleaner, page: Page) -> Seen:
    """Every match of every rule that applies to a page."""
    hits = cleaner.rules.words.scan(page.blocks)
    active = detect(page, cleaner.rules, hits)
    matcher = Matcher(page, cleaner.rules, hits)
    found = matcher.run([file for file, _ in active])
    return Seen(active, found.marks, [(one.rule.origin.rule, one.first, one.last) for one in matcher.positional(found)])


def account(cleaner: Cleaner, page: Page, article: Article, rule_id: str) -> Account:
    """A page and its article in; what the rule with this full name (``themes/soledad#share``) does there out.

    Raises RuleError when there is no such rule.
    """
    rule = _rule(cleaner, rule_id)
    seen = matched(cleaner, page)
    name = rule_id.partition("#")[0]
    files = {file.name: file for file, _ in seen.active}
    if name not in files:
        return Account(rule, f"{name} does not apply to this page: `cleaner explain` shows what does")
    if by := next((file.name for file in files.values() if rule_id in file.disable and file.rank >= rule.rank), None):
        return Account(rule, f"{by} disables it")
    blocks = sorted({at for first, last in seen.ranges(rule_id) for at in range(first, last)})
    if not blocks:
        return Account(rule, _silence(page, rule))
    decided = [at for at in blocks if _decided(article, at, rule_id)]
    overruled = [(at, article.blocks[at].rule or "") for at in blocks if at not in decided]
    return Account(rule, f"it matches {len(blocks)} blocks and decides {len(decided)} of them", decided, overruled)


def _rule(cleaner: Cleaner, rule_id: str) -> CompiledRule:
    name, _, own = rule_id.partition("#")
    file = cleaner.rules.file(name)
    if file is not None and own in file.places:
        return file.rules[file.places[own]]
    close = difflib.get_close_matches(rule_id, list(_ids(cleaner, name, own)), 1, 0.5)
    hint = f"did you mean {close[0]}?" if close else "`cleaner rules list --ids` shows the ids"
    raise RuleError(f"there is no rule {rule_id!r}", hint=hint)


def _ids(cleaner: Cleaner, name: str, own: str) -> Iterator[str]:
    for file in cleaner.ruleset.files:
        for key in file.lines:
            if key[0] == "#" and (file.name == name or key == f"#{own or name}"):
                yield file.name + key


def _decided(article: Article, at: int, rule_id: str) -> bool:
    return article.blocks[at].rule == rule_id or any(piece.block == at and piece.rule == rule_id for piece in article.removed)


def _silence(page: Page, rule: CompiledRule) -> str:
    """Why a rule whose file applies matched nothing."""
    if not (rule.css or rule.xpath):
        return f"no block {'has its wording' if rule.worded else 'is of its kind'}, or one of its guards does not hold"
    nodes = select.find(page, rule.css)
    if not nodes:
        return "no element of this page matches its selectors" if rule.css else "no element of this page matches its XPath"
    if all(page.first_block[node] == page.last_block[node] for node in nodes):
        return f"{len(nodes)} elements match its selectors, but hold no text"
    return f"{len(nodes)} elements match its selectors, but its wording or one of its guards does not hold there"
