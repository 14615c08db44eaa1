"""A site file and samples proposed from saved pages of a site: a beginning, for a person to confirm."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from .. import select
from ..article import Article
from ..fields import element_text
from ..hosts import host_of
from ..model import Page
from ..page import attribute
from ..pipeline import Cleaner
from .carried import SiteFile
from .propose import selectors, site_name
from .samples import as_file
from .yamlwrite import flow, scalar

_MOST_DROPS = 12
_MOST_WORDS = 60
"""Of a repeated block: a longer one is an article that stands on two pages."""
_WORD = re.compile(r"[a-z0-9]+")
_NAMED_AUTHOR = re.compile(r"author|byline", re.I)
_TOO_PLAIN = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Saved:
    """One saved page, as it is read and as the rules in force clean it."""

    path: Path
    data: bytes
    page: Page
    article: Article


def read_saved(path: Path, data: bytes, cleaner: Cleaner, url: str | None) -> Saved:
    """One page in, with what the rules in force make of it."""
    return Saved(path, data, cleaner.read(data, url), cleaner.clean(data, url))


def host_of_pages(pages: Sequence[Saved]) -> str:
    """The host that the pages name: by their address, or their canonical link or ``og:url``. Empty when they name none."""
    return next((host for saved in pages if (host := host_of_page(saved.page))), "")


def host_of_page(page: Page) -> str:
    """The host that a page names: by its address, or its canonical link or ``og:url``. Empty when it names none."""
    stated = [page.url, page.head.canonical, *(value for name, value in page.head.metas if name == "og:url")]
    return next((host for one in stated if (host := host_of(one))), "")


def propose_site(pages: Sequence[Saved], host: str) -> SiteFile:
    """Pages of one site in, a site file out: body, fields, and drops with reasons. Raises RuleError for what is no host."""
    site = SiteFile(f"sites/{site_name(host)}", "saved pages; every line is a guess to confirm")
    body = None if all(saved.article.method == "rules" for saved in pages) else _body(pages)
    if body:
        site.keys["body"] = [body]
    site.keys["fields"] = _fields(pages, host)
    for rule in [*_unwanted(pages, body), *_repeated(pages)][:_MOST_DROPS]:
        site.add("drop", rule_id(rule.get("css") or rule["phrase"]), rule)
    return site


def _body(pages: Sequence[Saved]) -> str | None:
    """The selector that, on most pages, names the element that fits the kept blocks best."""
    votes: Counter[str] = Counter()
    for saved in pages:
        node = _tightest(saved)
        for at, css in enumerate(selectors(saved.page, node) if node >= 0 else []):
            if not _TOO_PLAIN.fullmatch(css) or css in ("main", "article"):
                votes[css] += 100 - at
    return votes.most_common(1)[0][0] if votes else None


def _tightest(saved: Saved) -> int:
    """The element of which the words agree best (F1) with the kept words; of equals the innermost. -1 where there is none."""
    page, kept = saved.page, [0]
    for block, judged in zip(page.blocks, saved.article.blocks, strict=True):
        kept.append(kept[-1] + (block.words if judged.verdict == "KEEP" else 0))
    best, node_of_best = 0.0, -1
    for node in range(len(page.attributes)):
        first, last = page.first_block[node], page.last_block[node]
        inside, words = kept[last] - kept[first], page.words_before[last] - page.words_before[first]
        fit = 2 * inside / (kept[-1] + words) if inside else 0.0
        if fit >= best > 0 or fit > best:
            best, node_of_best = fit, node
    return node_of_best


def _fields(pages: Sequence[Saved], host: str) -> dict[str, Any]:
    first = pages[0]
    fields: dict[str, Any] = {}
    for name, source in (("title", _title(first)), ("authors", _authors(first)), ("date", _date(first))):
        css = source.get("css") if isinstance(source, dict) else source
        if css and all(select.find(saved.page, select.parse(css)) for saved in pages):
            fields[name] = source
    fields["site_name"] = {"value": first.article.site_name or host}
    return fields


def _title(saved: Saved) -> Any:
    page = saved.page
    nodes = [node for node in page.tokens.get("h1", ()) if page.attributes and element_text(page, node) == saved.article.title]
    return next(iter(selectors(page, nodes[0])), None) if nodes else None


def _date(saved: Saved) -> Any:
    page, day = saved.page, (saved.article.date or "-")[:10]
    nodes = [node for node in page.tokens.get("time", ()) if (attribute(page, node, "datetime") or "").startswith(day)]
    return {"css": selectors(page, nodes[0])[0], "attr": "datetime"} if nodes else None


def _authors(saved: Saved) -> Any:
    page, author = saved.page, next(iter(saved.article.authors), "")
    for node, names in enumerate(page.names):
        if author and _NAMED_AUTHOR.search(names):
            text = element_text(page, node)
            if text in (author, f"By {author}"):
                css = selectors(page, node)[0]
                return css if text == author else {"css": css, "after": "By "}
    return None


def _unwanted(pages: Sequence[Saved], body: str | None) -> Iterator[dict[str, Any]]:
    """Elements inside the body that no rule dropped but the scorer did, whole, and that hold no kept block on any page."""
    told: set[str] = set()
    for saved in pages if body else ():
        page = saved.page
        keeps = [judged.verdict == "KEEP" for judged in saved.article.blocks]
        for top in select.find(page, select.parse(body or "")):
            for at in range(page.first_block[top], page.last_block[top]):
                if keeps[at] or saved.article.blocks[at].where:
                    continue
                node = _whole(page, page.blocks[at].node, top, keeps)
                css = next((one for one in selectors(page, node) if _harmless(pages, one)), None) if node >= 0 else None
                if css and css not in told:
                    told.add(css)
                    yield {"css": css, "why": "not the article"}


def _whole(page: Page, node: int, top: int, keeps: list[bool]) -> int:
    """The largest element around ``node``, below ``top``, of which no block is kept; -1 where there is none."""
    found = -1
    while node > top and not any(keeps[page.first_block[node] : page.last_block[node]]):
        found, node = node, page.parents[node]
    return found


def _harmless(pages: Sequence[Saved], css: str) -> bool:
    """Whether a selector has a name in it, and holds no kept block on any page."""
    if not set(css) & set(".#["):
        return False
    for saved in pages:
        page = saved.page
        for node in select.find(page, select.parse(css)):
            first, last = page.first_block[node], page.last_block[node]
            if any(judged.verdict == "KEEP" for judged in saved.article.blocks[first:last]):
                return False
    return True


def _repeated(pages: Sequence[Saved]) -> Iterator[dict[str, Any]]:
    """Short kept blocks that stand on more than one page, and on at least half of them."""
    seen: Counter[str] = Counter()
    for saved in pages:
        seen.update({one.text for one in saved.article.blocks if one.verdict == "KEEP" and len(one.text.split()) <= _MOST_WORDS})
    for text, count in seen.items():
        if count > 1 and 2 * count >= len(pages) and _WORD.search(text.lower()):
            yield {"phrase": text, "why": f"stands on {count} pages"}


def rule_id(text: str) -> str:
    """A selector or wording as the id of a rule."""
    return "-".join(_WORD.findall(text.lower())[:4]) or "part"


# ---------------------------------------------------------------- samples


def sample_files(saved: Saved, cleaner: Cleaner, url: str | None) -> dict[str, bytes]:
    """The files of a sample, by name: the page, the article as the rules with the new file make it, and guesses to confirm."""
    article = cleaner.clean(saved.data, url)
    suffix = "txt" if saved.page.kind == "text" else "html"
    return {f"page.{suffix}": saved.data, "expected.md": as_file(article).encode(), "meta.yaml": _meta(saved, article, url).encode()}


def sample_name(path: Path) -> str:
    """A file name as the name of a sample's folder."""
    return "-".join(_WORD.findall(path.stem.lower())[:8]) or "page"


def _meta(saved: Saved, article: Article, url: str | None) -> str:
    known = {"title": article.title, "date": article.date, "authors": article.authors, "language": article.language}
    lines = ["# Guesses from one run: confirm each line.", *([f"url: {scalar(url)}"] if url else []), "expect:"]
    lines += [f"  {name}: {flow(value)}" for name, value in known.items() if value] or ["  {}"]
    for name, texts in (("must_keep", _must_keep(article)), ("must_drop", _must_drop(saved, article))):
        lines += [f"{name}:", *(f"  - {scalar(text)}" for text in texts)] if texts else [f"{name}: []"]
    return "\n".join(lines) + "\n"


def _must_keep(article: Article) -> list[str]:
    """The first words of the first, the middle and the last long paragraph."""
    long = [line for line in article.text.split("\n\n") if len(line.split()) >= 8]
    chosen = {long[at] for at in (0, len(long) // 2, -1)} if long else set()
    return [" ".join(line.split()[:8]) for line in long if line in chosen][:3]


def _must_drop(saved: Saved, article: Article) -> list[str]:
    """Up to five dropped blocks that stand nowhere in the article and, as they are, on the page."""
    whole = " ".join(unescape(saved.data.decode("utf-8", "replace")).split())
    shown = " ".join(article.text.split())
    texts = [" ".join(one.text.split()[:8]) for one in article.blocks if one.verdict == "DROP" and len(one.text) > 4]
    return [text for text in dict.fromkeys(texts) if text in whole and text not in shown][:5]
