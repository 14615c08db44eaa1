"""Past a limit the article says so, and holds what could be read."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import BODY, MORE_PROSE, PROSE, main

from cleaner import Cleaner
from cleaner.cli.program import program
from cleaner.limits import PageLimits
from cleaner.page import read_html

Make = Callable[..., Cleaner]


def limited(**limits: Any) -> Cleaner:
    return Cleaner(builtin=False, limits=PageLimits(**limits))


def said(warnings: list[str]) -> set[str]:
    return {warning.partition(":")[0] for warning in warnings}


@pytest.mark.parametrize("form", [str, str.encode], ids=["str", "bytes"])
def test_what_is_beyond_the_bytes_is_not_read(form: Callable[[str], Any]) -> None:
    page = "<p>" + PROSE + "</p><p>é" + MORE_PROSE * 50
    article = limited(bytes=1001).clean(form(page))
    assert PROSE in article.text and len(article.text) < 1000
    assert said(article.warnings) == {"too-long"}


@pytest.mark.parametrize("limit", range(200, 212))
def test_the_cut_never_breaks_a_character(limit: int) -> None:
    article = limited(bytes=limit).clean(("<p>" + "Größe für Köche " * 50 + "</p>").encode())
    assert "\ufffd" not in article.text
    assert said(article.warnings) <= {"too-long", "short", "empty"}


def test_what_is_beyond_the_elements_is_not_read() -> None:
    page = f"<html><body><main><p>{PROSE}</p>" + "<p>more <b>words</b>" * 100 + "</main></body></html>"
    article = limited(elements=50).clean(page)
    assert PROSE in article.text
    assert 0 < article.text.count("more") < 30
    assert "too-many-elements" in said(article.warnings)


@pytest.mark.parametrize("most", range(1, 12))
def test_a_page_cut_anywhere_is_still_a_page(most: int) -> None:
    page = read_html("<body><div><p>a<b>b<i>c</i></b>d<table><tr><td>e<p>f</table></div>g</body>", None, most)
    assert all(node < end <= len(page.tags) for node, end in enumerate(page.ends))
    assert all(first <= last <= len(page.blocks) + 1 for first, last in zip(page.first_block, page.last_block, strict=True))


@pytest.mark.parametrize("kind", ["html", "text"])
@pytest.mark.parametrize("limits", [{"blocks": 3}, {"text": 400}, {"text": 10}, {"blocks": 1, "text": 1}])
def test_what_is_beyond_the_blocks_and_the_text_is_not_read(kind: Any, limits: dict[str, int]) -> None:
    page = main(f"<p>{PROSE}</p>" * 9) if kind == "html" else "\n\n".join([PROSE] * 9)
    article = Cleaner(builtin=False, input=kind, limits=PageLimits(**limits)).clean(page)
    assert len(article.blocks) <= limits.get("blocks", 9)
    assert 0 < sum(len(block.text) for block in article.blocks) <= limits.get("text", 9999)
    assert "too-long" in said(article.warnings)


def test_pages_within_the_limits_are_read_whole_and_say_nothing() -> None:
    page = main(f"<p>{PROSE}</p><p>{MORE_PROSE}</p>")
    tight = PageLimits(bytes=len(page), elements=7, blocks=2, text=len(PROSE) + len(MORE_PROSE))
    article = Cleaner(builtin=False, limits=tight).clean(page)
    assert len(article.blocks) == 2
    assert article.warnings == Cleaner(builtin=False).clean(page).warnings


def test_depth_that_the_parser_cuts_is_said() -> None:
    article = Cleaner(builtin=False).clean(f"<p>{PROSE}</p>" + "<div>" * 5000 + f"<p>{MORE_PROSE}</p>")
    assert PROSE in article.text
    assert "too-deep" in said(article.warnings)


def test_what_is_beyond_the_depth_is_not_read() -> None:
    deep = "<div>" * 30 + f"<p>{MORE_PROSE}</p>" + "</div>" * 30
    page = f"<html><body><main><p>{PROSE}</p>{deep}<p>The last word stands on the ground, and is read.</p></main></body></html>"
    article = limited(depth=20).clean(page)
    assert PROSE in article.text and "last word" in article.text and MORE_PROSE not in article.text
    assert "too-deep" in said(article.warnings)
    assert "too-deep" not in said(limited(depth=40).clean(page).warnings)


def test_what_is_beyond_a_class_attribute_is_not_read(cleaner_of: Make) -> None:
    page = main(f"<p>{PROSE}</p><p class='first {'x' * 300} last'>{MORE_PROSE}</p>")
    for name, stays in (("first", False), ("last", True)):
        article = cleaner_of(BODY + f"drop:\n  - {{id: a, why: w, css: .{name}}}\n", limits=PageLimits(attributes=100)).clean(page)
        assert (MORE_PROSE in article.text) == stays
        assert "too-long" in said(article.warnings)


def test_a_cell_that_spans_the_world(builtin: Cleaner) -> None:
    row = "<tr><td colspan=9007199254740991 rowspan=9007199254740991>a</td><td colspan=-1>b</td><td colspan=1e9>c</td></tr>"
    article = builtin.clean(main(f"<p>{PROSE}</p><p>{MORE_PROSE}</p><table><tr><th>x<th>y</tr>{row * 20}</table>"))
    assert len(article.text) + len(article.markdown) + len(article.html) < 20_000


def test_limits_are_part_of_the_digest_and_survive_pickling() -> None:
    cleaner = limited(blocks=3)
    assert cleaner.digest != Cleaner(builtin=False).digest
    assert pickle.loads(pickle.dumps(cleaner)).digest == cleaner.digest


@pytest.mark.parametrize("name", [field.name for field in fields(PageLimits)])
def test_a_limit_of_nothing_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match=f"limits: {name} must be above 0"):
        PageLimits(**{name: 0})


# Quadratic for each block, and too quick each time for the limit of one search.
_SLOW = r"^\w+ .*x.*y.*z$"


@pytest.mark.parametrize("action", ["drop", "cut"])
def test_the_time_of_all_rules_on_a_page_is_limited(cleaner_of: Make, action: str) -> None:
    rules = BODY + f"{action}:\n" + "".join(f"  - {{id: r{at}, why: w, text: '{_SLOW}'}}\n" for at in range(20))
    cleaner = cleaner_of(rules, limits=PageLimits(seconds=0.5))
    start = time.process_time()
    article = cleaner.clean(main(*(f"<p>{at} {'xy' * 300}</p>" for at in range(400))))
    assert time.process_time() - start < 10
    assert "slow-rule" in said(article.warnings)
    assert article.text


# ---------------------------------------------------------------- the command line


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "cleaner", *arguments], capture_output=True, text=True, check=False)


def test_limits_on_the_command_line(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(main(f"<p>{PROSE}</p><p>{MORE_PROSE}</p>"), encoding="utf-8")
    one = run(str(page), "--limit", "blocks=1", "--limit", "seconds=2.5")
    assert PROSE in one.stdout and MORE_PROSE not in one.stdout and "too-long" in one.stderr
    many = run("batch", str(page), "--limit", "blocks=1", "--fields", "text,warnings")
    record = json.loads(many.stdout)
    assert record["text"] == PROSE and "too-long" in said(record["warnings"])


@pytest.mark.parametrize(
    ("limit", "told"),
    [("blocks", "the names are bytes, elements"), ("wide=3", "the names are"), ("blocks=many", "no number"), ("depth=0", "above 0")],
)
def test_a_limit_that_is_none_is_wrong_usage(limit: str, told: str) -> None:
    answer = CliRunner().invoke(program, ["-", "--limit", limit], input="x", env={"COLUMNS": "200"})
    assert answer.exit_code == 2 and told in answer.output
