"""The rule language on small pages: what every key does, and how layers, KEEP and DROP are weighed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cleaner import Article, Cleaner

from conftest import MORE_PROSE, PROSE, main, verdicts

Make = Callable[..., Cleaner]
BODY = "body: ['main']\nlimits: {min_words: 1}\n"


def kept(article: Article) -> list[str]:
    return article.text.split("\n\n") if article.text else []


def words(article: Article) -> list[str]:
    """The words kept, without the hyphens of lists."""
    return article.text.replace("- ", "").split()


def drop(rule: str) -> str:
    return f"{BODY}drop:\n  - {{id: x, why: w, {rule}}}\n"


# ---------------------------------------------------------------- which blocks: one rule, the words that go

LINKS = "<a href=/1>one link</a> <a href=/2>two link</a>"
RULES: dict[str, tuple[str, str, str]] = {
    # name: (the rule, the page with [what must go], nothing else goes)
    "css takes the whole sub-tree": ("css: div.x", "<p>a</p><div class=x>[b]<p>[c]</p><ul><li>[d]</ul></div><p>e</p>"),
    "css list": ("css: ['.x', '#y']", "<p class=x>[a]</p><p id=y>[b]</p><p>c</p>"),
    "css on an inline element takes only its words": ("css: b.x", "<p>a <b class=x>[b c]</b> d</p>"),
    "css on an inline element that holds blocks": ("css: span.x", "<p>a</p><span class=x><div>[b]</div><div>[c]</div></span><p>d</p>"),
    "several inline elements of one block": ("css: [b, i]", "<p>a <b>[b]</b> c <i>[d <b>e</b>]</i> f</p>"),
    "an inline element that is all of its block": ("css: b", "<p><b>[a b]</b></p><p>c</p>"),
    "inline in code": ("css: .n", "<pre>a\n<span class=n>[1]</span>  b</pre>"),
    "phrase": ("phrase: 'read more'", "<p>[Read more »]</p><p>read more of it</p><p>to read more</p>"),
    "starts": ("starts: 'read'", "<p>[Read this]</p><p>reading</p><p>do read</p>"),
    "ends": ("ends: 'here'", "<p>[click here!]</p><p>there</p><p>here it is</p>"),
    "contains": ("contains: 'sign up'", "<p>[do sign up now]</p><p>design upwards</p>"),
    "text": ("text: '^by \\w+$'", "<p>[By Dana]</p><p>by Dana Whitlock</p><p>so by Dana</p>"),
    "any of the wordings": ("phrase: a b, starts: c, ends: d, contains: e, text: '^f+$'", "<p>[a b]</p><p>[c x]</p><p>[x d]</p><p>[x e x]</p><p>[ff]</p><p>x</p>"),
    "wordings leave long blocks alone": ("contains: council", f"<p>[the council]</p><p>the council {'word ' * 59}</p>"),
    "unless max_words says so": ("contains: council, max_words: 80", f"<p>[the council {'word ' * 59}]</p><p>the council {'word ' * 90}</p>"),
    "a phrase may be of any length": (f"phrase: '{'word ' * 80}'", f"<p>[{'word ' * 79}word]</p><p>a</p>"),
    "wordings leave code alone": ("contains: todo", "<p>[todo this]</p><pre>todo that</pre>"),
    "css and wording": ("css: div, phrase: 'a b'", "<div><p>[a]</p><p>[b]</p></div><div><p>a</p><p>c</p></div><p>a b</p>"),
    "css and wording on an inline element": ("css: b, starts: ad", "<p>ad <b>[ad x]</b> <b>no ad</b></p>"),
    "kind": ("kind: button", "<button>[a]</button><p>b</p>"),
    "kinds and wording": ("kind: [item, cell], contains: x", "<ul><li>[x]</ul><table><tr><td>[x]</table><p>x</p><h2>x</h2><ul><li>y</ul>"),
    "css and kind": ("css: div, kind: [heading, caption]", "<div><h2>[a]</h2></div><div><h2>b</h2><p>c</p></div>"),
    "inside": ("phrase: x, inside: ['.a', '#b']", "<div class=a><p>[x]</p><ul><li>[x]</ul></div><div id=b>[x]</div><p>x</p>"),
    "inside itself": ("css: p, inside: p.x", "<p class=x>[a]</p><p>b</p>"),
    "not_inside": ("phrase: x, not_inside: 'blockquote, .q'", "<p>[x]</p><blockquote><p>x</p></blockquote><p class=q>x</p>"),
    "css not_inside": ("css: .x, not_inside: [blockquote]", "<p class=x>[a]</p><blockquote><p class=x>b</p></blockquote>"),
    "min_words": ("css: p, min_words: 3", "<p>a b</p><p>[a b c]</p>"),
    "max_words of the element": ("css: div, max_words: 3", "<div><p>[a b]</p><p>[c]</p></div><div><p>a b</p><p>c d</p></div>"),
    "max_words of an inline element": ("css: b, max_words: 2", f"<p>{PROSE} <b>[a b]</b> <b>a b c</b></p>"),
    "min_link_density": ("css: div, min_link_density: 0.9", f"<div>[<p>{LINKS}</p>]</div><div>some words and {LINKS}</div>"),
    "max_link_density": ("css: div, max_link_density: 0.1", f"<div>{LINKS}</div><div>[words only]</div>"),
    "link density of a block": ("phrase: more, min_link_density: 0.5", "<p>[<a href=/>More</a>]</p><p>More</p>"),
    "link density of an inline element": ("css: span, min_link_density: 0.5", f"<p>{PROSE} <span>[<a href=/>Read more</a>]</span> <span>plain</span></p>"),
    "all guards at once": ("css: p, min_words: 2, max_words: 3, not_inside: .q, kind: paragraph", "<p>a</p><p>[a b]</p><p>a b c d</p><p class=q>a b</p><li>a b"),
    "within the first": ("css: p.x, within: {first: 2}", "<p class=x>[a]</p><p class=x>[b]</p><p class=x>c</p><p>d</p>"),
    "within the last": ("css: p.x, within: {last: 2}", "<p class=x>a</p><p class=x>b</p><p class=x>[c]</p><p class=x>[d]</p>"),
    "within either": ("css: p.x, within: {first: 1, last: 1}", "<p class=x>[a]</p><p class=x>b</p><p class=x>[c]</p>"),
    "within counts an element of several blocks as one place": ("css: div, within: {last: 1}", "<p>a</p><div><p>[b]</p><p>[c]</p></div>"),
}


def marked(page: str) -> tuple[str, list[str], list[str]]:
    """A page with [brackets] round what must go, in; the page, and the words that stay and go, out."""
    goes, stays, depth, word = [], [], 0, ""
    plain = page.replace("[", "").replace("]", "")
    inside_tag = False
    for character in page + " ":
        if character in "[]<> \n" and not inside_tag:
            if word:
                (goes if depth else stays).append(word)
            word = ""
        if character in "<>":
            inside_tag = character == "<"
        elif character in "[]":
            depth += 1 if character == "[" else -1
        elif not inside_tag and not character.isspace():
            word += character
    return plain, stays, goes


@pytest.mark.parametrize(("rule", "page"), RULES.values(), ids=RULES)
def test_which_words_a_rule_takes(rule: str, page: str, cleaner_of: Make) -> None:
    html, stays, goes = marked(page)
    assert goes
    article = cleaner_of(drop(rule)).clean(main(html))
    assert words(article) == stays
    assert " ".join(piece.text for piece in article.removed).split() == goes
    assert {piece.rule for piece in article.removed} == {"generic#x"}


def test_positional_rules_see_the_survivors_and_not_each_other(cleaner_of: Make) -> None:
    rules = BODY + "drop:\n  - {id: gone, why: w, phrase: gone}\n  - {id: last, why: w, text: '^l', within: {last: 1}}\n  - {id: other, why: w, text: '^k', within: {last: 1}}\n"
    page = main("<p>a</p><p>kite</p><p>lamp</p><p>gone</p><p>gone</p>")
    assert kept(cleaner_of(rules).clean(page)) == ["a", "kite"]


# ---------------------------------------------------------------- until

UNTIL: dict[str, tuple[str, str]] = {
    "heading takes what follows it": ("until: heading", "<h2>[Related]</h2><p>[a]</p><ul><li>[b]</ul><h3>[c]</h3><p>[d]</p><h2>Next</h2><p>e</p>"),
    "a higher heading ends it": ("until: heading", "<h3>[Related]</h3><p>[a]</p><h2>Next</h2><p>b</p>"),
    "any heading ends what a paragraph began": ("until: heading", "<p>[Related]</p><p>[a]</p><h6>Next</h6><p>b</p>"),
    "prose ends it": ("until: heading", f"<h2>[Related]</h2><p>[a]</p><p>{PROSE}</p><p>b</p>"),
    "prose does not stop at headings": ("until: prose", f"<p>[Related]</p><h2>[a]</h2><p>[b]</p><p>{PROSE}</p>"),
    "linked prose is no prose": ("until: prose", f"<p>[Related]</p><p>[<a href=/>{PROSE}</a>]</p><p>{MORE_PROSE}</p>"),
    "parent takes prose too": ("until: parent", f"<div><p>[Related]</p><p>[{PROSE}]</p></div><p>b</p>"),
    "no until leaves its parent": ("until: prose", "<div><p>[Related]</p><p>[a]</p></div><p>b</p>"),
    "a heading alone in a wrapper": ("until: heading", "<section><div class=t><h2>[Related]</h2></div><p>[a]</p></section><p>b</p>"),
    "a selector": ("until: 'div.end, #fin'", "<p>[Related]</p><p>[a]</p><div class=end><p>b</p></div><p>c</p>"),
    "max_blocks": ("until: parent, max_blocks: 2", "<p>[Related]</p><p>[a]</p><p>[b]</p><p>c</p>"),
    "nothing follows": ("until: heading", "<p>a</p><h2>[Related]</h2>"),
    "from an element of several blocks": ("until: prose, css: div.r", f"<div class=r><p>[Related]</p><p>[a]</p></div><p>[b]</p><p>{PROSE}</p>"),
    "from an inline element to the blocks after it": ("until: prose, css: b.r", f"<p>[head <b class=r>Related</b>]</p><p>[a]</p><p>{PROSE}</p>"),
    "from an inline element to nothing": ("until: prose, css: b.r", f"<p>head <b class=r>[Related]</b></p><p>{PROSE}</p>"),
}


@pytest.mark.parametrize(("rule", "page"), UNTIL.values(), ids=UNTIL)
def test_until(rule: str, page: str, cleaner_of: Make) -> None:
    html, stays, goes = marked(page)
    article = cleaner_of(drop(rule if "css" in rule else f"phrase: related, {rule}")).clean(main(html))
    assert words(article) == stays
    assert " ".join(piece.text for piece in article.removed).split() == goes


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        ("until: prose", ["-Related", "a", "b"]),
        ("until: prose, max_blocks: 2", ["-Related", "-a", "-b", "c"]),
        ("until: prose, max_blocks: 5", ["-Related", "-a", PROSE, "b"]),
        ("until: heading, max_blocks: 5", ["-Related", "-Short but it ends like a sentence.", "Twelve words make prose when they end just like a sentence does."]),
    ],
)
def test_until_on_a_text_page_needs_a_number_of_blocks(rule: str, lines: list[str], cleaner_of: Make) -> None:
    article = cleaner_of(f"drop:\n  - {{id: x, why: w, phrase: related, {rule}}}\n", input="text").clean("\n\n".join([PROSE, MORE_PROSE, *(line.lstrip("-") for line in lines)]))
    assert [text for text, rule_id in verdicts(article).items() if rule_id == "generic#x"] == [line[1:] for line in lines if line[0] == "-"]


# ---------------------------------------------------------------- cut

CUT: dict[str, tuple[str, str, str]] = {
    "a pattern": ("text: '\\s*\\[\\d+\\]'", "<p>One[1] two [12], three[3].</p>", "One two, three."),
    "a wording, whatever its typography": ("contains: \"read - don't miss\"", "<p>a Read – don’t  miss b</p>", "a b"),
    "a wording is whole words": ("contains: ad", "<p>a bad ad adds</p>", "a bad adds"),
    "across elements": ("text: 'b c'", "<p>a <i>b</i> <b>c</b> d</p>", "a d"),
    "never joins words": ("text: ' b '", "<p>a b c</p>", "a c"),
    "keeps line breaks": ("text: 'x'", "<p>a x<br>b</p>", "a\nb"),
    "all of a block": ("text: '^ab.*$'", f"<p>ab cd</p><p>{PROSE}</p>", PROSE),
    "long blocks too": ("contains: read also this", f"<p>{PROSE} {MORE_PROSE} {PROSE} Read also this</p>", f"{PROSE} {MORE_PROSE} {PROSE}"),
    "never code": ("text: 'x'", "<p>a x</p><pre>x = 1</pre>", "a\n\nx = 1"),
    "only within css": ("text: 'x', css: p.c", "<p class=c>a x</p><p>b x</p>", "a\n\nb x"),
    "only within an inline element": ("text: 'x', css: b", "<p>x a <b>x b</b></p>", "x a b"),
    "guards hold": ("text: 'x', not_inside: blockquote, max_words: 3", "<p>a x</p><blockquote>b x</blockquote><p>a b c x</p>", "a\n\nb x\n\na b c x"),
}


@pytest.mark.parametrize(("rule", "page", "text"), CUT.values(), ids=CUT)
def test_cut(rule: str, page: str, text: str, cleaner_of: Make) -> None:
    article = cleaner_of(f"{BODY}cut:\n  - {{id: x, why: w, {rule}}}\n").clean(main(page))
    assert article.text.replace("> ", "") == text
    assert {piece.rule for piece in article.removed} == {"generic#x"}


def test_cuts_are_all_measured_on_the_block_as_it_came(cleaner_of: Make) -> None:
    rules = BODY + "cut:\n  - {id: a, why: w, text: '^Ad: '}\n  - {id: b, why: w, text: ' x$'}\n  - {id: c, why: w, text: 'marks the'}\n"
    article = cleaner_of(rules).clean(main("<p>Ad: x marks the x</p>"))
    assert article.text == "x"
    assert [(piece.text, piece.rule) for piece in article.removed] == [("Ad:", "generic#a"), ("marks the", "generic#c"), ("x", "generic#b")]


def test_cut_and_inline_drop_in_one_block(cleaner_of: Make) -> None:
    rules = BODY + "drop:\n  - {id: d, why: w, css: b.x}\ncut:\n  - {id: c, why: w, contains: click here}\n"
    article = cleaner_of(rules).clean(main("<p>One click here two <b class=x>bold click here</b> three click here four</p>"))
    assert article.text == "One two three four"
    assert {piece.rule for piece in article.removed} == {"generic#c", "generic#d"}


def test_a_cut_leaves_the_tabs_of_a_table_row(cleaner_of: Make) -> None:
    files = {"generic.yaml": "keep:\n  - {id: k, kind: paragraph}\n", "themes/t.yaml": "detect: {text: rovers}\ncut:\n  - {id: x, why: w, text: '\\[1\\]'}\n"}
    assert cleaner_of(files, input="text").clean(f"{PROSE}\n\nRovers\t3[1]\t2\n").text == f"{PROSE}\n\nRovers\t3\t2"


# ---------------------------------------------------------------- keep

KEEP: dict[str, tuple[str, str, str]] = {
    "on the same block": ("{id: k, css: p.x}", "phrase: a", "<p class=x>a</p><p>[a]</p>"),
    "by wording": ("{id: k, phrase: b}", "css: .x", "<div class=x><p>[a]</p><p>b</p></div>"),
    "cancels drops above it, for itself only": ("{id: k, css: .q}", "css: .x", "<div class=x><p>[a]</p><div class=q><p>b</p></div><p>[c]</p></div>"),
    "does not shield what lies below": ("{id: k, css: .q}", "css: .x", "<div class=q><p>a</p><p class=x>[b]</p></div>"),
    "deep shields what lies below": ("{id: k, css: .q, deep: true}", "css: .x", "<div class=q><p>a</p><p class=x>b</p></div><p class=x>[c]</p>"),
    "deep shields inline elements too": ("{id: k, css: .q, deep: true}", "css: b", "<div class=q><p>a <b>b</b></p></div><p>c <b>[d]</b></p>"),
    "with guards": ("{id: k, css: .q, max_words: 1}", "css: .x", "<div class=x><p class=q>a</p><p class=q>[b c]</p></div>"),
    "cancels what until took": ("{id: k, css: .q}", "phrase: related, until: prose", "<p>[Related]</p><p>[a]</p><p class=q>b</p><p>[c]</p>"),
    "an inline element keeps its drop away": ("{id: k, css: b.k}", "css: b", "<p>a <b>[b]</b> <b class=k>c</b></p>"),
    "nested in two drops": ("{id: k, css: .k}", "css: .x", "<div class=x>[a]<div class=x>[b]<p class=k>c</p></div></div>"),
    "a drop below it and one above": ("{id: k, css: .k}", "css: .x", "<div class=x>[a]<div class=k>b<p class=x>[c]</p></div></div>"),
    "within": ("{id: k, css: .k, within: {first: 1}}", "css: .x", "<div class=x><p class=k>a</p></div><p>b</p><div class=x><p class=k>[c]</p></div>"),
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
    article = cleaner_of(f"{drop('css: .x')}keep:\n  - {{id: k, why: a quote, css: .k}}\n").clean(main(f"<p>{PROSE}</p><div class=x><p class=k>saved</p></div>"))
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


def test_the_last_folder_lies_on_top(cleaner_of: Make) -> None:
    layers = [{"generic.yaml": f"{BODY}drop: [{{id: x, why: w, css: .{name}}}]\n"} for name in ("share", "tags", "more")]
    assert taken(cleaner_of(*layers).clean(SITE)) == {"more"}


def test_user_rules_lie_over_the_built_in_ones(cleaner_of: Make) -> None:
    page = main(f"<p>{PROSE}</p><p>{MORE_PROSE}</p><nav><a href=/>Home</a></nav><p class=mine>mine</p>")
    own = cleaner_of("disable: ['generic#nav', 'generic#nav-links']\ndrop:\n  - {id: mine, why: w, css: .mine}\nkeep:\n  - {id: k, css: nav}\n", builtin=True)
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


PARTS = main(f"<p>top</p><div class=a><p>{PROSE}</p></div><div class=b><p>few words</p></div><div class=c><p>{MORE_PROSE}</p><div class=c><p>inner</p></div></div><p>end</p>")


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


def test_outside_the_body_nothing_is_kept_back(cleaner_of: Make) -> None:
    article = cleaner_of(f"{BODY}keep:\n  - {{id: k, css: .q}}\n").clean(main(f"<p>{PROSE}</p>") + "<div class=q>outside</div>")
    assert article.text == PROSE


@pytest.mark.parametrize(("limits", "warned"), [("", False), ("limits: {max_removed: 0.05}\n", True), ("limits: {max_removed: 0.9}\n", False)])
def test_a_budget_for_what_rules_remove(limits: str, warned: bool, cleaner_of: Make) -> None:
    article = cleaner_of(f"body: ['main']\n{limits}drop: [{{id: x, why: w, phrase: related one two}}]\n").clean(main(f"<p>{PROSE}</p><p>Related one two</p>"))
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
    page = main(f"<h1 class=t>Head <i>line</i></h1><time class=d datetime=2026-01-14>yesterday</time><p>Filed under Sport</p><p>{PROSE}</p>")
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


def test_what_the_stronger_layer_records_wins(cleaner_of: Make) -> None:
    files = {
        "generic.yaml": f"{BODY}drop:\n  - {{id: x, why: w, text: '^by (.+)$', record: source, within: {{last: 5}}}}\n",
        "themes/t.yaml": "detect: {css: main}\ndrop:\n  - {id: y, why: w, text: '^from (.+)$', record: source}\n",
    }
    article = cleaner_of(files).clean(main(f"<p>{PROSE}</p><p>From High</p><p>By Low</p>"))
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
