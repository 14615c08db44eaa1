"""What the pages of one site have in common, written down: where the article stands, and what repeats inside it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .. import select
from ..model import Page
from ..page import is_running_text
from ..ruletools.propose import selectors
from .counts import Counts
from .prints import fingerprints, forms_of
from .repetition import OTHER_PAGES, Evidence, evidence, listed

MIN_PAGES = OTHER_PAGES + 1
"""Pages of a site below which nothing is learned of it."""
_BODY_SHARE = 0.6
"""Share of the pages on which a selector must name the smallest element round the article."""
_MOST_PROSE = 0.7
"""Share of a page's new prose that the element round the article holds; comments and teasers may hold the rest."""
_TOO_SMALL = frozenset({"p", "li", "ul", "ol", "blockquote", "td", "tr", "h1", "h2", "h3", "h4", "span", "a", "font"})
"""Elements that hold a part of an article, even where that is most of it."""
_RULE_SHARE = 0.25
"""Share of the pages on which a rule must have something to do."""
_LEAST = 2
_MOST_RULES = 60
_TEMPLATE_SHARE = 0.9
"""Share of a site's prose above which it is all template: nothing varies that could be an article."""


@dataclass(frozen=True, slots=True)
class Learned:
    """One thing learned of a site."""

    value: str
    """A selector, or a text as ``prints.forms_of`` gives it."""
    kind: str
    """``css``, or the letter of the text's form."""
    pages: int
    """On how many of the pages it was found."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What was learned of a site."""

    site: str
    pages: int
    """That were looked at."""
    body: Learned | None
    """The container that varies from page to page; None where no selector names it on most pages, and for plain text."""
    elements: list[Learned]
    """Selectors of elements in it that hold nothing but what repeats."""
    texts: list[Learned]
    """Texts in it that repeat (of plain text: anywhere on a page)."""
    all_template: bool = False
    """Nearly all of the site's prose repeats, so nothing else was learned."""


def profile(site: str, pages: Sequence[Page], counts: Counts) -> Profile | None:
    """A site, its pages (or a good part of them) and its counts, in; what was learned out, or None if the pages are too few."""
    looked = list(_looked_at(site, pages, counts))
    if len(looked) < MIN_PAGES:
        return None
    if _is_all_template(looked):
        return Profile(site, len(looked), None, [], [], all_template=True)
    body = _body(looked)
    inside = [(page, said, _inside(page, said, body)) for page, said in looked]
    elements = _elements(inside) if body else []
    return Profile(site, len(looked), body, elements, _texts(inside, elements))


def _looked_at(site: str, pages: Sequence[Page], counts: Counts) -> Iterator[tuple[Page, Evidence]]:
    """Each page once, whatever its address, with what repeats on it."""
    seen: set[int] = set()
    for page in pages:
        prints = fingerprints(page, site)
        if prints.page not in seen:
            seen.add(prints.page)
            said = evidence(page, prints, counts.pages(site, (key for keys in prints.keys for key in keys)))
            if said.others >= OTHER_PAGES:
                yield page, said


def _is_all_template(looked: list[tuple[Page, Evidence]]) -> bool:
    words = [(block.words, block.index in said.repeated) for page, said in looked for block in page.blocks if is_running_text(block)]
    return sum(count for count, repeats in words if repeats) > _TEMPLATE_SHARE * sum(count for count, _ in words)


# ---------------------------------------------------------------- the container that varies


def _body(looked: list[tuple[Page, Evidence]]) -> Learned | None:
    """The selector that names the smallest element round the new prose on most pages, and nothing else there."""
    votes: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for page, said in looked:
        node = _around(page, said)
        for place, css in enumerate(selectors(page, node) if node >= 0 else []):
            if len(_matched(page, css)) == 1:
                votes[css] += 1
                places[css] += place
    likely = [css for css, pages in votes.items() if pages >= max(_LEAST, _BODY_SHARE * len(looked))]
    if not likely:
        return None
    best = min(likely, key=lambda css: (-votes[css], places[css], css))
    return Learned(best, "css", votes[best])


def _around(page: Page, said: Evidence) -> int:
    """The innermost element that holds most of the prose that does not repeat; -1 on plain text and where there is none."""
    before = [0]
    for block in page.blocks:
        before.append(before[-1] + block.words * (is_running_text(block) and block.index not in said.repeated))
    inner = -1
    for node in range(len(page.tags) if page.kind == "html" else 0):
        held = before[page.last_block[node]] - before[page.first_block[node]]
        if held >= _MOST_PROSE * before[-1] > 0 and page.tags[node] not in _TOO_SMALL:
            inner = node
    return inner if inner >= 0 and page.tags[inner] not in ("html", "body") else -1


def _matched(page: Page, css: str) -> list[int]:
    return select.find(page, select.parse(css))


def _inside(page: Page, said: Evidence, body: Learned | None) -> range:
    """The blocks of the body; of a page on which nothing bounds the article all of them."""
    nodes = _matched(page, body.value) if body else []
    return range(page.first_block[nodes[0]], page.last_block[nodes[0]]) if nodes else range(len(page.blocks)) if body is None else range(0)


# ---------------------------------------------------------------- what repeats inside it

_Inside = list[tuple[Page, Evidence, range]]


def _elements(inside: _Inside) -> list[Learned]:
    """Selectors by id or class that match only what repeats, wherever they match on any of the pages."""
    proposed: Counter[str] = Counter()
    for page, said, blocks in inside:
        gone = set(said.repeated) | listed(page, said.repeated)
        named = [node for node in _outermost(page, gone, blocks) if page.names[node]]
        proposed.update({css for node in named for css in selectors(page, node)[:1] if css[0] in ".#"})
    enough = [css for css, pages in proposed.items() if pages >= max(_LEAST, _RULE_SHARE * len(inside))]
    sure = [css for css in enough if not any(_matches_article(page, said, blocks, css) for page, said, blocks in inside)]
    return [Learned(css, "css", proposed[css]) for css in sorted(sure, key=lambda css: (-proposed[css], css))[:_MOST_RULES]]


def _outermost(page: Page, gone: set[int], blocks: range) -> Iterator[int]:
    """The largest elements whose blocks, all within the body, all repeat."""
    end = -1
    for node in range(len(page.tags)):
        own = range(page.first_block[node], page.last_block[node])
        if node >= end and own and own.start >= blocks.start and own.stop <= blocks.stop and all(at in gone for at in own):
            end = page.ends[node]
            yield node


def _matches_article(page: Page, said: Evidence, blocks: range, css: str) -> bool:
    """Whether a selector matches prose of the body that does not repeat."""
    return any(
        at in blocks and at not in said.repeated and is_running_text(page.blocks[at])
        for node in _matched(page, css)
        for at in range(page.first_block[node], page.last_block[node])
    )


def _texts(inside: _Inside, elements: list[Learned]) -> list[Learned]:
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for number, (page, said, blocks) in enumerate(inside):
        nodes = [node for one in elements for node in _matched(page, one.value)]
        covered = {at for node in nodes for at in range(page.first_block[node], page.last_block[node])}
        forms = forms_of(page)
        for at, (form, _) in said.repeated.items():
            if at in blocks and at not in covered:
                found[forms[at][form]].add(number)
    pages = {text: len(numbers) for text, numbers in found.items() if len(numbers) >= max(_LEAST, _RULE_SHARE * len(inside))}
    ranked = sorted(pages, key=lambda text: (-pages[text], text))[:_MOST_RULES]
    return [Learned(text, kind, pages[kind, text]) for kind, text in ranked]
