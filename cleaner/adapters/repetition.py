"""What repeats on sites, counted by an engine's group-by. Needs pyarrow.

    batches of pages -> ``counted`` -> (site, counts) -> group by site -> ``merged`` -> ``known`` -> ``CleanBatches(known=...)``
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from ..batch import Columns
from ..batch.parquet import library
from ..batch.records import MAX_BYTES, BadRecord, page_of
from ..memory import Counts, fingerprints
from ..pipeline import Cleaner

SITE, COUNTS = "site", "counts"
SPARK_SCHEMA = f"{SITE} string, {COUNTS} binary"
_TELLING = 2
"""Pages on which a fingerprint must stand to say anything of another."""


def counted(table: Any, columns: Columns | None = None) -> Any:
    """A Table (or RecordBatch) of pages in; out a Table of their counts, one row a site. Pages without an address are left out."""
    pa, _ = library()
    counts = Counts()
    for row in table.to_pylist():
        try:
            html, url, kind = page_of(row, columns or Columns(), MAX_BYTES)
        except BadRecord:
            continue
        prints = fingerprints(_reader().read(html, url, input=kind))
        if prints.site:
            counts.add(prints)
    parts = {site: Counts({site: own}).to_bytes() for site, own in sorted(counts.sites.items())}
    return pa.table({SITE: pa.array(list(parts), pa.string()), COUNTS: pa.array(list(parts.values()), pa.binary())})


def merged(group: Any) -> Any:
    """A Table of counts of one site (or several) in; the same as one row out."""
    pa, _ = library()
    rows = group.to_pylist()
    sites = [row[SITE] for row in rows[:1]]
    whole = [_together(row[COUNTS] for row in rows).to_bytes() for _ in sites]
    return pa.table({SITE: pa.array(sites, pa.string()), COUNTS: pa.array(whole, pa.binary())})


def known(rows: Iterable[Any]) -> bytes:
    """Rows of sites and counts in (dicts, or rows of Spark); out what all workers need, without what was seen on one page only."""
    return _together(row[COUNTS] for row in rows).without_rare(_TELLING).to_bytes()


def _together(parts: Iterable[bytes]) -> Counts:
    whole = Counts()
    for part in parts:
        whole.merge(Counts.from_bytes(bytes(part)))
    return whole


@lru_cache(maxsize=1)
def _reader() -> Cleaner:
    return Cleaner(builtin=False)
