"""The cost of a page grows with its size, whatever it is made of: 100 KB, 200 KB, 400 KB, and so on."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import BODY, PROSE, main

from cleaner import Cleaner

EXPONENT = 1.45
"""1 is linear, 2 quadratic; between two doublings the machine's caches and the collector of garbage take their part."""
SHAPES: dict[str, str | Callable[[int], str]] = {
    "paragraphs": f"<p>{PROSE}</p>",
    "empty elements": "<p></p><b></b>",
    "one long block": PROSE + " ",
    "inline elements in one block": "<span>a </span>",
    "line breaks": "a<br>",
    "links": "<li><a href=/x>One two three</a></li>",
    "headings of related posts": "<h2>Related posts</h2><p>a b</p>",
    "wordings that run on": "<p>You may also like</p><p>Share this:</p>",
    "table cells": "<table><tr><td>1<td>2<td>3<tr><td>4<td>5<td>6</table>",
    "hidden elements": "<div style='display:none'>x y<b style='color:#fff'>z</b></div>",
    "classes of their own": lambda size: "".join(f"<div class='a{at} b{at} related'>x y</div>" for at in range(size // 38)),
    "styles of their own": lambda size: "".join(f"<p style='color:#{at % 4096:03x};background:#123'>x y</p>" for at in range(size // 48)),
    "attributes of one element": lambda size: "<p " + " ".join(f"a{at}=1" for at in range(size // 8)) + ">" + PROSE,
    "deep nesting": "<div>" * 500 + "x y" + "</div>" * 500,
    "deep and wide": lambda size: "<div>" * 1000 + "<p>a b <b>c</b></p>" * (size // 20),
    "quotations": "<blockquote><p>x y</p><ul><li>a<ol><li>b</ol></ul></blockquote>",
    "unclosed formatting": "<p><b><i>a b",
}


def page(shape: str | Callable[[int], str], size: int) -> str:
    return shape(size) if callable(shape) else shape * (size // len(shape))


def seconds(cleaner: Cleaner, data: str) -> float:
    """Of the processor, for the article and every form of it; the better of two."""
    took = []
    for _ in range(2):
        start = time.process_time()
        cleaner.clean(data).to_dict()
        took.append(time.process_time() - start)
    return min(took)


def exponent(cleaner: Cleaner, shape: str | Callable[[int], str], sizes: tuple[int, ...]) -> float:
    smallest, largest = seconds(cleaner, page(shape, sizes[0])), seconds(cleaner, page(shape, sizes[-1]))
    return math.log(max(largest, 0.001) / max(smallest, 0.001)) / math.log(sizes[-1] / sizes[0])


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_four_times_the_page_costs_four_times_as_much(builtin: Cleaner, shape: str | Callable[[int], str]) -> None:
    found = exponent(builtin, shape, (15_000, 60_000))
    if found > EXPONENT:
        found = min(found, exponent(builtin, shape, (15_000, 60_000)))
    assert found <= EXPONENT


@pytest.mark.long
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_up_to_12_800_kilobytes(builtin: Cleaner, shape: str | Callable[[int], str]) -> None:
    assert exponent(builtin, shape, (400_000, 12_800_000)) <= EXPONENT


@pytest.mark.parametrize("selector", ["b ~ p", "b ~ p ~ p", "div:has(p.x)", "div:has(> p.x) p", "div div div p.x", "p + p ~ i ~ p"])
def test_no_selector_takes_the_square_of_a_page_in_silence(tmp_path: Path, selector: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.select.SECONDS", 0.2)
    (tmp_path / "generic.yaml").write_text(f"{BODY}drop:\n  - {{id: s, why: w, css: '{selector}'}}\n", encoding="utf-8")
    cleaner = Cleaner([tmp_path], builtin=False)
    start = time.process_time()
    article = cleaner.clean(main("<div>" * 300 + "<p>a b c</p>" * 8_000 + "<i>x</i>" + "</div>" * 300 + f"<b>x</b><p>{PROSE}</p>"))
    assert time.process_time() - start < 5
    assert article.text or any(warning.startswith("slow-rule: ") for warning in article.warnings)
