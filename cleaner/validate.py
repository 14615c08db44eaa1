"""From YAML data to a RuleFile that is known to work: keys, types, selectors, patterns, examples."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from . import pattern, select, wording, xpath
from .errors import RuleError
from .rulefile import (
    ACTIONS,
    CHOICES,
    SCHEMA,
    BodySource,
    Condition,
    Detect,
    Examples,
    Fields,
    FieldSource,
    Limits,
    Rule,
    RuleFile,
    SourceName,
    Within,
)
from .text import bare, comparable
from .yamlread import Path, Place, dotted

RECORDED = frozenset({"title", "authors", "date", "site_name", "source", "source_url"})
"""Metadata that a rule's ``record`` may give."""
UNTIL = frozenset({"heading", "prose", "parent"})
_KINDS = frozenset({"paragraph", "heading", "item", "cell", "caption", "code", "quote", "button"})
_MAX_PATTERN = 20_000
_MAX_SELECTOR = 2_000
_MAX_RULES = 10_000
"""Of one file."""
_AT = re.compile(r" - at `(?:key in )?\$(.*)`$", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")
_STRUCTS = (RuleFile, Rule, BodySource, Detect, Condition, Fields, FieldSource, Within, Examples, Limits, SourceName)
_QUALIFIED = re.compile(r"^(?:generic|(?:phrases|engines|themes|sources|sites)/[^#\s]+)#[a-z0-9-]+$")


def validate(data: dict[str, Any], places: dict[Path, Place], file: str, layer: str, *, proven: bool = False) -> RuleFile:
    """YAML data and its places in, a checked RuleFile out. Raises RuleError naming file, line, column, key and mend.

    ``proven``: patterns and examples were tried before, as those of the built-in files are by the tests; it takes seconds.
    """
    version = data.get("schema", SCHEMA)
    if isinstance(version, int) and version > SCHEMA:
        raise _error(f"schema {version} is newer than this program reads ({SCHEMA})", ("schema",), places, file, "upgrade cleaner")
    try:
        document = msgspec.convert(data, RuleFile)
    except msgspec.ValidationError as error:
        raise _explain(str(error), places, file) from None
    rules = len(document.drop) + len(document.keep) + len(document.cut)
    if rules > _MAX_RULES:
        raise _error(f"{rules:,} rules; a file holds {_MAX_RULES:,} at most", (), places, file, "split it")
    for path, message, hint in _problems(document, layer, proven):
        raise _error(message, path, places, file, hint)
    return document


def _error(message: str, path: Path, places: dict[Path, Place], file: str, hint: str) -> RuleError:
    known = path
    while known not in places and known:
        known = known[:-1]
    line, column = places.get(known, (1, 1))
    return RuleError(message, file=file, line=line, column=column, key=dotted(path), hint=hint)


def _explain(message: str, places: dict[Path, Place], file: str) -> RuleError:
    """msgspec's message ends in a JSON path; ours begins with file, line and key."""
    at = _AT.search(message)
    path = _json_path(at.group(1)) if at else ()
    text = message[: at.start()] if at else message
    unknown = _UNKNOWN.match(text)
    if unknown:
        name = unknown.group(1)
        keys = sorted({key for struct in _STRUCTS for key in struct.__struct_fields__})
        close = difflib.get_close_matches(name, keys, 1, 0.6)
        hint = f"did you mean `{close[0]}`?" if close else "docs/rules.md lists the keys"
        return _error(f"unknown key `{name}`", (*path, name), places, file, hint)
    text = text[0].lower() + text[1:]
    hint = (
        "write a list of mappings: - {id: ..., css: '...', why: ...}"
        if "Rule" in text or path in (("drop",), ("keep",), ("cut",))
        else "see docs/rules.md"
    )
    return _error(text.replace("`array`", "a list").replace("`object`", "a mapping").replace("`str`", "a text"), path, places, file, hint)


def _json_path(text: str) -> Path:
    parts: list[str | int] = []
    for name, index in re.findall(r"\.([A-Za-z_]\w*)|\[(\d+|\.\.\.)\]", text):
        if name:
            parts.append(name)
        elif index != "...":
            parts.append(int(index))
    return tuple(parts)


Problem = tuple[Path, str, str]


def _problems(document: RuleFile, layer: str, proven: bool) -> Iterator[Problem]:
    if document.body and layer == "source":
        yield ("body",), "a source has no body of its own", "the body belongs to an engine, a theme or a site"
    if layer == "language" and not document.language:
        yield (), "a phrase pack names its language", "add for instance `language: en`"
    if document.detect is not None:
        yield from _detect_problems(document.detect)
    yield from _body_problems(document.body, ("body",), layer)
    if document.fields is not None:
        yield from _field_problems(document.fields, layer)
    for at, rule_id in enumerate(document.disable):
        if not _QUALIFIED.match(rule_id):
            yield ("disable", at), f"{rule_id!r} is no full rule id", "write for instance themes/soledad#share"
    seen: set[str] = set()
    for action in ACTIONS:
        for at, rule in enumerate(getattr(document, action)):
            path = (action, at)
            if rule.id in seen:
                yield (*path, "id"), f"the id `{rule.id}` stands twice in this file", "ids are unique over drop, keep and cut"
            seen.add(rule.id)
            yield from ((path + sub, message, hint) for sub, message, hint in _rule_problems(rule, action, layer, proven))


def _detect_problems(detect: Detect) -> Iterator[Problem]:
    lists = [("any", at, one) for at, one in enumerate(detect.any)]
    lists += [("all", at, one) for at, one in enumerate(detect.all)]
    lists += [("none", at, one) for at, one in enumerate(detect.none)]
    conditions: list[tuple[Path, str | Condition]] = [(("detect",), detect), *((("detect", name, at), one) for name, at, one in lists)]
    positive = False
    for path, condition in conditions:
        css = condition if isinstance(condition, str) else condition.css
        yield from _css_problems(css, path if isinstance(condition, str) else (*path, "css"))
        if isinstance(condition, Condition) and condition.path:
            yield from _regex_problems(condition.path, (*path, "path"))
        named = isinstance(condition, str) or any(
            (condition.hosts, condition.css, condition.meta, condition.asset, condition.generator, condition.text)
        )
        positive = positive or (named and "none" not in path)
        if "any" in path and not named:
            yield path, "nothing positive to detect by in this item", "name hosts, css, meta, asset, generator or text beside the path"
        if isinstance(condition, Condition) and condition.text is not None and not bare(comparable(condition.text)):
            yield (*path, "text"), "the wording holds no word", "name letters or digits"
    if not positive:
        yield ("detect",), "nothing positive to detect by", "name hosts, css, meta, asset, generator or text"


def _field_problems(fields: Fields, layer: str) -> Iterator[Problem]:
    for name in fields.__struct_fields__:
        sources = getattr(fields, name)
        for at, source in enumerate(sources if isinstance(sources, list) else [sources]):
            path = ("fields", name, at) if isinstance(sources, list) else ("fields", name)
            if isinstance(source, str):
                yield from _css_problems(source, path)
            elif source is not None:
                given = [key for key in ("css", "xpath", "text", "value") if getattr(source, key) is not None]
                if len(given) != 1:
                    yield path, "a field has exactly one of css, xpath, text or value", "make a list: the first that answers wins"
                elif given[0] in ("text", "value") and (source.after is not None or source.before is not None):
                    yield path, f"after and before go with css or xpath, not with {given[0]}", "delete them"
                yield from _css_problems(source.css, (*path, "css"))
                yield from _xpath_problems(source.xpath, (*path, "xpath"), layer)
                yield from _regex_problems(source.text, (*path, "text"))


def _body_problems(body: str | BodySource | list[str | BodySource] | None, path: Path, layer: str) -> Iterator[Problem]:
    for at, source in enumerate(body if isinstance(body, list) else [body]):
        own = (*path, at) if isinstance(body, list) else path
        if not isinstance(source, BodySource):
            yield from _css_problems(source, own)
            continue
        if (source.xpath is None) == (source.first is None):
            yield own, "this names no body", "write a selector, {xpath: '...'} or {first: [...]}"
        if source.first is not None and own != ("body",):
            yield (*own, "first"), "alternatives stand alone", "write body: {first: [...]}, and selectors or XPaths in it"
        else:
            yield from _body_problems(source.first, (*own, "first"), layer)
        yield from _xpath_problems(source.xpath, (*own, "xpath"), layer)


def _xpath_problems(expressions: str | list[str] | None, path: Path, layer: str) -> Iterator[Problem]:
    for at, one in enumerate(expressions if isinstance(expressions, list) else [expressions] if expressions is not None else []):
        own = (*path, at) if isinstance(expressions, list) else path
        if layer != "site":
            yield own, "XPath is for site files", "write it as a selector (css)"
        try:
            xpath.compile_xpath(one)
        except RuleError as error:
            yield own, error.message, error.hint


def _css_problems(css: str | list[str] | None, path: Path) -> Iterator[Problem]:
    for at, one in enumerate(css if isinstance(css, list) else [css] if css is not None else []):
        if len(one) > _MAX_SELECTOR:
            yield path, f"the selector has {len(one):,} characters; {_MAX_SELECTOR:,} are allowed", "write a list of selectors"
            return
        try:
            select.parse(one)
        except RuleError as error:
            yield ((*path, at) if isinstance(css, list) else path), error.message, error.hint


def _regex_problems(regex: str | None, path: Path) -> Iterator[Problem]:
    if regex is None:
        return
    if len(regex) > _MAX_PATTERN:
        yield path, f"the pattern has {len(regex):,} characters; {_MAX_PATTERN:,} are allowed", "make several rules of it"
        return
    try:
        pattern.compile_pattern(regex)
    except RuleError as error:
        yield path, error.message, error.hint
        return
    if why := pattern.explosive(regex):
        yield path, f"the pattern {regex!r} can run for ever: {why}", "bound the inner repeat, for instance {1,40} instead of +"


def _rule_problems(rule: Rule, action: str, layer: str, proven: bool) -> Iterator[Problem]:
    worded = wording.is_worded(rule)
    if not (rule.css or rule.xpath or worded or rule.kind):
        yield (), "the rule names no block", "give it css, phrase, starts, ends, contains, text, kind or (in site files) xpath"
    if not rule.why and action != "keep":
        yield (), "the rule gives no reason", "add `why:` with two or three words; users read it beside what was removed"
    for key in ("css", "inside", "not_inside"):
        yield from _css_problems(getattr(rule, key), (key,))
    yield from _xpath_problems(rule.xpath, ("xpath",), layer)
    if not proven:
        yield from _regex_problems(rule.text, ("text",))
        yield from _record_problems(rule)
    kinds = [rule.kind] if isinstance(rule.kind, str) else rule.kind or []
    for kind in kinds:
        if kind not in _KINDS:
            yield ("kind",), f"{kind!r} is no kind of block", "one of " + ", ".join(sorted(_KINDS))
    if rule.until and rule.until not in UNTIL:
        yield from _css_problems(rule.until, ("until",))
    if action == "cut" and not (rule.text or rule.contains):
        yield (), "a cut needs the characters to cut", "give it `text:` (a pattern) or `contains:`"
    if rule.choice is not None and rule.choice not in CHOICES:
        yield ("choice",), f"{rule.choice!r} is no choice", "one of " + ", ".join(CHOICES)
    if rule.choice and action == "keep":
        yield ("choice",), "only what is dropped or cut can be a choice", "delete the key"
    if rule.deep and action != "keep":
        yield ("deep",), "only a keep rule can be deep", "delete the key"
    if rule.max_blocks and not rule.until:
        yield ("max_blocks",), "max_blocks caps what `until` reaches", "add `until:` or delete max_blocks"
    if rule.until and action == "cut":
        yield ("until",), "a cut ends with its characters", "use a drop rule"
    for key in ("phrase", "starts", "ends", "contains"):
        for one in wording.listed(getattr(rule, key)):
            if not (comparable(one) if key == "contains" else bare(comparable(one))):
                yield (key,), f"the wording {one!r} holds no word", "name letters or digits; use `text:` for signs"
    if worded and layer == "language" and not (rule.examples and rule.examples.match and rule.examples.keep):
        yield (), "a phrase has no examples", "add examples: {match: [...], keep: [...]}"
    if rule.examples and not proven:
        yield from _example_problems(rule, rule.examples)


def _record_problems(rule: Rule) -> Iterator[Problem]:
    if rule.record is None:
        return
    if not rule.text:
        yield ("record",), "record takes its value from a group of `text`", "add a `text:` pattern with a group"
        return
    for field, group in wording.recorded(rule).items():
        if field not in RECORDED:
            yield ("record",), f"{field!r} cannot be recorded", "one of " + ", ".join(sorted(RECORDED))
        compiled = pattern.compile_pattern(rule.text)
        if group not in compiled.groupindex and not (isinstance(group, int) and 0 <= group <= compiled.groups):
            yield ("record",), f"the pattern has no group {group!r}", "name it: (?P<source>...)"


def _example_problems(rule: Rule, examples: Examples) -> Iterator[Problem]:
    for line in [*examples.match, *examples.keep]:
        try:
            wording.says(rule, line)
        except TimeoutError:
            yield ("text",), f"the pattern runs out of time on {line!r}", "bound its repeats, for instance {1,40} instead of +"
            return
    for at, line in enumerate(examples.match):
        if not wording.says(rule, line):
            yield ("examples", "match", at), f"the rule does not match its example {line!r}", "mend the wording or the example"
    for at, line in enumerate(examples.keep):
        if wording.says(rule, line):
            yield (
                ("examples", "keep", at),
                f"the rule matches {line!r}, which it must keep",
                "make the wording narrower, or guard it with max_words",
            )
