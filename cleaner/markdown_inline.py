"""Formatted text in, Markdown out: escaping, links, code spans, emphasis."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from msgspec.structs import replace

from .model import Inline
from .outline import Mark, Span, spans

_ENTITY = r"&(?=#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]*;)"
_SPECIAL = re.compile(
    r"[`*\[~]"
    r"|\\(?=[\W_]|$)"
    r"|_(?![^\W_])|(?<![^\W_])_"
    r"|<(?=[A-Za-z/!?]|$)|" + _ENTITY
)
"""What CommonMark and GFM could read as markup inside a line, and only that: ``snake_case`` and ``a < b`` stay as they are."""
_UNSAFE_IN_TARGET = re.compile(r"[\x00-\x20\x7f()<>\\`\"]|\s")
_ENTITY_IN_TARGET = re.compile(_ENTITY)
_UNFIT_IN_LINK = "]:"
"""After a bracket that opens a line it defines an address, even inside code."""
_TICKS = re.compile(r"`+")
_MARKERS: dict[Mark, str] = {"bold": "**", "italic": "*", "strike": "~~"}
_ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def inline(inlines: tuple[Inline, ...], *, italic: bool = False) -> str:
    """A block's text with its formatting; line breaks stay newlines. italic: all of it in italics.

    Markdown has no raised or lowered text; and two markers that touch would be read as one, so there the second gives way.
    """
    if italic or any(one.raised for one in inlines):
        inlines = tuple(replace(one, italic=one.italic or italic, raised="") for one in inlines)
    return _render(spans(inlines), _Around())


def escape(text: str, *, in_link: bool = False) -> str:
    """Plain text in, Markdown that shows exactly it out (line starts are the caller's)."""
    text = _SPECIAL.sub(r"\\\g<0>", text)
    return text.replace("]", "\\]") if in_link else text


def target(address: str) -> str:
    """A safe address in, the same ready to stand between parentheses out."""
    address = _UNSAFE_IN_TARGET.sub(lambda found: quote(found[0], safe=""), address)
    return _ENTITY_IN_TARGET.sub("&amp;", address)


class _Around(NamedTuple):
    """What surrounds some nodes: on it depends whether emphasis can open and close there."""

    before: str = "\n"
    after: str = "\n"
    """The character on each side; a newline at the ends of the block."""
    marker: str = ""
    """Another character's marker that may come to stand on each side."""
    in_link: bool = False
    in_emphasis: bool = False


def _render(nodes: Sequence[Span | Inline], around: _Around) -> str:
    parts = [""]
    for at, node in enumerate(nodes):
        before = parts[-1][-1:] or around.before
        if isinstance(node, Inline):
            parts.append(_code_or_text(node, before, around.in_link))
            continue
        after = _first_character(nodes[at + 1]) if at + 1 < len(nodes) else around.after
        inner = _render(node.children, _inside(node, before, after, around))
        core = inner.strip()
        if not core:
            parts.append(inner)
            continue
        lead, _, trail = inner.partition(core)
        if node.mark == "link":
            core = f"[{core}]({target(node.href)})"
        elif node.mark in _MARKERS and not _ends_with(_MARKERS[node.mark][0], lead or parts[-1] or before):
            is_first = len(parts) == 1 or (len(parts) == 2 and parts[1].isspace())
            left = (lead or before) + (around.marker if is_first else "")
            right = (trail or after) + (around.marker if at + 2 >= len(nodes) else "")
            if _can_mark(left, core, right, around.in_emphasis):
                core = _MARKERS[node.mark] + core + _MARKERS[node.mark]
        if parts[-1].endswith("!") and (lead + core).startswith("["):
            parts[-1] = parts[-1][:-1] + "\\!"
        parts.append(lead + core + trail)
    return "".join(parts)


def _inside(node: Span, before: str, after: str, around: _Around) -> _Around:
    """What surrounds the children of a node."""
    if node.mark == "link":
        return _Around("[", "]", "", True)
    return _Around(before, after, "~" if node.mark == "strike" else around.marker, around.in_link, True)


def _first_character(node: Span | Inline) -> str:
    while isinstance(node, Span):
        if node.mark == "link":
            return "["
        node = node.children[0]
    first = node.text[:1]
    return "`" if node.code and not first.isspace() and _UNFIT_IN_LINK not in node.text else first


def _can_mark(left: str, core: str, right: str, in_emphasis: bool) -> bool:
    """Would CommonMark read markers around ``core`` as one emphasis, with any of those characters on its left and right?"""
    fits = _is_one_sided if in_emphasis else _may_touch
    return all(fits(outer, core[0]) for outer in left) and all(fits(outer, core[-1]) for outer in right)


def _ends_with(marker: str, text: str) -> bool:
    """Does a marker, not the page's own character with a backslash before it, stand just before?"""
    unmarked = text[:-1].rstrip("\\")
    return text[-1:] == marker and (len(text) - len(unmarked)) % 2 == 1


def _may_touch(outer: str, inner: str) -> bool:
    """Punctuation just inside a marker wants white space or punctuation just outside it (CommonMark's flanking rule)."""
    return not _is_punctuation(inner, strict=False) or outer.isspace() or _is_punctuation(outer, strict=True)


def _is_one_sided(outer: str, inner: str) -> bool:
    """A marker that cannot both open and close; within emphasis any other could end what is open."""
    return outer.isspace() or (_is_punctuation(outer, strict=True) and not _is_punctuation(inner, strict=False))


def _is_punctuation(character: str, *, strict: bool) -> bool:
    """CommonMark before 0.31 does not count symbols such as the euro sign as punctuation; ``strict`` goes by it."""
    if character.isascii():
        return character in _ASCII_PUNCTUATION
    return unicodedata.category(character)[0] in ("P" if strict else "PS")


def _code_or_text(node: Inline, before: str, in_link: bool) -> str:
    """Code is plain text after a backtick, and in a link where it could not be told from the link's own brackets."""
    if node.code and before != "`" and not (in_link and _UNFIT_IN_LINK in node.text):
        return _code(node.text)
    return escape(node.text, in_link=in_link)


def _code(text: str) -> str:
    text = text.replace("\n", " ")
    core = text.strip(" ")
    if not core:
        return text
    longest = max((len(ticks) for ticks in _TICKS.findall(core)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if core[0] == "`" or core[-1] == "`" else ""
    lead, trail = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    return f"{lead}{fence}{pad}{core}{pad}{fence}{trail}"
