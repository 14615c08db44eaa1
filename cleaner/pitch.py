"""Short blocks inside an article that are worded like a pitch or a notice, in words that no rule foresaw.

A sum over words and pairs of words decides, and takes strong evidence: what it drops stands between paragraphs of the article
or at its end, where neither template nor structure tell it apart. Each language has a model of its own; their numbers are part of the
scorer's weights file, and ``benchmarks/train.py`` makes them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import accumulate, pairwise, repeat
from math import fsum, sqrt

import msgspec

from .model import Block, Decision, Origin, Page
from .until import is_prose

FEWEST, MOST = 2, 80
"""Words of a block that is looked at: one says too little, longer ones are prose."""
_MOST_CHARACTERS = 1_000
"""A block may be one word of a million signs, each of which would be a token."""
SHORT = 40
"""Words up to which the model has learned; longer blocks need more evidence."""
OTHER_KINDS = frozenset({"code", "cell", "caption"})
"""Kinds of blocks that are never looked at: single cells say too little, and captions go with their image."""
_MOST_OF_ARTICLE = 0.25
"""Share of an article's words; where more is worded so, it is what the page is about."""
_INDEX = 0.3
"""Share of linked characters from which a page is an index, and its blocks are not judged by their wording."""
_HINT, _HINTED_WORDS = 1.6, 12
"""Log odds that a block of so few words may lack which stands beside a dropped one, or at the very end, or is a link."""
_LAST_SHARE = 0.05
"""The end of an article, as a share of its words."""
_STRONG = 1.5
"""Log odds past the threshold that a block needs which is long, or belongs to others: a heading with text, an item of a list."""
_LINKED = 0.9
"""Share of its characters from which a block is a link and nothing else."""
_HEADING_WORDS, _ENDS = 8, ".!?:\u2026\u201d\u2019)\u2192\u00bb"
"""On text pages a heading has no more words, and none of these signs at its end."""
_FIRST_LOOK, _NEVER = -1.0, -99.0
_NAMED = 3
"""Wordings that are named as the reason why a block was dropped."""
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d[\d.,:/-]*|[?!:;*@©→»|•…$€£%#]")
_START, _END, _NAME, _RARE, _NUMBER = "^", "$$", "@Name", "@word", "0"
_MARKS = frozenset({_START, _END})
_MASKS = _MARKS | {_NAME, _RARE}


class Pitches(msgspec.Struct, frozen=True):
    """The model as it lies in the weights file: log odds of being a pitch or a notice."""

    words: frozenset[str]
    """Those that are told apart; any other is a name or a rare word."""
    grams: dict[str, float]
    """What each word and pair of words adds, before it is divided by the root of how many of a block's are known."""
    bias: float
    threshold: float
    """Log odds from which a block is dropped."""

    def log_odds(self, text: str) -> float:
        """A block's text in, the log odds that it is a pitch or a notice out; ``_NEVER`` where its single words speak against it.

        Three blocks of four end there, which saves most of the time, and hardly a pitch does.
        """
        weight = self.grams.get
        if sum(map(weight, text.lower().split(), repeat(0.0))) < _FIRST_LOOK:
            return _NEVER
        known = [value for gram in grams(text, self.words) if (value := weight(gram)) is not None]
        return self.bias + fsum(known) / sqrt(max(len(known), 1))

    def spoken(self, text: str) -> tuple[str, ...]:
        """The few wordings of a text that speak most for a pitch or a notice, the strongest first, as a person reads them."""
        telling = {gram: weight for gram in grams(text, self.words) if (weight := self.grams.get(gram, 0.0)) > 0}
        own = [gram for gram in telling if not _MARKS & set(gram.split())] or list(telling)
        own.sort(key=lambda gram: (-telling[gram], gram))
        return tuple([gram.replace(_NAME, "(name)").replace(_RARE, "(word)") for gram in own[:_NAMED]])


def tokens(text: str) -> list[str]:
    """Words, numbers and telling signs of a text, as written."""
    return _TOKEN.findall(text.replace("\u2019", "'") if "\u2019" in text else text)


def grams(text: str, words: frozenset[str]) -> set[str]:
    """Words and pairs of words of a text, those at its ends marked. ``words``: those that are told apart.

    What is nothing but names, rare words and ends is no evidence, and left out.
    """
    row = [_START]
    for token in tokens(text):
        first = token[0]
        if first.isalpha():
            low = token.lower()
            row.append(low if low in words else _NAME if first.isupper() else _RARE)
        else:
            row.append(_NUMBER if first.isdigit() else first)
    row.append(_END)
    pairs = [f"{one} {other}" for one, other in pairwise(row) if not (one in _MASKS and other in _MASKS)]
    return {*row, *pairs} - _MASKS


def is_looked_at(block: Block) -> bool:
    """Whether a block is of the length and kind that the model judges."""
    return FEWEST <= block.words <= MOST and block.kind not in OTHER_KINDS and len(block.text) <= _MOST_CHARACTERS


def drop_pitches(model: Pitches, page: Page, decisions: Sequence[Decision], wanted: Collection[int] = ()) -> None:
    """Drop the kept blocks that are worded like a pitch or a notice, unless a rule keeps them or much of the article is.

    ``wanted``: places of blocks that stay in any case.
    """
    kept = [at for at, decision in enumerate(decisions) if decision.verdict == "KEEP"]
    blocks = [page.blocks[at] for at in kept]
    if _is_index(blocks):
        return
    excess = [_NEVER if at in wanted else _excess(model, page.blocks[at], decisions[at]) for at in kept]
    if max(excess, default=_NEVER) < -_HINT:
        return
    needed = _needed(page, blocks, excess, _hints(blocks, kept, len(decisions)))
    found = [at for at, past, least in zip(kept, excess, needed, strict=True) if past >= least]
    if sum([page.blocks[at].words for at in found]) <= _MOST_OF_ARTICLE * sum([block.words for block in blocks]):
        for at in found:
            decisions[at].verdict, decisions[at].origin = "DROP", _reason(model.spoken(decisions[at].text))


def _is_index(kept: list[Block]) -> bool:
    """Whether much of the text is links, as on front pages and in shops."""
    return sum([block.link_chars for block in kept]) > _INDEX * sum([len(block.text) for block in kept])


def _excess(model: Pitches, block: Block, decision: Decision) -> float:
    """How far a block's log odds are past the threshold."""
    return model.log_odds(decision.text) - model.threshold if decision.origin is None and is_looked_at(block) else _NEVER


def _hints(blocks: list[Block], kept: list[int], count: int) -> list[bool]:
    """Whether the place of each kept block, or its being a link, speaks for furniture. ``count``: of the page's blocks."""
    before = list(accumulate([block.words for block in blocks]))
    places, found = set(kept), []
    for block, at, words in zip(blocks, kept, before, strict=True):
        beside = (at > 0 and at - 1 not in places) or (at + 1 < count and at + 1 not in places)
        is_last = words > (1 - _LAST_SHARE) * before[-1]
        is_link = block.kind not in ("heading", "item") and _is_link(block)
        found.append(block.words <= _HINTED_WORDS and block.kind != "quote" and (beside or is_last or is_link))
    return found


def _is_link(block: Block) -> bool:
    return block.link_chars >= _LINKED * len(block.text)


def _needed(page: Page, kept: list[Block], excess: list[float], hints: list[bool]) -> list[float]:
    """How far past the threshold each block must be, by its place; more where it is part of something that stays.

    A long text and a heading above it that both read so bear each other out.
    """
    headed = [False, *[block.kind == "heading" and past >= 0 for block, past in zip(kept, excess, strict=True)]]
    usual = [
        -_HINT if hint else _STRONG if block.words > SHORT and not below else 0.0
        for block, hint, below in zip(kept, hints, headed[:-1], strict=True)
    ]
    stays = [past < least for past, least in zip(excess, usual, strict=True)]
    items = [stay and block.kind == "item" for block, stay in zip(kept, stays, strict=True)]
    needed: list[float] = []
    after: Block | None = None
    for at in range(len(kept) - 1, -1, -1):
        block = kept[at]
        if block.kind == "item":
            belongs = not _is_link(block) and any(items[max(at - 1, 0) : at + 2])
        else:
            belongs = after is not None and _heads(block, after, page.kind)
        needed.append(_STRONG if belongs else usual[at])
        after = block if stays[at] or block.kind == "heading" else after
    return needed[::-1]


def _heads(block: Block, after: Block, kind: str) -> bool:
    """Whether a block is the heading of what comes after it. Plain text has no headings: there a short line before prose is one."""
    if kind == "html":
        return block.kind == "heading" and after.kind != "heading"
    return block.words <= _HEADING_WORDS and block.text[-1] not in _ENDS and is_prose(after)


def _reason(spoken: tuple[str, ...]) -> Origin:
    said = ", ".join(f"\u201c{one}\u201d" for one in spoken)
    return Origin("scorer#pitch", "scorer", f"worded like a pitch or a notice: {said}")
