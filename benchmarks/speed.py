"""What a page costs, as a multiple of lxml's bare parse of the same page.

    python benchmarks/speed.py DATA/wcxb-dev.jsonl.gz [--pages 300] [--twice] [--only cleaner] [--split]

Every tool cleans every page before the next page comes, in one process, so that a noisy machine hurts all alike; only the
ratios are to be trusted. Of the other tools those that are installed beside this program take part. Peak memory is the process's:
to compare it, run one tool at a time with ``--only``. As in a worker of ``cleaner batch``, what is loaded when the clock starts is
out of the garbage collector's sight.
"""

from __future__ import annotations

import argparse
import gc
import resource
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from statistics import mean, median
from typing import Any

from measure import read_pages

from cleaner import Cleaner

Tool = Callable[[bytes, str], Any]


def parse(page: bytes, url: str) -> Any:
    """The bare parse: what everything is measured against."""
    from lxml import etree

    parser = etree.HTMLParser(huge_tree=True, collect_ids=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    return etree.fromstring(page, parser)


def tools() -> dict[str, Tool]:
    """This program and the installed others."""
    found: dict[str, Tool] = {"lxml parse": parse, "cleaner": Cleaner().clean}
    if find_spec("trafilatura"):
        extract = import_module("trafilatura").extract
        found["trafilatura"] = lambda page, url: extract(page, url=url, include_comments=False)
    if find_spec("readability"):
        document = import_module("readability").Document
        found["readability-lxml"] = lambda page, url: document(page.decode("utf-8", "replace")).summary()
    if find_spec("resiliparse"):
        plain = import_module("resiliparse.extract.html2text").extract_plain_text
        found["resiliparse"] = lambda page, url: plain(page.decode("utf-8", "replace"), main_content=True)
    return found


def measure(path: Path, count: int, twice: bool, only: list[str]) -> dict[str, list[float]]:
    """Seconds of CPU each tool took for each page."""
    running = {name: tool for name, tool in tools().items() if not only or name in (*only, "lxml parse")}
    seconds: dict[str, list[float]] = {name: [] for name in running}
    for record in islice(read_pages(path), count + WARM_UP if twice else WARM_UP):
        for tool in running.values():
            _timed(tool, record)
    gc.collect()
    gc.freeze()
    for record in islice(read_pages(path), WARM_UP, count + WARM_UP):
        for name, tool in running.items():
            seconds[name].append(_timed(tool, record))
    return seconds


def _timed(tool: Tool, record: dict[str, Any]) -> float:
    page = record["html"].encode()
    start = time.process_time()
    try:
        tool(page, record["url"])
    except Exception as error:  # a peer that fails still took its time
        print(f"a tool failed on {record['id']}: {error!r}"[:160])
    return time.process_time() - start


WARM_UP = 10
"""Pages cleaned before the clock counts: rules compile, caches fill."""


def steps() -> dict[str, tuple[Any, str]]:
    """The steps of a clean, and where the pipeline finds each: (module or class, name). A step may run in another's time."""
    from cleaner import document, match, pipeline, wordindex

    return {
        "decode": (pipeline, "decode"),
        "parse and walk": (pipeline, "read_html"),
        "wordings found in the text": (wordindex.WordIndex, "scan"),
        "detection": (pipeline, "detect"),
        "rules": (match.Matcher, "run"),
        "of these: which rule looks at which block": (wordindex.WordIndex, "candidates"),
        "wordings that ask for a place": (match.Matcher, "place"),
        "hidden text": (pipeline, "hidden_marks"),
        "resolve": (pipeline, "resolve"),
        "scorer": (pipeline, "score"),
        "metadata": (pipeline, "_metadata"),
        "document": (document, "build"),
        "language": (pipeline, "language"),
        "wordings of pitches": (pipeline, "drop_pitches"),
    }


def split(path: Path, count: int) -> dict[str, list[float]]:
    """What each step took of each page, in parses of the page; a step that did not run took nothing."""
    spent: dict[str, float] = {}

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            start = time.process_time()
            try:
                return function(*given, **named)
            finally:
                spent[name] = spent.get(name, 0.0) + time.process_time() - start

        return run

    for name, (owner, attribute) in steps().items():
        setattr(owner, attribute, timed(name, getattr(owner, attribute)))
    bare, clean = timed("lxml parse", parse), timed("all", Cleaner().clean)
    shares: dict[str, list[float]] = {name: [] for name in ("all", *steps())}
    for at, record in enumerate(islice(read_pages(path), count + WARM_UP)):
        spent.clear()
        page = record["html"].encode()
        bare(page, record["url"])
        clean(page, record["url"])
        if at >= WARM_UP:
            for name, own in shares.items():
                own.append(spent.get(name, 0.0) / max(spent["lxml parse"], 1e-6))
    return shares


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--twice", action="store_true", help="every page is cleaned once before the clock counts: no first uses")
    parser.add_argument("--only", action="append", default=[], metavar="TOOL", help="a tool to run; more than once for more")
    parser.add_argument("--split", action="store_true", help="print what each step of this program takes instead")
    arguments = parser.parse_args()
    if arguments.split:
        print("| step | x parse, median | mean |\n|---|---|---|")
        for name, shares in split(arguments.data, arguments.pages).items():
            print(f"| {name} | {median(shares):.2f} | {mean(shares):.2f} |")
        return
    seconds = measure(arguments.data, arguments.pages, arguments.twice, arguments.only)
    bare = seconds["lxml parse"]
    print("| tool | x parse, median | p90 | p99 | slowest page, ms | pages a second and core |\n|---|---|---|---|---|---|")
    for name, own in seconds.items():
        ratios = sorted(one / max(base, 1e-6) for one, base in zip(own, bare, strict=True))
        p90, p99 = ratios[int(0.90 * len(ratios))], ratios[int(0.99 * len(ratios))]
        print(f"| {name} | {median(ratios):.1f} | {p90:.1f} | {p99:.1f} | {1000 * max(own):.0f} | {len(own) / sum(own):.0f} |")
    print(f"\npeak memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, {', '.join(seconds)}")


if __name__ == "__main__":
    main()
