"""Hidden parts that a reader can open: tab panels, accordions, "read more". They are on the page, only folded away."""

from __future__ import annotations

from collections import defaultdict

from .model import Page
from .page import attribute

_FOLDED = frozenset({"hidden attribute", "display:none", "visibility:hidden", "opacity:0", "zero size"})
"""Ways in which scripts fold a part away; nobody does so by a tiny font or off the screen."""
_ELSEWHERE = frozenset("nav form menu aside footer header dialog".split())
_ELSEWHERE_ROLES = frozenset(
    "alert alertdialog banner complementary contentinfo dialog form listbox menu menubar navigation search status tooltip".split()
)
"""What opens too, but is no part of an article."""
_LISTS = frozenset({"ul", "ol"})
"""A list that is hidden by itself is a menu."""
_MAX_LINKED = 0.5
_SERIES = 3
"""Parts of one make, each below a title of its own, from which on they are an accordion."""
_PART_WORDS = 5
_TITLE_WORDS = 40


def openable(page: Page, elements: list[tuple[int, str]]) -> set[int]:
    """Hidden elements, each with the way, in; those that the page can open for its reader out.

    An element is one if it says so itself (a tab panel; the state of being expanded; a label that stands elsewhere on the page), or
    if it is one of three or more of the same make, each below a visible title. Links, menus, forms and dialogs are none.
    """
    folded = [node for node, why in elements if why in _FOLDED and page.tags[node] not in _LISTS and _is_text(page, node)]
    hidden = {node for node, _ in elements}
    found = {node for node in folded if _says_so(page, node)}
    series: defaultdict[tuple[str, str | None], list[int]] = defaultdict(list)
    for node in folded:
        if page.names[node] and _words(page, node) >= _PART_WORDS and _is_titled(page, node, hidden):
            series[page.tags[node], attribute(page, node, "class")].append(node)
    found.update(node for nodes in series.values() if len(nodes) >= _SERIES for node in nodes)
    return {node for node in found if not _is_elsewhere(page, node)}


def _words(page: Page, node: int) -> int:
    return page.words_before[page.last_block[node]] - page.words_before[page.first_block[node]]


def _is_text(page: Page, node: int) -> bool:
    """Whether it holds text that is not mostly links."""
    first, last = page.first_block[node], page.last_block[node]
    links = page.links_before[last] - page.links_before[first]
    return first < last and links <= _MAX_LINKED * (page.chars_before[last] - page.chars_before[first])


def _says_so(page: Page, node: int) -> bool:
    if attribute(page, node, "role") == "tabpanel" or attribute(page, node, "aria-expanded") or attribute(page, node, "data-expanded"):
        return True
    labels = (attribute(page, node, "aria-labelledby") or "").split()
    return any(not node <= label < page.ends[node] for name in labels for label in page.tokens.get("#" + name, ()))


def _is_titled(page: Page, node: int, hidden: set[int]) -> bool:
    """Whether the element before it, in the same parent, is visible and holds a few words."""
    parent = page.parents[node]
    before = node - 1
    while before > parent and page.parents[before] != parent:
        before = page.parents[before]
    return before > parent and before not in hidden and 0 < _words(page, before) <= _TITLE_WORDS


def _is_elsewhere(page: Page, node: int) -> bool:
    while node >= 0:
        if page.tags[node] in _ELSEWHERE or attribute(page, node, "role") in _ELSEWHERE_ROLES:
            return True
        node = page.parents[node]
    return False
