"""Inline styles: whether one hides its element, and which colours it states. No cascade, no style sheets."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

Colour = tuple[int, int, int]
"""Red, green, blue; 0 to 255."""

INVISIBLE, NO_FONT = "visibility:hidden", "zero font size"

_LONGEST = 2000
"""Characters of a style that are read; real ones are shorter, and what is remembered must stay small."""
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?", re.I)
_NUMBER = re.compile(r"(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(px|em|rem|pt|vw|vh|%|ch|ex|cm|in)?")
_PIXELS = {"": 1, "px": 1, "pt": 4 / 3, "em": 16, "rem": 16, "ch": 8, "ex": 8, "vw": 10, "vh": 8, "%": 10, "cm": 38, "in": 96}
"""Roughly, on a window of 1,000 by 800 pixels: enough to tell -9999px from a nudge."""
_AWAY = -900.0
"""Pixels to the left or above from which on nothing of an element is on the screen."""
_TINY = 2.0
"""Pixels below which no letter can be read."""
_CLEAR = 0.05
"""Opacity below which nothing is seen."""
_CLIPPED = re.compile(r"rect\(\s*[01](?:px)?(?:[\s,]+[01](?:px)?){3}\s*\)|inset\(\s*(?:50|100)%|circle\(\s*0")
_SHRUNK = re.compile(r"scale[xy]?\(\s*0(?:\.0*)?\s*[,)]")
_MOVED = re.compile(r"translate(?:x|y|3d)?\(([^()]{1,60})\)")
_HEX = re.compile(r"#([0-9a-f]{3,8})")
_RGB = re.compile(r"rgba?\(\s*([0-9]{1,3})[\s,]+([0-9]{1,3})[\s,]+([0-9]{1,3})\s*(?:[,/]\s*([0-9.]{1,8})(%?)\s*)?\)")
_NAMES: dict[str, Colour] = {
    "white": (255, 255, 255), "black": (0, 0, 0), "silver": (192, 192, 192), "gray": (128, 128, 128), "grey": (128, 128, 128),
    "red": (255, 0, 0), "maroon": (128, 0, 0), "yellow": (255, 255, 0), "olive": (128, 128, 0), "lime": (0, 255, 0), "green": (0, 128, 0),
    "aqua": (0, 255, 255), "teal": (0, 128, 128), "blue": (0, 0, 255), "navy": (0, 0, 128), "fuchsia": (255, 0, 255),
    "purple": (128, 0, 128), "orange": (255, 165, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240), "whitesmoke": (245, 245, 245),
}  # fmt: skip
"""The names of CSS 2.1, and the near-whites."""
_NEAR = 10
"""Colours that differ by no more in any channel cannot be told apart."""


class Look(NamedTuple):
    """What an inline style says that matters here."""

    hides: str = ""
    """Why nobody sees the element; empty where it may be seen."""
    restores: str = ""
    """The way of hiding from which it exempts itself where an element above it has it."""
    colour: Colour | None = None
    background: Colour | None = None


def look_of(style: str) -> Look:
    """The value of a ``style`` attribute in, its look out."""
    return _look_of(style[:_LONGEST])


@lru_cache(maxsize=2000)
def _look_of(style: str) -> Look:
    style = style.lower()
    if "\\" in style or "/*" in style:
        style = _ESCAPE.sub(_unescaped, _COMMENT.sub("", style)).lower()
    said = _declarations(style)
    hides = next((why for why, holds in _TESTS if holds(said)), "")
    colour = said.get("color", "")
    if not hides and _is_transparent(colour):
        hides = "transparent text"
    restores = next((way for way, holds in _UNDONE if not hides and holds(said)), "")
    return Look(hides, restores, colour_of(colour), _background(said))


def _unescaped(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return chr(number) if 0 < number < 0xD800 else ""


def _declarations(style: str) -> dict[str, str]:
    """``name -> value``; the last of a name counts, unless an earlier one is important."""
    said: dict[str, str] = {}
    important: set[str] = set()
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip(), value.strip()
        is_important = value.endswith("important") and "!" in value
        if is_important:
            value = value.rpartition("!")[0].strip()
            important.add(name)
        if value and (is_important or name not in important):
            said[name] = value
    return said


def _pixels(value: str) -> float | None:
    """A length in pixels, roughly; None for what is no plain length."""
    found = _NUMBER.fullmatch(value)
    return float(found[1]) * _PIXELS[found[2] or ""] if found else None


def _is_tiny(said: dict[str, str], *names: str, limit: float = _TINY) -> bool:
    return any((size := _pixels(said.get(name, ""))) is not None and 0 <= size < limit for name in names)


def _is_squeezed(said: dict[str, str]) -> bool:
    """No room, and what does not fit is not shown."""
    clips = any(said.get(name, "").startswith(("hidden", "clip")) for name in ("overflow", "overflow-x", "overflow-y"))
    return clips and (_is_tiny(said, "height", "max-height") or _is_tiny(said, "width", "max-width"))


def _is_away(said: dict[str, str]) -> bool:
    if (_pixels(said.get("text-indent", "")) or 0.0) <= _AWAY:
        return True
    moved = [number for found in _MOVED.finditer(said.get("transform", "")) for number in found[1].split(",")]
    edges = [said.get(name, "") for name in ("left", "top", "right", "bottom")] if said.get("position", "static") != "static" else []
    margins = [said.get(name, "") for name in ("margin-left", "margin-top")]
    return any((_pixels(number.strip()) or 0.0) <= _AWAY for number in (*moved, *edges, *margins))


def _is_clear(said: dict[str, str]) -> bool:
    """Nearly transparent."""
    value = said.get("opacity", "")
    found = _NUMBER.fullmatch(value)
    return found is not None and float(found[1]) / (100 if found[2] == "%" else 1) < _CLEAR


_TESTS = (
    ("display:none", lambda said: said.get("display") == "none"),
    (INVISIBLE, lambda said: said.get("visibility") in ("hidden", "collapse")),
    ("opacity:0", _is_clear),
    (NO_FONT, lambda said: _is_tiny(said, "font-size")),
    ("zero size", _is_squeezed),
    ("off-screen", _is_away),
    ("clipped away", lambda said: bool(_CLIPPED.search(said.get("clip", "") + said.get("clip-path", "")))),
    ("scaled to nothing", lambda said: bool(_SHRUNK.search(said.get("transform", "")))),
)
_UNDONE = (
    (INVISIBLE, lambda said: said.get("visibility") == "visible"),
    (NO_FONT, lambda said: "font-size" in said and not said["font-size"].endswith(("em", "%")) and not _is_tiny(said, "font-size")),
)
"""The two properties that an element below can set anew."""


def _background(said: dict[str, str]) -> Colour | None:
    value = said.get("background-color") or said.get("background", "")
    return None if "(" in value and "rgb" not in value else colour_of(value)


def _is_transparent(value: str) -> bool:
    if value == "transparent":
        return True
    found = _RGB.fullmatch(value)
    if found and found[4]:
        alpha = _NUMBER.fullmatch(found[4])
        return alpha is not None and float(alpha[1]) / (100 if found[5] else 1) < _CLEAR
    shade = _HEX.fullmatch(value)
    digits = shade[1] if shade else ""
    return (len(digits) == 4 and digits[3] == "0") or (len(digits) == 8 and int(digits[6:], 16) < _CLEAR * 255)


def colour_of(value: str) -> Colour | None:
    """The first word of a CSS colour or ``background`` value in; the colour out, or None where it is no colour known here."""
    value = value.strip().lower()
    if "url(" in value or "gradient" in value or _is_transparent(value):
        return None
    if found := _RGB.match(value):
        return min(int(found[1]), 255), min(int(found[2]), 255), min(int(found[3]), 255)
    word = value.partition(" ")[0]
    if found := _HEX.fullmatch(word):
        digits = found[1]
        if len(digits) in (3, 4):
            return int(digits[0] * 2, 16), int(digits[1] * 2, 16), int(digits[2] * 2, 16)
        if len(digits) in (6, 8):
            return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    return _NAMES.get(word)


def same_colour(one: Colour | None, other: Colour | None) -> bool:
    """Whether nobody could tell the two apart; unknown ones are not the same."""
    return one is not None and other is not None and all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))
