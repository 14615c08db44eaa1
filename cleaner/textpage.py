"""Plain text in, Page out: text that someone already extracted takes the same road as HTML."""

from __future__ import annotations

import itertools
import re

from .model import Block, BlockKind, Page
from .page import count
from .text import count_words, fold_line

_BULLET = re.compile(r"[•◦▪▫‣●○■*-]\s+(?=\S)")
_WRAP_WIDTH = (50, 100)
"""Hard-wrapped text has its longest line within these columns (mail, RFCs and old news feeds wrap at 60 to 80)."""


def read_text(text: str, url: str | None = None) -> Page:
    """Plain text in, a page of one block a line out; hard-wrapped lines are joined, bullets become items."""
    page = Page("text", url)
    lines = text.split("\n")
    gap = 0
    for line in _unwrap(lines) if _is_wrapped(lines) else lines:
        if not line or line.isspace():
            gap += 1
        else:
            _add_line(page, line, gap)
            gap = 0
    count(page)
    return page


def _add_line(page: Page, line: str, gap: int) -> None:
    stripped = line.strip()
    bullet = _BULLET.match(stripped)
    if bullet:
        stripped = stripped[bullet.end() :]
    shown = fold_line(stripped)
    if not shown:
        return
    index = len(page.blocks)
    kind: BlockKind = "item" if bullet else "paragraph"
    page.blocks.append(Block(index, shown, kind, 0, index, [(index, shown)], 0, count_words(shown), gap))
    page.tags.append("#text")
    page.names.append("")
    page.parents.append(-1)
    page.ends.append(index + 1)
    page.first_block.append(index)
    page.last_block.append(index + 1)


def _is_wrapped(lines: list[str]) -> bool:
    """Most lines that another line follows directly run close to one common right margin."""
    inner = [len(line.rstrip()) for line, after in itertools.pairwise(lines) if line.strip() and after.strip()]
    if len(inner) < 5:
        return False
    margin = max(map(len, lines))
    full = sum(length > 0.75 * margin for length in inner)
    return _WRAP_WIDTH[0] <= margin <= _WRAP_WIDTH[1] and full > 0.6 * len(inner)


def _unwrap(lines: list[str]) -> list[str]:
    """Join a line to the one before it unless a blank line, a bullet or a short line stands between them."""
    margin = max(map(len, lines))
    joined: list[str] = []
    open_line = False
    for line in lines:
        if open_line and line.strip() and not _BULLET.match(line.strip()):
            joined[-1] += " " + line.strip()
        else:
            joined.append(line)
        open_line = bool(line.strip()) and len(line.rstrip()) > 0.6 * margin
    return joined
