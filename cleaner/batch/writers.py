"""Results in, files out. A writer is *cut* at places a resumed run can go on from: what lies before a cut is on the disk for good."""

from __future__ import annotations

import contextlib
import gzip
import os
import sys
from pathlib import Path
from typing import Any, Protocol

from .columns import Columns
from .items import Item
from .streams import zstandard

STDOUT = "-"


class Closed(Exception):
    """The reader of standard output has gone."""


class Writer(Protocol):
    """Where records go. ``rows`` says after how many records of the input it is to be cut."""

    rows: int

    def write(self, item: Item, payload: Any) -> None: ...

    def full(self) -> bool:
        """Whether it is to be cut at once."""
        ...

    def flush(self) -> None:
        """What was written becomes visible to others."""
        ...

    def cut(self) -> int:
        """Put everything on the disk; the position there is."""
        ...

    def close(self) -> None: ...


class Lines:
    """JSON lines, to a file or standard output; compressed ones as one gzip member or zstd frame from cut to cut."""

    rows = 500

    def __init__(self, path: str, compression: str, position: int) -> None:
        """``position``: where to go on in the file; what lies behind it is cut off."""
        self._pack = {"": None, "gz": _gzip, "zst": _zstd}[compression]
        self._held = bytearray()
        self._is_stdout = path == STDOUT
        if self._is_stdout:
            self._file: Any = sys.stdout.buffer
        elif position:
            self._file = Path(path).open("r+b")  # noqa: SIM115
            self._file.truncate(position)
            self._file.seek(position)
        else:
            self._file = Path(path).open("wb")  # noqa: SIM115
        self._position = position

    def write(self, item: Item | None, payload: bytes) -> None:
        if self._pack is None:
            self._put(payload)
        else:
            self._held += payload

    def full(self) -> bool:
        return False

    def flush(self) -> None:
        if self._is_stdout and self._pack is None:
            with _reader_may_go():
                self._file.flush()

    def cut(self) -> int:
        if self._held and self._pack is not None:
            self._put(self._pack(bytes(self._held)))
            self._held.clear()
        with _reader_may_go():
            self._file.flush()
        if not self._is_stdout:
            with contextlib.suppress(OSError):
                os.fsync(self._file.fileno())
        return self._position

    def close(self) -> None:
        if not self._is_stdout:
            self._file.close()

    def _put(self, data: bytes) -> None:
        with _reader_may_go():
            self._file.write(data)
        self._position += len(data)


class Folder:
    """One file a page, each written whole or not at all."""

    rows = 500

    def __init__(self, path: str, suffix: str, position: int) -> None:
        self._root, self._suffix, self._written = Path(path), suffix, position
        self._root.mkdir(parents=True, exist_ok=True)

    def write(self, item: Item, payload: bytes) -> None:
        path = self._root / (item.target + self._suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.partial")
        temporary.write_bytes(payload)
        temporary.replace(path)
        self._written += 1

    def full(self) -> bool:
        return False

    def flush(self) -> None:
        return None

    def cut(self) -> int:
        return self._written

    def close(self) -> None:
        return None


class Shards:
    """A folder of Parquet files, ``part-00000.parquet`` and so on."""

    def __init__(self, path: str, columns: Columns, passed: Any | None, rows: int, position: int) -> None:
        """``passed``: the schema of the columns that pass through where all inputs are Parquet; ``position``: shards there are."""
        from . import parquet

        self.rows, self._root, self._count, self._size = rows, Path(path), position, 0
        self._root.mkdir(parents=True, exist_ok=True)
        for stale in [*self._root.glob("part-*.parquet"), *self._root.glob(".part-*.partial")]:
            if stale.name not in {self._name(number) for number in range(position)}:
                stale.unlink()
        kinds = parquet.kinds_of(self._root / self._name(0), columns) if position and passed is None else None
        self._shard = parquet.Shard(columns, passed, kinds)

    def write(self, item: Item, payload: Any) -> None:
        added, passed, size = payload
        self._shard.rows.append((added, passed, item.kept))
        self._size += size

    def full(self) -> bool:
        from .parquet import SHARD_BYTES

        return self._size >= SHARD_BYTES

    def flush(self) -> None:
        return None

    def cut(self) -> int:
        from .parquet import write

        if self._shard.rows:
            write(self._shard.table(), self._root / self._name(self._count))
            self._shard.rows.clear()
            self._count += 1
            self._size = 0
        return self._count

    def close(self) -> None:
        return None

    @staticmethod
    def _name(number: int) -> str:
        return f"part-{number:05d}.parquet"


@contextlib.contextmanager
def _reader_may_go() -> Any:
    try:
        yield
    except BrokenPipeError:
        raise Closed from None


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, compresslevel=6, mtime=0)


def _zstd(data: bytes) -> bytes:
    packed: bytes = zstandard().ZstdCompressor(level=3, write_checksum=True).compress(data)
    return packed
