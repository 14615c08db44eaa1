"""Formatted text in, Markdown out: escaping, links, code spans, emphasis."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from .model import Inline
from .outline import Mark, Span, spans

_ENTITY = r"&(?=#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]*;)"
_SPECIAL = re.compile(
    r"[`*\[]"
    r"|\\(?=[\W_]|$)"
    r"|_(?![^\W_])|(?<![^\W_])_"
    r"|<(?=[A-Za-z/!?]|$)"
    r"|~(?=~)|(?<!\s)~|" + _ENTITY
)
"""What CommonMark and GFM could read as markup inside a line, and only that: ``snake_case``, ``a < b``, ``~5`` stay as they are."""
_UNSAFE_IN_TARGET = re.compile(r"[\x00-\x20\x7f()<>\\`\"]|\s")
_ENTITY_IN_TARGET = re.compile(_ENTITY)
_TICKS = re.compile(r"`+")
_MARKERS: dict[Mark, str] = {"bold": "**", "italic": "*", "strike": "~~"}
_ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def inline(inlines: tuple[Inline, ...], *, italic: bool = False) -> str:
    """A block's text with its formatting; line breaks stay newlines. italic: all of it in italics.

    Markdown has no raised or lowered text; and two markers that touch would be read as one, so there the second gives way.
    """
    if italic or any(one.raised for one in inlines):
        inlines = tuple(replace(one, italic=one.italic or italic, raised="") for one in inlines)
    return _render(spans(inlines), "", "", False)


def escape(text: str, *, in_link: bool = False) -> str:
    """Plain text in, Markdown that shows exactly it out (line starts are the caller's)."""
    text = _SPECIAL.sub(r"\\\g<0>", text)
    return text.replace("]", "\\]") if in_link else text


def target(address: str) -> str:
    """A safe address in, the same ready to stand between parentheses out."""
    address = _UNSAFE_IN_TARGET.sub(lambda found: quote(found[0], safe=""), address)
    return _ENTITY_IN_TARGET.sub("&amp;", address)


def _render(nodes: Sequence[Span | Inline], before: str, after: str, in_link: bool) -> str:
    """``before`` and ``after``: the characters around these nodes, on which it depends whether emphasis can open or close."""
    out = ""
    for at, node in enumerate(nodes):
        if isinstance(node, Inline):
            is_code = node.code and not _ends_with("`", out, before)
            out += _code(node.text) if is_code else escape(node.text, in_link=in_link)
            continue
        left = out[-1:] or before
        right = _first_character(nodes[at + 1]) if at + 1 < len(nodes) else after
        is_link = node.mark == "link"
        inner = _render(node.children, "[", "]", True) if is_link else _render(node.children, left, right, in_link)
        core = inner.strip()
        if not core:
            out += inner
            continue
        lead, trail = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
        if is_link:
            if (out + lead).endswith("!"):
                out = out[:-1] + "\\!"
            core = f"[{core}]({target(node.href)})"
        elif node.mark in _MARKERS and _can_mark(_MARKERS[node.mark][0], out + lead, before, core, trail or right):
            core = _MARKERS[node.mark] + core + _MARKERS[node.mark]
        out += lead + core + trail
    return out


def _first_character(node: Span | Inline) -> str:
    while isinstance(node, Span):
        if node.mark == "link":
            return "["
        node = node.children[0]
    return "`" if node.code else node.text[:1]


def _can_mark(marker: str, written: str, before: str, core: str, right: str) -> bool:
    """Would CommonMark read the marker on both sides of ``core`` as emphasis, and not as part of a neighbour's marker?"""
    if _ends_with(marker, written, before):
        return False
    return _may_touch(written[-1:] or before, core[0]) and _may_touch(right[:1], core[-1])


def _ends_with(marker: str, written: str, before: str) -> bool:
    """Does a marker, not the page's own character, stand just before?"""
    return (written[-1:] or before) == marker and not written.endswith("\\" + marker)


def _may_touch(outer: str, inner: str) -> bool:
    """Punctuation just inside a marker wants white space or punctuation just outside it (CommonMark's flanking rule)."""
    if not _is_punctuation(inner, strict=False):
        return True
    return not outer or outer.isspace() or _is_punctuation(outer, strict=True)


def _is_punctuation(character: str, *, strict: bool) -> bool:
    """CommonMark before 0.31 does not count symbols such as the euro sign as punctuation; ``strict`` goes by it."""
    if character.isascii():
        return character in _ASCII_PUNCTUATION
    return unicodedata.category(character)[0] in ("P" if strict else "PS")


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
