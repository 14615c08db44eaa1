"""The quick look whether a pattern matches: Python's own engine, on texts so short and plain that it says what ``regex`` says.

``re`` is several times faster, most of all on lower-case text, but cannot be stopped. So it is asked only where no text of that length
can keep it busy, and only whether a pattern matches; what a rule records is searched with ``regex``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from math import comb
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from .pattern import anchored

_ODD = re.compile(
    "[^\0-\x7f\u00a9\u00ab\u00ae\u00b7\u00bb\u00c0-\u012f\u0132-\u0148\u014a-\u017e\u0400-\u045f"
    "\u2010-\u2027\u2030-\u205e\u20ac\u2122\u2190-\u2193\u25a0-\u25ff]"
)
"""Characters that the two engines may read differently: as a letter or a sign, as white space, as another's capital."""
_BEYOND_RE = re.compile(r"\[\^?\[|--|&&|~~|\|\||\(\?[|&]|\(\?P>|\{[^\d,]")
"""What ``re`` reads otherwise than ``regex``: sets in sets, fuzzy matching, calls of groups."""
_LONGEST = 1_000
_MOST_WAYS = 10_000_000
"""Ways to part a text among the repeats of a pattern that are tried in a tenth of a second."""
_FEW = 10
"""A repeat of fewer times is counted by what it repeats."""
_WIDEST = 1_000
"""Characters of a range that are looked at."""
_REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)


class Probe(NamedTuple):
    """How to look for one pattern."""

    longest: int
    """Characters of the longest text it may be asked about."""
    lowered: bool
    """Whether it wants the text in lower case."""
    run: Callable[[str], Any]
    """A text in; None out where the pattern does not match."""


def is_plain(text: str) -> bool:
    """Whether both engines read a text alike."""
    return text.isascii() or _ODD.search(text) is None


@lru_cache(maxsize=20_000)
def probe(pattern: str) -> Probe | None:
    """The quick look for a rule's pattern; None where ``re`` cannot read it."""
    if _BEYOND_RE.search(pattern):
        return None
    try:
        items = list(parser.parse(pattern, re.IGNORECASE))
        if any(_is_odd(operator, argument) for operator, argument in _all_parts(items)):
            return None
        lowered = not any(_is_cased(operator, argument) for operator, argument in _all_parts(items))
        compiled = re.compile(pattern, 0 if lowered else re.IGNORECASE)
        at_start = anchored(pattern)
        return Probe(_longest(_repeats(items) + (not at_start)), lowered, compiled.match if at_start else compiled.search)
    except (re.error, OverflowError, RecursionError):
        return None


def _is_odd(operator: Any, argument: Any) -> bool:
    """Whether a part of a pattern names characters that are not plain: "I" may be the capital of one of them."""
    if operator in (ops.LITERAL, ops.NOT_LITERAL):
        return not is_plain(chr(argument))
    if operator is ops.RANGE:
        return argument[1] - argument[0] > _WIDEST or not is_plain("".join(map(chr, range(argument[0], argument[1] + 1))))
    return False


def _is_cased(operator: Any, argument: Any) -> bool:
    """Whether a part of a pattern is written with capitals, or sets what they mean."""
    if operator in (ops.LITERAL, ops.NOT_LITERAL):
        return chr(argument) != chr(argument).lower()
    if operator is ops.RANGE:
        return any(chr(point) != chr(point).lower() for point in range(argument[0], argument[1] + 1))
    return operator is ops.SUBPATTERN and bool(argument[1] or argument[2])


def _all_parts(items: list[Any]) -> Iterator[tuple[Any, Any]]:
    for operator, argument in items:
        yield operator, argument
        for part in [argument] if operator is ops.IN else _sequences(operator, argument):
            yield from _all_parts(list(part))


def _sequences(operator: Any, argument: Any) -> list[Any]:
    """The sequences inside a part of a pattern."""
    if operator is ops.BRANCH:
        return list(argument[1])
    if operator in _REPEATS or operator is ops.SUBPATTERN or operator in (ops.ASSERT, ops.ASSERT_NOT):
        return [argument[-1]]
    return []


@cache
def _longest(repeats: int) -> int:
    """How long a text may be that is parted among so many repeats: a text of n characters in C(n + repeats, repeats) ways."""
    return next(length for length in range(_LONGEST, -1, -1) if comb(length + repeats, repeats) <= _MOST_WAYS)


def _repeats(items: list[Any]) -> int:
    """How many repeats at most take part in one match: what they leave to each other is what a search has to try."""
    count = 0
    for operator, argument in items:
        inner = max([_repeats(list(part)) for part in _sequences(operator, argument)], default=0)
        if operator in _REPEATS:
            most = argument[1]
            count += inner * most if most < _FEW else 1 + inner * _FEW
        elif operator not in (ops.ASSERT, ops.ASSERT_NOT):
            count += inner
        else:
            count = max(count, inner)
    return count
