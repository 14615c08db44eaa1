"""Inputs in, items out, in an order that never changes: files of records, pages, and folders of both."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from .columns import Columns
from .items import Item
from .streams import Damage, decompressed, lines
from .warc import records as warc_records

STDIN = "-"
FORMATS = ("jsonl", "parquet", "warc", "page")
_FORMAT_OF = (
    (re.compile(r"\.(?:jsonl|ndjson|jsonlines)(?:\.(?:gz|zst|zstd))?$", re.I), "jsonl"),
    (re.compile(r"\.(?:parquet|pq)$", re.I), "parquet"),
    (re.compile(r"\.(?:warc|wet)(?:\.(?:gz|zst|zstd))?$", re.I), "warc"),
    (re.compile(r"\.(?:html?|xhtml?|shtml|txt|text)$", re.I), "page"),
)
_LINE_PER_BYTE = 2
"""JSON escapes make a page longer: a line may be this many times as long as a page."""


class BadInput(Exception):
    """An input that is not there, or of no known format; ``str()`` says which."""


@dataclass(frozen=True)
class Input:
    """One file, or standard input."""

    name: str
    """As given, or as found below a folder that was given."""
    format: str
    target: str
    """Where its pages go below an output folder: a path without suffix."""
    size: int = 0


@dataclass
class Source:
    """All inputs as one stream of items."""

    names: tuple[str, ...]
    columns: Columns
    format: str | None = None
    glob: str | None = None
    max_bytes: int = 10_000_000
    send_passed: bool = True
    """Whether the workers need the columns of Parquet rows that pass through."""
    own: frozenset[str] = frozenset()
    """Real paths of what the run writes, which must not be read where it lies in a folder of the input."""
    bytes_read: int = 0
    """Of the files as they lie there, compressed or not: for the bar."""
    ignored: int = 0
    """Files below folders that are neither pages nor records."""
    _before: int = field(default=0, repr=False)

    def check(self) -> None:
        """Raises BadInput for an input that is not there or of no known format."""
        for name in self.names:
            if name == STDIN:
                continue
            if os.path.realpath(name) in self.own:
                raise BadInput(f"{name} is both input and output")
            if not Path(name).exists():
                hint = "; pages are not fetched" if re.match("https?://", name, re.I) else ""
                raise BadInput(f"{name}: no such file or folder{hint}")
            if not Path(name).is_dir() and not self.format and format_of(name) is None:
                raise BadInput(f"{name}: what is this? Say --from {' or '.join(FORMATS)}")
        if len(self.names) != len(set(self.names)):
            raise BadInput("an input was given twice")

    def inputs(self) -> Iterator[Input]:
        """Every file, in order."""
        for name in self.names:
            root = Path(name).name if len(self.names) > 1 else ""
            if name == STDIN:
                yield Input(name, self.format or "jsonl", "stdin")
            elif Path(name).is_dir():
                yield from self._below(name.rstrip("/") or "/", root)
            else:
                given = self.format or format_of(name) or "page"
                yield Input(name, given, _stem(Path(name).name) if given == "page" else Path(name).name, Path(name).stat().st_size)

    def total(self) -> int | None:
        """Bytes of all inputs; None when standard input is among them."""
        return None if STDIN in self.names else sum(one.size for one in self.inputs())

    def items(self) -> Iterator[Item]:
        """Every record."""
        readers: dict[str, Callable[[Input], Iterator[Item]]] = {
            "jsonl": self._lines,
            "warc": self._warc,
            "parquet": self._rows,
            "page": self._page,
        }
        self.ignored = 0
        for one in self.inputs():
            yield from readers[one.format](one)
            self._before += one.size
            self.bytes_read = self._before

    def _below(self, folder: str, target: str) -> Iterator[Input]:
        """Files below a folder, by name; what is hidden is passed over, and what no format claims."""
        try:
            with os.scandir(folder) as found:
                entries = sorted((entry for entry in found if not self._is_own(entry)), key=lambda entry: entry.name)
        except OSError:
            yield Input(folder, "page", target or "unreadable")
            return
        files = [entry for entry in entries if not entry.name.startswith(".") and not entry.is_dir()]
        taken = [(entry, given) for entry in files if (given := self._format_below(entry, folder))]
        self.ignored += len(files) - len(taken)
        stems = [_stem(entry.name) for entry, _ in taken]
        for (entry, given), stem in zip(taken, stems, strict=True):
            own = stem if given == "page" and stems.count(stem) == 1 else entry.name
            yield Input(entry.path, given, os.path.join(target, own), _size(entry))  # noqa: PTH118
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                yield from self._below(entry.path, os.path.join(target, entry.name))  # noqa: PTH118

    def _is_own(self, entry: os.DirEntry[str]) -> bool:
        return any(entry.name == os.path.basename(path) and os.path.realpath(entry.path) == path for path in self.own)  # noqa: PTH119

    def _format_below(self, entry: os.DirEntry[str], folder: str) -> str | None:
        if self.glob is None:
            found = format_of(entry.name)
            return found if self.format in (None, found) else None
        if not (fnmatch(entry.name, self.glob) or fnmatch(entry.path, self.glob)):
            return None
        return self.format or format_of(entry.name) or "page"

    # ------------------------------------------------------------ one file each

    def _page(self, one: Input) -> Iterator[Item]:
        if one.name == STDIN:
            with _raw(one.name) as raw:
                data = raw.read()
            yield Item("row", STDIN, {self.columns.html: data}, len(data), one.target)
        else:
            yield Item("file", _shown(one.name), one.name, min(one.size, self.max_bytes), one.target)

    def _lines(self, one: Input) -> Iterator[Item]:
        shown = _shown(one.name)
        try:
            raw = _raw(one.name)
        except OSError as error:
            yield _unreadable(one, error)
            return
        with closing(raw):
            counted = _Counted(raw, self)
            for number, line in enumerate(lines(decompressed(counted), self.max_bytes * _LINE_PER_BYTE), 1):
                name = f"{shown}:{number}"
                if isinstance(line, Damage):
                    yield Item("bad", name, str(line), target=_numbered(one, number))
                elif line and not line.isspace():
                    yield Item("line", name, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line, len(line), _numbered(one, number))

    def _warc(self, one: Input) -> Iterator[Item]:
        shown = _shown(one.name)
        try:
            raw = _raw(one.name)
        except OSError as error:
            yield _unreadable(one, error)
            return
        with closing(raw):
            counted = _Counted(raw, self)
            for number, found in enumerate(warc_records(decompressed(counted, b"WARC/1."), self.max_bytes), 1):
                name = f"{shown}:{number}"
                if isinstance(found, Damage):
                    yield Item("bad", name, str(found), target=_numbered(one, number))
                else:
                    yield Item("warc", name, found, len(found), _numbered(one, number))

    def _rows(self, one: Input) -> Iterator[Item]:
        from .parquet import rows

        number = 0
        for number, (data, size, kept) in enumerate(rows(one.name, self.columns, self.send_passed), 1):
            name = f"{_shown(one.name)}:{number}"
            if isinstance(data, Damage):
                yield Item("bad", name, str(data), target=_numbered(one, number))
            else:
                yield Item("row", name, data, size, _numbered(one, number), kept)


class _Counted:
    """A raw stream that tells its source how far it is."""

    def __init__(self, raw: Any, source: Source) -> None:
        self.raw, self.source = raw, source

    def read(self, size: int) -> bytes:
        data: bytes = self.raw.read(size) or b""
        self.source.bytes_read += len(data)
        return data

    def seekable(self) -> bool:
        return bool(self.raw.seekable())

    def seek(self, place: int) -> None:
        self.raw.seek(place)

    def tell(self) -> int:
        return int(self.raw.tell())


def format_of(name: str) -> str | None:
    """What a file's name says it holds; None where it says nothing."""
    return next((given for pattern, given in _FORMAT_OF if pattern.search(name)), None)


def _raw(name: str) -> Any:
    """Unbuffered, so that a pipe gives what is there, and nothing is locked when the program ends while it waits."""
    if name != STDIN:
        return Path(name).open("rb", buffering=0)
    if sys.stdin is None:
        raise OSError("standard input is closed")
    return _Stdin(getattr(sys.stdin.buffer, "raw", sys.stdin.buffer))


class _Stdin:
    """Standard input, which stays open when it was read."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def read(self, size: int = -1) -> bytes:
        return self.raw.read(size) or b""

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        return None

    def __enter__(self) -> _Stdin:
        return self

    def __exit__(self, *_: object) -> None:
        return None


def _unreadable(one: Input, error: OSError) -> Item:
    return Item("bad", _shown(one.name), f"unreadable: {(error.strerror or str(error)).lower()}", target=one.target)


def _numbered(one: Input, number: int) -> str:
    """A thousand pages a folder, which every file system can bear."""
    return f"{one.target}/{(number - 1) // 1000:06d}/{number:09d}"


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _shown(name: str) -> str:
    """A file name that may hold bytes that are no text, as text."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat().st_size
    except OSError:
        return 0
