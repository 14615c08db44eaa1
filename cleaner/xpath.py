"""XPath 1.0 over a page, for site files whose elements no selector can name: compiled when first needed, on the page's time."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from .errors import RuleError
from .model import Page
from .page import tree
from .walk import UNSEEN_TAGS

BUDGET_SECONDS = 0.5
"""CPU time of all XPaths of one page; what comes after is skipped. One evaluation cannot be stopped."""
MAX_ELEMENTS = 50_000
"""Larger pages are not asked: some XPaths look at every pair of elements."""
_PREFIXED = re.compile(r"([\w-]+:)[\w-]+\s*\(")
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
_VARIABLE = re.compile(r"\$\w")


@lru_cache(maxsize=20_000)
def compile_xpath(expression: str) -> Any:
    """An XPath as text in, compiled out. Raises RuleError where it is none, or has functions of EXSLT or variables."""
    from lxml import etree

    bare = _STRING.sub("''", expression)
    if found := _PREFIXED.search(bare.replace("::", " ")):
        raise RuleError(f"XPath {expression!r} calls a function of {found[1]}", hint="only the functions of XPath 1.0 are allowed")
    if _VARIABLE.search(bare):
        raise RuleError(f"XPath {expression!r} has a variable", hint="write its value out")
    try:
        return etree.XPath(expression, regexp=False)
    except (etree.XPathError, ValueError) as error:
        raise RuleError(f"bad XPath {expression!r}: {error}", hint="test it; quote it in YAML") from None


def nodes(page: Page, expression: str) -> list[int]:
    """Elements of the page that an XPath names, in document order; none for what holds no visible text.

    Raises TimeoutError, without looking, when the page's time for XPaths is spent, and for a page that is too large or was cut.
    """
    found = _evaluate(page, expression)
    return sorted({page.numbers[one] for one in found if not isinstance(one, str) and one in page.numbers}) if _is_set(found) else []


def values(page: Page, expression: str) -> list[str | int]:
    """What an XPath gives: texts as they are, elements with visible text as their number. Raises TimeoutError as ``nodes`` does."""
    found = _evaluate(page, expression)
    if not _is_set(found):
        return [] if isinstance(found, bool) else [f"{found:g}" if isinstance(found, float) else str(found)]
    return [str(one) if isinstance(one, str) else page.numbers.get(one, "".join(one.itertext())) for one in found]


def _is_set(found: Any) -> bool:
    return isinstance(found, list)


def _evaluate(page: Page, expression: str) -> Any:
    from lxml import etree

    if page.kind != "html" or not page.tags:
        return []
    if page.xpath_seconds > BUDGET_SECONDS or len(page.tags) > MAX_ELEMENTS:
        raise TimeoutError(expression)
    started = time.thread_time()
    try:
        return compile_xpath(expression)(_root(page))
    except etree.XPathError:
        return []
    finally:
        page.xpath_seconds += time.thread_time() - started


def _root(page: Page) -> Any:
    """The root of a tree of the page whose elements have the numbers of the walk. Raises TimeoutError where the two disagree."""
    if not page.numbers:
        root = tree(page)
        numbers = enumerate(page.tags)
        for element in () if root is None else _seen(root):
            # The parser tells of a second <html> or <body>, but puts none into the tree.
            node = next((node for node, tag in numbers if tag == element.tag or tag not in ("html", "body")), None)
            if node is None or page.tags[node] != element.tag:
                raise TimeoutError("the walk was cut short")
            page.numbers[element] = node
    return next(iter(page.numbers))


def _seen(root: Any) -> Iterator[Any]:
    """Every element that the walk numbers, in document order."""
    waiting = [iter((root,))]
    while waiting:
        element = next(waiting[-1], None)
        if element is None:
            waiting.pop()
        elif element.tag not in UNSEEN_TAGS:
            yield element
            waiting.append(iter(element))
