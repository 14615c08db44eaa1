"""Document in, Markdown out: CommonMark with GFM's tables and strike-through. Text of a page never becomes markup."""

from __future__ import annotations

import re

from .address import safe_address
from .markdown_inline import escape, inline, target
from .model import Document, Inline, Piece
from .outline import Group, is_head, opens_with_text, outline

_LANGUAGE = re.compile(r"[a-z0-9_+#.-]{1,30}", re.I)
_TICKS = re.compile(r"`+")
_RULE_LINE = re.compile(r"(?=[^\n]*[-=])[-=:|][-=:| \t]*$")
"""Could underline a heading, separate a table's head or draw a rule."""
_BLOCK_START = re.compile(r"#{1,6}(?=[ \t]|$)|[-+](?=[ \t]|$)|>")
_NUMBER_START = re.compile(r"([0-9]{1,9})([.)])(?=[ \t]|$)")
_CLOSING_HASHES = re.compile(r"(#+)$")
_BULLETS, _ORDERED = ("-", "*"), (".", ")")
_MAX_NUMBER = 999_999_999
"""CommonMark reads no longer numbers."""


def render_markdown(document: Document) -> str:
    """Headings, paragraphs, nested lists, quotations, fenced code, tables, images with captions, links and formatting."""
    return "\n\n".join(_blocks(outline(document)))


def _blocks(group: Group) -> list[str]:
    """The markdown of each block in a group; a list right after a list has another marker, or the two would be one."""
    blocks: list[str] = []
    marker = ""
    for child in group.content:
        if isinstance(child, Group) and child.kind == "list":
            choice = _ORDERED if child.item is not None and child.item.ordered else _BULLETS
            new_marker = choice[marker == choice[0]]
            made = _list(child, new_marker)
        else:
            new_marker, made = "", _block(child)
        if made:
            marker = new_marker
            blocks.append(made)
    return blocks


def _block(child: Group | Piece) -> str:
    if isinstance(child, Piece):
        return _piece(child)
    if child.kind == "quote":
        return _prefixed("\n\n".join(_blocks(child)), "> ", "> ")
    if child.kind == "table":
        return _table(child)
    return _figure(child)


def _prefixed(text: str, first: str, others: str) -> str:
    """Text inside a container: ``first`` before its first line, ``others`` before the rest; empty where there is no text."""
    lines = text.split("\n")
    rest = (others + line if line else others.rstrip(" ") for line in lines[1:])
    return "\n".join([first + lines[0], *rest]) if text else ""


def _piece(piece: Piece) -> str:
    if piece.kind == "code":
        return _code(piece)
    text = inline(piece.inlines or (Inline(piece.text),))
    if piece.kind == "heading":
        line = _CLOSING_HASHES.sub(r"\\\1", _one_line(text))
        return f"{'#' * max(1, min(piece.level, 6))} {line}" if line else ""
    return _paragraph(text)


def _paragraph(text: str) -> str:
    """Lines joined by hard breaks, none of which starts a block of another kind."""
    lines = [_guarded(line) for line in (line.strip(" \t") for line in text.split("\n")) if line]
    return "\\\n".join(lines)


def _guarded(line: str) -> str:
    if _BLOCK_START.match(line) or _RULE_LINE.match(line):
        return "\\" + line
    return _NUMBER_START.sub(r"\1\\\2", line, count=1) if _NUMBER_START.match(line) else line


def _one_line(text: str) -> str:
    return " ".join(filter(None, (line.strip(" \t") for line in text.split("\n"))))


def _code(piece: Piece) -> str:
    text = piece.text.replace("\r\n", "\n").replace("\r", "\n")
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    language = piece.code_language if _LANGUAGE.fullmatch(piece.code_language) else ""
    return f"{fence}{language}\n{text}\n{fence}"


def _list(group: Group, marker: str) -> str:
    """Items of one paragraph each follow one another without blank lines."""
    items = [(item, _blocks(item)) for item in group.children]
    tight = all(len(blocks) == 1 or _is_tight(item) for item, blocks in items)
    made = []
    for item, blocks in items:
        number = ""
        if item.item is not None and item.item.ordered:
            number = str(item.item.number if 0 <= item.item.number <= _MAX_NUMBER else 1)
        text = ("\n" if tight else "\n\n").join(blocks)
        made.append(_prefixed(text, f"{number}{marker} ", " " * (len(number) + 2)))
    return ("\n" if tight else "\n\n").join(filter(None, made))


def _is_tight(item: Group) -> bool:
    """A paragraph, and below it at most one list that may follow without a blank line: CommonMark wants it to begin at 1."""
    if not opens_with_text(item) or len(item.content) > 2:
        return False
    return all(child.item is None or not child.item.ordered or child.item.number == 1 for child in item.children)


def _figure(group: Group) -> str:
    blocks = []
    for piece in group.pieces:
        if piece.kind == "image":
            blocks.append(_image(piece))
        else:
            blocks.append(_paragraph(inline(piece.inlines or (Inline(piece.text),), italic=True)))
    return "\n\n".join(filter(None, blocks))


def _image(piece: Piece) -> str:
    source = target(safe_address(piece.src, mail=False))
    return f"![{_one_line(escape(piece.text, in_link=True))}]({source})" if source else ""


def _table(group: Group) -> str:
    """A first row of header cells is the head; GFM wants one, so other tables get an empty head."""
    captions = [_paragraph(inline(piece.inlines or (Inline(piece.text),), italic=True)) for piece in group.pieces]
    rows = group.children
    if not rows:
        return "\n\n".join(filter(None, captions))
    width = max(sum(cell.cell.colspan if cell.cell else 1 for cell in row.children) for row in rows)
    has_head = is_head(rows[0])
    lines = [_row(rows[0], width)] if has_head else ["|" + "  |" * width]
    lines.append("|" + " --- |" * width)
    lines += [_row(row, 0) for row in rows[has_head:]]
    return "\n\n".join(filter(None, [*captions, "\n".join(lines)]))


def _row(row: Group, width: int) -> str:
    cells: list[str] = []
    for group in row.children:
        cells.append(_cell(group))
        cells += [""] * ((group.cell.colspan if group.cell else 1) - 1)
    cells += [""] * (width - len(cells))
    return "| " + " | ".join(cells) + " |"


def _cell(group: Group) -> str:
    made = []
    for piece in group.pieces:
        if piece.kind == "image":
            made.append(_image(piece))
        else:
            plain = (Inline(piece.text, code=piece.kind == "code"),)
            made.append(_one_line(inline(piece.inlines if piece.kind != "code" and piece.inlines else plain)))
    return " ".join(filter(None, made)).replace("|", "\\|")
