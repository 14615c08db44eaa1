"""The whole road from bytes to article, through the public door."""

from __future__ import annotations

import gc
import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import MORE_PROSE, PROSE, main, write_rules
from lxml import etree

import cleaner
from cleaner import Article, Cleaner
from cleaner.model import Page

Make = Callable[..., Cleaner]
SAMPLES = Path(__file__).parent.parent / "samples"
ARTICLE = f"""<!DOCTYPE html><html lang="en"><head><title>Harbour closed - The Tide</title><link rel="canonical" href="https://tide.example/harbour">
<meta property="og:site_name" content="The Tide"><meta property="article:published_time" content="2026-01-14T08:00:00+00:00"></head>
<body><header><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav></header>
<article><h1>Harbour closed</h1><p>{PROSE}</p><h2>What happened</h2>
<p>{MORE_PROSE}</p><ul><li>One ship is aground.</li><li>Two are waiting.</li></ul></article>
<footer><p>Copyright © 2026 The Tide. All rights reserved.</p></footer></body></html>"""
TEXT = (
    f"The Tide\n\nHarbour closed\n\n{PROSE}\n\n{MORE_PROSE}\n\n{PROSE}\n\n0 comments\n\nCopyright © 2026 The Tide. All rights reserved.\n"
)
RUSSIAN = (
    "Город сообщил в понедельник, что новая школа осенью не откроется, "
    "потому что на стройку ещё не хватает денег, и работы идут с опозданием. "
)


def pages() -> list[bytes]:
    """Stored samples, and small pages that take the other roads."""
    stored = [path.read_bytes() for path in sorted(SAMPLES.glob("**/page.*"))]
    return [*stored, ARTICLE.encode(), TEXT.encode(), b"", b"%PDF-1.7", b"<p>short</p>", main(f"<p>{RUSSIAN}</p>").encode("utf-16")]


FIELDS = """title authors date site_name url canonical_url language source image description text markdown html blocks removed
template method confidence removed_share warnings ruleset_digest version"""


def plain(article: Article) -> dict[str, Any]:
    return json.loads(json.dumps(article.to_dict()))  # type: ignore[no-any-return]


# ---------------------------------------------------------------- what comes out


def test_an_article() -> None:
    article = cleaner.clean(ARTICLE, url="https://tide.example/harbour?utm_source=x")
    assert article.text == f"{PROSE}\n\nWhat happened\n\n{MORE_PROSE}\n\n- One ship is aground.\n- Two are waiting."
    assert (article.title, article.site_name, article.language) == ("Harbour closed", "The Tide", "en")
    assert (article.date or "").startswith("2026-01-14")
    assert article.url == "https://tide.example/harbour?utm_source=x"
    assert article.canonical_url == "https://tide.example/harbour"
    assert article.method == "scorer"
    assert 0 < article.removed_share < 0.5
    assert 0 < article.confidence <= 1
    assert article.version == cleaner.__version__
    assert len(article.ruleset_digest) == 16
    assert "## What happened" in article.markdown
    assert "<li>One ship is aground.</li>" in article.html
    assert "<h1" not in article.html


def test_extract_gives_the_text_or_none() -> None:
    assert cleaner.extract(ARTICLE) == cleaner.clean(ARTICLE).text
    assert cleaner.extract(b"") is None
    assert cleaner.extract(b"%PDF-1.4 ...") is None


def test_every_block_has_a_verdict_and_every_removal_a_reason(builtin: Cleaner) -> None:
    article = builtin.clean(ARTICLE)
    assert [block.text for block in article.blocks][:3] == ["Home Sport", "Harbour closed", PROSE]
    assert {block.verdict for block in article.blocks} == {"KEEP", "DROP"}
    dropped = [block.text for block in article.blocks if block.verdict == "DROP"]
    assert [piece.text for piece in article.removed] == dropped
    for piece in article.removed:
        assert piece.rule and piece.why and piece.layer
        assert bool(piece.where) == piece.rule.startswith(("generic#", "phrases/"))
    by_text = {piece.text: piece for piece in article.removed}
    assert by_text["Home Sport"].rule.startswith("generic#")
    path, _, line = by_text["Home Sport"].where.rpartition(":")
    rule_id = by_text["Home Sport"].rule.partition("#")[2]
    source = (Path(__file__).parent.parent / path).read_text(encoding="utf-8").splitlines()
    assert f"id: {rule_id}" in source[int(line) - 1]


def test_to_dict_is_json_with_every_field(builtin: Cleaner) -> None:
    record = plain(builtin.clean(ARTICLE))
    assert set(record) == set(FIELDS.split())
    assert set(record["blocks"][0]) >= {"text", "kind", "verdict", "rule"}
    assert set(record["removed"][0]) >= {"text", "rule", "why", "layer", "where"}
    assert set(record["template"][0]) == {"name", "layer", "evidence"}


def test_clean_many_takes_pages_and_pairs_in_order_and_lazily(builtin: Cleaner) -> None:
    def endless() -> Any:
        while True:
            yield ARTICLE
            yield (TEXT.encode(), "https://e.org/t")

    articles = builtin.clean_many(endless())
    assert [next(articles).url for _ in range(4)] == [None, "https://e.org/t", None, "https://e.org/t"]


@pytest.mark.parametrize(
    ("data", "options", "blocks"),
    [
        ("<p>one</p><p>two</p>", {}, ["one", "two"]),
        ("<p>one</p><p>two</p>", {"input": "text"}, ["<p>one</p><p>two</p>"]),
        ("one\n\ntwo", {}, ["one", "two"]),
        ("one\n\ntwo", {"input": "html"}, ["one two"]),
        ("if a < b and b > c\n\nthen <i>", {}, ["if a < b and b > c", "then <i>"]),
        (b"one\r\n\r\ntwo", {}, ["one", "two"]),
    ],
)
def test_html_and_plain_text_are_told_apart_by_content(data: str | bytes, options: dict[str, Any], blocks: list[str]) -> None:
    assert [block.text for block in Cleaner(builtin=False, **options).clean(data).blocks] == blocks


def test_without_rules_the_scorer_is_alone() -> None:
    article = Cleaner(builtin=False).clean(ARTICLE)
    assert PROSE in article.text and MORE_PROSE in article.text
    assert article.template == []
    assert {piece.layer for piece in article.removed} <= {"scorer", "page"}


def test_captions_are_kept_on_request() -> None:
    page = main(
        f"<article><p>{PROSE}</p><figure><img src=/a.png><figcaption>The harbour at dawn.</figcaption></figure>",
        f"<p>{MORE_PROSE}</p></article>",
    )
    assert "dawn" not in (cleaner.extract(page) or "")
    assert "dawn" in Cleaner(captions=True).clean(page).text
    assert "dawn" in cleaner.clean(page).markdown


ITEMS = "<ul><li>One ship is aground.</li><li>Two are waiting.</li></ul>"
COPY = [f"<p>{PROSE}</p>", "<h2>What happened</h2>", f"<p>{MORE_PROSE}</p>", ITEMS]


@pytest.mark.parametrize(
    ("inner", "times"),
    [
        (f"<div class=phone>{''.join(COPY)}</div><div class=desktop>{''.join(COPY)}</div>", 1),
        (f"{''.join(COPY)}<p>Between the two.</p>{''.join(COPY)}<p>And so on.</p>{''.join(COPY)}", 1),
        ("".join(COPY * 4), 1),
        ("".join(COPY[:2] * 2), 2),
        (f"{''.join(COPY)}<p>Between.</p>{COPY[0]}<p>Not so.</p>{''.join(COPY[1:])}", 2),
        (COPY[0] + "<p>The tide came in.</p><p>Nobody went down to the harbour that morning.</p><p>The tide went out.</p>" * 9, 9),
        ("".join(COPY) + "".join(f"<div class=mine>{one}</div>" for one in COPY), 2),
    ],
    ids=["two widths", "three times", "side by side", "two blocks", "in other company", "a refrain", "a rule keeps it"],
)
def test_a_passage_that_was_said_already_is_said_once(inner: str, times: int, cleaner_of: Make) -> None:
    article = cleaner_of("body: main\nkeep:\n  - {id: mine, css: .mine}\n").clean(main(inner))
    said = "The tide came in." if "tide" in inner else PROSE
    assert article.text.count(said) == times
    copies = [block for block in article.blocks if block.rule == "page#copy"]
    assert bool(copies) == (times == 1)
    assert all(block.verdict == "KEEP" or block in copies for block in article.blocks)


@pytest.mark.parametrize(
    ("heads", "kept"),
    [
        (["<h1>T</h1>", "<p>a</p>"], ["a"]),
        (["<h1>Another</h1>", "<p>a</p>"], ["a"]),
        (["<p>Politics</p>", "<h1>T</h1>", "<p>a</p>"], ["Politics", "a"]),
        (["<h1>T</h1>", "<p>a</p>", "<h1>Section</h1>"], ["a", "Section"]),
        (["<p>a</p>", "<h1>Section</h1>"], ["a", "Section"]),
        (["<h2>» T «</h2>", "<p>a</p>"], ["a"]),
        (["<p>a</p>", "<p>b</p>", "<p>c</p>", "<p>T</p>"], ["a", "b", "c", "T"]),
    ],
)
def test_the_title_stands_apart_from_the_text(heads: list[str], kept: list[str], cleaner_of: Make) -> None:
    rules = "body: ['main']\nfields: {title: {value: T}}\n"
    article = cleaner_of(rules).clean(main(*heads, f"<p>{PROSE}</p>"))
    assert article.title == "T"
    assert article.text.split("\n\n") == [*kept, PROSE]


# ---------------------------------------------------------------- what is said when something is wrong


@pytest.mark.parametrize(
    ("data", "warning"),
    [
        (b"", "empty:"),
        (b" \n ", "empty:"),
        (b"<html><body><script>x</script></body></html>", "empty:"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "not-a-page: this is a PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not-a-page: this is a PNG"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "not-a-page: gzip"),
        (b"<div>" * 5000 + PROSE.encode(), "too-deep:"),
        (b"<p>Two words</p>", "short: only 2 words"),
    ],
)
def test_a_clear_reason_comes_with_what_is_missing(data: bytes, warning: str, builtin: Cleaner) -> None:
    article = builtin.clean(data, url="https://e.org/")
    assert any(line.startswith(warning) for line in article.warnings), article.warnings
    assert article.url == "https://e.org/"
    if not article.text:
        assert (article.method, article.confidence, article.markdown, article.html) == ("none", 0.0, "", "")


BIG = main("<article><h1>Title</h1>", *(f"<p>{PROSE} {MORE_PROSE} Paragraph {number}.</p>" for number in range(34_000)), "</article>")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (BIG.encode(), "Paragraph 33999."),
        (b"", ""),
        (b"%PDF-1.7\n" + bytes(range(256)) * 4000, ""),
        (main(f"<article><p>{RUSSIAN}</p><p>{PROSE}</p></article>").encode("utf-16"), RUSSIAN.strip()),
        (main(f"<article><p>{PROSE}</p><p>{RUSSIAN}</p></article>").encode("utf-16-le"), RUSSIAN.strip()),
        (("<meta charset=windows-1251>" + main(f"<article><p>{RUSSIAN}</p><p>{RUSSIAN}</p></article>")).encode("cp1251"), RUSSIAN.strip()),
        (main(f"<article><p>{RUSSIAN}</p><p>{RUSSIAN}</p></article>").encode("cp1251"), RUSSIAN.strip()),
        ((RUSSIAN * 3 + "\n\n").encode("cp1251") * 3, RUSSIAN.strip()),
    ],
    ids=["10 MB", "empty", "PDF", "UTF-16", "UTF-16 without a mark", "windows-1251", "windows-1251 undeclared", "windows-1251 text"],
)
def test_large_and_odd_pages_give_an_article_or_a_reason_in_ten_seconds(data: bytes, expected: str, builtin: Cleaner) -> None:
    start = time.monotonic()
    article = builtin.clean(data)
    assert time.monotonic() - start < 10
    assert article.text or article.warnings
    assert expected in article.text


HEAVY: dict[str, str] = {
    "one paragraph": f"<p>{PROSE * 20_000}",
    "short lines": "<p>You may also like</p><p>Share this</p>" * 7_500,
    "text with line breaks": "a line of text here<br>" * 30_000,
    "links": "<li><a href=/x>Some headline of a story</a></li>" * 7_500,
    "boxes in boxes": "<div class='related share'>x" * 1900 + "<p>x y</p>" * 10_000,
    "inline boxes in boxes": "<span class=share>x" * 1500 + "<p>x y</p>" * 5_000,
    "inline elements in one block": "<p>" + "word <span class=share>x</span> " * 15_000,
    "buttons and headings": "<h2>x y</h2><button>go</button>" * 7_500,
    "boxes with images": "<div class=share>s<img src=x></div><p>x y z</p>" * 5_000,
    "a table": "<table>" + "<tr><td>a b<td>c d</tr>" * 7_500,
    "nested lists": "<ul><li>item" * 900,
    "nested quotes": "<blockquote>quote" * 1900,
    "nested tables": "<table><tr><td>cell" * 600,
    "bold words": "<p>" + "<b>bold</b> plain " * 20_000,
    "classes": "".join(f"<p class='c{number} d{number}'>x</p>" for number in range(15_000)),
    "images": "<img src=x.png alt=y>" * 20_000 + f"<p>{PROSE}</p>",
    "metas": "<meta name=description content=x>" * 20_000 + f"<p>{PROSE}</p>",
    "asides": "<aside>" * 1500 + "<div><blockquote>x</blockquote></div>" * 5_000,
}


@pytest.mark.parametrize("inner", HEAVY.values(), ids=HEAVY)
def test_no_half_megabyte_takes_long(inner: str, builtin: Cleaner) -> None:
    start = time.process_time()
    builtin.clean(main(inner))
    assert time.process_time() - start < 4


def test_no_text_takes_long(builtin: Cleaner) -> None:
    start = time.process_time()
    builtin.clean("Related\nx y\nShare this\n" * 7_500)
    assert time.process_time() - start < 4


# ---------------------------------------------------------------- one parse


class Counting:
    """lxml.etree, counting the parses asked of it."""

    def __init__(self) -> None:
        self.parses = 0

    def fromstring(self, *given: Any) -> Any:
        self.parses += 1
        return etree.fromstring(*given)

    def __getattr__(self, name: str) -> Any:
        return getattr(etree, name)


@pytest.mark.parametrize("page", sorted(SAMPLES.glob("**/page.html")), ids=lambda path: f"{path.parent.parent.name}/{path.parent.name}")
def test_the_page_is_read_once(page: Path, builtin: Cleaner, monkeypatch: pytest.MonkeyPatch) -> None:
    import cleaner.page

    counting = Counting()
    monkeypatch.setattr(cleaner.page, "etree", counting)
    article = builtin.clean(page.read_bytes())
    assert article.markdown and article.html
    assert counting.parses == 1


# ---------------------------------------------------------------- the same in any process, order and thread

_CHILD = """
import json, pickle, sys
from cleaner import Cleaner
cleaner = Cleaner()
json.dump([cleaner.clean(page).to_dict() for page in pickle.load(sys.stdin.buffer)], sys.stdout)
"""


def test_the_same_article_in_another_process_after_pickling_and_in_threads(builtin: Cleaner) -> None:
    given = pages()
    wanted = [plain(article) for article in builtin.clean_many(given)]
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "XDG_CACHE_HOME": "/dev/null/nowhere", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    child = subprocess.run([sys.executable, "-c", _CHILD], input=pickle.dumps(given), capture_output=True, env=environment, check=True)
    assert json.loads(child.stdout) == wanted
    again = pickle.loads(pickle.dumps(builtin))
    assert again.digest == builtin.digest
    assert [plain(article) for article in again.clean_many(reversed(given))] == wanted[::-1]
    with ThreadPoolExecutor(8) as pool:
        assert [plain(article) for article in pool.map(again.clean, given * 2)] == wanted * 2


def test_an_article_survives_pickling(builtin: Cleaner) -> None:
    article = builtin.clean(ARTICLE)
    again = pickle.loads(pickle.dumps(article))
    assert (again, again.markdown) == (article, article.markdown)


RULE = "drop:\n  - {id: x, why: w, css: .x}\n"


def test_the_digest_covers_rules_and_options_and_nothing_else(tmp_path: Path) -> None:
    def digest(folder: str, rules: str | dict[str, str], **options: Any) -> str:
        return Cleaner([write_rules(tmp_path / folder, rules)], **{"builtin": False, **options}).digest

    base = digest("a", RULE)
    assert digest("elsewhere", RULE) == base
    others = [
        digest("b", RULE.replace(".x", ".y")),
        digest("c", RULE + "# a comment\n"),
        digest("d", {"themes/t.yaml": "detect: {css: p}\n" + RULE}),
        digest("e", {"themes/u.yaml": "detect: {css: p}\n" + RULE}),
        digest("a", RULE, builtin=True),
        digest("a", RULE, input="text"),
        digest("a", RULE, language="de"),
        digest("a", RULE, captions=True),
    ]
    assert len({base, *others}) == 9


def test_the_cache_gives_the_same_rules_and_may_be_missing_or_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    cold = Cleaner()
    stored = list((tmp_path / "cache").rglob("*.*"))
    assert stored
    wanted = plain(cold.clean(ARTICLE))
    warm = Cleaner()
    assert (warm.ruleset, warm.digest, plain(warm.clean(ARTICLE))) == (cold.ruleset, cold.digest, wanted)
    for path in stored:
        path.write_bytes(path.read_bytes()[:100])
    assert plain(Cleaner().clean(ARTICLE)) == wanted
    for path in (tmp_path / "cache").rglob("*.*"):
        path.write_bytes(b"\x93\x01\x02\xc1garbage")
    assert plain(Cleaner().clean(ARTICLE)) == wanted
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/nowhere")
    assert plain(Cleaner().clean(ARTICLE)) == wanted


def test_changed_rules_are_not_taken_from_the_cache(tmp_path: Path) -> None:
    page = main(f"<p>{PROSE}</p><p class=x>x</p><p class=y>y</p>")
    for name in ("x", "y"):
        folder = write_rules(tmp_path, "body: ['main']\n" + RULE.replace(".x", f".{name}"))
        assert [piece.text for piece in Cleaner([folder], builtin=False).clean(page).removed] == [name]


@pytest.mark.parametrize("given", ["themes/t.yaml", "themes", "."])
def test_rules_may_be_given_as_folder_layer_or_file(given: str, tmp_path: Path) -> None:
    write_rules(tmp_path, {"themes/t.yaml": "detect: {css: main}\n" + RULE})
    assert [file.name for file in Cleaner([tmp_path / given], builtin=False).ruleset.files] == ["themes/t"]


@pytest.mark.parametrize("data", [b"", b"{}", b"not json"])
def test_a_file_that_holds_no_weights_is_said_at_once(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "weights.json").write_bytes(data)
    with pytest.raises(ValueError, match="not a file of scorer weights"):
        Cleaner(weights=tmp_path / "weights.json")


def test_a_page_does_not_wait_for_the_garbage_collector(builtin: Cleaner) -> None:
    gc.collect()
    gc.disable()
    try:
        builtin.clean(ARTICLE)
        assert not [found for found in gc.get_objects() if isinstance(found, Page)]
    finally:
        gc.enable()
