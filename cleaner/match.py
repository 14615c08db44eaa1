"""Rules on a page: every active rule finds its places and becomes marks. Nothing is removed here."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from itertools import accumulate
from time import perf_counter, thread_time
from typing import Any

from msgspec import Struct

from . import pattern, select, wording, xpath
from .compile import CompiledFile, CompiledRule, Rules
from .fields import element_runs, element_text
from .model import Block, Body, Decision, Mark, Page, Verdict
from .page import attribute
from .select import Selector
from .text import bare, comparable, count_words, fold
from .until import Stops, covers, outermost, reach
from .walk import BLOCK_TAGS
from .wordindex import Candidates, Hits, worth_trying
from .wording import listed

_TYPOGRAPHY = {" ": r"\s+", "'": "['\u2018\u2019\u02bc\u2032]", '"': '["\u201c\u201d\u201e\u2033]', "-": "[-\u2010-\u2015\u2212]"}
MIN_WORDS = 25
"""Fewer are no article: the default of ``limits.min_words`` for a body, and where the scorer's result is called short and not believed."""
_LOOK_SECONDS = 0.01
"""After so long on the clock a rule's time on the processor is counted: to read that costs as much as a search."""


class Place(Struct, gc=False):
    """Where one rule matched: an element or a block, and the blocks it covers."""

    rule: CompiledRule
    node: int
    first: int
    last: int
    inline: bool
    proof: Any
    """The regex match, or True."""


@dataclass(slots=True)
class Found:
    """All that the rules have to say about one page."""

    marks: list[Mark] = field(default_factory=list)
    positional: list[Place] = field(default_factory=list)
    """Elements of rules with ``within``, which wait for the survivors."""
    waiting: list[tuple[str, CompiledRule]] = field(default_factory=list)
    """(file, rule) of wordings with ``within``: they are not even looked for before it is known which blocks count."""
    recorded: dict[str, tuple[tuple[int, int, str], str]] = field(default_factory=dict)
    """field -> (how strong: rank of the layer, minus the block, rule id; value): the order of rules in a file is irrelevant"""

    slow: dict[str, None] = field(default_factory=dict)
    """Rules whose pattern ran out of time on this page; they are not asked again."""
    max_removed: float | None = None
    """The strongest file's ``limits.max_removed``."""
    wanted: set[int] = field(default_factory=set)
    """Blocks that a rule would drop, were its choice not kept."""

    def values(self) -> dict[str, str]:
        """The recorded metadata."""
        return {name: value for name, (_, value) in self.recorded.items()}


class Matcher:
    """Runs rules on one page; remembers selector look-ups, which several rules share."""

    def __init__(self, page: Page, rules: Rules, hits: Hits, kept: Collection[str] = (), seconds: float = 10.0) -> None:
        """``kept``: the choices of the user, whose rules do not run; ``seconds``: what all patterns together may take."""
        self._seconds, self._spent = seconds, dict[str, float]()
        self.page, self._rules, self._hits, self._kept = page, rules, hits, kept
        self._candidates: Candidates = {}
        self._nodes: dict[tuple[Selector, ...], list[int]] = {}
        self._intervals: dict[tuple[Selector, ...], tuple[list[int], list[int]]] = {}
        self._stops: Stops = {}
        self.slow: dict[str, None] = {}
        self._start_clock()

    def run(self, files: list[CompiledFile]) -> Found:
        """Active files, weakest first, in; marks, positional places and recorded metadata out."""
        disabled: dict[str, int] = {}
        for file in files:
            for rule_id in file.disable:
                disabled[rule_id] = max(file.rank, disabled.get(rule_id, 0))
        found = Found(slow=self.slow)
        self._start_clock()
        self._candidates = self._rules.words.candidates(self._hits, {file.name for file in files})
        for file in files:
            if file.limits.max_removed is not None:
                found.max_removed = file.limits.max_removed
            for rule in self._worth_running(file):
                if disabled.get(rule.origin.rule, -1) < rule.rank:
                    if rule.spec.choice in self._kept:
                        found.wanted |= self._covered(file.name, rule)
                    else:
                        self._run_rule(file.name, rule, found)
        return found

    def _covered(self, name: str, rule: CompiledRule) -> set[int]:
        """The blocks of which a rule speaks."""
        said = Found()
        self._run_rule(name, rule, said)
        ranges = [(mark.first, mark.last) for mark in said.marks] + [(place.first, place.last) for place in self.positional(said)]
        return {at for first, last in ranges for at in range(first, last)}

    def _worth_running(self, file: CompiledFile) -> list[CompiledRule]:
        """The rules of a file of which a selector's token or a wording's string occurs on the page."""
        worded = self._candidates.get(file.name, {})
        places = {file.places[rule_id] for rule_id in worded}
        for key in file.keys.keys() & self.page.tokens.keys():
            places.update(file.keys[key])
        return [file.rules[at] for at in sorted(places.union(file.always))]

    def positional(self, found: Found) -> list[Place]:
        """Where the rules with ``within`` match, wherever that is."""
        return found.positional + [place for name, rule in found.waiting for place in self._by_block(name, rule)]

    def place(self, decisions: list[Decision], found: Found) -> list[Mark]:
        """Marks of the positional rules, all measured against the same frozen survivors."""
        self._start_clock()
        before = [0, *accumulate([decision.verdict == "KEEP" for decision in decisions])]
        marks: list[Mark] = []
        for place in found.positional:
            first, last = _middle(before, place.rule)
            if place.first < first or place.last > last:
                self._accept(place, marks, found)
        for name, rule in found.waiting:
            for place in self._by_block(name, rule, *_middle(before, rule)):
                self._accept(place, marks, found)
        return marks

    def nodes(self, selectors: tuple[Selector, ...]) -> list[int]:
        """Elements that match, in document order; each list of selectors is looked up once a page."""
        if selectors not in self._nodes:
            self._nodes[selectors] = select.find(self.page, selectors)
        return self._nodes[selectors]

    def named(self, css: tuple[Selector, ...], xpaths: tuple[str, ...], rule: str) -> list[int]:
        """Elements that any of the selectors or XPaths names, in document order; ``rule``: who asks, in case time runs out."""
        found = self.nodes(css)
        for expression in xpaths:
            try:
                found = sorted({*found, *xpath.nodes(self.page, expression)})
            except TimeoutError:
                self.slow[rule] = None
        return found

    # ------------------------------------------------------------ one rule

    def _run_rule(self, name: str, rule: CompiledRule, found: Found) -> None:
        by_element = bool(rule.css or rule.xpath)
        if rule.spec.within and not by_element:
            found.waiting.append((name, rule))
            return
        for place in self._by_element(rule) if by_element else self._by_block(name, rule):
            if rule.spec.within:
                found.positional.append(place)
            else:
                self._accept(place, found.marks, found)

    def _by_element(self, rule: CompiledRule) -> list[Place]:
        page, places = self.page, []
        worded = rule.worded and rule.action != "cut"
        for node in self.named(rule.css, rule.xpath, rule.origin.rule):
            first, last = page.first_block[node], page.last_block[node]
            inline = page.tags[node] not in BLOCK_TAGS
            if not self._allowed(rule, node):
                continue
            text = element_text(page, node) if worded or (inline and last - first < 2) else ""
            words = count_words(text) if text else page.words_before[max(first, last)] - page.words_before[first]
            if not self._sized(rule, words, node, first, last):
                continue
            kinds = {page.blocks[at].kind for at in range(first, last)} if worded or rule.kinds else set()
            if (rule.kinds and not kinds <= rule.kinds) or (worded and kinds == {"code"}):
                continue
            compared = comparable(text) if worded else ""
            proof = self._proof(rule, text, compared, bare(compared), words) if worded else True
            if proof is not None:
                places.append(Place(rule, node, first, max(first, last), inline, proof))
        return places

    def _proof(self, rule: CompiledRule, text: str, compared: str, stripped: str, words: int) -> Any:
        """What ``wording.match`` says; a rule whose pattern runs out of time is not asked again on this page."""
        if stripped in rule.phrases:
            return True
        if rule.spec.text is None:
            return wording.match_inside(rule.spec, text, compared, stripped, words)
        return self._timed(rule, wording.match_inside, rule.spec, text, compared, stripped, words)

    def _timed(self, rule: CompiledRule, function: Callable[..., Any], *given: Any) -> Any:
        """What a search says; None where it, its rule or all rules together ran out of time."""
        name = rule.origin.rule
        if name in self.slow:
            return None
        try:
            return function(*given)
        except TimeoutError:
            self.slow[name] = None
            return None
        finally:
            if perf_counter() - self._looked > _LOOK_SECONDS:
                self._count_time(name)

    def _count_time(self, name: str) -> None:
        """The time on the processor since the last look goes to the rule that has just searched."""
        took = thread_time() - self._counted
        self._start_clock()
        self._spent[name] = self._spent.get(name, 0.0) + took
        self._seconds -= took
        if self._seconds < 0 or self._spent[name] > pattern.RULE_SECONDS:
            self.slow[name] = None

    def _start_clock(self) -> None:
        self._looked, self._counted = perf_counter(), thread_time()

    def _by_block(self, name: str, rule: CompiledRule, first: int = 0, last: int = 0) -> list[Place]:
        """Blocks that a rule means; ``first .. last - 1`` are not looked at."""
        if not rule.worded:
            outside = [*self.page.blocks[:first], *self.page.blocks[max(first, last) :]]
            return [self._place(rule, block, True) for block in outside if self._suits(rule, block)]
        places, hits = [], self._hits
        looks = self._candidates.get(name, {}).get(rule.spec.id, [])
        is_enough = rule.spec.record is None
        for at, known in worth_trying(looks, hits, bisect_left(hits.indexes, first), bisect_left(hits.indexes, last)):
            block = hits.blocks[at]
            if rule.free or self._suits(rule, block):
                compared, stripped = hits.compared[at], hits.stripped[at]
                sure = rule.action == "cut" or (known and is_enough)
                proof = True if sure else self._proof(rule, block.text, compared, stripped, block.words)
                if proof is not None:
                    places.append(self._place(rule, block, proof))
        return places

    def _suits(self, rule: CompiledRule, block: Block) -> bool:
        if rule.kinds and block.kind not in rule.kinds:
            return False
        return self._allowed(rule, block.node) and self._sized(rule, block.words, block.node, block.index, block.index + 1)

    def _place(self, rule: CompiledRule, block: Block, proof: Any) -> Place:
        return Place(rule, block.node, block.index, block.index + 1, False, proof)

    def _allowed(self, rule: CompiledRule, node: int) -> bool:
        if rule.inside and not covers(self._holders(rule.inside), node):
            return False
        return not (rule.not_inside and covers(self._holders(rule.not_inside), node))

    def _holders(self, selectors: tuple[Selector, ...]) -> tuple[list[int], list[int]]:
        if selectors not in self._intervals:
            self._intervals[selectors] = outermost(self.page, self.nodes(selectors))
        return self._intervals[selectors]

    def _sized(self, rule: CompiledRule, words: int, node: int, first: int, last: int) -> bool:
        spec = rule.spec
        if (spec.min_words and words < spec.min_words) or (spec.max_words and words > spec.max_words):
            return False
        if spec.min_link_density is None and spec.max_link_density is None:
            return True
        density = _link_density(self.page, node, first, last)
        return (spec.min_link_density or 0.0) <= density <= (1.0 if spec.max_link_density is None else spec.max_link_density)

    # ------------------------------------------------------------ from a place to marks

    def _accept(self, place: Place, marks: list[Mark], found: Found) -> None:
        rule = place.rule
        self._record(place, found)
        if rule.action == "cut":
            marks += self._cuts(place)
            return
        node, last = place.node, place.last
        if rule.spec.until and last > place.first:
            node, last = reach(self.page, place.node, place.first, place.last, rule.spec, self.nodes, self._stops)
        verdict: Verdict = "KEEP" if rule.action == "keep" else "DROP"
        marks.append(
            Mark(verdict, rule.origin, rule.rank, node, place.first, last, inline=place.inline and last == place.last, deep=rule.spec.deep)
        )

    def _record(self, place: Place, found: Found) -> None:
        if place.proof is True or place.rule.spec.record is None:
            return
        strength = (place.rule.rank, -place.first, place.rule.origin.rule)
        values = {name: place.proof.group(group) for name, group in wording.recorded(place.rule.spec).items()}
        if values.get("source") and "source_url" not in values:
            values["source_url"] = self._last_link(place)
        for name, value in values.items():
            if value and value.strip() and (name not in found.recorded or found.recorded[name][0] < strength):
                found.recorded[name] = (strength, fold(value))

    def _last_link(self, place: Place) -> str:
        """The address of the last link in the recorded block: a feed footer links the post, then its source."""
        page = self.page
        for holder, _ in reversed([run for block in page.blocks[place.first : place.last] for run in block.runs]):
            while holder >= 0 and page.tags[holder] not in ("a", "#text"):
                holder = page.parents[holder]
            if holder >= 0:
                address = attribute(page, holder, "href") or ""
                return address if address.startswith(("http://", "https://")) else ""
        return ""

    def _cuts(self, place: Place) -> list[Mark]:
        rule, marks = place.rule, []
        for at in range(place.first, place.last):
            block = self.page.blocks[at]
            if block.kind == "code":
                continue
            spans = [span for expression in _cut_patterns(rule) for span in self._spans(rule, expression, block.text)]
            if spans:
                node = place.node if place.inline else block.node
                marks.append(Mark("DROP", rule.origin, rule.rank, node, at, at + 1, inline=place.inline, spans=tuple(sorted(spans))))
        return marks

    def _spans(self, rule: CompiledRule, expression: str, text: str) -> list[tuple[int, int]]:
        return self._timed(rule, pattern.spans, expression, text) or []


def _middle(before: list[int], rule: CompiledRule) -> tuple[int, int]:
    """The blocks ``first .. last - 1`` that are too far from both ends for a rule; ``before[i]``: survivors before block ``i``."""
    within = rule.spec.within
    if within is None:
        return 0, 0
    return bisect_left(before, within.first or 0), bisect_right(before, before[-1] - (within.last or 0)) - 1


def _cut_patterns(rule: CompiledRule) -> list[str]:
    """The rule's pattern, and its literals as patterns that match whole words in any typography."""
    patterns = [rule.spec.text] if rule.spec.text else []
    for literal in listed(rule.spec.contains):
        compared = comparable(literal)
        folded = "".join(_TYPOGRAPHY.get(character, re.escape(character)) for character in compared)
        left = r"(?<!\w)" if compared[:1].isalnum() else ""
        patterns.append(left + folded + (r"(?!\w)" if compared[-1:].isalnum() else ""))
    return patterns


def _link_density(page: Page, node: int, first: int, last: int) -> float:
    """Share of the characters that stand inside links: of the blocks, or of an inline element's own runs."""
    if node >= 0 and page.kind == "html" and page.tags[node] not in BLOCK_TAGS:
        chars = links = 0
        for holder, raw in element_runs(page, node):
            chars += len(raw)
            while holder >= 0 and page.tags[holder] != "a":
                holder = page.parents[holder]
            links += len(raw) if holder >= 0 else 0
    else:
        chars = page.chars_before[last] - page.chars_before[first] if last > first else 0
        links = page.links_before[last] - page.links_before[first] if last > first else 0
    return links / chars if chars else 0.0


def choose_body(page: Page, files: list[CompiledFile], matcher: Matcher) -> Body | None:
    """The body of the strongest file of which an alternative's outermost matches hold enough words, or None. Guesses come last."""
    strongest_first = files[::-1]
    for file in sorted(strongest_first, key=lambda file: file.limits.agreement is not None):
        for body in file.body if file.layer != "source" else ():
            ranges: list[tuple[int, int]] = []
            nodes: list[int] = []
            end = -1
            for node in matcher.named(body.css, body.xpath, file.body_origin.rule):
                if node >= end:
                    end = page.ends[node]
                    nodes.append(node)
                    ranges.append((page.first_block[node], page.last_block[node]))
            words = sum(page.words_before[last] - page.words_before[first] for first, last in ranges)
            if words >= (MIN_WORDS if file.limits.min_words is None else file.limits.min_words):
                return Body(file.body_origin, ranges, nodes, file.limits.agreement)
    return None
