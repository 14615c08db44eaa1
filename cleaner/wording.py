"""Whether a block's text is the wording a rule names, and the strings under which that wording is indexed."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from unicodedata import category

from . import literal, pattern
from .rulefile import Rule
from .text import bare, comparable, count_words

_EMOJI = "\ufe0f"
"""Asks for a colourful sign; patterns take it for a letter."""
MAX_WORDS = 60
"""Default length guard of wording rules (``phrase`` needs none): longer blocks are prose."""


def listed(value: str | list[str] | None) -> list[str]:
    """A key that may be one string or a list of them, as a list."""
    return [] if value is None else [value] if isinstance(value, str) else value


def is_worded(rule: Rule) -> bool:
    """Whether the rule looks at words at all."""
    return bool(rule.phrase or rule.starts or rule.ends or rule.contains or rule.text)


def recorded(rule: Rule) -> dict[str, str | int]:
    """``record`` of a rule as {field: group}; the short form names a field whose group has its name or is the first."""
    if rule.record is None:
        return {}
    if isinstance(rule.record, str):
        named = rule.text is not None and rule.record in pattern.compile_pattern(rule.text).groupindex
        return {rule.record: rule.record if named else 1}
    return rule.record


@lru_cache(maxsize=50_000)
def bare_form(wording: str) -> str:
    """A rule's wording in the form in which the bare texts of blocks are compared with it."""
    return bare(comparable(wording))


_folded = lru_cache(maxsize=50_000)(comparable)


def exact_keys(rule: Rule) -> list[str]:
    """Wordings that a block's whole bare text must equal."""
    return [bare_form(one) for one in listed(rule.phrase)]


def index_keys(rule: Rule) -> tuple[list[str], list[str]]:
    """Under what to index a rule's other wordings: beginnings of a text, and strings anywhere in it.

    Each text the rule matches has at least one of them; an empty string anywhere says that none is known
    and every block must be looked at.
    """
    starts: list[str] = []
    inner = [bare_form(one) for one in listed(rule.ends)] + [_folded(one) for one in listed(rule.contains)]
    for wanted in map(bare_form, listed(rule.starts)):
        (starts if wanted[:1].isalnum() else inner).append(literal.beginning(wanted) if wanted[:1].isalnum() else wanted)
    if rule.text:
        tied = literal.beginnings(rule.text)
        starts += tied
        inner += [] if tied else literal.literals(rule.text) or [""]
    return starts, inner


def needs(rule: Rule) -> literal.Needs:
    """What ``literal.needs`` says of a rule's pattern, and one more alternative for each of its other wordings (``phrase`` apart)."""
    found = literal.needs(rule.text) if rule.text else ()
    if not found:
        return ()
    others = [bare_form(one) for one in [*listed(rule.starts), *listed(rule.ends)]] + [_folded(one) for one in listed(rule.contains)]
    return (*found, *(((one,),) for one in others))


def says(rule: Rule, shown: str) -> bool:
    """Whether a text, as shown, is what a rule's wording keys and word guards ask for."""
    compared = comparable(shown)
    words = count_words(shown)
    if (rule.min_words and words < rule.min_words) or (rule.max_words and words > rule.max_words):
        return False
    return match(rule, shown, compared, bare(compared), words) is not None


def match(rule: Rule, shown: str, compared: str, stripped: str, words: int) -> Any | None:
    """The proof that a text has the rule's wording (a regex match for ``text``, True otherwise), or None.

    Raises TimeoutError when the rule's pattern runs out of time. ``compared`` is ``comparable(shown)``, ``stripped`` is ``bare(compared)``.
    """
    return True if rule.phrase and stripped in exact_keys(rule) else match_inside(rule, shown, compared, stripped, words)


def match_inside(rule: Rule, shown: str, compared: str, stripped: str, words: int) -> Any | None:
    """``match`` by any wording but ``phrase``."""
    if words > (rule.max_words or MAX_WORDS):
        return None
    for one in listed(rule.starts):
        if _begins(stripped, bare_form(one)):
            return True
    for one in listed(rule.ends):
        if _ends(stripped, bare_form(one)):
            return True
    for one in listed(rule.contains):
        if holds(compared, _folded(one)):
            return True
    return pattern.search(rule.text, shown.replace(_EMOJI, "") if _EMOJI in shown else shown) if rule.text else None


def _boundary(text: str, at: int) -> bool:
    """Whether a word may end or begin between two characters (always so outside the alphabets that write spaces)."""
    if at <= 0 or at >= len(text):
        return True
    left, right = text[at - 1], text[at]
    if category(right)[0] == "M":  # a vowel sign or accent belongs to the letter before it
        return False
    return not (left.isalnum() and right.isalnum()) or ord(left) > 0x2E7F or ord(right) > 0x2E7F or 0x0E00 <= ord(right) < 0x0F00


def _begins(text: str, wanted: str) -> bool:
    return text.startswith(wanted) and _boundary(text, len(wanted))


def _ends(text: str, wanted: str) -> bool:
    return text.endswith(wanted) and _boundary(text, len(text) - len(wanted))


def holds(text: str, wanted: str) -> bool:
    """Whether a comparable text has a wording, as whole words."""
    at = text.find(wanted)
    while at >= 0:
        if _boundary(text, at) and _boundary(text, at + len(wanted)):
            return True
        at = text.find(wanted, at + 1)
    return False
