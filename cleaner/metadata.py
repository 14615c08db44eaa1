"""What is known of an article besides its text: for each field the best evidence that the page gives."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from . import bylines, titles
from .authors import clean_authors
from .dates import date_in_url, days_apart, deep_search, parse_date
from .evidence import Evidence, clean, gather
from .hosts import host_of, same_site, web_address
from .model import Metadata, Page, Source

_MAX_DESCRIPTION = 2000
_MAX_GIVEN_AUTHORS = 3
_PUBLISHED = (
    "article:published_time og:published_time og:article:published_time article.published datepublished parsely-pub-date sailthru.date "
    "citation_publication_date citation_online_date citation_date dc.date.issued dcterms.issued dcterms.created dcterms.date dc.date "
    "dc.date.created pubdate article_date_original originalpublicationdate date created datecreated article:created_time "
    "prism.publicationdate displaydate ptime"
).split()
_PUBLISHED_LIKE = re.compile(r"publi(?:sh|cation)(?!er).{0,12}(?:date|time|on|at)|pub-?_?date", re.I)
_MODIFIED = "article:modified_time og:updated_time datemodified dcterms.modified last-modified lastmod updated".split()
_AUTHOR = (
    "author parsely-author sailthru.author citation_author dc.creator dcterms.creator dc.author byl article:author_name og:article:author "
    "og:author article.author article:author rbauthors cxenseparse:author byline authors shareaholic:article_author_name"
).split()
_WRITTEN_BY = re.compile(
    r"written by|author|by|écrit par|verfasst von|geschrieben von|escrito por|scritto da|geschreven door|napisane przez", re.I
)
_DAY_FIRST_HOSTS = (".uk", ".au", ".nz", ".ie", ".in", ".za")
_DAY_FIRST_ENGLISH = frozenset({"en-gb", "en-au", "en-nz", "en-ie", "en-in", "en-za"})


def metadata(
    page: Page,
    template_fields: Metadata,
    recorded: dict[str, str],
    kept_first: int | None,
    *,
    furniture: Collection[int] = (),
    deep_date: bool = False,
) -> Metadata:
    """A page and what its rules know in; the article's metadata out. Nothing is raised on content, and no clock is read.

    ``template_fields`` is what the template's own fields gave, ``recorded`` what rules recorded (title, source, source_url,
    date, authors, site_name), ``kept_first`` the first kept block, ``furniture`` the blocks that rules (not the scorer)
    dropped. ``deep_date`` lets htmldate search the whole page where no other evidence gives a date.
    """
    known = gather(page, template_fields, recorded, kept_first)
    title = _title(known, furniture)
    anchor = _anchor(known, title)
    return Metadata(
        title=title,
        authors=_authors(known, anchor),
        date=_date(known, anchor, deep_date),
        site_name=known.site_names[0] if known.site_names else None,
        canonical_url=known.canonical,
        image=_image(known),
        description=_description(known),
        source=_source(known),
    )


def _title(known: Evidence, furniture: Collection[int]) -> str | None:
    if known.page.kind == "text":
        return titles.text_title(known.page, known.recorded.get("title", ""), known.kept_first, furniture)
    given = titles.clean_title(known.given.title or "")
    return given or titles.choose_title(known.titles, [text for _, text in known.headings], known.site_names)


def _anchor(known: Evidence, title: str | None) -> int:
    """The block of the title: the heading that says it, else the first block that does, else the first kept one."""
    if title:
        for at, text in known.headings:
            if titles.agreement(text, title) > 0.8:
                return at
        for block in known.page.blocks:
            if abs(len(block.text) - len(title)) <= 5 and titles.agreement(block.text, title) == 1:
                return block.index
    return known.kept_first or 0


def _authors(known: Evidence, anchor: int) -> list[str]:
    """Names from the strongest source that has any; the site's own name only where there is no other (a blog named after its author)."""
    for refused in (known.site_names, []):
        for names in _author_sources(known, anchor, refused):
            if names:
                return names
    return []


def _author_sources(known: Evidence, anchor: int, refused: list[str]) -> Iterator[list[str]]:
    yield clean_authors([known.recorded.get("authors", "")], refused)
    yield clean_authors(known.linked.authors, refused)
    yield clean_authors(_meta_authors(known), refused)
    # More than a few come from the cards of other articles, which a theme marks in the same way.
    given = known.given.authors
    yield clean_authors(given if len(given) <= _MAX_GIVEN_AUTHORS else given[:1], refused)
    yield bylines.written_by(known.page, anchor, refused)
    yield bylines.signed_by(known.page, anchor, refused)
    yield bylines.elsewhere(known.page, anchor, refused)
    yield clean_authors(known.linked.organisations, refused)


def _meta_authors(known: Evidence) -> list[str]:
    for name in _AUTHOR:
        values = [value for value in known.metas.get(name, ()) if not value.startswith("http")]
        if clean_authors(values, []):
            return values
    return [known.meta("twitter:data1")] if _WRITTEN_BY.fullmatch(known.meta("twitter:label1")) else []


def _date(known: Evidence, anchor: int, deep: bool) -> str | None:
    """The date of publication; what the page shows corrects what its head states only when the shown date is the older one."""
    day_first = _day_first(known)
    stated = next(_stated_dates(known, day_first), None)
    shown = bylines.date_near(known.page, anchor, day_first=day_first)
    if stated and shown and not shown.updated and shown.date < stated and days_apart(shown.date, stated) > 1:
        # The system has published the page anew; one day is a difference of time zones.
        return shown.date
    return (
        stated
        or (shown.date if shown and not shown.updated else None)
        or parse_date(clean(known.given.date or ""), day_first=day_first)
        or (shown.date if shown else None)
        or bylines.dateline(known.page, known.kept_first, day_first=day_first)
        or date_in_url(known.page.url or known.canonical or "")
        or bylines.date_elsewhere(known.page, anchor, day_first=day_first)
        or next(_modified_dates(known), None)
        or (deep_search(known.page) if deep else None)
    )


def _stated_dates(known: Evidence, day_first: bool) -> Iterator[str]:
    """Dates of publication that rules recorded and that JSON-LD and metas state, strongest first."""
    values = [known.recorded.get("date", ""), known.linked.date, *(known.meta(name) for name in _PUBLISHED)]
    values += [clean(content) for name, content in known.page.head.metas if _PUBLISHED_LIKE.search(name)]
    yield from (date for value in values if value and (date := parse_date(value, day_first=day_first)))


def _modified_dates(known: Evidence) -> Iterator[str]:
    values = [known.linked.modified, *(known.meta(name) for name in _MODIFIED)]
    yield from (date for value in values if value and (date := parse_date(value)))


def _day_first(known: Evidence) -> bool:
    """How the page's readers take 03/04/2025."""
    language = known.page.head.language.lower()
    host = host_of(known.page.url) or host_of(known.canonical)
    return language[:2] not in ("en", "") or language in _DAY_FIRST_ENGLISH or host.endswith(_DAY_FIRST_HOSTS)


def _image(known: Evidence) -> str | None:
    base = known.page.url or known.canonical
    values = (
        known.given.image or "",
        known.meta("og:image:secure_url", "og:image", "og:image:url"),
        known.linked.image,
        known.meta("twitter:image", "twitter:image:src", "thumbnail"),
    )
    return next((absolute for value in values if value and (absolute := web_address(value, base))), None)


def _description(known: Evidence) -> str | None:
    stated = known.meta("og:description", "description", "twitter:description", "dc.description")
    return (clean(known.given.description or "") or stated or known.linked.description)[:_MAX_DESCRIPTION] or None


def _source(known: Evidence) -> Source | None:
    """Whom the article was syndicated from: by a rule, by JSON-LD or metas, or by a canonical address on another site."""
    given, base = known.given.source, known.page.url
    name = clean(known.recorded.get("source", "")) or (given.name if given else "")
    url = web_address(known.recorded.get("source_url", ""), base) or (given.url if given else None)
    if name or url:
        return Source(name or host_of(url), url)
    origins = ((known.linked.based_on_url, known.linked.based_on_name), (known.meta("original-source", "syndication-source"), ""))
    for address, stated_name in (*origins, (known.canonical or "", "")):
        origin = web_address(address, base) if address else None
        if origin and host_of(base) and not same_site(host_of(base), host_of(origin)):
            return Source(stated_name or host_of(origin), origin)
    return None
