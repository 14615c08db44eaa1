"""Names of authors: made clean from whatever a field holds, and found in bylines."""

from __future__ import annotations

import re
from html import unescape

from .labels import BY, BY_COLON
from .text import comparable

_MAX_NAME, _MAX_AUTHORS, _MAX_PIECES = 60, 20, 8
_MAX_VALUES, _MAX_VALUE = 100, 1000
_EDGES = " \t\n,;:|•·-–—/*\"'“”"

_BY = (
    r"(?:(?:(?:re)?written|posted|published|authored|prepared|compiled|words|story|text|articles?|recipe|report(?:ed)?|(?:guest )?post)"
    rf"\s+)?by|{BY}"
)
_GLUED = r"(?-i:(?<=[Bb]y)(?=[A-Z][a-z]))"
_LABEL = rf"(?:(?:{_BY})(?:\s?:\s?|\s|{_GLUED})|(?:{BY_COLON})\s?[:：／/]\s?)"
_LEAD = re.compile(rf"^\W{{0,3}}{_LABEL}\s*(?=\S)", re.I)
_LABEL_ONLY = re.compile(rf"\W*(?:{_BY}|{BY_COLON}|written|posted)\W*", re.I)
_BEFORE_BY = r"(?:^\W{0,3}|[|•·–—,\n]\s?|\d\d\d\d\s|\b(?:on|updated)\s|^(?:published|posted|updated|written)\s.{0,40}?\s)"
_BYLINE = re.compile(rf"{_BEFORE_BY}{_LABEL}(?=[^\W\d_])", re.I)
_NAME_END = re.compile(
    r"[|•·\t:(（／／、]|\s[–—/-]\s"
    r"|\s?\b(?:published|posted|updated|last updated|modified|reviewed|edited|fact.checked|medically|leave a|no comments)\b"
    r"|,?\s(?:on|in|at|for|about|min read)\b|,?\s?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|,?\s?\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s\d|\d",
    re.I,
)
_NAME_WORD = r"(?:[^\W\d_a-z]['’`.\w-]*|d['’]\w+)"
_PARTICLE = r"(?:de|da|do|dos|del|della|der|den|di|du|la|le|van|von|vom|zu|bin|al|el|y|e|ter|ten)"
_NAME = re.compile(rf"{_NAME_WORD}(?:\s(?:{_NAME_WORD}|{_PARTICLE})){{0,5}}")
_AND = re.compile(r"\s+(?:and|und|et|og|och|en|y|e|i|ja|és|și|ve|и|і|та|και|dan|và|&)\s+(?=[^\W\d_a-z])")
_JOINER = re.compile(r"[,;&]|and|und|et|og|och|y|with", re.I)
_DEGREE = re.compile(
    r"(?:[A-Z][A-Za-z]{0,2}\.){1,5}[A-Z]?|[A-Z]{2,6}(?:-[A-Z]{1,6})?|[A-Z]-[A-Z]{2,5}|(?:Ph|Ed|Psy|Pharm)D|[MBD](?:Sc|Ed|Eng)|Esq|Jr|Sr"
    r"|\d{2,4}|\([^)]*\)|[®™]"
)
_ROLE = re.compile(
    r"\b(?:editor|writer|reporter|correspondent|journalist|contribut(?:or|ing)|author|director|manager|(?:co-)?founder|c[etf]o|president"
    r"|professor|specialist|expert|analyst|consultant|dietitian|nutritionist|columnist|staff|senior|freelance|chief|head of|redakteur"
    r"|redaktion|rédacteur|redactor|officer|engineer|researcher|scientist|strategist|coach|attorney|partner|producer|photographer"
    r"|horticulturalist|educator|representative|coordinator|lead reviewer)s?\b",
    re.I,
)
_NOT_A_NAME = re.compile(
    r"https?:|www\.|@|[{}<>\[\]\\=#]|\.(?:com|org|net|co|io)\b\s*$|\w\.\w+\.\w"
    r"|\b(?:cookies?|newsletter|subscribe|follow|comments?|read more|minutes?|updated|published|posted)\b"
    r"|^(?:about|view|more|read|all|see|meet|last|share|image|photo|home|blog|news|menu|search|min|by|table|contents?|website|guest)\b",
    re.I,
)
_PLACEHOLDERS = frozenset(
    "admin administrator adminstrator wpadmin wp-admin webmaster wordpress root user editor author authors guest default test none null "
    "undefined unknown anonymous n/a na login owner super superadmin siteadmin moderator".split()
)


def clean_authors(values: list[str], site_names: list[str]) -> list[str]:
    """Whatever fields hold as authors ("By Ann Lee, PhD and Bo Ek | Site") in, single names in order out.

    Addresses, roles, degrees, placeholders such as "admin" and the names given as the site's own are left out.
    """
    refused = {comparable(name) for name in site_names} | _PLACEHOLDERS
    names: dict[str, str] = {}
    for value in values[:_MAX_VALUES]:
        text = _LEAD.sub("", " ".join(unescape(value[:_MAX_VALUE]).split()))
        for name in _split(text):
            key = comparable(name)
            if key not in refused and is_name(name):
                names.setdefault(key, name)
    return list(names.values())[:_MAX_AUTHORS]


def is_name(text: str) -> bool:
    """Whether a text can be somebody's name at all: short, with letters, no address and no label."""
    return 1 < len(text) <= _MAX_NAME and len(text.split()) <= 7 and any(map(str.isalpha, text)) and not _NOT_A_NAME.search(text)


def byline_names(text: str) -> str:
    """One short block ("January 3, 2025 | By Jane Doe") in, the names as written there out; empty when it is no byline.

    Newlines stand between the texts of different elements.
    """
    text = text[:_MAX_VALUE]
    match = _BYLINE.search(text)
    if not match:
        return ""
    return ", ".join(names_of_pieces(text[match.end() :].split("\n")))


def names_of_pieces(pieces: list[str]) -> list[str]:
    """The texts of an author element, one piece for each element in it ("By", "Ann Lee", "and", "Bo Ek", "May 3"), in; the names out."""
    names: list[str] = []
    goes_on = True
    for piece in pieces[:_MAX_PIECES]:
        if _JOINER.fullmatch(piece.strip()):
            goes_on = bool(names) or goes_on
        elif not _LABEL_ONLY.fullmatch(piece):
            if not goes_on:
                break
            name = _name_at_start(piece)
            if not name and names:
                break
            names += [name] if name else []
            goes_on = not names or piece.rstrip().endswith((",", "&", " and"))
    return names


def _name_at_start(piece: str) -> str:
    text = _LEAD.sub("", piece)
    end = _NAME_END.search(text)
    candidate = (text[: end.start()] if end else text).strip(_EDGES)
    first = _AND.split(candidate)[0].split(",")[0].strip(_EDGES)
    small = first[:1].islower() and first[:1] != "d"
    return candidate if is_name(first) and not small and _NAME.fullmatch(first) and len(first.split()) <= 5 else ""


def _split(text: str) -> list[str]:
    return [name for part in re.split(r"\s*[;|]\s*", text) for name in _split_commas(part)]


def _split_commas(part: str) -> list[str]:
    pieces = [piece.strip(_EDGES).removeprefix("and ") for piece in part.split(",")]
    if len(pieces) == 2 and " " not in pieces[0] and 0 < len(pieces[1].split()) <= 2 and not _follows_a_name(pieces[1]):
        return [f"{pieces[1]} {pieces[0]}"]
    people = pieces[:1] + [piece for piece in pieces[1:] if not _ROLE.search(piece)]
    names = [name.strip(_EDGES) for piece in people for name in _AND.split(piece)]
    return names if part.isupper() else names[:1] + [name for name in names[1:] if not _is_degree(name)]


def _follows_a_name(piece: str) -> bool:
    return _is_degree(piece) or bool(_ROLE.search(piece))


def _is_degree(piece: str) -> bool:
    return all(_DEGREE.fullmatch(word) for word in piece.split())
