"""Document in, tree out: the pieces grouped into quotations, lists, tables and figures, and runs of text into nested formatting.

What markdown and HTML have in common; plain text is written straight from the pieces.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Literal, NamedTuple

from msgspec.structs import replace

from .address import safe_address
from .model import Document, Inline, ListPlace, Piece, TablePlace

GroupKind = Literal["root", "quote", "list", "item", "table", "row", "cell", "figure"]
_MAX_NESTING = 16


class _Key(NamedTuple):
    kind: GroupKind
    number: int


@dataclass(slots=True)
class Group:
    """A container of blocks. Items and lists know their ``item`` (a list its first), cells their ``cell``."""

    kind: GroupKind
    content: list[Group | Piece] = field(default_factory=list)
    item: ListPlace | None = None
    cell: TablePlace | None = None

    @property
    def pieces(self) -> list[Piece]:
        """The pieces directly inside."""
        return [child for child in self.content if isinstance(child, Piece)]

    @property
    def children(self) -> list[Group]:
        """The groups directly inside."""
        return [child for child in self.content if isinstance(child, Group)]


def outline(document: Document) -> Group:
    """Pieces that share their surroundings stand in one group; captions stand in the figure of the image before them."""
    root = Group("root")
    opened: list[tuple[_Key, Group]] = []
    figures = 0
    for piece in document:
        path = _path(piece)
        in_figure = piece.kind in ("image", "caption") and piece.table is None
        if in_figure:
            goes_on = piece.kind == "caption" and bool(opened) and opened[-1][0].kind == "figure"
            figures += not goes_on
            path.append(_Key("figure", figures))
        same = 0
        while same < len(path) and same < len(opened) and opened[same][0] == path[same]:
            same += 1
        del opened[same:]
        for key in path[same:]:
            group = Group(key.kind, [], _item(piece, path, len(opened)), piece.table if key.kind == "cell" else None)
            (opened[-1][1] if opened else root).content.append(group)
            opened.append((key, group))
        (opened[-1][1] if opened else root).content.append(piece)
    return root


def opens_with_text(item: Group) -> bool:
    """An item that is one paragraph, with nothing but lists below it."""
    first, *rest = item.content
    is_text = isinstance(first, Piece) and first.kind not in ("code", "heading")
    return is_text and all(isinstance(child, Group) and child.kind == "list" for child in rest)


def is_head(row: Group) -> bool:
    """A table row of header cells; an empty corner is no objection."""
    cells = row.children
    return any(cell.cell and cell.cell.header for cell in cells) and all(
        (cell.cell and cell.cell.header) or not any(piece.text for piece in cell.pieces) for cell in cells
    )


def _path(piece: Piece) -> list[_Key]:
    """The containers around a piece, outermost first: quotations, then lists, then its table."""
    path = [_Key("quote", depth) for depth in range(min(piece.quote, _MAX_NESTING))]
    for place in piece.lists[:_MAX_NESTING]:
        path += (_Key("list", place.list_id), _Key("item", place.item_id))
    if piece.table is not None:
        path.append(_Key("table", piece.table.table_id))
        if piece.kind != "caption":
            path += (_Key("row", piece.table.row_id), _Key("cell", piece.table.cell_id))
    return path


def _item(piece: Piece, path: list[_Key], at: int) -> ListPlace | None:
    """The place in a list that the group at that depth of the path stands for."""
    if path[at].kind not in ("list", "item"):
        return None
    return piece.lists[(at - min(piece.quote, _MAX_NESTING)) // 2]


# ---------------------------------------------------------------- formatting inside a block

Mark = Literal["link", "bold", "italic", "strike", "sup", "sub"]


@dataclass(slots=True)
class Span:
    """Text with one formatting around it."""

    mark: Mark
    href: str
    """Safe to write out."""
    children: list[Span | Inline]


def spans(inlines: tuple[Inline, ...]) -> list[Span | Inline]:
    """Flat formatting in, nested out: what reaches furthest stands outside. Of the inlines that remain only ``text`` and ``code`` count."""
    return _nest([(inline, _marks(inline)) for inline in _merged(inlines)], ())


def _merged(inlines: tuple[Inline, ...]) -> list[Inline]:
    """Neighbours of one formatting as one."""
    merged = []
    for _, same in groupby((inline for inline in inlines if inline.text), key=_formatting):
        first, *others = same
        merged.append(replace(first, text="".join([first.text, *(other.text for other in others)])) if others else first)
    return merged


_formatting = attrgetter("bold", "italic", "code", "strike", "raised", "href")
_Marks = tuple[tuple[Mark, str], ...]


def _marks(inline: Inline) -> _Marks:
    marks: list[tuple[Mark, str]] = []
    href = safe_address(inline.href)
    if href:
        marks.append(("link", href))
    if inline.bold:
        marks.append(("bold", ""))
    if inline.italic:
        marks.append(("italic", ""))
    if inline.strike:
        marks.append(("strike", ""))
    if inline.raised:
        marks.append((inline.raised, ""))
    return tuple(marks)


def _nest(marked: list[tuple[Inline, _Marks]], applied: _Marks) -> list[Span | Inline]:
    nested: list[Span | Inline] = []
    at = 0
    while at < len(marked):
        inline, marks = marked[at]
        outermost, end = None, at
        for mark in marks:
            if mark not in applied:
                reach = at + 1
                while reach < len(marked) and mark in marked[reach][1]:
                    reach += 1
                if reach > end:
                    outermost, end = mark, reach
        if outermost is None:
            nested.append(inline)
            at += 1
        else:
            nested.append(Span(*outermost, _nest(marked[at:end], (*applied, outermost))))
            at = end
    return nested
