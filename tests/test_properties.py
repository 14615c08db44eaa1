"""What holds for every page, also for those nobody has thought of."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from conftest import MORE_PROSE, PROSE
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cleaner import Article, Cleaner
from cleaner.decode import decode
from cleaner.page import read_html
from cleaner.textpage import read_text

SAMPLES = Path(__file__).parent.parent / "samples"
PAGES = sorted(SAMPLES.glob("**/page.*"))


@pytest.fixture(scope="module")
def of_text() -> Cleaner:
    return Cleaner(input="text")


def tried(times: int) -> settings:
    return settings(max_examples=times, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(article: Article) -> None:
    """What must be true of any article."""
    assert isinstance(article.text, str) and isinstance(article.markdown, str) and isinstance(article.html, str)
    assert article.to_dict()["text"] == article.text
    assert 0 <= article.confidence <= 1
    assert 0 <= article.removed_share <= 1
    assert article.text or article.warnings
    assert (article.method == "none") == (not article.text)
    assert all(block.verdict in ("KEEP", "DROP") for block in article.blocks)


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def visible(data: bytes) -> Counter[str]:
    decoded = decode(data)
    page = read_html(decoded.text) if decoded.kind == "html" else read_text(decoded.text)
    return words("\n".join(block.text for block in page.blocks))


def added(article: Article, data: bytes) -> Counter[str]:
    """Words of the text that the page has not, or not as often; the numbers of ordered lists are not in the page."""
    text = re.sub(r"^\s*\d+\. ", "", article.text, flags=re.MULTILINE)
    return words(text) - visible(data)


# ---------------------------------------------------------------- never raises


@tried(150)
@given(st.binary(max_size=400))
@example(b"")
@example(b"\0")
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf")
@example(b"<")
@example(b"<html><body></body></html>" * 3)
def test_any_bytes(builtin: Cleaner, data: bytes) -> None:
    check(builtin.clean(data))


@tried(100)
@given(st.text(max_size=300), st.one_of(st.none(), st.text(max_size=40)))
@example("\ud800", "http://[")
@example("<a href='http://['>x</a>", "//")
def test_any_text_and_any_address(builtin: Cleaner, data: str, url: str | None) -> None:
    check(builtin.clean(data, url))


_OPEN = """p div span a ul ol li h1 h2 h4 table tr td th pre code blockquote figure figcaption img br b i article main aside nav
footer button"""
# Words stand between spaces: what is dropped from the middle of a glued word leaves two words.
_BITS = st.sampled_from(
    [
        *(f"<{tag}>" for tag in _OPEN.split()),
        *(f"</{tag}>" for tag in "p div span a ul ol li h2 table tr td pre blockquote figure article main".split()),
        "<div class='entry-content'>",
        "<div class='share related'>",
        "<span class=share>",
        "<div class='penci-entry-content' id='penci-post-entry-inner'>",
        "<meta name=generator content=WordPress>",
        '<script type=\'application/ld+json\'>{"@type": "Article", "headline": [1], "author": {"name": null}}</script>',
        "<!-- x",
        "]]>",
        "&amp;&#0;&nbsp;",
        " You may also like ",
        " Share this: ",
        " Related posts ",
        " by Dana Whitlock January 14, 2026 0 comments ",
        " The post Harbour closed appeared first on Invezz. ",
        " Read also: something else ",
        " Copyright © 2026 e.org ",
        " 12 ",
        " word ",
        "\u2028",
        "…",
        " 语言模型 ",
        f" {PROSE} ",
        f" {MORE_PROSE} ",
    ]
)


@tried(200)
@given(st.lists(_BITS, max_size=60).map("".join))
def test_any_markup(builtin: Cleaner, html: str) -> None:
    article = builtin.clean(html)
    check(article)
    assert added(article, html.encode()) == Counter()


@tried(100)
@given(st.lists(st.one_of(_BITS.filter(lambda bit: "<" not in bit), st.just("\n"), st.just("\n\n• ")), max_size=60).map("".join))
def test_any_lines(of_text: Cleaner, text: str) -> None:
    article = of_text.clean(text)
    check(article)
    assert words(article.text) - words("\n".join(block.text for block in read_text(decode(text).text).blocks)) == Counter()


@tried(60)
@given(st.sampled_from(PAGES), st.floats(0, 1), st.floats(0, 1))
def test_truncated_and_beheaded_samples(builtin: Cleaner, page: Path, start: float, end: float) -> None:
    data = page.read_bytes()
    check(builtin.clean(data[: int(len(data) * end)]))
    check(builtin.clean(data[int(len(data) * start * 0.5) : int(len(data) * end)]))


@tried(40)
@given(st.sampled_from(PAGES), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=8)), max_size=10))
def test_damaged_samples(builtin: Cleaner, page: Path, damages: list[tuple[float, bytes]]) -> None:
    data = page.read_bytes()
    for where, junk in damages:
        at = int(len(data) * where)
        data = data[:at] + junk + data[at + len(junk) :]
    check(builtin.clean(data))


@pytest.mark.parametrize(
    "tag",
    ["div", "span", "b", "ul><li", "blockquote", "table><tr><td", "a href=x", "x-y", "font", "p", "h2", "article", "pre", "svg", "figure"],
)
@pytest.mark.parametrize("closed", [True, False])
def test_nesting_five_thousand_deep(builtin: Cleaner, tag: str, closed: bool) -> None:
    name = tag.rpartition("<")[2].partition(" ")[0]
    html = (
        f"<html><body><p>{PROSE}</p>"
        + f"<{tag}>" * 5000
        + "deep"
        + (f"</{name}>" * 5000 if closed else "")
        + f"<p>{MORE_PROSE}</p></body></html>"
    )
    check(builtin.clean(html))


@pytest.mark.parametrize(
    "data",
    [
        "[" * 50_000,
        "{" * 50_000,
        "<script type='application/ld+json'>" + "[" * 50_000 + "</script><p>x</p>",
        "<!--" * 20_000,
        "&" * 50_000,
        "<" * 50_000,
        "<a " * 20_000,
    ],
)
def test_runs_of_one_sign(builtin: Cleaner, data: str) -> None:
    check(builtin.clean(data))


# ---------------------------------------------------------------- nothing is invented


@pytest.mark.parametrize("page", PAGES, ids=lambda path: "/".join(path.parts[-4:-1]))
def test_output_words_are_a_subset_of_the_pages_words(builtin: Cleaner, page: Path) -> None:
    data = page.read_bytes()
    assert added(builtin.clean(data), data) == Counter()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: "/".join(path.parts[-4:-1]))
def test_kept_and_removed_together_are_the_page(builtin: Cleaner, page: Path) -> None:
    data = page.read_bytes()
    article = builtin.clean(data)
    kept = words("\n".join(block.text for block in article.blocks if block.verdict == "KEEP"))
    dropped = words("\n".join(block.text for block in article.blocks if block.verdict == "DROP"))
    assert kept + dropped == visible(data)
    assert dropped - words("\n".join(piece.text for piece in article.removed)) == Counter()
