"""The walk: what becomes a block, of which kind, and how elements and blocks refer to each other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.model import Page
from cleaner.page import attribute, read_html


def shown(html: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read_html(html).blocks]


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<p>One</p><p>Two</p>", [("paragraph", "One"), ("paragraph", "Two")]),
        ("<p>One <b>bold</b> <i>word</i></p>", [("paragraph", "One bold word")]),
        ("<div>One<p>Two</p>Three</div>", [("paragraph", "One"), ("paragraph", "Two"), ("paragraph", "Three")]),
        ("<span>One<div>Two</div>Three</span>", [("paragraph", "One"), ("paragraph", "Two"), ("paragraph", "Three")]),
        ("<h2>Head</h2><h5>Small</h5>", [("heading", "Head"), ("heading", "Small")]),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", [("item", "a"), ("item", "b"), ("item", "c")]),
        ("<ul><li><p>a</p><p>b</p></li></ul>", [("item", "a"), ("item", "b")]),
        ("<dl><dt>a<dd>b</dl>", [("item", "a"), ("item", "b")]),
        ("<table><caption>c</caption><tr><th>a<td>b</table>", [("caption", "c"), ("cell", "a"), ("cell", "b")]),
        ("<figure><img src=x><figcaption>c</figcaption></figure>", [("caption", "c")]),
        ("<figure><blockquote>q</blockquote><figcaption>who</figcaption></figure>", [("quote", "q"), ("paragraph", "who")]),
        ("<blockquote>q</blockquote><figure><figcaption>c</figcaption></figure>", [("quote", "q"), ("caption", "c")]),
        ("<div><img src=x><p class='wp-caption-text'>c</p></div>", [("caption", "c")]),
        ("<blockquote><p>q</p></blockquote>", [("quote", "q")]),
        ("<button>Go</button>", [("button", "Go")]),
        ("<pre>a\n  b\n</pre>", [("code", "a\n  b")]),
        ("<pre><code>a</code>\n\n<code>  b</code></pre>", [("code", "a\n\n  b")]),
        ("<pre>a<br><br>b</pre>", [("code", "a\n\nb")]),
        ("<p>a<br>b</p>", [("paragraph", "a\nb")]),
        ("<p>a<br>\n<br/>b</p>", [("paragraph", "a"), ("paragraph", "b")]),
        ("<p>a <br> b<hr>c</p>", [("paragraph", "a\nb"), ("paragraph", "c")]),
        ("<p> \n\t a \xa0 b\u200b\u00ad </p>", [("paragraph", "a b")]),
        ("<p>\u200b</p><p> </p><p></p><p>a</p>", [("paragraph", "a")]),
        ("<p>a<!-- b -->c<?pi d?></p>", [("paragraph", "ac")]),
        ("<p>&lt;b&gt; &amp; caf&eacute; &#8217;</p>", [("paragraph", "<b> & café ’")]),
        ("one<p>two", [("paragraph", "one"), ("paragraph", "two")]),
        ("<html><body><p>a</p></body></html><p>b</p>", [("paragraph", "a"), ("paragraph", "b")]),
        ("<html><body><p>a</p></body></html>\n<html><body><p>b</p></BODY></HTML>", [("paragraph", "a"), ("paragraph", "b")]),
        ("<html><body><p>a</p></body></html>", [("paragraph", "a")]),
        ("", []),
        ("<!-- nothing -->", []),
    ],
)
def test_blocks(html: str, blocks: list[tuple[str, str]]) -> None:
    assert shown(html) == blocks


@pytest.mark.parametrize("tag", ["script", "style", "noscript", "template", "svg", "iframe", "object", "video", "select", "textarea"])
def test_what_no_reader_sees_is_skipped_but_not_what_follows_it(tag: str) -> None:
    assert shown(f"<p>a <{tag}>hidden</{tag}>b</p><p>c</p>") == [("paragraph", "a b"), ("paragraph", "c")]


def test_noscript_is_read_where_the_page_shows_next_to_nothing_else() -> None:
    posts = "".join(f"<div class=post><p>{'word ' * 30}{at}</p></div>" for at in range(3))
    page = read_html(f"<title>T</title><div id=app>Loading</div><noscript>{posts}</noscript>")
    assert [block.words for block in page.blocks] == [1, 31, 31, 31] and ".post" in page.tokens
    assert page.head.title == "T" and page.warnings[0].startswith("noscript: ")
    assert shown(f"<p>{'shown ' * 60}</p><noscript>{posts}</noscript>") == [("paragraph", ("shown " * 60).strip())]
    assert shown("<p>Loading</p><noscript>You need to enable scripts to run this.</noscript>") == [("paragraph", "Loading")]


def test_head_is_read_and_not_shown() -> None:
    head = read_html(
        """<html lang=de-AT><head><title> The
        title </title><meta property="og:title" content="T">
        <meta name=Author content=A><meta itemprop=datePublished content=D><meta name=empty content="">
        <link rel="Canonical nofollow" href=" https://e.org/a "><link rel=stylesheet href=/s.css><script src=/x.js></script>
        <script type="application/ld+json">{"a": 1}</script></head>
        <body><svg><title>no</title></svg><p>x</p><img src="/img/logo.png"><script src=/late.js></script></body></html>"""
    ).head
    assert (head.title, head.language, head.canonical, head.json_ld) == ("The title", "de-AT", "https://e.org/a", ['{"a": 1}'])
    assert head.metas == [("og:title", "T"), ("author", "A"), ("datepublished", "D")]
    assert head.assets == ["/s.css", "/x.js", "/img/logo.png", "/late.js"]


def test_elements_are_found_by_tag_id_and_class() -> None:
    page = read_html("<body><div id=a class='x y x'><p class=y>t</p></div></body>")
    div, paragraph = page.tokens["#a"][0], page.tokens["p"][0]
    assert page.tokens["div"] == page.tokens[".x"] == [div]
    assert page.tokens[".y"] == [div, paragraph]
    assert page.parents[paragraph] == div
    assert attribute(page, div, "class") == "x y x"
    assert attribute(page, div, "title") is None
    assert attribute(page, -1, "class") is None


def test_a_page_knows_how_much_of_it_is_linked() -> None:
    page = read_html("<p>four <a href=x>six <b>sev</b>en</a> and <a>no</a></p><p>plain</p>")
    assert [block.link_chars for block in page.blocks] == [len("six seven") + len("no"), 0]
    assert page.links_before == [0, 11, 11]
    assert page.words_before == [0, 5, 6]
    assert page.chars_before == [0, len("four six seven and no"), len("four six seven and noplain")]


def test_characters_nobody_sees_do_not_count_as_linked_text() -> None:
    block = read_html(f"<p><a href=x>\n{' ' * 300}Council\n{' ' * 300}</a> and a good many words that are not linked at all</p>").blocks[0]
    assert block.link_chars < 0.2 * len(block.text)
    hidden = read_html("<p><a href=x>a\u200b\u200b\u200b\u200bb</a></p>").blocks[0]
    assert hidden.link_chars == len(hidden.text) == 2


def test_images_stand_before_the_block_that_follows() -> None:
    page = read_html("<p>a</p><img src=1><p>b</p><img src=2>")
    assert [(at, attribute(page, node, "src")) for at, node in page.images] == [(1, "1"), (2, "2")]


def test_depth_beyond_the_parser_is_said() -> None:
    assert any(warning.startswith("too-deep:") for warning in read_html("<div>" * 5000 + "text").warnings)
    assert read_html("<div>" * 1000 + "text").warnings == []


@pytest.mark.parametrize(
    "text", ["a\ud800b", "\x00", "<p>\x01\x02</p>", "<", "<p", "</p>", "<![CDATA[x]]>", "&#0;&#xD800;&#x110000;", "<p>\ufffe</p>"]
)
def test_odd_characters_never_raise(text: str) -> None:
    assert isinstance(read_html(text), Page)


# ---------------------------------------------------------------- the tables agree with each other

_TAGS = [
    "div",
    "p",
    "span",
    "a",
    "ul",
    "li",
    "h2",
    "b",
    "table",
    "tr",
    "td",
    "pre",
    "blockquote",
    "script",
    "br",
    "img",
    "button",
    "x-card",
]


@st.composite
def _markup(draw: st.DrawFn) -> str:
    pieces = st.one_of(
        st.sampled_from([f"<{tag}>" for tag in _TAGS]),
        st.sampled_from([f"</{tag}>" for tag in _TAGS]),
        st.sampled_from(["word ", " ", "two words", "\n", "\u200b", "x"]),
    )
    return "".join(draw(st.lists(pieces, max_size=40)))


@settings(max_examples=150, deadline=None)
@given(_markup())
def test_intervals_hold_exactly_what_stands_below_an_element(html: str) -> None:
    page = read_html(html)
    nodes = range(len(page.tags))
    assert all(page.parents[node] < node < page.ends[node] <= len(page.tags) for node in nodes)
    for node in nodes:
        below = {other for other in nodes if node <= other < page.ends[node]}
        assert below == {node} | {other for other in nodes if page.parents[other] in below}
        blocks = {
            block.index for block in page.blocks if any(holder in below and raw.strip("\u200b\u2028 \n") for holder, raw in block.runs)
        }
        assert blocks <= set(range(page.first_block[node], page.last_block[node]))
        assert page.first_block[node] <= page.last_block[node] <= len(page.blocks)
    for number, block in enumerate(page.blocks):
        assert block.index == number
        assert block.text.strip()
        assert all(block.node <= holder < page.ends[block.node] for holder, _ in block.runs)
