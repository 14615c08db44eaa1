"""Where the rules are silent: which blocks are the article, from structure and text alone.

The door is ``score``; nothing outside this module knows how it decides.
"""

from __future__ import annotations

from .model import Block, Decision, Origin, Page
from .until import is_prose

MOST_OF_THE_PROSE = 0.75
"""Share of the page's prose that the article's container must hold."""
_LINKED = 0.5
_ITEM_LINKS = 0.7
_REACH = 6
"""How many short blocks may stand between two paragraphs of one article."""


def score(page: Page, decisions: list[Decision]) -> list[Origin | None]:
    """A page and what the rules decided in; for each block the reason to drop it, or None to keep it, out.

    Blocks that rules dropped are not looked at and get None.
    """
    open_blocks = [block for block, decision in zip(page.blocks, decisions, strict=True) if decision.verdict == "KEEP"]
    prose = [block.words if is_prose(block) else 0 for block in page.blocks]
    for at, decision in enumerate(decisions):
        if decision.verdict == "DROP":
            prose[at] = 0
    first, last = _container(page, prose) if page.kind == "html" else (0, len(page.blocks))
    first, last = _segment(page.blocks, prose, first, last)
    reasons: list[Origin | None] = [None] * len(page.blocks)
    for block in open_blocks:
        if not first <= block.index < last:
            reasons[block.index] = Origin("scorer#outside", "scorer", "outside the run of prose")
        elif _is_furniture(block, page.kind):
            reasons[block.index] = Origin("scorer#links", "scorer", "mostly links")
    return reasons


def _container(page: Page, prose: list[int]) -> tuple[int, int]:
    """Blocks of the smallest element that holds most of the prose."""
    before = [0]
    for words in prose:
        before.append(before[-1] + words)
    wanted = MOST_OF_THE_PROSE * before[-1]
    best, size = (0, len(page.blocks)), len(page.blocks) + 1
    for first, last in zip(page.first_block, page.last_block, strict=True):
        if last - first <= size and before[min(last, len(prose))] - before[first] >= wanted:
            best, size = (first, min(last, len(prose))), last - first
    return best


def _segment(blocks: list[Block], prose: list[int], first: int, last: int) -> tuple[int, int]:
    """The run of blocks with the largest sum: prose counts for, everything else against."""
    best, best_sum, start, total = (first, first), 0.0, first, 0.0
    for at in range(first, last):
        gain = min(prose[at], 40) if prose[at] else -_cost(blocks[at])
        if total <= 0:
            start, total = at, 0.0
        total += gain
        if total > best_sum:
            best, best_sum = (start, at + 1), total
    return _with_lead(blocks, *best, first)


def _cost(block: Block) -> float:
    if block.kind == "heading":
        return 1.0
    linked = block.link_chars > _LINKED * max(1, len(block.text))
    return 6.0 if linked else 2.0 if block.kind in ("item", "cell", "code", "quote") else 3.0


def _with_lead(blocks: list[Block], start: int, end: int, floor: int) -> tuple[int, int]:
    """A heading right before the first paragraph belongs to it, and a closing list or quote to the last."""
    if end > start:
        while start > floor and blocks[start - 1].kind == "heading" and blocks[start - 1].level > 1:
            start -= 1
        reach = min(len(blocks), end + _REACH)
        while end < reach and blocks[end].kind in ("item", "quote", "code") and blocks[end].link_chars <= _LINKED * len(blocks[end].text) and blocks[end].words >= 4:
            end += 1
    return start, end


def _is_furniture(block: Block, kind: str) -> bool:
    share = block.link_chars / max(1, len(block.text))
    return share > (_ITEM_LINKS if block.kind in ("item", "cell") else _LINKED) and not is_prose(block)
