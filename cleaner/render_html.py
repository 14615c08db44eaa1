"""Document in, clean HTML fragment out, passed through an allow-list as the last step."""

from __future__ import annotations

import re
from html import escape

from .address import safe_address
from .model import Document, Inline, Piece
from .outline import Group, Mark, Span, is_head, opens_with_text, outline, spans

_TAGS = set(
    "a blockquote br caption code em figcaption figure h1 h2 h3 h4 h5 h6 img li ol p pre s strong sub sup "
    "table tbody td th thead tr ul".split()
)
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "td": {"colspan"}, "th": {"colspan"}, "code": {"class"}}
_SCHEMES = {"http", "https", "mailto"}
_MARK_TAGS: dict[Mark, str] = {"bold": "strong", "italic": "em", "strike": "s", "sup": "sup", "sub": "sub"}
_LANGUAGE = re.compile(r"[a-z0-9_+#.-]{1,30}", re.I)


def render_html(document: Document) -> str:
    """Headings, paragraphs, lists, quotations, code, tables, figures, links and formatting; no style, no script, no other attribute."""
    import nh3

    made = _blocks(outline(document)).encode("utf-8", "replace").decode()
    return nh3.clean(made, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None).strip("\n")


def _blocks(group: Group) -> str:
    return "\n".join(filter(None, (_block(child) for child in group.content)))


def _block(child: Group | Piece) -> str:
    if isinstance(child, Piece):
        return _piece(child)
    if child.kind == "quote":
        inner = _blocks(child)
        return f"<blockquote>\n{inner}\n</blockquote>" if inner else ""
    if child.kind == "list":
        return _list(child)
    if child.kind == "table":
        return _table(child)
    return _figure(child)


def _piece(piece: Piece) -> str:
    if piece.kind == "code":
        language = f' class="language-{piece.code_language}"' if _LANGUAGE.fullmatch(piece.code_language) else ""
        return f"<pre><code{language}>{escape(piece.text, quote=False)}</code></pre>"
    inner = _inline(piece)
    if not inner:
        return ""
    tag = f"h{max(1, min(piece.level, 6))}" if piece.kind == "heading" else "p"
    return f"<{tag}>{inner}</{tag}>"


def _list(group: Group) -> str:
    tag, start = "ul", ""
    if group.item is not None and group.item.ordered:
        tag = "ol"
        start = f' start="{group.item.number}"' if group.item.number != 1 else ""
    items = "\n".join(map(_item, group.children))
    return f"<{tag}{start}>\n{items}\n</{tag}>"


def _item(group: Group) -> str:
    """A single paragraph stands in its item without a tag of its own."""
    if opens_with_text(group):
        parts = (_inline(child) if isinstance(child, Piece) else _block(child) for child in group.content)
        return "<li>" + "\n".join(filter(None, parts)) + "</li>"
    return f"<li>\n{_blocks(group)}\n</li>"


def _figure(group: Group) -> str:
    parts = [_image(piece) for piece in group.pieces if piece.kind == "image"]
    captions = [inner for piece in group.pieces if piece.kind == "caption" and (inner := _inline(piece))]
    if captions:
        parts.append(f"<figcaption>{'<br>'.join(captions)}</figcaption>")
    inner = "".join(parts)
    return f"<figure>{inner}</figure>" if inner else ""


def _image(piece: Piece) -> str:
    source = safe_address(piece.src, mail=False)
    return f'<img src="{escape(source)}" alt="{escape(piece.text)}">' if source else ""


def _table(group: Group) -> str:
    """Leading rows of header cells alone are the table's head."""
    captions = [inner for piece in group.pieces if (inner := _inline(piece))]
    rows = group.children
    head = 0
    while head < len(rows) and is_head(rows[head]):
        head += 1
    parts = ["<table>"]
    if captions:
        parts.append(f"<caption>{'<br>'.join(captions)}</caption>")
    for tag, section in (("thead", rows[:head]), ("tbody", rows[head:])):
        if section:
            parts += (f"<{tag}>", *map(_row, section), f"</{tag}>")
    return "\n".join([*parts, "</table>"])


def _row(row: Group) -> str:
    return "<tr>" + "".join(map(_cell, row.children)) + "</tr>"


def _cell(group: Group) -> str:
    place = group.cell
    tag = "th" if place and place.header else "td"
    span = f' colspan="{place.colspan}"' if place and place.colspan > 1 else ""
    inner = "<br>".join(filter(None, (_image(piece) if piece.kind == "image" else _inline(piece) for piece in group.pieces)))
    return f"<{tag}{span}>{inner}</{tag}>"


def _inline(piece: Piece) -> str:
    return "".join(map(_span, spans(piece.inlines or (Inline(piece.text),))))


def _span(node: Span | Inline) -> str:
    if isinstance(node, Inline):
        text = escape(node.text, quote=False).replace("\n", "<br>")
        return f"<code>{text}</code>" if node.code else text
    inner = "".join(map(_span, node.children))
    if node.mark == "link":
        return f'<a href="{escape(node.href)}">{inner}</a>'
    tag = _MARK_TAGS[node.mark]
    return f"<{tag}>{inner}</{tag}>"
