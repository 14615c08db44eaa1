"""How far a rule with ``until`` reaches: a heading, and what belongs to it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from . import select
from .model import Block, Page
from .rulefile import Rule
from .select import Selector

_PROSE_WORDS, _SENTENCE_WORDS = 20, 12
"""A block of this many words is prose; of the smaller number, when it also ends like a sentence."""
_PROSE_LINKS = 0.3
_SENTENCE_ENDS = (".", "!", "?", "\u201d", '"', "\u3002", "\uff01", "\uff1f")


Stops = dict[tuple[str, int], dict[int, int]]
"""(until, level) -> block -> how far a walk from it is known to meet no stop; kept a page, so that walks add up to one"""


def reach(
    page: Page, node: int, first: int, last: int, rule: Rule, find: Callable[[tuple[Selector, ...]], list[int]], known: Stops
) -> tuple[int, int]:
    """The element on which the mark then stands, and the block after the last one it covers."""
    until = rule.until or "heading"
    if page.kind == "text":
        if rule.max_blocks is None:
            return node, last
        limit, holder = len(page.blocks), node
    else:
        holder = _holder(page, node, first, last)
        limit = page.last_block[holder] if holder >= 0 else len(page.blocks)
    if rule.max_blocks is not None:
        limit = min(limit, last + rule.max_blocks)
    stops = outermost(page, find(select.parse(until))) if until not in ("heading", "prose", "parent") else ([], [])
    level = (page.blocks[first].level if first < last else 0) or 7
    free = known.setdefault((until, level), {})
    end, walked = last, [last]
    while end < limit:
        if end in free:
            end = free[end]
            if end >= limit or _stops(page, page.blocks[end], until, level, stops):
                break
        elif _stops(page, page.blocks[end], until, level, stops):
            break
        else:
            end += 1
            walked.append(end)
    free.update((at, end) for at in walked if at < end)
    end = min(end, limit)
    if page.kind == "text" and _is_subheading(page, end, last):
        end -= 1
    if end == last:
        return node, last
    return (holder if page.kind == "html" else -1), end


def _is_subheading(page: Page, end: int, last: int) -> bool:
    """On a text page: whether the last block reached is a line between list items and the prose that stopped the walk."""
    if not last < end - 1 < end < len(page.blocks):
        return False
    return page.blocks[end - 1].kind == "paragraph" and page.blocks[end - 2].kind == "item" and is_prose(page.blocks[end])


def _holder(page: Page, node: int, first: int, last: int) -> int:
    """The nearest ancestor that holds more than the matched blocks: a heading is often alone in a wrapper."""
    holder = page.parents[node]
    while holder >= 0 and page.first_block[holder] >= first and page.last_block[holder] <= last:
        holder = page.parents[holder]
    return holder


def outermost(page: Page, nodes: list[int]) -> tuple[list[int], list[int]]:
    """Elements in document order in; the first and the end of each outermost one out, ready for ``covers``."""
    starts: list[int] = []
    ends: list[int] = []
    for node in nodes:
        if not ends or node >= ends[-1]:
            starts.append(node)
            ends.append(page.ends[node])
    return starts, ends


def covers(intervals: tuple[list[int], list[int]], node: int) -> bool:
    """Whether an element is one of the outermost ones or below one."""
    at = bisect_right(intervals[0], node) - 1
    return at >= 0 and node < intervals[1][at]


def _stops(page: Page, block: Block, until: str, level: int, stops: tuple[list[int], list[int]]) -> bool:
    if covers(stops, block.node):
        return True
    if until == "parent":
        return False
    if until == "heading" and block.kind == "heading" and block.level <= level:
        return True
    return is_prose(block)


def is_prose(block: Block) -> bool:
    """Whether a block reads like a paragraph of an article rather than a title, a label or a link."""
    if block.kind not in ("paragraph", "quote") or block.link_chars > _PROSE_LINKS * len(block.text):
        return False
    if block.text.endswith(("...", "\u2026")):
        return block.words >= 2 * _PROSE_WORDS
    return block.words >= _PROSE_WORDS or (block.words >= _SENTENCE_WORDS and block.text.endswith(_SENTENCE_ENDS))
