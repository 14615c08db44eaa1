"""Regular expressions of rules: compiling them, running them, and whether they can run away."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from time import thread_time
from typing import Any

from .errors import RuleError

TIMEOUT_SECONDS = 0.2
"""For one search of one block; the ``regex`` library stops a search at about twice this."""
RULE_SECONDS = 2.0
"""For all searches of one rule on one page."""
_ATTEMPTS = 20
"""``regex`` looks at the clock: where other threads or programs took the time, the search is tried again this often."""
_BEYOND_RE = re.compile(r"\\[pP]\{[^}]*\}|\\[pP]\w|\\[Xh]")
"""Escapes of the ``regex`` library that ``re`` cannot parse; for the question asked here each is one character class."""


@lru_cache(maxsize=20_000)
def compile_pattern(pattern: str) -> Any:
    """A rule's pattern, compiled by the ``regex`` library, case ignored. Raises RuleError when it is no regular expression."""
    import regex

    try:
        return regex.compile(pattern, regex.IGNORECASE | regex.VERSION0)
    except (regex.error, RecursionError, OverflowError, MemoryError) as error:
        raise RuleError(
            f"bad regular expression {pattern[:200]!r}: {str(error) or 'too large'}",
            hint="test it, and double no backslashes inside single quotes",
        ) from None


@lru_cache(maxsize=20_000)
def _search(pattern: str) -> Any:
    compiled = compile_pattern(pattern)
    return compiled.match if anchored(pattern) else compiled.search


def search(pattern: str, text: str) -> Any | None:
    """First match of a rule's pattern in a text, or None. Raises TimeoutError."""
    run = _search(pattern)
    try:
        return run(text, timeout=TIMEOUT_SECONDS)
    except TimeoutError:
        return _again(run, text)


def spans(pattern: str, text: str) -> list[tuple[int, int]]:
    """Where a rule's pattern matches in a text, empty matches left out. Raises TimeoutError."""
    compiled = compile_pattern(pattern)

    def run(text: str, timeout: float) -> list[tuple[int, int]]:
        return [found.span() for found in compiled.finditer(text, timeout=timeout) if found.end() > found.start()]

    try:
        return run(text, TIMEOUT_SECONDS)
    except TimeoutError:
        found: list[tuple[int, int]] = _again(run, text)
        return found


def _again(run: Callable[..., Any], text: str) -> Any:
    """A search that ran out of time on the clock, until it ends, or has had its time on the processor. Raises TimeoutError."""
    for _ in range(_ATTEMPTS):
        start = thread_time()
        try:
            return run(text, timeout=TIMEOUT_SECONDS)
        except TimeoutError:
            if thread_time() - start > TIMEOUT_SECONDS / 2:
                raise
    raise TimeoutError


def anchored(pattern: str) -> bool:
    """Whether a pattern can match at a text's very beginning only."""
    try:
        tree = parser.parse(_BEYOND_RE.sub(r"\\w", pattern), re.IGNORECASE)
    except (re.error, OverflowError, RecursionError):
        return False
    items = list(tree)
    branches = [list(branch) for branch in items[0][1][1]] if len(items) == 1 and items[0][0] is ops.BRANCH else [items]
    return not tree.state.flags & re.MULTILINE and all(branch[:1] == [(ops.AT, ops.AT_BEGINNING)] for branch in branches)


def search_or_none(pattern: str, text: str) -> Any | None:
    """The same where a search that runs out of time counts as no match."""
    try:
        return search(pattern, text)
    except TimeoutError:
        return None


def explosive(pattern: str) -> str:
    """Why a pattern can take exponential time (a repeat of unbounded length inside another), or an empty string."""
    try:
        tree = parser.parse(_BEYOND_RE.sub(r"\\w", pattern), re.IGNORECASE)
    except (re.error, OverflowError, RecursionError):
        return ""
    return _nested_repeat(list(tree), inside=False)


def _nested_repeat(items: list[Any], inside: bool) -> str:
    for operator, argument in items:
        if operator in (ops.MAX_REPEAT, ops.MIN_REPEAT):
            unbounded = argument[1] is ops.MAXREPEAT or argument[1] > 1000
            if unbounded and inside:
                return "an unlimited repeat inside an unlimited repeat"
            if found := _nested_repeat(list(argument[2]), inside or unbounded):
                return found
        elif operator in (ops.SUBPATTERN, ops.ASSERT, ops.ASSERT_NOT):
            if found := _nested_repeat(list(argument[-1]), inside):
                return found
        elif operator is ops.BRANCH:
            if inside and _overlapping(argument[1]):
                return "alternatives that can begin alike inside an unlimited repeat"
            for branch in argument[1]:
                if found := _nested_repeat(list(branch), inside):
                    return found
    return ""


def _overlapping(branches: list[Any]) -> bool:
    """Whether two alternatives can match alike: one begins with a wildcard or class, or is the start of another word."""
    if any(not len(branch) or branch[0][0] is not ops.LITERAL for branch in branches):
        return True
    words = [
        "".join(chr(argument) for _, argument in branch).casefold() for branch in branches if all(part[0] is ops.LITERAL for part in branch)
    ]
    return any(one.startswith(other) for at, one in enumerate(words) for to, other in enumerate(words) if at != to)
