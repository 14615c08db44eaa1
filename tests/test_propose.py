"""Selectors proposed for an element, and rules added to a site file."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner, RuleError
from cleaner.load import read
from cleaner.page import read_html
from cleaner.ruletools.names import escaped, lasting
from cleaner.ruletools.propose import selectors, write_rule
from cleaner.ruletools.yamlwrite import rule_file
from cleaner.select import find, parse

PAGE = """<html><body><main id="main-4711"><div class="css-1x2y3z share-row wide" id="share">Share</div>
<div class="css-9z8y7x newsletter"><p>Sign up</p></div><p class="wide">One</p><p>Two</p>
<section data-testid="rel"><ul><li>a</li></ul></section></main></body></html>"""


@pytest.mark.parametrize("name", "share post-content newsletter2 h1 col-md-6 entryContent has-text-align-center mt-4 td_module_10".split())
def test_names_that_people_give_last(name: str) -> None:
    assert lasting(name)


@pytest.mark.parametrize("name", "css-1x2y3z sc-bdVaJa Card_title__3fKxQ post-12345 ember123 a3f9c1d css-0 svelte-1a2b3c".split())
def test_names_that_programs_make_do_not(name: str) -> None:
    assert not lasting(name)


def test_the_best_selector_is_a_lasting_id_or_class() -> None:
    page = read_html(PAGE)
    proposed = {page.names[node]: selectors(page, node) for node in range(len(page.tags))}
    assert proposed["css-1x2y3z share-row wide share"][:2] == ["#share", ".share-row"]
    assert proposed["css-9z8y7x newsletter"][0] == ".newsletter"
    assert not any("css-" in css or "4711" in css for found in proposed.values() for css in found)
    assert selectors(page, page.tags.index("section"))[0] == 'section[data-testid="rel"]'
    assert selectors(page, page.tags.index("li"))
    assert selectors(page, len(page.tags)) == []


# cssselect 1.3 unescapes twice: no selector reaches a name with a backslash.
@given(st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="\\"), min_size=1, max_size=12))
def test_every_proposed_selector_finds_its_element(name: str) -> None:
    page = read_html("<body><p>a</p><div>x</div></body>")
    page.attributes[page.tags.index("div")] = {"class": name}
    page.tokens["." + name] = [page.tags.index("div")]
    for css in selectors(page, page.tags.index("div")):
        assert page.tags.index("div") in find(page, parse(css))
    assert find(page, parse("." + escaped(name))) == [page.tags.index("div")]


def test_a_rule_is_added_and_the_rest_stays(tmp_path: Path) -> None:
    first = write_rule(tmp_path, "sites/www.Example.com", {"id": "share", "css": "#share", "why": "share buttons"})
    assert first == tmp_path / "sites/example.com.yaml"
    kept = "# my notes\ndrop:\n  # the box\n  - id: box\n    css: .box   # why not\n    why: box\n\n"
    kept += "  - {id: zebra, css: .z, why: z}\n# the end\n"
    first.write_text(kept)
    write_rule(tmp_path, "sites/example.com", {"id": "share", "css": "a[href*='x y']", "why": "don't: share"})
    write_rule(tmp_path, "sites/example.com", {"id": "share", "css": "#other", "why": "more"})
    write_rule(tmp_path, "sites/example.com", {"id": "zz", "phrase": ["Read, more", "yes"], "why": "teaser"})
    write_rule(tmp_path, "sites/example.com", {"id": "quote", "css": "aside.quote"}, action="keep")
    text = first.read_text()
    assert [line for line in kept.splitlines() if line not in text.splitlines()] == []
    document = Cleaner([tmp_path], builtin=False).ruleset.files[0].document
    assert [rule.id for rule in document.drop] == ["box", "share", "share-2", "zebra", "zz"]
    assert document.drop[1].css == "a[href*='x y']"
    assert document.drop[4].phrase == ["Read, more", "yes"]
    assert [rule.id for rule in document.keep] == ["quote"]


@pytest.mark.parametrize("before", ["drop: []\nbody: ['main']\n", "body: ['main']\ndrop: [{id: z, css: .z, why: z}]", "drop: [\n]\n"])
def test_a_list_in_brackets_takes_a_rule_too(tmp_path: Path, before: str) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites/example.com.yaml").write_text(before)
    path = write_rule(tmp_path, "sites/example.com", {"id": "a", "css": ".a", "why": "a"})
    document = read(path.read_bytes(), "sites/example.com", "site", "x").document
    assert next(rule.id for rule in document.drop) == "a"
    assert (document.body is not None) == ("body" in before)


@pytest.mark.parametrize("name", ["generic", "themes/soledad", "engines/wordpress"])
def test_a_rule_may_go_to_a_file_of_any_layer(name: str, tmp_path: Path) -> None:
    for css in ("#a", "#b"):
        assert write_rule(tmp_path, name, {"id": "a", "css": css, "why": "a"}) == tmp_path / f"{name}.yaml"
    assert [rule.id for rule in Cleaner([tmp_path]).ruleset.files[-1].document.drop] == ["a", "a-2"]


def test_a_bad_rule_leaves_the_file_alone(tmp_path: Path) -> None:
    path = write_rule(tmp_path, "sites/example.com", {"id": "a", "css": ".a", "why": "a"})
    before = path.read_bytes()
    for rule in ({"id": "b", "css": "p >", "why": "b"}, {"id": "b", "colour": "red"}, {"id": "B b", "css": "p", "why": "b"}):
        with pytest.raises(RuleError):
            write_rule(tmp_path, "sites/example.com", rule)
    for name in ("sites/../etc", "../etc", "etc", "themes/../../etc", "themes/", "sites/"):
        with pytest.raises(RuleError):
            write_rule(tmp_path, name, {"id": "a", "css": ".a", "why": "a"})
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["example.com.yaml"]


@given(st.dictionaries(st.sampled_from(["why", "css", "phrase", "text"]), st.text(min_size=1), min_size=1))
def test_what_is_written_reads_back(rule: dict[str, str]) -> None:
    text = rule_file({"drop": [{"id": "a", **rule}]})
    assert yaml.safe_load(text) == {"drop": [{"id": "a", **rule}]}
