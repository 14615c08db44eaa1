"""HTML in, Page out: the parser tells what it reads, and no tree is built. Nothing else touches lxml on the hot path."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import accumulate
from typing import Any

from lxml import etree

from .model import Block, Page
from .walk import Enough, Walk

MAX_DEPTH = 2_000
MAX_CLASSES = 20_000
_SCRIPTLESS_WORDS = 50
"""A page that shows fewer words may need scripts; its ``noscript`` elements are the page without them if they hold as many."""
_SCRIPTLESS = "noscript: without scripts the page shows next to nothing; the text of its noscript elements was read"
_PROSE_WORDS = 12
"""A block with fewer words is no evidence of prose."""
_MAX_LINKED = 0.5
_NOSCRIPT = re.compile(r"<(/?)noscript\b", re.I)


def is_running_text(block: Block) -> bool:
    """Whether a block is long enough, and little enough linked, to be evidence of prose."""
    return block.words >= _PROSE_WORDS and block.link_chars <= _MAX_LINKED * len(block.text)


def attribute(page: Page, node: int, name: str) -> str | None:
    """The value of one attribute of element ``node``; None where it is absent or the page is plain text."""
    return page.attributes[node].get(name) if 0 <= node < len(page.attributes) else None


def values(page: Page, token: str, name: str) -> list[tuple[int, str]]:
    """(element, value) of the elements with a token that have an attribute, in document order; read when first asked for."""
    key = token, name
    if key not in page.values:
        attributes = page.attributes
        nodes = page.tokens.get(token, ()) if attributes else ()
        page.values[key] = [(node, value) for node in nodes if (value := attributes[node].get(name)) is not None]
    return page.values[key]


def hiding_attributes(page: Page) -> list[tuple[int, str | None, str | None, str | None]]:
    """(element, ``style``, ``hidden``, ``aria-hidden``) of the elements that have one of them, in document order."""
    found = []
    for node, own in enumerate(page.attributes):
        if "style" in own or "hidden" in own or "aria-hidden" in own:
            style, hidden, aria = own.get("style"), own.get("hidden"), own.get("aria-hidden")
            if style or hidden is not None or aria:
                found.append((node, style, hidden, aria))
    return found


def read_html(
    text: str, url: str | None = None, max_elements: int = 1_000_000, max_depth: int = MAX_DEPTH, max_classes: int = MAX_CLASSES
) -> Page:
    """Decoded HTML in, Page out. Never raises on content; what was cut is said in ``Page.warnings``.

    ``max_depth``: of block-level elements in each other; ``max_classes``: characters of one ``class``.
    """
    page = _read(text, url, max_elements, max_depth, max_classes)
    if page.words_before[-1] < _SCRIPTLESS_WORDS and _NOSCRIPT.search(text):
        scriptless = _read(_NOSCRIPT.sub(r"<\1div", text), url, max_elements, max_depth, max_classes)
        if scriptless.words_before[-1] - page.words_before[-1] >= _SCRIPTLESS_WORDS:
            scriptless.warnings.append(_SCRIPTLESS)
            return scriptless
    return page


def _read(text: str, url: str | None, max_elements: int, max_depth: int, max_classes: int) -> Page:
    page = Page("html", url, source=text)
    walk = Walk(page, max_elements, max_depth, max_classes)
    # What was read before an error is the page.
    with suppress(Enough, etree.XMLSyntaxError, ValueError, AssertionError):
        etree.fromstring(text.encode("utf-8", "replace"), _parser(walk))
    walk.finish()
    if page.attributes:
        page.head.language = page.attributes[0].get("lang") or page.attributes[0].get("xml:lang") or ""
    count(page)
    return page


def tree(page: Page) -> Any:
    """The root of the page's own lxml tree, parsed anew for those who need one; None where there is none."""
    try:
        return etree.fromstring(page.source.encode("utf-8", "replace"), _parser(None))
    except (etree.XMLSyntaxError, ValueError, AssertionError):
        return None


def _parser(target: Any) -> etree.HTMLParser:
    return etree.HTMLParser(huge_tree=True, collect_ids=False, remove_comments=True, remove_pis=True, encoding="utf-8", target=target)


def count(page: Page) -> None:
    """Fill the running totals of a page whose blocks are complete."""
    page.words_before = list(accumulate([block.words for block in page.blocks], initial=0))
    page.chars_before = list(accumulate([len(block.text) for block in page.blocks], initial=0))
    page.links_before = list(accumulate([block.link_chars for block in page.blocks], initial=0))
