"""Formatted text in, Markdown out: escaping, links, code spans, emphasis."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
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

    before: str = ""
    after: str = ""
    """The characters on both sides; empty at the ends of the block."""
    in_link: bool = False
    in_emphasis: bool = False


def _render(nodes: Sequence[Span | Inline], around: _Around) -> str:
    out = ""
    for at, node in enumerate(nodes):
        if isinstance(node, Inline):
            is_code = node.code and not _ends_with("`", out, around.before)
            out += _code(node.text) if is_code else escape(node.text, in_link=around.in_link)
            continue
        right = _first_character(nodes[at + 1]) if at + 1 < len(nodes) else around.after
        inside = _Around("[", "]", True) if node.mark == "link" else _Around(out[-1:] or around.before, right, around.in_link, True)
        inner = _render(node.children, inside)
        core = inner.strip()
        lead, trail = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :] if core else ""
        if core and node.mark == "link":
            if (out + lead).endswith("!"):
                out = out[:-1] + "\\!"
            core = f"[{core}]({target(node.href)})"
        elif core and _can_mark(node.mark, out + lead, core, around._replace(after=(trail or right)[:1])):
            core = _MARKERS[node.mark] + core + _MARKERS[node.mark]
        out += lead + core + trail
    return out


def _first_character(node: Span | Inline) -> str:
    while isinstance(node, Span):
        if node.mark == "link":
            return "["
        node = node.children[0]
    return "`" if node.code else node.text[:1]


def _can_mark(mark: Mark, written: str, core: str, around: _Around) -> bool:
    """Would CommonMark read markers on both sides of ``core`` as this emphasis, and not as part of another?"""
    if mark not in _MARKERS or _ends_with(_MARKERS[mark][0], written, around.before):
        return False
    before = written[-1:] or around.before
    if around.in_emphasis:
        return _is_one_sided(before, core[0]) and _is_one_sided(around.after, core[-1])
    return _may_touch(before, core[0]) and _may_touch(around.after, core[-1])


def _ends_with(marker: str, written: str, before: str) -> bool:
    """Does a marker, not the page's own character, stand just before?"""
    return (written[-1:] or before) == marker and not written.endswith("\\" + marker)


def _may_touch(outer: str, inner: str) -> bool:
    """Punctuation just inside a marker wants white space or punctuation just outside it (CommonMark's flanking rule)."""
    return not _is_punctuation(inner, strict=False) or not outer or outer.isspace() or _is_punctuation(outer, strict=True)


def _is_one_sided(outer: str, inner: str) -> bool:
    """A marker that cannot both open and close; within emphasis any other could end what is open."""
    return not outer or outer.isspace() or (_is_punctuation(outer, strict=True) and not _is_punctuation(inner, strict=False))


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
