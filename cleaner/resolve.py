"""Marks in, one decision a block out: the only place where rules are weighed against each other."""

from __future__ import annotations

from bisect import bisect_right

from msgspec.structs import replace

from .model import Body, Decision, Mark, Page
from .text import BREAK, fold, fold_line, verbatim

_CLOSING = frozenset(",.;:!?)]}\u201d\u2019")


def resolve(page: Page, marks: list[Mark], body: Body | None) -> list[Decision]:
    """One decision for each block: dropped outside the body, dropped by the strongest mark no KEEP cancels, else kept."""
    decisions = [Decision("KEEP", None, block.runs, block.text) for block in page.blocks]
    if body is not None:
        _bound(decisions, body)
    wholes, parts = _told_apart(page, [mark for mark in marks if mark.verdict == "DROP"])
    drops = _painted(decisions, wholes)
    keeps = _painted(decisions, [mark for mark in marks if mark.verdict == "KEEP"])
    deep = _painted(decisions, [mark for mark in marks if mark.verdict == "KEEP" and mark.deep])
    for rank, painted in sorted(drops.items()):
        for at, drop in [(at, drop) for at, drop in enumerate(painted) if drop is not None]:
            if not keeps or not any(cancels(page, keep, drop) for keep in _over(at, rank, keeps, deep)):
                decisions[at].verdict, decisions[at].origin = "DROP", drop.origin
    _resolve_parts(page, decisions, parts, keeps, deep, _inner_keeps(marks))
    for _, painted in sorted(keeps.items()):
        for decision, keep in zip(decisions, painted, strict=True):
            if keep is not None and decision.verdict == "KEEP":
                decision.origin = keep.origin
    return decisions


def _told_apart(page: Page, drops: list[Mark]) -> tuple[list[Mark], list[Mark]]:
    """DROPs of whole blocks, and DROPs of parts of a block. An inline element shares only its first and last block."""
    wholes: list[Mark] = []
    parts: list[Mark] = []
    for mark in drops:
        if mark.spans or not mark.inline:
            (parts if mark.spans else wholes).append(mark)
            continue
        first, last = mark.first, min(mark.last, len(page.blocks))
        shared = [at for at in sorted({first, last - 1}) if first <= at < last and page.blocks[at].node <= mark.node]
        parts += [replace(mark, first=at, last=at + 1) for at in shared]
        first, last = first + (first in shared), last - (last - 1 in shared)
        if first < last:
            wholes.append(replace(mark, first=first, last=last, inline=False))
    return wholes, parts


Painted = dict[int, list[Mark | None]]
"""rank of a layer -> for each block the innermost mark of that layer"""


def _painted(decisions: list[Decision], marks: list[Mark]) -> Painted:
    """Every mark on a block stands on the block's element or above it, so of one rank only the innermost matters:
    what cancels it cancels those above it too. Each block is painted once, the innermost mark first, so that the cost
    stays linear however the marks nest or run to the end of the page."""
    painted: Painted = {}
    free: dict[int, list[int]] = {}
    outermost_first = sorted(marks, key=lambda mark: (mark.node, mark.origin.rule))
    for mark in reversed(outermost_first):
        if mark.rank not in painted:
            painted[mark.rank], free[mark.rank] = [None] * len(decisions), list(range(len(decisions) + 1))
        row, next_free = painted[mark.rank], free[mark.rank]
        at, last = _free_from(next_free, min(mark.first, len(row))), min(mark.last, len(row))
        while at < last:
            row[at] = mark
            next_free[at] = at + 1
            at = at + 1 if next_free[at + 1] == at + 1 else _free_from(next_free, at + 1)
    return painted


def _free_from(next_free: list[int], at: int) -> int:
    """The first place from ``at`` on that is not painted; what was passed is remembered."""
    found = at
    while next_free[found] != found:
        found = next_free[found]
    while next_free[at] != found:
        next_free[at], at = found, next_free[at]
    return found


def _over(at: int, rank: int, *paintings: Painted) -> list[Mark]:
    """The KEEPs on a block that may cancel a DROP of this rank."""
    found = [row[at] for painted in paintings for own, row in painted.items() if own >= rank]
    return [mark for mark in found if mark is not None]


def cancels(page: Page, keep: Mark, drop: Mark) -> bool:
    """A KEEP cancels DROPs on its own node and above, of the same or lower layers; a deep one those below it too."""
    if keep.rank < drop.rank:
        return False
    return keep.deep or drop.node < 0 or drop.node <= keep.node < page.ends[drop.node]


def _bound(decisions: list[Decision], body: Body) -> None:
    inside: set[int] = set()
    for first, last in body.ranges:
        inside.update(range(first, last))
    for at, decision in enumerate(decisions):
        if at not in inside:
            decision.verdict, decision.origin = "DROP", body.origin


# ---------------------------------------------------------------- parts of a block


def _inner_keeps(marks: list[Mark]) -> dict[int, list[Mark]]:
    """Inline KEEPs by block: they stand side by side there, so that painting shows only the last."""
    inner: dict[int, list[Mark]] = {}
    for mark in marks:
        if mark.verdict == "KEEP" and mark.inline:
            inner.setdefault(mark.first, []).append(mark)
    return inner


def _resolve_parts(
    page: Page, decisions: list[Decision], marks: list[Mark], keeps: Painted, deep: Painted, inner: dict[int, list[Mark]]
) -> None:
    parts: dict[int, list[Mark]] = {}
    for mark in marks:
        for at in range(mark.first, min(mark.last, len(decisions))):
            keepers = [*_over(at, mark.rank, keeps, deep), *inner.get(at, ())]
            if decisions[at].verdict == "KEEP" and not any(cancels(page, keep, mark) for keep in keepers):
                parts.setdefault(at, []).append(mark)
    for at, own in parts.items():
        _drop_parts(page, at, sorted(own, key=lambda mark: (mark.node, mark.origin.rule)), decisions[at])


def _drop_parts(page: Page, at: int, drops: list[Mark], decision: Decision) -> None:
    """Take inline elements and cut spans out of a block; all of them are measured on the block as it came."""
    block = page.blocks[at]
    text, owners = _owned(block.runs, block.text)
    taken: list[Mark | None] = [None] * len(text)
    _take_elements(page, [mark for mark in drops if not mark.spans], owners, taken)
    for mark in drops:
        end = page.ends[mark.node]
        for start, stop in mark.spans:
            for i in range(start, stop):
                if taken[i] is None and (not mark.inline or mark.node <= owners[i] < end):
                    taken[i] = mark
    _note_pieces(text, taken, decision)
    left = _rejoin(text, owners, [mark is not None for mark in taken])
    raw_left = "".join(raw for _, raw in left)
    if not raw_left.strip(BREAK + " \t\n\r\f"):
        strongest = max(drops, key=lambda mark: (mark.rank, mark.origin.rule))
        decision.verdict, decision.origin, decision.cut = "DROP", strongest.origin, ()
    elif decision.cut:
        shown = verbatim if block.kind == "code" else fold_line if page.kind == "text" else fold
        decision.runs, decision.text = left, shown(raw_left)


def _take_elements(page: Page, drops: list[Mark], owners: list[int], taken: list[Mark | None]) -> None:
    """Characters of dropped inline elements; ``drops`` come in document order, so nested ones follow their outermost."""
    outermost: list[Mark] = []
    for mark in drops:
        if not outermost or mark.node >= page.ends[outermost[-1].node]:
            outermost.append(mark)
    starts = [mark.node for mark in outermost]
    for i, owner in enumerate(owners):
        place = bisect_right(starts, owner) - 1
        if place >= 0 and owner < page.ends[starts[place]]:
            taken[i] = outermost[place]


def _note_pieces(text: str, taken: list[Mark | None], decision: Decision) -> None:
    """Each run of characters that one mark took is one removed piece."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or taken[at] is not taken[start]:
            mark, piece = taken[start], text[start:at].strip()
            if mark is not None and piece:
                decision.cut += ((piece, mark.origin),)
            start = at


def _owned(runs: list[tuple[int, str]], shown: str) -> tuple[str, list[int]]:
    """Runs of a block and its shown text in; that text, and the element that owns each of its characters, out."""
    characters: list[tuple[str, int]] = []
    for holder, raw in runs:
        characters += [(character, holder) for character in raw.replace(BREAK, "\n")]
    owners: list[int] = []
    at = 0
    for wanted in shown:
        while at < len(characters) and characters[at][0] != wanted and not (wanted.isspace() and characters[at][0].isspace()):
            at += 1
        owners.append(characters[min(at, len(characters) - 1)][1])
        at += 1
    return shown, owners


def _rejoin(text: str, owners: list[int], gone: list[bool]) -> list[tuple[int, str]]:
    """Runs without the characters that are gone; a space stands where words would otherwise meet."""
    runs: list[tuple[int, str]] = []
    skipped = False
    for character, owner, is_gone in zip(text, owners, gone, strict=True):
        if is_gone:
            skipped = True
            continue
        raw = BREAK if character == "\n" else character
        if skipped and runs and character not in _CLOSING:
            raw = " " + raw
        skipped = False
        if runs and runs[-1][0] == owner:
            runs[-1] = (owner, runs[-1][1] + raw)
        else:
            runs.append((owner, raw))
    return runs
