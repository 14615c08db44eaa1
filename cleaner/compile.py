"""Loaded rule files turned into rules that run: merged by name, indexed at once, compiled when first needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import select, wording
from .detect import PARTS
from .load import LoadedFile, RuleSet
from .model import LAYERS, Origin
from .rulefile import ACTIONS, BodySource, Fields, Limits, Rule, SourceName
from .select import Selector
from .wordindex import LONGEST, Entry, WordIndex
from .wording import listed


@dataclass(slots=True, frozen=True)
class Named:
    """Elements, by selectors and by XPaths."""

    css: tuple[Selector, ...]
    xpath: tuple[str, ...] = ()


@dataclass(slots=True, frozen=True)
class CompiledRule:
    """One rule ready to run on pages."""

    action: str
    spec: Rule
    origin: Origin
    rank: int
    css: tuple[Selector, ...]
    xpath: tuple[str, ...]
    inside: tuple[Selector, ...]
    not_inside: tuple[Selector, ...]
    kinds: frozenset[str]
    worded: bool
    """Whether it looks at words at all."""
    phrases: frozenset[str]
    """Bare texts that are its wording as a whole."""
    free: bool
    """Whether it asks nothing of a block but words: no kind, place, size or share of links."""


@dataclass(slots=True, frozen=True)
class CompiledFile:
    """All rule files of one name, merged."""

    name: str
    layer: str
    rank: int
    extends: tuple[str, ...]
    rules: tuple[CompiledRule, ...]
    places: dict[str, int]
    """Rule id -> its place in ``rules``."""
    keys: dict[str, list[int]]
    """Token -> places of the rules that have a selector with this key."""
    always: tuple[int, ...]
    """Places of the rules that have XPaths, or neither selectors nor wordings."""
    body: tuple[Named, ...]
    """Alternatives: the first that holds enough words is the body."""
    body_origin: Origin
    fields: tuple[Fields, ...]
    """The strongest first."""
    source: SourceName | None
    disable: frozenset[str]
    limits: Limits


class Rules:
    """A RuleSet with its indexes. Immutable from outside; files are compiled on first use and kept."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.parts: dict[str, list[LoadedFile]] = {}
        for part in ruleset.files:
            self.parts[part.name] = [part] if part.document.replace else [*self.parts.get(part.name, []), part]
        self.detection: dict[tuple[str, str], list[str]] = {}
        self.words = WordIndex()
        for name, parts in self.parts.items():
            replaced = _replaced(parts)
            for part in parts:
                self._index(name, part, replaced)
        self.words.build()
        self.standing = [name for name, parts in self.parts.items() if parts[0].layer in ("generic", "language")]
        """Files that need no key to be looked at."""
        self.tokens = {value for kind, value in self.detection if kind == "token"}
        self.parts_of_facts = [key for key in self.detection if key[0] in PARTS]
        self._compiled: dict[str, CompiledFile] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Rules, (self.ruleset,)

    def _index(self, name: str, part: LoadedFile, replaced: set[int]) -> None:
        for key in part.keys:
            self.detection.setdefault(key, []).append(name)
            if key[0] == "text":
                self.words.add_detection(key[1])
        keys: dict[tuple[str, int], tuple[list[str], list[str], list[str]]] = {}
        for kind, found in enumerate((part.exact, part.starts, part.inner)):
            for key_text, action, at in found:
                keys.setdefault((action, at), ([], [], []))[kind].append(key_text)
        for (action, at), (exact, starts, inner) in keys.items():
            rule: Rule = getattr(part.document, action)[at]
            if id(rule) in replaced:
                continue
            limit = rule.max_words or (LONGEST if action == "cut" else wording.MAX_WORDS)
            needs = part.needs.get(rule.id, ())
            foreign = part.layer == "language" and part.document.language != "en"
            text = "" if rule.starts or rule.ends or rule.contains else rule.text or ""
            self.words.add(Entry(name, rule.id, limit, needs, text), exact, dict.fromkeys(starts), dict.fromkeys(inner), apart=foreign)

    def file(self, name: str) -> CompiledFile | None:
        """The compiled file of a name, or None when there is no such file."""
        if name not in self._compiled and name in self.parts:
            self._compiled[name] = _compile(name, self.parts[name])
        return self._compiled.get(name)


def _replaced(parts: list[LoadedFile]) -> set[int]:
    """``id`` of the rules that another of the same name replaces, in a later file of this name."""
    rules = [rule for part in parts for action in ACTIONS for rule in getattr(part.document, action)] if len(parts) > 1 else []
    in_force = {rule.id: rule for rule in rules}
    return {id(rule) for rule in rules if in_force[rule.id] is not rule}


def _compile(name: str, parts: list[LoadedFile]) -> CompiledFile:
    layer = parts[0].layer
    rules: dict[str, CompiledRule] = {}
    for part in parts:
        for action in ACTIONS:
            for rule in getattr(part.document, action):
                rules[rule.id] = _compile_rule(rule, action, part)
    keys: dict[str, list[int]] = {}
    for at, compiled in enumerate(rules.values()):
        for selector in compiled.css:
            keys.setdefault(selector.key, []).append(at)
    bodies = [part for part in parts if part.document.body]
    strongest = bodies[-1] if bodies else parts[-1]
    limits = [part.document.limits for part in reversed(parts) if part.document.limits]
    return CompiledFile(
        name=name,
        layer=layer,
        rank=LAYERS.index(layer),
        extends=tuple(one for part in parts for one in listed(part.document.extends)),
        rules=tuple(rules.values()),
        places={rule_id: at for at, rule_id in enumerate(rules)},
        keys=keys,
        always=tuple(at for at, rule in enumerate(rules.values()) if rule.xpath or not (rule.css or rule.worded)),
        body=_alternatives(strongest.document.body),
        body_origin=Origin(f"{name}#body", layer, "outside the article body", strongest.path, strongest.lines.get("body", 0)),
        fields=tuple(part.document.fields for part in reversed(parts) if part.document.fields),
        source=next((part.document.source for part in reversed(parts) if part.document.source), None),
        disable=frozenset(one for part in parts for one in part.document.disable),
        limits=Limits(
            min_words=next((one.min_words for one in limits if one.min_words is not None), None),
            max_removed=next((one.max_removed for one in limits if one.max_removed is not None), None),
            agreement=strongest.document.limits.agreement if strongest.document.limits else None,
        ),
    )


def _compile_rule(rule: Rule, action: str, part: LoadedFile) -> CompiledRule:
    return CompiledRule(
        action=action,
        spec=rule,
        origin=Origin(f"{part.name}#{rule.id}", part.layer, rule.why, part.path, part.lines.get(f"#{rule.id}", 0)),
        rank=LAYERS.index(part.layer),
        css=_parse_all(rule.css),
        xpath=tuple(listed(rule.xpath)),
        inside=_parse_all(rule.inside),
        not_inside=_parse_all(rule.not_inside),
        kinds=frozenset(listed(rule.kind)),
        free=not any((rule.kind, rule.inside, rule.not_inside, rule.min_words, rule.max_words, rule.max_link_density is not None))
        and rule.min_link_density is None,
        worded=wording.is_worded(rule),
        phrases=frozenset(wording.exact_keys(rule)),
    )


def _alternatives(body: str | BodySource | list[str | BodySource] | None) -> tuple[Named, ...]:
    """The body of a file: one alternative with all its selectors, or as many as ``first`` names."""
    if isinstance(body, BodySource) and body.first is not None:
        return tuple(_named([one]) for one in body.first)
    return () if body is None else (_named(body if isinstance(body, list) else [body]),)


def _named(sources: list[str | BodySource]) -> Named:
    return Named(
        _parse_all([one for one in sources if isinstance(one, str)]),
        tuple(one.xpath for one in sources if isinstance(one, BodySource) and one.xpath is not None),
    )


def _parse_all(css: str | list[str] | None) -> tuple[Selector, ...]:
    return tuple(selector for one in listed(css) for selector in select.parse(one))
