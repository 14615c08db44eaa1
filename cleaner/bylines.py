"""Authors and dates as a reader finds them: around the title, by element or by wording."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from .authors import byline_names, clean_authors, names_of_pieces
from .dates import find_date, parse_date
from .model import Page
from .page import attribute
from .text import BREAK, fold

_BEFORE, _AFTER = 6, 10
"""Blocks before and after the title in which bylines stand."""
_MAX_WORDS = 40
_MAX_NODES = 80

_AUTHOR_CLASS = re.compile(r"author(?!i[tz])|byline|(?:^\.|[-_])(?:fn|vcard|writer|contributors?|posted-by)$", re.I)
_DATE_CLASS = re.compile(r"date|publish|posted-on|(?:^\.|[-_])time(?:stamp)?(?:$|[-_])", re.I)
_NOT_AUTHOR = re.compile(r"avatar|image|img|photo|bio|social|desc|about|reviewer|card|next|prev|[-_]tag|categor|topic|nav|menu", re.I)
_NOT_DATE = re.compile(r"modif|updat|event|copyright|card|candidate|validate|next|prev|publisher|nav|menu", re.I)
_OTHER_PLACES = re.compile(r"comment|respond|related|sidebar|widget|recent|recommend|popular|trending|latest|more-|footer-|read-next|teaser", re.I)
"""Classes and ids of places whose authors and dates are not the article's."""
_AUTHOR_PATH = re.compile(r"/(?:authors?|profiles?|contributors?|writers?|columnists?)/[^/?#]+/?$|/author\b", re.I)
_UPDATED = re.compile(r"updat|modif|review|revised|aktualisiert|mis à jour|actualizado|aggiornato", re.I)
_PUBLISHED = re.compile(r"\b(?:published|posted|veröffentlicht|publié|publicado|pubblicato)\b", re.I)
_WRITTEN_BY = re.compile(
    r"^\W{0,3}(?:(?:this (?:post|article) was )?(?:written|posted|authored|published)\s(?:by\b|on\b.{0,60}\bby\b)"
    r"|(?:article|story|post|words|text) by\b|authors?\s?:)",
    re.I,
)
_POSTED_ON = re.compile(
    r"^\W{0,3}(?:(?:first |originally )?(?:published|posted|date|posté|publié|veröffentlicht|publicado|pubblicato|erschienen)\b"
    r"|(?:post time|post date|publication date)\b)",
    re.I,
)


def near(page: Page, anchor: int) -> range:
    """The blocks around the title's block in which bylines stand."""
    return range(max(0, anchor - _BEFORE), min(len(page.blocks), anchor + _AFTER))


def written_by(page: Page, area: range, site_names: list[str]) -> list[str]:
    """Names in the first line of an area of blocks that says "By"."""
    for at in area:
        block = page.blocks[at]
        if block.words <= _MAX_WORDS and (names := clean_authors([_block_byline(page, at)], site_names)):
            return names
    return []


def signed_by(page: Page, area: range, site_names: list[str]) -> list[str]:
    """Names in elements of an area that say "author" by their class or by where they link to."""
    for find in (_author_elements, _author_links):
        for values in find(page, area):
            if names := clean_authors(values, site_names):
                return names
    return []


def elsewhere(page: Page, anchor: int, site_names: list[str]) -> list[str]:
    """Names in a line anywhere that says "Written by", or in author elements where all of them name the same."""
    for block in page.blocks:
        if block.words <= _MAX_WORDS and _WRITTEN_BY.match(block.text) and (names := clean_authors([_block_byline(page, block.index)], site_names)):
            return names
    found = [names_of_pieces(pieces(page, node)) for node in _own(page, anchor, _classed(page, range(len(page.blocks)), _AUTHOR_CLASS, _NOT_AUTHOR))]
    everyone = [names for values in found if (names := clean_authors(values, site_names)) and " " in names[0]]
    return everyone[0] if everyone and all(names == everyone[0] for names in everyone) else []


@dataclass(slots=True, frozen=True)
class Shown:
    """A date as the page shows it."""

    date: str
    updated: bool
    """The page says that this is when the article was last changed."""


def date_near(page: Page, area: range, *, day_first: bool) -> Shown | None:
    """The date in an area: a <time>, an element of a date class, or a line with a date; "updated" only where nothing else is said."""
    fallback = None
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
    everywhere = range(len(page.blocks))
    for nodes, read in ((_nodes(page, "time", everywhere), _time_value), (_classed(page, everywhere, _DATE_CLASS, _NOT_DATE), _date_value)):
        values = [read(page, node)[0] for node in _own(page, anchor, nodes)]
        dates = {date[:10]: date for value in values if (date := parse_date(value, day_first=day_first))}
        if len(dates) == 1:
            return next(iter(dates.values()))
    return None


def _own(page: Page, anchor: int, nodes: list[int]) -> list[int]:
    """Elements without those in comments, related posts and sidebars; what holds the title is none of these, whatever its class says."""
    places = [
        (node, page.ends[node])
        for token, holders in page.tokens.items()
        if token[0] in ".#" and _OTHER_PLACES.search(token)
        for node in holders
        if not page.first_block[node] <= anchor < page.last_block[node]
    ]
    return [node for node in nodes if not any(begin <= node < end for begin, end in places)]


def pieces(page: Page, node: int) -> list[str]:
    """The visible text of an element, one piece for each element that holds characters: "By", "Ann Lee", "March 3"."""
    first, last = page.first_block[node], page.last_block[node]
    if page.words_before[last] - page.words_before[first] > 4 * _MAX_WORDS:
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
    parts = list(_pieces(page, at, 0, len(page.tags))) if page.kind == "html" else [page.blocks[at].text]
    text = page.blocks[at].text if len(parts) == 1 else "\n".join(parts)
    return byline_names(text)


def _nodes(page: Page, token: str, area: range) -> list[int]:
    """The elements with a token that begin in an area of blocks; ``first_block`` grows in document order."""
    nodes = page.tokens.get(token, [])
    begin = bisect_left(nodes, area.start, key=page.first_block.__getitem__)
    end = bisect_right(nodes, area.stop - 1, key=page.first_block.__getitem__)
    return nodes[begin:end][:_MAX_NODES]


def _classed(page: Page, area: range, wanted: re.Pattern[str], unwanted: re.Pattern[str]) -> list[int]:
    tokens = [token for token in page.tokens if token[0] == "." and wanted.search(token) and not unwanted.search(token)]
    return sorted({node for token in tokens for node in _nodes(page, token, area)})


def _author_elements(page: Page, area: range) -> Iterator[list[str]]:
    for node in _classed(page, area, _AUTHOR_CLASS, _NOT_AUTHOR):
        if names := names_of_pieces(pieces(page, node)):
            yield names


def _author_links(page: Page, area: range) -> Iterator[list[str]]:
    for node in _nodes(page, "a", area):
        relation, target = attribute(page, node, "rel") or "", attribute(page, node, "href") or ""
        if "author" in relation.split() or attribute(page, node, "itemprop") == "author" or _AUTHOR_PATH.search(target):
            if names := names_of_pieces(pieces(page, node)):
                yield names


def _time_elements(page: Page, area: range) -> Iterator[tuple[str, str]]:
    return (_time_value(page, node) for node in _nodes(page, "time", area))


def _date_elements(page: Page, area: range) -> Iterator[tuple[str, str]]:
    return (_date_value(page, node) for node in _classed(page, area, _DATE_CLASS, _NOT_DATE))


def _time_value(page: Page, node: int) -> tuple[str, str]:
    text = " ".join(pieces(page, node))
    return attribute(page, node, "datetime") or text, f"{attribute(page, node, 'class') or ''} {_said_before(page, node)} {text}"


def _date_value(page: Page, node: int) -> tuple[str, str]:
    text = " ".join(pieces(page, node))
    return (_published_part(text), text) if len(text.split()) <= _MAX_WORDS else ("", "")


def _date_lines(page: Page, area: range) -> Iterator[tuple[str, str]]:
    for at in area:
        if page.blocks[at].words <= _MAX_WORDS:
            yield _published_part(page.blocks[at].text), page.blocks[at].text


def _published_part(text: str) -> str:
    """What follows "published", where a line names several dates."""
    said = _PUBLISHED.search(text)
    return text[said.end() :] if said and find_date(text[said.end() :]) else text


def _said_before(page: Page, node: int) -> str:
    """What its block says before an inline element: "Updated: " before a <time>."""
    first = page.first_block[node]
    if first >= len(page.blocks):
        return ""
    return "".join(raw for holder, raw in page.blocks[first].runs if holder < node)[-30:]
