"""Document in, plain text out: the layout that every other part of the program counts on."""

from __future__ import annotations

from .model import Document, Piece, TablePlace


def render_text(document: Document, *, captions: bool = False) -> str:
    """A blank line between blocks; items and table rows a line each, cells between tabs; code verbatim; no addresses, no images.

    captions: also the captions of images and tables.
    """
    writer = _Writer()
    for piece in document:
        kind = piece.kind
        if kind == "image" or (kind == "caption" and not captions):
            continue
        if piece.table is not None and kind != "caption":
            writer.add_cell(piece, piece.table)
        elif not piece.text:
            continue
        elif piece.lists and kind != "code":
            writer.add_item(piece)
        else:
            writer.parts += ("\n\n", piece.text)
            writer.before = piece
    return "".join(writer.parts[1:]).rstrip()


class _Writer:
    """The text so far: separators and texts in turn, and what the next separator depends on."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.before: Piece | None = None
        """The latest piece that was written."""
        self.begun: set[int] = set()
        """Items that have their marker."""
        self.cell: TablePlace | None = None
        """The latest cell, written or empty."""
        self.tabs = 0
        """Columns passed in this row since the latest text."""

    def add_cell(self, piece: Piece, cell: TablePlace) -> None:
        latest, self.cell = self.cell, cell
        if latest is None or latest.row_id != cell.row_id:
            self.tabs = 0
        elif latest.cell_id != cell.cell_id:
            self.tabs += latest.colspan
        if not piece.text:
            return
        before = self.before.table if self.before and self.before.kind != "caption" else None
        if before is None or before.table_id != cell.table_id:
            gap = "\n\n"
        elif before.row_id != cell.row_id:
            gap = "\n"
        else:
            gap = "" if self.tabs else " "
        self.parts += (gap, "\t" * self.tabs, piece.text.replace("\n", " "))
        self.before, self.tabs = piece, 0

    def add_item(self, piece: Piece) -> None:
        """One line for an item; what else it holds stands below it, indented like a nested item."""
        item, before = piece.lists[-1], self.before
        indent = "  " * (len(piece.lists) - 1)
        marker = "  "
        if item.item_id not in self.begun:
            self.begun.add(item.item_id)
            marker = f"{item.number}. " if item.ordered else "- "
        gap = "\n\n"
        if before and before.lists and before.lists[0].list_id == piece.lists[0].list_id and before.kind != "code" and not before.table:
            gap = "\n"
        self.parts += (gap, indent, marker, piece.text.replace("\n", f"\n{indent}  "))
        self.before = piece
