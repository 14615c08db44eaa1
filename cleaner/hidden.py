"""Text that a page holds but does not show, as DROP marks with their reasons.

Only what the markup itself says is looked at: the ``hidden`` attribute, inline styles, closed dialogs, ``aria-hidden``. Style sheets
are not read; classes such as ``screen-reader-text`` are the business of rules.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from .model import LAYERS, Body, Mark, Origin, Page
from .page import attribute, hiding_attributes, is_running_text
from .panels import openable
from .styles import INVISIBLE, NO_FONT, Colour, Look, colour_of, look_of, same_colour
from .walk import BLOCK_TAGS

_RANK = LAYERS.index("site")
"""Only a KEEP of a site's own file, written for that very page, shows what the page hides."""
_MOST = 0.5
"""Share of the page's prose from which on a hidden element is taken for an article that scripts would show."""
_LITTLE_PROSE = 100
"""Words of prose below which a page is a list of things or a stub, and all its words are the measure."""
_ARIA_WORDS = 4
"""What only ``aria-hidden`` marks is on the screen: it goes where it is shorter than this, no sentence and no number (names of icons)."""
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "”", '"', ":")
_SCRIPTED = ("hidden attribute", "display:none", INVISIBLE, "opacity:0")
"""Ways in which sites hide an article until scripts have run. Nobody hides one by a tiny font or off the screen."""
_ARIA = "aria-hidden"
_UNTIL_FOUND = "until-found"


def hidden_marks(page: Page, body: Body | None) -> tuple[list[Mark], list[str]]:
    """A page and the bounds that rules gave its article, in; DROP marks on what it hides, and warnings, out.

    What is hidden in one of the scripted ways counts as visible, with a warning, when it holds most of the page's prose or the
    whole body; and so does what a reader can open.
    """
    elements = _hidden_elements(page)
    shown = _taken_for_visible(page, elements, body) if elements else {}
    panels = openable(page, elements) if elements else set()
    marks: list[Mark] = []
    end = opened = 0
    for node, why in elements:
        first, last = page.first_block[node], page.last_block[node]
        if node < end or node in shown or (why == _ARIA and not _is_ornament(page, node, first, last)):
            continue
        if node in panels:
            opened += 1
            continue
        end = page.ends[node]
        origin = Origin("page#hidden", "page", f"hidden: {why}")
        marks.append(Mark("DROP", origin, _RANK, node, first, max(first, last), inline=page.tags[node] not in BLOCK_TAGS))
    warnings = [
        f"hidden-article: most of the text is hidden by {why}; it was taken for visible" for why in dict.fromkeys(shown.values())
    ]
    if opened:
        warnings.append(f"hidden-panels: {opened} hidden parts that a reader can open were taken for visible")
    return marks, warnings


def _taken_for_visible(page: Page, elements: list[tuple[int, str]], body: Body | None) -> dict[int, str]:
    """Hidden elements that hold the article itself: alone, or together with the others that are hidden in the same way."""
    prose = _prose_before(page)
    if prose[-1] < _LITTLE_PROSE:
        prose = page.words_before
    held = {node: prose[page.last_block[node]] - prose[page.first_block[node]] for node, _ in elements}
    shown: dict[int, str] = {}
    for way in _SCRIPTED:
        own = [node for node, why in elements if why == way]
        outermost = [node for node, before in zip(own, [-1, *_ends(page, own)], strict=False) if node >= before]
        together = sum(held[node] for node in outermost) > _MOST * prose[-1]
        shown |= {node: way for node in own if held[node] > _MOST * prose[-1] or (held[node] and _holds_body(page, node, body))}
        shown |= {node: way for node in outermost if held[node] and together}
    return shown


def _ends(page: Page, nodes: list[int]) -> Iterator[int]:
    """After each of some elements in document order, where the furthest of them so far ends."""
    return accumulate((page.ends[node] for node in nodes), max)


def _hidden_elements(page: Page) -> list[tuple[int, str]]:
    """(element, why nobody sees it) in document order; elements inside others that are hidden are among them."""
    found: dict[int, str] = {}
    looks: dict[int, Look] = {}
    restoring: list[tuple[int, str]] = []
    for node, style, hidden, aria in hiding_attributes(page):
        if style:
            look = look_of(style)
            if look.hides:
                found[node] = look.hides
            elif look.restores:
                restoring.append((node, look.restores))
            if look.colour or look.background:
                looks[node] = look
        if hidden is not None and hidden.strip().lower() != _UNTIL_FOUND:
            found[node] = "hidden attribute"
        elif aria is not None and aria.strip().lower() == "true":
            found.setdefault(node, _ARIA)
    for node in page.tokens.get("dialog", ()):
        if attribute(page, node, "open") is None:
            found[node] = "closed dialog"
    _spare(page, found, restoring)
    for node in _camouflaged(page, looks):
        found.setdefault(node, "same colour as its background")
    return sorted(found.items())


def _spare(page: Page, found: dict[int, str], restoring: list[tuple[int, str]]) -> None:
    """What an element below shows again must not be lost, so the whole stays: styles below it may do so by class as well."""
    for way in (INVISIBLE, NO_FONT):
        nodes = [node for node, what in restoring if what == way]
        for node in [node for node, why in found.items() if why == way]:
            if _any_below(page, node, nodes):
                del found[node]


def _camouflaged(page: Page, looks: dict[int, Look]) -> list[int]:
    """Elements whose text colour is that of the nearest background stated inline on them or around them."""
    colours = {node: look.colour for node, look in looks.items() if look.colour}
    for node in page.tokens.get("font", ()):
        if colour := colour_of(attribute(page, node, "color") or ""):
            colours.setdefault(node, colour)
    grounds: dict[int, Colour | None] = {node: look.background for node, look in looks.items() if look.background}
    for tag in ("body", "table", "tr", "td", "th"):
        for node in page.tokens.get(tag, ()) if colours else ():
            if ground := colour_of(attribute(page, node, "bgcolor") or ""):
                grounds.setdefault(node, ground)
    if not colours or not grounds:
        return []
    behind: list[Colour | None] = []
    same: list[int] = []
    for node, parent in enumerate(page.parents):
        ground = grounds.get(node) or (behind[parent] if parent >= 0 else None)
        behind.append(ground)
        if node in colours and same_colour(colours[node], ground):
            same.append(node)
    told_apart = sorted((colours.keys() | grounds.keys()).difference(same))
    return [node for node in same if not _any_below(page, node, told_apart)]


def _any_below(page: Page, node: int, nodes: list[int]) -> bool:
    """Whether one of the sorted ``nodes`` stands below ``node``."""
    after = bisect_left(nodes, node + 1)
    return after < len(nodes) and nodes[after] < page.ends[node]


def _is_ornament(page: Page, node: int, first: int, last: int) -> bool:
    """Whether what only ``aria-hidden`` marks may go: a block of its own, of a few words that are neither a sentence nor a price."""
    if page.tags[node] not in BLOCK_TAGS or last - first != 1:
        return False
    block = page.blocks[first]
    said = block.text
    return block.kind != "heading" and block.words < _ARIA_WORDS and not said.endswith(_SENTENCE_ENDS) and not any(map(str.isdecimal, said))


def _prose_before(page: Page) -> list[int]:
    """``[i]``: words of prose in the blocks before ``i``; one longer than the blocks."""
    before = [0]
    for block in page.blocks:
        before.append(before[-1] + block.words * is_running_text(block))
    return before


def _holds_body(page: Page, node: int, body: Body | None) -> bool:
    return body is not None and all(node <= one < page.ends[node] for one in body.nodes)
