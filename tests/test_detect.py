"""Detection by evidence: which rule files apply to a page, and what they give as their reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import PROSE

from cleaner import Article, Cleaner

Make = Callable[..., Cleaner]

PAGE = f"""<html lang=en><head><title>t</title>
<meta name="generator" content="WordPress 6.4"><meta property="og:site_name" content="The Example">
<link rel=stylesheet href="/wp-content/themes/soledad/style.css?ver=1"><script src="https://cdn.example.net/lib/share.js"></script></head>
<body class="single soledad-ver-8"><main id=main><p>{PROSE}</p><p>You know it: the post appeared first on Invezz.</p>
<img src="/img/brand/logo.png"></main></body></html>"""
URL = "https://news.example.co.uk/markets/2026/zinc?x=1"


def template(article: Article) -> dict[str, tuple[str, ...]]:
    return {layer.name: layer.evidence for layer in article.template}


@pytest.mark.parametrize(
    ("detect", "evidence"),
    [
        ("css: '#main'", ("css #main",)),
        ("css: 'body.single main > p'", ("css body.single main > p",)),
        ("css: '.x, main'", ("css .x, main",)),
        ("css: '.x'", ()),
        ("css: 'p > main'", ()),
        ("generator: wordpress", ("meta generator: wordpress",)),
        ("generator: joomla", ()),
        ("meta: {'og:site_name': 'example'}", ("meta og:site_name: example",)),
        ("meta: {Generator: WordPress, 'og:site_name': The}", ("meta Generator: WordPress", "meta og:site_name: The")),
        ("meta: {generator: WordPress, author: x}", ()),
        ("asset: /themes/soledad/", ("asset /themes/soledad/",)),
        ("asset: share.js", ("asset share.js",)),
        ("asset: edad/sty", ("asset edad/sty",)),
        ("asset: /img/brand/", ("asset /img/brand/",)),
        ("asset: /themes/sole/", ()),
        ("text: appeared first on Invezz", ("text 'appeared first on Invezz'",)),
        ("text: 'first ON  “invezz”'", ()),
        ("text: 'FIRST on Invezz.'", ("text 'FIRST on Invezz.'",)),
        ("text: now", ()),
        ("hosts: news.example.co.uk", ("url news.example.co.uk",)),
        ("hosts: [other.org, example.co.uk]", ("url news.example.co.uk",)),
        ("hosts: www.news.example.co.uk", ("url news.example.co.uk",)),
        ("hosts: ws.example.co.uk", ()),
        ("hosts: news.example.co.uk.evil.org", ()),
        ("{hosts: example.co.uk, path: ^/markets/}", ("url news.example.co.uk", "path /markets/2026/zinc")),
        ("{hosts: example.co.uk, path: ^/sport/}", ()),
        ("{css: main, path: '/\\d{4}/'}", ("path /markets/2026/zinc", "css main")),
        ("{css: main, generator: joomla}", ()),
        ("any: ['.x', main]", ("css main",)),
        ("any: [main, {asset: share.js}, {hosts: no.org}]", ("css main", "asset share.js")),
        ("any: ['.x', {css: main, generator: joomla}]", ()),
        ("all: [main, {generator: WordPress}]", ("css main", "meta generator: WordPress")),
        ("all: [main, '.x']", ()),
        ("{css: main, none: ['.x']}", ("css main",)),
        ("{css: main, none: [p]}", ()),
        ("{css: main, none: [{generator: WordPress}]}", ()),
        ("{css: main, any: ['.x'], all: [p]}", ()),
        ("{css: main, any: [p], all: [body], none: [video]}", ("css main", "css body", "css p")),
    ],
)
def test_evidence(detect: str, evidence: tuple[str, ...], cleaner_of: Make) -> None:
    detect = detect if detect.startswith("{") else f"{{{detect}}}"
    assert template(cleaner_of({"themes/t.yaml": f"detect: {detect}\n"}).clean(PAGE, URL)).get("themes/t", ()) == evidence


@pytest.mark.parametrize("detect", ["", "detect: {hosts: e.org}\n", "detect: {hosts: [x.org, WWW.E.org]}\n"])
@pytest.mark.parametrize(
    ("page", "url", "known"),
    [
        ("", "https://e.org/a", "url e.org"),
        ("", "http://www.E.ORG:8080/a", "url e.org"),
        ("", "https://blog.e.org/", "url blog.e.org"),
        ("", "e.org/a", "url e.org"),
        ("", "e.org/share?u=http://o.org/", "url e.org"),
        ("", "https://o.org/e.org", None),
        ("<link rel=canonical href='https://e.org/a'>", None, "canonical e.org"),
        ("<link rel=canonical href='https://e.org/a'>", "https://o.org/", None),
        ("<meta property='og:url' content='https://e.org/a'>", None, "og:url e.org"),
        ("<link rel=canonical href='/a'><meta property='og:url' content='https://e.org/a'>", None, "og:url e.org"),
        ("<p>© 2026 E.org</p>", None, "domain in the text: e.org"),
        ("<p>mail me at dana@e.org</p>", None, "domain in the text: e.org"),
        ("<p>E. Org</p>", None, None),
        ("", "http://[broken", None),
        ("", "", None),
    ],
)
def test_a_site_is_known_by_its_host(detect: str, page: str, url: str | None, known: str | None, cleaner_of: Make) -> None:
    found = template(cleaner_of({"sites/e.org.yaml": f"{detect}drop: []\n"}).clean(f"<html><body>{page}<p>{PROSE}</p></body></html>", url))
    assert found.get("sites/e.org") == ((known,) if known else None)


def test_a_site_on_a_text_page_names_itself_near_the_top_or_the_end(cleaner_of: Make) -> None:
    cleaner = cleaner_of({"sites/e.org.yaml": "drop: []\n"}, input="text")
    middle = [PROSE] * 40
    assert "sites/e.org" in template(cleaner.clean("\n".join([*middle, "Copyright 2026 E.org", "Menu"])))
    assert "sites/e.org" in template(cleaner.clean("\n".join(["E.org", *middle])))
    assert "sites/e.org" not in template(cleaner.clean("\n".join([*middle, "See e.org for it.", *middle])))


def test_layers_come_in_order_and_several_apply_at_once(cleaner_of: Make) -> None:
    files = {
        "sites/example.co.uk.yaml": "drop: []\n",
        "sources/invezz.yaml": "detect: {text: appeared first on Invezz}\n",
        "themes/soledad.yaml": "detect: {asset: /themes/soledad/}\nextends: engines/wordpress\n",
        "themes/other.yaml": "detect: {css: '.other'}\n",
        "engines/wordpress.yaml": "detect: {generator: WordPress}\n",
        "phrases/en.yaml": "language: en\ndrop: []\n",
        "generic.yaml": "drop: []\n",
    }
    article = cleaner_of(files).clean(PAGE, URL)
    assert [(layer.name, layer.layer) for layer in article.template] == [
        ("generic", "generic"),
        ("phrases/en", "language"),
        ("engines/wordpress", "engine"),
        ("themes/soledad", "theme"),
        ("sources/invezz", "source"),
        ("sites/example.co.uk", "site"),
    ]
    assert template(article)["engines/wordpress"] == ("meta generator: WordPress", "themes/soledad extends it")


DE = "language: de\ndrop:\n  - {id: a, why: w, phrase: [Teilen, Drucken], examples: {match: [Teilen], keep: [Teile]}}\n"


@pytest.mark.parametrize(
    ("page", "options", "applies"),
    [
        ("<html lang=de-AT><p>x</p>", {}, True),
        ("<html lang=fr><p>x</p>", {}, False),
        ("<html><p>x</p>", {"language": "de"}, True),
        ("<html lang=de><p>x</p>", {"language": "fr"}, False),
        ("<html lang=fr><p>Teilen</p><p>x</p>", {}, False),
        ("<html lang=fr><p>Teilen</p><p>Drucken</p>", {}, True),
    ],
)
def test_a_phrase_pack_applies_to_its_language_or_where_it_shows(
    page: str, options: dict[str, str], applies: bool, cleaner_of: Make
) -> None:
    assert ("phrases/de" in template(cleaner_of({"phrases/de.yaml": DE}, **options).clean(page))) is applies


def test_english_furniture_is_looked_for_on_every_page(cleaner_of: Make) -> None:
    assert "phrases/en" in template(cleaner_of({"phrases/en.yaml": "language: en\ndrop: []\n"}).clean("<html lang=de><p>x</p>"))


def test_evidence_of_either_part_of_a_merged_file_counts(cleaner_of: Make) -> None:
    low, high = {"themes/t.yaml": "detect: {css: .x}\n"}, {"themes/t.yaml": "detect: {css: main}\n"}
    assert template(cleaner_of(low, high).clean(PAGE))["themes/t"] == ("css main",)


def test_a_users_addition_needs_no_detection_of_its_own(cleaner_of: Make) -> None:
    cleaner = cleaner_of({"themes/t.yaml": "detect: {css: main}\n"}, {"themes/t.yaml": "drop: [{id: x, why: w, phrase: x}]\n"})
    assert template(cleaner.clean(PAGE))["themes/t"] == ("css main",)
