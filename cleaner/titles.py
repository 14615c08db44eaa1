"""The title of an article: what the head says against the headings on the page, or the last heading-like line of a text."""

from __future__ import annotations

import re
from html import unescape

from .authors import byline_names
from .dates import find_date
from .model import Page
from .text import bare, comparable

_MAX_TITLE = 300
_HEADINGS = 20
_TEXT_BLOCKS = 60
_SEPARATOR = re.compile(r"\s+[|–—»«·•:/\\-]{1,2}\s+|\s*[|»«]\s*|\s::\s|:\s")
_LOOSE = re.compile(r"\s+[|»«·•]\s+|\s::\s")
_LABEL = re.compile(r"^(?:title|headline)\s?:\s?", re.I)
_BYLINE_START = re.compile(
    r"^(?:by|von|par|por|di|posted|published|updated|written|last updated|am|le|el|il)\b.{0,60}$|^\d+ (?:min|comments?)\b|\bmin(?:ute)?s? read\b", re.I
)
_SENTENCE_END = (".", ";", ":", ",", "…", "。")


def head_titles(candidates: list[str], site_names: list[str]) -> list[str]:
    """Titles as the head gives them, best first, in; the same without the site's name, and without repeats, out."""
    titles = (_without_section(without_site(clean_title(candidate), site_names)) for candidate in candidates)
    return list(dict.fromkeys(title for title in titles if title))


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
    """White space folded, entities resolved (also those escaped twice); empty when too long to be a title."""
    text = " ".join(_LABEL.sub("", unescape(unescape(text)) if "&" in text else text).split())
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
    """"Title | Site" or "Site: Title" in, "Title" out, for the names the site goes by."""
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
    """"How sleep rewires brains | Opinion" without its short last part; the bar stands for nothing else in titles."""
    head, bar, tail = title.rpartition("|")
    return head.rstrip() if bar and len(tail.split()) <= 4 and len(head.split()) >= max(3, len(tail.split())) else title


def suffix(title: str, headings: list[str]) -> str:
    """The site's name as ``<title>`` appends it to a heading of the page ("Title - Site"); empty when it does not."""
    for heading in headings[:_HEADINGS]:
        text = clean_title(heading)
        if len(text.split()) > 2 and comparable(title).startswith(comparable(text)):
            part = _SEPARATOR.match(title, len(text))
            rest = title[part.end() :].strip() if part else ""
            if rest and len(rest.split()) <= 6:
                return _LOOSE.split(rest)[-1]
    return ""


def _is_site(part: str, site_names: list[str]) -> bool:
    text = _squeezed(part)
    return len(text) > 1 and any(text == name or _is_most_of(text, name) or _is_most_of(name, text) for name in map(_squeezed, site_names))


def _is_most_of(part: str, whole: str) -> bool:
    """"dianahr" of "getdianahr"."""
    return len(part) > 4 and part in whole and len(whole) < 2 * len(part)


def _squeezed(text: str) -> str:
    """"The Daily-News.com" as "dailynews": how site names are compared."""
    letters = re.sub(r"[\W_]+", "", re.sub(r"\.(?:com|org|net|co\.uk|co|io|de|fr)$", "", comparable(text).strip()))
    return letters.removeprefix("the") if len(letters) > 5 else letters


def _is_tail(heading: str, title: str) -> bool:
    """Whether the heading is the title plus a date or a byline: "Title Posted on July 1, 2024"."""
    whole, part = comparable(heading), comparable(title)
    if whole == part or not (whole.startswith(part) or whole.endswith(part)):
        return False
    rest = (heading[len(title) :] if whole.startswith(part) else heading[: len(heading) - len(title)]).strip(" -|·(")
    return bool(find_date(rest) or _BYLINE_START.match(rest) or byline_names(rest))


# ---------------------------------------------------------------- text pages


def text_title(page: Page, recorded: str, kept_first: int | None) -> str | None:
    """The title of a plain-text page: what a rule recorded, else the last heading-like line before the byline or the first kept block."""
    end = len(page.blocks) if kept_first is None else kept_first + 1
    start = page.blocks[: min(end + 1, _TEXT_BLOCKS)]
    if recorded:
        return next((block.text for block in start if agreement(block.text, recorded) == 1.0), recorded)
    byline = next((at for at, block in enumerate(start) if at > 0 and is_byline(block.text)), None)
    for stop in dict.fromkeys(stop for stop in (byline, kept_first) if stop is not None):
        for least_words in (3, 2):
            for at in range(min(stop, len(start)) - 1, -1, -1):
                if _is_heading_line(page, at, least_words):
                    return start[at].text.replace("\n", " ")
    if kept_first is not None and kept_first + 1 < len(page.blocks) and _is_heading_line(page, kept_first, 2):
        return page.blocks[kept_first].text.replace("\n", " ")
    return None


def is_byline(text: str) -> bool:
    """Whether a short line tells who wrote the article or when, and nothing else."""
    if len(text.split()) > 16:
        return False
    return bool(_BYLINE_START.match(text) and (find_date(text) or byline_names(text))) or (len(text.split()) <= 7 and find_date(text) is not None)


def _is_heading_line(page: Page, at: int, least_words: int) -> bool:
    block = page.blocks[at]
    return (
        block.kind not in ("item", "code", "button")
        and least_words <= block.words <= 30
        and not block.text.endswith(_SENTENCE_END)
        and "|" not in block.text[:-1].replace(" | ", "", 1)
        and not _BYLINE_START.match(block.text)
        and not is_byline(block.text)
    )
