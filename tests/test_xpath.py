"""XPath in site files: bodies, rules and fields that no selector can name."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import MORE_PROSE, PROSE, kept, main, verdicts, write_rules

from cleaner import Article, Cleaner, RuleError
from cleaner import xpath as module

URL = "https://example.com/a"


def clean(folder: Path, rules: str, page: str, url: str = URL) -> Article:
    write_rules(folder, {"sites/example.com.yaml": rules})
    return Cleaner([folder], builtin=False).clean(page, url)


def test_a_rule_by_xpath(tmp_path: Path) -> None:
    rules = """
        body: {xpath: '//main'}
        limits: {min_words: 1}
        drop:
          - {id: after, xpath: "//h2[.='Related']/following-sibling::*", why: related}
          - {id: short, xpath: ['//p', '//li'], contains: subscribe, why: newsletter}
        """
    article = clean(tmp_path, rules, main(f"<p>{PROSE}</p><p>Subscribe to us</p><h2>Related</h2><ul><li>one</li></ul><p>two</p>"))
    assert kept(article) == [PROSE, "Related"]
    assert verdicts(article)["two"] == "sites/example.com#after"
    assert verdicts(article)["Subscribe to us"] == "sites/example.com#short"
    assert article.warnings == []


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("{first: ['.wide', '.narrow']}", ["a b c", "d e f"]),
        ("{first: ['.narrow', '.wide']}", ["d e f"]),
        ("{first: ['.none', {xpath: \"//div[@class='narrow'][1]\"}, '.wide']}", ["d e f"]),
        ("{first: ['.short', '.narrow']}", ["d e f"]),
        ("['.narrow', '.wide']", ["a b c", "d e f"]),
        ("['.none', {xpath: '//p[@class][last()]'}]", ["g"]),
    ],
)
def test_alternatives_of_a_body(tmp_path: Path, body: str, left: list[str]) -> None:
    page = main("<div class=wide><p>a b c</p><div class=narrow>d e f</div></div>", "<p class=short>g</p>")
    words = 1 if left == ["g"] else 2
    assert kept(clean(tmp_path, f"body: {body}\nlimits: {{min_words: {words}}}\n", page)) == left


def test_fields_by_xpath_and_parts_of_them(tmp_path: Path) -> None:
    page = f"""<html><head><title>The Title | Site</title><meta property="article:published" content="2026-03-04"></head>
        <body><h1>Zinc</h1><p class=by>By Ann Lee on Monday</p><p>{PROSE}</p><p>{MORE_PROSE}</p></body></html>"""
    rules = """
        fields:
          title: {xpath: '//title', before: ' | '}
          date: [{xpath: '//meta[@name="none"]/@content'}, {xpath: '//meta[@property="article:published"]/@content'}]
          authors: [{css: .by, after: 'Von '}, {css: .by, after: 'By ', before: ' on '}]
          description: {xpath: 'concat("about ", //h1)'}
          site_name: {xpath: 'concat("The ", count(//p))'}
        """
    article = clean(tmp_path, rules, page)
    assert (article.title, article.date, article.authors) == ("The Title", "2026-03-04", ["Ann Lee"])
    assert (article.description, article.site_name) == ("about Zinc", "The 3")


@pytest.mark.parametrize(
    ("name", "rules", "message"),
    [
        ("themes/x.yaml", "detect: {css: p}\nbody: {xpath: '//p'}\n", "site files"),
        ("sites/x.org.yaml", "drop:\n  - {id: a, why: w, xpath: '//p['}\n", "bad XPath"),
        ("sites/x.org.yaml", "drop:\n  - {id: a, why: w, xpath: \"//p[re:test(@id, 'a')]\"}\n", "re:"),
        ("sites/x.org.yaml", "drop:\n  - {id: a, why: w, xpath: '//p[$x]'}\n", "variable"),
        ("sites/x.org.yaml", "body: {first: [{first: [p]}]}\n", "alone"),
        ("sites/x.org.yaml", "body: {}\n", "no body"),
        ("sites/x.org.yaml", "fields: {title: {xpath: '//h1', css: h1}}\n", "exactly one"),
        ("sites/x.org.yaml", "fields: {title: {value: x, after: y}}\n", "after and before"),
    ],
)
def test_what_an_xpath_may_not_be(tmp_path: Path, name: str, rules: str, message: str) -> None:
    write_rules(tmp_path, {name: rules})
    with pytest.raises(RuleError, match=message):
        Cleaner([tmp_path], builtin=False)


def test_time_for_xpaths_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUDGET_SECONDS", -1)
    rules = "fields: {title: {xpath: '//h1'}}\ndrop:\n  - {id: a, why: w, xpath: '//p'}\n"
    article = clean(tmp_path, rules, main(f"<p>{PROSE}</p><p>{MORE_PROSE}</p>"))
    assert kept(article) == [PROSE, MORE_PROSE]
    assert [warning.partition(":")[0] for warning in article.warnings] == ["slow-rule", "slow-rule"]


def test_expressions_that_fail_on_a_page_find_nothing(tmp_path: Path) -> None:
    rules = "body: {xpath: 'count(//p)'}\ndrop:\n  - {id: a, why: w, xpath: ['//p/text()', '//p/@id', '1', '//script']}\n"
    assert kept(clean(tmp_path, rules, main(f"<p id=x>{PROSE}</p><script>1</script><p>{MORE_PROSE}</p>"))) == [PROSE, MORE_PROSE]


def test_plain_text_has_no_elements(tmp_path: Path) -> None:
    rules = "body: {xpath: '//p'}\nfields: {title: {xpath: '//h1'}}\n"
    assert kept(clean(tmp_path, rules, f"{PROSE}\n\n{MORE_PROSE}\n")) == [PROSE, MORE_PROSE]


@pytest.mark.parametrize(
    ("host", "applies"), [("blog.example.com", True), ("a.b.example.com", True), ("www.example.com", False), ("example.com", False)]
)
def test_a_host_after_a_dot_stands_for_its_sub_domains(tmp_path: Path, host: str, applies: bool) -> None:
    write_rules(tmp_path, {"sites/x.yaml": "detect: {hosts: .example.com}\nbody: main\n"})
    article = Cleaner([tmp_path], builtin=False).clean(main(f"<p>{PROSE}</p>"), f"https://{host}/a")
    assert (article.template != []) == applies
