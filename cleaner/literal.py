"""What a wording or a pattern needs of a text, so that an index can say which rules are worth trying on a block.

Every answer is a necessary condition: a rule may be tried in vain, but never missed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from .text import comparable

LENGTH = 6
"""Characters of a beginning that are indexed."""
_MOST = 2_000
_SHORTEST = 2
"""Bytes of UTF-8 below which a literal is too common to index: three Latin letters, one Chinese character."""
_WIDEST, _MOST_NEEDS = 30, 3
"""Sets that are checked besides the indexed one: how many strings each, how many sets."""
_PAIR, _FREQUENT = 0.5, 0.15
_FREQUENT_WORDS = (
    "the that you your our all what have this from with for more use used get time view read own other their offer site review see "
    "find first about can will start page part company make work website services information best help free learn"
)
"""Words of most English pages; what they hold says nothing."""
_IDEOGRAPHS = "\u2e80"
"""From here on, one character is as telling as two or three letters."""
_FIRST_WORD = re.compile(r"\w")
_DIGIT = re.compile(r"\d")
_SKIPPED = frozenset({ops.CATEGORY_NOT_WORD, ops.CATEGORY_SPACE})


def beginning(compared: str) -> str:
    """The first characters of a comparable text from its first letter or digit on, every digit as 0."""
    first = _FIRST_WORD.search(compared)
    if first is None:
        return ""
    start = compared[first.start() : first.start() + LENGTH]
    return start if start.isalpha() else _DIGIT.sub("0", start)


def beginnings(pattern: str) -> list[str]:
    """Beginnings of which every text that matches has one; empty when the pattern is not tied to the start or names none."""
    tree = _parse(pattern)
    if tree is None:
        return []
    branches = _branches(tree)
    found: set[str] = set()
    for branch in branches:
        if not branch or branch[0] != (ops.AT, ops.AT_BEGINNING):
            return []
        starts = _starts(_after_signs(branch[1:]))
        if starts is None or not all(_tells(start) for start, _ in starts):
            return []
        found.update(start for start, _ in starts)
    return sorted(found)


@lru_cache(maxsize=4096)
def _folded(point: int) -> str:
    """A pattern's character as comparable texts have it; empty where they have none or several for it."""
    character = comparable(f"a{chr(point)}a")[1:-1]
    return character if len(character) == 1 else ""


def _tells(start: str) -> bool:
    """Whether a beginning is worth an entry: it is two letters, a digit or an ideograph at least."""
    return bool(_FIRST_WORD.match(start)) and (len(start) > 1 or start == "0" or start >= _IDEOGRAPHS)


def literals(pattern: str) -> list[str]:
    """Strings of which at least one is in every comparable text that matches; empty when no such set can be named."""
    tree = _parse(pattern)
    return sorted(_required(tree)) if tree is not None else []


Needs = tuple[tuple[tuple[str, ...], ...], ...]
"""Alternatives of sets of strings; tuples, which cost the garbage collector nothing."""


def needs(pattern: str) -> Needs:
    """What a pattern needs besides, as alternatives: every comparable text that matches has, for one of them, a string of
    each of its sets, the rarest set first. Empty when that cannot be told.
    """
    tree = _parse(pattern)
    found: list[tuple[tuple[str, ...], ...]] = []
    for items in _spread(tree) if tree is not None else []:
        sets = [one for one in sorted(_all_required(items), key=_commonness) if len(one) <= _WIDEST]
        if not sets:
            return ()
        chosen = tuple(tuple(sorted(one, key=len)) for one in sets[:_MOST_NEEDS])
        if chosen not in found:
            found.append(chosen)
    return tuple(found)


def _spread(items: list[Any]) -> list[list[Any]]:
    """A sequence as alternative sequences: the branching that says most is taken apart."""
    best, at = 0, -1
    for place, (operator, argument) in enumerate(items):
        if operator is ops.BRANCH:
            telling = sum(len(_all_required(list(branch))) > 1 for branch in argument[1])
            if telling > best:
                best, at = telling, place
    if at < 0:
        return [items]
    return [[*items[:at], *branch, *items[at + 1 :]] for branch in items[at][1][1]]


@lru_cache(maxsize=64)
def _parse(pattern: str) -> list[Any] | None:
    try:
        tree = parser.parse(pattern, re.IGNORECASE)
        return None if tree.state.flags & re.MULTILINE else list(tree)
    except (re.error, OverflowError, RecursionError):
        return None


def _branches(items: list[Any]) -> list[list[Any]]:
    """Alternatives of the whole pattern, also where the parser drew a common ``^`` before them."""
    if len(items) == 1 and items[0][0] is ops.BRANCH:
        return [list(branch) for branch in items[0][1][1]]
    if len(items) == 2 and items[0] == (ops.AT, ops.AT_BEGINNING) and items[1][0] is ops.BRANCH:
        return [[items[0], *branch] for branch in items[1][1][1]]
    return [items]


def _after_signs(items: list[Any]) -> list[Any]:
    """What follows ``\\W*`` and its like: a text's beginning is counted from its first letter or digit."""
    while items and items[0][0] in (ops.MAX_REPEAT, ops.MIN_REPEAT) and _is_signs(list(items[0][1][2])):
        items = items[1:]
    return items


def _is_signs(items: list[Any]) -> bool:
    if len(items) != 1:
        return False
    operator, argument = items[0]
    members = argument if operator is ops.IN else [(operator, argument)]
    return all(
        (kind is ops.CATEGORY and value in _SKIPPED) or (kind is ops.LITERAL and not _FIRST_WORD.match(chr(value)))
        for kind, value in members
    )


Starts = set[tuple[str, bool]]
"""(characters a text begins with, whether more may be added)"""


def _starts(items: list[Any]) -> Starts | None:
    """Ways in which a sequence can begin; None when they cannot be told."""
    ways: Starts = {("", True)}
    for operator, argument in items:
        growing = [start for start, grows in ways if grows]
        if not growing:
            break
        more = _one_starts(operator, argument)
        done = {(start, False) for start, grows in ways if not grows}
        if more is None:
            return done | {(start, False) for start in growing}
        ways = done | {(start + added, grows) for start in growing for added, grows in more}
        ways = {(start[:LENGTH], grows and len(start) < LENGTH) for start, grows in ways}
        if len(ways) > _MOST:
            return None
    return ways


def _one_starts(operator: Any, argument: Any) -> Starts | None:
    if operator is ops.LITERAL:
        character = _folded(argument)
        return {(_DIGIT.sub("0", character), True)} if character else None
    if operator is ops.IN:
        return _set_starts(argument)
    if operator is ops.AT:
        return {("", True)}
    if operator is ops.SUBPATTERN:
        return _starts(list(argument[3]))
    if operator is ops.BRANCH:
        return _union([_starts(list(branch)) for branch in argument[1]])
    if operator in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
        inner = _starts(list(argument[2]))
        if inner is None:
            return None
        once = inner if argument[1] == 1 else {(start, grows and not start) for start, grows in inner}
        return once | {("", True)} if argument[0] == 0 else once
    return None


def _union(parts: list[Starts | None]) -> Starts | None:
    found: Starts = set()
    for part in parts:
        if part is None:
            return None
        found |= part
    return found


def _set_starts(members: list[Any]) -> Starts | None:
    found: list[Starts | None] = []
    for kind, value in members:
        if kind is ops.CATEGORY and value is ops.CATEGORY_DIGIT:
            found.append({("0", True)})
        elif kind is ops.LITERAL:
            found.append(_one_starts(kind, value))
        elif kind is ops.RANGE and chr(value[0]).isdigit() and chr(value[1]).isdigit():
            found.append({("0", True)})
        else:
            return None
    return _union(found)


# ---------------------------------------------------------------- anywhere in the text


def _required(items: list[Any]) -> set[str]:
    """The best set among a sequence's parts: the one that texts hold most rarely."""
    return min(_all_required(items), key=_commonness, default=set())


def _all_required(items: list[Any]) -> list[set[str]]:
    """For each part of a sequence that can be told by its literals, the set of which a text must hold one."""
    candidates: list[set[str]] = []
    run = ""
    for operator, argument in [*items, (None, None)]:
        character = _folded(argument) if operator is ops.LITERAL else ""
        if character:
            run += character
            continue
        if _is_rare(run.strip()):
            candidates.append({run.strip()})
        run = ""
        if operator is ops.SUBPATTERN:
            candidates += _all_required(list(argument[3]))
        else:
            candidates.append(_required_by(operator, argument))
    return [found for found in candidates if found]


def _commonness(literals: set[str]) -> float:
    """A guess at the share of texts that hold any of some strings: each two bytes more make one ten times rarer, but pairs of letters
    stand in half of them, and what is part of a frequent word is frequent.
    """
    return sum([_PAIR if _is_pair(one) else _FREQUENT if one in _FREQUENT_WORDS else 10.0 ** (-len(one.encode()) / 2) for one in literals])


def _is_pair(literal: str) -> bool:
    return len(literal) == 2 and literal.isascii() and literal.isalpha()


def _is_rare(literal: str) -> bool:
    return len(literal.encode()) >= _SHORTEST or (
        len(literal) > 0 and not any(character.isalnum() or character in " .,:;!?" for character in literal)
    )


def _required_by(operator: Any, argument: Any) -> set[str]:
    if operator is ops.SUBPATTERN:
        return _required(list(argument[3]))
    if operator in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT) and argument[0] >= 1:
        return _required(list(argument[2]))
    if operator is ops.BRANCH:
        branches = [_required(list(branch)) for branch in argument[1]]
        return set().union(*branches) if all(branches) else set()
    if operator is ops.IN:
        members = [_required([member]) for member in argument if member[0] is ops.LITERAL]
        return set().union(*members) if len(members) == len(argument) and all(members) else set()
    return set()
