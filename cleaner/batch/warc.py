"""WARC files (ISO 28500): a stream in, records out, then the page of a record.

The parent process only finds where records begin and end; FastWARC reads the HTTP message inside, in a worker. So a damaged record
costs one record, and a page that brings a parser down costs one page.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from .columns import Columns
from .records import BadRecord
from .streams import Damage, MissingLibrary

_BEGIN = re.compile(rb"WARC/1\.\d\r?\n")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"^([!-9;-~]+):[ \t]*(.*?)[ \t\r]*$", re.M)
_MAX_HEAD = 1 << 16
_WANTED = (b"response", b"resource", b"conversion")
"""Types of records that can hold a page; ``conversion`` is the plain text of WET files."""
_PAGES = ("text/html", "application/xhtml+xml", "text/plain")


class NoPage(Exception):
    """A record that holds no page: an image, a script, a redirect without a body."""


def library() -> Any:
    """FastWARC's module. Raises MissingLibrary."""
    try:
        from fastwarc import warc
    except ImportError:
        raise MissingLibrary("FastWARC", "WARC") from None
    return warc


def records(pieces: Iterator[bytes | Damage], max_bytes: int) -> Iterator[bytes | Damage]:
    """Pieces of a stream in; whole records out that may hold pages, and a Damage for each stretch that is no record."""
    return _Framer(pieces, max_bytes).run()


class _Framer:
    def __init__(self, pieces: Iterator[bytes | Damage], max_bytes: int) -> None:
        self.pieces, self.max_bytes = pieces, max_bytes
        self.held = bytearray()
        self.damage: Damage | None = None
        self.ended = False

    def run(self) -> Iterator[bytes | Damage]:
        while True:
            lost = self._to_begin()
            if lost:
                yield Damage("bad-warc: what stands here is no WARC record")
            if self.damage:
                yield self.damage
                self.damage, self.held = None, bytearray()
                continue
            if not self.held:
                return
            yield from self._record()

    def _record(self) -> Iterator[bytes | Damage]:
        end = self._head_end()
        fields = headers(bytes(self.held[:end])) if end else {}
        if not end or not fields.get(b"content-length", b"").isdigit():
            del self.held[:5]
            if not self.damage:
                yield Damage("truncated: the record has no whole head" if self.ended else "bad-warc: the record has no length")
            return
        size = end + int(fields[b"content-length"])
        if size > self.max_bytes + _MAX_HEAD:
            self._skip(size)
            if fields.get(b"warc-type", b"").lower() in _WANTED:
                name = _text(fields.get(b"warc-record-id", b""))
                yield Damage(f"too-large: the record {name} has {size:,} bytes, {self.max_bytes:,} are allowed")
        elif self._fill(size):
            whole = bytes(self.held[:size])
            del self.held[:size]
            if fields.get(b"warc-type", b"").lower() in _WANTED:
                yield whole
        elif not self.damage:
            # What belongs to the next record may have been swallowed.
            del self.held[:5]
            yield Damage("truncated: the file ends within a record")

    def _to_begin(self) -> bool:
        """Go to where the next record begins; whether anything but line ends was passed over."""
        lost = False
        while True:
            found = _BEGIN.search(self.held)
            passed = self.held[: found.start() if found else self._certain()]
            lost = lost or bool(passed.strip(b"\r\n\0"))
            del self.held[: len(passed)]
            if found or not self._read():
                if not found:
                    lost = lost or bool(self.held.strip(b"\r\n\0"))
                    self.held = bytearray()
                return lost and not self.damage

    def _certain(self) -> int:
        """How many of the bytes held cannot be the begin of a record, whatever comes."""
        return len(self.held) if self.ended or self.damage else max(0, len(self.held) - _MARK)

    def _head_end(self) -> int:
        while True:
            found = _END_OF_HEAD.search(self.held, 0, _MAX_HEAD)
            if found:
                return found.end()
            if len(self.held) > _MAX_HEAD or not self._read():
                return 0

    def _fill(self, size: int) -> bool:
        while len(self.held) < size:
            if not self._read():
                return False
        return True

    def _skip(self, size: int) -> None:
        while size > len(self.held):
            size -= len(self.held)
            self.held = bytearray()
            if not self._read():
                return
        del self.held[:size]

    def _read(self) -> bool:
        """One piece more; False at the end and before a damage, which stays in ``damage``."""
        if self.damage or self.ended:
            return False
        piece = next(self.pieces, None)
        if piece is None:
            self.ended = True
        elif isinstance(piece, Damage):
            self.damage = piece
        else:
            self.held += piece
            return True
        return False


_MARK = len(b"WARC/1.0\r\n") - 1


def headers(head: bytes) -> dict[bytes, bytes]:
    """The head of a record in; its fields out, by lower-case name."""
    return {name.lower(): value for name, value in _FIELD.findall(head)}


def named(data: bytes, name: str, columns: Columns) -> dict[str, Any]:
    """The bytes of a record in; its id, address and date out."""
    found = _END_OF_HEAD.search(data)
    fields = headers(data[: found.end()] if found else data)
    return {
        columns.id: _text(fields.get(b"warc-record-id", b"")) or name,
        columns.url: _text(fields.get(b"warc-target-uri", b"")).strip("<>") or None,
        "warc_date": _text(fields.get(b"warc-date", b"")) or None,
        "http_status": None,
    }


def page_of(data: bytes, name: str, columns: Columns) -> tuple[dict[str, Any], str | None, list[str]]:
    """The bytes of a record in; a row with its page, the page's content type, and warnings out. Raises NoPage, BadRecord."""
    row = named(data, name, columns)
    warnings = []
    parsed = _parsed(data, "all")
    if parsed is None:
        parsed = _parsed(data, "none")
        warnings.append("input: the HTTP message could not be decoded as its head says; it was read as it is")
    if parsed is None:
        raise BadRecord("bad-warc: the record cannot be read")
    row["http_status"], content_type, payload = parsed
    if content_type is None or content_type.partition(";")[0].strip().lower() not in _PAGES:
        raise NoPage
    row[columns.html] = payload
    return row, content_type, warnings


def _parsed(data: bytes, decode: str) -> tuple[int | None, str | None, bytes] | None:
    """Status, content type and payload of a record; None where it cannot be read."""
    warc = library()
    try:
        record = next(iter(warc.ArchiveIterator(io.BytesIO(data + b"\r\n\r\n"), parse_http=True, auto_decode=decode)), None)
        if record is None:
            return None
        http = record.http_headers
        content_type = (record.headers if http is None else http).get("Content-Type")
        return (None if http is None else http.status_code), content_type, record.reader.read()
    except (OSError, ValueError):
        return None


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")
