"""Decisions in, document out: the kept blocks with their formatting and surroundings, free of the tree.

Quotations stand outside lists: one inside a list item ends the item, and the list goes on after it.
"""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter

from .address import absolute
from .model import Block, Decision, Document, Inline, ListPlace, Page, Piece, TablePlace
from .page import attribute
from .places import Places, Style
from .text import fold

_LAZY = ("data-src", "data-lazy-src", "data-original")
_LAZY_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_PLACEHOLDER = re.compile(r"^\s*$|^\s*data:|(?:placeholder|blank|spacer|transparent|pixel|lazy|loading|1x1)[\w-]*\.(?:gif|png|svg)\b", re.I)
_LANGUAGE = re.compile(r"(?:^|\s)lang(?:uage)?-([A-Za-z0-9_+#.-]{1,30})(?:\s|$)")
_LANGUAGE_REACH = 3
"""How many elements around the code may name its language (Jekyll puts two ``div`` around ``pre``)."""


def build(page: Page, decisions: list[Decision], images: set[int] | None = None) -> Document:
    """The kept blocks of a page as pieces, in order.

    page: the page; decisions: one for each of its blocks; images: the image elements to keep (none by default).
    Empty table cells are pieces without text, so that columns stay in line.
    """
    if page.kind == "text":
        return _from_text(page, decisions)
    places = Places(page)
    document: Document = []
    pictures = [entry for entry in page.images if entry[1] in images] if images else []
    shown = 0
    for block, decision in zip(page.blocks, decisions, strict=False):
        while shown < len(pictures) and pictures[shown][0] <= block.index:
            _add_picture(document, places, pictures[shown][1])
            shown += 1
        if decision.verdict == "KEEP" and decision.text:
            _add_block(document, places, block, decision)
    for _, node in pictures[shown:]:
        _add_picture(document, places, node)
    return document


def _add_block(document: Document, places: Places, block: Block, decision: Decision) -> None:
    place = places.at(block.node)
    language = ""
    if block.kind == "code":
        inlines: tuple[Inline, ...] = (Inline(decision.text),)
        language = _code_language(places.page, decision.runs[0][0] if decision.runs else block.node)
    else:
        inlines = _inlines(places, decision)
    text = decision.text if len(inlines) == 1 else "".join([inline.text for inline in inlines])
    piece = Piece(block.kind, text, block.level, inlines, place.quote, places.lists(place), place.table, language)
    if place.table is not None and block.kind != "caption":
        _add_empty_cells(document, places, piece)
    document.append(piece)


def _inlines(places: Places, decision: Decision) -> tuple[Inline, ...]:
    """The block's runs with their formatting; white space is folded across them as in the block's text."""
    runs = decision.runs
    first = places.at(runs[0][0]).style if runs else Style()
    if len(runs) < 2:
        return (Inline(decision.text, *first),)
    styles = [places.at(node).style for node, _ in runs]
    if styles.count(first) == len(styles):
        return (Inline(decision.text, *first),)
    styled = [(style, raw) for style, (_, raw) in zip(styles, runs, strict=True)]
    if "".join([raw for _, raw in runs]) != decision.text:
        styled = _folded(styled)
    return tuple([Inline("".join([text for _, text in same]), *style) for style, same in groupby(styled, key=itemgetter(0))])


def _folded(styled: list[tuple[Style, str]]) -> list[tuple[Style, str]]:
    """Raw runs in, shown text out; white space belongs to the run where it first stood."""
    folded: list[tuple[Style, str]] = []
    gap, gap_style = "", Style()
    for style, raw in styled:
        # Sentinels keep the white space at both ends of the run, folded like the rest.
        text = fold(f"x{raw}x")[1:-1]
        core = text.strip(" \n")
        before, _, after = text.partition(core) if core else (text, "", "")
        if before and gap != "\n" and gap != before:
            gap, gap_style = before, style
        if core:
            if gap and folded:
                folded.append((gap_style, gap))
            folded.append((style, core))
            gap, gap_style = after, style
    return folded


def _add_empty_cells(document: Document, places: Places, piece: Piece) -> None:
    """Cells of the piece's row that stand before it and hold nothing that was kept."""
    page, cell = places.page, piece.table
    assert cell is not None
    latest = document[-1].table if document else None
    node = cell.row_id + 1
    if latest is not None and latest.row_id == cell.row_id:
        node = page.ends[latest.cell_id] if latest.cell_id != cell.cell_id else cell.cell_id
    while node < cell.cell_id:
        if page.tags[node] in ("td", "th"):
            document.append(Piece("cell", "", quote=piece.quote, lists=piece.lists, table=places.at(node).table))
        node = page.ends[node]


def _code_language(page: Page, node: int) -> str:
    """From ``class="language-x"`` or ``lang-x`` on the code or just around it."""
    outside = 0
    while node >= 0 and outside < _LANGUAGE_REACH:
        found = _LANGUAGE.search(attribute(page, node, "class") or "")
        if found:
            return found[1].lower()
        outside += page.tags[node] not in ("code", "span")
        node = page.parents[node]
    return ""


def _add_picture(document: Document, places: Places, node: int) -> None:
    page = places.page
    if any((attribute(page, node, side) or "").strip().removesuffix("px") in ("0", "1") for side in ("width", "height")):
        return
    source = absolute(_source(page, node), places.base, mail=False)
    if not source:
        return
    place = places.at(page.parents[node])
    piece = Piece("image", fold(attribute(page, node, "alt") or ""), 0, (), place.quote, places.lists(place), place.table, src=source)
    if place.table is not None:
        _add_empty_cells(document, places, piece)
    document.append(piece)


def _source(page: Page, node: int) -> str:
    """The image's address as written; pages that load late keep the real one apart from a stand-in."""
    source = attribute(page, node, "src") or ""
    if not _PLACEHOLDER.search(source):
        return source
    for name in _LAZY:
        value = attribute(page, node, name) or ""
        if not _PLACEHOLDER.search(value):
            return value
    for name in _LAZY_SETS:
        largest = _largest(attribute(page, node, name) or "")
        if not _PLACEHOLDER.search(largest):
            return largest
    return "" if source.lstrip().startswith("data:") else source


def _largest(candidates: str) -> str:
    """A ``srcset`` in, the address of its widest or densest candidate out; addresses may hold commas."""
    largest, size = "", -1.0
    for candidate in candidates.replace(",\n", ", ").split(", "):
        address, _, descriptor = candidate.strip(" \t\r\n,").partition(" ")
        number = descriptor.strip()[:-1]
        width = float(number) if number.replace(".", "", 1).isdecimal() and number.isascii() else 0.0
        if width > size:
            largest, size = address, width
    return largest


def _from_text(page: Page, decisions: list[Decision]) -> Document:
    """A page without markup: neighbouring items are one list, neighbouring lines with tabs one table."""
    document: Document = []
    kept = [
        (block, decision.text)
        for block, decision in zip(page.blocks, decisions, strict=False)
        if decision.verdict == "KEEP" and decision.text
    ]
    tables = _tables(kept)
    list_id = number = 0
    for block, text in kept:
        lists: tuple[ListPlace, ...] = ()
        if block.index in tables:
            for column, cell in enumerate(text.split("\t")):
                table = TablePlace(tables[block.index], block.index, column, tables[block.index] == block.index, 1)
                document.append(Piece("cell", cell, 0, (Inline(cell),), table=table))
            continue
        if block.kind == "item":
            if not (document and document[-1].lists):
                list_id, number = block.index, 0
            number += 1
            lists = (ListPlace(list_id, False, block.index, number),)
        document.append(Piece(block.kind, text, block.level, (Inline(text),), 0, lists))
    return document


def _tables(kept: list[tuple[Block, str]]) -> dict[int, int]:
    """Blocks of a text page that are rows, and the first row of their table; a single line with tabs is none."""
    tables: dict[int, int] = {}
    before = -2
    for block, text in kept:
        if "\t" not in text or block.kind != "paragraph":
            continue
        if block.gap == 0 and block.index == before + 1:
            tables[block.index] = tables.setdefault(before, before)
        before = block.index
    return tables
