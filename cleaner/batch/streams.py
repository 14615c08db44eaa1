"""Bytes of a file or pipe in, decompressed bytes and lines out, in bounded memory; what is damaged is said and passed over."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Protocol

_CHUNK = 1 << 17
_MOST = 1 << 20
"""Bytes decompressed at a time."""
_MOST_HELD = 16 << 20
_BITE = 1 << 14
_ZSTD = b"\x28\xb5\x2f\xfd"
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP = re.compile(rb"\x1f\x8b\x08[\x00-\x1f][\x00-\xff]{4}[\x00\x02\x04][\x00-\x0d\xff]")
"""The head of a gzip member; ten bytes, so that none is taken for one by chance."""
_GZIP_HEAD = 10

Search = Callable[[bytes], "re.Match[bytes] | None"]


class Damage(str):
    """Where a stream could not be read: the reason. What follows it does not join what went before."""

    __slots__ = ()


class MissingLibrary(Exception):
    """A format needs a library that is not installed; ``str()`` says which and how to get it."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{what} needs {name}: pip install 'cleaner[batch]'")


class _Broken(Exception):
    """Compressed data that make no sense."""


class _Member(Protocol):
    """What decompresses one gzip member or zstd frame."""

    eof: bool
    rest: bytes
    """What follows the end."""

    def parts(self, piece: bytes) -> Iterator[bytes]: ...


class _Gzip:
    def __init__(self) -> None:
        self._object, self.eof, self.rest = zlib.decompressobj(31), False, b""

    def parts(self, piece: bytes) -> Iterator[bytes]:
        while piece and not self._object.eof:
            before = self._object.copy()
            try:
                part = self._object.decompress(piece, _MOST)
            except zlib.error:
                yield from _until_broken(before, piece)
                raise _Broken from None
            if part:
                yield part
            piece = self._object.unconsumed_tail
        self.eof, self.rest = self._object.eof, self._object.unused_data


def _until_broken(member: Any, piece: bytes) -> Iterator[bytes]:
    """What comes before the damage: zlib gives nothing of a piece in which it finds some."""
    for at in range(0, len(piece), 16):
        try:
            yield member.decompress(piece[at : at + 16])
        except zlib.error:
            return


class _Zstd:
    def __init__(self) -> None:
        self._library = zstandard()
        self._object, self.eof, self.rest = self._library.ZstdDecompressor().decompressobj(), False, b""

    def parts(self, piece: bytes) -> Iterator[bytes]:
        """In small bites: their decompressed size cannot be bounded."""
        try:
            for at in range(0, len(piece), _BITE):
                if part := self._object.decompress(piece[at : at + _BITE]):
                    yield part
                if self._object.eof:
                    self.eof, self.rest = True, self._object.unused_data + piece[at + _BITE :]
                    return
        except self._library.ZstdError:
            raise _Broken from None


def zstandard() -> Any:
    """The library that reads and writes zstd. Raises MissingLibrary."""
    try:
        import zstandard as library
    except ImportError:
        raise MissingLibrary("zstandard", "zstd") from None
    return library


def decompressed(raw: Any, mark: bytes = b"") -> Iterator[bytes | Damage]:
    """A raw stream (a file, or a pipe that gives what is there) in; its bytes out, decompressed if they begin as gzip or zstd do.

    ``mark`` begins each record, where records are members of their own: of a damaged member nothing comes out from its last record
    on. (A cut member swallows the head of the next one, and what is decompressed of that may look like the end of the record.)
    Raises MissingLibrary; errors of reading are a Damage at the end.
    """
    try:
        first = raw.read(_CHUNK) or b""
        while first and len(first) < len(_ZSTD) and (_GZIP_MAGIC.startswith(first[:2]) or _ZSTD.startswith(first)):
            more = raw.read(_CHUNK)
            if not more:
                break
            first += more
        source = _Source(raw, first)
        if first.startswith(_GZIP_MAGIC):
            yield from _members(source, _Gzip, _GZIP.search, "gzip", mark)
        elif first.startswith(_ZSTD):
            yield from _members(source, _Zstd, re.compile(re.escape(_ZSTD)).search, "zstd", mark)
        else:
            while piece := source.read():
                yield piece
    except OSError as error:
        yield Damage(f"it cannot be read: {(error.strerror or str(error)).lower()}")


class _Source:
    """A raw stream that can be put back: to any place in a file, within what was just read in a pipe."""

    def __init__(self, raw: Any, first: bytes) -> None:
        self.raw, self.held, self.place = raw, first, 0
        self.start = raw.tell() - len(first) if _seekable(raw) else None

    def read(self) -> bytes:
        piece: bytes = self.held or self.raw.read(_CHUNK) or b""
        self.held = b""
        self.place += len(piece)
        return piece

    def put_back(self, rest: bytes) -> None:
        self.held = rest + self.held
        self.place -= len(rest)

    def go_back(self, place: int, rest: bytes) -> None:
        """To an earlier place, or where the stream cannot seek, to the begin of ``rest``, the last piece read."""
        if self.start is None:
            self.put_back(rest)
        else:
            self.raw.seek(self.start + place)
            self.held, self.place = b"", place


def _seekable(raw: Any) -> bool:
    try:
        return bool(raw.seekable())
    except (AttributeError, ValueError):
        return False


def _members(source: _Source, new: Callable[[], _Member], head: Search, kind: str, mark: bytes) -> Iterator[bytes | Damage]:
    """Each gzip member or zstd frame after the other; behind a damaged one the next is looked for."""
    while piece := source.read():
        if not piece.strip(b"\0"):
            continue
        start = source.place - len(piece)
        member = new()
        held = bytearray()
        try:
            while piece:
                yield from _held(member.parts(piece), held) if mark else member.parts(piece)
                if member.eof:
                    break
                last, piece = piece, source.read()
            if member.eof:
                yield bytes(held)
                source.put_back(member.rest)
                continue
            yield bytes(held[: max(0, held.rfind(mark))])
            yield Damage(f"truncated: the {kind} data end too early")
            last = b""
        except _Broken:
            yield bytes(held[: max(0, held.rfind(mark))])
            yield Damage(f"damaged: the {kind} data make no sense")
            last = piece
        # What was cut short may have something whole behind it.
        source.go_back(start + 1, last[1:])
        if not _seek_head(source, head):
            return


def _held(parts: Iterator[bytes], held: bytearray) -> Iterator[bytes]:
    """Hold the parts of a member back, up to a size; beyond that they pass."""
    for part in parts:
        held += part
        if len(held) > _MOST_HELD:
            yield bytes(held)
            held.clear()


def _seek_head(source: _Source, head: Search) -> bool:
    """Go to the next place where a member may begin; False where there is none."""
    tail = b""
    while piece := source.read():
        whole = tail + piece
        if found := head(whole):
            source.put_back(whole[found.start() :])
            return True
        tail = whole[-_GZIP_HEAD + 1 :]
    return False


def lines(pieces: Iterator[bytes | Damage], longest: int) -> Iterator[bytes | Damage]:
    """Pieces of a stream in, its lines out without their ends; a line above ``longest`` bytes is a Damage and never held whole."""
    held: list[bytes] = []
    size, skipping = 0, False
    for piece in pieces:
        if isinstance(piece, Damage):
            held, size, skipping = [], 0, False
            yield piece
            continue
        *whole, rest = piece.split(b"\n")
        for part in whole:
            if skipping:
                skipping = False
            elif size + len(part) > longest:
                yield _too_long(longest)
            else:
                yield b"".join([*held, part])
            held, size = [], 0
        if rest and not skipping:
            held.append(rest)
            size += len(rest)
            if size > longest:
                yield _too_long(longest)
                held, size, skipping = [], 0, True
    if held:
        yield b"".join(held)


def _too_long(longest: int) -> Damage:
    return Damage(f"too-large: the line is longer than {longest:,} bytes")
