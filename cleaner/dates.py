"""Dates as pages write them in, ISO 8601 out. No clock is read: the same page gives the same date tomorrow."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from itertools import groupby

from .model import Page
from .page import tree

EARLIEST, LATEST = 1990, 2099
"""Years outside are not believed: the web is younger than the first, and the second is a slip of the pen."""
_MAX_CHARS = 200

# A month a line, as dates name it: the case that dates want, short forms, and the bare name. "_" stands for a space.
# Croatian October (listopada) is missing: in Polish it is November.
_MONTHS = """
january jan january. januar jänner janvier janv enero ene gennaio gen janeiro januari stycznia styczeń sty января янв січня ocak tammikuuta
  tammikuu ledna leden januára január ianuarie ian gener januarja siječnja jaanuar януари ιανουαρίου ιανουάριος ιαν tháng_1 tháng_01 tháng_một
  tháng_giêng يناير جانفي كانون_الثاني ژانویه ינואר בינואר
february feb februar février fevrier févr fév febrero febbraio fevereiro fev februari lutego luty lut февраля фев лютого şubat helmikuuta
  helmikuu února únor februára február febr februarie febrer februarja veljače veebruar февруари φεβρουαρίου φεβρουάριος φεβ tháng_2 tháng_02
  tháng_hai فبراير فيفري شباط فوریه פברואר בפברואר
march mar märz maerz mrz mars marzo março marco maart mrt marca marzec марта мар березня mart maret marts maaliskuuta maaliskuu března březen
  marec március márc martie març ožujka märts март μαρτίου μάρτιος μαρ tháng_3 tháng_03 tháng_ba مارس آذار מרץ במרץ מרס
april apr avril avr abril abr aprile kwietnia kwiecień kwi апреля апр квітня nisan huhtikuuta huhtikuu dubna duben apríla apríl április ápr
  aprilie aprila travnja aprill април απριλίου απρίλιος απρ tháng_4 tháng_04 tháng_tư أبريل إبريل أفريل نيسان آوریل אפריל באפריל
may mai mayo maggio mag maio mei maj maja мая травня mayıs toukokuuta toukokuu května květen mája máj május maig svibnja май μαΐου μάιος μαϊ
  tháng_5 tháng_05 tháng_năm مايو ماي أيار مه מאי במאי
june jun juni juin junio giugno giu junho czerwca czerwiec cze июня июн червня haziran kesäkuuta kesäkuu června červen júna jún június iunie
  iun juny junija lipnja juuni юни ιουνίου ιούνιος ιουν tháng_6 tháng_06 tháng_sáu يونيو يونيه جوان حزيران ژوئن יוני ביוני
july jul juli juillet juil julio luglio lug julho lipca lipiec lip июля июл липня temmuz heinäkuuta heinäkuu července červenec júla júl július
  iulie iul juliol julija srpnja juuli юли ιουλίου ιούλιος ιουλ tháng_7 tháng_07 tháng_bảy يوليو يوليه جويلية تموز ژوئیه יולי ביולי
august aug août aout agosto ago augustus augusti sierpnia sierpień sie августа авг серпня ağustos agustus elokuuta elokuu srpna srpen augusta
  augusztus agost avgusta kolovoza август αυγούστου αύγουστος αυγ agu agt tháng_8 tháng_08 tháng_tám أغسطس أوت آب اوت אוגוסט באוגוסט
september sep sept septembre septiembre setiembre settembre set setembro września wrzesień wrz сентября сен вересня eylül syyskuuta syyskuu
  září septembra szeptember szept septembrie setembre rujna септември σεπτεμβρίου σεπτέμβριος σεπ σεπτ tháng_9 tháng_09 tháng_chín سبتمبر أيلول
  سپتامبر ספטמבר בספטמבר
october oct oktober okt octobre octubre ottobre ott outubro out października październik paź октября окт жовтня ekim lokakuuta lokakuu října
  říjen októbra október octombrie oktobra oktoober октомври οκτωβρίου οκτώβριος οκτ tháng_10 tháng_mười أكتوبر تشرين_الأول اکتبر אוקטובר
  באוקטובר
november nov novembre noviembre novembro listopada listopad lis ноября ноя листопада kasım marraskuuta marraskuu listopadu novembra noiembrie
  noi studenoga studenog ноември νοεμβρίου νοέμβριος νοε tháng_11 tháng_mười_một نوفمبر تشرين_الثاني نوامبر נובמבר בנובמבר
december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro desember grudnia grudzień gru декабря дек грудня aralık
  desember joulukuuta joulukuu prosince prosinec decembra decembrie desembre prosinca detsember декември δεκεμβρίου δεκέμβριος δεκ des tháng_12
  tháng_mười_hai tháng_chạp ديسمبر كانون_الأول دسامبر דצמבר בדצמבר
"""  # noqa: E501
_DIGITS = {zero + digit: str(digit) for zero in (0x660, 0x6F0, 0xFF10) for digit in range(10)}
"""Arabic, Persian and full-width digits."""


def _plain(text: str) -> str:
    """Small letters without accents, and ASCII digits: months are compared so, because capitals lose their accents in many languages."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFD", text.translate(_DIGITS).lower().replace("\u0131", "i"))
    return unicodedata.normalize("NFC", "".join(letter for letter in letters if not unicodedata.combining(letter)))


def _month_names() -> dict[str, int]:
    lines = _MONTHS.strip().replace("\n  ", " ").split("\n")
    return {name.replace("_", " "): number for number, names in enumerate(lines, 1) for name in _plain(names).split()}


_MONTH_OF = _month_names()


def _month_pattern() -> str:
    """All months, gathered by first letter: hundreds of alternatives would be tried at every word."""
    longest_first = sorted(_MONTH_OF, key=lambda name: (name[0], -len(name)))
    groups = ((first, "|".join(name[1:].replace(" ", r"\s") for name in names)) for first, names in groupby(longest_first, key=lambda name: name[0]))  # noqa: E501
    return "|".join(f"{first}(?:{rest})" for first, rest in groups)


MONTH = _month_pattern()
"""Names of months, lower case, as the alternatives of a pattern."""
_YEAR = r"((?:19|20)\d\d)(?![\d])"

_ANY_YEAR = re.compile(r"\d{4}")
_ISO = re.compile(
    r"((?:19|20)\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?!\d)"
    r"(?:[T ]\s?(\d{1,2}):(\d\d)(?::(\d\d))?(?:[.,]\d{1,9})?\s?(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?(?!\d))?",
    re.I,
)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})?)?")
_STAMP = re.compile(r"(\d{10})(?:\d{3})?(?:\.\d+)?")
_NAMED = re.compile(
    rf"(?<![\d.,/])(\d{{1,2}})(?:st|nd|rd|th|er|[º°ª.])?\s{{0,3}}(?:of\s|de\s|d['’])?[\s\-/.]{{0,3}}\b({MONTH})\b"
    rf"\.?[,،]?\s?(?:de\s|del\s|of\s|nam\s)?[\s\-/.]{{0,3}}{_YEAR}"
    rf"|\b({MONTH})\b\.?\s{{0,3}}(\d{{1,2}})(?:st|nd|rd|th)?(?:,|\s|\.)\s{{0,3}}{_YEAR}"
)
_NAMED_LAST = re.compile(rf"\b((?:19|20)\d\d)[\s,.]{{1,2}}({MONTH})\b\.?\s(\d{{1,2}})(?!\d)")
_NUMERIC = re.compile(rf"(?<![\d.,/-])(\d{{1,2}})([./-])(\d{{1,2}})\2{_YEAR}(?!\.\d)")
_CJK = re.compile(r"((?:19|20)\d\d)\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日号號일]")
_SPACED = re.compile(r"(?<!\d)((?:19|20)\d\d)\.\s(\d{1,2})\.\s(\d{1,2})(?:\.|(?!\d))")
"""Hungarian and Korean: 2026. 03. 12."""
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
    text = _plain(text)
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
    root = tree(page)
    if root is None:
        return None
    from htmldate import find_date as search
    from lxml import etree

    # A fixed last day keeps the clock out of the answer.
    whole = etree.tostring(root.getroottree(), encoding="unicode", method="html")
    first, last = f"{EARLIEST}-01-01", f"{LATEST}-12-31"
    try:
        return search(whole, url=page.url, original_date=True, extensive_search=True, min_date=first, max_date=last)
    except (ValueError, TypeError, AttributeError, etree.LxmlError):
        return None


def days_apart(one: str, other: str) -> int:
    """Days between the days of two ISO 8601 dates, never negative."""
    return abs((date.fromisoformat(one[:10]) - date.fromisoformat(other[:10])).days)


def _named(match: re.Match[str]) -> str | None:
    day, month, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
    return _iso(year, str(_MONTH_OF[" ".join(month.split())]), day)


def _named_last(match: re.Match[str]) -> str | None:
    return _iso(match[1], str(_MONTH_OF[" ".join(match[2].split())]), match[3])


def _year_first(match: re.Match[str]) -> str | None:
    return _iso(match[1], match[3], match[4])


def _in_order(match: re.Match[str]) -> str | None:
    return _iso(match[1], match[2], match[3])


def _numeric(match: re.Match[str], day_first: bool) -> str | None:
    first, separator, second, year = match.groups()
    if separator == "." or int(first) > 12 or (day_first and int(second) <= 12):
        return _iso(year, second, first)
    return _iso(year, first, second)


_READERS = ((_NAMED, _named), (_NAMED_LAST, _named_last), (_ISO, _year_first), (_NUMERIC, None), (_CJK, _in_order), (_SPACED, _in_order))


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
