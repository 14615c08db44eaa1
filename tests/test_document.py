"""Kept blocks become pieces: formatting, links, lists, tables, quotations, code and images, on pages of any shape."""

from __future__ import annotations

import pytest

from cleaner.document import build
from cleaner.model import Decision, Document, Page, Piece
from cleaner.page import read_html
from cleaner.places import MAX_NESTING
from cleaner.textpage import read_text

URL = "https://example.com/news/story.html"


def decided(page: Page, dropped: str | None = None) -> list[Decision]:
    """Every block kept, but those whose text is ``dropped``."""
    return [Decision("DROP" if block.text == dropped else "KEEP", None, block.runs, block.text) for block in page.blocks]


def document(html: str, *, url: str | None = URL, dropped: str | None = None) -> Document:
    page = read_html(f"<html><body>{html}</body></html>", url)
    return build(page, decided(page, dropped), {node for _, node in page.images})


def first(html: str) -> Piece:
    return document(html)[0]


def marks(piece: Piece) -> list[tuple[str, str]]:
    """(text, its formatting in words) of each inline."""
    return [
        (
            one.text,
            " ".join([name for name in ("bold", "italic", "code", "strike") if getattr(one, name)] + [one.raised] * bool(one.raised)),
        )
        for one in piece.inlines
    ]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a <b>b</b> <strong>c</strong></p>", [("a ", ""), ("b", "bold"), (" ", ""), ("c", "bold")]),
        ("<p><i>a</i><em>b</em> c</p>", [("ab", "italic"), (" c", "")]),
        ("<p><code>a</code>, <kbd>b</kbd></p>", [("a", "code"), (", ", ""), ("b", "code")]),
        ("<p><s>a</s><del>b</del></p>", [("ab", "strike")]),
        ("<p>10<sup>6</sup> H<sub>2</sub>O</p>", [("10", ""), ("6", "sup"), (" H", ""), ("2", "sub"), ("O", "")]),
        ("<p><b>a <i>b</i></b> <span>c</span></p>", [("a ", "bold"), ("b", "bold italic"), (" c", "")]),
        ("<b><p>a</p></b>", [("a", "")]),
        ("<p>\n a\n<b> b </b>\n c<br> <br>\n</p>", [("a ", ""), ("b ", "bold"), ("c", "")]),
        ("<p>a<br><b>b</b></p>", [("a\n", ""), ("b", "bold")]),
        ("<p>a <b>\N{ZERO WIDTH SPACE}\N{NO-BREAK SPACE} b</b></p>", [("a ", ""), ("b", "bold")]),
    ],
)
def test_formatting_of_runs(html: str, expected: list[tuple[str, str]]) -> None:
    piece = first(html)
    assert marks(piece) == expected
    assert piece.text == "".join(text for text, _ in expected)


@pytest.mark.parametrize(
    ("written", "url", "expected"),
    [
        ("/a?b=1#c", URL, "https://example.com/a?b=1#c"),
        ("other.html", URL, "https://example.com/news/other.html"),
        ("//cdn.example/x", URL, "https://cdn.example/x"),
        ("mailto:desk@example.com", URL, "mailto:desk@example.com"),
        (" http://example.org/a b ", URL, "http://example.org/a%20b"),
        ("/a", None, "/a"),
        ("javascript:alert(1)", URL, ""),
        (" java\nscript:alert(1)", None, ""),
        ("JAVASCRIPT:alert(1)", None, ""),
        ("data:text/html,x", URL, ""),
        ("tel:123", URL, ""),
        ("#", URL, ""),
        ("", URL, ""),
        ("http://[broken", URL, "http://[broken"),
        ("//[broken", URL, ""),
    ],
)
def test_link_targets(written: str, url: str | None, expected: str) -> None:
    [piece] = document(f'<p><a href="{written}">x</a></p>', url=url)
    assert [inline.href for inline in piece.inlines] == [expected]


def test_links_around_blocks_and_the_page_base() -> None:
    page = '<base href="/in/"><a href="card"><div>a <b>b</b></div><p>c</p></a><p>d</p>'
    assert [[inline.href for inline in piece.inlines] for piece in document(page)] == [
        ["https://example.com/in/card"] * 2,
        ["https://example.com/in/card"],
        [""],
    ]
    canonical = '<link rel="canonical" href="https://example.org/x/y"><p><a href="z">a</a></p>'
    assert document(canonical, url=None)[0].inlines[0].href == "https://example.org/x/z"


def items(pieces: Document) -> list[tuple[str, list[str]]]:
    """(text, markers of the items around it)."""
    return [(piece.text, [f"{place.number}." if place.ordered else "-" for place in piece.lists]) for piece in pieces]


def test_lists_nest_and_number() -> None:
    html = "<ul><li>a<ol start=3><li>b</li><li>advert</li><li>c</li></ol></li><li><p>d</p><p>e</p></li></ul><p>f</p><ol><li>g</ol>"
    pieces = document(html, dropped="advert")
    assert items(pieces) == [("a", ["-"]), ("b", ["-", "3."]), ("c", ["-", "4."]), ("d", ["-"]), ("e", ["-"]), ("f", []), ("g", ["1."])]
    a, b, c, d, e, _, g = (piece.lists for piece in pieces)
    assert a[0].item_id == b[0].item_id and b[1].item_id != c[1].item_id
    assert d == e and d[0].item_id != a[0].item_id
    assert a[0].list_id == d[0].list_id != g[0].list_id


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", [("a", ["-"]), ("b", ["-", "-"])]),
        ("<div><li>a</li><li>b</li></div>", [("a", ["-"]), ("b", ["-"])]),
        ("<ol start=x><li>a</ol>", [("a", ["1."])]),
        ("<ol><li><h3>a</h3><p>b</p></li></ol>", [("a", []), ("b", [])]),
        ("<ol><li>a<blockquote>b</blockquote>c</li><li>d</li></ol>", [("a", ["1."]), ("b", []), ("c", []), ("d", ["2."])]),
        ("<blockquote><ul><li>a</ul></blockquote>", [("a", ["-"])]),
        ("<dl><dt>a<dd>b<dd>c<dt>d<dd>e</dl>", [(text, ["-"]) for text in "abcde"]),
        ("<dl><dt><img src=a.png><dd>b</dl>", [("", []), ("b", [])]),
    ],
)
def test_lists_of_other_shapes(html: str, expected: list[tuple[str, list[str]]]) -> None:
    assert items(document(html)) == expected


def test_definitions_share_the_item_of_their_bold_term() -> None:
    term, one, two, other = document("<dl><dt>a<dd>b<dd>c<dt>d</dl>")
    assert term.lists == one.lists == two.lists != other.lists
    assert marks(term) == [("a", "bold")] and marks(one) == [("b", "")]


def cells(pieces: Document) -> list[list[str]]:
    """Texts by row; a header cell begins with an exclamation mark."""
    rows: dict[int, list[str]] = {}
    for piece in pieces:
        if piece.table and piece.kind != "caption":
            rows.setdefault(piece.table.row_id, []).append("!" * piece.table.header + piece.text)
    return list(rows.values())


def test_tables_keep_their_columns_in_line() -> None:
    html = (
        "<table><caption>Ships</caption><thead><tr><td></td><td>Name</td><td>Year</td></tr></thead>"
        "<tr><th>1</th><td>advert</td><td>1901</td></tr><tr><td>2<td></td><td><p>19<p>02</td></tr></table>"
    )
    pieces = document(html, dropped="advert")
    assert cells(pieces) == [["!", "!Name", "!Year"], ["!1", "", "1901"], ["2", "", "19", "02"]]
    caption, year_a, year_b = pieces[0], pieces[-2], pieces[-1]
    assert caption.kind == "caption" and caption.table and year_a.table
    assert caption.table.table_id == year_a.table.table_id
    assert year_a.table == year_b.table


@pytest.mark.parametrize(("written", "columns"), [("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("1000", 50)])
def test_cells_over_several_columns(written: str, columns: int) -> None:
    piece = first(f"<table><tr><td colspan='{written}'>a<td>b<tr><td>c<td>d</table>")
    assert piece.table and piece.table.colspan == columns


@pytest.mark.parametrize(
    "html",
    [
        "<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>",
        "<table><tr><td>a<tr><td>b</table>",
        "<table><tr><td>a<td>b</table>",
        "<table><tr><td>a<td><h2>b</h2><tr><td>c<td>d</table>",
        "<table><tr><td>a<td><pre>b</pre><tr><td>c<td>d</table>",
        f"<table><tr><td>a<td>{'word ' * 151}<tr><td>c<td>d</table>",
    ],
)
def test_tables_for_layout_are_no_tables(html: str) -> None:
    assert cells(document(html)) == []


def test_a_table_inside_a_layout_table_is_a_table() -> None:
    html = "<table><tr><td>a<td><table><tr><th>x<th>y<tr><td>1<td>2</table><tr><td>b<td>c</table>"
    assert cells(document(html)) == [["!x", "!y"], ["1", "2"]]


def test_code_is_verbatim_and_names_its_language() -> None:
    piece = first('<pre><code class="hl language-Python">def f():\n\n    <b>return</b>  1\n</code></pre>')
    assert (piece.kind, piece.text, piece.code_language) == ("code", "def f():\n\n    return  1", "python")
    assert first('<pre class="lang-c++">x</pre>').code_language == "c++"
    assert first('<div class="language-go"><div><pre><code>x</code></pre></div></div>').code_language == "go"
    assert first('<pre class="wrap">x</pre>').code_language == ""


def test_quotations_count_their_depth() -> None:
    assert [piece.quote for piece in document("<p>a</p><blockquote>b<blockquote><p>c</p></blockquote><p>d</p></blockquote>")] == [
        0,
        1,
        2,
        1,
    ]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('src="a b.png"', ["https://example.com/news/a%20b.png"]),
        ('src="data:image/gif;base64,R0" data-src="real.png"', ["https://example.com/news/real.png"]),
        ('src="" srcset="s.png 300w, l.png 900w, m.png 600w"', ["https://example.com/news/l.png"]),
        ('src="" srcset="a,b.png 2x,\n c.png"', ["https://example.com/news/a,b.png"]),
        ('src="" srcset="a.png"', ["https://example.com/news/a.png"]),
        ('src="/img/blank.gif" data-lazy-src="/real.png"', ["https://example.com/real.png"]),
        ('src="data:image/gif;base64,R0"', []),
        ('src="/beacon.png" width="1" height="1"', []),
        ('src="javascript:x"', []),
        ('alt="no address"', []),
    ],
)
def test_addresses_of_images(attributes: str, expected: list[str]) -> None:
    assert [piece.src for piece in document(f"<p>a</p><img {attributes}>") if piece.kind == "image"] == expected


def test_images_stand_where_they_stood_and_only_if_wanted() -> None:
    html = "<img src=/0.png alt=zero><p>a</p><ul><li><img src=/1.png alt=one>b</ul><img src=/2.png alt=two>"
    pieces = document(html)
    assert [piece.text for piece in pieces] == ["zero", "a", "one", "b", "two"]
    assert pieces[2].lists == pieces[3].lists != ()
    page = read_html(html, URL)
    nodes = [node for _, node in page.images]
    assert [piece.text for piece in build(page, decided(page), {nodes[1]})] == ["a", "one", "b"]
    assert [piece.text for piece in build(page, decided(page))] == ["a", "b"]


def test_text_pages_have_lists_and_tables_too() -> None:
    page = read_text("Intro\n\n- one\n* two\n\nText\n- three\n\nA\tB\n1\t2\n\nlone\ttabs")
    pieces = build(page, decided(page, "Text"))
    assert items(pieces[:4]) == [("Intro", []), ("one", ["-"]), ("two", ["-"]), ("three", ["-"])]
    assert len({place.list_id for piece in pieces for place in piece.lists}) == 1
    assert cells(pieces) == [["!A", "!B"], ["1", "2"]]
    assert pieces[-1].table is None


def test_nesting_without_end_is_capped() -> None:
    for opening in ("<ul><li>a", "<blockquote>a", "<div><a href=/x>a", "<b>a<i>"):
        pieces = document(opening * 900)
        assert pieces
        assert max(len(piece.lists) for piece in pieces) <= MAX_NESTING
        assert max(piece.quote for piece in pieces) <= MAX_NESTING
