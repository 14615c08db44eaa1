"""A 64-bit simhash of a text: copies of one article differ in few bits, other texts in about 32.

1. Words are the case-folded runs of ``\\w``; of scripts written without spaces each character is a word.
2. A word's hash is its blake2b of 8 bytes, little-endian. A shingle is three neighbouring words (fewer, if the text has fewer):
   s = h1; s = mix(s) + h2; s = mix(s) + h3; s = mix(s), modulo 2**64, with the finaliser of SplitMix64 as mix.
3. Bit i of the fingerprint is set if it is set in more than half of the distinct shingles.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_SHINGLE = 3


def fingerprint(text: str) -> str | None:
    """A text in; 16 hexadecimal digits out, None for a text without words. The same in every process and on every machine."""
    import numpy as np

    words = _WORD.findall(text.casefold())
    if not words:
        return None
    hashes = np.fromiter(map(_hash, words), np.uint64, len(words))
    width = min(_SHINGLE, len(hashes))
    shingles = hashes[: len(hashes) - width + 1]
    for step in range(1, width):
        shingles = _mix(shingles) + hashes[step : step + len(shingles)]
    distinct = np.unique(_mix(shingles)).astype("<u8")
    counts = np.unpackbits(distinct.view(np.uint8).reshape(-1, 8), axis=1, bitorder="little").sum(axis=0, dtype=np.int64)
    bits = np.packbits(counts * 2 > len(distinct), bitorder="little")
    return f"{int.from_bytes(bits.tobytes(), 'little'):016x}"


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of SplitMix64 (public domain, S. Vigna)."""
    import numpy as np

    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
