"""No page can put into the output what would run, lead elsewhere or break a reader: HTML, Markdown, JSON, a terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest
from conftest import MORE_PROSE, PROSE, main
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cleaner import Article, Cleaner

EVIL = "alert(1)"
_TAGS = set(
    "a blockquote br caption code em figcaption figure h1 h2 h3 h4 h5 h6 img li ol p pre s strong "
    "sub sup table tbody td th thead tr ul".split()
)
_ATTRIBUTES = {"href", "src", "alt", "start", "colspan", "class"}

# Ways in, by kind: written for this test after the families that public cheat sheets list.
XSS = [
    *(f"<script{gap}>{EVIL}</script>" for gap in ("", " ", "/", "\n", " src=//evil.example/x.js", " type=module")),
    f"<scr<script>ipt>{EVIL}</scr</script>ipt>",
    f"<<script>{EVIL}//<</script>",
    f"<script>{EVIL}",
    f"<SCRIPT\x0c>{EVIL}</SCRIPT\n>",
    *(f"<img src=x {handler}={EVIL}>" for handler in ("onerror", "ONERROR", "onload", "onmouseover", "onerror\x0b", "on\x00error")),
    f"<img/src=x/onerror={EVIL}//>",
    f'<img src="x` `<script>{EVIL}</script>"` `>',
    f"<img src='x' alt='\"><script>{EVIL}</script>'>",
    f'<img src=x alt="x onerror={EVIL}">',
    f"<p onclick={EVIL} style='background:url(javascript:{EVIL})'>text</p>",
    f"<body onload={EVIL}>",
    f"<details open ontoggle={EVIL}>text</details>",
    f"<video><source onerror={EVIL}></video>",
    f"<audio src onloadstart={EVIL}>",
    f"<marquee onstart={EVIL}>text</marquee>",
    f"<input autofocus onfocus={EVIL}>",
    f"<select autofocus onfocus={EVIL}><option>x</select>",
    f"<button formaction=javascript:{EVIL}>text</button>",
    f"<form action=javascript:{EVIL}><input type=submit value=text></form>",
    f"<isindex action=javascript:{EVIL} type=image>",
    *(
        f"<a href={quote}{scheme}{EVIL}{quote}>text</a>"
        for quote in ("'", '"')
        for scheme in (
            "javascript:", "JaVaScRiPt:", " javascript:", "java\tscript:", "java\nscript:", "java&#10;script:", "&#106;avascript:",
            "&#x6A&#x61vascript:", "javascript&colon;", "\x01javascript:", "javascript\x00:", "vbscript:", "data:text/html,", "livescript:",
            "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "file:///etc/passwd#", "blob:https://x/", "feed:javascript:",
            "view-source:javascript:", "\u00a0javascript:", "\u2028javascript:", "\ufeffjavascript:", "javascript://%0a", "about:blank#",
        )
    ),
    f"<a href=javascript:{EVIL} xlink:href=javascript:{EVIL}>text</a>",
    f"<a href='https://ok.example/\"onmouseover={EVIL}//'>text</a>",
    f"<a href='https://ok.example/>\"><script>{EVIL}</script>'>text</a>",
    f"<img src=javascript:{EVIL}>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    f"<img srcset='javascript:{EVIL} 2x, x.png 1x' data-src='javascript:{EVIL}'>",
    *(f"<{tag} src=javascript:{EVIL} data=javascript:{EVIL}>text" for tag in ("iframe", "frame", "embed", "object", "applet", "portal")),
    f"<iframe srcdoc='<script>{EVIL}</script>'></iframe>",
    f"<svg onload={EVIL}><script>{EVIL}</script><a xlink:href=javascript:{EVIL}><text>text</text></a></svg>",
    f"<svg><animate onbegin={EVIL} attributeName=x dur=1s></svg>",
    f"<svg><set attributeName=href to=javascript:{EVIL} /></svg>",
    f"<svg><foreignObject><p><script>{EVIL}</script></p></foreignObject></svg>",
    f"<svg><style><img src=x onerror={EVIL}></style></svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={EVIL}></style></table></mtext></math>",
    f"<math><annotation-xml encoding=text/html><img src=x onerror={EVIL}></annotation-xml></math>",
    f"<math href=javascript:{EVIL}>text</math>",
    f"<noscript><p title='</noscript><img src=x onerror={EVIL}>'></noscript>",
    f"<template><img src=x onerror={EVIL}></template>",
    f"<textarea></textarea><img src=x onerror={EVIL}>",
    f"<title></title><img src=x onerror={EVIL}>",
    f"<xmp><p title='</xmp><img src=x onerror={EVIL}>'></xmp>",
    f"<plaintext><img src=x onerror={EVIL}>",
    f"<listing>&lt;img src=x onerror={EVIL}&gt;</listing>",
    f"<!--><img src=x onerror={EVIL}>-->",
    f"<!--!><img src=x onerror={EVIL}>-->",
    f"<!-- --!><img src=x onerror={EVIL}> -->",
    f"<![CDATA[<img src=x onerror={EVIL}>]]>",
    f"<?xml-stylesheet href=javascript:{EVIL}?><p>text</p>",
    f"<comment><img src=x onerror={EVIL}></comment>",
    f"<style>@import 'javascript:{EVIL}'; p {{background: url(javascript:{EVIL})}}</style>",
    f"<style><img src='</style><img src=x onerror={EVIL}>'></style>",
    f"<link rel=stylesheet href=javascript:{EVIL}>",
    f"<meta http-equiv=refresh content='0;url=javascript:{EVIL}'>",
    f"<base href=javascript:{EVIL}//><a href=x>text</a>",
    "<base href='data:text/html,x'><a href=x>text</a><img src=y.png>",
    f"<table background=javascript:{EVIL}><tr><td background=javascript:{EVIL}>text</table>",
    f"<ol start='1 onclick={EVIL}'><li value='\"><script>{EVIL}</script>'>text</ol>",
    f"<td colspan='2\" onclick={EVIL}'>text</td>",
    f"<pre><code class='language-x\" onclick={EVIL}'>text</code></pre>",
    f"<pre>&lt;/code&gt;&lt;/pre&gt;&lt;script&gt;{EVIL}&lt;/script&gt;</pre>",
    f"<p>&lt;script&gt;{EVIL}&lt;/script&gt;</p>",
    f"<p>&amp;lt;img src=x onerror={EVIL}&amp;gt;</p>",
    f"<p>&#60;img src=x onerror={EVIL}&#62;</p>",
    f"<p>＜script＞{EVIL}＜/script＞</p>",
    f"<p>+ADw-script+AD4-{EVIL}+ADw-/script+AD4-</p>",
    f"<b><a href=javascript:{EVIL}><i>te</b>xt</i></a>",
    f"<a href=https://ok.example/><a href=javascript:{EVIL}>text</a></a>",
    f"<h2 id=x onclick={EVIL}><img src=x onerror={EVIL}>text</h2>",
    f"<figure><img src=https://ok.example/a.png alt='x' onerror={EVIL}><figcaption onclick={EVIL}>text</figcaption></figure>",
    f"<x-y is=x onclick={EVIL}>text</x-y>",
    f"<p is=x slot=y part=z contenteditable autofocus tabindex=1 onfocus={EVIL}>text</p>",
]  # fmt: skip


def article_of(cleaner: Cleaner, piece: str) -> Article:
    return cleaner.clean(main(f"<p>{PROSE}</p>", piece, f"<p>{MORE_PROSE}</p>"), url="https://paper.example/a/b")


def check_html(fragment: str) -> None:
    """Nothing but the allow-list, as a browser's reading and as another parser's."""
    root = lxml_html.fragment_fromstring(fragment, create_parent="div")
    for element in root.iterdescendants():
        assert element.tag in _TAGS, element.tag
        assert set(element.attrib) <= _ATTRIBUTES, dict(element.attrib)
        for name in ("href", "src"):
            address = element.get(name, "https://x/")
            assert re.match(r"https?://|mailto:|[^:]*$|[^:]*[/?#]", address, re.I), address
            assert not re.sub(r"[\x00-\x20]", "", address).lower().startswith(("javascript", "data:", "vbscript")), address


def links_of(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    for token in tokens:
        if token.type == "link_open":
            yield "link", str(token.attrs["href"])
        elif token.type == "image":
            yield "image", str(token.attrs["src"])
        elif token.type in ("html_block", "html_inline"):
            yield "html", token.content
        yield from links_of(token.children or [])


def check_markdown(text: str, allowed: Callable[[str], bool]) -> None:
    """Read with HTML allowed, there is none; and links lead only where the page's own links lead."""
    for kind, target in links_of(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)):
        assert kind != "html", target
        assert allowed(target), target


@pytest.mark.parametrize("piece", XSS)
def test_no_way_in_through_html(builtin: Cleaner, piece: str) -> None:
    article = article_of(builtin, piece)
    assert PROSE in article.text
    check_html(article.html)
    # Mutation: what one parser writes, another may read otherwise.
    again = lxml_html.fragment_fromstring(article.html, create_parent="div")
    written = etree.tostring(again, encoding="unicode", method="html")[5:-6]
    check_html(written)
    twice = builtin.clean(main(written)).html
    check_html(twice)
    check_markdown(article.markdown, lambda target: target.startswith(("https://", "http://", "mailto:")) and not target.startswith("data"))


# ---------------------------------------------------------------- Markdown

_SMUGGLED = [
    "[click](https://evil.example/)", "![x](https://evil.example/x.png)", "[a][1]", "[1]: https://evil.example/",
    "[^1]: note",
    "<https://evil.example/>", "<script>alert(1)</script>", "<!-- x -->", "<?x?>", "<![CDATA[x]]>", "</div>", "<a href='https://evil.example/'>",
    "&lt;script&gt;", "&#60;b&#62;", "&colon;", "\\", "\\\\", "`", "``", "```", "~~~", "```html", "# x", "> x", "- x", "1. x", "---", "===",
    "| a | b |", "|---|---|", "*", "**", "_", "~~", "](https://evil.example/)", "](https://evil.example/ 'x')",
    "[", "]", "(", ")", "!", "![",
    "][", "\u2028", "&nbsp;", "    code", "\t", "<", ">", "&", "x", " ", "\n", "\n\n", "<b", "\\<b>", "\\[x](https://evil.example/)",
    "mailto:",
    "<a@evil.example>", "\u202e", "\ufeff", "&Tab;", "&NewLine;", "&lpar;",
]  # fmt: skip
_TEXT = st.lists(st.sampled_from(_SMUGGLED), min_size=1, max_size=6).map("".join)
_SHAPES = st.sampled_from([
    "<p>{0}</p>", "<p><b>{0}</b>{1}</p>", "<p><a href='https://ok.example/{2}'>{0}</a>{1}</p>", "<p>{1}<code>{0}</code></p>",
    "<pre>{0}</pre>", "<pre><code class='language-{2}'>{0}</code></pre>", "<ul><li>{0}<li>{1}</ul>", "<ol><li>{0}<pre>{1}</pre></ol>",
    "<blockquote><p>{0}</p><p>{1}</p></blockquote>", "<table><tr><th>{0}<th>x<tr><td>{1}<td>y</table>", "<h2>{0}</h2>",
    "<figure><img src='https://ok.example/{2}.png' alt='{0}'><figcaption>{1}</figcaption></figure>", "<p>{0}<br>{1}</p>",
    "<p><a href='https://ok.example/'><img src='https://ok.example/i.png' alt='{0}'>{1}</a></p>", "<p><i>{0}</i><b><a href=https://ok.example/>{1}</a></b></p>",
])  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_SHAPES, _TEXT, _TEXT, _TEXT), min_size=1, max_size=4))
def test_text_never_becomes_markup_in_markdown(everything: Cleaner, parts: list[tuple[str, str, str, str]]) -> None:
    pieces = [shape.format(*(escape(text) for text in texts)) for shape, *texts in parts]
    article = everything.clean(main(*pieces))
    check_markdown(article.markdown, lambda target: target.startswith("https://ok.example/"))
    check_html(article.html)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Cleaner:
    """A cleaner that keeps all of <main>."""
    folder = tmp_path_factory.mktemp("rules")
    (folder / "generic.yaml").write_text("body: ['main']\nlimits: {min_words: 1}\n", encoding="utf-8")
    return Cleaner([folder], builtin=False)


# ---------------------------------------------------------------- JSON, metadata, terminals

_ODD = "\ud800 \udfff \x00 \x1b[31m \x07 \u202e \u2066 \ufffe \U0010ffff \x85 \u2028"
_LD = {"@type": "NewsArticle", "headline": f"A {_ODD} title", "author": {"name": f"Ann {_ODD} Lee"}, "publisher": {"name": _ODD}}


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for one in pair for text in strings(one))
    elif isinstance(value, list | tuple):
        yield from (text for one in value for text in strings(one))


@pytest.mark.parametrize(
    "page",
    [
        main(f"<p>{PROSE} {_ODD}</p><p>{MORE_PROSE}</p>"),
        main(f"<p>{PROSE} &#xD800;&#0;&#x1b;[2J&#x202e;</p><p>{MORE_PROSE}</p>"),
        main(f"<h1>{_ODD}</h1><p>{PROSE}</p><p>{MORE_PROSE}</p><a href='https://x/{_ODD}'>x</a>"),
        f"<meta property=og:site_name content='&#xDC00;\ud800'><script type=application/ld+json>{json.dumps(_LD)}</script>"
        + main(f"<p>{PROSE}</p>"),
        f"{PROSE}\n\n{_ODD}\n\n{MORE_PROSE}",
    ],
)
def test_json_is_valid_whatever_the_page_holds(builtin: Cleaner, page: str) -> None:
    for data in (page, page.encode("utf-8", "surrogatepass"), page.encode("utf-16-le", "surrogatepass")):
        record = builtin.clean(data, url="https://a.example/").to_dict()
        for text in strings(record):
            text.encode("utf-8")
            assert "\0" not in text
        assert json.loads(json.dumps(record, ensure_ascii=False).encode()) == json.loads(json.dumps(record))


@pytest.mark.parametrize("address", [f"javascript:{EVIL}", "data:text/html,x", "vbscript:x", "file:///etc/passwd"])
def test_metadata_hold_no_address_that_runs(builtin: Cleaner, address: str) -> None:
    ld = {"@type": "NewsArticle", "headline": "T", "url": address, "image": address, "publisher": {"url": address}}
    head = (
        f"<link rel=canonical href='{address}'><meta property=og:url content='{address}'><meta property=og:image content='{address}'>"
        f"<base href='{address}'><script type=application/ld+json>{json.dumps(ld)}</script>"
    )
    feed = f"<p>The post <a href='{address}'>T</a> appeared first on <a href='{address}'>Invezz</a>.</p>"
    article = builtin.clean(f"<html><head>{head}</head><body><article><p>{PROSE}</p><p>{MORE_PROSE}</p>{feed}</article></body></html>")
    source = article.source.url if article.source else None
    assert not [one for one in (article.url, article.canonical_url, article.image, source) if one and one.startswith(address[:5])]


_STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def on_a_terminal(*arguments: str) -> str:
    """What a terminal gets of a command, on both streams."""
    reader, writer = pty.openpty()
    environment = {**os.environ, "NO_COLOR": "1", "TERM": "xterm"}
    subprocess.run([sys.executable, "-m", "cleaner", *arguments], stdout=writer, stderr=writer, env=environment, check=False)
    os.close(writer)
    shown = b""
    try:
        while part := os.read(reader, 65536):
            shown += part
    except OSError:
        pass
    os.close(reader)
    return shown.decode("utf-8", "replace")


@pytest.mark.parametrize("command", [[], ["-f", "markdown"], ["-f", "json"], ["explain"]])
def test_a_terminal_is_not_steered_by_pages(tmp_path: Path, command: list[str]) -> None:
    page = tmp_path / "page.html"
    odd = "\x1b]0;owned\x07\x1b[2J\x9b31m\x08\x7f\u202ebackwards\u2066"
    page.write_text(main(f"<h1>T {odd}</h1><p>{PROSE} {odd}</p><p>{MORE_PROSE}</p><div class=related>{odd}</div>"), encoding="utf-8")
    text = on_a_terminal(*command, str(page))
    assert "council" in text
    assert not _STEERING.search(text)


@pytest.mark.parametrize("broken", [False, True])
def test_a_terminal_is_not_steered_by_rules(tmp_path: Path, broken: bool) -> None:
    odd = r'"\e]0;owned\a\e[2J \u202Ebackwards"'
    (tmp_path / "generic.yaml").write_text(f"drop:\n  - {{id: a, css: p, why: {odd}}}\n{odd + ': 1' if broken else ''}\n", encoding="utf-8")
    for command in (["rules", "check", str(tmp_path)], ["rules", "list", "--ids", "--rules", str(tmp_path), "--no-builtin"]):
        text = on_a_terminal(*command)
        assert text.strip()
        assert not _STEERING.search(text)
