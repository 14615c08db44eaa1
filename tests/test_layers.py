"""How rules are weighed: KEEP against DROP, layer against layer, bodies, limits, and what rules tell of the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import BODY, MORE_PROSE, PROSE, drop, kept, main, marked, verdicts, words, write_rules

from cleaner import Article, Cleaner

Make = Callable[..., Cleaner]


# ---------------------------------------------------------------- keep

KEEP: dict[str, tuple[str, str, str]] = {
    "on the same block": ("{id: k, css: p.x}", "phrase: a", "<p class=x>a</p><p>[a]</p>"),
    "by wording": ("{id: k, phrase: b}", "css: .x", "<div class=x><p>[a]</p><p>b</p></div>"),
    "cancels drops above it, for itself only": (
        "{id: k, css: .q}",
        "css: .x",
        "<div class=x><p>[a]</p><div class=q><p>b</p></div><p>[c]</p></div>",
    ),
    "does not shield what lies below": ("{id: k, css: .q}", "css: .x", "<div class=q><p>a</p><p class=x>[b]</p></div>"),
    "deep shields what lies below": (
        "{id: k, css: .q, deep: true}",
        "css: .x",
        "<div class=q><p>a</p><p class=x>b</p></div><p class=x>[c]</p>",
    ),
    "deep shields inline elements too": (
        "{id: k, css: .q, deep: true}",
        "css: b",
        "<div class=q><p>a <b>b</b></p></div><p>c <b>[d]</b></p>",
    ),
    "with guards": ("{id: k, css: .q, max_words: 1}", "css: .x", "<div class=x><p class=q>a</p><p class=q>[b c]</p></div>"),
    "cancels what until took": (
        "{id: k, css: .q}",
        "phrase: related, until: prose",
        "<p>[Related]</p><p>[a]</p><p class=q>b</p><p>[c]</p>",
    ),
    "an inline element keeps its drop away": ("{id: k, css: b.k}", "css: b", "<p>a <b>[b]</b> <b class=k>c</b></p>"),
    "nested in two drops": ("{id: k, css: .k}", "css: .x", "<div class=x>[a]<div class=x>[b]<p class=k>c</p></div></div>"),
    "a drop below it and one above": ("{id: k, css: .k}", "css: .x", "<div class=x>[a]<div class=k>b<p class=x>[c]</p></div></div>"),
    "within": (
        "{id: k, css: .k, within: {first: 1}}",
        "css: .x",
        "<div class=x><p class=k>a</p></div><p>b</p><div class=x><p class=k>[c]</p></div>",
    ),
}


@pytest.mark.parametrize(("keep", "rule", "page"), KEEP.values(), ids=KEEP)
def test_keep(keep: str, rule: str, page: str, cleaner_of: Make) -> None:
    html, stays, goes = marked(page)
    article = cleaner_of(f"{drop(rule)}keep:\n  - {keep}\n").clean(main(html))
    assert words(article) == stays
    assert " ".join(piece.text for piece in article.removed).split() == goes


def test_keep_cancels_what_until_took_on_text_pages_as_well(cleaner_of: Make) -> None:
    rules = "drop:\n  - {id: x, why: w, phrase: related, until: prose, max_blocks: 5}\nkeep:\n  - {id: k, phrase: keep me}\n"
    article = cleaner_of(rules, input="text").clean(f"{PROSE}\n\nRelated\n\nOne\n\nKeep me\n\nTwo\n\n{MORE_PROSE}")
    assert {text for text, rule in verdicts(article).items() if rule == "generic#x"} == {"Related", "One", "Two"}


LAYER_FILES = ["generic.yaml", "phrases/en.yaml", "engines/e.yaml", "themes/t.yaml", "sources/s.yaml", "sites/e.org.yaml"]


@pytest.mark.parametrize("low", range(len(LAYER_FILES)))
@pytest.mark.parametrize("high", range(len(LAYER_FILES)))
def test_a_keep_cancels_drops_of_its_own_and_lower_layers_only(low: int, high: int, cleaner_of: Make) -> None:
    """``low`` is the layer of the DROP, ``high`` that of the KEEP."""
    heads = ["", "language: en\n", "detect: {css: main}\n", "detect: {css: main}\n", "detect: {css: main}\n", "detect: {css: main}\n"]
    files = {name: head + "disable: []\n" for name, head in zip(LAYER_FILES, heads, strict=True)}
    files[LAYER_FILES[low]] += "drop:\n  - {id: d, why: w, css: p.x}\n"
    files[LAYER_FILES[high]] += "keep:\n  - {id: k, css: p.x}\n"
    files["generic.yaml"] += BODY
    text = cleaner_of(files).clean(main(f"<p>{PROSE}</p><p class=x>x</p>")).text
    assert text == (f"{PROSE}\n\nx" if high >= low else PROSE)


def test_a_kept_block_names_the_rule_that_saved_it(cleaner_of: Make) -> None:
    article = cleaner_of(f"{drop('css: .x')}keep:\n  - {{id: k, why: a quote, css: .k}}\n").clean(
        main(f"<p>{PROSE}</p><div class=x><p class=k>saved</p></div>")
    )
    assert [(block.text, block.rule, block.why) for block in article.blocks][1] == ("saved", "generic#k", "a quote")


def test_the_highest_layer_that_drops_a_block_is_named(cleaner_of: Make) -> None:
    files = {"generic.yaml": drop("css: div.x"), "themes/t.yaml": "detect: {css: main}\ndrop:\n  - {id: y, why: w, css: div.o}\n"}
    article = cleaner_of(files).clean(main("<div class=o><div class=x>a</div></div><p>b</p>"))
    assert verdicts(article) == {"a": "themes/t#y"}


# ---------------------------------------------------------------- disable, replace, extends, merging

THEME = "detect: {css: main}\ndrop:\n  - {id: share, why: w, css: .share}\n  - {id: tags, why: w, css: .tags}\n"
SITE = main(f"<p>{PROSE}</p><p class=share>share</p><p class=tags>tags</p><p class=more>more</p>")


def taken(article: Article) -> set[str]:
    return {piece.text for piece in article.removed}


@pytest.mark.parametrize(
    ("files", "gone"),
    [
        ({"themes/t.yaml": THEME}, {"share", "tags"}),
        ({"themes/t.yaml": THEME + "disable: [themes/t#share]\n"}, {"tags"}),
        ({"themes/t.yaml": THEME, "sites/e.org.yaml": "disable: [themes/t#share]\n"}, {"tags"}),
        ({"themes/t.yaml": THEME, "sites/other.org.yaml": "disable: [themes/t#share]\n"}, {"share", "tags"}),
        ({"themes/t.yaml": THEME, "engines/e.yaml": "detect: {css: main}\ndisable: [themes/t#share]\n"}, {"share", "tags"}),
        ({"themes/t.yaml": THEME, "generic.yaml": BODY + "disable: [themes/t#share]\n"}, {"share", "tags"}),
    ],
)
def test_a_layer_switches_off_rules_of_its_own_and_lower_layers(files: dict[str, str], gone: set[str], cleaner_of: Make) -> None:
    assert taken(cleaner_of({"generic.yaml": BODY, **files}).clean(SITE, url="https://www.e.org/a")) == gone


@pytest.mark.parametrize(
    ("user", "gone", "body"),
    [
        ("drop: [{id: more, why: w, css: .more}]", {"share", "tags", "more"}, "generic"),
        ("drop: [{id: tags, why: w, css: .more}]", {"share", "more"}, "generic"),
        ("keep: [{id: tags, css: .more}]", {"share"}, "generic"),
        ("detect: {css: main}\nreplace: true\ndrop: [{id: more, why: w, css: .more}]", {"more"}, "generic"),
        ("detect: {css: .nowhere}", {"share", "tags"}, "generic"),
        ("disable: [themes/t#tags]", {"share"}, "generic"),
    ],
)
def test_files_of_one_name_merge_by_rule_id_unless_one_replaces(user: str, gone: set[str], body: str, cleaner_of: Make) -> None:
    cleaner = cleaner_of({"generic.yaml": BODY, "themes/t.yaml": THEME}, {"themes/t.yaml": user + "\n"})
    assert taken(cleaner.clean(SITE)) == gone


def test_a_wording_that_another_replaces_is_forgotten(cleaner_of: Make) -> None:
    built_in = BODY + "drop:\n  - {id: say, why: w, phrase: old phrase}\n  - {id: ask, why: w, text: '^old (?:pattern|saying)$'}\n"
    user = "drop:\n  - {id: say, why: w, phrase: new phrase}\n  - {id: ask, why: w, text: '^new (?:pattern|saying)$'}\n"
    lines = ["old phrase", "old pattern", "new phrase", "new saying"]
    page = main(f"<p>{PROSE}</p><p>{MORE_PROSE}</p>" + "".join(f"<p>{line}</p>" for line in lines))
    for folders, left in [([built_in], lines[2:]), ([built_in, user], lines[:2])]:
        text = cleaner_of(*({"generic.yaml": one} for one in folders)).clean(page).text
        assert [line for line in lines if line in text] == left


def test_the_last_folder_lies_on_top(cleaner_of: Make) -> None:
    layers = [{"generic.yaml": f"{BODY}drop: [{{id: x, why: w, css: .{name}}}]\n"} for name in ("share", "tags", "more")]
    assert taken(cleaner_of(*layers).clean(SITE)) == {"more"}


def test_user_rules_lie_over_the_built_in_ones(cleaner_of: Make) -> None:
    page = main(f"<p>{PROSE}</p><p>{MORE_PROSE}</p><nav><a href=/>Home</a></nav><p class=mine>mine</p>")
    own = cleaner_of(
        "disable: ['generic#nav', 'generic#nav-links']\ndrop:\n  - {id: mine, why: w, css: .mine}\nkeep:\n  - {id: k, css: nav}\n",
        builtin=True,
    )
    found = verdicts(own.clean(page))
    assert found.get("mine") == "generic#mine"
    assert found.get("Home") not in ("generic#nav", "generic#nav-links")
    assert verdicts(Cleaner().clean(page)).get("Home") in ("generic#nav", "generic#nav-links")


def test_extends_applies_the_parents_too(cleaner_of: Make) -> None:
    files = {
        "generic.yaml": BODY,
        "engines/e.yaml": "detect: {css: .never}\ndrop: [{id: share, why: w, css: .share}]\n",
        "themes/base.yaml": "extends: engines/e\ndetect: {css: .never}\ndrop: [{id: tags, why: w, css: .tags}]\n",
        "themes/child.yaml": "extends: [themes/base]\ndetect: {css: main}\ndrop: [{id: more, why: w, css: .more}]\n",
    }
    article = cleaner_of(files).clean(SITE)
    assert taken(article) == {"share", "tags", "more"}
    assert [layer.name for layer in article.template] == ["generic", "engines/e", "themes/base", "themes/child"]
    assert article.template[1].evidence == ("themes/base extends it",)


# ---------------------------------------------------------------- body and limits


def bodied(name: str, css: str, more: str = "") -> dict[str, str]:
    return {name: f"detect: {{css: main}}\nbody: ['{css}']\n{more}"}


PARTS = main(
    f"<p>top</p><div class=a><p>{PROSE}</p></div><div class=b><p>few words</p></div>",
    f"<div class=c><p>{MORE_PROSE}</p><div class=c><p>inner</p></div></div><p>end</p>",
)


@pytest.mark.parametrize(
    ("files", "texts"),
    [
        (bodied("engines/e.yaml", ".a"), [PROSE]),
        (bodied("engines/e.yaml", ".a") | bodied("themes/t.yaml", ".c"), [MORE_PROSE, "inner"]),
        (bodied("engines/e.yaml", ".a") | bodied("themes/t.yaml", ".b"), [PROSE]),
        (bodied("engines/e.yaml", ".a") | bodied("themes/t.yaml", ".nowhere"), [PROSE]),
        (bodied("engines/e.yaml", ".a") | bodied("themes/t.yaml", ".b", "limits: {min_words: 2}\n"), ["few words"]),
        (bodied("engines/e.yaml", ".a, .c"), [PROSE, MORE_PROSE, "inner"]),
        (bodied("engines/e.yaml", ".c", "drop: [{id: x, why: w, css: '.c .c'}]\n"), [MORE_PROSE]),
        (bodied("engines/e.yaml", "main > div", "drop: [{id: x, why: w, css: '.a'}]\n"), ["few words", MORE_PROSE, "inner"]),
    ],
)
def test_the_highest_body_that_holds_enough_bounds_the_article(files: dict[str, str], texts: list[str], cleaner_of: Make) -> None:
    article = cleaner_of(files).clean(PARTS)
    assert kept(article) == texts
    assert article.method == "rules"
    assert {piece.rule for piece in article.removed if piece.text == "top"} <= {"engines/e#body", "themes/t#body"}


def test_nested_matches_of_a_body_are_counted_once(cleaner_of: Make) -> None:
    nested = "<div class=a><div class=a><p>nine words that are one too few for it</p></div></div>"
    page = main(nested, f"<div class=b><p>{PROSE}</p></div>")
    files = bodied("engines/e.yaml", ".b") | bodied("themes/t.yaml", ".a", "limits: {min_words: 10}\n")
    assert cleaner_of(files).clean(page).text == PROSE


GUESSED = (
    "<html lang=en><title>Ferries</title><body><nav><ul><li><a href=/a>Home</a></li><li><a href=/b>News</a></li></ul></nav><div id=story>"
    + "".join(f"<p>{day} {PROSE}</p><p>{MORE_PROSE}</p>" for day in range(1, 7))
    + f"<div class=tags><a href=/x>Ferries</a> <a href=/y>Wind</a></div></div><div id=other><p>{PROSE}</p></div></body></html>"
)


@pytest.mark.parametrize(
    ("body", "by_rule", "method"),
    [("#story", "sites/a.example#body", "rules"), ("#other", "sites/a.example#body", "scorer"), ("#story", "themes/t#body", "rules")],
    ids=["where the scorer agrees", "not where it disagrees", "after one that is none"],
)
def test_a_guessed_body_is_believed(body: str, by_rule: str, method: str, cleaner_of: Make) -> None:
    files = {"sites/a.example.yaml": f"body: '{body}'\nlimits: {{agreement: 0.8}}\n"}
    if by_rule.startswith("themes"):
        files |= {"themes/t.yaml": "detect: {css: '#other'}\nbody: '#other'\n"}
    article = cleaner_of(files, builtin=True).clean(GUESSED, "https://a.example/story")
    assert article.method == method
    assert (by_rule in {piece.rule for piece in article.removed}) == (method == "rules")
    if not by_rule.startswith("themes"):
        assert article.text.count(MORE_PROSE) == 6
        assert "Wind" not in article.text, "inside it the scorer drops too"


@pytest.mark.parametrize(("body", "method"), [("#other", "scorer"), ("#story", "rules")], ids=["an introduction", "the article"])
def test_an_engine_s_body_that_leaves_most_of_the_prose_outside_is_a_guess(body: str, method: str, cleaner_of: Make) -> None:
    article = cleaner_of({"engines/e.yaml": f"detect: {{css: '#other'}}\nbody: '{body}'\n"}, builtin=True).clean(GUESSED)
    assert article.method == method
    assert article.text.count(MORE_PROSE) == 6


def test_outside_the_body_nothing_is_kept_back(cleaner_of: Make) -> None:
    article = cleaner_of(f"{BODY}keep:\n  - {{id: k, css: .q}}\n").clean(main(f"<p>{PROSE}</p>") + "<div class=q>outside</div>")
    assert article.text == PROSE


@pytest.mark.parametrize(
    ("limits", "warned"), [("", False), ("limits: {max_removed: 0.05}\n", True), ("limits: {max_removed: 0.9}\n", False)]
)
def test_a_budget_for_what_rules_remove(limits: str, warned: bool, cleaner_of: Make) -> None:
    article = cleaner_of(f"body: ['main']\n{limits}drop: [{{id: x, why: w, phrase: related one two}}]\n").clean(
        main(f"<p>{PROSE}</p><p>Related one two</p>")
    )
    assert any(warning.startswith("removed-most:") for warning in article.warnings) is warned


def test_removing_most_is_said(cleaner_of: Make) -> None:
    article = cleaner_of(drop("css: .x")).clean(main(f"<p>{PROSE}</p><p class=x>{MORE_PROSE} {MORE_PROSE}</p>"))
    assert any(warning.startswith("removed-most: rules removed 64%") for warning in article.warnings), article.warnings


# ---------------------------------------------------------------- fields, source, record


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("'h1.t'", "Head line"),
        ("{css: 'time.d', attr: datetime}", "2026-01-14"),
        ("{css: '.none'}", None),
        ("['.none', 'h1.t']", "Head line"),
        ("[{css: time, attr: title}, 'h1.t']", "Head line"),
        ("{value: Constant}", "Constant"),
        ("{text: '^Filed under (\\w+)'}", "Sport"),
        ("{text: '^Filed (?P<how>under) (?P<value>\\w+)'}", "Sport"),
        ("{text: '^Filed under'}", "Filed under"),
    ],
)
def test_fields(field: str, value: str | None, cleaner_of: Make) -> None:
    page = main(
        f"<h1 class=t>Head <i>line</i></h1><time class=d datetime=2026-01-14>yesterday</time><p>Filed under Sport</p><p>{PROSE}</p>"
    )
    article = cleaner_of(f"{BODY}fields:\n  site_name: {field}\n").clean(page)
    assert article.site_name == value


def test_the_strongest_file_that_answers_gives_a_field(cleaner_of: Make) -> None:
    files = {
        "generic.yaml": "fields: {site_name: {value: low}, authors: {value: Ann}}\n",
        "themes/t.yaml": "detect: {css: main}\nfields: {site_name: {value: high}, authors: '.none'}\n",
        "sources/s.yaml": "detect: {text: from the wire}\nsource: {name: The Wire, url: 'https://wire.example/'}\n",
    }
    article = cleaner_of(files).clean(main(f"<p>{PROSE}</p><p>From the Wire</p>"))
    assert (article.site_name, article.authors) == ("high", ["Ann"])
    assert article.source is not None
    assert (article.source.name, article.source.url) == ("The Wire", "https://wire.example/")


FOOTER = "^The post (?P<title>.{1,300}) appeared first on (?P<source>.+?)\\.?$"


@pytest.mark.parametrize("record", ["source", "{source: source}", "{source: 2}"])
@pytest.mark.parametrize("within", ["", ", within: {last: 2}"])
def test_a_group_becomes_metadata(record: str, within: str, cleaner_of: Make) -> None:
    page = main(f"<p>{PROSE}</p><p>The post <a href='https://w.org/a'>A Head</a> appeared first on <a href='https://w.org/'>Wire</a>.</p>")
    article = cleaner_of(f"{BODY}drop:\n  - {{id: x, why: w, text: '{FOOTER}', record: {record}{within}}}\n").clean(page)
    assert article.text == PROSE
    assert article.source is not None
    assert (article.source.name, article.source.url) == ("Wire", "https://w.org/")


def test_a_rule_that_does_not_act_records_nothing(cleaner_of: Make) -> None:
    rules = f"{BODY}drop:\n  - {{id: x, why: w, text: '^from (.+)$', record: source, within: {{last: 1}}}}\n"
    assert cleaner_of(rules).clean(main(f"<p>From Rome</p><p>{PROSE}</p>")).source is None


@pytest.mark.parametrize("lines", [["From High", "By Low"], ["By Low", "From High"], ["By Low", "From High", "From Later"]])
def test_what_the_stronger_layer_and_then_the_earlier_block_records_wins(lines: list[str], cleaner_of: Make) -> None:
    files = {
        "generic.yaml": f"{BODY}drop:\n  - {{id: x, why: w, text: '^by (.+)$', record: source, within: {{last: 5}}}}\n",
        "themes/t.yaml": "detect: {css: main}\ndrop:\n  - {id: y, why: w, text: '^from (.+)$', record: source}\n",
    }
    article = cleaner_of(files).clean(main(f"<p>{PROSE}</p>", *(f"<p>{line}</p>" for line in lines)))
    assert article.source is not None and article.source.name == "High"


def test_a_pattern_that_runs_out_of_time_is_said_and_not_tried_again(cleaner_of: Make) -> None:
    lines = "".join(f"<p>{'a' * 60}b{number}</p>" for number in range(60))
    article = cleaner_of(drop("text: '^(?:a{1,30}){1,60}$', max_words: 5")).clean(main(f"<p>{PROSE}</p>{lines}"))
    assert len(article.blocks) == 61
    assert any("generic#x" in warning for warning in article.warnings)


# ---------------------------------------------------------------- images go with what they stand in


@pytest.mark.parametrize(
    ("page", "images"),
    [
        (f"<main><img src=/in.png><p>{PROSE}</p><img src=/end.png></main>", ["in", "end"]),
        (f"<main><p>{PROSE}</p><div class=x><img src=/ad.png></div><p>b</p></main>", []),
        (f"<main><p>{PROSE}</p><div class=x>ad <img src=/ad.png></div><p>b</p></main>", []),
        (f"<main><p>{PROSE} <b class=x><img src=/ad.png></b></p></main>", []),
        (f"<img src=/before.png><main><p>{PROSE}</p></main><img src=/after.png><p>after</p>", []),
        (f"<main><p>{PROSE}</p><div class=x><p>a</p><figure class=k><img src=/kept.png></figure></div></main>", ["kept"]),
    ],
)
def test_images(page: str, images: list[str], cleaner_of: Make) -> None:
    markdown = cleaner_of(f"{drop('css: .x')}keep:\n  - {{id: k, css: .k}}\n").clean(f"<html><body>{page}</body></html>").markdown
    assert [name for name in ("in", "end", "ad", "before", "after", "kept") if f"/{name}.png" in markdown] == images


def test_two_inline_keeps_in_one_block_both_hold(tmp_path: Path) -> None:
    rules = "body: main\nlimits: {min_words: 1}\ndrop: [{id: d, why: w, css: span.d}]\nkeep: [{id: k, css: b.k}]\n"
    folder = write_rules(tmp_path, {"generic.yaml": rules})
    page = "<main><p>One <span class=d>two <b class=k>three</b></span> and <b class=k>four</b> five six.</p></main>"
    assert Cleaner([folder], builtin=False, input="html").clean(page).text == "One two three and four five six."


def test_a_title_that_a_rule_keeps_stays(tmp_path: Path) -> None:
    folder = write_rules(tmp_path, {"generic.yaml": "body: main\nlimits: {min_words: 1}\nkeep: [{id: k, css: h1}]\n"})
    page = "<title>A lamp on the mole</title><main><h1>A lamp on the mole</h1><p>It burns each night until four.</p></main>"
    assert Cleaner([folder], builtin=False, input="html").clean(page).text.startswith("A lamp on the mole")


def test_what_a_site_file_says_of_its_site_comes_before_the_head(tmp_path: Path) -> None:
    fields = "fields: {site_name: {value: The Estuary Post}, date: {css: time, attr: datetime}, authors: 'p.by'}\n"
    folder = write_rules(tmp_path, {"sites/estuary.example.yaml": f"body: main\nlimits: {{min_words: 1}}\n{fields}"})
    page = (
        '<meta property="og:site_name" content="Home"><meta name="author" content="admin2"><meta name="date" content="2020-01-01">'
        '<main><p class=by>By Ruth Castellan</p><time datetime="2026-03-12">12 March</time><p>It burns each night until four.</p></main>'
    )
    article = Cleaner([folder], builtin=False).clean(page, "https://estuary.example/lamp")
    assert (article.site_name, article.date, article.authors) == ("The Estuary Post", "2026-03-12", ["Ruth Castellan"])
