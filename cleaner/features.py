"""What the block scorer looks at: one row of numbers a block, from the page's arrays and without a second look at the tree."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from . import tree_features
from .model import Page
from .text import bare, comparable, comparable_all
from .tree_features import FAR, MANY_BLOCKS, Floats

_KINDS = ("paragraph", "heading", "item", "cell", "caption", "code", "quote", "button")
_KIND_AT = {kind: at for at, kind in enumerate(_KINDS)}
_SENTENCE_ENDS = frozenset(".!?\u201d\"\u3002\uff01\uff1f\u2019')")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b\d{1,2}:\d\d\b")
_SHORT = 120
_SPANS = (1, 3, 8)
_MUCH_PROSE = 3_000
"""Words of prose from which more of it does not matter, like ``FAR`` and ``MANY_BLOCKS``."""


def columns(kind: str) -> list[str]:
    """Names of the features of "html" or "text" pages, in the order of ``features``' columns."""
    names = [*_text_names(), *(f"{name} {side}{span}" for span in _SPANS for side in "-+" for name in _WINDOWED), *_place_names()]
    return names + tree_features.names() if kind == "html" else names


def features(page: Page, dropped: list[bool]) -> Floats:
    """A page and the blocks that rules dropped in; an array of (blocks, features) out."""
    gone = np.array(dropped, dtype=np.float32)
    own, base = _text_features(page, gone)
    parts = [own, _window_features(base), _place_features(page, base, gone)]
    if page.kind == "html":
        parts.append(tree_features.features(page, base[:, 1], base[:, 8]))
    return np.concatenate(parts, axis=1, dtype=np.float32)


# ---------------------------------------------------------------- the block's own text

_BASE = ("words", "prose", "linked", "sentence", "heading", "item", "gone", "date", "short", "chars")
_WINDOWED = ("words", "prose", "linked", "sentence", "heading", "item", "gone", "date", "short")


def _text_names() -> list[str]:
    own = [
        "log words",
        "log chars",
        "link share",
        "letters a word",
        "commas",
        "stops",
        "sentence end",
        "colon end",
        "ellipsis",
        "starts upper",
        "starts lower",
    ]
    own += [
        "starts digit",
        "all caps",
        "has date",
        "has break",
        "question",
        "gap",
        "gone",
        "heading level",
        "repeated",
        "prose",
        "bar or bullet",
        "has @ or http",
    ]
    return own + [f"is {kind}" for kind in _KINDS]


def _text_features(page: Page, gone: Floats) -> tuple[Floats, Floats]:
    blocks = page.blocks
    texts = [block.text for block in blocks]
    words = np.array([block.words for block in blocks], dtype=np.float32)
    chars = np.array([len(text) for text in texts], dtype=np.float32)
    links = np.array([block.link_chars for block in blocks], dtype=np.float32) / np.maximum(chars, 1)
    last = [text[-1] for text in texts]
    sentence = _small([end in _SENTENCE_ENDS for end in last])
    ellipsis = _small([text.endswith(("...", "\u2026")) for text in texts])
    first = [text[0] for text in texts]
    date = _small(_dated(texts))
    kinds = _of_kind([_KIND_AT[block.kind] for block in blocks])
    heading, item = kinds[_KIND_AT["heading"]], kinds[_KIND_AT["item"]]
    seen = Counter(texts)
    likely = ((words >= 20) | ((words >= 10) & (sentence > 0) & (ellipsis == 0))) & (links < 0.4) & (gone == 0) & (heading == 0)
    prose = np.where(likely, words, 0).astype(np.float32)
    own = [
        np.log1p(words),
        np.log1p(chars),
        links,
        np.minimum(chars / np.maximum(words, 1), 20) / 10,
        np.log1p(np.array([text.count(",") for text in texts], dtype=np.float32)),
        np.log1p(np.array([text.count(". ") for text in texts], dtype=np.float32)),
        sentence,
        _small([end == ":" for end in last]),
        ellipsis,
        _small([one.isupper() for one in first]),
        _small([one.islower() for one in first]),
        _small([one.isdigit() for one in first]),
        _small([len(text) < 100 and text.isupper() for text in texts]),
        date,
        _small(["\n" in text for text in texts]),
        _small([end == "?" for end in last]),
        _small([min(block.gap, 4) for block in blocks]) / 2,
        gone,
        _small([block.level for block in blocks]) / 3,
        _small([seen[text] > 1 for text in texts]),
        (prose > 0).astype(np.float32),
        _small([len(text) < 200 and ("|" in text or "\u2022" in text or "\u00b7" in text or "\u00bb" in text) for text in texts]),
        _small([len(text) < 200 and ("@" in text or "http" in text or "www." in text) for text in texts]),
    ]
    own += kinds
    short = (words < 6).astype(np.float32)
    base = np.stack([np.minimum(words, 60) / 20, prose, links, sentence, heading, item, gone, date, short, chars], axis=1)
    return np.stack(own, axis=1).astype(np.float32), base.astype(np.float32)


def _dated(texts: list[str]) -> list[bool]:
    """Which short texts hold a date or a time of day: one search in all of them, parted by what no date holds."""
    short = [text if len(text) < _SHORT else "" for text in texts]
    dated = [False] * len(texts)
    ends = list(accumulate([len(text) + 1 for text in short]))
    for found in _DATE.finditer("\0".join(short)):
        dated[bisect_right(ends, found.start())] = True
    return dated


def _small(values: list[bool] | list[int]) -> Floats:
    """Flags, or numbers below 256, as a column; through bytes, which is several times faster than from the list."""
    return np.frombuffer(bytes(values), dtype=np.uint8).astype(np.float32)


def _of_kind(places: list[int]) -> list[Floats]:
    """For each kind a column that flags the blocks of that kind; ``places``: of their kinds in ``_KINDS``."""
    return list((np.arange(len(_KINDS))[:, None] == np.array(places)).astype(np.float32))


def _window_features(base: Floats) -> Floats:
    """Means over the 1, 3 and 8 blocks before, and the same after."""
    count = len(base)
    columns = base[:, : len(_WINDOWED)].copy()
    columns[:, 1] = np.minimum(columns[:, 1], 60) / 20
    total = np.concatenate([np.zeros((1, columns.shape[1]), dtype=np.float32), np.cumsum(columns, axis=0)])
    here = np.arange(count)
    parts = []
    for span in _SPANS:
        before = (total[here] - total[np.maximum(here - span, 0)]) / span
        after = (total[np.minimum(here + 1 + span, count)] - total[here + 1]) / span
        parts += [before, after]
    return np.concatenate(parts, axis=1)


# ---------------------------------------------------------------- the block's place on the page


def _place_names() -> list[str]:
    return [
        "position",
        "from start",
        "from end",
        "prose before",
        "prose after",
        "prose gap before",
        "prose gap after",
        "title words",
        "title above",
        "h1 above",
        "is title",
        "log blocks",
        "log prose",
    ]


def _place_features(page: Page, base: Floats, gone: Floats) -> Floats:
    blocks, count = page.blocks, len(page.blocks)
    here = np.arange(count, dtype=np.float32)
    prose = base[:, 1]
    total = max(float(prose.sum()), 1.0)
    running = np.cumsum(prose)
    is_prose = prose > 0
    marks = np.where(is_prose, here, -1e6)
    previous = here - np.concatenate([[-1e6], np.maximum.accumulate(marks)[:-1]])
    marks = np.where(is_prose, here, 1e6)
    following = np.concatenate([np.minimum.accumulate(marks[::-1])[::-1][1:], [1e6]]) - here
    titles = _title_match(page)
    above = np.cumsum(titles == 1) > 0
    first_level = np.cumsum([block.level == 1 for block in blocks]) > 0
    columns = [
        here / max(count - 1, 1),
        np.log1p(np.minimum(here, FAR)),
        np.log1p(np.minimum(count - 1 - here, FAR)),
        (running - prose) / total,
        (total - running) / total,
        np.log1p(np.minimum(previous, 50)),
        np.log1p(np.minimum(following, 50)),
        titles,
        above,
        first_level,
        titles == 1,
        np.full(count, np.log1p(min(count, MANY_BLOCKS))),
        np.full(count, np.log1p(min(total, _MUCH_PROSE))),
    ]
    return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)


def _title_match(page: Page) -> NDArray[np.float64]:
    """For short blocks the share of their words that stand in the page's title; 1 only when the block is (in) the title."""
    title = comparable(page.head.title)
    words = set(title.split())
    matched = np.zeros(len(page.blocks))
    if not title:
        return matched
    short = [block for block in page.blocks if 2 <= block.words <= 30]
    for block, compared in zip(short, map(bare, comparable_all([block.text for block in short])), strict=True):
        if len(compared) > 10 and compared in title:
            matched[block.index] = 1
        else:
            own = compared.split()
            if not words.isdisjoint(own):
                matched[block.index] = 0.9 * sum(map(words.__contains__, own)) / max(len(own), 1)
    return matched
