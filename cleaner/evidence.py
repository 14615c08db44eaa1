"""The evidence of a page about itself, gathered once: head, JSON-LD, headings, what the rules know, and where the title stands."""

from __future__ import annotations

from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from .fields import element_text
from .hosts import host_of, web_address
from .jsonld import LinkedData, linked_data
from .model import Metadata, Page
from .page import attribute
from .titles import head_titles, suffix

_MAX_HEADINGS, _MAX_HEADING_CHARS = 20, 600
_MAX_SITE_NAME = 80
_COMMON_LABELS = frozenset({"www", "blog", "news", "co", "com", "org", "m", "en"})


@dataclass(slots=True)
class Evidence:
    """Everything the fields are chosen from."""

    page: Page
    given: Metadata
    """The template's own fields."""
    recorded: dict[str, str]
    kept_first: int | None
    metas: dict[str, list[str]]
    linked: LinkedData
    canonical: str | None
    headings: list[tuple[int, str]]
    """(first block, text) of the <h1> elements that have text and are not the site's name."""
    site_names: list[str]
    """Names the site goes by, best first; its host's label last."""
    titles: list[str]
    """Titles of the head without the site's name, best first."""

    def meta(self, *names: str) -> str:
        """The first value of these metas that is not blank."""
        return next((text for name in names for value in self.metas.get(name, ()) if (text := clean(value))), "")


def gather(page: Page, given: Metadata, recorded: dict[str, str], kept_first: int | None) -> Evidence:
    """A page and what its rules know in, its evidence out."""
    metas: dict[str, list[str]] = {}
    for name, content in page.head.metas:
        metas.setdefault(name, []).append(content)
    headings, logo = _headings(page)
    evidence = Evidence(page, given, recorded, kept_first, metas, linked_data(page.head.json_ld), None, headings, [], [])
    evidence.canonical = _canonical(evidence)
    evidence.site_names = _site_names(evidence, logo)
    heads = [recorded.get("title", ""), evidence.linked.title, evidence.meta("og:title"), evidence.meta("twitter:title"), page.head.title]
    evidence.titles = head_titles(heads, [*evidence.site_names, *_host_names(evidence)])
    return evidence


def clean(value: str) -> str:
    """White space folded, HTML entities resolved, also those escaped twice."""
    return " ".join((unescape(unescape(value)) if "&" in value else value).split())


def _headings(page: Page) -> tuple[list[tuple[int, str]], str]:
    """(first block, text) of every <h1> with text, and the text of the one that only leads to the front page: the site's name."""
    headings, logo = [], ""
    for node in page.tokens.get("h1", [])[:_MAX_HEADINGS]:
        first, last = page.first_block[node], page.last_block[node]
        text = _heading_text(page, node) if page.chars_before[last] - page.chars_before[first] <= _MAX_HEADING_CHARS else ""
        if text and _leads_home(page, node):
            logo = logo or text
        elif text:
            headings.append((page.first_block[node], text))
    return headings, logo


def _heading_text(page: Page, node: int) -> str:
    """The text of a heading without the sign ("#", "§", "¶") that is a link to the heading itself."""
    text = element_text(page, node)
    for below in range(node + 1, page.ends[node]):
        if page.tags[below] == "a" and (attribute(page, below, "href") or "").startswith("#"):
            sign = element_text(page, below)
            if sign and not any(map(str.isalnum, sign)):
                text = text.removesuffix(sign).removeprefix(sign).strip()
    return text


def _leads_home(page: Page, node: int) -> bool:
    """Whether a heading is a link to the front page, around it or inside it."""
    inside = next((below for below in range(node + 1, page.ends[node]) if page.tags[below] == "a"), -1)
    link = inside if inside >= 0 else page.parents[node]
    target = attribute(page, link, "href") if link >= 0 and page.tags[link] == "a" else None
    if not target or target.startswith("#"):
        return False
    try:
        own, path = urlsplit(page.url or "https://localhost/page").path, urlsplit(target)
    except ValueError:
        return False
    here = not path.netloc or not page.url or host_of(target) == host_of(page.url)
    return here and path.path in ("", "/") and not path.query and own not in ("", "/")


def _canonical(evidence: Evidence) -> str | None:
    page = evidence.page
    for value in (page.head.canonical, evidence.meta("og:url")):
        if value and (absolute := web_address(value, page.url)):
            return absolute
    return None


def _site_names(evidence: Evidence, logo: str) -> list[str]:
    linked = evidence.linked
    names = [
        evidence.recorded.get("site_name", ""),
        evidence.meta("og:site_name"),
        linked.site,
        evidence.given.site_name or "",
        evidence.meta("application-name", "apple-mobile-web-app-title"),
        linked.publisher,
        logo,
        suffix(evidence.page.head.title, [text for _, text in evidence.headings]),
    ]
    return list(dict.fromkeys(name for raw in names if 1 < len(name := clean(raw)) <= _MAX_SITE_NAME))


def _host_names(evidence: Evidence) -> list[str]:
    """The page's host and its labels, in which sites spell their names: "the-daily.co.uk" gives "the-daily"."""
    host = host_of(evidence.canonical) or host_of(evidence.page.url)
    return [host, *(label for label in host.split(".")[:-1] if label not in _COMMON_LABELS)] if host else []
