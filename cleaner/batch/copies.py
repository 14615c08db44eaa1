"""Which records are copies of one article: those whose fingerprints differ in few bits, directly or through others.

Fingerprints are cut into eight bands of eight bits. Two that differ in five bits at most agree in three bands at least, so it is
enough to compare those that agree in some three bands: 56 sorts, and next to no comparisons in vain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from .columns import COPIES, COPY_OF, Columns
from .streams import Damage, decompressed, lines
from .writers import Lines

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_DISTANCE = 5
"""Bits in which fingerprints of copies may differ."""
_BANDS, _EQUAL = 8, 3
_PAIRS_AT_ONCE = 5_000_000


def group(fingerprints: Sequence[str | None]) -> tuple[list[int], list[int]]:
    """A fingerprint a record in, in order; out, for each record, the number of the first of its group, and the size of the group.

    Records without a fingerprint are alone.
    """
    import numpy as np

    known = [at for at, one in enumerate(fingerprints) if one]
    values = np.array([int(fingerprints[at] or "0", 16) for at in known], dtype=np.uint64)
    distinct, where = np.unique(values, return_inverse=True)
    parents = list(range(len(distinct)))
    for left, right in _near(distinct):
        for one, other in zip(left.tolist(), right.tolist(), strict=True):
            _unite(parents, one, other)
    firsts, sizes, first_of = list(range(len(fingerprints))), [1] * len(fingerprints), dict[int, int]()
    roots = [_root(parents, one) for one in where.tolist()]
    counts = np.bincount(np.array(roots, dtype=np.int64), minlength=1).tolist()
    for at, root in zip(known, roots, strict=True):
        firsts[at], sizes[at] = first_of.setdefault(root, at), counts[root]
    return firsts, sizes


def _near(distinct: NDArray[np.uint64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs of different fingerprints that are near each other, as numbers of places."""
    import numpy as np

    for chosen in combinations(range(_BANDS), _EQUAL):
        mask = np.uint64(sum(0xFF << 8 * band for band in chosen))
        keys = distinct & mask
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        bounds = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1], True]) if len(ordered) else np.array([0])
        # Members of a run of equal keys are compared with the one 1, 2, 3 ... places further on.
        ends = np.repeat(bounds[1:], np.diff(bounds))
        step, live = 1, np.arange(len(ordered))
        while len(live := live[live + step < ends[live]]):
            for at in range(0, len(live), _PAIRS_AT_ONCE):
                some = live[at : at + _PAIRS_AT_ONCE]
                left, right = order[some], order[some + step]
                near = _distance(distinct[left], distinct[right]) <= MAX_DISTANCE
                yield left[near], right[near]
            step += 1


def _distance(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> NDArray[np.int64]:
    import numpy as np

    bits = np.unpackbits((left ^ right).view(np.uint8).reshape(-1, 8), axis=1)
    found: NDArray[np.int64] = bits.sum(axis=1, dtype=np.int64)
    return found


def _root(parents: list[int], one: int) -> int:
    while parents[one] != one:
        parents[one] = parents[parents[one]]
        one = parents[one]
    return one


def _unite(parents: list[int], one: int, other: int) -> None:
    one, other = _root(parents, one), _root(parents, other)
    if one != other:
        parents[max(one, other)] = min(one, other)


# ---------------------------------------------------------------- marking files


def mark_lines(path: str, compression: str, columns: Columns) -> int:
    """Add ``copy_of`` and ``copies`` to each record of a file of JSON lines; how many records are copies. All of the file or nothing."""
    fingerprint = columns.prefix + "fingerprint"
    firsts, sizes = group([_field(line, fingerprint) for line in _lines(path)])
    leaders = {first for at, first in enumerate(firsts) if first != at}
    known: dict[int, Any] = {}
    temporary = Path(path).with_name(f".{Path(path).name}.partial")
    writer = Lines(str(temporary), compression, 0)
    for at, line in enumerate(_lines(path)):
        record = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
        if at in leaders:
            known[at] = bytes(record[columns.id])
        marked: dict[str, Any] = dict(record)
        marked[columns.prefix + COPY_OF] = msgspec.Raw(known[firsts[at]]) if firsts[at] != at else None
        marked[columns.prefix + COPIES] = sizes[at]
        writer.write(None, msgspec.json.encode(marked) + b"\n")
        if at % Lines.rows == Lines.rows - 1:
            writer.cut()
    writer.cut()
    writer.close()
    temporary.replace(path)
    return sum(first != at for at, first in enumerate(firsts))


def mark_shards(folder: str, columns: Columns) -> int:
    """The same for a folder of Parquet shards, each replaced as a whole."""
    from . import parquet

    pa, pq = parquet.library()
    paths = sorted(Path(folder).glob("part-*.parquet"))
    fingerprint, copy_of, copies = (columns.prefix + name for name in ("fingerprint", COPY_OF, COPIES))
    found: list[str | None] = []
    for path in paths:
        found += pq.read_table(path, columns=[fingerprint]).column(0).to_pylist()
    firsts, sizes = group(found)
    leaders = {first for at, first in enumerate(firsts) if first != at}
    known: dict[int, Any] = {}
    start = 0
    for path in paths:
        table = pq.read_table(path)
        table = table.drop_columns([name for name in (copy_of, copies) if name in table.column_names])
        own = range(start, start + table.num_rows)
        ids = table.column(columns.id)
        known |= {at: ids[at - start].as_py() for at in own if at in leaders}
        values = [known[firsts[at]] if firsts[at] != at else None for at in own]
        table = table.append_column(copy_of, pa.array(values, type=ids.type)).append_column(copies, pa.array([sizes[at] for at in own]))
        parquet.write(table, path)
        start += table.num_rows
    return sum(first != at for at, first in enumerate(firsts))


def _lines(path: str) -> Iterator[bytes]:
    with Path(path).open("rb", buffering=0) as raw:
        for line in lines(decompressed(raw), 1 << 40):
            if isinstance(line, Damage):
                raise OSError(f"{path}: {line}")
            if line:
                yield line


def _field(line: bytes, name: str) -> str | None:
    record = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    return msgspec.json.decode(record[name], type=str | None) if name in record else None
