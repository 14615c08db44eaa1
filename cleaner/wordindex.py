"""Where the wordings of all rules occur on a page: one pass over its text, whatever the number of rules and languages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from . import literal, wording
from .model import Block
from .probe import Probe, is_plain, probe
from .text import bare, comparable_all

LONGEST = 2_000
"""Words of the longest block in which wordings are looked for."""
_START, _FOLDED_START = "\0", "\1"
"""Stand before a block's text, and before its first characters without signs and with every digit as 0."""
_UNEVEN_START = re.compile(r"\W|.{0,5}\d", re.S).match
"""A text whose beginning is not indexed as it stands."""
_NO_PROBE = Probe(-1, False, bool)


class Entry(Struct, frozen=True, eq=False, gc=False):
    """A rule that is worth trying on the blocks that hold an indexed string, if they hold the rest of what it needs."""

    file: str
    rule: str
    max_words: int
    needs: literal.Needs
    """As ``literal.needs`` gives them."""
    text: str
    """The rule's pattern where it is all that the rule looks for besides phrases; else empty."""


Entries = tuple[Entry, ...]
"""Tuples of what the garbage collector need not follow; with a hundred thousand lists a full collection takes as long as ten pages."""


@dataclass(slots=True)
class Hits:
    """Which indexed strings occur on one page, and where."""

    blocks: list[Block] = field(default_factory=list)
    """Those that were looked at, in order."""
    indexes: list[int] = field(default_factory=list)
    """Which of the page's blocks each is."""
    words: list[int] = field(default_factory=list)
    """How many words each has."""
    compared: list[str] = field(default_factory=list)
    """Their texts in the form in which wordings are compared."""
    stripped: list[str] = field(default_factory=list)
    """The same without the signs around them."""
    lowered: list[str] = field(default_factory=list)
    """Their texts as shown, in lower case; empty where ``probe`` cannot be asked about them."""
    text: str = ""
    """What is searched: all those texts with their beginnings."""
    ends: list[int] = field(default_factory=list)
    """Where each block's part of it ends."""
    found: dict[str, list[int]] = field(default_factory=dict)
    """indexed string -> places in ``blocks`` of the texts that hold it, in order"""
    exact: list[tuple[int, Entries]] = field(default_factory=list)
    """(place in ``blocks``, rules of which the block is exactly a phrase)"""
    phrases: dict[str, int] = field(default_factory=dict)
    """file name -> how many blocks are exactly one of its phrases"""
    texts: dict[str, str] = field(default_factory=dict)
    """detection wordings found, with the block's text"""


Looks = list[tuple[Entry | None, Collection[int]]]
"""Where one rule may have to look: what a text needs to be worth it (None where it is exactly a phrase), places in ``Hits.blocks``."""
Candidates = dict[str, dict[str, Looks]]
"""file name -> rule id -> where it may have to look"""


class Strings:
    """Indexed strings, each with the rules that need it, and the automaton that finds them all in one pass."""

    def __init__(self) -> None:
        import ahocorasick

        self.entries: dict[str, Entries] = {}
        self._automaton: Any = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        self._order: list[str] = []

    def build(self) -> None:
        """Make ready to search; nothing is added afterwards."""
        self._order = list(self.entries)
        for at, key in enumerate(self._order):
            self._automaton.add_word(key, at)
        self._automaton.make_automaton()

    def search(self, hits: Hits) -> dict[str, list[int]]:
        """A page's texts in; string -> places of the texts that hold it, in order, out."""
        if not self._order or not hits.ends:
            return {}
        numbers: dict[int, list[int]] = {}
        ends, at, stop = hits.ends, 0, hits.ends[0]
        for end, number in self._automaton.iter(hits.text):
            while end >= stop:
                at += 1
                stop = ends[at]
            places = numbers.get(number)
            if places is None:
                numbers[number] = [at]
            elif places[-1] != at:
                places.append(at)
        return {self._order[number]: places for number, places in numbers.items()}


class WordIndex:
    """The strings of all wording rules, and of the wordings by which files are detected. Immutable once built."""

    def __init__(self) -> None:
        self._exact: dict[str, Entries] = {}
        self._always: list[Entry] = []
        self._detection: set[str] = set()
        self._common = Strings()
        self._apart: dict[str, Strings] = {}
        """file -> the strings of that file alone"""

    def add(self, entry: Entry, exact: Iterable[str], starts: Iterable[str], inner: Iterable[str], *, apart: bool = False) -> None:
        """Index one rule: phrases that a whole text equals, beginnings of a text, strings anywhere in it ("": every text).

        ``apart``: its file applies to few pages, so a page is searched for its beginnings and strings only where it does.
        """
        strings = self._apart.setdefault(entry.file, Strings()) if apart else self._common
        for key in exact:
            self._exact[key] = (*self._exact.get(key, ()), entry)
        for key in starts:
            for sign in (_START, _FOLDED_START):
                strings.entries[sign + key] = (*strings.entries.get(sign + key, ()), entry)
        for key in inner:
            if key:
                strings.entries[key] = (*strings.entries.get(key, ()), entry)
            else:
                self._always.append(entry)

    def add_detection(self, key: str) -> None:
        """Index a wording by which some file is detected."""
        self._detection.add(key)
        self._common.entries.setdefault(key, ())

    def build(self) -> None:
        """Make ready to scan; nothing is added afterwards."""
        for strings in (self._common, *self._apart.values()):
            strings.build()

    def scan(self, blocks: list[Block]) -> Hits:
        """Blocks in, where the strings that every page is searched for occur out."""
        looked = [block for block in blocks if block.words <= LONGEST and block.kind != "code"]
        compared = comparable_all([block.text for block in looked])
        hits = Hits(looked, [block.index for block in looked], [block.words for block in looked], compared, list(map(bare, compared)))
        hits.lowered = [text.lower() if text.isascii() or is_plain(text) else "" for text in [block.text for block in looked]]
        for at, text in enumerate(hits.stripped):
            if text in self._exact:
                hits.exact.append((at, self._exact[text]))
        for _, entries in hits.exact:
            for name in {entry.file for entry in entries}:
                hits.phrases[name] = hits.phrases.get(name, 0) + 1
        _join(hits)
        hits.found = self._common.search(hits)
        for key in hits.found.keys() & self._detection:
            place = next((place for place in hits.found[key] if wording.holds(compared[place], key)), None)
            if place is not None:
                hits.texts[key] = looked[place].text
        return hits

    def candidates(self, hits: Hits, files: Collection[str]) -> Candidates:
        """What was found on a page, and the files that apply to it, in; where each of their rules may have to look out."""
        places: dict[Entry, set[int]] = {entry: set(range(len(hits.blocks))) for entry in self._always if entry.file in files}
        _gather(places, hits.found, self._common, files)
        for name in self._apart.keys() & files:
            _gather(places, self._apart[name].search(hits), self._apart[name], files)
        found: Candidates = {}
        for entry, own in places.items():
            found.setdefault(entry.file, {}).setdefault(entry.rule, []).append((entry, own))
        for at, entries in hits.exact:
            for entry in entries:
                if entry.file in files:
                    found.setdefault(entry.file, {}).setdefault(entry.rule, []).append((None, (at,)))
        return found


def _join(hits: Hits) -> None:
    pieces, length = [], 0
    for text in hits.compared:
        piece = _START + text
        if _UNEVEN_START(text):
            piece += _FOLDED_START + literal.beginning(text)
        pieces.append(piece)
        length += len(piece)
        hits.ends.append(length)
    hits.text = "".join(pieces)


def _gather(places: dict[Entry, set[int]], found: dict[str, list[int]], strings: Strings, files: Collection[str]) -> None:
    """Add, for each rule of the files, the places of the texts that hold one of its strings."""
    for key, own in found.items():
        for entry in strings.entries[key]:
            if entry.file in files:
                if entry in places:
                    places[entry].update(own)
                else:
                    places[entry] = set(own)


def worth_trying(looks: Looks, hits: Hits, first: int = 0, last: int = 0) -> list[tuple[int, bool]]:
    """The places, in order, where one rule must be tried, and whether it is known to match; none of ``first .. last - 1``."""
    found: dict[int, bool] = {}
    for entry, places in looks:
        wanted = [at for at in places if not first <= at < last] if last > first else places
        if entry is None:
            found.update(dict.fromkeys(wanted, True))
        else:
            _try(entry, hits, wanted, found)
    return sorted(found.items())


def _try(entry: Entry, hits: Hits, places: Iterable[int], found: dict[int, bool]) -> None:
    """Add the places of blocks that are short enough for a rule, and that a quick look does not rule out: ``probe``'s, which is sure, or
    else a loop for each part of ``Entry.needs``, without a call: this runs eight hundred times a page.
    """
    words, texts, compared, most, needs = hits.words, hits.lowered, hits.compared, entry.max_words, entry.needs
    longest, lowered, run = (probe(entry.text) if entry.text else None) or _NO_PROBE
    for at in places:
        if words[at] > most:
            continue
        text = texts[at]
        if text and len(text) <= longest:
            if run(text if lowered else hits.blocks[at].text):
                found[at] = True
        elif not needs:
            found.setdefault(at, False)
        else:
            text = compared[at]
            for alternative in needs:
                for strings in alternative:
                    for one in strings:
                        if one in text:
                            break
                    else:
                        break
                else:
                    found.setdefault(at, False)
                    break
