"""Bytes in, text out, and what kind of thing it is: an HTML page, plain text, or no page at all.

Evidence for the encoding, strongest first: byte order mark, the transport's hint, UTF-16 without a mark, valid UTF-8, the page's
own declaration, statistics over a sample, Windows-1252.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import Literal

from .formats import binary_reason, looks_like_feed, looks_like_html, looks_like_json

Kind = Literal["html", "text", "binary"]
Input = Literal["auto", "html", "text"]

_HEAD_BYTES = 4096
"""Where a declaration is looked for. The HTML standard says 1,024; real heads put scripts first."""
_SAMPLE_BYTES = 65536

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_LABEL = r"[\"']?\s{0,9}([\w.:-]{2,40})"
_DECLARED = re.compile(rf"<meta[^>]{{0,300}}?charset\s{{0,9}}=\s{{0,9}}{_LABEL}|<\?xml[^>]{{0,200}}?encoding\s?=\s?{_LABEL}".encode(), re.I)
_HINTED = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)

# Labels of the WHATWG Encoding Standard (https://encoding.spec.whatwg.org/#names-and-labels) that Python lacks or reads otherwise.
_LABELS = {
    "ansi_x3.4-1968": "cp1252", "unicode-1-1-utf-8": "utf-8", "x-unicode20utf8": "utf-8", "dos-874": "cp874", "windows-874": "cp874",
    "iso-8859-8-i": "cp1255", "iso-8859-8-e": "cp1255", "logical": "cp1255", "visual": "cp1255", "koi": "koi8-r", "koi8": "koi8-r",
    "koi8-ru": "koi8-u", "x-mac-cyrillic": "mac-cyrillic", "x-mac-ukrainian": "mac-cyrillic", "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman", "x-cp1250": "cp1250", "x-cp1251": "cp1251", "x-cp1252": "cp1252", "x-cp1253": "cp1253",
    "x-cp1254": "cp1254", "x-cp1255": "cp1255", "x-cp1256": "cp1256", "x-cp1257": "cp1257", "x-cp1258": "cp1258", "x-gbk": "gb18030",
    "x-sjis": "cp932", "windows-31j": "cp932", "x-euc-jp": "euc_jp", "windows-949": "cp949", "ks_c_5601-1989": "cp949",
    "ksc_5601": "cp949", "x-x-big5": "big5hkscs", "cn-big5": "big5hkscs",
}  # fmt: skip
# Python codec -> the codec that browsers use for that name.
_AS_BROWSERS_DO = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874", "iso8859-8": "cp1255",
    "gb2312": "gb18030", "gbk": "gb18030", "hz": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "johab": "cp949", "big5": "big5hkscs",
}  # fmt: skip
_SINGLE_BYTE_LATIN = frozenset({"cp1250", "cp1252", "cp1254", "cp1257", "cp1258", "iso8859-2", "iso8859-4", "iso8859-15", "iso8859-16"})
_CODECS = _SINGLE_BYTE_LATIN | {
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp866", "cp874", "cp932", "cp949", "cp1251", "cp1253",
    "cp1255", "cp1256", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "gb18030", "big5hkscs", "euc_jp", "iso2022_jp",
    *(f"iso8859-{number}" for number in (3, 5, 6, 7, 10, 13, 14)),
}  # fmt: skip
_DETECTABLE = [
    "cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "cp866", "koi8_r", "koi8_u",
    "iso8859_2", "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "mac_cyrillic", "cp932", "euc_jp", "gb18030", "big5", "cp949",
]  # fmt: skip
_MOJIBAKE_SIGNS = ("\u00c3", "\u20ac", "\u00c2")
"""One of them is in all mojibake; single characters are found many times faster than pairs."""
# What the second and third bytes of UTF-8 (80 to BF) are in Windows-1252.
_CONTINUED = (
    "[\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d"
    "\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]"
)
_MOJIBAKE = re.compile(f"\u00c3{_CONTINUED}|\u00e2\u20ac{_CONTINUED}|\u00c2[\u00a0-\u00bf]")
_MANY_PLACES = 3
_WESTERN = frozenset("éèêëàâäáãåæçîïíìñôöóòõøœùûüúÿßÉÈÊËÀÂÄÁÃÅÆÇÎÏÍÑÔÖÓØŒÙÛÜÚ«»‹›¡¿‘’‚“”„…–—•€£¥§©®™°·²½¼¾ªº\xa0\xad´")
_NOT_PORTUGUESE = re.compile("[õÕ](?![eE])")


@dataclass(slots=True)
class Decoded:
    """What the bytes turned out to be."""

    kind: Kind
    text: str
    """Without NULs, byte order mark and lone surrogates, newlines as ``\\n``; empty when binary."""
    encoding: str
    """Name of the Python codec used; ``unicode`` when the input was text already, empty when binary."""
    warnings: list[str] = field(default_factory=list)
    reason: str = ""
    """Why a binary input is no page."""


def decode(data: bytes | str, *, hint: str | None = None, input: Input = "auto") -> Decoded:
    """Any bytes or text in, a ``Decoded`` out; never raises on content.

    ``hint`` is what the transport said: a charset label or a whole ``Content-Type`` value. ``input`` says whether to
    read HTML or plain text; ``auto`` tells them apart by content.
    """
    start = data[:_HEAD_BYTES].encode("latin-1", "replace") if isinstance(data, str) else bytes(data[:_HEAD_BYTES])
    reason = binary_reason(start, wide=_without_mark(start) is not None)
    if reason:
        return Decoded("binary", "", "", reason=reason)
    warnings: list[str] = []
    if isinstance(data, str):
        text, encoding = _without_surrogates(data, warnings), "unicode"
    else:
        text, encoding = _decode_bytes(bytes(data), hint, warnings)
    text = _tidy(text, nuls=isinstance(data, str) or b"\0" in data)
    _tell_mojibake(text, warnings)
    kind = _kind(text, warnings) if input == "auto" else input
    return Decoded(kind, text, encoding, warnings)


def _decode_bytes(data: bytes, hint: str | None, warnings: list[str]) -> tuple[str, str]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], name, warnings), name
    hinted = _codec_hinted(hint, warnings)
    if hinted and (text := _strict(data, hinted)) is not None:
        return text, hinted
    if hinted:
        warnings.append(f"the hint says {hinted}, but the bytes are not valid {hinted}")
    wide = _without_mark(data)
    if wide:
        return _lenient(data, wide, warnings), wide
    declared = _declared(data, warnings)
    if b"\x1b" in data and b"\x1b$" in data and (text := _strict(data, "iso2022_jp")) is not None:
        return text, "iso2022_jp"
    if (text := _strict(data, "utf-8")) is not None:
        if declared not in ("", "utf-8") and len(text) != len(data):
            warnings.append(f"the page declares {declared}, but its bytes are valid UTF-8: read as UTF-8")
        return text, "utf-8"
    return _not_utf8(data, declared, warnings)


def _codec_hinted(hint: str | None, warnings: list[str]) -> str:
    found = _HINTED.search(hint or "")
    label = found[1] if found else (hint or "").partition(";")[0]
    if not label or "/" in label:
        return ""
    name = codec_of(label)
    if not name:
        warnings.append(f"the hint names an unknown encoding: {label[:40]!r}")
    return name


def _not_utf8(data: bytes, declared: str, warnings: list[str]) -> tuple[str, str]:
    """The slow road of the pages that are not valid UTF-8 throughout."""
    text = data.decode("utf-8", "replace")
    broken, continuation_bytes = text.count("\ufffd"), len(data) - len(text)
    if broken * 10 <= continuation_bytes:
        return _lenient(data, "utf-8", warnings), "utf-8"
    if declared not in ("", "utf-8"):
        text = data.decode(declared, "replace")
        high_bytes = len(data) - len(data.translate(None, bytes(range(128, 256))))
        if text.count("\ufffd") * 20 <= high_bytes:
            return _lenient(data, declared, warnings), declared
        warnings.append(f"the page declares {declared}, but its bytes are not valid {declared}")
    elif declared:
        warnings.append("the page declares utf-8, but its bytes are not valid UTF-8")
    name = _detected(data) or "cp1252"
    return _lenient(data, name, warnings), name


def codec_of(label: str) -> str:
    """An encoding label as found on the web in, the name of the Python codec that reads it as browsers do out; empty when unknown."""
    label = label.strip().lower()
    try:
        name = codecs.lookup(_LABELS.get(label, label)).name
    except (LookupError, ValueError):
        return ""
    name = _AS_BROWSERS_DO.get(name, name)
    return name if name in _CODECS else ""


def _declared(data: bytes, warnings: list[str]) -> str:
    """The codec that the page's own head names; UTF-16 and 32 cannot be true of bytes in which a declaration could be read."""
    found = _DECLARED.search(data, 0, _HEAD_BYTES)
    if not found:
        return ""
    label = (found[1] or found[2]).decode("ascii", "ignore")
    name = codec_of(label)
    if not name:
        warnings.append(f"the page declares an encoding that is not read: {label!r}")
    return "utf-8" if name.startswith("utf-") else name


def _without_mark(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark, by where the NULs stand; None for anything else."""
    sample = data[:1024]
    sample = sample[: len(sample) // 4 * 4]
    if len(sample) < 4 or b"\0" not in sample:
        return None
    quarter = len(sample) // 4
    nulls = [sample[place::4].count(0) / quarter for place in range(4)]
    if min(nulls[1:]) > 0.9 and nulls[0] < 0.1:
        return _if_readable(sample, "utf-32-le")
    if min(nulls[:3]) > 0.9 and nulls[3] < 0.1:
        return _if_readable(sample, "utf-32-be")
    even, odd = (nulls[0] + nulls[2]) / 2, (nulls[1] + nulls[3]) / 2
    if odd > 0.1 and even <= odd / 10:
        return _if_readable(sample, "utf-16-le")
    if even > 0.1 and odd <= even / 10:
        return _if_readable(sample, "utf-16-be")
    return None


def _if_readable(sample: bytes, name: str) -> str | None:
    text = sample.decode(name, "replace")
    readable = sum(char.isprintable() or char.isspace() for char in text)
    return name if readable >= 0.95 * len(text) else None


def _detected(data: bytes) -> str:
    """What statistics say of a sample that begins shortly before the first byte that is not ASCII; empty when nothing fits."""
    from charset_normalizer import from_bytes

    first = re.search(rb"[\x80-\xff]", data)
    begin = max(0, first.start() - 200) if first else 0
    sample = data[begin : begin + _SAMPLE_BYTES]
    best = from_bytes(sample, cp_isolation=_DETECTABLE).best()
    name = codec_of(best.encoding) if best else ""
    return "cp1252" if name in _SINGLE_BYTE_LATIN and _is_western(sample) else name


def _is_western(sample: bytes) -> bool:
    """Whether all accents, read as Windows-1252, are Western ones: few accents mislead statistics. Hungarian shows by its õ."""
    letters = sample.translate(None, bytes(range(128))).decode("cp1252", "replace")
    return set(letters) <= _WESTERN and not _NOT_PORTUGUESE.search(sample.decode("cp1252", "replace"))


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, ValueError):
        return None


def _lenient(data: bytes, name: str, warnings: list[str]) -> str:
    text = _strict(data, name)
    if text is None:
        text = data.decode(name, "replace")
        warnings.append(f"{text.count(chr(0xFFFD))} characters could not be read as {name} and were replaced")
    return text


def _without_surrogates(text: str, warnings: list[str]) -> str:
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        warnings.append("lone surrogates were replaced")
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _tell_mojibake(text: str, warnings: list[str]) -> None:
    """Say when text was UTF-8, was read as Windows-1252, and saved so, before it came here. It is left as it is."""
    if not text.isascii() and any(sign in text for sign in _MOJIBAKE_SIGNS):
        places = len(_MOJIBAKE.findall(text))
        if places >= _MANY_PLACES:
            warnings.append(f"mojibake: {places} characters look like UTF-8 that was once read as Windows-1252")


def _tidy(text: str, *, nuls: bool) -> str:
    """``nuls``: whether there may be any; bytes are searched for them much faster than text that is not ASCII."""
    text = text.removeprefix("\ufeff")
    if nuls and "\0" in text:
        text = text.replace("\0", "")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _kind(text: str, warnings: list[str]) -> Kind:
    if looks_like_feed(text):
        warnings.append("this is a feed or other XML, not an article page: read as HTML")
        return "html"
    if looks_like_html(text):
        return "html"
    if looks_like_json(text):
        warnings.append("this looks like JSON, not a page: read as plain text")
    return "text"
