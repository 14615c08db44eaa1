"""The words of the program as plain data: no logic lives here.

A *page* is read into blocks and nodes; rules put *marks* on them; ``resolve`` turns marks into one *decision* a block;
the kept blocks become a *document*; document and metadata become the *article*.

What a page has hundreds of is a ``Struct``: made several times faster than a dataclass, and no work for the garbage collector.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from msgspec import Struct

Verdict = Literal["KEEP", "DROP"]
BlockKind = Literal["paragraph", "heading", "item", "cell", "caption", "code", "quote", "button"]
LAYERS = ("generic", "language", "engine", "theme", "source", "site")
"""Where a rule can come from, weakest first."""


# ---------------------------------------------------------------- the page


class Block(Struct, gc=False):
    """One run of text that a reader sees as a unit."""

    index: int
    text: str
    """White space folded; a ``<br>`` is a newline; code is verbatim."""
    kind: BlockKind
    level: int
    """Heading level 1-6; 0 for every other kind."""
    node: int
    """The nearest block-level element, as an index into ``Page.tags``; on text pages the block's own index."""
    runs: list[tuple[int, str]]
    """(element that holds the characters, raw characters) in order; ``\\u2028`` stands for ``<br>``."""
    link_chars: int
    """How many characters of the raw runs stand inside links."""
    words: int
    gap: int = 0
    """Blank lines before it on a text page; 0 on HTML."""


Attributes = Mapping[str, str]
"""name -> value of one element's attributes, as written"""


@dataclass(slots=True)
class Head:
    """What the page says of itself outside its visible text."""

    title: str = ""
    language: str = ""
    """``<html lang>`` as written."""
    canonical: str = ""
    metas: list[tuple[str, str]] = field(default_factory=list)
    """(lower-cased name, property or itemprop; content) in document order."""
    json_ld: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    """Addresses of scripts, style sheets and images, as written."""


@dataclass(slots=True)
class Page:
    """One document after its only walk: blocks, and one entry per element in document order.

    Element ``i`` and everything below it are the elements ``i .. ends[i] - 1``, and hold the blocks
    ``first_block[i] .. last_block[i] - 1`` (an inline element may share its first and last block with others).
    Element -1 is "above the root". A text page has one virtual element per block.
    """

    kind: Literal["html", "text"]
    url: str | None
    source: str = ""
    """The HTML as text; empty on text pages."""
    blocks: list[Block] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """Class and id of each element as written, one after the other; empty where it has neither."""
    parents: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    first_block: list[int] = field(default_factory=list)
    last_block: list[int] = field(default_factory=list)
    tokens: dict[str, list[int]] = field(default_factory=dict)
    """``"div"``, ``"#id"``, ``".class"`` -> elements that have it, in document order."""
    attributes: list[Attributes] = field(default_factory=list)
    """The attributes of each element, read through ``page.attribute`` only. Empty on text pages."""
    values: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict)
    """What ``page.values`` has read."""
    images: list[tuple[int, int]] = field(default_factory=list)
    """(index of the block the image comes before, its element)."""
    head: Head = field(default_factory=Head)
    words_before: list[int] = field(default_factory=list)
    """``words_before[i]``: words in blocks 0 .. i-1; one longer than ``blocks``."""
    chars_before: list[int] = field(default_factory=list)
    links_before: list[int] = field(default_factory=list)
    """The same for characters of text, and of text inside links."""
    run_starts: dict[int, dict[int, int]] = field(default_factory=dict)
    """block -> element -> its first run there; filled when an inline element of a block with many runs is read."""
    numbers: dict[Any, int] = field(default_factory=dict)
    """element of an lxml tree of the page -> its index; the root stands first. Filled when an XPath is first asked."""
    xpath_seconds: float = 0.0
    """CPU time that XPaths took so far."""
    warnings: list[str] = field(default_factory=list)


# ---------------------------------------------------------------- rules and what they say


@dataclass(slots=True, frozen=True)
class Origin:
    """Who decided: enough to print ``themes/soledad#share  rules/themes/soledad.yaml:12  share buttons``."""

    rule: str
    layer: str
    why: str
    file: str = ""
    line: int = 0


class Mark(Struct, gc=False):
    """A verdict of one rule on a run of blocks, or on some characters of one block."""

    verdict: Verdict
    origin: Origin
    rank: int
    """Place of the rule's layer in ``LAYERS``."""
    node: int
    """Where the mark stands in the tree: a KEEP cancels DROPs standing on its own node and above."""
    first: int
    last: int
    """Blocks ``first .. last - 1``."""
    inline: bool = False
    """The element ``node`` is only part of its block: just its runs are meant."""
    spans: tuple[tuple[int, int], ...] = ()
    """Characters of ``Block.text`` to cut (a ``cut`` rule); empty otherwise."""
    deep: bool = False


@dataclass(slots=True)
class Body:
    """Where the article stands, by a rule: runs of blocks in document order."""

    origin: Origin
    ranges: list[tuple[int, int]]
    nodes: list[int]
    agreement: float | None = None
    """Of a guess: the word F1 with what the scorer keeps, below which it is not believed."""


class Decision(Struct, gc=False):
    """What becomes of one block."""

    verdict: Verdict
    origin: Origin | None
    """The rule, or the scorer (``scorer#...``); None where nothing but the default spoke."""
    runs: list[tuple[int, str]]
    """What is left of the block's runs (all of them unless part was cut)."""
    text: str
    cut: tuple[tuple[str, Origin], ...] = ()
    """Pieces removed from inside a kept block."""


@dataclass(slots=True, frozen=True)
class Layer:
    """One rule file that applies to a page, and why."""

    name: str
    layer: str
    evidence: tuple[str, ...]


# ---------------------------------------------------------------- the document: kept blocks, free of the tree


class Inline(Struct, gc=False):
    """Some characters with one formatting."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    strike: bool = False
    raised: Literal["", "sup", "sub"] = ""
    href: str = ""
    """Absolute where the page's address is known; empty when not a link."""


class ListPlace(Struct, gc=False, frozen=True):
    """One level of list nesting: which list, which item."""

    list_id: int
    ordered: bool
    item_id: int
    number: int
    """1-based position to print for an ordered list (``start`` respected)."""


class TablePlace(Struct, gc=False, frozen=True):
    table_id: int
    row_id: int
    cell_id: int
    header: bool
    colspan: int


class Piece(Struct, gc=False):
    """One kept block (or image) ready to be rendered."""

    kind: BlockKind | Literal["image"]
    text: str
    """As in ``Decision.text``; for an image its alternative text."""
    level: int = 0
    inlines: tuple[Inline, ...] = ()
    quote: int = 0
    """Depth of block quotation around it."""
    lists: tuple[ListPlace, ...] = ()
    """Outermost first; empty when not in a list."""
    table: TablePlace | None = None
    code_language: str = ""
    src: str = ""
    """Address of an image."""


Document = list[Piece]


# ---------------------------------------------------------------- what comes out


@dataclass(slots=True, frozen=True)
class Source:
    """Whom the article was syndicated from."""

    name: str
    url: str | None = None


Judged = tuple[str, BlockKind, Verdict, Origin | None, tuple[tuple[str, Origin], ...]]
"""Of one block of the page: text, kind, verdict, who decided, and the pieces cut from inside it."""


@dataclass(slots=True)
class ArticleBlock:
    """One block of the page with its verdict: labelled training data."""

    text: str
    kind: str
    verdict: Verdict
    rule: str | None
    """Id of the rule or scorer that decided; None where nothing objected."""
    why: str
    layer: str
    where: str
    """``file:line`` of the rule; empty when no file is involved (the scorer)."""


@dataclass(slots=True)
class Removed:
    """One run of text that was removed, and the reason."""

    text: str
    rule: str
    why: str
    layer: str
    where: str
    """``file:line`` of the rule; empty when no file is involved (the scorer)."""
    block: int
    """Index in ``Article.blocks`` of the block it was (part of)."""


@dataclass(slots=True)
class Metadata:
    """What is known of the article besides its text; None or empty where nothing was found."""

    title: str | None = None
    authors: list[str] = field(default_factory=list)
    date: str | None = None
    """ISO 8601: ``2026-01-14``, or with time and zone where the page gives them."""
    site_name: str | None = None
    canonical_url: str | None = None
    image: str | None = None
    description: str | None = None
    source: Source | None = None
