"""HTML in, Page out: the parse and the only walk over the tree. Nothing else touches lxml on the hot path."""

from __future__ import annotations

from itertools import accumulate, islice
from typing import Any

from lxml import etree

from .model import Block, BlockKind, Head, Page
from .text import BREAK, count_words, fold, fold_and_count, verbatim

_SKIPPED = frozenset(
    "style noscript template svg math iframe object embed applet canvas audio video select textarea datalist "
    "map frameset noframes colgroup progress meter".split()
)
"""Elements without text a reader sees."""
_HEAD_TAGS = frozenset({"meta", "link", "title", "script"})
BLOCK_TAGS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option p pre search section summary table tbody td tfoot th "
    "thead tr ul".split()
)
"""Elements that begin and end blocks."""
BlockForm = tuple[BlockKind, int]
"""Kind and heading level."""
_KINDS: dict[str, BlockForm] = {
    **{tag: ("item", 0) for tag in ("li", "dd", "dt")},
    **{tag: ("cell", 0) for tag in ("td", "th")},
    **{tag: ("caption", 0) for tag in ("caption", "figcaption")},
    **{f"h{level}": ("heading", level) for level in range(1, 7)},
    "pre": ("code", 0),
    "button": ("button", 0),
    "blockquote": ("quote", 0),
}
_BLOCK, _LINK, _BREAK, _IMAGE, _UNSEEN = range(5)
"""What an element does to the walk."""
_ROLES = {
    **dict.fromkeys(BLOCK_TAGS, _BLOCK),
    **dict.fromkeys(_SKIPPED | _HEAD_TAGS, _UNSEEN),
    "a": _LINK,
    "br": _BREAK,
    "img": _IMAGE,
}
MAX_DEPTH = 2_000
"""The parser itself ends at 2,048 elements."""
MAX_CLASSES = 20_000
_CAPTION_CLASS = "wp-caption-text"
"""The caption of WordPress's classic editor: a plain <p> or <dd> by tag."""


def attribute(page: Page, node: int, name: str) -> str | None:
    """The value of one attribute of element ``node``; None where it is absent or the page is plain text."""
    if 0 <= node < len(page.elements):
        value: str | None = page.elements[node].get(name)
        return value
    return None


def values(page: Page, token: str, name: str) -> list[tuple[int, str]]:
    """(element, value) of the elements with a token that have an attribute, in document order; read when first asked for."""
    key = token, name
    if key not in page.values:
        elements = page.elements
        nodes = page.tokens.get(token, ()) if elements else ()
        page.values[key] = [(node, value) for node in nodes if (value := elements[node].get(name)) is not None]
    return page.values[key]


def hiding_attributes(page: Page) -> list[tuple[int, str | None, str | None, str | None]]:
    """(element, ``style``, ``hidden``, ``aria-hidden``) of the elements that have one of them, in document order."""
    found = []
    for node, element in enumerate(page.elements):
        get = element.get
        style, hidden, aria = get("style"), get("hidden"), get("aria-hidden")
        if style or hidden is not None or aria:
            found.append((node, style, hidden, aria))
    return found


def read_html(
    text: str, url: str | None = None, max_elements: int = 1_000_000, max_depth: int = MAX_DEPTH, max_classes: int = MAX_CLASSES
) -> Page:
    """Decoded HTML in, Page out. Never raises on content; what was cut is said in ``Page.warnings``.

    ``max_depth``: of block-level elements in each other; ``max_classes``: characters of one ``class``.
    """
    root, warnings = _parse(text)
    page = Page("html", url, warnings=warnings)
    if root is not None:
        page.head.language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
        # What follows </html> the parser hangs beside the root.
        for top in (root, *root.itersiblings()):
            _walk(top, page, max_elements, max_depth, max_classes)
    last = len(page.blocks)
    if page.last_block and max(page.last_block) > last:
        # White space in an inline element at the very end became no block.
        page.last_block[:] = [min(at, last) for at in page.last_block]
    count(page)
    return page


def _parse(text: str) -> tuple[Any, list[str]]:
    parser = etree.HTMLParser(huge_tree=True, collect_ids=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError, AssertionError):
        return None, []
    too_deep = any("depth" in entry.message.lower() for entry in parser.error_log if entry.level == 3)
    return root, ["too-deep: the page nests deeper than the parser allows; what lies below was cut"] if too_deep else []


def _walk(root: Any, page: Page, max_elements: int, max_depth: int, max_classes: int) -> None:
    """The only walk: every element, and every text between them, once, in document order; it ends after ``max_elements``."""
    tags, names, parents, elements = page.tags, page.names, page.parents, page.elements
    ends, first_block, last_block, tokens, blocks = page.ends, page.first_block, page.last_block, page.tokens, page.blocks
    classed: dict[str, list[int]] = {}
    """Class attribute -> elements; there are several times fewer such strings than elements."""
    runs: list[tuple[int, str]] = []
    count = len(tags)
    links = link_chars = breaks = 0
    # The innermost element, the innermost block-level one, and the kind of block that text in it is part of.
    inner = block = -1
    kind: BlockForm = ("paragraph", 0)
    around: list[tuple[int, BlockForm]] = []
    """The block and kind around each open block-level element."""
    skipped = too_deep = False

    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in islice(walker, max(0, 2 * (max_elements - count))):
        if event == "start":
            tag = element.tag
            role = _ROLES.get(tag)
            if role == _UNSEEN:
                if tag in _HEAD_TAGS:
                    _read_head(tag, element, page.head)
                walker.skip_subtree()
                skipped = True
                continue
            if role == _BLOCK:
                if runs:
                    _add_block(blocks, runs, block, kind, link_chars)
                    runs, link_chars, breaks = [], 0, 0
                if len(around) >= max_depth:
                    walker.skip_subtree()
                    skipped = too_deep = True
                    continue
            tags.append(tag)
            parents.append(inner)
            ends.append(0)
            elements.append(element)
            first_block.append(len(blocks))
            last_block.append(0)
            inner = count
            count += 1
            if tag in tokens:
                tokens[tag].append(inner)
            else:
                tokens[tag] = [inner]
            name = element.get("id")
            classes = element.get("class")
            if classes:
                if classes in classed:
                    classed[classes].append(inner)
                else:
                    classed[classes] = [inner]
                names.append(f"{classes} {name}" if name else classes)
            else:
                names.append(name or "")
            if name:
                tokens.setdefault("#" + name, []).append(inner)
            if role == _BLOCK:
                around.append((block, kind))
                block, kind = inner, _KINDS.get(tag, kind)
                if classes and _CAPTION_CLASS in classes:
                    kind = ("caption", 0)
            elif role is None:
                pass
            elif role == _LINK:
                links += 1
            elif role == _BREAK:
                breaks += 1
                if breaks > 1 and kind[0] != "code":
                    if runs:
                        _add_block(blocks, runs, block, kind, link_chars)
                    runs, link_chars, breaks = [], 0, 0
                elif runs:
                    runs.append((inner, BREAK))
            else:
                page.images.append((len(blocks), inner))
                if source := element.get("src"):
                    page.head.assets.append(source)
            raw = element.text
        else:
            if skipped:
                skipped = False
            else:
                role = _ROLES.get(tags[inner])
                if role == _BLOCK:
                    if runs:
                        _add_block(blocks, runs, block, kind, link_chars)
                        runs, link_chars, breaks = [], 0, 0
                    block, kind = around.pop()
                elif role == _LINK:
                    links -= 1
                ends[inner] = count
                # An inline element shares its block with its neighbours, and that block is not closed yet.
                last_block[inner] = len(blocks) + 1 if runs else len(blocks)
                inner = parents[inner]
            raw = element.tail
        if raw and inner >= 0:
            if not raw.isspace():
                runs.append((inner, raw))
                breaks = 0
                if links:
                    link_chars += len(raw) if "\n" not in raw and "  " not in raw else len(" ".join(raw.split())) + 1
            elif runs or kind[0] == "code":
                runs.append((inner, raw))
    if runs:
        _add_block(blocks, runs, block, kind, link_chars)
    if inner >= 0:
        page.warnings.append(f"too-many-elements: the page has more than {max_elements:,}; the rest was not read")
    if too_deep:
        page.warnings.append(f"too-deep: elements stand more than {max_depth:,} deep in each other; what lies below was not read")
    while inner >= 0:
        ends[inner], last_block[inner] = count, len(blocks)
        inner = parents[inner]
    if any(len(classes) > max_classes for classes in classed):
        page.warnings.append(f"too-long: a class attribute has more than {max_classes:,} characters; the rest was not read")
    _index_classes(classed, tokens, max_classes)


def _index_classes(classed: dict[str, list[int]], tokens: dict[str, list[int]], most: int) -> None:
    """``most``: characters of a class attribute that are read; a name that is cut there may become another."""
    shared = set()
    for classes, nodes in classed.items():
        for name in classes[:most].split():
            token = "." + name
            if token in shared:
                tokens[token] += nodes
            elif token in tokens:
                tokens[token] = tokens[token] + nodes
                shared.add(token)
            else:
                tokens[token] = nodes
    for token in shared:
        tokens[token] = sorted(set(tokens[token]))


def _add_block(blocks: list[Block], runs: list[tuple[int, str]], node: int, kind: BlockForm, link_chars: int) -> None:
    raw = runs[0][1] if len(runs) == 1 else "".join([run[1] for run in runs])
    if kind[0] == "code":
        text = verbatim(raw)
        words = count_words(text)
    else:
        text, words = fold_and_count(raw)
    if words:
        blocks.append(Block(len(blocks), text, kind[0], kind[1], node, runs, min(link_chars, len(text)), words))


def _read_head(tag: str, element: Any, head: Head) -> None:
    if tag == "meta":
        content = element.get("content")
        name = element.get("property") or element.get("name") or element.get("itemprop")
        if content and name:
            head.metas.append((name.lower(), content))
    elif tag == "script":
        source = element.get("src")
        if source:
            head.assets.append(source)
        elif "ld+json" in (element.get("type") or "").lower() and element.text:
            head.json_ld.append(element.text)
    elif tag == "title":
        head.title = head.title or fold(element.text or "")
    else:
        address = element.get("href") or ""
        relation = (element.get("rel") or "").lower().split()
        if "canonical" in relation:
            head.canonical = head.canonical or address.strip()
        elif address:
            head.assets.append(address)


def count(page: Page) -> None:
    """Fill the running totals of a page whose blocks are complete."""
    page.words_before = list(accumulate([block.words for block in page.blocks], initial=0))
    page.chars_before = list(accumulate([len(block.text) for block in page.blocks], initial=0))
    page.links_before = list(accumulate([block.link_chars for block in page.blocks], initial=0))
