"""Loaded rule files turned into rules that run: merged by name, indexed at once, compiled when first needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from . import literal, select, wording
from .load import LoadedFile, RuleSet
from .model import LAYERS, Block, Origin
from .rulefile import Fields, Limits, Rule, SourceName
from .select import Selector
from .text import bare, comparable
from .wording import listed

RuleKey = tuple[str, str]
"""(file name, rule id)"""
_LONGEST = 2_000
"""Words of the longest block in which wordings are looked for."""


@dataclass(slots=True, frozen=True)
class CompiledRule:
    """One rule ready to run on pages."""

    action: str
    spec: Rule
    origin: Origin
    rank: int
    css: tuple[Selector, ...]
    inside: tuple[Selector, ...]
    not_inside: tuple[Selector, ...]
    kinds: frozenset[str]
    worded: bool
    """Whether it looks at words at all."""


@dataclass(slots=True, frozen=True)
class CompiledFile:
    """All rule files of one name, merged."""

    name: str
    layer: str
    rank: int
    extends: tuple[str, ...]
    rules: tuple[CompiledRule, ...]
    body: tuple[Selector, ...]
    body_origin: Origin
    fields: tuple[Fields, ...]
    """The strongest first."""
    source: SourceName | None
    disable: frozenset[str]
    limits: Limits


@dataclass(slots=True)
class Hits:
    """Where the indexed wordings occur on one page."""

    rules: dict[RuleKey, list[int]] = field(default_factory=dict)
    """blocks each wording rule must look at, in order"""
    texts: dict[str, str] = field(default_factory=dict)
    """detection wordings found, with the block's text"""
    compared: dict[str, tuple[str, str]] = field(default_factory=dict)
    """shown text -> its ``comparable`` and ``bare`` forms, for texts that some rule will look at"""
    exact: dict[str, int] = field(default_factory=dict)
    """file name -> how many blocks were exactly one of its phrases"""


class Rules:
    """A RuleSet with its indexes. Immutable from outside; files are compiled on first use and kept."""

    def __init__(self, ruleset: RuleSet) -> None:
        import ahocorasick

        self.ruleset = ruleset
        self.parts: dict[str, list[LoadedFile]] = {}
        for part in ruleset.files:
            self.parts[part.name] = [part] if part.document.replace else [*self.parts.get(part.name, []), part]
        self.detection: dict[tuple[str, str], list[str]] = {}
        self.exact: dict[str, list[RuleKey]] = {}
        self.starts: dict[str, list[RuleKey]] = {}
        self.always: list[RuleKey] = []
        inner: dict[str, list[RuleKey]] = {}
        for name, parts in self.parts.items():
            for part in parts:
                self._index(name, part, inner)
        self.standing = [name for name, parts in self.parts.items() if parts[0].layer in ("generic", "language")]
        """Files that need no key to be looked at."""
        self.tokens = {value for kind, value in self.detection if kind == "token"}
        self.automaton: Any = ahocorasick.Automaton()
        for text, entries in inner.items():
            self.automaton.add_word(text, (text, tuple(dict.fromkeys(entries))))
        self.automaton.make_automaton()
        self._compiled: dict[str, CompiledFile] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Rules, (self.ruleset,)

    def _index(self, name: str, part: LoadedFile, inner: dict[str, list[RuleKey]]) -> None:
        document = part.document
        for key in part.keys:
            self.detection.setdefault(key, []).append(name)
            if key[0] == "text":
                inner.setdefault(key[1], [])
        for bare_wording, action, at in part.exact:
            self.exact.setdefault(bare_wording, []).append((name, getattr(document, action)[at].id))
        for start, action, at in part.starts:
            self.starts.setdefault(start, []).append((name, getattr(document, action)[at].id))
        for text, action, at in part.inner:
            (inner.setdefault(text, []) if text else self.always).append((name, getattr(document, action)[at].id))

    def scan(self, blocks: list[Block]) -> Hits:
        """Blocks in, where every indexed wording occurs out: one pass, whatever the number of rules."""
        hits = Hits()
        for block in blocks:
            if block.words <= _LONGEST and block.kind != "code":
                self._scan_block(block, hits)
        return hits

    def _scan_block(self, block: Block, hits: Hits) -> None:
        compared = comparable(block.text)
        entries: list[RuleKey] = []
        stripped = bare(compared)
        for entry in self.exact.get(stripped, ()):
            entries.append(entry)
            hits.exact[entry[0]] = hits.exact.get(entry[0], 0) + 1
        start = literal.beginning(compared)
        for length in range(1, len(start) + 1):
            entries += self.starts.get(start[:length], ())
        if len(self.automaton):
            for _, (text, rules) in self.automaton.iter(compared):
                entries += rules
                if ("text", text) in self.detection and wording.holds(compared, text):
                    hits.texts.setdefault(text, block.text)
        entries += self.always
        if entries:
            hits.compared[block.text] = compared, stripped
        for entry in entries:
            places = hits.rules.setdefault(entry, [])
            if not places or places[-1] != block.index:
                places.append(block.index)

    def file(self, name: str) -> CompiledFile | None:
        """The compiled file of a name, or None when there is no such file."""
        if name not in self._compiled and name in self.parts:
            self._compiled[name] = _compile(name, self.parts[name])
        return self._compiled.get(name)


def _compile(name: str, parts: list[LoadedFile]) -> CompiledFile:
    layer = parts[0].layer
    rules: dict[str, CompiledRule] = {}
    for part in parts:
        for action in ("drop", "keep", "cut"):
            for rule in getattr(part.document, action):
                rules[rule.id] = _compile_rule(rule, action, part)
    bodies = [part for part in parts if part.document.body]
    strongest = bodies[-1] if bodies else parts[-1]
    limits = [part.document.limits for part in reversed(parts) if part.document.limits]
    return CompiledFile(
        name=name,
        layer=layer,
        rank=LAYERS.index(layer),
        extends=tuple(one for part in parts for one in listed(part.document.extends)),
        rules=tuple(rules.values()),
        body=_parse_all(strongest.document.body),
        body_origin=Origin(f"{name}#body", layer, "outside the article body", strongest.path, strongest.lines.get("body", 0)),
        fields=tuple(part.document.fields for part in reversed(parts) if part.document.fields),
        source=next((part.document.source for part in reversed(parts) if part.document.source), None),
        disable=frozenset(one for part in parts for one in part.document.disable),
        limits=Limits(
            min_words=next((one.min_words for one in limits if one.min_words is not None), None),
            max_removed=next((one.max_removed for one in limits if one.max_removed is not None), None),
        ),
    )


def _compile_rule(rule: Rule, action: str, part: LoadedFile) -> CompiledRule:
    return CompiledRule(
        action=action,
        spec=rule,
        origin=Origin(f"{part.name}#{rule.id}", part.layer, rule.why, part.path, part.lines.get(f"#{rule.id}", 0)),
        rank=LAYERS.index(part.layer),
        css=_parse_all(rule.css),
        inside=_parse_all(rule.inside),
        not_inside=_parse_all(rule.not_inside),
        kinds=frozenset(listed(rule.kind)),
        worded=wording.is_worded(rule),
    )


def _parse_all(css: str | list[str] | None) -> tuple[Selector, ...]:
    return tuple(selector for one in listed(css) for selector in select.parse(one))
