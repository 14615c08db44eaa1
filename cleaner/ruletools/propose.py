"""From an element of a page to the rule that names it: selectors to choose from, and a site file that takes the rule in."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .. import select
from ..errors import RuleError
from ..load import LAYER_OF_FOLDER, read
from ..model import Page
from ..page import attribute
from ..rulefile import ACTIONS
from .names import escaped, lasting, quoted
from .yamlwrite import rule_file, rule_lines

_TELLING = ("itemprop", "role", "aria-label", "data-testid", "data-component", "data-type", "name", "rel")
"""Attributes by which people name things."""
_FEW = 5
"""Other elements that a selector may match before a longer one is better."""
_MOST = 8
_SPACED = re.compile(r"\s+")


def selectors(page: Page, node: int) -> list[str]:
    """Element ``node`` of an HTML page in; CSS selectors that match it out, best first, at most eight.

    An id or a class that will last stands first, then attributes that name a thing, then the way from an element around that has
    such a name; of equals, the one that matches the fewest other elements. Empty for plain text.
    """
    if page.kind != "html" or not 0 <= node < len(page.attributes):
        return []
    ranked: dict[str, tuple[bool, int, int]] = {}
    for tier, css in _candidates(page, node):
        matched = _matched(page, css)
        if node in matched:
            others = len(matched) - 1
            ranked.setdefault(css, (others > _FEW, tier, others))
    return sorted(ranked, key=lambda css: (*ranked[css], len(css), css))[:_MOST]


def _matched(page: Page, css: str) -> list[int]:
    try:
        return select.find(page, select.parse(css))
    except RuleError:
        return []


def _candidates(page: Page, node: int) -> Iterator[tuple[int, str]]:
    tag = page.tags[node]
    own = _names(page, node)
    yield from ((0, name) for name in own)
    classes = [name for name in own if name[0] == "."]
    yield from ((1, one + other) for at, one in enumerate(classes) for other in classes[at + 1 : at + 3])
    told = [f"{tag}[{name}={quoted(value)}]" for name in _TELLING if (value := attribute(page, node, name)) and len(value) <= 60]
    yield from ((1, css) for css in told)
    simplest = [*own[:2], *told[:1], tag]
    for distance, around in enumerate(_around(page, node)):
        for name in _names(page, around)[:2]:
            joint = " > " if page.parents[node] == around else " "
            yield from ((2 + min(distance, 3), f"{name}{joint}{css}") for css in simplest)
            yield from ((6, f"{name}{joint}{tag}:{place}") for place in ("first-child", "last-child"))
    yield 7, tag


def _names(page: Page, node: int) -> list[str]:
    """Lasting id and classes of an element as selectors; the rarest class first."""
    name = attribute(page, node, "id") or ""
    found = [f"#{escaped(name)}"] if lasting(name) and not _SPACED.search(name) else []
    classes = [one for one in dict.fromkeys((attribute(page, node, "class") or "").split()) if lasting(one)]
    return found + [f".{escaped(one)}" for one in sorted(classes, key=lambda one: len(page.tokens.get("." + one, ())))]


def _around(page: Page, node: int) -> Iterator[int]:
    node = page.parents[node]
    while node >= 0 and page.tags[node] not in ("body", "html"):
        yield node
        node = page.parents[node]


# ---------------------------------------------------------------- into a file


def write_rule(folder: str | Path, name: str, rule: Mapping[str, Any], action: str = "drop") -> Path:
    """Add one rule to a file of a folder of rules (``sites/example.com``, ``themes/soledad``, ``generic``); the file's path.

    ``rule``: the keys of a rule (``id``, ``css``, ``why`` ...); where the file has another rule of this id, a number is put behind
    it. What the file holds stays as it is, comments included. Raises RuleError, and leaves the file alone, when the rule cannot
    be used; OSError when it cannot be written.
    """
    name = file_name(name)
    path = Path(folder, f"{name}.yaml")
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    after = with_rule(before, str(path), rule, action) if before.strip() else rule_file({action: [dict(rule)]})
    read(after.encode(), name, _layer(path), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, after)
    return path


def file_name(name: str) -> str:
    """The name of a rule file, with a site's host as it is written there. Raises RuleError for what is none."""
    folder, _, own = name.partition("/")
    if folder == "sites":
        return f"sites/{site_name(own)}"
    if name != "generic" and (folder not in LAYER_OF_FOLDER or not re.fullmatch(r"[\w-]+", own)):
        raise RuleError(f"{name!r} is no rule file", hint="write for instance sites/example.com, themes/soledad or generic")
    return name


def _layer(path: Path) -> str:
    return LAYER_OF_FOLDER.get(path.parent.name, "site") if path.name != "generic.yaml" else "generic"


def site_name(host: str) -> str:
    """A host as the name of its site file. Raises RuleError for what is no host."""
    name = host.strip().lower().rstrip(".").removeprefix("www.")
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)*", name):
        raise RuleError(f"{host!r} is no host", hint="write for instance example.com")
    return name


def replace_file(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        Path(fresh).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(fresh).replace(path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise


def with_rule(text: str, file: str, rule: Mapping[str, Any], action: str) -> str:
    """The text of a rule file with one more rule, at its place in the order of ids. Raises RuleError for a file that cannot be used."""
    document = read(text.encode(), Path(file).stem, _layer(Path(file)), file).document
    taken = {one.id for name in ACTIONS for one in getattr(document, name)}
    added = {**rule, "id": free_id(str(rule.get("id", "rule")), taken)}
    lines = text.splitlines()
    value = _list_node(text, action)
    if value is None:
        return "\n".join([*lines, *([""] if lines[-1:] != [""] else []), f"{action}:", *rule_lines(added)]) + "\n"
    if value.flow_style:
        rules = [dict(_plain(one)) for one in _plain(value)]
        items = [line for one in sorted([*rules, added], key=lambda one: str(one["id"])) for line in rule_lines(one)]
        before, after = text[: value.start_mark.index].rstrip(" "), text[value.end_mark.index :]
        return before + "\n" + "\n".join(items) + (after if after.startswith("\n") else "\n" + after)
    return _inserted(lines, value, added)


def free_id(name: str, taken: set[str]) -> str:
    """A rule id, with a number behind it where it is taken."""
    return next(one for one in [name, *(f"{name}-{number}" for number in range(2, len(taken) + 3))] if one not in taken)


def _list_node(text: str, action: str) -> Any:
    import yaml

    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    return next((value for key, value in root.value if key.value == action), None)


def _plain(node: Any) -> Any:
    """The data of a YAML node; a node that is data already stays."""
    import yaml

    if not isinstance(node, yaml.Node):
        return node
    return yaml.safe_load(yaml.serialize(node))


def _inserted(lines: list[str], value: Any, added: Mapping[str, Any]) -> str:
    """Before the first rule whose id is greater (and the comment above it), else after the last line of the last rule."""
    indent = value.value[0].start_mark.column - 2
    at = None
    for item in value.value:
        name = next((one.value for key, one in item.value if key.value == "id"), "")
        if str(name) > str(added["id"]):
            at = item.start_mark.line
            while at > 0 and lines[at - 1].strip().startswith("#"):
                at -= 1
            break
    spaced = len(value.value) > 1 and "" in lines[value.value[0].start_mark.line : value.value[1].start_mark.line]
    own = [(" " * indent + line.removeprefix("  ")).rstrip() for line in rule_lines(added)]
    if at is not None:
        return "\n".join([*lines[:at], *own, *([""] if spaced else []), *lines[at:]]) + "\n"
    at = _last_line(value) + 1
    return "\n".join([*lines[:at], *([""] if spaced else []), *own, *lines[at:]]) + "\n"


def _last_line(node: Any) -> int:
    """The last line with content of a YAML node: a block's own end mark lies behind the comments that follow it."""
    if node.id == "scalar" or node.flow_style:
        return int(node.end_mark.line) - (1 if node.end_mark.column == 0 and node.end_mark.line > node.start_mark.line else 0)
    last = node.value[-1]
    return _last_line(last[1] if isinstance(last, tuple) else last)
