"""Selectors mean what they mean in CSS: lxml's own translation to XPath is the judge."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.cssselect import CSSSelector

from cleaner import RuleError
from cleaner.page import read_html, tree
from cleaner.select import find, parse

PAGE = """<html><body class="single post-7" id="top">
<header class="site"><nav><ul><li class="a first">1</li><li>2</li><li class="a">3</li></ul></nav></header>
<main><article id="post-7" class="post hentry" data-kind="news"><h1>t</h1><p lang="en-GB">a</p>
<div class="share box"><a href="https://x.com/share?u=1" rel="nofollow noopener">s</a><b></b></div>
<div class="box"><div class="box inner"><p class="note">n</p></div><p>p</p></div>
<blockquote><p>q</p></blockquote><aside><blockquote>q</blockquote></aside></article></main>
<footer><p>f</p><p class="note last">g</p></footer></body></html>"""


def agree(html: str, css: str) -> int:
    """How many elements are found; cssselect's XPath for :has() is wrong, so there the caller's count alone decides."""
    page = read_html(html)
    nodes = find(page, parse(css))
    assert nodes == sorted(set(nodes))
    if ":has" not in css:
        root = tree(page)
        wanted = set(CSSSelector(css, translator="html")(root.getroottree()))
        elements = [element for element in root.iter() if element.tag not in ("style", "script", "meta", "link", "title")]
        assert [element.tag for element in elements] == page.tags
        assert {elements[node] for node in nodes} == wanted, css
    return len(nodes)


@pytest.mark.parametrize(
    ("css", "count"),
    [
        ("p", 6),
        ("P", 6),
        ("#post-7", 1),
        (".box", 3),
        (".box.inner", 1),
        ("div.box:not(.share)", 2),
        ("li:not(.a):not(.b)", 1),
        ("div:not([class~=inner])", 2),
        ("article p", 4),
        ("article > p", 1),
        ("main article > .box p", 2),
        (".box .box p", 1),
        (".box > .box > p", 1),
        ("h1 + p", 1),
        ("h1 ~ div", 2),
        ("p ~ div > p", 1),
        ("li.first + li", 1),
        ("li + li + li", 1),
        ("p, li, p.note", 9),
        ("a[href]", 1),
        ("a[href^='https://']", 1),
        ("a[href$='=1']", 1),
        ("a[href*=share]", 1),
        ("a[rel~=nofollow]", 1),
        ("a[rel=nofollow]", 0),
        ("p[lang|=en]", 1),
        ("p[lang|=e]", 0),
        ("a[href^='']", 0),
        ("article[data-kind=news]", 1),
        ("li:first-child", 1),
        ("li:last-child", 1),
        ("ul:only-child", 1),
        ("blockquote > p:only-child", 1),
        ("b:empty", 1),
        ("div:has(p.note)", 2),
        ("div:has(> p)", 2),
        ("div:has(> p.note)", 1),
        ("aside:has(> blockquote)", 1),
        ("div:not(.inner):has(p)", 1),
        ("body.single #post-7 > h1", 1),
        ("video", 0),
        ("#post-8 p", 0),
    ],
)
def test_selectors(css: str, count: int) -> None:
    assert agree(PAGE, css) == count


_NAMES = st.sampled_from(
    ["div", "p", "span", ".a", ".b", "#i", "p.a", "div.b", "span:not(.a)", "div:first-child", "p:last-child", "div[class]"]
)
_SELECTORS = st.builds(
    lambda first, rest: first + "".join(combinator + name for combinator, name in rest),
    _NAMES,
    st.lists(st.tuples(st.sampled_from([" ", " > ", " + ", " ~ "]), _NAMES), max_size=3),
)
_TREES = st.recursive(
    st.sampled_from(["x", "<p class=a>x</p>", "<span id=i>y</span>", "<p>z</p>", "<span class=b></span>"]),
    lambda inner: st.builds(
        lambda tag, attributes, children: f"<{tag} {attributes}>{''.join(children)}</{tag}>",
        st.sampled_from(["div", "section", "span"]),
        st.sampled_from(["", "class=a", "class='b a'", "class=b id=i"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=15,
)


@settings(max_examples=250, deadline=None)
@given(_TREES, _SELECTORS)
def test_any_selector_on_any_tree(tree: str, css: str) -> None:
    agree(f"<html><body>{tree}</body></html>", css)


@pytest.mark.parametrize(
    "css",
    [
        "",
        "*",
        "[data-x]",
        "div *",
        ":not(.a)",
        "p:nth-child(2)",
        "p:is(.a, .b)",
        "p:hover",
        "p::before",
        "p:has(+ div)",
        "div:has([x])",
        "a[href!='x']",
        "p >",
        "p..a",
        "p[",
        "div:not(",
        "p:has(",
        "> p",
        "a{b}",
        "p\x00",
    ],
)
def test_what_is_not_supported_is_refused_with_a_hint(css: str) -> None:
    with pytest.raises(RuleError) as error:
        parse(css)
    assert error.value.hint


@settings(max_examples=200, deadline=None)
@given(st.text("p.#[]=~|^$*\"'>+:()ah- \\\n,é", max_size=15))
def test_reading_css_raises_nothing_else(css: str) -> None:
    try:
        parse(css)
    except RuleError as error:
        assert error.hint


def test_text_pages_have_no_elements_to_find() -> None:
    from cleaner.textpage import read_text

    assert find(read_text("a p\n#i"), parse("p, #i")) == []


@pytest.mark.parametrize(
    ("css", "html"),
    [
        (".x div div div p", "<div>" * 120 + "<p>t</p>"),
        (".x > div div > div div > div p", "<div>" * 100 + "<p>t</p>"),
        ("h6 ~ p", "<p>t</p>" * 4000),
        ("div:has(> b)", "<div>" * 1500 + "<i><b>t</b></i>" * 3000),
        ("div:has(b.x)", "<div>" * 1500 + "<i><b>t</b></i>" * 3000),
    ],
)
def test_no_page_makes_a_selector_slow(css: str, html: str) -> None:
    page = read_html(html)
    start = time.process_time()
    assert find(page, parse(css)) == []
    assert time.process_time() - start < 1
