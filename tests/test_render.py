"""A document reads the same as text, as Markdown and as HTML, and nothing a page says becomes markup."""

from __future__ import annotations

import re
from html import escape

import nh3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cleaner.document import build
from cleaner.model import Decision, Document, Inline, Piece
from cleaner.page import read_html
from cleaner.render_html import render_html
from cleaner.render_markdown import render_markdown
from cleaner.render_text import render_text

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def document(html: str) -> Document:
    """Every block and image of a page."""
    page = read_html(f"<html><body>{html}</body></html>", "https://example.com/a/")
    return build(page, [Decision("KEEP", None, block.runs, block.text) for block in page.blocks], {node for _, node in page.images})


def one(text: str, **formatting: bool | str) -> Document:
    """A document of one paragraph."""
    return [Piece("paragraph", text, 0, (Inline(text, **formatting),))]  # type: ignore[arg-type]


FEATURES = {
    "headings": (
        "<h1>A</h1><h2>B</h2><p>c</p><h6>D</h6>",
        "A\n\nB\n\nc\n\nD",
        "# A\n\n## B\n\nc\n\n###### D",
        "<h1>A</h1>\n<h2>B</h2>\n<p>c</p>\n<h6>D</h6>",
    ),
    "nested list": (
        "<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>",
        "- a\n  1. b\n  2. c\n- d",
        "- a\n  1. b\n  2. c\n- d",
        "<ul>\n<li>a\n<ol>\n<li>b</li>\n<li>c</li>\n</ol></li>\n<li>d</li>\n</ul>",
    ),
    "two lists": (
        "<ul><li>a</ul><ul><li>b</ul><ol start=9><li>c<li>d</ol>",
        "- a\n\n- b\n\n9. c\n10. d",
        "- a\n\n* b\n\n9. c\n10. d",
        '<ul>\n<li>a</li>\n</ul>\n<ul>\n<li>b</li>\n</ul>\n<ol start="9">\n<li>c</li>\n<li>d</li>\n</ol>',
    ),
    "item with two paragraphs": (
        "<ol><li><p>a</p><p>b<br>c</p></li><li>d</li></ol><p>e</p>",
        "1. a\n  b\n  c\n2. d\n\ne",
        "1. a\n\n   b\\\n   c\n\n2. d\n\ne",
        "<ol>\n<li>\n<p>a</p>\n<p>b<br>c</p>\n</li>\n<li>d</li>\n</ol>\n<p>e</p>",
    ),
    "table": (
        "<table><caption>T</caption><tr><td></td><th>A</th><th>B|C</th></tr><tr><td>r</td><td colspan=2>w</td></tr>"
        "<tr><td>s</td><td></td><td>x<br>y</td></tr></table>",
        "\tA\tB|C\nr\tw\ns\t\tx y",
        "*T*\n\n|  | A | B\\|C |\n| --- | --- | --- |\n| r | w |  |\n| s |  | x y |",
        "<table>\n<caption>T</caption>\n<thead>\n<tr><td></td><th>A</th><th>B|C</th></tr>\n</thead>\n<tbody>\n"
        '<tr><td>r</td><td colspan="2">w</td></tr>\n<tr><td>s</td><td></td><td>x<br>y</td></tr>\n</tbody>\n</table>',
    ),
    "table without a head": (
        "<p>x</p><table><tr><td>a<td>b<tr><td>c<td>d</table><p>y</p>",
        "x\n\na\tb\nc\td\n\ny",
        "x\n\n|  |  |\n| --- | --- |\n| a | b |\n| c | d |\n\ny",
        "<p>x</p>\n<table>\n<tbody>\n<tr><td>a</td><td>b</td></tr>\n<tr><td>c</td><td>d</td></tr>\n</tbody>\n</table>\n<p>y</p>",
    ),
    "code": (
        '<pre><code class="language-python">if a &lt; b:\n\n    "```"\n</code></pre>',
        'if a < b:\n\n    "```"',
        '````python\nif a < b:\n\n    "```"\n````',
        '<pre><code class="language-python">if a &lt; b:\n\n    "```"</code></pre>',
    ),
    "code in an item": (
        "<ul><li>a<pre>x\n\n y</pre></li><li>b</li></ul>",
        "- a\n\nx\n\n y\n\n- b",
        "- a\n\n  ```\n  x\n\n   y\n  ```\n\n- b",
        "<ul>\n<li>\n<p>a</p>\n<pre><code>x\n\n y</code></pre>\n</li>\n<li>b</li>\n</ul>",
    ),
    "quotation": (
        "<blockquote><p>a</p><p>b</p><blockquote>c</blockquote></blockquote><p>d</p>",
        "a\n\nb\n\nc\n\nd",
        "> a\n>\n> b\n>\n> > c\n\nd",
        "<blockquote>\n<p>a</p>\n<p>b</p>\n<blockquote>\n<p>c</p>\n</blockquote>\n</blockquote>\n<p>d</p>",
    ),
    "list in a quotation": (
        "<blockquote><p>a</p><ul><li>b</li><li>c</li></ul></blockquote>",
        "a\n\n- b\n- c",
        "> a\n>\n> - b\n> - c",
        "<blockquote>\n<p>a</p>\n<ul>\n<li>b</li>\n<li>c</li>\n</ul>\n</blockquote>",
    ),
    "link inside bold": (
        '<p>A <b>b <a href="/x_(y) z">c</a> d</b>, <i>e</i>.</p>',
        "A b c d, e.",
        "A **b [c](https://example.com/x_%28y%29%20z) d**, *e*.",
        '<p>A <strong>b <a href="https://example.com/x_(y)%20z">c</a> d</strong>, <em>e</em>.</p>',
    ),
    "formatting": (
        "<p><s>a</s> x<sup>2</sup> <code>b`c</code><br><b>Note: </b>d <a href='mailto:e@f.gh'><i>g</i></a></p>",
        "a x2 b`c\nNote: d g",
        "~~a~~ x2 ``b`c``\\\n**Note:** d [*g*](mailto:e@f.gh)",
        '<p><s>a</s> x<sup>2</sup> <code>b`c</code><br><strong>Note: </strong>d <a href="mailto:e@f.gh"><em>g</em></a></p>',
    ),
    "figure": (
        "<p>a</p><figure><img src=b.png alt='c [d]'><figcaption>e <a href=/f>f</a></figcaption></figure><p>g</p>",
        "a\n\ng",
        "a\n\n![c \\[d\\]](https://example.com/a/b.png)\n\n*e [f](https://example.com/f)*\n\ng",
        '<p>a</p>\n<figure><img src="https://example.com/a/b.png" alt="c [d]">'
        '<figcaption>e <a href="https://example.com/f">f</a></figcaption></figure>\n<p>g</p>',
    ),
    "definitions": (
        "<dl><dt>a<dd>b<dd>c<dt>d<dd>e</dl>",
        "- a\n  b\n  c\n- d\n  e",
        "- **a**\n\n  b\n\n  c\n\n- **d**\n\n  e",
        "<ul>\n<li>\n<p><strong>a</strong></p>\n<p>b</p>\n<p>c</p>\n</li>\n<li>\n<p><strong>d</strong></p>\n<p>e</p>\n</li>\n</ul>",
    ),
}


@pytest.mark.parametrize(("html", "text", "markdown", "clean_html"), FEATURES.values(), ids=FEATURES.keys())
def test_what_survives_into_each_format(html: str, text: str, markdown: str, clean_html: str) -> None:
    pieces = document(html)
    assert render_text(pieces) == text
    assert render_markdown(pieces) == markdown
    assert render_html(pieces) == clean_html


def test_an_empty_document_is_empty_everywhere() -> None:
    assert (render_text([]), render_markdown([]), render_html([])) == ("", "", "")


def test_captions_come_into_text_when_asked_for() -> None:
    pieces = document("<figure><img src=a.png><figcaption>b</figcaption></figure><p>c</p>")
    assert render_text(pieces, captions=True) == "b\n\nc"


def test_text_has_no_white_space_at_line_ends_where_cells_are_empty() -> None:
    pieces = document(
        "<table><tr><th>a<th>b<tr><td>c<td><img src=x.png><tr><td><img src=y.png><td><img src=z.png><tr><td>d<td>e</table><p>f</p>"
    )
    assert render_text(pieces) == "a\tb\nc\nd\te\n\nf"


PLAIN = [
    "A plain sentence - with a dash, an exclamation mark! And (parentheses).",
    "snake_case stays, and so does a < b > c.",
    "AT&T sells 5 + 5 = 10; see #1 and -3.",
    "3.5 percent",
    "1.000 pages | 2 columns",
    "C:\\dir",
]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_sentences_are_left_alone_in_markdown(text: str) -> None:
    assert render_markdown(one(text)) == text


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("<script>alert(1)</script>", "\\<script>alert(1)\\</script>"),
        ("<!-- a -->", "\\<!-- a -->"),
        ("[x](javascript:alert(1))", "\\[x](javascript:alert(1))"),
        ("[x]: http://a.b", "\\[x]: http://a.b"),
        ("![x](y)", "!\\[x](y)"),
        ("*a* _b_ __c__ ~~d~~ `e`", "\\*a\\* \\_b\\_ \\_\\_c\\_\\_ \\~\\~d\\~\\~ \\`e\\`"),
        ("# a", "\\# a"),
        ("> a", "\\> a"),
        ("- a", "\\- a"),
        ("+ a", "\\+ a"),
        ("1. a", "1\\. a"),
        ("12) a", "12\\) a"),
        ("---", "\\---"),
        ("a\n===", "a\\\n\\==="),
        ("a | b\n--- | ---", "a | b\\\n\\--- | ---"),
        ("&lt; &#60; &c", "\\&lt; \\&#60; &c"),
        ("a\\*b", "a\\\\\\*b"),
    ],
)
def test_text_that_looks_like_markdown_is_escaped(text: str, markdown: str) -> None:
    assert render_markdown(one(text)) == markdown


@pytest.mark.parametrize("address", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "vbscript:x", "java\tscript:x"])
def test_documents_with_unsafe_addresses_lose_them(address: str) -> None:
    pieces = [*one("words", href=address), Piece("image", "alt", src=address)]
    assert (render_markdown(pieces), render_html(pieces)) == ("words", "<p>words</p>")


def test_entities_in_an_address_stay_what_they_are() -> None:
    """Read as Markdown, ``&colon;`` would be a colon."""
    pieces = one("words", href="javascript&colon;alert(1)?a&copy;=b")
    assert render_markdown(pieces) == "[words](javascript&amp;colon;alert%281%29?a&amp;copy;=b)"


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("see!<a href=/b>c</a>", "see\\![c](https://example.com/b)"),
        ("<b>Note:</b>text", "Note:text"),
        ("<i>a</i><b>b</b>", "*a*b"),
        ("a<b>b</b>c", "a**b**c"),
        ("<b>a <i>b</i></b> c", "**a *b*** c"),
        ("*<i>a</i>", "\\**a*"),
        ("<b> </b>a", "a"),
        ("<code>a</code><sup><code>b</code></sup>", "`ab`"),
        ("<code>`</code>", "`` ` ``"),
    ],
)
def test_markers_stand_only_where_markdown_reads_them(html: str, markdown: str) -> None:
    assert render_markdown(document(f"<p>{html}</p>")) == markdown


def test_a_heading_is_one_line() -> None:
    assert render_markdown(document("<h2>a<br>b #</h2>")) == "## a b \\#"


def test_carriage_returns_in_code_do_not_leave_their_item() -> None:
    pieces = document("<ul><li>a<pre>b&#13;&lt;script&gt;</pre></ul>")
    assert "\r" not in render_markdown(pieces)


# ---------------------------------------------------------------- any document at all

SNIPPETS = (
    "* ** _ __ ` `` [ ] ( ) ]( < > <b> <script> &amp; & # - + 1. 2) --- === | ~ ~~ ! ![ \\ \\\\ : :- http://a.b/c_d foo bar a é “ ” — € 漢 "
    ". , x1 [a]: <!-- --> <? ^ $ ``` ~~~"
).split()
SPACES = [" ", "  ", "\t", "\n", "    ", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}"]
ADDRESSES = ["/a b", "http://x.y/(z)", "javascript:x", "mailto:a@b.c", "?a=1&copy;=2", "http://x/`y`*_[]|\\", "x\"y'<>"]


def joined(parts: SearchStrategy[str], most: int = 3) -> SearchStrategy[str]:
    return st.lists(parts, min_size=1, max_size=most).map("".join)


def wrapped(tags: list[str], inner: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.builds(lambda tag, text: f"<{tag}>{text}</{tag.split()[0]}>", st.sampled_from(tags), inner)


def table(rows: list[list[str]]) -> str:
    return "<table>" + "".join(f"<tr>{''.join(row)}</tr>" for row in rows) + "</table>"


characters = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=4)
words_and_marks = joined(st.sampled_from(SNIPPETS + SPACES) | characters, 6).map(escape)
anchors = [f'a href="{escape(address)}"' for address in ADDRESSES]
inlines = st.recursive(
    words_and_marks,
    lambda inner: wrapped(["b", "i", "code", "s", "sup", "span", *anchors], joined(inner)) | st.just("<br>"),
    max_leaves=6,
)
lines = joined(inlines, 4)
tables = st.lists(st.lists(wrapped(["td", "th"], lines | st.just("")), min_size=2, max_size=3), min_size=1, max_size=3).map(table)
figures = st.just('<figure><img src="b c(1).png" alt="a [b] * | <i>"><figcaption>cap *x*</figcaption></figure>')
blocks = st.recursive(
    wrapped(["p", "h1", "h3", "div", "figcaption", "pre"], lines) | lines | tables | figures,
    lambda inner: wrapped(["blockquote", "div", "ul", "ol", "ol start=7", "dl"], joined(wrapped(["li", "dt", "dd", "p"], inner))),
    max_leaves=6,
)
documents = joined(blocks, 4).map(document)
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def shown(pieces: Document, *, images: bool) -> list[str]:
    """The document's words."""
    return " ".join(piece.text for piece in pieces if images or piece.kind != "image").split()


def read(tokens: list[Token]) -> str:
    """What a reader sees of parsed Markdown; fails where there is markup that no document holds."""
    text = ""
    for token in tokens:
        assert token.type not in ("html_block", "html_inline", "code_block", "hr")
        scheme = re.match(r"[a-z]+(?=:)", str(token.attrGet("href") or token.attrGet("src") or ""))
        assert scheme is None or scheme[0] in ("http", "https", "mailto")
        if token.type in ("text", "code_inline"):
            text += token.content
        elif token.type == "fence":
            text += f" {token.content} "
        elif token.type in ("softbreak", "hardbreak"):
            text += " "
        elif token.type == "image":
            text += read(token.children or [])
        elif token.type == "inline":
            text += f" {read(token.children or [])} "
    return text


@many
@given(documents)
def test_markdown_shows_exactly_the_words_of_any_document(pieces: Document) -> None:
    assert read(MARKDOWN.parse(render_markdown(pieces))).split() == shown(pieces, images=True)


@many
@given(documents)
def test_text_shows_exactly_the_words_of_any_document(pieces: Document) -> None:
    text = render_text(pieces, captions=True)
    found = iter(text.split())
    for word in shown(pieces, images=False):
        assert any(word == candidate for candidate in found)
    extra = len(text.split()) - len(shown(pieces, images=False))
    assert extra <= len({place.item_id for piece in pieces for place in piece.lists})
    assert text == text.rstrip()


@many
@given(documents)
def test_html_is_stable_and_shows_exactly_the_words_of_any_document(pieces: Document) -> None:
    html = render_html(pieces)
    tags = set(re.findall(r"<([a-z0-9]+)", html))
    attributes = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "td": {"colspan"}, "th": {"colspan"}, "code": {"class"}}
    assert not tags & {"script", "style", "div", "span", "b", "i"}
    assert nh3.clean(html, tags=tags or {"p"}, attributes=attributes, link_rel=None) == html
    assert " ".join(block.text for block in read_html(html).blocks).split() == shown(pieces, images=False)
