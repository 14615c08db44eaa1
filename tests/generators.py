"""Pages and rule files with the structure of real ones, for hypothesis: nested as HTML nests, and always valid rules."""

from __future__ import annotations

import json
from typing import Any

from conftest import MORE_PROSE, PROSE
from hypothesis import strategies as st

HIDING = (
    "hidden",
    "style='display:none'",
    "style='visibility:hidden'",
    "style='opacity:0'",
    "style='position:absolute;left:-9999px'",
    "style='font-size:0'",
    "style='clip:rect(0,0,0,0)'",
    "style='height:0;overflow:hidden'",
)
_CLASSES = ("entry-content", "share", "related", "byline", "comments", "caption", "x", "wp-caption-text", "post-tags", "story body")
_LINES = (
    "Related posts",
    "Share this:",
    "by Dana Whitlock January 14, 2026",
    "Read also: something else",
    "12",
    "Copyright © 2026 e.org",
    "The post Harbour closed appeared first on Invezz.",
    "语言模型",
    PROSE,
    MORE_PROSE,
)
_ADDRESSES = ("/a", "https://paper.example/b?c=d&amp;e", "#top", "mailto:a@b.example", "javascript:alert(1)", "http://[", "")


def _attributes(draw: st.DrawFn) -> str:
    classes = draw(st.lists(st.sampled_from(_CLASSES), max_size=2))
    return (f" class='{' '.join(classes)}'" if classes else "") + (" id=n" if draw(st.integers(0, 9)) == 0 else "")


@st.composite
def _element(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    kind = draw(st.sampled_from(("div", "section", "article", "aside", "blockquote", "figure", "p", "h2", "a", "b", "pre", "ul", "table")))
    attributes = _attributes(draw)
    if kind == "ul":
        return f"<ul{attributes}>{''.join(f'<li>{one}</li>' for one in draw(st.lists(inner, max_size=3)))}</ul>"
    if kind == "table":
        rows = draw(st.lists(st.lists(inner, min_size=1, max_size=2), max_size=2))
        return f"<table{attributes}>{''.join('<tr>' + ''.join(f'<td>{cell}</td>' for cell in row) + '</tr>' for row in rows)}</table>"
    if kind == "figure":
        return f"<figure{attributes}><img src=a.png alt=photo><figcaption>{draw(inner)}</figcaption></figure>"
    if kind == "a":
        return f" <a href='{draw(st.sampled_from(_ADDRESSES))}'>{draw(st.sampled_from(_LINES))}</a> "
    if kind in ("p", "h2", "b", "pre"):
        return f"<{kind}{attributes}> {' '.join(draw(st.lists(st.sampled_from(_LINES), min_size=1, max_size=2)))} </{kind}>"
    return f"<{kind}{attributes}>{''.join(draw(st.lists(inner, max_size=4)))}</{kind}>"


bodies = st.recursive(st.sampled_from(_LINES).map(lambda line: f"<p>{line}</p>"), _element, max_leaves=12)
"""The inside of a page's <body>, well formed."""


@st.composite
def pages(draw: st.DrawFn) -> str:
    """A whole page with its head."""
    author = draw(st.sampled_from(("A B", None, ["C"], {"name": 1})))
    ld = {"@type": "NewsArticle", "headline": draw(st.sampled_from(_LINES)), "author": author}
    head = draw(
        st.lists(
            st.sampled_from(
                (
                    "<title>Harbour closed | The Paper</title>",
                    "<meta name=generator content='WordPress 6.4'>",
                    "<link rel=canonical href=https://paper.example/x>",
                    "<meta property=article:published_time content=2026-01-14T09:00:00Z>",
                    f"<script type=application/ld+json>{json.dumps(ld)}</script>",
                    "<base href=/deeper/>",
                )
            ),
            max_size=4,
            unique=True,
        )
    )
    return f"<!DOCTYPE html><html lang=en><head>{''.join(head)}</head><body>{''.join(draw(st.lists(bodies, max_size=5)))}</body></html>"


_SELECTORS = ("p.x", ".share", "div > .related", "#n", "aside p", "h2 ~ p", "article .byline", "td", "figcaption", "p:not(.x)", "a[href]")
_TESTS: dict[str, st.SearchStrategy[Any]] = {
    "css": st.sampled_from(_SELECTORS),
    "phrase": st.sampled_from(("share this", "related posts", "read also")),
    "starts": st.sampled_from(("Read also", "The post")),
    "contains": st.sampled_from(("appeared first on", "Dana")),
    "text": st.sampled_from((r"^by \w+ \w+", r"\b20\d\d\b", r"^\W*\d+$")),
    "kind": st.sampled_from(("heading", "cell", "item", ["caption", "quote"])),
}
_NARROWING: dict[str, st.SearchStrategy[Any]] = {
    "inside": st.sampled_from(("article", ".story", "body")),
    "not_inside": st.sampled_from(("blockquote", "aside")),
    "within": st.sampled_from(({"first": 2}, {"last": 3})),
    "min_words": st.integers(1, 4),
    "max_words": st.integers(5, 60),
    "max_link_density": st.floats(0, 1).map(lambda share: round(share, 2)),
}


@st.composite
def _rule(draw: st.DrawFn) -> dict[str, Any]:
    tests = draw(st.lists(st.sampled_from(sorted(_TESTS)), min_size=1, max_size=2, unique=True))
    narrowing = draw(st.lists(st.sampled_from(sorted(_NARROWING)), max_size=2, unique=True))
    return {name: draw({**_TESTS, **_NARROWING}[name]) for name in (*tests, *narrowing)}


@st.composite
def rule_files(draw: st.DrawFn) -> dict[str, Any]:
    """A rule file as plain data, valid by the schema; JSON of it is YAML."""
    drops = draw(st.lists(_rule(), max_size=5))
    keeps = draw(st.lists(_rule(), max_size=2))
    document: dict[str, Any] = {
        "drop": [{"id": f"d{at}", "why": "w", **rule} for at, rule in enumerate(drops)],
        "keep": [{"id": f"k{at}", **{name: value for name, value in rule.items() if name != "within"}} for at, rule in enumerate(keeps)],
    }
    if draw(st.booleans()):
        document |= {"body": [draw(st.sampled_from(("article", ".entry-content", "body")))], "limits": {"min_words": 1}}
    return document
