"""What a site memory costs: disk, the process's own memory, and time per page, for made pages of made sites.

    python benchmarks/memory.py [--fingerprints 1000000] [--sites 100]

Each page has 40 fingerprints that all pages of its site have, 60 that a tenth of them have, and 100 of its own. Pages are asked for and
then counted, as ``cleaner batch --site-memory`` does it, until the file holds so many fingerprints. Memory is what the process holds more
than before (RSS, at its highest).
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from cleaner.memory import Prints, SiteMemory
from cleaner.memory.prints import hash64


def prints_of(site: int, page: int) -> Prints:
    """A made page."""
    names = [f"all {at}" for at in range(40)] + [f"tenth {page % 10} {at}" for at in range(60)] + [f"own {page} {at}" for at in range(100)]
    return Prints(f"site{site}.example", hash64(f"{site} {page}"), [(hash64(f"{site} {name}"),) for name in names], ["w"] * len(names))


def megabytes() -> float:
    """The most this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fingerprints", type=int, default=1_000_000)
    parser.add_argument("--sites", type=int, default=100)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        before, memory = megabytes(), SiteMemory(Path(folder, "sites"))
        held, page, seconds = 0, 0, 0.0
        while held < arguments.fingerprints:
            for site in range(arguments.sites):
                prints = prints_of(site, page)
                began = time.process_time()
                memory.pages(prints.site, [key for keys in prints.keys for key in keys])
                memory.add(prints)
                seconds += time.process_time() - began
            page += 1
            held = arguments.sites * (40 + 60 * min(page, 10) + 100 * page)
        disk = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
        print("| fingerprints | pages | disk | memory | CPU per page |\n|---|---|---|---|---|")
        print(
            f"| {held:,} | {page * arguments.sites:,} | {disk:.0f} MB | {megabytes() - before:.0f} MB"
            f" | {1000 * seconds / (page * arguments.sites):.1f} ms |"
        )


if __name__ == "__main__":
    main()
