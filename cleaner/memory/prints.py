"""Fingerprints of a page's blocks: what is the same on every page of a site although dates, counters, names and titles differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from ..dates import MONTH
from ..hosts import host_of, registrable
from ..model import Block, Page
from ..page import is_running_text
from ..text import bare, comparable, comparable_all

VERSION = 1
"""Goes up whenever the same page gives other fingerprints: counts of two versions do not go together."""
_EDGE_WORDS = 4
"""Words of the beginning, and of the end, of a block that are a fingerprint of their own."""
_LONGER_BY = 4
"""Words that a block has beyond an edge at least; else the edge says no more than the whole."""
_NUMBER = re.compile(r"\d[\d.,:/]*(?:st|nd|rd|th)?|\b(?:one|no)(?= (?:comment|reply|response))")
_AGO = re.compile(r"\b(?:seconds?|minutes?|mins?|hours?|days?|weeks?|months?|years?)\b(?= ago)")
_MONTHS = re.compile(rf"\b(?:{MONTH})\b\.?(?=,? 0)|(?<=0 )(?:{MONTH})\b\.?")
"""Names of months where a number (already replaced) stands beside them."""
_WORDS = re.compile(r"\w+")
_LABEL = ": \x03"
"""One word is enough before a link if it is a label: "Related: ..."."""
TITLE, NAME, LINK = "\x01", "\x02", "\x03"
"""What stands in a template for the page's own title, a name, and what is linked; numbers and dates are a "0"."""
_SITE_JOINTS = re.compile(r"\s+(?:[|·•»–—-]|::)\s+")
_LEAST_TITLE = 3
"""Words of a title that may stand for the title wherever it occurs; shorter ones are too common."""
WHOLE, LINKED, LABEL, BEGINNING, END = "wlabe"
"""Forms of a fingerprint: of a block's whole text, of its text without what is linked in it, of what stands before a colon, of its
first and its last words."""
_LABELLED = re.compile(r"([^:]{2,40}):\s\S")
_LABEL_WORDS = 5
_AROUND = 2
"""Elements around a block's own whose tags belong to its path. Their classes do not: themes put the post's categories there."""


@dataclass(frozen=True, slots=True)
class Prints:
    """The fingerprints of one page."""

    site: str
    """Registrable domain; empty where the page has no address."""
    page: int
    """64-bit hash of the page's prose: the same for every copy of a page on its site."""
    keys: list[tuple[int, ...]]
    """For each block its fingerprints (64 bits), that of the whole text first; none for a block that is only title, name or punctuation."""
    kinds: list[str]
    """What the fingerprints of each block are of: one letter each, as ``WHOLE`` and the others."""


def fingerprints(page: Page, site: str | None = None) -> Prints:
    """A page in, the fingerprints of its blocks out. ``site``: what to count it under, in place of its registrable domain."""
    keys: list[tuple[int, ...]] = []
    kinds: list[str] = []
    paths: dict[int, str] = {}
    for block, forms in zip(page.blocks, forms_of(page), strict=True):
        path = paths.get(block.node)
        if path is None:
            path = paths[block.node] = _path(page, block.node)
        keys.append(tuple(hash64(f"{kind}{path}\n{form}") for kind, form in forms))
        kinds.append("".join(kind for kind, _ in forms))
    prose = "\n".join(block.text for block in page.blocks if is_running_text(block)) or "\n".join(block.text for block in page.blocks)
    return Prints(site_of(page) if site is None else site, hash64(prose), keys, kinds)


def site_of(page: Page) -> str:
    """The registrable domain of a page: of its address, or else of the one it gives itself; empty where it has none."""
    said = [page.url, page.head.canonical, *(value for name, value in page.head.metas if name == "og:url")]
    return next((registrable(host) for host in map(host_of, said) if host), "")


def forms_of(page: Page) -> list[list[tuple[str, str]]]:
    """For each block of a page the texts of which its fingerprints are made, each with its form's letter; that of the whole first."""
    titles, names = _own_titles(page), _own_names(page)
    texts = comparable_all([block.text for block in page.blocks])
    return [_forms(page, block, templated(text, titles, names), titles, names) for block, text in zip(page.blocks, texts, strict=True)]


def templated(text: str, titles: list[str], names: list[str]) -> str:
    """A text as ``comparable`` gives it in; the same with the page's own titles and names, dates and numbers replaced, out."""
    for title in titles:
        if title in text:
            text = text.replace(title, TITLE)
    for name in names:
        if name in text:
            text = text.replace(name, NAME)
    text = _MONTHS.sub("0", _NUMBER.sub("0", text))
    return bare(_AGO.sub("0", text))


@lru_cache(maxsize=1 << 16)
def hash64(text: str) -> int:
    """blake2b of 8 bytes as a signed number (what SQLite stores): the same in every process and on every machine."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little", signed=True)


def _forms(page: Page, block: Block, text: str, titles: list[str], names: list[str]) -> list[tuple[str, str]]:
    words = text.split()
    if not _WORDS.search(text):
        return []
    forms = [(WHOLE, text)]
    if 0 < block.link_chars < 0.9 * len(block.text):
        without = comparable(_without_links(page, block))
        if len(_WORDS.findall(without)) > 1 or _LABEL in without:
            forms.append((LINKED, templated(without, titles, names)))
    elif (label := _LABELLED.match(text)) and len(label[1].split()) <= _LABEL_WORDS:
        forms.append((LABEL, label[1]))
    if len(words) >= _EDGE_WORDS + _LONGER_BY:
        forms += [(BEGINNING, " ".join(words[:_EDGE_WORDS])), (END, " ".join(words[-_EDGE_WORDS:]))]
    return forms


def _path(page: Page, node: int) -> str:
    """Tag, class and id of an element, numbers replaced, and the tags of those around it; empty on text pages."""
    if page.kind == "text":
        return ""
    steps = [_NUMBER.sub("0", page.names[node])]
    while node >= 0 and len(steps) <= _AROUND + 1:
        steps.append(page.tags[node])
        node = page.parents[node]
    return ">".join(steps)


def _without_links(page: Page, block: Block) -> str:
    return "".join(LINK if _in_link(page, node, block.node) else raw for node, raw in block.runs)


def _in_link(page: Page, node: int, top: int) -> bool:
    while node > top:
        if page.tags[node] == "a":
            return True
        node = page.parents[node]
    return False


def _own_titles(page: Page) -> list[str]:
    """What the page calls itself, longest first: its title with and without the site's name, its first main heading."""
    whole = page.head.title
    said = [whole, _SITE_JOINTS.split(whole)[0], *(value for name, value in page.head.metas if name in ("og:title", "twitter:title"))]
    said += [block.text for block in page.blocks if block.level == 1][:1]
    titles = {bare(comparable(one)) for one in said if len(one.split()) >= _LEAST_TITLE}
    return sorted(titles, key=lambda title: (-len(title), title))


def _own_names(page: Page) -> list[str]:
    said = [value for name, value in page.head.metas if name in ("author", "article:author", "twitter:data1", "parsely-author")]
    names = {comparable(one) for one in said if 1 < len(one.split()) < 6 and "//" not in one}
    return sorted(names, key=lambda name: (-len(name), name))
