"""Rules of other programs turned into site files."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from conftest import MORE_PROSE, PROSE

from cleaner import Cleaner
from cleaner.cli.program import program
from cleaner.page import read_html
from cleaner.ruletools.xpathcss import as_css
from cleaner.select import find, parse
from cleaner.xpath import nodes

CONFIG = """\
# a comment
title: //h1[@class='head']
title: //title
author: substring-after(//p[@class='by'], 'By ')
date: //time/@datetime
body: //div[@id='story']
body: //article
strip: //div[contains(@class, 'share')]
strip: //h2[.='Related']/following-sibling::*
strip_id_or_class: 'promo'
strip_image_src: /pixel
tidy: no
prune: no
test_url: https://example.com/a
"""
ODD = "strip: //p/@style\nstrip: //p[\nfind_string: a\ntitl: //h1\nsingle_page_link: //a\n"
PAGE = f"""<html><head><title>No</title></head><body><nav>Home</nav><div id="story"><h1 class="head">Zinc</h1><p class="by">By Ann Lee</p>
<time datetime="2026-02-03">today</time><p>{PROSE}</p><div class="share-row">Share</div><div class="promo">Buy</div><p>{MORE_PROSE}</p>
<h2>Related</h2><p>Another thing</p></div></body></html>"""


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(program, ["rules", *map(str, arguments)])
    return done.exit_code, done.output


def test_a_site_config_becomes_a_site_file(tmp_path: Path) -> None:
    (tmp_path / "example.com.txt").write_text(CONFIG)
    code, output = run("import", "ftr", tmp_path / "example.com.txt", "-o", tmp_path / "rules")
    assert code == 0, output
    assert run("check", tmp_path / "rules")[0] == 0
    article = Cleaner([tmp_path / "rules"]).clean(PAGE, "https://example.com/a")
    assert (article.title, article.authors, article.date) == ("Zinc", ["Ann Lee"], "2026-02-03")
    assert article.method == "rules"
    assert [line for line in ("Share", "Buy", "Another thing", "Home") if line in article.text] == []
    assert PROSE in article.text and MORE_PROSE in article.text


def test_what_is_left_behind_is_listed_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / ".example.com.txt").write_text("body: //main\n")
    (tmp_path / "odd.org.txt").write_text(ODD)
    code, output = run("import", "ftr", tmp_path, "-o", tmp_path / "rules")
    assert code == 3
    told = ["odd.org.txt:1: strip: it names attributes", "odd.org.txt:2: strip: bad XPath", "3: find_string", "mean title?", "fetches no"]
    assert [one for one in told if one not in output] == []
    assert [path.name for path in (tmp_path / "rules/sites").iterdir()] == ["sub-domains.example.com.yaml"]
    assert yaml.safe_load((tmp_path / "rules/sites/sub-domains.example.com.yaml").read_text())["detect"] == {"hosts": ".example.com"}


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    (tmp_path / "example.com.txt").write_text(CONFIG)
    arguments = ("import", "ftr", tmp_path, "-o", tmp_path / "rules")
    assert run(*arguments)[0] == 0
    code, output = run(*arguments)
    assert (code, "--force" in output) == (2, True)
    assert run(*arguments, "--force")[0] == 0
    (tmp_path / "empty").mkdir()
    assert run("import", "ftr", tmp_path / "empty", "-o", tmp_path / "rules")[0] == 2


def test_a_filter_list(tmp_path: Path) -> None:
    lines = ["! comment", "||ads.example^", "example.com,www.example.org##.promo", "##.banner-box", "example.com#@#.banner-box"]
    lines += ["example.com#?#div:-abp-has(p)", "~a.org##.x", "example.com##[data-ad]", "example.com##div:has-text(x)"]
    (tmp_path / "list.txt").write_text("\n".join(lines))
    code, output = run("import", "abp", tmp_path / "list.txt", "-o", tmp_path / "rules")
    assert code == 3
    assert output.count("list.txt:") == 4
    assert {path.stem for path in (tmp_path / "rules").rglob("*.yaml")} == {"generic", "example.com", "example.org"}
    assert run("check", tmp_path / "rules")[0] == 0
    page = f"<main><p>{PROSE}</p><div class=banner-box>{MORE_PROSE}</div><div class=promo>Buy</div></main>"
    cleaner = Cleaner([tmp_path / "rules"])
    assert "Ferries" in cleaner.clean(page, "https://example.com/").text
    assert "Ferries" not in cleaner.clean(page, "https://other.net/").text
    assert "Buy" not in cleaner.clean(page, "https://example.org/").text


@pytest.mark.parametrize(
    ("xpath", "css"),
    [
        ("//div[@id='a b']", 'div[id="a b"]'),
        ("//*[@id='a']", "#a"),
        ("//div[@class='a']/p | //section//p", 'div[class="a"] > p, section p'),
        ("//div[contains(@class, 'a') and @data-x]", 'div[class*="a"][data-x]'),
        ("//p[contains(concat(' ', normalize-space(@class), ' '), ' by ')]", "p.by"),
        ("//*[contains(@class, 'a')]", None),
        ("//p[1]", None),
        ("//div[@class='a' or @id='b']", None),
        ("//meta[@name='a']", None),
        ("/html/body", None),
        ("//p[.='|']", None),
    ],
)
def test_xpath_as_a_selector(xpath: str, css: str | None) -> None:
    assert as_css(xpath) == css
    page = read_html("<body><div id='a b' class=a data-x=1><p class='x by'>t</p></div><section id=a><i><p class=byx>u</p></i></section>")
    if css:
        assert find(page, parse(css)) == nodes(page, xpath) != []


def test_bodies_can_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "example.com.txt").write_text(CONFIG)
    code, output = run("import", "ftr", tmp_path, "-o", tmp_path / "rules", "--no-body")
    assert (code, output.count("--no-body")) == (3, 2)
    assert "body" not in yaml.safe_load((tmp_path / "rules/sites/example.com.yaml").read_text())


@pytest.mark.parametrize(("host", "serves"), [("example.com", True), ("www.example.com", True), ("blog.example.com", False)])
def test_a_site_config_serves_its_own_host_alone(tmp_path: Path, host: str, serves: bool) -> None:
    (tmp_path / "example.com.txt").write_text(CONFIG)
    assert run("import", "ftr", tmp_path, "-o", tmp_path / "rules")[0] == 0
    layers = Cleaner([tmp_path / "rules"]).clean(PAGE, f"https://{host}/a").template
    assert ("sites/example.com" in [layer.name for layer in layers]) == serves
