"""Where the wordings of all rules occur on a page: one pass over its text, whatever the number of rules and languages."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from . import literal, wording
from .model import Block
from .text import bare, comparable_all

LONGEST = 2_000
"""Words of the longest block in which wordings are looked for."""
_START, _FOLDED_START = "\0", "\1"
"""Stand before a block's text, and before its first characters without signs and with every digit as 0."""
_UNEVEN_START = re.compile(r"\W|.{0,5}\d", re.S).match
"""A text whose beginning is not indexed as it stands."""


@dataclass(slots=True, frozen=True, eq=False)
class Entry:
    """A rule that is worth trying on the blocks that hold an indexed string, if they hold the rest of what it needs."""

    file: str
    rule: str
    max_words: int
    needs: list[list[list[str]]]
    """As ``literal.needs`` gives them."""


@dataclass(slots=True)
class Hits:
    """Which indexed strings occur on one page, and where."""

    blocks: list[Block] = field(default_factory=list)
    """Those that were looked at, in order."""
    compared: list[str] = field(default_factory=list)
    """Their texts in the form in which wordings are compared."""
    stripped: list[str] = field(default_factory=list)
    """The same without the signs around them."""
    ends: list[int] = field(default_factory=list)
    """Where each one's text ends in the text that was searched."""
    found: dict[str, list[int]] = field(default_factory=dict)
    """indexed string -> where it ends in that text"""
    exact: list[tuple[int, list[Entry]]] = field(default_factory=list)
    """(place in ``blocks``, rules of which the block is exactly a phrase)"""
    phrases: dict[str, int] = field(default_factory=dict)
    """file name -> how many blocks are exactly one of its phrases"""
    texts: dict[str, str] = field(default_factory=dict)
    """detection wordings found, with the block's text"""


Candidates = dict[str, dict[str, list[int]]]
"""file name -> rule id -> places in ``Hits.blocks`` it must look at, in order"""


class WordIndex:
    """The strings of all wording rules, and of the wordings by which files are detected. Immutable once built."""

    def __init__(self) -> None:
        import ahocorasick

        self._exact: dict[str, list[Entry]] = {}
        self._always: list[Entry] = []
        self._inner: dict[str, list[Entry]] = {}
        self._detection: set[str] = set()
        self._automaton: Any = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        self._strings: list[str] = []

    def add(self, entry: Entry, exact: Iterable[str], starts: Iterable[str], inner: Iterable[str]) -> None:
        """Index one rule: phrases that a whole text equals, beginnings of a text, strings anywhere in it ("": every text)."""
        for key in exact:
            self._exact.setdefault(key, []).append(entry)
        for key in starts:
            for sign in (_START, _FOLDED_START):
                self._inner.setdefault(sign + key, []).append(entry)
        for key in inner:
            (self._inner.setdefault(key, []) if key else self._always).append(entry)

    def add_detection(self, key: str) -> None:
        """Index a wording by which some file is detected."""
        self._detection.add(key)
        self._inner.setdefault(key, [])

    def build(self) -> None:
        """Make ready to scan; nothing is added afterwards."""
        self._strings = list(self._inner)
        for at, key in enumerate(self._strings):
            self._automaton.add_word(key, at)
        self._automaton.make_automaton()

    def scan(self, blocks: list[Block]) -> Hits:
        """Blocks in, where every indexed string occurs out."""
        looked = [block for block in blocks if block.words <= LONGEST and block.kind != "code"]
        compared = comparable_all([block.text for block in looked])
        stripped = [bare(text) for text in compared]
        hits = Hits(looked, compared, stripped)
        for at, text in enumerate(stripped):
            if text in self._exact:
                hits.exact.append((at, self._exact[text]))
        for _, entries in hits.exact:
            for name in {entry.file for entry in entries}:
                hits.phrases[name] = hits.phrases.get(name, 0) + 1
        self._search(hits)
        for key in hits.found.keys() & self._detection:
            for end in hits.found[key]:
                at = bisect_right(hits.ends, end)
                if wording.holds(compared[at], key):
                    hits.texts[key] = looked[at].text
                    break
        return hits

    def _search(self, hits: Hits) -> None:
        pieces, length = [], 0
        for text in hits.compared:
            piece = _START + text
            if _UNEVEN_START(text):
                piece += _FOLDED_START + literal.beginning(text)
            pieces.append(piece)
            length += len(piece)
            hits.ends.append(length)
        if not self._strings:
            return
        numbers: dict[int, list[int]] = {}
        for end, number in self._automaton.iter("".join(pieces)):
            if number in numbers:
                numbers[number].append(end)
            else:
                numbers[number] = [end]
        hits.found = {self._strings[number]: ends for number, ends in numbers.items()}

    def candidates(self, hits: Hits, files: Collection[str]) -> Candidates:
        """What was found on a page, and the files that apply to it, in; the blocks that each of their rules must look at out."""
        found: dict[tuple[str, str], set[int]] = {}
        for at, entries in hits.exact:
            for entry in entries:
                if entry.file in files:
                    found.setdefault((entry.file, entry.rule), set()).add(at)
        for key, ends in hits.found.items():
            for entry in self._inner[key]:
                if entry.file in files:
                    places = found.setdefault((entry.file, entry.rule), set())
                    places.update(at for at in {bisect_right(hits.ends, end) for end in ends} if _worth(entry, hits, at))
        for entry in self._always:
            if entry.file in files:
                found.setdefault((entry.file, entry.rule), set()).update(at for at in range(len(hits.blocks)) if _worth(entry, hits, at))
        sorted_out: Candidates = {}
        for (file, rule), places in found.items():
            if places:
                sorted_out.setdefault(file, {})[rule] = sorted(places)
        return sorted_out


def _worth(entry: Entry, hits: Hits, at: int) -> bool:
    if hits.blocks[at].words > entry.max_words:
        return False
    return not entry.needs or _has_any(hits.compared[at], entry.needs)


def _has_any(text: str, alternatives: list[list[list[str]]]) -> bool:
    for alternative in alternatives:
        for strings in alternative:
            for one in strings:
                if one in text:
                    break
            else:
                break
        else:
            return True
    return False
