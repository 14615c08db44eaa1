"""What the block scorer looks at: one row of numbers a block, from the page's arrays and without a second look at the tree."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from functools import lru_cache
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .model import Page
from .text import bare, comparable, comparable_all

Floats = NDArray[np.float32]

_HINTS = (
    "article|story|newsbody",
    "content|body",
    "entry|post|single",
    "main|primary",
    "text|prose|copy|paragraph|rich",
    "comment|respond|disqus|reply|discussion",
    "share|social|follow|addtoany|addthis",
    "related|recommend|similar|also|more|next|prev|suggest",
    "nav|menu|breadcrumb|pagination|pager",
    "sidebar|aside|widget|rail|secondary",
    "footer|colophon|bottom",
    "header|masthead|banner|topbar|hero",
    "promo|sponsor|advert|ads|ad|cta|offer|affiliate",
    "newsletter|subscribe|signup|optin|mailing|form|popup|modal|overlay",
    "author|byline|bio|avatar|vcard|contributor",
    "meta|date|time|tag|tags|category|categories|label|info|kicker",
    "caption|figure|image|img|photo|gallery|media|video|credit",
    "card|teaser|grid|list|feed|archive|item|tile|carousel|slider",
    "cookie|consent|gdpr|legal|disclaimer|copyright|privacy|terms",
    "title|headline|heading",
    "toc|contents|summary|takeaways|highlights|faq",
    "product|price|cart|shop|buy|review|rating",
    "login|account|search|lang|skip|hidden|sr",
    "quote|pullquote|embed|tweet|twitter|instagram",
)
_ANCESTOR_TAGS = (
    "article",
    "main",
    "aside",
    "nav",
    "footer",
    "header",
    "form",
    "table",
    "ul",
    "ol",
    "li",
    "figure",
    "blockquote",
    "dl",
    "section",
    "a",
    "p",
    "td",
    "details",
)
_HINT_OF = {word: at for at, words in enumerate(_HINTS) for word in words.split("|")}
_TAG_BIT = {tag: 1 << (len(_HINTS) + at) for at, tag in enumerate(_ANCESTOR_TAGS)}
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_BITS = len(_HINTS) + len(_ANCESTOR_TAGS)
_KINDS = ("paragraph", "heading", "item", "cell", "caption", "code", "quote", "button")
_SENTENCE_ENDS = frozenset(".!?\u201d\"\u3002\uff01\uff1f\u2019')")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b\d{1,2}:\d\d\b")
_SHORT = 120
_SPANS = (1, 3, 8)
_FAR, _MANY_BLOCKS, _MUCH_PROSE = 60, 400, 3_000
"""Where counts stop to matter: a book of 30,000 paragraphs must not look like nothing seen before."""


@lru_cache(maxsize=20_000)
def _hints(name: str) -> int:
    """Class and id of an element as a set of hint bits."""
    bits = 0
    for word in _WORDS.findall(name):
        at = _HINT_OF.get(word.lower())
        if at is not None:
            bits |= 1 << at
    return bits


def columns(kind: str) -> list[str]:
    """Names of the features of "html" or "text" pages, in the order of ``features``' columns."""
    names = [*_text_names(), *(f"{name} {side}{span}" for span in _SPANS for side in "-+" for name in _WINDOWED), *_place_names()]
    return names + _tree_names() if kind == "html" else names


def features(page: Page, dropped: list[bool]) -> Floats:
    """A page and the blocks that rules dropped in; an array of (blocks, features) out."""
    gone = np.array(dropped, dtype=np.float32)
    own, base = _text_features(page, gone)
    parts = [own, _window_features(base), _place_features(page, base, gone)]
    if page.kind == "html":
        parts.append(_tree_features(page, base))
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
    heading = _small([block.kind == "heading" for block in blocks])
    item = _small([block.kind == "item" for block in blocks])
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
    kinds = [block.kind for block in blocks]
    own += [_small([one == kind for one in kinds]) for kind in _KINDS]
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
        np.log1p(np.minimum(here, _FAR)),
        np.log1p(np.minimum(count - 1 - here, _FAR)),
        (running - prose) / total,
        (total - running) / total,
        np.log1p(np.minimum(previous, 50)),
        np.log1p(np.minimum(following, 50)),
        titles,
        above,
        first_level,
        titles == 1,
        np.full(count, np.log1p(min(count, _MANY_BLOCKS))),
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


# ---------------------------------------------------------------- the block's place in the tree


def _tree_names() -> list[str]:
    names = [f"hint {words.partition('|')[0]}" for words in _HINTS] + [f"in {tag}" for tag in _ANCESTOR_TAGS]
    names += [f"near {words.partition('|')[0]}" for words in _HINTS]
    for level in ("own", "parent", "grandparent", "great"):
        names += [f"{level} {name}" for name in ("prose share", "prose density", "link share", "log blocks", "short share")]
    return [*names, "depth", "path 50", "path 75", "path 90", "in 50", "in 75", "in 90", "like siblings"]


def _tree_features(page: Page, base: Floats) -> Floats:
    parents = np.array([-1, *page.parents], dtype=np.int64) + 1
    nodes = np.array([block.node for block in page.blocks], dtype=np.int64) + 1
    masks, owns, depths = _inherited(page)
    inherited = _unpack([masks[node] for node in nodes.tolist()], _BITS)
    nearest = _unpack(_near(page, owns), len(_HINTS))
    first = np.array([0, *page.first_block], dtype=np.int64)
    last = np.minimum(np.array([len(page.blocks), *page.last_block], dtype=np.int64), len(page.blocks))
    prose = np.concatenate([[0.0], np.cumsum(base[:, 1], dtype=np.float64)])
    short = np.concatenate([[0.0], np.cumsum(base[:, 8], dtype=np.float64)])
    chars = np.array(page.chars_before, dtype=np.float64)
    links = np.array(page.links_before, dtype=np.float64)
    total = max(prose[-1], 1.0)
    parts: list[Any] = [inherited, nearest]
    levels = []
    at = nodes
    for _ in range(4):
        low, high = first[at], last[at]
        inside = prose[high] - prose[low]
        size = np.maximum(high - low, 1)
        text = np.maximum(chars[high] - chars[low], 1)
        sizes = np.log1p(np.minimum(size, _MANY_BLOCKS))
        levels += [inside / total, np.log1p(inside / size), (links[high] - links[low]) / text, sizes, (short[high] - short[low]) / size]
        at = parents[at]
    parts.append(np.stack(levels, axis=1))
    parts.append((depths[nodes] / 10)[:, None])
    parts.append(_container_features(page, prose, first, last, parents))
    parts.append(_siblings(page)[:, None])
    return np.concatenate(parts, axis=1).astype(np.float32)


def _inherited(page: Page) -> tuple[list[int], list[int], NDArray[np.float64]]:
    """For each element with a block in it (0 is above the root): hints and tags of all ancestors, its own hints, depth."""
    tags, names, parents = page.tags, page.names, page.parents
    around: set[int] = set()
    for block in page.blocks:
        node = block.node
        while node >= 0 and node not in around:
            around.add(node)
            node = parents[node]
    masks, owns, depths = ([0] * (len(tags) + 1) for _ in range(3))
    for node in sorted(around):
        own, above = _hints(names[node]), parents[node] + 1
        masks[node + 1] = masks[above] | own | _TAG_BIT.get(tags[node], 0)
        owns[node + 1] = own
        depths[node + 1] = depths[above] + 1
    return masks, owns, np.array(depths, dtype=np.float64)


def _near(page: Page, owns: list[int]) -> list[int]:
    """Hints of each block's element and the two above it."""
    found = []
    for block in page.blocks:
        parent = page.parents[block.node] if block.node >= 0 else -1
        above = page.parents[parent] if parent >= 0 else -1
        found.append(owns[block.node + 1] | owns[parent + 1] | owns[above + 1])
    return found


def _unpack(masks: list[int], bits: int) -> NDArray[np.uint8]:
    chosen = np.array(masks, dtype="<u8")
    return np.unpackbits(chosen.view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")[:, :bits]


def _container_features(page: Page, prose: Any, first: Any, last: Any, parents: Any) -> NDArray[np.float64]:
    """How far each block stands from the smallest element that holds 50, 75 and 90 % of the prose, and whether inside."""
    count = len(page.blocks)
    inside = prose[last] - prose[first]
    size = last - first
    columns, flags = [], []
    for share in (0.5, 0.75, 0.9):
        enough = np.flatnonzero(inside >= share * prose[-1])
        node = int(enough[np.argmin(size[enough] - enough * 1e-9)]) if prose[-1] > 0 else 0
        path = []
        while node > 0:
            path.append(node)
            node = int(parents[node])
        distance = np.full(count, float(len(path)))
        for steps, element in reversed(list(enumerate(path))):
            distance[first[element] : last[element]] = steps
        columns.append(np.minimum(distance, 15) / 5)
        flags.append(distance == 0)
    return np.stack([*columns, *flags], axis=1)


def _siblings(page: Page) -> NDArray[np.float64]:
    """Log of how many elements share the block's element's tag, class and parent's class: lists of cards repeat."""
    keys = [
        (page.tags[block.node], page.names[block.node], page.names[page.parents[block.node]]) if block.node > 0 else ("", "", "")
        for block in page.blocks
    ]
    counts: dict[tuple[str, str, str], int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return np.log1p(np.minimum(np.array([counts[key] for key in keys], dtype=np.float64), _FAR))
