"""The rule language on small pages: which words every key takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import BODY, MORE_PROSE, PROSE, drop, kept, main, marked, verdicts, words

from cleaner import Cleaner

Make = Callable[..., Cleaner]


# ---------------------------------------------------------------- which blocks: one rule, the words that go

LINKS = "<a href=/1>one link</a> <a href=/2>two link</a>"
RULES: dict[str, tuple[str, str]] = {
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
    "any of the wordings": (
        "phrase: a b, starts: c, ends: d, contains: e, text: '^f+$'",
        "<p>[a b]</p><p>[c x]</p><p>[x d]</p><p>[x e x]</p><p>[ff]</p><p>x</p>",
    ),
    "wordings leave long blocks alone": ("contains: council", f"<p>[the council]</p><p>the council {'word ' * 59}</p>"),
    "unless max_words says so": (
        "contains: council, max_words: 80",
        f"<p>[the council {'word ' * 59}]</p><p>the council {'word ' * 90}</p>",
    ),
    "a phrase may be of any length": (f"phrase: '{'word ' * 80}'", f"<p>[{'word ' * 79}word]</p><p>a</p>"),
    "wordings leave code alone": ("contains: todo", "<p>[todo this]</p><pre>todo that</pre>"),
    "css and wording leave code alone": ("css: .x, contains: todo", "<p class=x>[todo this]</p><pre class=x>todo that</pre>"),
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
    "link density of an inline element": (
        "css: span, min_link_density: 0.5",
        f"<p>{PROSE} <span>[<a href=/>Read more</a>]</span> <span>plain</span></p>",
    ),
    "all guards at once": (
        "css: p, min_words: 2, max_words: 3, not_inside: .q, kind: paragraph",
        "<p>a</p><p>[a b]</p><p>a b c d</p><p class=q>a b</p><li>a b",
    ),
    "within the first": ("css: p.x, within: {first: 2}", "<p class=x>[a]</p><p class=x>[b]</p><p class=x>c</p><p>d</p>"),
    "within the last": ("css: p.x, within: {last: 2}", "<p class=x>a</p><p class=x>b</p><p class=x>[c]</p><p class=x>[d]</p>"),
    "within either": ("css: p.x, within: {first: 1, last: 1}", "<p class=x>[a]</p><p class=x>b</p><p class=x>[c]</p>"),
    "within counts an element of several blocks as one place": ("css: div, within: {last: 1}", "<p>a</p><div><p>[b]</p><p>[c]</p></div>"),
}


@pytest.mark.parametrize(("rule", "page"), RULES.values(), ids=RULES)
def test_which_words_a_rule_takes(rule: str, page: str, cleaner_of: Make) -> None:
    html, stays, goes = marked(page)
    assert goes
    article = cleaner_of(drop(rule)).clean(main(html))
    assert words(article) == stays
    assert " ".join(piece.text for piece in article.removed).split() == goes
    assert {piece.rule for piece in article.removed} == {"generic#x"}


def test_positional_rules_see_the_survivors_and_not_each_other(cleaner_of: Make) -> None:
    rules = f"""{BODY}drop:
  - {{id: gone, why: w, phrase: gone}}
  - {{id: last, why: w, text: '^l', within: {{last: 1}}}}
  - {{id: other, why: w, text: '^k', within: {{last: 1}}}}
"""
    page = main("<p>a</p><p>kite</p><p>lamp</p><p>gone</p><p>gone</p>")
    assert kept(cleaner_of(rules).clean(page)) == ["a", "kite"]


# ---------------------------------------------------------------- until

UNTIL: dict[str, tuple[str, str]] = {
    "heading takes what follows it": (
        "until: heading",
        "<h2>[Related]</h2><p>[a]</p><ul><li>[b]</ul><h3>[c]</h3><p>[d]</p><h2>Next</h2><p>e</p>",
    ),
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
    "from an element of several blocks": (
        "until: prose, css: div.r",
        f"<div class=r><p>[Related]</p><p>[a]</p></div><p>[b]</p><p>{PROSE}</p>",
    ),
    "from an inline element to the blocks after it": (
        "until: prose, css: b.r",
        f"<p>[head <b class=r>Related</b>]</p><p>[a]</p><p>{PROSE}</p>",
    ),
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
        (
            "until: heading, max_blocks: 5",
            ["-Related", "-Short but it ends like a sentence.", "Twelve words make prose when they end just like a sentence does."],
        ),
    ],
)
def test_until_on_a_text_page_needs_a_number_of_blocks(rule: str, lines: list[str], cleaner_of: Make) -> None:
    article = cleaner_of(f"drop:\n  - {{id: x, why: w, phrase: related, {rule}}}\n", input="text").clean(
        "\n\n".join([PROSE, MORE_PROSE, *(line.lstrip("-") for line in lines)])
    )
    assert [text for text, rule_id in verdicts(article).items() if rule_id == "generic#x"] == [line[1:] for line in lines if line[0] == "-"]


# ---------------------------------------------------------------- cut

CUT: dict[str, tuple[str, str, str]] = {
    "a pattern": ("text: '\\s*\\[\\d+\\]'", "<p>One[1] two [12], three[3].</p>", "One two, three."),
    "a wording, whatever its typography": ('contains: "read - don\'t miss"', "<p>a Read – don’t  miss b</p>", "a b"),
    "a wording is whole words": ("contains: ad", "<p>a bad ad adds</p>", "a bad adds"),
    "across elements": ("text: 'b c'", "<p>a <i>b</i> <b>c</b> d</p>", "a d"),
    "never joins words": ("text: ' b '", "<p>a b c</p>", "a c"),
    "keeps line breaks": ("text: 'x'", "<p>a x<br>b</p>", "a\nb"),
    "all of a block": ("text: '^ab.*$'", f"<p>ab cd</p><p>{PROSE}</p>", PROSE),
    "long blocks too": ("contains: read also this", f"<p>{PROSE} {MORE_PROSE} {PROSE} Read also this</p>", f"{PROSE} {MORE_PROSE} {PROSE}"),
    "never code": ("text: 'x'", "<p>a x</p><pre>x = 1</pre>", "a\n\nx = 1"),
    "only within css": ("text: 'x', css: p.c", "<p class=c>a x</p><p>b x</p>", "a\n\nb x"),
    "only within an inline element": ("text: 'x', css: b", "<p>x a <b>x b</b></p>", "x a b"),
    "guards hold": (
        "text: 'x', not_inside: blockquote, max_words: 3",
        "<p>a x</p><blockquote>b x</blockquote><p>a b c x</p>",
        "a\n\nb x\n\na b c x",
    ),
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
    files = {
        "generic.yaml": "keep:\n  - {id: k, kind: paragraph}\n",
        "themes/t.yaml": "detect: {text: rovers}\ncut:\n  - {id: x, why: w, text: '\\[1\\]'}\n",
    }
    assert cleaner_of(files, input="text").clean(f"{PROSE}\n\nRovers\t3[1]\t2\n").text == f"{PROSE}\n\nRovers\t3\t2"
