"""XPath that says no more than a selector, as that selector."""

from __future__ import annotations

import re

from .. import select
from ..errors import RuleError
from ..walk import UNSEEN_TAGS
from .names import escaped, quoted

_STRING = r"(?:'([^']*)'|\"([^\"]*)\")"
_STEP = re.compile(r"(//|/)(?:descendant::)?([A-Za-z][A-Za-z0-9]*|\*)((?:\[(?:[^\[\]'\"]|'[^']*'|\"[^\"]*\")*\])*)")
_PREDICATE = re.compile(r"\[((?:[^\[\]'\"]|'[^']*'|\"[^\"]*\")*)\]")
_TOKEN = re.compile(
    rf"contains\(\s*concat\(\s*['\"] ['\"]\s*,\s*(?:normalize-space\(\s*@class\s*\)|@class)\s*,\s*['\"] ['\"]\s*\)\s*,\s*{_STRING}\s*\)"
)
_PART = re.compile(rf"(contains|starts-with)\(\s*@([\w-]+)\s*,\s*{_STRING}\s*\)")
_EQUAL = re.compile(rf"@([\w-]+)\s*=\s*{_STRING}")
_HAS = re.compile(r"@([\w-]+)")
_AND = re.compile(r"\s+and\s+(?=(?:[^'\"]|'[^']*'|\"[^\"]*\")*$)")


def as_css(xpath: str) -> str | None:
    """An XPath in, selectors (with commas between them) that name the same elements out; None where there are none that can be used."""
    parts = [_path(path.strip()) for path in _alternatives(xpath)]
    if not all(parts):
        return None
    css = ", ".join(part for part in parts if part)
    try:
        select.parse(css)
    except RuleError:
        return None
    return css


def _alternatives(xpath: str) -> list[str]:
    return re.split(r"\|(?=(?:[^'\"]|'[^']*'|\"[^\"]*\")*$)", xpath)


def _path(path: str) -> str | None:
    at, css = 0, ""
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None or (at == 0 and step[1] != "//"):
            return None
        compound = _compound(step[2], step[3])
        if compound is None:
            return None
        css += ("" if at == 0 else " " if step[1] == "//" else " > ") + compound
        at = step.end()
    return css or None


def _compound(tag: str, predicates: str) -> str | None:
    if tag in UNSEEN_TAGS or tag != tag.lower():
        return None
    conditions = [_condition(one.strip()) for inner in _PREDICATE.findall(predicates) for one in _AND.split(inner)]
    if any(one is None for one in conditions):
        return None
    css = ("" if tag == "*" and conditions else tag) + "".join(sorted((one or "" for one in conditions), key=lambda one: one[0] == "["))
    return None if css == "*" else css


def _condition(text: str) -> str | None:
    """One predicate as part of a compound selector; None for what has no counterpart (positions, texts, ``or`` ...)."""
    if found := _TOKEN.fullmatch(text):
        value = found[1] or found[2] or ""
        name = value.strip()
        return f".{escaped(name)}" if value == f" {name} " and name and " " not in name else None
    if found := _PART.fullmatch(text):
        value = found[3] or found[4] or ""
        return f"[{found[2]}{'*' if found[1] == 'contains' else '^'}={quoted(value)}]" if value else None
    if found := _EQUAL.fullmatch(text):
        value = found[2] or found[3] or ""
        if found[1] == "id" and value and not re.search(r"\s", value):
            return f"#{escaped(value)}"
        return f"[{found[1]}={quoted(value)}]"
    found = _HAS.fullmatch(text)
    return f"[{found[1]}]" if found else None
