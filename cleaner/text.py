"""Text as it is shown, and text as it is compared: the one place where white space and punctuation are folded."""

from __future__ import annotations

import re

BREAK = "\u2028"
"""Stands for ``<br>`` in raw runs (no HTML parser yields it from ordinary pages)."""

_INVISIBLE_CHARACTERS = "\u00ad\u200b\u2060\ufeff"
_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE_CHARACTERS))
_HAS_INVISIBLE = re.compile(f"[{_INVISIBLE_CHARACTERS}]").search
_QUOTES = {ord(a): b for a, b in zip("\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2032\u2033\u02bc", "''''\"\"\"\"'\"'", strict=True)}
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
# Turkish capitals lose their dots and small letters gain them; the Arabic lengthening stroke and non-joiner are only typography.
_LETTERS = {0x130: "i", 0x131: "i", 0x307: None, 0x640: None, 0x200C: None}
_COMPARE = {**_QUOTES, **_DASHES, ord("\u2026"): "...", **_INVISIBLE, **_LETTERS}
_COMPARE_PLAIN = {chr(character): plain or "" for character, plain in _COMPARE.items()}
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_LONG_WORD = 12
"""Mean characters a word above which a text may be written without spaces (the longest European means are near 8)."""
_OUTER = (
    " \t\n\"'`.,:;!?-_*|/\\<>()[]{}#~+=&\u00ab\u00bb\u2039\u203a\u2022\u00b7\u25cf\u25aa\u25b6\u25ba\u25b8"
    "\u2192\u2190\u2191\u2193\u00bf\u00a1\u3002\u3001\uff01\uff1f\uff1a"
    "\u3008\u3009\u300a\u300b\u300c\u300d\u300e\u300f\u3010\u3011\u3014\u3015\uff08\uff09\uff0c\uff1b\uff5c\uff5e\u30fb"
    "\u25bc\u25b2\u25a0\u25a1\u25c6\u2605\u2606\u060c\u061b\u061f\u2026\u00b6\U0001f517\ufe0f"
)


def fold(raw: str) -> str:
    """Raw characters of a block in, shown text out: white space folded, ``BREAK`` a newline, invisible characters gone."""
    if not raw.isascii():
        if _HAS_INVISIBLE(raw):
            raw = raw.translate(_INVISIBLE)
        if BREAK in raw:
            lines = (" ".join(line.split()) for line in raw.split(BREAK))
            return "\n".join(line for line in lines if line)
    return " ".join(raw.split())


def fold_and_count(raw: str) -> tuple[str, int]:
    """``fold`` and ``count_words`` at once: raw characters in, shown text and its words out."""
    if not raw.isascii() and (_HAS_INVISIBLE(raw) or BREAK in raw):
        text = fold(raw)
        return text, count_words(text)
    parts = raw.split()
    text = " ".join(parts)
    return text, len(parts) if text.isascii() or len(text) < _LONG_WORD * len(parts) else count_words(text)


def fold_line(raw: str) -> str:
    """``fold`` for a line of a text page, where tabs part the cells of a table."""
    return "\t".join(filter(None, map(fold, raw.split("\t")))) if "\t" in raw else fold(raw)


def verbatim(raw: str) -> str:
    """Raw characters of a code block in, the code as shown out: nothing folded, no blank lines around it."""
    return raw.replace(BREAK, "\n").strip("\n").rstrip()


def comparable(text: str) -> str:
    """Shown text in, the form in which wordings are compared out: case, quotes, dashes and white space folded."""
    if text.isascii():
        lowered = text.lower()
        return lowered if _is_folded(lowered) else " ".join(lowered.split())
    return " ".join(text.translate(_COMPARE).casefold().split())


def comparable_all(texts: list[str]) -> list[str]:
    """``comparable`` of many texts at once, which is several times cheaper."""
    compared = [text.lower() for text in texts]
    odd = [at for at, text in enumerate(texts) if not text.isascii()]
    if odd:
        whole = "\0".join([texts[at] for at in odd])
        for character, plain in _COMPARE_PLAIN.items():
            if character in whole:
                whole = whole.replace(character, plain)
        for at, text in zip(odd, whole.casefold().split("\0"), strict=True):
            compared[at] = text
    whole = "\0".join(compared).replace("\n", " ").replace("\t", " ")
    compared = whole.split("\0") if texts else []
    return [" ".join(text.split()) for text in compared] if "  " in whole else compared


def _is_folded(text: str) -> bool:
    """Whether white space is single spaces inside, as in nearly every block's text."""
    return not ("\n" in text or "  " in text or "\t" in text or text[:1] == " " or text[-1:] == " ")


def bare(compared: str) -> str:
    """A ``comparable`` text without the punctuation and arrows around it: "« You may also like: »" gives "you may also like"."""
    return compared.strip(_OUTER)


def count_words(text: str) -> int:
    """Words of a text; scripts written without spaces count two characters a word."""
    words = len(text.split())
    if text.isascii() or len(text) < _LONG_WORD * words:
        return words
    return words + len(_UNSPACED.findall(text)) // 2
