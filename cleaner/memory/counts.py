"""On how many pages of a site a fingerprint was seen: counts that merge in any order and grouping, and count no page twice.

Of the pages on which a fingerprint was seen the ``K`` smallest hashes are kept. Their number is the count below ``K``; from there on
it is estimated from the largest of them (k minimum values: Bar-Yossef, Jayram, Kumar, Sivakumar, Trevisan 2002), with a standard error
of about 1 / sqrt(K - 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import nsmallest

import msgspec

from .prints import Prints

K = 64
EVERY_PAGE = 0
"""Stands for a fingerprint that every page of a site has."""
_HASHES, _LOWEST = 2.0**64, -(2**63)
"""Page hashes are signed numbers of 64 bits."""


class Count(msgspec.Struct, gc=False, array_like=True):
    """One fingerprint of a site."""

    pages: list[int]
    """The ``K`` smallest hashes of pages that have it, in order."""
    first: int
    """The smallest index that a block with it had on any page."""
    kind: str
    """What it is of, as in ``Prints.kinds``; the smallest, should two have one hash."""


def merged(one: Count, other: Count) -> Count:
    """The counts of one fingerprint as one."""
    return Count(_joined(one.pages, other.pages), min(one.first, other.first), min(one.kind, other.kind))


def _joined(one: list[int], other: list[int]) -> list[int]:
    """The ``K`` smallest hashes of both; what streams by has one page at a time, and brings nothing new most of the time."""
    if len(other) == 1 and (other[0] in one or (len(one) == K and other[0] > one[-1])):
        return one
    return nsmallest(K, {*one, *other})


def estimate(pages: list[int]) -> int:
    """Hashes of pages, in order, as a ``Count`` has them, in; the number of pages out: exact below ``K``."""
    if len(pages) < K:
        return len(pages)
    return round((K - 1) * _HASHES / (pages[-1] - _LOWEST + 1))


class Counts:
    """Counts held in memory, by site. ``add`` and ``merge`` commute; ``to_bytes`` is the same for the same pages."""

    def __init__(self, sites: dict[str, dict[int, Count]] | None = None) -> None:
        self.sites: dict[str, dict[int, Count]] = sites or {}

    def add(self, prints: Prints) -> None:
        """Count a page. One that was counted already changes nothing."""
        own = self.sites.setdefault(prints.site, {})
        for key, (first, kind) in occurrences(prints).items():
            _put(own, key, Count([prints.page], first, kind))

    def merge(self, other: Counts) -> None:
        """Take in the counts of other pages, or of the same."""
        for site, counts in other.sites.items():
            own = self.sites.setdefault(site, {})
            for key, count in counts.items():
                _put(own, key, count)

    def pages(self, site: str, keys: Iterable[int]) -> Mapping[int, list[int]]:
        """For those of some fingerprints of a site that were seen, the hashes of the pages that have them."""
        own = self.sites.get(site, {})
        return {key: own[key].pages for key in {*keys, EVERY_PAGE} if key in own}

    def without_rare(self, least: int) -> Counts:
        """Counts without the fingerprints that fewer pages have."""
        return Counts({site: {key: one for key, one in own.items() if len(one.pages) >= least} for site, own in self.sites.items()})

    def to_bytes(self) -> bytes:
        """Everything as msgpack, in order of site and fingerprint."""
        return msgspec.msgpack.encode([(site, sorted(self.sites[site].items())) for site in sorted(self.sites)])

    @classmethod
    def from_bytes(cls, data: bytes) -> Counts:
        """What ``to_bytes`` gave. Raises msgspec.MsgspecError for what it did not give."""
        sites = msgspec.msgpack.decode(data, type=list[tuple[str, list[tuple[int, Count]]]])
        return cls({site: dict(counts) for site, counts in sites})


def occurrences(prints: Prints) -> dict[int, tuple[int, str]]:
    """Each fingerprint of a page once, with the first block that has it and what it is of; ``EVERY_PAGE`` among them."""
    found: dict[int, tuple[int, str]] = {EVERY_PAGE: (0, "")}
    for at, (keys, kinds) in enumerate(zip(prints.keys, prints.kinds, strict=True)):
        for key, kind in zip(keys, kinds, strict=True):
            found.setdefault(key, (at, kind))
    return found


def _put(own: dict[int, Count], key: int, new: Count) -> None:
    own[key] = merged(own[key], new) if key in own else new
