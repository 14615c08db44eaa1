"""Ids and class names: whether a person gave them, and how CSS writes them."""

from __future__ import annotations

import re

_PART = re.compile(r"[A-Za-z0-9]+")
_MACHINE = re.compile(
    r"^(?:css|sc|jss|jsx|emotion|svelte|astro|styled|mui|makestyles-\w+|yui|ember|uid|id|react-aria|radix)[-_]?[-_0-9]*[0-9][-_0-9a-z]*$",
    re.IGNORECASE,
)
_HEX = re.compile(r"^(?=.*\d)(?=.*[a-f])[0-9a-f]{6,}$")
_MANY_DIGITS = re.compile(r"\d{4,}")
_WORD = re.compile(r"[a-z]{4,}|[A-Z]{4,}")
_TURNS = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Za-z])|(?<=[A-Z])(?=[0-9])")
_ABBREVIATED = re.compile(r"[a-z]+[0-9][a-z]+")
"""One digit among letters stands for a word: mc4wp, rp4wp, e3lan."""
_PLAIN = re.compile(r"-?[A-Za-z_\u0080-\U0010ffff][\w\u0080-\U0010ffff-]*")


def lasting(name: str) -> bool:
    """Whether an id or class looks as if a person chose it, so that it outlives the site's next release.

    False for ``css-1x2y3z``, ``sc-bdVaJa``, ``Card_title__3fKxQ``, ``post-12345``, ``ember123`` and other names made by a program.
    """
    if not name or _MACHINE.match(name) or _MANY_DIGITS.search(name):
        return False
    return not any(_random(part) for part in _PART.findall(name))


def _random(part: str) -> bool:
    if len(part) < 5 or _ABBREVIATED.fullmatch(part):
        return False
    return bool(_HEX.match(part)) or (len(_TURNS.findall(part)) >= 2 and not _WORD.search(part))


def escaped(name: str) -> str:
    """An id or class as it is written after ``#`` or ``.`` in a selector."""
    if _PLAIN.fullmatch(name):
        return name
    first = f"\\{ord(name[0]):x} " if name[0].isdigit() or name[0] == "-" else ""
    rest = name[1:] if first else name
    return first + "".join(sign if sign.isalnum() or sign in "-_" or ord(sign) > 127 else f"\\{sign}" for sign in rest)


def quoted(value: str) -> str:
    """A text as a string in a selector: ``[href="..."]``."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\a ") + '"'
