"""Dates as pages write them in, ISO 8601 out. No clock is read: the same page gives the same date tomorrow."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from .model import Page

EARLIEST, LATEST = 1990, 2099
"""Years outside are not believed: the web is younger than the first, and the second is a slip of the pen."""
_MAX_CHARS = 200

_MONTHS = """
january jan january. januar jänner janvier janv enero ene gennaio gen janeiro januari stycznia января янв січня ocak
february feb februar février fevrier févr fév febrero febbraio fevereiro fev februari lutego февраля фев лютого şubat
march mar märz maerz mrz mars marzo março marco maart mrt marca марта мар березня mart maret
april apr avril avr abril abr aprile kwietnia апреля апр квітня nisan
may mai mayo maggio mag maio mei maj maja мая травня mayıs
june jun juni juin junio giugno giu junho czerwca июня июн червня haziran
july jul juli juillet juil julio luglio lug julho lipca июля июл липня temmuz
august aug août aout agosto ago augustus augusti sierpnia августа авг серпня ağustos agustus
september sep sept septembre septiembre setiembre settembre set setembro września сентября сен вересня eylül
october oct oktober okt octobre octubre ottobre ott outubro out października октября окт жовтня ekim
november nov novembre noviembre novembro listopada ноября ноя листопада kasım
december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro desember grudnia декабря дек грудня aralık desember
"""
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS.strip().split("\n"), 1) for name in names.split()}
_MONTH = "|".join(sorted(map(re.escape, _MONTH_OF), key=len, reverse=True))
_YEAR = r"((?:19|20)\d\d)(?![\d])"

_ANY_YEAR = re.compile(r"(?:19|20)\d\d")
_ISO = re.compile(
    r"((?:19|20)\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?!\d)"
    r"(?:[T ]\s?(\d{1,2}):(\d\d)(?::(\d\d))?(?:[.,]\d{1,9})?\s?(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?(?!\d))?",
    re.I,
)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})?)?")
_STAMP = re.compile(r"(\d{10})(?:\d{3})?(?:\.\d+)?")
_NAMED = re.compile(
    rf"(?<![\d.,/])(\d{{1,2}})(?:st|nd|rd|th|er|[º°ª.])?\s{{0,3}}(?:of\s|de\s|d['’])?[\s\-/.]{{0,3}}\b({_MONTH})\b"
    rf"\.?,?\s?(?:de\s|del\s|of\s)?[\s\-/.]{{0,3}}{_YEAR}"
    rf"|\b({_MONTH})\b\.?\s{{0,3}}(\d{{1,2}})(?:st|nd|rd|th)?(?:,|\s|\.)\s{{0,3}}{_YEAR}",
    re.I,
)
_NAMED_LAST = re.compile(rf"\b((?:19|20)\d\d)[\s,]{{1,2}}({_MONTH})\b\.?\s(\d{{1,2}})(?!\d)", re.I)
_NUMERIC = re.compile(rf"(?<![\d.,/-])(\d{{1,2}})([./-])(\d{{1,2}})\2{_YEAR}(?!\.\d)")
_CJK = re.compile(r"((?:19|20)\d\d)\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_MAIL = re.compile(r"[a-z]{3},\s\d{1,2}\s[a-z]{3}\s\d{4}\s\d", re.I)
_IN_URL = re.compile(r"[/_=-]((?:19|20)\d\d)([/_-]?)(\d\d?)\2(\d\d?)(?=[/_.?#-]|$)")


def parse_date(value: str, *, day_first: bool = False) -> str | None:
    """A date that a machine or an attribute gives in, ISO 8601 out with time and zone where they are given; None when it is no date.

    ``day_first`` settles 03/04/2025.
    """
    value = value.strip()[:_MAX_CHARS]
    if not any(map(str.isdigit, value)):
        return None
    if match := _STAMP.fullmatch(value):
        moment = datetime.fromtimestamp(int(match[1]), UTC)
        return moment.isoformat() if EARLIEST <= moment.year <= LATEST else None
    if match := _COMPACT.fullmatch(value):
        year, month, day, hour, minute, second, zone = match.groups()
        return _iso(year, month, day, hour, minute, second, zone)
    if match := _ISO.search(value):
        year, _, month, day, hour, minute, second, zone = match.groups()
        return _iso(year, month, day, hour, minute, second, zone)
    if _MAIL.match(value):
        from email.utils import parsedate_to_datetime

        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, OverflowError, IndexError):
            return None
        return moment.isoformat() if EARLIEST <= moment.year <= LATEST else None
    return find_date(value, day_first=day_first)


def find_date(text: str, *, day_first: bool = False) -> str | None:
    """The first whole date written in a text (its first 200 characters), as ``2026-01-14``; None when there is none."""
    text = text[:_MAX_CHARS]
    if not _ANY_YEAR.search(text):
        return None
    found: list[tuple[int, str]] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            value = _numeric(match, day_first) if read is None else read(match)
            if value:
                found.append((match.start(), value))
                break
    return min(found)[1] if found else None


def date_in_url(url: str) -> str | None:
    """The date in an address like ``/2026/01/14/title``; None when there is none."""
    match = _IN_URL.search(url)
    return _iso(match[1], match[3], match[4]) if match else None


def deep_search(page: Page) -> str | None:
    """The date that htmldate finds on the whole page: slow, and right about twice in three times."""
    if not page.elements:
        return None
    from htmldate import find_date as search
    from lxml import etree

    # htmldate prunes the tree it is given, so it gets a copy; a fixed last day keeps the clock out of the answer.
    copy = etree.tostring(page.elements[0].getroottree(), encoding="unicode", method="html")
    first, last = f"{EARLIEST}-01-01", f"{LATEST}-12-31"
    try:
        return search(copy, url=page.url, original_date=True, extensive_search=True, min_date=first, max_date=last)
    except (ValueError, TypeError, AttributeError, etree.LxmlError):
        return None


def days_apart(one: str, other: str) -> int:
    """Days between the days of two ISO 8601 dates, never negative."""
    return abs((date.fromisoformat(one[:10]) - date.fromisoformat(other[:10])).days)


def _named(match: re.Match[str]) -> str | None:
    day, month, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
    return _iso(year, str(_MONTH_OF[month.lower()]), day)


def _named_last(match: re.Match[str]) -> str | None:
    return _iso(match[1], str(_MONTH_OF[match[2].lower()]), match[3])


def _year_first(match: re.Match[str]) -> str | None:
    return _iso(match[1], match[3], match[4])


def _cjk(match: re.Match[str]) -> str | None:
    return _iso(match[1], match[2], match[3])


def _numeric(match: re.Match[str], day_first: bool) -> str | None:
    first, separator, second, year = match.groups()
    if separator == "." or int(first) > 12 or (day_first and int(second) <= 12):
        return _iso(year, second, first)
    return _iso(year, first, second)


_READERS = ((_NAMED, _named), (_NAMED_LAST, _named_last), (_ISO, _year_first), (_NUMERIC, None), (_CJK, _cjk))


def _iso(
    year: str, month: str, day: str, hour: str | None = None, minute: str | None = None, second: str | None = None, zone: str | None = None
) -> str | None:
    try:
        whole = date(int(year), int(month), int(day)).isoformat()
        if not EARLIEST <= int(year) <= LATEST:
            return None
        if hour is None or minute is None:
            return whole
        return datetime.fromisoformat(f"{whole}T{int(hour):02}:{minute}:{second or '00'}{_zone(zone)}").isoformat()
    except ValueError:
        return None


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    if zone.upper() in ("Z", "UTC", "GMT"):
        return "+00:00"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"
