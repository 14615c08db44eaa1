"""Rules on a page: every active rule finds its places and becomes marks. Nothing is removed here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from . import pattern, select, wording
from .compile import CompiledFile, CompiledRule, Hits
from .fields import element_text
from .model import Body, Decision, Mark, Page, Verdict
from .page import BLOCK_TAGS
from .select import Selector
from .text import bare, comparable, count_words, fold
from .until import reach
from .wording import listed

MIN_WORDS = 25
"""Default of ``limits.min_words``: a body holding fewer is not believed."""


@dataclass(slots=True)
class Place:
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
    """Places of rules with ``within``, which wait for the survivors."""
    recorded: dict[str, str] = field(default_factory=dict)


class Matcher:
    """Runs rules on one page; remembers selector look-ups, which several rules share."""

    def __init__(self, page: Page, hits: Hits) -> None:
        self.page, self.hits = page, hits
        self._nodes: dict[tuple[Selector, ...], list[int]] = {}

    def run(self, files: list[CompiledFile]) -> Found:
        """Active files, weakest first, in; marks, positional places and recorded metadata out."""
        disabled: dict[str, int] = {}
        for file in files:
            for rule_id in file.disable:
                disabled[rule_id] = max(file.rank, disabled.get(rule_id, 0))
        found = Found()
        for file in files:
            for rule in file.rules:
                if disabled.get(rule.origin.rule, -1) < rule.rank:
                    self._run_rule(file.name, rule, found)
        return found

    def place(self, positional: list[Place], decisions: list[Decision], found: Found) -> list[Mark]:
        """Marks of the positional rules, all measured against the same frozen survivors."""
        before, count = [], 0
        for decision in decisions:
            before.append(count)
            count += decision.verdict == "KEEP"
        marks: list[Mark] = []
        for place in positional:
            within = place.rule.spec.within
            kept = sum(decisions[at].verdict == "KEEP" for at in range(place.first, place.last))
            after = count - before[place.first] - kept
            if within and ((within.first and before[place.first] < within.first) or (within.last and after < within.last)):
                self._accept(place, marks, found.recorded)
        return marks

    def nodes(self, selectors: tuple[Selector, ...]) -> list[int]:
        """Elements that match, in document order; each list of selectors is looked up once a page."""
        if selectors not in self._nodes:
            self._nodes[selectors] = select.find(self.page, selectors)
        return self._nodes[selectors]

    # ------------------------------------------------------------ one rule

    def _run_rule(self, name: str, rule: CompiledRule, found: Found) -> None:
        for place in self._by_css(rule) if rule.css else self._by_block(name, rule):
            if rule.spec.within:
                found.positional.append(place)
            else:
                self._accept(place, found.marks, found.recorded)

    def _by_css(self, rule: CompiledRule) -> list[Place]:
        page, places = self.page, []
        worded = wording.is_worded(rule.spec) and rule.action != "cut"
        for node in self.nodes(rule.css):
            first, last = page.first_block[node], min(page.last_block[node], len(page.blocks))
            inline = page.tags[node] not in BLOCK_TAGS
            if first >= last or not self._allowed(rule, node):
                continue
            text = element_text(page, node) if worded or inline else ""
            words = count_words(text) if text else page.words_before[last] - page.words_before[first]
            if not self._sized(rule, words, first, last):
                continue
            if rule.kinds and not all(page.blocks[at].kind in rule.kinds for at in range(first, last)):
                continue
            proof: Any = True
            if worded:
                compared = comparable(text)
                proof = wording.match(rule.spec, text, compared, bare(compared), words)
            if proof is not None:
                places.append(Place(rule, node, first, last, inline, proof))
        return places

    def _by_block(self, name: str, rule: CompiledRule) -> list[Place]:
        page, places = self.page, []
        worded = wording.is_worded(rule.spec)
        for at in self.hits.rules.get((name, rule.spec.id), ()) if worded else range(len(page.blocks)):
            block = page.blocks[at]
            if (rule.kinds and block.kind not in rule.kinds) or not self._sized(rule, block.words, at, at + 1) or not self._allowed(rule, block.node):
                continue
            proof: Any = True
            if worded and rule.action != "cut":
                compared = comparable(block.text)
                proof = wording.match(rule.spec, block.text, compared, bare(compared), block.words)
            if proof is not None:
                places.append(Place(rule, block.node, at, at + 1, False, proof))
        return places

    def _allowed(self, rule: CompiledRule, node: int) -> bool:
        if rule.inside and not self._within_any(node, self.nodes(rule.inside)):
            return False
        return not (rule.not_inside and self._within_any(node, self.nodes(rule.not_inside)))

    def _within_any(self, node: int, holders: list[int]) -> bool:
        return any(holder <= node < self.page.ends[holder] for holder in holders)

    def _sized(self, rule: CompiledRule, words: int, first: int, last: int) -> bool:
        spec, page = rule.spec, self.page
        if (spec.min_words and words < spec.min_words) or (spec.max_words and words > spec.max_words):
            return False
        if spec.min_link_density is None and spec.max_link_density is None:
            return True
        chars = page.chars_before[last] - page.chars_before[first]
        density = (page.links_before[last] - page.links_before[first]) / chars if chars else 0.0
        return (spec.min_link_density or 0.0) <= density <= (1.0 if spec.max_link_density is None else spec.max_link_density)

    # ------------------------------------------------------------ from a place to marks

    def _accept(self, place: Place, marks: list[Mark], recorded: dict[str, str]) -> None:
        rule = place.rule
        self._record(place, recorded)
        if rule.action == "cut":
            marks += self._cuts(place)
            return
        node, last = place.node, place.last
        if rule.spec.until:
            node, last = reach(self.page, place.node, place.first, place.last, rule.spec, self.nodes)
        verdict: Verdict = "KEEP" if rule.action == "keep" else "DROP"
        marks.append(Mark(verdict, rule.origin, rule.rank, node, place.first, last, inline=place.inline and last == place.last, deep=rule.spec.deep))

    def _record(self, place: Place, recorded: dict[str, str]) -> None:
        if place.proof is True or place.rule.spec.record is None:
            return
        for name, group in wording.recorded(place.rule.spec).items():
            value = place.proof.group(group)
            if value and value.strip():
                recorded[name] = fold(value)
        if "source" in recorded and "source_url" not in recorded and (url := self._last_link(place)):
            recorded["source_url"] = url

    def _last_link(self, place: Place) -> str:
        """The address of the last link in the recorded block: a feed footer links the post, then its source."""
        page = self.page
        for holder, _ in reversed([run for block in page.blocks[place.first : place.last] for run in block.runs]):
            while holder >= 0 and page.elements and page.tags[holder] != "a":
                holder = page.parents[holder]
            if holder >= 0 and page.elements:
                address = str(page.elements[holder].get("href") or "")
                return address if address.startswith(("http://", "https://")) else ""
        return ""

    def _cuts(self, place: Place) -> list[Mark]:
        rule, marks = place.rule, []
        for at in range(place.first, place.last):
            block = self.page.blocks[at]
            if block.kind == "code":
                continue
            spans = [span for expression in _cut_patterns(rule) for span in _spans(expression, block.text)]
            if spans:
                marks.append(Mark("DROP", rule.origin, rule.rank, block.node, at, at + 1, spans=tuple(sorted(spans))))
        return marks


def _cut_patterns(rule: CompiledRule) -> list[str]:
    patterns = [rule.spec.text] if rule.spec.text else []
    for literal in listed(rule.spec.contains):
        words = (re.escape(word).replace("'", "['\u2018\u2019]") for word in literal.split())
        patterns.append(r"\s+".join(words))
    return patterns


def _spans(expression: str, text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    try:
        for found in pattern.compile_pattern(expression).finditer(text, timeout=pattern.TIMEOUT_SECONDS):
            if found.end() > found.start():
                spans.append(found.span())
    except TimeoutError:
        return []
    return spans


def choose_body(page: Page, files: list[CompiledFile], matcher: Matcher) -> Body | None:
    """The body of the strongest file whose outermost matches hold enough words, or None."""
    for file in reversed(files):
        if not file.body or file.layer == "source":
            continue
        ranges: list[tuple[int, int]] = []
        end = -1
        for node in matcher.nodes(file.body):
            if node >= end:
                end = page.ends[node]
                ranges.append((page.first_block[node], min(page.last_block[node], len(page.blocks))))
        words = sum(page.words_before[last] - page.words_before[first] for first, last in ranges)
        if words >= (MIN_WORDS if file.limits.min_words is None else file.limits.min_words):
            return Body(file.body_origin, ranges)
    return None
