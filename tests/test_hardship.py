"""Attacks on our own code through a page, damaged real pages, and one Cleaner in many threads and processes."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import pickle
import random
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from conftest import MORE_PROSE, PROSE

from cleaner import Cleaner

SAMPLES = Path(__file__).parent.parent / "samples"
DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "wcxb-dev.jsonl.gz"

# ---------------------------------------------------------------- strings that slow down careless patterns

_PIECES = ["1", " ", "a ", "A. ", "Jan 1, ", "by A ", "\n", "<", "<a ", "&", "(", "[", "{", '"', "=", "-", ":", "/", ".", "`", "*", "é"]
_PIECES += ["a", "語", " and ", "2026-", "\\u", "<!--", "lang-", "a\n", " \n", "<meta charset"]
_PLACES = {
    "byline": '<article><h1>T</h1><div class="byline author">By {0}!</div><p>{1}</p></article>',
    "title": "<title>{0}</title><h1>{0}</h1><p>{1}</p>",
    "metas": '<meta name=author content="{0}!"><meta property=article:published_time content="{0}">'
    '<time datetime="{0}">{0}</time><p>{1}</p>',
    "json-ld": '<script type=application/ld+json>{{"@type":"Article","headline":"{0}","author":"{0}","datePublished":"{0}"}}'
    "</script><p>{1}</p>",
    "blocks": "<p>{1}</p><p>{0}!</p><pre>{0}</pre><ul><li>{0}</ul><table><tr><td>{0}<td>x<tr><td>y<td>z</table>",
    "attributes": '<p class="{0}" id="{0}" style="{0}"><a href="{0}">x</a><img srcset="{0}" src="{0}"></p><p>{1}</p>',
}


@pytest.mark.parametrize("place", _PLACES)
def test_no_string_anywhere_on_a_page_runs_away(builtin: Cleaner, place: str) -> None:
    for piece in _PIECES:
        string = escape(piece * (10_000 // len(piece)))
        start = time.thread_time()
        builtin.clean(_PLACES[place].format(string, PROSE), "https://paper.example/").to_dict()
        assert time.thread_time() - start < 2, piece


# ---------------------------------------------------------------- what the fuzzer found


@pytest.mark.parametrize("page", ["<pre><t><h2>Also on the t</h2 >\n<t"])
def test_markup_that_once_raised(builtin: Cleaner, page: str) -> None:
    assert isinstance(builtin.clean(page, input="html").text, str)


# ---------------------------------------------------------------- damaged real pages


def mutated(pages: list[bytes], number: int) -> Iterator[tuple[bytes, bytes]]:
    """(a page, the same truncated, spliced with another, or with bytes changed): the same for the same number."""
    chance = random.Random(7)
    for _ in range(number):
        page, other = chance.choice(pages), chance.choice(pages)
        way = chance.randrange(4)
        if way == 0:
            yield page, page[: chance.randrange(len(page))]
        elif way == 1:
            at = chance.randrange(len(page))
            yield page, page[:at] + other[at:]
        else:
            changed = bytearray(page)
            for _ in range(max(1, len(page) // (50 if way == 2 else 2000))):
                changed[chance.randrange(len(page))] = chance.randrange(256)
            yield page, bytes(changed)


def real_pages(number: int) -> list[bytes]:
    if not DATA.exists():
        pytest.skip("the shared pages are not there")
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["html"].encode() for line in islice(lines, number)]


def timed(cleaner: Cleaner, data: bytes) -> float:
    start = time.thread_time()
    article = cleaner.clean(data)
    json.dumps(article.to_dict(), ensure_ascii=False).encode()
    return time.thread_time() - start


def times_of(cleaner: Cleaner, pages: list[bytes], number: int) -> tuple[list[float], list[float]]:
    """Seconds of whole pages and of the same mutated; nothing raises."""
    pairs = list(mutated(pages, number))
    return [timed(cleaner, page) for page, _ in pairs], [timed(cleaner, page) for _, page in pairs]


def test_damaged_samples_in_short(builtin: Cleaner) -> None:
    pages = [page.read_bytes() for page in sorted(SAMPLES.glob("**/page.*"))]
    for _, data in mutated(pages, 100):
        builtin.clean(data).to_dict()


def test_damaged_real_pages_in_short(builtin: Cleaner) -> None:
    whole, broken = times_of(builtin, real_pages(60), 60)
    assert sum(broken) <= 3 * sum(whole)


@pytest.mark.long
def test_1000_damaged_real_pages(builtin: Cleaner) -> None:
    whole, broken = (statistics.quantiles(times, n=100)[-1] for times in times_of(builtin, real_pages(600), 1000))
    print(f"1,000 mutated pages: p99 {broken:.3f} s, of the whole ones {whole:.3f} s")
    assert broken <= 3 * whole


# ---------------------------------------------------------------- threads and processes

PAGES = [page.read_bytes() for page in sorted(SAMPLES.glob("**/page.*"))[::12]]
PAGES += [b"", b"%PDF-1.7", f"<p>{PROSE}".encode(), f"{PROSE}\n\n{MORE_PROSE}".encode()]
_inherited: Cleaner | None = None


def record(cleaner: Cleaner, data: bytes) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(cleaner.clean(data, "https://paper.example/").to_dict()))
    return made


def in_child(task: tuple[bytes | None, bytes]) -> dict[str, Any]:
    """In another process: a pickled Cleaner, or the one that was there before the fork."""
    pickled, data = task
    cleaner = pickle.loads(pickled) if pickled else _inherited
    assert isinstance(cleaner, Cleaner)
    return record(cleaner, data)


@pytest.fixture(scope="module")
def wanted(builtin: Cleaner) -> list[dict[str, Any]]:
    return [record(builtin, data) for data in PAGES]


def test_sixteen_threads_give_what_one_gives(builtin: Cleaner, wanted: list[dict[str, Any]]) -> None:
    fresh = pickle.loads(pickle.dumps(builtin))
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(lambda data: record(fresh, data), PAGES * 2)) == wanted * 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_fork_gives_the_same(builtin: Cleaner, wanted: list[dict[str, Any]]) -> None:
    global _inherited
    _inherited = builtin
    with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as pool:
        assert list(pool.map(in_child, [(None, data) for data in PAGES])) == wanted


def test_a_spawned_process_gives_the_same(builtin: Cleaner, wanted: list[dict[str, Any]]) -> None:
    pickled = pickle.dumps(builtin)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        assert list(pool.map(in_child, [(pickled, data) for data in PAGES[:6]])) == wanted[:6]
