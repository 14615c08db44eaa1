"""Throughput and memory of ``cleaner batch``: pages a second with one worker and with more, and the peak memory of all its processes.

    python benchmarks/batch.py DATA/syndicated-dev.jsonl.gz [--pages 2000 20000] [--jobs 1 2] [--trafilatura PATH]

The pages of the file are repeated until there are enough. Memory is what all processes hold together, pages shared between them
counted once (PSS, read from /proc: Linux only), every second: reading it costs time that the processes would have used. With
``--trafilatura`` (its command) its own command line cleans the same pages as files of a folder, with as many processes.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

_BETWEEN = 1.0
"""Seconds between two readings of the memory."""


def write_pages(data: Path, count: int, path: Path) -> None:
    """A file of JSON lines with ``count`` pages."""
    with gzip.open(data, "rt", encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]
    with path.open("w", encoding="utf-8") as stream:
        for number, page in enumerate(itertools.islice(itertools.cycle(pages), count)):
            stream.write(json.dumps({"id": number, "url": page["url"], "html": page["html"]}) + "\n")


def write_folder(path: Path, folder: Path) -> None:
    """The same pages as files."""
    folder.mkdir(exist_ok=True)
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            page = json.loads(line)
            (folder / f"{page['id']:06d}.html").write_text(page["html"], encoding="utf-8")


def measured(command: list[str]) -> tuple[float, float]:
    """Seconds a command took, and the peak memory of it and its children in MB."""
    start, peak = time.monotonic(), 0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, sum(map(_memory, _family(process.pid))))
        time.sleep(_BETWEEN)
    seconds = time.monotonic() - start
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return seconds, peak / 1024


def _family(pid: int) -> list[int]:
    found = [pid]
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += _family(int(child))
    except OSError:
        pass
    return found


def _memory(pid: int) -> int:
    """Proportional set size, KB."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def row(name: str, jobs: int, pages: int, result: tuple[float, float], one: float | None) -> Any:
    """A line of the table; ``one``: seconds of one job."""
    seconds, memory = result
    times = f"{one / seconds:.2f}" if one else ""
    print(f"| {name} | {pages:,} | {jobs} | {seconds:.1f} | {pages / seconds:.1f} | {times} | {memory:.0f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--pages", type=int, nargs="+", default=[2000, 20000])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--trafilatura", help="the command, where it is installed")
    arguments = parser.parse_args()
    print("| | pages | jobs | seconds | pages a second | x one job | peak MB |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for count in arguments.pages:
            data = Path(folder, f"{count}.jsonl")
            write_pages(arguments.data, count, data)
            one: float | None = None
            for jobs in arguments.jobs:
                command = [sys.executable, "-m", "cleaner", "batch", str(data), "-o", f"{folder}/out.jsonl", "--overwrite", "-j", str(jobs)]
                result = measured(command)
                row("cleaner batch", jobs, count, result, one)
                one = one or result[0]
            if arguments.trafilatura:
                write_folder(data, Path(folder, "in"))
                command = [arguments.trafilatura, "--input-dir", f"{folder}/in", "--output-dir", f"{folder}/theirs"]
                row("trafilatura", jobs, count, measured([*command, "--parallel", str(jobs)]), None)


if __name__ == "__main__":
    main()
