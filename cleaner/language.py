"""The language of an article: what the page declares, what its words and letters say, and langdetect between the two."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from heapq import nlargest
from threading import Lock
from typing import Any

from .model import Block
from .stopwords import LANGUAGES, LETTERS, votes

_SAMPLE_BLOCKS, _SAMPLE_CHARS = 12, 200
"""The longest blocks, and how much of each: about 400 words say enough."""
_GLANCE_BLOCKS = 4
"""Blocks that say which phrase pack a page needs, and bear out what it declares."""
_MIN_CHARS, _MIN_DETECT_LETTERS, _DETECT_CHARS = 20, 50, 1000
_LETTER = 0.3
"""What a letter of one language alone weighs against a word of its own, which weighs 1."""
_WORD = re.compile(r"[^\W\d_]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_ASCII_LETTERS = b"abcdefghijklmnopqrstuvwxyz"
_TAG = re.compile(r"([a-z]{2,3})(?:[-_ ;,.].*)?", re.S)

# ISO 639-2 codes seen in lang attributes, retired codes, and members of a macro-language -> ISO 639-1.
_ALIASES = {
    "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "por": "pt", "nld": "nl", "dut": "nl",
    "rus": "ru", "ukr": "uk", "pol": "pl", "ces": "cs", "cze": "cs", "slk": "sk", "slo": "sk", "hun": "hu", "ron": "ro", "rum": "ro",
    "tur": "tr", "ara": "ar", "heb": "he", "hin": "hi", "jpn": "ja", "kor": "ko", "tha": "th", "vie": "vi", "ind": "id", "swe": "sv",
    "dan": "da", "nor": "no", "nob": "no", "nno": "no", "nb": "no", "nn": "no", "fin": "fi", "ell": "el", "gre": "el", "cat": "ca",
    "hrv": "hr", "srp": "sr", "bul": "bg", "zho": "zh", "chi": "zh", "cmn": "zh", "yue": "zh", "iw": "he", "in": "id", "ji": "yi",
    "jp": "ja", "cn": "zh", "kr": "ko", "ua": "uk", "cz": "cs", "gr": "el", "dk": "da", "vn": "vi",
}  # fmt: skip

_SCRIPTS = (
    ("en", "A-Za-z\u00c0-\u024f\u1e00-\u1eff"),
    ("ru", "\u0400-\u052f"),
    ("el", "\u0370-\u03ff\u1f00-\u1fff"),
    ("he", "\u0590-\u05ff"),
    ("ar", "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff"),
    ("hi", "\u0900-\u097f"),
    ("bn", "\u0980-\u09ff"),
    ("pa", "\u0a00-\u0a7f"),
    ("gu", "\u0a80-\u0aff"),
    ("ta", "\u0b80-\u0bff"),
    ("te", "\u0c00-\u0c7f"),
    ("kn", "\u0c80-\u0cff"),
    ("ml", "\u0d00-\u0d7f"),
    ("si", "\u0d80-\u0dff"),
    ("th", "\u0e00-\u0e7f"),
    ("lo", "\u0e80-\u0eff"),
    ("my", "\u1000-\u109f"),
    ("ka", "\u10a0-\u10ff"),
    ("hy", "\u0530-\u058f"),
    ("am", "\u1200-\u139f"),
    ("km", "\u1780-\u17ff"),
    ("ko", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"),
    ("ja", "\u3040-\u30ff\uff66-\uff9f"),
    ("zh", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"),
)
"""The commonest language of a script, and its letters."""
# Letters that settle a language within its script, strongest first.
_TELLING = {
    "ru": (("uk", "їєґ"), ("be", "ў"), ("mk", "ѓќѕ"), ("sr", "ђјљњћџ"), ("kk", "әқңұһ"), ("uk", "і"), ("ru", "ыэё"), ("bg", "ъ")),
    "ar": (("ur", "ٹڈںےڑ"), ("fa", "پچژگ")),
}
# Languages we have no word list for -> those they look like.
_LOOKS_LIKE = {
    "af": "nl", "an": "es", "ast": "es", "az": "tr", "be": "ru uk", "br": "fr", "bs": "hr", "fo": "da no", "fy": "nl", "gl": "pt es",
    "is": "da no", "lb": "de", "mk": "bg sr", "mr": "hi", "ms": "id", "ne": "hi", "oc": "ca fr", "ps": "ar fa", "sd": "ar", "sr": "hr",
    "ug": "ar", "yi": "he", "ckb": "ar", "sco": "en", "tt": "ru", "ky": "ru kk", "mn": "ru", "tg": "ru", "hr": "sr", "ur": "ar", "fa": "ar",
}  # fmt: skip
_factory_lock = Lock()


def language(html_lang: str, blocks: list[str], forced: str | None = None) -> str | None:
    """``<html lang>`` and the texts of the kept blocks in; an ISO 639-1 code out (Norwegian of both kinds is ``no``, Chinese ``zh``).

    ``forced`` settles it when it is a language code. None where nothing is declared and the text is too short to tell.
    """
    told = code_of(forced or "")
    if told:
        return told
    declared = code_of(html_lang)
    sample = _sample(blocks)
    if len(sample) < _MIN_CHARS:
        by_script, sure = _by_script(sample)
        return declared or (by_script if sure else None)
    if declared and _guess(sample[: _GLANCE_BLOCKS * _SAMPLE_CHARS]) == (declared, True):
        return declared
    guess, sure = _guess(sample)
    if declared and (guess in (None, declared) or _cannot_be_told(declared, guess, sure)):
        return declared
    if sure or sum(map(str.isalpha, sample)) < _MIN_DETECT_LETTERS:
        return guess
    return _langdetect(sample) or guess


def spoken(blocks: Sequence[Block]) -> str | None:
    """The language that a page's few longest blocks speak, as an ISO 639-1 code; None when a glance does not tell.

    Script and short words only: it costs a twentieth of a millisecond and never asks langdetect.
    """
    longest = nlargest(_GLANCE_BLOCKS, blocks, key=_length)
    sample = " ".join(block.text[:_SAMPLE_CHARS] for block in longest)
    return _guess(sample)[0] if len(sample) >= _MIN_CHARS else None


def _length(block: Block) -> int:
    return len(block.text)


def _cannot_be_told(declared: str, guess: str | None, sure: bool) -> bool:
    """A language we have no words for: its look-alike speaks for it, and an unsure guess does not speak against it."""
    return guess in _LOOKS_LIKE.get(declared, "").split() or (declared not in LANGUAGES and not sure)


def code_of(tag: str) -> str | None:
    """A language tag as written in ``lang`` ("en-US", "EN_us", "deu", "zh-Hans") in, ISO 639-1 out; None when it is no such tag."""
    match = _TAG.fullmatch(tag.strip().lower())
    if not match:
        return None
    code = _ALIASES.get(match[1], match[1])
    return code if len(code) == 2 and code not in ("xx", "un", "zx") else None


def _sample(blocks: list[str]) -> str:
    longest = sorted(blocks, key=len, reverse=True)[:_SAMPLE_BLOCKS]
    return " ".join(block[:_SAMPLE_CHARS] for block in longest)


def _guess(sample: str) -> tuple[str | None, bool]:
    """The language that letters and short words speak for, and whether that is beyond doubt."""
    by_script, sure = ("en", False) if sample.isascii() else _by_script(sample)
    if by_script not in ("en", "ru") or sure:
        return by_script, sure
    return _by_words(sample.lower())


def _by_script(sample: str) -> tuple[str | None, bool]:
    lowered = sample.lower()
    plain = lowered.encode("ascii", "ignore")
    letters = Counter(_NOT_ASCII.findall(lowered))
    counts = {code: 0 for code, _ in _SCRIPTS}
    counts["en"] = len(plain) - len(plain.translate(None, _ASCII_LETTERS))
    script_of = _script_of()
    for char, number in letters.items():
        code = script_of(char)
        if code:
            counts[code] += number
    if counts["ja"] * 10 > counts["zh"]:
        counts["ja"] += counts["zh"]
        counts["zh"] = 0
    # One Han character, Hangul or kana carries what two or three Latin letters do.
    counts["en"] //= 2
    best = max(counts, key=lambda code: counts[code])
    if not counts[best]:
        return None, False
    for code, telling in _TELLING.get(best, ()):
        if sum(letters[char] for char in telling) * 200 > counts[best]:
            return code, True
    return best, best not in ("en", "ru")


@cache
def _script_of() -> Any:
    ranges = [(ord(low), ord(high), code) for code, spans in _SCRIPTS for low, high in re.findall(r"(.)-(.)", spans)]

    @cache
    def find(char: str) -> str:
        point = ord(char)
        return next((code for low, high, code in ranges if low <= point <= high), "")

    return find


def _by_words(lowered: str) -> tuple[str | None, bool]:
    """A weighted vote of the commonest short words, and of letters no other language has.

    Sure: one word in ten speaks for it, and twice as many as for the next.
    """
    words = _WORD.findall(lowered)
    table = votes()
    scores: dict[str, float] = {}
    for word in words:
        if word in table:
            for code, weight in table[word]:
                scores[code] = scores.get(code, 0.0) + weight
    if not lowered.isascii():
        present = set(lowered)
        for code, letters in LETTERS.items():
            if found := sum([lowered.count(letter) for letter in letters if letter in present]):
                scores[code] = scores.get(code, 0.0) + found * _LETTER
    ranked = sorted(((score, code) for code, score in scores.items()), key=lambda pair: (-pair[0], pair[1]))
    if not ranked:
        return None, False
    (best, code), second = ranked[0], ranked[1][0] if len(ranked) > 1 else 0.0
    strong = best >= 5 and best >= 0.1 * len(words)
    if not strong and (best < 1.5 or best < 0.05 * len(words) or best < 1.3 * second):
        return None, False
    return code, strong and best >= 2 * second


def _langdetect(sample: str) -> str | None:
    """Asked only where declaration and words disagree or both are silent."""
    from langdetect.lang_detect_exception import LangDetectException

    text = sample[:_DETECT_CHARS]
    if sum(map(str.isupper, text)) > sum(map(str.islower, text)):
        text = text.lower()
    try:
        detector = _factory().create()
        detector.append(text)
        return code_of(detector.detect())
    except LangDetectException:
        return None


def _factory() -> Any:
    with _factory_lock:
        return _loaded_factory()


@cache
def _loaded_factory() -> Any:
    """A factory of our own, seeded, its profiles in a fixed order: the answer depends on the text alone."""
    from pathlib import Path

    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

    factory = DetectorFactory()
    factory.load_json_profile([path.read_text("utf-8") for path in sorted(Path(PROFILES_DIRECTORY).iterdir()) if path.is_file()])
    factory.set_seed(0)
    return factory
