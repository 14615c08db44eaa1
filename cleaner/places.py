"""Where an element stands: quotations, lists and tables around it, and the formatting of text directly inside it.

Every element is looked at once, from the root down, so the cost is linear however deep a page nests.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, Literal, NamedTuple

from .address import absolute
from .model import ListPlace, Page, TablePlace
from .page import attribute
from .walk import BLOCK_TAGS

MAX_NESTING = 16
"""Deeper quotations and lists count as this deep: no reader follows further, and depth must not cost."""
_MAX_COLSPAN = 50
_MAX_CELL_WORDS = 150
"""A longer cell is a column of a page laid out with a table, not data."""
_MAX_START = 100_000_000
"""CommonMark numbers have nine digits at most."""

_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_ITEMS = frozenset({"li", "dt", "dd"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Style(NamedTuple):
    """Formatting, in the order of ``Inline``'s fields."""

    bold: bool = False
    italic: bool = False
    code: bool = False
    strike: bool = False
    raised: Literal["", "sup", "sub"] = ""
    href: str = ""


_PLAIN = Style()


class Place(NamedTuple):
    """What the elements around a text make of it."""

    style: Style = _PLAIN
    quote: int = 0
    lists: tuple[ListPlace, ...] = ()
    table: TablePlace | None = None
    open_list: int = -1
    """The list element whose items are expected next; -1 inside an item."""
    open_table: int = -1


_STYLES: dict[str, dict[str, Any]] = {
    **{tag: {"bold": True} for tag in ("b", "strong")},
    **{tag: {"italic": True} for tag in ("i", "em")},
    **{tag: {"code": True} for tag in ("code", "kbd", "samp", "tt")},
    **{tag: {"strike": True} for tag in ("s", "del", "strike")},
    "sup": {"raised": "sup"},
    "sub": {"raised": "sub"},
}

_CHANGING = frozenset({"a", "blockquote", "dl", "table", "td", "th", "caption", *_STYLES, *_LISTS, *_ITEMS})
"""Tags that can give their text another place than their parent's."""


class Places:
    """The places of one page's elements, each worked out when first asked for.

    Ask in document order: list items are numbered as they come, so that an item that was dropped leaves no gap.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.base = _base(page)
        self.known: dict[int, Place] = {-1: Place()}
        self.items: dict[int, tuple[tuple[ListPlace, ...], int]] = {}
        """List element -> (lists of its latest item, that item's number)."""
        self.broken: set[int] = set()
        """Items that a quotation inside them has ended."""
        self._headings = sorted([node for tag in _HEADINGS for node in page.tokens.get(tag, ())])

    def at(self, node: int) -> Place:
        """The place of text directly inside element ``node``."""
        known = self.known
        if node in known:
            return known[node]
        parents, tags = self.page.parents, self.page.tags
        trail = [node]
        node = parents[node]
        while node not in known:
            trail.append(node)
            node = parents[node]
        place = known[node]
        for node in reversed(trail):
            tag = tags[node]
            if tag in _CHANGING or (place.style is not _PLAIN and tag in BLOCK_TAGS):
                place = self._enter(node, tag, place)
            known[node] = place
        return place

    def lists(self, place: Place) -> tuple[ListPlace, ...]:
        """The lists of a place, without items that have ended."""
        if not place.lists or self.broken.isdisjoint([item.item_id for item in place.lists]):
            return place.lists
        return tuple([item for item in place.lists if item.item_id not in self.broken])

    def _enter(self, node: int, tag: str, place: Place) -> Place:
        if tag not in BLOCK_TAGS:
            return self._enter_inline(node, tag, place)
        if place.style is not _PLAIN:
            place = _styled(place, Style(href=place.style.href) if place.style.href else _PLAIN)
        if place.table is not None:
            return place
        if tag in _LISTS:
            outer = self.items.get(place.open_list) if place.open_list >= 0 else None
            return place._replace(lists=outer[0] if outer else place.lists, open_list=node)
        if tag == "dl":
            return place if self._holds(node, "img") else place._replace(open_list=node)
        if tag in _ITEMS:
            return self._enter_item(node, tag, place)
        if tag == "blockquote":
            self.broken.update([item.item_id for item in place.lists])
            return place._replace(quote=min(place.quote + 1, MAX_NESTING), lists=(), open_list=-1)
        if tag == "table":
            return place if self._is_layout(node) else place._replace(open_table=node)
        if place.open_table >= 0 and tag in ("td", "th", "caption"):
            return self._enter_cell(node, tag, place)
        return place

    def _enter_inline(self, node: int, tag: str, place: Place) -> Place:
        if tag == "a":
            href = absolute(attribute(self.page, node, "href") or "", self.base)
            return _styled(place, Style(*place.style[:-1], href)) if href else place
        change = _STYLES.get(tag)
        return place if change is None else _styled(place, place.style._replace(**change))

    def _enter_item(self, node: int, tag: str, place: Place) -> Place:
        """A list item; a term opens one that its definitions continue; an item with headings inside is layout."""
        page, list_node = self.page, place.open_list
        if list_node < 0:
            if tag != "li":
                return place
            list_node = page.parents[node]
        latest = self.items.get(list_node)
        if tag == "dd" and latest:
            return place._replace(lists=latest[0], open_list=-1)
        if _any_within(self._headings, node, page.ends[node]):
            return place._replace(open_list=-1)
        number = latest[1] + 1 if latest else self._start(list_node)
        item = ListPlace(list_node, list_node >= 0 and page.tags[list_node] == "ol", node, number)
        lists = (*place.lists[: MAX_NESTING - 1], item)
        self.items[list_node] = lists, number
        style = place.style._replace(bold=True) if tag == "dt" else place.style
        return place._replace(style=style, lists=lists, open_list=-1)

    def _start(self, list_node: int) -> int:
        start = (attribute(self.page, list_node, "start") or "1").strip()
        return min(int(start), _MAX_START) if start.isascii() and start.isdigit() and len(start) < 10 else 1

    def _enter_cell(self, node: int, tag: str, place: Place) -> Place:
        page = self.page
        if tag == "caption":
            return place._replace(table=TablePlace(place.open_table, node, node, False, 1))
        row = page.parents[node]
        in_head = row >= 0 and page.parents[row] >= 0 and page.tags[page.parents[row]] == "thead"
        columns = (attribute(page, node, "colspan") or "1").strip()
        span = int(columns) if columns.isascii() and columns.isdigit() and len(columns) < 5 else 1
        table = TablePlace(place.open_table, row, node, tag == "th" or in_head, max(1, min(span, _MAX_COLSPAN)))
        return place._replace(table=table)

    def _is_layout(self, table: int) -> bool:
        """A table that arranges a page instead of showing data."""
        page, end = self.page, self.page.ends[table]
        if (attribute(page, table, "role") or "").strip().lower() in ("presentation", "none"):
            return True
        if self._holds(table, "table") or self._holds(table, "pre") or _any_within(self._headings, table, end):
            return True
        cells = sorted(self._within(table, "td") + self._within(table, "th"))
        rows = [page.parents[cell] for cell in cells]
        if len(set(rows)) == len(rows) or (rows[0] == rows[-1] and not self._holds(table, "th")):
            return True
        words = page.words_before
        return any(words[page.last_block[cell]] - words[page.first_block[cell]] > _MAX_CELL_WORDS for cell in cells)

    def _within(self, node: int, tag: str) -> list[int]:
        """Elements of that tag below ``node``."""
        nodes = self.page.tokens.get(tag, [])
        return nodes[bisect_left(nodes, node + 1) : bisect_left(nodes, self.page.ends[node])]

    def _holds(self, node: int, tag: str) -> bool:
        return _any_within(self.page.tokens.get(tag, []), node, self.page.ends[node])


def _styled(place: Place, style: Style) -> Place:
    return Place(style, *place[1:])


def _any_within(nodes: list[int], start: int, end: int) -> bool:
    """Is one of the sorted ``nodes`` below element ``start``, whose sub-tree ends before ``end``?"""
    place = bisect_left(nodes, start + 1)
    return place < len(nodes) and nodes[place] < end


def _base(page: Page) -> str:
    """The address that the page's links are relative to; empty where it is not known."""
    address = page.url or page.head.canonical
    if not address.lower().startswith(("http://", "https://")):
        address = ""
    for node in page.tokens.get("base", [])[:1]:
        address = absolute(attribute(page, node, "href") or "", address, mail=False) or address
    return address if address.lower().startswith(("http://", "https://")) else ""
