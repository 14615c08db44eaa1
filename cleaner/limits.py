"""How much of one page is read. Past a limit the article says so, and holds what could be read."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, fields

from .model import Page
from .page import MAX_CLASSES, MAX_DEPTH, count
from .text import count_words

_UTF8_TAIL = 3
"""Bytes of a character that may stand after its first one."""


@dataclass(frozen=True, slots=True)
class PageLimits:
    """The limits of a ``Cleaner``; real articles stay far below the defaults. Raises ValueError for one that is not above zero."""

    bytes: int = 50_000_000
    """Of the page as it came (characters of a ``str``)."""
    elements: int = 1_000_000
    depth: int = MAX_DEPTH
    """Of block-level elements in each other."""
    attributes: int = MAX_CLASSES
    """Characters of one ``class``; of a ``style`` 2,000 are read."""
    blocks: int = 200_000
    text: int = 20_000_000
    """Characters of shown text."""
    seconds: float = 10.0
    """That the patterns of all rules together may take on one page; see ``pattern.py`` for those of one rule."""

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name) > 0:
                raise ValueError(f"limits: {field.name} must be above 0")


def within_bytes(data: bytes | str, limits: PageLimits) -> tuple[bytes | str, list[str]]:
    """A page as it came in; as much of it as may be read, and a warning where that is not all, out."""
    if len(data) <= limits.bytes:
        return data, []
    held = data[: limits.bytes - limits.bytes % 4 or limits.bytes]
    if isinstance(held, bytes):
        held = _whole_characters(held)
    return held, [f"too-long: the page has {len(data):,} bytes; the first {len(held):,} were read"]


def _whole_characters(data: bytes) -> bytes:
    """Without the beginning of a UTF-8 character at its end; in other encodings it costs a few bytes."""
    for back in range(1, _UTF8_TAIL + 2):
        if data[-back : len(data) - back + 1] and data[-back] >= 0xC0:
            return data[:-back]
        if data[-back : len(data) - back + 1] and data[-back] < 0x80:
            break
    return data


def hold(page: Page, limits: PageLimits) -> None:
    """Cut what a page's blocks have beyond the limits, with a warning on the page."""
    whole = min(len(page.blocks), limits.blocks)
    fitting = bisect_right(page.chars_before, limits.text) - 1
    if whole == len(page.blocks) <= fitting:
        return
    rest = limits.text - page.chars_before[fitting]
    last = min(whole, fitting)
    if last == fitting < whole and rest:
        block = page.blocks[last]
        block.text = block.text[:rest]
        block.runs, block.words = [(block.runs[0][0], block.text)], count_words(block.text)
        block.link_chars = min(block.link_chars, rest)
        last += 1
    page.warnings.append(f"too-long: the page has {len(page.blocks):,} blocks of text; the first {last:,} were read")
    del page.blocks[last:]
    page.first_block[:] = [min(at, last) for at in page.first_block]
    page.last_block[:] = [min(at, last) for at in page.last_block]
    page.images[:] = [image for image in page.images if image[0] <= last]
    if page.kind == "text":
        for column in (page.tags, page.names, page.parents, page.ends, page.first_block, page.last_block):
            del column[last:]
    count(page)
