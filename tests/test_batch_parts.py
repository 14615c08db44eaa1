"""The parts of ``cleaner batch`` that are easier to be hard on alone: streams, WARC framing, fingerprints, groups of copies."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.batch.copies import MAX_DISTANCE, group
from cleaner.batch.fingerprint import fingerprint
from cleaner.batch.streams import Damage, decompressed, lines
from cleaner.batch.warc import records

zstandard = pytest.importorskip("zstandard")

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "zstd": lambda data: zstandard.ZstdCompressor(write_checksum=True).compress(data),
}


class Pieces(io.RawIOBase):
    """A raw stream that gives little at a time, as a pipe does."""

    def __init__(self, data: bytes, size: int, seekable: bool) -> None:
        self.inner, self.size, self.can_seek = io.BytesIO(data), size, seekable

    def read(self, size: int = -1) -> bytes:
        return self.inner.read(self.size)

    def seekable(self) -> bool:
        return self.can_seek

    def seek(self, place: int, whence: int = 0) -> int:
        return self.inner.seek(place, whence)

    def tell(self) -> int:
        return self.inner.tell()


def read(data: bytes, size: int = 1000, *, seekable: bool = True, longest: int = 1 << 20) -> list[Any]:
    return list(lines(decompressed(Pieces(data, size, seekable)), longest))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"")), max_size=5), min_size=1, max_size=4),
    st.integers(1, 50),
    st.sampled_from(sorted(PACKERS)),
    st.booleans(),
)
def test_lines_come_out_as_they_went_in_whatever_the_pieces(members: list[list[bytes]], size: int, kind: str, seekable: bool) -> None:
    plain = [b"".join(b"line " + line + b"\n" for line in member) for member in members]
    packed = b"".join(PACKERS[kind](member) for member in plain)
    assert read(packed, size, seekable=seekable) == b"".join(plain).split(b"\n")[:-1]


@pytest.mark.parametrize("seekable", [True, False])
@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_a_cut_stream_gives_what_is_whole_and_says_so(kind: str, seekable: bool) -> None:
    data = b"".join(b"line %d\n" % number for number in range(5000))
    found = read(PACKERS[kind](data)[:-40], seekable=seekable)
    assert found[-1] == "truncated: the " + kind + " data end too early"
    assert found[:-1] == data.split(b"\n")[: len(found) - 1]
    assert kind == "zstd" or len(found) > 4000


def test_behind_a_damaged_member_reading_goes_on() -> None:
    first, second, third = (gzip.compress(b"".join(b"%d-%d\n" % (member, line) for line in range(2000))) for member in range(3))
    broken = bytearray(second)
    broken[len(broken) // 2] ^= 0xFF
    found = read(first + bytes(broken) + third)
    assert sum(isinstance(line, Damage) for line in found) == 1
    assert found[:2000] == [b"0-%d" % line for line in range(2000)]
    assert found[-2000:] == [b"2-%d" % line for line in range(2000)]


def test_a_line_that_is_too_long_is_never_held() -> None:
    assert read(b"a\n" + b"x" * 5000 + b"\nb\n", longest=1000) == [b"a", "too-large: the line is longer than 1,000 bytes", b"b"]


def warc(kind: bytes, body: bytes) -> bytes:
    return b"WARC/1.1\r\nWARC-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind, len(body)) + body + b"\r\n\r\n"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([b"response", b"request"]), st.binary(max_size=60)), max_size=5), st.integers(1, 30))
def test_warc_records_are_found_whatever_the_pieces(given: list[tuple[bytes, bytes]], size: int) -> None:
    whole = b"".join(warc(kind, body) for kind, body in given)
    pieces = iter([whole[at : at + size] for at in range(0, len(whole), size)])
    wanted = [warc(kind, body).removesuffix(b"\r\n\r\n") for kind, body in given if kind == b"response"]
    assert list(records(pieces, 1000)) == wanted


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(1, 30))
def test_anything_in_a_warc_ends(junk: bytes, size: int) -> None:
    whole = warc(b"response", b"first") + junk + b"\r\n" + warc(b"response", b"last")
    found = list(records(iter([whole[at : at + size] for at in range(0, len(whole), size)]), 1000))
    assert found[0] == warc(b"response", b"first").removesuffix(b"\r\n\r\n")


# ---------------------------------------------------------------- copies

TEXT = " ".join(f"word{number * number % 997} and" for number in range(400))


def distance(one: str, other: str) -> int:
    left, right = fingerprint(one), fingerprint(other)
    assert left and right
    return (int(left, 16) ^ int(right, 16)).bit_count()


def test_the_fingerprint_is_what_the_module_says_it_is() -> None:
    assert fingerprint("The lamp on the mole") == fingerprint("the LAMP -- on\nthe mole!")
    assert fingerprint("The lamp on the mole") == SAID
    assert fingerprint(" -- ") is None
    code = "from cleaner.batch.fingerprint import fingerprint as f; print(f('The lamp on the mole'))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == SAID


SAID = "0ab880720ae73198"


def test_copies_are_near_and_other_texts_far() -> None:
    assert distance(TEXT, TEXT + " One sentence more at the end.") <= MAX_DISTANCE
    assert distance(TEXT, " ".join(reversed(TEXT.split()))) > 2 * MAX_DISTANCE
    assert distance("海港自冬天以来一直关闭,灯塔看守人说。" * 2, "今年夏天的收成比去年好得多,农民们很高兴。" * 2) > 2 * MAX_DISTANCE


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.none() | st.tuples(st.sampled_from([0, 2**63 + 7, 0xAAAA_BBBB_CCCC_DDDD]), st.sets(st.integers(0, 63), max_size=7)), max_size=25
    )
)
def test_groups_are_those_that_comparing_each_with_each_gives(given: list[Any]) -> None:
    values = [None if one is None else one[0] ^ sum(1 << bit for bit in one[1]) for one in given]
    firsts, sizes = group([None if value is None else f"{value:016x}" for value in values])
    wanted = list(range(len(values)))
    for _ in values:
        for at, one in enumerate(values):
            for before, other in enumerate(values):
                if one is not None and other is not None and (one ^ other).bit_count() <= MAX_DISTANCE:
                    wanted[at] = wanted[before] = min(wanted[at], wanted[before])
    assert firsts == wanted
    assert sizes == [wanted.count(first) for first in wanted]


def test_the_core_and_batch_know_nothing_of_the_command_line_and_other_libraries() -> None:
    code = (
        "import sys, cleaner, cleaner.pipeline, cleaner.batch, cleaner.batch.run\n"
        "print([name for name in ('click', 'pyarrow', 'zstandard', 'fastwarc', 'tqdm') if name in sys.modules])\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    code = "import sys, cleaner.pipeline; print('multiprocessing' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"
