"""The title of an article: what the head says against the headings on the page, or the last heading-like line of a text."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from html import unescape

from .authors import byline_names
from .dates import find_date
from .labels import BY, BY_COLON, PUBLISHED, UPDATED
from .model import Page
from .text import bare, comparable

_MAX_TITLE = 300
_HEADINGS = 20
_TEXT_BLOCKS = 60
_MAX_BYLINE_WORDS = 40
_CJK = r"[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uff01-\uff5e」』】]"
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_SEPARATOR = re.compile(
    rf"\s+[|–—»«·•:/\\-]{{1,2}}\s+|\s*[|»«｜－]\s*|\s::\s|:\s|(?<={_CJK})[-_–—](?={_CJK})|(?<={_CJK})\s?_\s?|\s_\s?(?={_CJK})"
)
_LOOSE = re.compile(r"\s+[|»«·•]\s+|\s::\s|\s?[｜_]\s?")
_LABEL = re.compile(r"^(?:title|headline)\s?:\s?", re.I)
_PERMALINK = re.compile(r"(?:\s*[¶🔗⚓\ufe0f]+|\s+[#§])$")
"""The sign with which a heading links to itself; a glued "#" may be part of a name ("C#")."""
_BYLINE_START = re.compile(rf"(?:(?:written|last updated|{BY}|{PUBLISHED})\b|(?:{BY_COLON})\s?[:：／/]|(?:{UPDATED}))", re.I)
_FURNITURE = re.compile(r"^(?:skip to|share|leave a|\d+ (?:min|comments?))\b|\bmin(?:ute)?s? read\b", re.I)
_LONE_BY = re.compile(rf"(?:posted by|{BY}|{BY_COLON})\s?[:：]?", re.I)
_LONE_DATE = re.compile(rf"(?:{PUBLISHED}|(?:last )?(?:{UPDATED})[^\W\d\u3000-\ud7af]{{0,8}})\s?[:：]?", re.I)
_REPORTER = re.compile(r"[【［(（]?(?:本[報报]|中央社)?[記记]者\s?\S{2,4}?\s?[／/╱].{2,12}|\S{2,4}\s(?:\S{1,4}\s)?(?:기자|특파원)|.{2,8}\s?[記记]者", re.I)  # noqa: E501
"""Chinese, Korean and Japanese reporters' lines, which have no word for "by"."""
_BREADCRUMB = re.compile(
    r"\s[»›>]\s|^(?:home(?:page)?|start|startseite|startsida|accueil|inicio|início|inici|hem|hjem|forsiden?|etusivu|strona główna|domů|úvod|"  # noqa: E501
    r"domov|kezdőlap|főoldal|acasă|главная|головна|αρχική|ana ?sayfa|beranda|trang chủ|الرئيسية|خانه|דף הבית|ראשי|首[页頁]|ホーム|トップ|홈)\s?[/»›>|＞]",  # noqa: E501
    re.I,
)
_SENTENCE_END = (".", ";", ":", ",", "…", "。", "：", "؛", "،")


def head_titles(candidates: list[str], site_names: list[str]) -> list[str]:
    """Titles as the head gives them, best first, in; the same without the site's name, and without repeats, out."""
    titles = (_without_section(without_site(clean_title(candidate), site_names)) for candidate in candidates)
    found = list(dict.fromkeys(title for title in titles if title))
    return [title for title in found if not _is_site(title, site_names)] or found


def choose_title(titles: list[str], headings: list[str], site_names: list[str]) -> str | None:
    """Titles of the head and the texts of the <h1> elements in, the title a reader sees out; None where there is neither.

    A heading that the head agrees with is the title; the head alone is, where all headings speak of something else.
    """
    shown = [title for heading in headings[:_HEADINGS] if (title := without_site(clean_title(heading), site_names))]
    shown = [title for title in shown if not _is_site(title, site_names)]
    if not titles:
        return shown[0] if shown else None
    scored = [(max(agreement(heading, title) for title in titles) - 0.03 * place, -place, heading) for place, heading in enumerate(shown)]
    best, _, heading = max(scored, default=(0.0, 0, ""))
    if best < 0.3:
        return titles[0]
    return next((title for title in titles if _is_tail(heading, title)), heading)


def clean_title(text: str) -> str:
    """White space folded, entities resolved (also those escaped twice), no permalink sign; empty when too long to be a title."""
    text = " ".join(_LABEL.sub("", unescape(unescape(text)) if "&" in text else text).split())
    text = _PERMALINK.sub("", text)
    return text if len(text) <= _MAX_TITLE else ""


def agreement(one: str, other: str) -> float:
    """How much two titles share: 1 when they are compared as equal, else the share of their words that they have in common."""
    first, second = bare(comparable(one)), bare(comparable(other))
    if first == second:
        return 1.0
    words, others = set(re.findall(r"\w+", first)), set(re.findall(r"\w+", second))
    if not words or not others:
        return 0.0
    common = len(words & others)
    return 0.99 * max(common / len(words | others), 0.9 * common / min(len(words), len(others)) if common > 2 else 0.0)


def without_site(title: str, site_names: list[str]) -> str:
    """A title like "Title | Site" or "Site: Title" in, "Title" out, for the names the site goes by."""
    for _ in range(2):
        parts = list(_SEPARATOR.finditer(title))
        if not parts:
            return title
        first = parts[0]
        if any(_is_site(title[part.end() :], site_names) for part in parts):
            title = title[: next(part for part in parts if _is_site(title[part.end() :], site_names)).start()]
        elif _squeezed(title[: first.start()]) in map(_squeezed, site_names):
            title = title[first.end() :]
        else:
            return title
    return title


def _without_section(title: str) -> str:
    """The title without its short last part: "How sleep rewires brains | Opinion". In titles a bar stands for nothing else."""
    head, bar, tail = title.rpartition("|")
    return head.rstrip() if bar and len(tail.split()) <= 4 and len(head.split()) >= max(3, len(tail.split())) else title


def suffix(title: str, headings: list[str]) -> str:
    """The site's name as ``<title>`` appends it to a heading of the page ("Title - Site"); empty when it does not."""
    for heading in headings[:_HEADINGS]:
        text = clean_title(heading)
        if _words(text) > 2 and comparable(title).startswith(comparable(text)):
            part = _SEPARATOR.match(title, len(text))
            rest = title[part.end() :].strip() if part else ""
            if rest and _words(rest) <= 6:
                return _LOOSE.split(rest)[-1]
    return ""


def _words(text: str) -> int:
    """Words of a title, where two signs of an unspaced script are one, however short the text."""
    return len(text.split()) + (0 if text.isascii() else len(_UNSPACED.findall(text)) // 2)


def _is_site(part: str, site_names: list[str]) -> bool:
    text = _squeezed(part)
    return len(text) > 1 and any(text == name or _is_most_of(text, name) or _is_most_of(name, text) for name in map(_squeezed, site_names))


def _is_most_of(part: str, whole: str) -> bool:
    """Whether a name is only dressed up in the other: "dailytimes" in "getdailytimes"."""
    return len(part) > 4 and part in whole and len(whole) < 2 * len(part)


@lru_cache(maxsize=1024)
def _squeezed(text: str) -> str:
    """How site names are compared: "The Daily-News.com" as "dailynews"."""
    letters = re.sub(r"[\W_]+", "", re.sub(r"\.(?:com|org|net|co\.uk|co|io|de|fr)$", "", comparable(text).strip()))
    return letters.removeprefix("the") if len(letters) > 5 else letters


def _is_tail(heading: str, title: str) -> bool:
    """Whether the heading is the title plus a date or a byline: "Title Posted on July 1, 2024"."""
    whole, part = comparable(heading), comparable(title)
    if whole == part or not (whole.startswith(part) or whole.endswith(part)):
        return False
    rest = (heading[len(title) :] if whole.startswith(part) else heading[: len(heading) - len(title)]).strip(" -|·(")
    return bool(find_date(rest) or byline_names(rest))


# ---------------------------------------------------------------- text pages


def text_title(page: Page, recorded: str, kept_first: int | None, furniture: Collection[int] = ()) -> str | None:
    """The title of a plain-text page: what a rule recorded, else the last heading-like line before the byline or the first kept block.

    ``furniture``: blocks that rules dropped, which are no titles.
    """
    if recorded:
        return next((block.text for block in page.blocks[:_TEXT_BLOCKS] if agreement(block.text, recorded) == 1), recorded)
    first = min(len(page.blocks) - 1, _TEXT_BLOCKS if kept_first is None else kept_first)

    def is_title(at: int, least_words: int) -> bool:
        return at not in furniture and _is_heading_line(page, at, least_words)

    stop = _byline_place(page, first, first_one=kept_first is None)
    if stop is None:
        close = range(first, max(-1, first - 5), -1)
        if (repeated := next((at for at in close if is_title(at, 3) and _is_repeated(page, at)), None)) is not None:
            return page.blocks[repeated].text
        if kept_first is not None and _words(page.blocks[kept_first].text) <= 16 and is_title(kept_first, 3):
            return page.blocks[kept_first].text
    for end in dict.fromkeys((first if stop is None else stop, first)):
        for least_words in (3, 2):
            if (found := next((at for at in range(end - 1, -1, -1) if is_title(at, least_words)), None)) is not None:
                return page.blocks[found].text
    return None


def _byline_place(page: Page, first: int, *, first_one: bool) -> int | None:
    """The byline that belongs to the title: the last before the first kept block, or just behind it where a title is kept."""
    before = [at for at in range(max(1, first - _TEXT_BLOCKS), first) if is_byline(page, at)]
    if before:
        return before[0] if first_one else before[-1]
    return next((at for at in range(max(1, first), min(first + 3, len(page.blocks))) if is_byline(page, at)), None)


def is_byline(page: Page, at: int) -> bool:
    """Whether a line tells who wrote the article or when, and nothing else."""
    text = page.blocks[at].text
    if page.blocks[at].words > (_MAX_BYLINE_WORDS if _BYLINE_START.match(text) else 12):
        return False
    if _LONE_BY.fullmatch(text) or _LONE_DATE.fullmatch(text) or _REPORTER.fullmatch(text) or (at and _LONE_BY.fullmatch(page.blocks[at - 1].text)):  # noqa: E501
        return True
    return find_date(text[:80]) is not None or bool(byline_names(text[:80]))


def _is_repeated(page: Page, at: int) -> bool:
    """Whether another line at the page's top holds this one: a breadcrumb, "Leave a comment on ..."."""
    text = comparable(page.blocks[at].text)
    others = (block.text for block in page.blocks[:_TEXT_BLOCKS] if block.index != at and len(block.text) < 3 * len(text))
    return any(text in comparable(other) for other in others)


def _is_heading_line(page: Page, at: int, least_words: int) -> bool:
    block = page.blocks[at]
    return (
        block.kind not in ("item", "code", "button")
        and least_words <= _words(block.text) <= 30
        and not block.text.endswith(_SENTENCE_END)
        and not _BREADCRUMB.search(block.text)
        and not _FURNITURE.search(block.text)
        and not is_byline(page, at)
    )
