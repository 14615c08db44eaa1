"""Many pages through one Cleaner in one process: does memory stay flat, and is the output at the end that of the start?

    python benchmarks/soak.py [DATA.jsonl.gz] [--pages 100000] [--seconds 0]

Pages are the samples, and those of DATA where given, over and over. Resident memory is read after every 500 pages; the slope is a
least-squares line through the second half of the readings.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from measure import read_pages

from cleaner import Cleaner

SAMPLES = Path(__file__).parent.parent / "samples"
_EVERY = 500
_OF_DATA = 300


def resident() -> float:
    """Megabytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def fingerprint(cleaner: Cleaner, pages: list[bytes]) -> str:
    """Of everything that comes out for some pages."""
    digest = hashlib.sha256()
    for page in pages:
        digest.update(json.dumps(cleaner.clean(page).to_dict()).encode())
    return digest.hexdigest()


def readings(cleaner: Cleaner, pages: list[bytes], number: int, seconds: float) -> Iterator[tuple[int, float]]:
    """(pages so far, megabytes), until so many pages or seconds."""
    end = time.monotonic() + seconds if seconds else float("inf")
    for done, page in enumerate(islice(cycle(pages), number), 1):
        cleaner.clean(page).to_dict()
        if done % _EVERY == 0:
            yield done, resident()
            if time.monotonic() > end:
                return


def slope(points: list[tuple[int, float]]) -> float:
    """Megabytes per 1,000 pages, by least squares."""
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return 1000 * sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", help="pages beside the samples, .jsonl.gz")
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=0, help="stop after so long")
    arguments = parser.parse_args()
    pages = [page.read_bytes() for page in sorted(SAMPLES.glob("**/page.*"))]
    if arguments.data:
        pages += [record["html"].encode("utf-8", "replace") for record in islice(read_pages(arguments.data), _OF_DATA)]
    cleaner = Cleaner()
    first = fingerprint(cleaner, pages)
    points = list(readings(cleaner, pages, arguments.pages, arguments.seconds))
    gc.collect()
    later = points[len(points) // 2 :]
    print(f"{points[-1][0]:,} pages of {len(pages)} different ones")
    print(f"memory {points[0][1]:.0f} MB after {_EVERY} pages, {later[0][1]:.0f} MB half way, {points[-1][1]:.0f} MB at the end")
    print(f"slope of the second half {slope(later):+.3f} MB per 1,000 pages")
    print("the same output at the end as at the start" if fingerprint(cleaner, pages) == first else "THE OUTPUT HAS CHANGED")


if __name__ == "__main__":
    main()
