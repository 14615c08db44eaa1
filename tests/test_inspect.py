"""The report of ``cleaner inspect``."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import lxml.html
import pytest
from click.testing import CliRunner

from cleaner import Cleaner
from cleaner.cli.program import program
from cleaner.inspect.report import GROUPS, report

PAGE = Path(__file__).parent.parent / "samples/themes/soledad/zinc-prices/page.html"
STYLE = files("cleaner.inspect").joinpath("report.css").read_text(encoding="utf-8")
HOSTILE = '</li></del></style><script>alert(1)</script><img src=x onerror=alert(2)>" onfocus="alert(3)'


def test_blocks_stand_in_order_and_dropped_ones_name_their_rule() -> None:
    article = Cleaner().clean(PAGE.read_bytes())
    tree = lxml.html.fromstring(report(article, "page.html"))
    shown = tree.xpath("//ol[@class='blocks']/li[not(starts-with(small, 'cut'))]")
    assert len(shown) == len(article.blocks)
    for item, block in zip(shown, article.blocks, strict=True):
        assert (item.findtext("del") if block.verdict == "DROP" else item.text) == block.text
        if block.verdict == "DROP":
            assert item.get("tabindex") == "0"
            assert all(part in item.findtext("small") for part in (block.rule or "", block.why, block.where))
    told = tree.find(".//dl").text_content()
    assert all(layer.name in told and all(one in told for one in layer.evidence) for layer in article.template)
    assert f"{article.removed_share:.0%}" in told
    assert article.title and article.title in tree.xpath("//article/h1")[0].text_content()


def test_text_of_a_hostile_page_stays_text() -> None:
    words = "The harbour of the town was closed for three days while divers looked for the cable. " * 5
    escaped = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    page = f"<title>{escaped}</title><article><p>{words}{escaped}</p><p>{words}</p></article><footer>{escaped}</footer>"
    html = report(Cleaner().clean(page.encode()), HOSTILE)
    tree = lxml.html.fromstring(html)
    assert HOSTILE in tree.xpath("//ol[@class='blocks']")[0].text_content()
    assert not tree.xpath("//script | //img | //link | //iframe | //form | //object | //@src | //@style | //@*[starts-with(name(), 'on')]")
    assert len(tree.xpath("//style")) == 1
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy
    assert "url(" not in STYLE and "@import" not in STYLE


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_colour_is_readable(scheme: int) -> None:
    colours = dict(re.findall(r"--([a-z]+): (#\w{6})", STYLE.split("@media (prefers")[scheme]))
    assert {*GROUPS} - {"kept"} <= colours.keys()
    for name in colours.keys() - {"back", "panel", "line"}:
        for ground in ("back", "panel"):
            assert _contrast(colours[name], colours[ground]) >= 4.5, name


def _contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_each_group_can_be_filtered() -> None:
    assert all(f"#show-{name}:not(:checked)) li.{name}" in STYLE for name in GROUPS)


def test_the_command_writes_the_report(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    result = CliRunner().invoke(program, ["inspect", str(PAGE), "--no-user-rules", "-o", str(target)])
    assert result.exit_code == 0, result.output
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_open_needs_a_file() -> None:
    result = CliRunner().invoke(program, ["inspect", str(PAGE), "--open"])
    assert result.exit_code == 2
    assert "-o report.html" in result.output
