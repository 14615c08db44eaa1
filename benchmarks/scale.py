"""What thousands of site files cost: time per page, time to load, memory.

    python benchmarks/scale.py [DATA.jsonl.gz] [--files 10 10000] [--pages 300]

Writes folders of made site files, each for a host of its own, with a body, fields, selectors and wordings, beside the built-in rules.
Pages are those of DATA, or else the samples. Time per page is CPU time: every page is cleaned once with each folder before the next
page comes, so that the machine's moods meet them alike. Loading is measured in a process of its own, twice: with nothing in the cache
of rules, and with it. Memory is what a process holds (RSS) after it loaded the rules and cleaned one page.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from measure import read_pages

from cleaner import Cleaner

SAMPLES = Path(__file__).parent.parent / "samples"
SITE = """body: "main .story-{at}"
fields:
  site_name: {{value: The {at} Courier}}
drop:
  - {{id: box, css: ".promo-{at}, aside.box-{at}", why: promotion}}
  - {{id: club, phrase: [join the {at} club, the {at} courier newsletter], why: newsletter pitch}}
  - {{id: pitch, text: '^\\W*Readers of the {at} Courier\\b.{{0,80}}$', why: sales pitch}}
"""
LOAD = """import json, sys, time
from pathlib import Path
began = time.perf_counter(); clock = time.process_time()
from cleaner import Cleaner
imported = time.perf_counter()
cleaner = Cleaner([sys.argv[1]])
loaded = time.perf_counter()
cleaner.clean("<html><body><article><p>The ferry sails twice a day.</p></article></body></html>", "https://courier7.example/ferry")
status = Path("/proc/self/status").read_text()
print(json.dumps([loaded - imported, int(status.partition("VmRSS:")[2].split()[0]) / 1024]))
"""


def write_rules(folder: Path, count: int) -> None:
    """So many site files, none of them like another."""
    sites = folder / "sites"
    sites.mkdir(parents=True)
    for at in range(count):
        (sites / f"courier{at}.example.yaml").write_text(SITE.format(at=at))


def loading(folder: Path, cache: Path) -> tuple[float, float, float]:
    """Seconds to load a folder with nothing in the cache and with it, and the megabytes held by the second process."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    command = [sys.executable, "-c", LOAD, str(folder)]
    cold, warm = (json.loads(subprocess.run(command, env=environment, capture_output=True, check=True).stdout) for _ in range(2))
    return cold[0], warm[0], warm[1]


def pages(data: Path | None, count: int) -> list[tuple[str, str | None]]:
    """(HTML, address) of so many pages."""
    if data is not None:
        return [(record["html"], record["url"]) for record in islice(read_pages(data), count)]
    return [(path.read_text(encoding="utf-8", errors="replace"), None) for path in sorted(SAMPLES.glob("*/*/*/page.html"))[:count]]


def per_page(folders: list[Path], given: list[tuple[str, str | None]]) -> list[list[float]]:
    """CPU seconds of each page with each folder, the folders taking turns at being first."""
    cleaners = [Cleaner([folder]) for folder in folders]
    for html, url in given:
        for cleaner in cleaners:
            cleaner.clean(html, url)
    seconds: list[list[float]] = [[] for _ in folders]
    for number, (html, url) in enumerate(given):
        for at in range(len(folders)):
            turn = (at + number) % len(folders)
            began = time.process_time()
            cleaners[turn].clean(html, url)
            seconds[turn].append(time.process_time() - began)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--files", type=int, nargs="+", default=[10, 10_000])
    parser.add_argument("--pages", type=int, default=300)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as where:
        os.environ["XDG_CACHE_HOME"] = f"{where}/cache"
        folders = [Path(where, str(count)) for count in arguments.files]
        for count, folder in zip(arguments.files, folders, strict=True):
            write_rules(folder, count)
        loads = [loading(folder, Path(where, "cache")) for folder in folders]
        seconds = per_page(folders, pages(arguments.data, arguments.pages))
        ratios = [statistics.median(ours / first for ours, first in zip(one, seconds[0], strict=True)) for one in seconds]
        print("| site files | load, no cache | load | memory | CPU per page | of all pages | median page |\n|---|---|---|---|---|---|---|")
        for count, (cold, warm, memory), one, ratio in zip(arguments.files, loads, seconds, ratios, strict=True):
            total = sum(one)
            print(
                f"| {count:,} | {cold:.2f} s | {warm:.2f} s | {memory:.0f} MB | {1000 * total / len(one):.2f} ms"
                f" | {total / sum(seconds[0]):.3f} | {ratio:.3f} |"
            )


if __name__ == "__main__":
    main()
