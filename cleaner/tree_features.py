"""What the block scorer sees of a block's place in the tree: class names and tags around it, and how the text is spread over them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .model import Page

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
FAR, MANY_BLOCKS = 60, 400
"""Where counts stop to matter: a book of 30,000 paragraphs must not look like nothing seen before."""

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


def names() -> list[str]:
    found = [f"hint {words.partition('|')[0]}" for words in _HINTS] + [f"in {tag}" for tag in _ANCESTOR_TAGS]
    found += [f"near {words.partition('|')[0]}" for words in _HINTS]
    for level in ("own", "parent", "grandparent", "great"):
        found += [f"{level} {name}" for name in ("prose share", "prose density", "link share", "log blocks", "short share")]
    return [*found, "depth", "path 50", "path 75", "path 90", "in 50", "in 75", "in 90", "like siblings"]


def features(page: Page, prose_words: Floats, is_short: Floats) -> Floats:
    """A page, and of each block the words if it is prose and whether it is short, in; an array of (blocks, features) out."""
    parents = np.array([-1, *page.parents], dtype=np.int64) + 1
    nodes = np.array([block.node for block in page.blocks], dtype=np.int64) + 1
    masks, owns, depths = _inherited(page)
    inherited = _unpack([masks[node] for node in nodes.tolist()], _BITS)
    nearest = _unpack(_near(page, owns), len(_HINTS))
    first = np.array([0, *page.first_block], dtype=np.int64)
    last = np.minimum(np.array([len(page.blocks), *page.last_block], dtype=np.int64), len(page.blocks))
    prose = np.concatenate([[0.0], np.cumsum(prose_words, dtype=np.float64)])
    short = np.concatenate([[0.0], np.cumsum(is_short, dtype=np.float64)])
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
        sizes = np.log1p(np.minimum(size, MANY_BLOCKS))
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
    return np.log1p(np.minimum(np.array([counts[key] for key in keys], dtype=np.float64), FAR))


@lru_cache(maxsize=20_000)
def _hints(name: str) -> int:
    """Class and id of an element as a set of hint bits."""
    bits = 0
    for word in _WORDS.findall(name):
        at = _HINT_OF.get(word.lower())
        if at is not None:
            bits |= 1 << at
    return bits
