"""The page this project began with. It is not part of the repository: the test runs where ../shared/seed lies beside it."""

from __future__ import annotations

from collections import Counter
from html import escape
from pathlib import Path
from re import findall

import pytest

from cleaner import Article, Cleaner

SEED = Path(__file__).parent.parent.parent / "shared" / "seed"
SAMPLE = Path(__file__).parent.parent / "samples" / "themes" / "soledad" / "zinc-prices"
pytestmark = pytest.mark.skipif(not (SEED / "page.txt").is_file(), reason="the seed page is not beside the repository (../shared/seed)")
SURROUNDINGS = [
    "Tricky Profit",
    "Editor’s Pick",
    "0 comment",
    "appeared first on Invezz",
    "FacebookTwitterPinterestEmail",
    "previous post",
    "next post",
    "DZ Bank",
    "Coca-Cola",
    "You may also like",
    "TSMC posts record",
    "Ericsson job cuts",
    "January 15, 2026",
    "Join our mailing list",
    "By opting in",
    "Recent Posts",
    "silver shatters",
    "Europe bulletin",
    "Disclaimer",
    "is not registered or licensed",
    "About us",
    "Contacts",
    "Email Whitelisting",
    "Copyright",
]


@pytest.fixture(scope="module")
def article(builtin: Cleaner) -> Article:
    return builtin.clean((SEED / "page.txt").read_bytes())


@pytest.fixture(scope="module")
def expected() -> list[str]:
    return [line for line in (SEED / "expected.txt").read_text(encoding="utf-8").splitlines() if line.strip()]


def test_word_f1(article: Article, expected: list[str]) -> None:
    found = Counter(findall(r"\w+", f"{article.title}\n{article.text}".lower()))
    wanted = Counter(findall(r"\w+", "\n".join(expected).lower()))
    assert 2 * (found & wanted).total() / (found.total() + wanted.total()) >= 0.995


def test_every_paragraph_and_sub_heading_is_there_in_order(article: Article, expected: list[str]) -> None:
    assert article.title == expected[0]
    assert article.text.split("\n\n") == expected[1:]


@pytest.mark.parametrize("line", SURROUNDINGS)
def test_nothing_that_stood_around_it_is_there(line: str, article: Article) -> None:
    assert line not in article.text


def test_the_same_article_in_html_on_a_soledad_page_gives_the_same_text(builtin: Cleaner, article: Article, expected: list[str]) -> None:
    page = (SAMPLE / "page.html").read_text(encoding="utf-8")
    start = page.index("<p>", page.index('id="penci-post-entry-inner"'))
    end = page.index("</div>", page.index("appeared first on"))
    headings = {line for line in expected[1:] if not line.endswith(".")}
    lines = [f"<h2>{escape(line)}</h2>" if line in headings else f"<p>{escape(line)}</p>" for line in expected[1:]]
    footer = f'<p>The post <a href="/x">{escape(expected[0])}</a> appeared first on <a href="https://invezz.com">Invezz</a></p>'
    found = builtin.clean(page[:start] + "\n".join([*lines, footer]) + page[end:])
    assert found.text == article.text
    assert found.source is not None
    assert (found.source.name, found.method) == ("Invezz", "rules")


def test_metadata(article: Article) -> None:
    assert (article.date or "")[:10] == "2026-01-14"
    assert (article.language, article.site_name) == ("en", "Tricky Profit")
    assert article.source is not None
    assert article.source.name == "Invezz"


def test_the_template_is_recognised(article: Article) -> None:
    names = [layer.name for layer in article.template]
    assert "sources/invezz" in names
    assert "sites/trickyprofit.com" in names
    assert article.warnings == []
