"""Which blocks of a page are boilerplate because they stand on the site's other pages too: counts in, marks out.

The share of pages that is asked for depends on where a block stands. Outside the part of the page that varies, little evidence is
needed; inside it (where the article is) more, and most for what articles of one site share by nature: short lines, headings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from ..model import Block, Mark, Origin, Page
from ..page import is_running_text
from .counts import EVERY_PAGE, estimate
from .prints import LINKED, WHOLE, Prints, fingerprints

OTHER_PAGES = 2
"""Pages of the site besides this one that must be known."""
_LEAST = 2
"""Of them that must have a block's fingerprint, whatever their share."""
_OUTSIDE, _INSIDE, _INSIDE_WEAK = 0.3, 0.4, 0.6
"""Share of the other pages that must have it: outside the varying part, inside, and inside for short lines, headings, and labels,
beginnings and ends alone."""
_SHORT_WORDS = 4
PART_MOST = 30
"""Words of a block that may go for its label, beginning or end alone: longer ones are prose that begins alike."""
_TRIMMED = 0.03
"""Share of the varying prose that is left out at either end when the varying part is bounded."""
_MOST = 0.5
"""Share of the words of prose above which repetition says nothing of it: the page is a copy, or the site is nearly all template."""
_LISTED = 0.8
"""Share of characters in links from which a block is an entry of a list of links."""
_MOST_LISTED = 30


class Seen(Protocol):
    """Where counts are looked up."""

    def pages(self, site: str, keys: Iterable[int]) -> Mapping[int, list[int]]:
        """For those of some fingerprints of a site that were seen, the hashes of the pages that have them."""


class Memory(Seen, Protocol):
    """Where pages are counted as well."""

    def add(self, prints: Prints) -> None:
        """Count a page; one that was counted already changes nothing."""


class Repetition:
    """Counts of sites' pages, asked page by page. ``site``: under which to look up pages, in place of their own;
    ``grows``: where to count each page after it was asked for."""

    def __init__(self, seen: Seen, site: str | None = None, *, grows: Memory | None = None) -> None:
        self._seen, self._site, self._grows = seen, site, grows

    def marks(self, page: Page, kept: list[bool]) -> tuple[list[Mark], list[str]]:
        """A page, and which of its blocks would be kept without it, in; DROP marks on what repeats on its site, and warnings, out."""
        prints = fingerprints(page, self._site)
        found = repeated(page, kept, prints, self._seen.pages(prints.site, (key for keys in prints.keys for key in keys)))
        if self._grows is not None:
            self._grows.add(prints)
        return found


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the counts say of one page."""

    others: int
    """Pages of the site besides this one; too few, and nothing else is said."""
    first: int
    last: int
    """Blocks ``first .. last - 1`` are the part that varies from page to page."""
    repeated: dict[int, tuple[int, int]]
    """Block that repeats -> (which of its fingerprints shows it, on how many other pages)."""

    def said(self, at: int) -> str:
        """``on 38 of 40 pages``, this one among them."""
        return f"on {self.repeated[at][1] + 1} of {self.others + 1} pages"


def evidence(page: Page, prints: Prints, seen: Mapping[int, list[int]]) -> Evidence:
    """A page, its fingerprints, and the hashes of the pages that have them, in; what repeats on it out.

    Whether the page itself is among those that were counted makes no difference.
    """
    others = _others(seen.get(EVERY_PAGE, []), prints.page)
    if others < OTHER_PAGES or not prints.site:
        return Evidence(others, 0, 0, {})
    counts = [[(kind, _others(seen.get(key, []), prints.page)) for key, kind in _pairs(prints, at)] for at in range(len(page.blocks))]
    first, last = _varying_part(page.blocks, counts, others)
    found = ((block.index, _best(block, counts[block.index], others, inside=first <= block.index < last)) for block in page.blocks)
    return Evidence(others, first, last, {at: best for at, best in found if best is not None})


def repeated(page: Page, kept: list[bool], prints: Prints, seen: Mapping[int, list[int]]) -> tuple[list[Mark], list[str]]:
    """The same as marks, and warnings. ``kept``: which of the blocks would stay without them."""
    said = evidence(page, prints, seen)
    going = set(said.repeated)
    warnings = []
    prose = [block for block in page.blocks if kept[block.index] and is_running_text(block)]
    if sum(block.words for block in prose if block.index in going) > _MOST * sum(block.words for block in prose):
        warnings = [f"repetition: more than {_MOST:.0%} of the text stands on other pages of {prints.site} too, so none of it was dropped"]
        going.difference_update(block.index for block in prose)
    marks = [_mark(page.blocks[at], said.said(at)) for at in sorted(going)]
    marks += [_mark(page.blocks[at], "a link in a list that stands on other pages too") for at in sorted(listed(page, going))]
    return marks, warnings


def _pairs(prints: Prints, at: int) -> Iterable[tuple[int, str]]:
    return zip(prints.keys[at], prints.kinds[at], strict=True)


def _others(pages: list[int], own: int) -> int:
    """How many pages besides this one."""
    return estimate(pages) - (own in pages)


def _varying_part(blocks: list[Block], counts: list[list[tuple[str, int]]], others: int) -> tuple[int, int]:
    """The blocks from the first to the last that hold prose not seen elsewhere, without what lies far from most of it."""
    enough = max(_LEAST, _OUTSIDE * others)
    new = [block for block in blocks if is_running_text(block) and all(count < enough for _, count in counts[block.index])]
    words = sum(block.words for block in new)
    before, first, last = 0, len(blocks), 0
    for block in new:
        if before + block.words > _TRIMMED * words and before < (1 - _TRIMMED) * words:
            first, last = min(first, block.index), block.index + 1
        before += block.words
    return first, last


def _best(block: Block, counts: list[tuple[str, int]], others: int, *, inside: bool) -> tuple[int, int] | None:
    """The fingerprint of a block that most other pages have, and how many those are, if they are enough."""
    best = None
    for at, (kind, count) in enumerate(counts):
        part = kind not in (WHOLE, LINKED)
        if part and block.words > PART_MOST:
            continue
        weak = part or block.words < _SHORT_WORDS or block.kind in ("heading", "cell")
        share = _OUTSIDE if not inside else _INSIDE_WEAK if weak else _INSIDE
        if count >= max(_LEAST, share * others) and (best is None or count > best[1]):
            best = at, count
    return best


def listed(page: Page, repeated: Collection[int]) -> set[int]:
    """Links that change from page to page in a list whose heading repeats: the largest element round a repeated block that holds
    only repeated blocks and links."""
    found: set[int] = set()
    for at in repeated:
        node = page.parents[page.blocks[at].node] if page.kind == "html" else -1
        inside: list[int] = []
        while node >= 0:
            own = range(page.first_block[node], page.last_block[node])
            if len(own) > _MOST_LISTED or not all(one in repeated or _is_link(page.blocks[one]) for one in own):
                break
            inside = [one for one in own if one not in repeated]
            node = page.parents[node]
        found.update(inside)
    return found


def _is_link(block: Block) -> bool:
    return block.link_chars >= _LISTED * len(block.text)


def _mark(block: Block, why: str) -> Mark:
    return Mark("DROP", Origin("repetition#block", "repetition", f"repetition: {why}"), 0, block.node, block.index, block.index + 1)
