"""What travels to a worker (an item) and what comes back (a result), and how an item becomes a row."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from .columns import Columns
from .records import BadRecord

Kind = Literal["line", "row", "file", "warc", "bad"]
Outcome = Literal["kept", "empty", "dropped", "failed", "skipped"]
"""``dropped`` by a filter; ``skipped`` is no page at all (an image in a WARC file) and counts nowhere."""
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_DEEP = "bad-json: the line nests too deeply"


@dataclass(slots=True)
class Item:
    """One record of the input."""

    kind: Kind
    name: str
    """Where it stands (``pages.jsonl:17``): its id where it brings none."""
    data: Any = None
    """A line of JSON, the bytes of a WARC record, the path of a file, a row (dict), or why it cannot be read."""
    size: int = 0
    """Bytes, roughly."""
    target: str = ""
    """Where its page goes below an output folder, without the suffix."""
    kept: Any = None
    """What stays with the reader and writer and need not travel."""

    def load(self) -> tuple[Kind, str, Any]:
        """What the worker needs of it."""
        return self.kind, self.name, self.data

    def key(self) -> str:
        """Tells whether a resumed run reads what the interrupted one read."""
        return f"{self.name} {zlib.crc32(self.data):08x}" if isinstance(self.data, bytes) else self.name


@dataclass(slots=True)
class Result:
    """What became of an item."""

    outcome: Outcome
    reason: str = ""
    """Why it was dropped or failed: ``word: sentence``."""
    place: Literal["main", "dropped", ""] = ""
    payload: Any = None
    """What to write there: encoded bytes, or for Parquet a pair of rows (what was added, what was passed on)."""
    fired: tuple[dict[str, int], list[str]] | None = None
    """Rule -> blocks it removed, and the names of the rule files that applied; only when asked for."""


def row_of(kind: Kind, name: str, data: Any, columns: Columns, max_bytes: int) -> tuple[dict[str, Any], str | None, list[str]]:
    """An item in; its row, the content type of its page and warnings out. Raises BadRecord."""
    if kind == "line":
        row, warnings = _from_json(data, name, columns)
        return row, None, warnings
    if kind == "file":
        return {columns.id: name, columns.html: _read(data, max_bytes)}, None, []
    if kind == "warc":
        from .warc import page_of

        return page_of(data, name, columns)
    if kind == "bad":
        raise BadRecord(data)
    return {columns.id: name, **data}, None, []


def known_of(kind: Kind, name: str, data: Any, columns: Columns) -> dict[str, Any]:
    """What can be said of an item that could not be cleaned: id, url and the columns that pass through. Never raises."""
    known: dict[str, Any] = {columns.id: name}
    try:
        if kind == "line":
            known |= _from_json(data, name, columns)[0]
        elif kind == "row":
            known |= data
        elif kind == "warc":
            from .warc import named

            known |= named(data, name, columns)
    except (BadRecord, ValueError, RecursionError):
        return known
    known.pop(columns.html, None)
    known.pop(columns.text, None)
    return known


def _read(path: str, max_bytes: int) -> bytes:
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(max_bytes + 1)
    except OSError as error:
        raise BadRecord(f"unreadable: {(error.strerror or str(error)).lower()}") from None
    if len(data) > max_bytes:
        raise BadRecord(f"too-large: {Path(path).stat().st_size:,} bytes, {max_bytes:,} are allowed")
    return data


def _from_json(line: bytes, name: str, columns: Columns) -> tuple[dict[str, Any], list[str]]:
    """A line of JSON in; a row out in which all but page and url is still as it was written. Raises BadRecord."""
    warnings = []
    try:
        line.decode()
    except UnicodeDecodeError:
        line = line.decode("utf-8", "replace").encode()
        warnings.append("input: the line is not valid UTF-8; what is not was replaced")
    try:
        row: dict[str, Any] = dict(_OBJECT.decode(line))
    except RecursionError:
        raise BadRecord(_DEEP) from None
    except msgspec.MsgspecError as error:
        row = _leniently(line, error)
    for column in (columns.html, columns.text, columns.url):
        if column in row:
            row[column] = _value(row[column])
    if row.get(columns.id) is None or bytes(row[columns.id]) == b"null":
        row[columns.id] = name
    return row, warnings


def _leniently(line: bytes, error: Exception) -> dict[str, Any]:
    """By the standard library, which takes NaN and lone surrogates. Raises BadRecord."""
    try:
        row = json.loads(line)
    except RecursionError:
        raise BadRecord(_DEEP) from None
    except ValueError:
        raise BadRecord(f"bad-json: {error}"[:200]) from None
    if not isinstance(row, dict):
        raise BadRecord("bad-json: the line is no object")
    return {_plain(key): msgspec.Raw(json.dumps(value).encode()) for key, value in row.items()}


def _value(raw: msgspec.Raw) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.MsgspecError, RecursionError):
        value = json.loads(bytes(raw))
        return _plain(value) if isinstance(value, str) else value


def _plain(text: str) -> str:
    """Without lone surrogates, which no encoding can write."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
