"""What a page's JSON-LD says of its article, however broken the JSON: one flat record of the fields we use."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import msgspec

_MAX_SCRIPTS, _MAX_CHARS, _MAX_NODES = 30, 400_000, 3000
_OPENING = re.compile(r"<!--|(?:(?://|/\*)\s*)?<!\[CDATA\[(?:\s*\*/)?")
"""What old templates put before the JSON; ``raw_decode`` passes over what stands behind it."""
_TRAILING_COMMA = re.compile(r",(?=\s{0,200}[}\]])")

# schema.org types that are the article itself, best first; anything that ends in Article, Posting or Report counts as the first.
_RANKS = {
    "article": 0, "report": 0, "blogposting": 0, "posting": 0, "review": 1, "criticreview": 1, "recipe": 1, "howto": 1, "guide": 1,
    "creativework": 1, "podcastepisode": 1, "chapter": 1, "learningresource": 1, "discussionforumposting": 1, "webpage": 2, "itempage": 2,
    "aboutpage": 2, "medicalwebpage": 1, "faqpage": 2, "qapage": 2, "videoobject": 3,
}  # fmt: skip
_ELSEWHERE = frozenset(
    "about author breadcrumb citation comment creator haspart image ispartof itemlistelement logo mentions publisher relatedlink review "
    "subjectof video".split()
)
"""Keys below which other works than the page's own stand."""


_NO_CHARACTER = re.compile(r"\\u0000|\\u[dD](?:[89abAB][0-9a-fA-F]{2}(\\u[dD][c-fC-F][0-9a-fA-F]{2})?|[c-fC-F][0-9a-fA-F]{2})")


@dataclass(slots=True)
class LinkedData:
    """Fields as written, HTML entities resolved; empty where nothing was said."""

    title: str = ""
    authors: list[str] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    """Authors that are said to be no persons."""
    date: str = ""
    modified: str = ""
    publisher: str = ""
    site: str = ""
    image: str = ""
    description: str = ""
    based_on_name: str = ""
    based_on_url: str = ""


Node = dict[str, Any]


def linked_data(scripts: list[str]) -> LinkedData:
    """The texts of ``<script type="application/ld+json">`` in, what they say of the article out. Broken ones are mended or passed over."""
    nodes = [node for script in scripts[:_MAX_SCRIPTS] for node in _nodes(_parse(script))][:_MAX_NODES]
    by_id = {node["@id"]: node for node in reversed(nodes) if isinstance(node.get("@id"), str) and len(node) > 1}
    ranked = sorted((rank, place) for place, node in enumerate(nodes) if (rank := _rank(node)) is not None)
    found = LinkedData()
    for rank, place in ranked:
        _fill(found, nodes[place], rank, by_id)
    site = next((node for node in nodes if "website" in _types(node)), None)
    found.site = _text(site.get("name")) if site else ""
    return found


def _parse(script: str) -> Any:
    if len(script) > _MAX_CHARS:
        return None
    script = _NO_CHARACTER.sub(_mended_escape, script)
    for attempt in (msgspec.json.decode, _tolerant, _mended):
        try:
            return attempt(script)
        except (ValueError, RecursionError):
            continue
    return None


def _mended_escape(found: re.Match[str]) -> str:
    """A surrogate pair as it is; half a pair alone is no character, and neither it nor NUL could stand in every output."""
    return found[0] if found[1] else "\\ufffd"


def _tolerant(text: str) -> Any:
    """Control characters inside strings, comment marks before and rubbish after the JSON are let pass."""
    text = text.lstrip()
    opening = _OPENING.match(text)
    return json.JSONDecoder(strict=False).raw_decode(text[opening.end() :].lstrip() if opening else text)[0]


def _mended(text: str) -> Any:
    if "&quot;" in text and text.count('"') < text.count("&quot;"):
        text = unescape(text)
    return _tolerant(_TRAILING_COMMA.sub("", text))


def _nodes(data: Any) -> Iterator[Node]:
    """Every object that may describe the page, in document order: lists, ``@graph`` and nesting opened up."""
    stack = [data]
    count = 0
    while stack and count < _MAX_NODES:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict):
            count += 1
            yield item
            stack.extend(value for key, value in reversed(item.items()) if isinstance(value, list | dict) and key.lower() not in _ELSEWHERE)


def _types(node: Node) -> list[str]:
    kinds = node.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rpartition("/")[2].rpartition(":")[2].lower() for kind in listed if isinstance(kind, str)]


def _rank(node: Node) -> int | None:
    ranks = [0 if kind.endswith(("article", "posting", "report")) and kind not in _RANKS else _RANKS.get(kind) for kind in _types(node)]
    return min((rank for rank in ranks if rank is not None), default=None)


def _fill(found: LinkedData, node: Node, rank: int, by_id: dict[str, Node]) -> None:
    """What a better-ranked node said already stands."""
    found.title = found.title or _text(node.get("headline")) or (_text(node.get("name")) if rank < 3 else "")
    found.date = found.date or _text(node.get("datePublished")) or _text(node.get("dateCreated")) or _text(node.get("uploadDate"))
    found.modified = found.modified or _text(node.get("dateModified"))
    found.description = found.description or _text(node.get("description"))
    found.image = found.image or _address(node.get("image"), by_id) or _address(node.get("thumbnailUrl"), by_id)
    found.publisher = found.publisher or next(iter(_names(node.get("publisher"), by_id)), ("", False))[0]
    if not found.authors and not found.organisations:
        for name, is_person in _names(node.get("author") or node.get("creator"), by_id):
            (found.authors if is_person else found.organisations).append(name)
    based_on = _first(node.get("isBasedOn") or node.get("isBasedOnUrl"))
    if based_on and not found.based_on_url:
        found.based_on_url = based_on if isinstance(based_on, str) else _text(based_on.get("url") or based_on.get("@id"))
        found.based_on_name = "" if isinstance(based_on, str) else _text(based_on.get("name"))
        if isinstance(based_on, dict) and (publisher := list(_names(based_on.get("publisher"), by_id))):
            found.based_on_name = publisher[0][0]


def _names(value: Any, by_id: dict[str, Node], depth: int = 0) -> Iterator[tuple[str, bool]]:
    """(name, whether it may be a person) of everyone listed."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield from ((_text(item), True),) if item.strip() else ()
        elif isinstance(item, dict) and depth < 4:
            whole = item if "name" in item else _referred(item, by_id)
            name = whole.get("name") or " ".join(filter(None, (_text(whole.get("givenName")), _text(whole.get("familyName")))))
            is_person = not any(kind.endswith(("organization", "website", "brand")) for kind in _types(whole))
            if isinstance(name, list | dict):
                yield from ((text, known and is_person) for text, known in _names(name, by_id, depth + 1))
            elif isinstance(name, str) and name.strip():
                yield _text(name), is_person


def _address(value: Any, by_id: dict[str, Node]) -> str:
    item = _first(value)
    if isinstance(item, dict):
        whole = item if "url" in item else _referred(item, by_id)
        item = whole.get("url") or whole.get("contentUrl")
        item = _first(item)
    return _text(item)


def _referred(node: Node, by_id: dict[str, Node]) -> Node:
    """The node that ``{"@id": ...}`` stands for."""
    name = node.get("@id")
    return by_id.get(name, node) if isinstance(name, str) else node


def _first(value: Any) -> Any:
    while isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, str | dict) else None


def _text(value: Any) -> str:
    value = _first(value)
    if isinstance(value, dict):
        value = value.get("@value")
    if not isinstance(value, str):
        return ""
    text = unescape(unescape(value)) if "&" in value else value
    return " ".join(text.split())
