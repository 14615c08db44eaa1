"""The only walk over a page: what the parser calls at every start and end of an element."""

from __future__ import annotations

from bisect import bisect_left

from .model import Attributes, Block, BlockKind, Head, Page
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
UNSEEN_TAGS = _SKIPPED | _HEAD_TAGS
"""Elements that get no number, and all below them."""
_BLOCK, _LINK, _BREAK, _IMAGE, _UNSEEN = range(5)
"""What an element does to the walk."""
_ROLES = {
    **dict.fromkeys(BLOCK_TAGS, _BLOCK),
    **dict.fromkeys(UNSEEN_TAGS, _UNSEEN),
    "a": _LINK,
    "br": _BREAK,
    "img": _IMAGE,
}
_CAPTION_CLASS = "wp-caption-text"
"""The caption of WordPress's classic editor: a plain <p> or <dd> by tag."""
_DEEPEST = 2_048
"""Elements inside each other; deeper pages are damaged or hostile, and every step that climbs to the root pays for depth."""


class Enough(Exception):
    """The page has more elements than are read of one."""


class Walk:
    """The only walk: the parser calls it at every start and end of an element, in document order. No tree is built."""

    def __init__(self, page: Page, max_elements: int, max_depth: int, max_classes: int) -> None:
        self._page, self._head, self._blocks = page, page.head, page.blocks
        self._most, self._most_deep, self._most_classes = max_elements, max_depth, max_classes
        self._pending: list[str] = []
        self.data = self._pending.append
        self._classed: dict[str, list[int]] = {}
        """Class attribute -> elements; there are several times fewer such strings than elements."""
        self._runs: list[tuple[int, str]] = []
        self._count = self._links = self._link_chars = self._breaks = self._depth = self._unseen = self._cut_at = 0
        # The innermost element, the innermost block-level one, and the kind of block that text in it is part of.
        self._inner = self._block = -1
        self._kind: BlockForm = ("paragraph", 0)
        self._around: list[tuple[int, BlockForm]] = []
        """The block and kind around each open block-level element."""
        self._last_unseen: tuple[str, Attributes] = ("", {})

    def start(self, tag: str, attributes: Attributes) -> None:
        """An element begins."""
        if self._unseen:
            self._unseen += 1
            return
        if self._pending:
            self._text()
        role = _ROLES.get(tag)
        if role == _BLOCK and self._runs:
            self._end_block()
        if role == _UNSEEN or self._depth >= _DEEPEST or (role == _BLOCK and len(self._around) >= self._most_deep):
            self._begin_unseen(tag, attributes, role)
            return
        page = self._page
        node = self._count
        if node >= self._most:
            raise Enough
        self._count = node + 1
        self._depth += 1
        page.tags.append(tag)
        page.parents.append(self._inner)
        page.ends.append(0)
        page.attributes.append(attributes)
        page.first_block.append(len(self._blocks))
        page.last_block.append(0)
        self._inner = node
        tokens = page.tokens
        if tag in tokens:
            tokens[tag].append(node)
        else:
            tokens[tag] = [node]
        classes = None
        if attributes:
            name = attributes.get("id")
            classes = attributes.get("class")
            if classes:
                if classes in self._classed:
                    self._classed[classes].append(node)
                else:
                    self._classed[classes] = [node]
                page.names.append(f"{classes} {name}" if name else classes)
            else:
                page.names.append(name or "")
            if name:
                tokens.setdefault("#" + name, []).append(node)
        else:
            page.names.append("")
        if role is None:
            return
        if role == _BLOCK:
            self._around.append((self._block, self._kind))
            self._block, self._kind = node, _KINDS.get(tag, self._kind)
            if classes and _CAPTION_CLASS in classes:
                self._kind = ("caption", 0)
        elif role == _LINK:
            self._links += 1
        elif role == _BREAK:
            self._break()
        else:
            page.images.append((len(self._blocks), node))
            if source := attributes.get("src"):
                self._head.assets.append(source)

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._unseen:
            self._unseen -= 1
            if not self._unseen:
                self._end_unseen()
            return
        if self._pending:
            self._text()
        self._depth -= 1
        inner = self._inner
        role = _ROLES.get(tag)
        if role == _BLOCK:
            if self._runs:
                self._end_block()
            self._block, self._kind = self._around.pop()
        elif role == _LINK:
            self._links -= 1
        page = self._page
        page.ends[inner] = self._count
        # An inline element shares its block with its neighbours, and that block is not closed yet.
        page.last_block[inner] = len(self._blocks) + 1 if self._runs else len(self._blocks)
        self._inner = page.parents[inner]

    def close(self) -> None:
        """The parser is done."""

    def finish(self) -> None:
        """The page is read, or enough of it: what is open ends."""
        page = self._page
        if self._pending and not self._unseen:
            self._text()
        if self._runs:
            self._end_block()
        inner = self._inner
        if self._count >= self._most and inner >= 0:
            page.warnings.append(f"too-many-elements: the page has more than {self._most:,}; the rest was not read")
        if self._cut_at:
            page.warnings.append(f"too-deep: elements stand more than {self._cut_at:,} deep in each other; what lies below was not read")
        while inner >= 0:
            page.ends[inner], page.last_block[inner] = self._count, len(page.blocks)
            inner = page.parents[inner]
        if page.last_block and max(page.last_block) > len(page.blocks):
            # White space in an inline element at the very end became no block.
            page.last_block[:] = [min(at, len(page.blocks)) for at in page.last_block]
        if any(len(classes) > self._most_classes for classes in self._classed):
            page.warnings.append(f"too-long: a class attribute has more than {self._most_classes:,} characters; the rest was not read")
        _index_classes(self._classed, page.tokens, self._most_classes)
        _name_speakers(page)
        # Parser and target hold each other until the garbage collector comes by; the page shall not wait for it.
        vars(self).clear()

    def _text(self) -> None:
        pending = self._pending
        raw = pending[0] if len(pending) == 1 else "".join(pending)
        pending.clear()
        inner = self._inner
        if inner < 0:
            return
        if not raw.isspace():
            self._runs.append((inner, raw))
            self._breaks = 0
            if self._links:
                self._link_chars += len(raw) if "\n" not in raw and "  " not in raw else len(" ".join(raw.split())) + 1
        elif self._runs or self._kind[0] == "code":
            self._runs.append((inner, raw))

    def _break(self) -> None:
        self._breaks += 1
        if self._breaks > 1 and self._kind[0] != "code":
            if self._runs:
                self._end_block()
            self._breaks = 0
        elif self._runs:
            self._runs.append((self._inner, BREAK))

    def _end_block(self) -> None:
        runs, (kind, level) = self._runs, self._kind
        raw = runs[0][1] if len(runs) == 1 else "".join([run[1] for run in runs])
        if kind == "code":
            text = verbatim(raw)
            words = count_words(text)
        elif raw.isascii():
            parts = raw.split()
            text, words = " ".join(parts), len(parts)
        else:
            text, words = fold_and_count(raw)
        if words:
            blocks, links = self._blocks, self._link_chars
            blocks.append(Block(len(blocks), text, kind, level, self._block, runs, links if links < len(text) else len(text), words))
        self._runs, self._link_chars, self._breaks = [], 0, 0

    def _begin_unseen(self, tag: str, attributes: Attributes, role: int | None) -> None:
        self._unseen = 1
        self._last_unseen = tag, attributes
        if role != _UNSEEN:
            self._cut_at = self._most_deep if role == _BLOCK else _DEEPEST

    def _end_unseen(self) -> None:
        tag, attributes = self._last_unseen
        if tag in _HEAD_TAGS:
            _read_head(tag, attributes, "".join(self._pending), self._head)
        self._pending.clear()


def _name_speakers(page: Page) -> None:
    """What stands below a quotation in a figure is who said it, not the caption of an image."""
    quotations = page.tokens.get("blockquote", [])
    for node in page.tokens.get("figcaption", ()) if quotations else ():
        figure = page.parents[node]
        after = bisect_left(quotations, figure)
        if page.tags[figure] == "figure" and after < len(quotations) and quotations[after] < page.ends[figure]:
            for block in page.blocks[page.first_block[node] : page.last_block[node]]:
                block.kind = "paragraph" if block.kind == "caption" else block.kind


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


def _read_head(tag: str, attributes: Attributes, text: str, head: Head) -> None:
    if tag == "meta":
        content = attributes.get("content")
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        if content and name:
            head.metas.append((name.lower(), content))
    elif tag == "script":
        source = attributes.get("src")
        if source:
            head.assets.append(source)
        elif "ld+json" in (attributes.get("type") or "").lower() and text:
            head.json_ld.append(text)
    elif tag == "title":
        head.title = head.title or fold(text)
    else:
        address = attributes.get("href") or ""
        relation = (attributes.get("rel") or "").lower().split()
        if "canonical" in relation:
            head.canonical = head.canonical or address.strip()
        elif address:
            head.assets.append(address)
