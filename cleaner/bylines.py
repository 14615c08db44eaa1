"""Authors and dates as a reader finds them: around the title, by element or by wording."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .authors import byline_names, clean_authors, names_of_pieces
from .dates import find_date, parse_date
from .labels import PUBLISHED, UPDATED
from .model import Page
from .page import attribute
from .text import BREAK, fold

_BEFORE, _AFTER = 6, 10
"""Blocks before and after the title in which bylines stand."""
_MAX_WORDS = 40
_MAX_CHARS = 2000
_MAX_NODES, _MAX_NEAR, _MAX_ELSEWHERE, _MAX_PLACES = 80, 2000, 500, 1000
_AUTHOR, _DATE = 1, 2

# Parts of class names and ids.
_AUTHOR_NAME = re.compile(r"author(?!i[tz])|byline|(?:^\.|[-_])(?:fn|vcard|writer|contributors?|posted-by)$", re.I)
_NOT_AUTHOR = re.compile(r"avatar|image|img|photo|bio|social|desc|about|reviewer|card|next|prev|[-_]tag|categor|topic|nav|menu", re.I)
_DATE_NAME = re.compile(r"date|publish|posted-on|(?:^\.|[-_])time(?:stamp)?(?:$|[-_])", re.I)
_NOT_DATE = re.compile(r"modif|updat|event|copyright|card|candidate|validate|next|prev|publisher|nav|menu", re.I)
_TELLING = re.compile("author|byline|fn|vcard|writer|contributor|posted|date|publish|time")
"""In small letters, what a name has that says author or date: one search for the many names that say neither."""
_OTHER_PLACE = re.compile(
    r"comment|respond|related|sidebar|widget|recent|recommend|popular|trending|latest|more-|footer-|read-next|teaser", re.I
)
_AUTHOR_PATH = re.compile(r"/(?:authors?|profiles?|contributors?|writers?|columnists?)/[^/?#]+/?$|/author\b", re.I)
_UPDATED = re.compile(UPDATED, re.I)
_PUBLISHED = re.compile(rf"\b(?:{PUBLISHED})\b", re.I)
_WRITTEN_BY = re.compile(
    r"^\W{0,3}(?:(?:this (?:post|article) was )?(?:written|posted|authored|published)\s(?:by\b|on\b.{0,60}\bby\b)"
    r"|(?:article|story|post|words|text) by\b|authors?\s?:)",
    re.I,
)
_POSTED_ON = re.compile(
    rf"^\W{{0,3}}(?:(?:first |originally )?(?:date|{PUBLISHED})\b"
    r"|(?:post time|post date|publication date)\b)",
    re.I,
)
_DATELINE = re.compile(r".{0,60}?(?:19|20)\d\d\s?(?:[(/–—]|--)", re.S)


_GLUED = re.compile(r"(?<=[^\W\d_A-Z])(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? \d{1,2}, \d{4})")


def areas(page: Page, anchor: int) -> tuple[range, range]:
    """The blocks from the title's on, and those before it, in which bylines stand."""
    return range(anchor, min(len(page.blocks), anchor + _AFTER)), range(max(0, anchor - _BEFORE), min(anchor, len(page.blocks)))


def written_by(page: Page, anchor: int, site_names: list[str]) -> list[str]:
    """Names in the first line around the title that says "By"."""
    for area in areas(page, anchor):
        for at in area:
            if page.blocks[at].words <= _MAX_WORDS and (names := clean_authors([_block_byline(page, at)], site_names)):
                return names
    return []


def signed_by(page: Page, anchor: int, site_names: list[str]) -> list[str]:
    """Names in elements around the title that say "author" by their class or by where they link to."""
    for find in (_author_elements, _author_links):
        for area in areas(page, anchor):
            for values in find(page, area):
                if names := clean_authors(values, site_names):
                    return names
    return []


def elsewhere(page: Page, anchor: int, site_names: list[str]) -> list[str]:
    """Names in a line anywhere that says "Written by", or in author elements where all of them name the same."""
    for block in page.blocks:
        says_by = block.words <= _MAX_WORDS and _WRITTEN_BY.match(block.text)
        if says_by and (names := clean_authors([_block_byline(page, block.index)], site_names)):
            return names
    nodes = _own(page, anchor, _classed_anywhere(page, _AUTHOR))
    everyone = [names for node in nodes if (names := clean_authors(names_of_pieces(pieces(page, node)), site_names)) and " " in names[0]]
    return everyone[0] if everyone and all(names == everyone[0] for names in everyone) else []


@dataclass(slots=True, frozen=True)
class Shown:
    """A date as the page shows it."""

    date: str
    updated: bool
    """The page says that this is when the article was last changed."""


def date_near(page: Page, anchor: int, *, day_first: bool) -> Shown | None:
    """The date around the title: a <time>, an element of a date class, or a line with a date; "updated" only where nothing else is said."""
    fallback = None
    for area in areas(page, anchor):
        for find in (_time_elements, _date_elements, _date_lines):
            for value, context in find(page, area):
                date = parse_date(value, day_first=day_first)
                if date and (_PUBLISHED.search(context) or not _UPDATED.search(context)):
                    return Shown(date, updated=False)
                fallback = fallback or (Shown(date, updated=True) if date else None)
    return fallback


def date_elsewhere(page: Page, anchor: int, *, day_first: bool) -> str | None:
    """The date in a line anywhere that says "Posted on", or in date elements where all of them say the same."""
    for block in page.blocks:
        if block.words <= _MAX_WORDS and _POSTED_ON.match(block.text) and (date := find_date(block.text, day_first=day_first)):
            return date
    for nodes, read in ((page.tokens.get("time", [])[:_MAX_ELSEWHERE], _time_value), (_classed_anywhere(page, _DATE), _date_value)):
        values = [read(page, node)[0] for node in _own(page, anchor, nodes)]
        dates = {date[:10]: date for value in values if (date := parse_date(value, day_first=day_first))}
        if len(dates) == 1:
            return next(iter(dates.values()))
    return None


def dateline(page: Page, first: int | None, *, day_first: bool) -> str | None:
    """The date with which the first kept block opens, as press releases do: "LONDON, Jan. 14, 2026 (NEWSWIRE) -- "."""
    opening = _DATELINE.match(page.blocks[first].text) if first is not None and first < len(page.blocks) else None
    return find_date(opening[0], day_first=day_first) if opening else None


def _own(page: Page, anchor: int, nodes: list[int]) -> list[int]:
    """Elements without those in comments, related posts and sidebars; what holds the title is none of these, whatever its class says."""
    if not nodes:
        return []
    places = [
        (node, page.ends[node])
        for token, holders in page.tokens.items()
        if token[0] in ".#" and _is_other_place(token)
        for node in holders
        if not page.first_block[node] <= anchor < page.last_block[node]
    ]
    return [node for node in nodes if not any(begin <= node < end for begin, end in places)] if len(places) <= _MAX_PLACES else []


def pieces(page: Page, node: int) -> list[str]:
    """The visible text of an element, one piece for each element that holds characters: "By", "Ann Lee", "March 3"."""
    first, last = page.first_block[node], page.last_block[node]
    words, chars = page.words_before[last] - page.words_before[first], page.chars_before[last] - page.chars_before[first]
    if words > 4 * _MAX_WORDS or chars > _MAX_CHARS:
        return []
    end = page.ends[node]
    return [piece for at in range(first, last) for piece in _pieces(page, at, node, end)]


def _pieces(page: Page, at: int, begin: int, end: int) -> Iterator[str]:
    holder_before, raw = -1, ""
    for holder, text in page.blocks[at].runs:
        if not begin <= holder < end:
            continue
        if holder != holder_before and raw:
            yield from filter(None, map(fold, raw.split(BREAK)))
            raw = ""
        raw += text
        holder_before = holder
    yield from filter(None, map(fold, raw.split(BREAK)))


def _block_byline(page: Page, at: int) -> str:
    """The names of a block that says "By", within one element or across several."""
    parts = list(_pieces(page, at, 0, len(page.tags))) if page.kind == "html" else [_line(page, at)]
    text = _line(page, at) if len(parts) == 1 else "\n".join(parts)
    return byline_names(text)


def _line(page: Page, at: int) -> str:
    """A block's text; dumps of pages glue a name to the date that follows it: "by Jane DoeMay 3, 2026"."""
    text = page.blocks[at].text
    return _GLUED.sub(" ", text) if page.kind == "text" else text


def _begin_in(page: Page, area: range) -> range:
    """The elements that begin in an area of blocks; ``first_block`` grows in document order."""
    return range(bisect_left(page.first_block, area.start), bisect_right(page.first_block, area.stop - 1))


def _tagged(page: Page, area: range, tag: str) -> list[int]:
    near = _begin_in(page, area)
    nodes = page.tokens.get(tag, [])
    return nodes[bisect_left(nodes, near.start) : bisect_left(nodes, near.stop)][:_MAX_NODES]


def _classed(page: Page, area: range, kind: int) -> list[int]:
    near = _begin_in(page, area)[:_MAX_NEAR]
    return [node for node in near if (classes := attribute(page, node, "class")) and _class_says(classes) & kind][:_MAX_NODES]


def _classed_anywhere(page: Page, kind: int) -> list[int]:
    found = {node for token, nodes in page.tokens.items() if token[0] == "." and _says(token) & kind for node in nodes[:_MAX_NODES]}
    return sorted(found)[:_MAX_ELSEWHERE]


@lru_cache(maxsize=20_000)
def _is_other_place(token: str) -> bool:
    """Whether a class or id names a place of comments, related posts or a sidebar."""
    return _OTHER_PLACE.search(token) is not None


@lru_cache(maxsize=20_000)
def _class_says(classes: str) -> int:
    """What a class attribute is about, as bits; the pages of one site repeat theirs."""
    bits = 0
    for name in classes.split():
        bits |= _says("." + name)
    return bits


@lru_cache(maxsize=20_000)
def _says(token: str) -> int:
    if not _TELLING.search(token.lower()):
        return 0
    is_author = _AUTHOR_NAME.search(token) and not _NOT_AUTHOR.search(token)
    is_date = _DATE_NAME.search(token) and not _NOT_DATE.search(token)
    return _AUTHOR * bool(is_author) | _DATE * bool(is_date)


def _author_elements(page: Page, area: range) -> Iterator[list[str]]:
    for node in _classed(page, area, _AUTHOR):
        if names := names_of_pieces(pieces(page, node)):
            yield names


def _author_links(page: Page, area: range) -> Iterator[list[str]]:
    for node in _tagged(page, area, "a"):
        if _leads_to_author(page, node) and (names := names_of_pieces(pieces(page, node))):
            yield names


def _leads_to_author(page: Page, node: int) -> bool:
    if "author" in (attribute(page, node, "rel") or "").split() or attribute(page, node, "itemprop") == "author":
        return True
    return _AUTHOR_PATH.search(attribute(page, node, "href") or "") is not None


def _time_elements(page: Page, area: range) -> Iterator[tuple[str, str]]:
    return (_time_value(page, node) for node in _tagged(page, area, "time"))


def _date_elements(page: Page, area: range) -> Iterator[tuple[str, str]]:
    return (_date_value(page, node) for node in _classed(page, area, _DATE))


def _time_value(page: Page, node: int) -> tuple[str, str]:
    text = " ".join(pieces(page, node))
    return attribute(page, node, "datetime") or text, f"{attribute(page, node, 'class') or ''} {_said_before(page, node)} {text}"


def _date_value(page: Page, node: int) -> tuple[str, str]:
    text = " ".join(pieces(page, node))
    return (_published_part(text), text) if len(text.split()) <= _MAX_WORDS else ("", "")


def _date_lines(page: Page, area: range) -> Iterator[tuple[str, str]]:
    for at in area:
        if page.blocks[at].words <= _MAX_WORDS:
            yield _published_part(_line(page, at)), _line(page, at)


def _published_part(text: str) -> str:
    """What follows "published", where a line names several dates."""
    said = _PUBLISHED.search(text, 0, _MAX_CHARS)
    return text[said.end() :] if said and find_date(text[said.end() :]) else text


def _said_before(page: Page, node: int) -> str:
    """What stands right before an inline element in its block: "Updated: " before a <time>."""
    said = ""
    first = page.first_block[node]
    runs = page.blocks[first].runs if first < len(page.blocks) else []
    for holder, raw in runs[:_MAX_NODES]:
        if node <= holder < page.ends[node]:
            break
        said = said if raw.isspace() else raw
    return said[-30:]
