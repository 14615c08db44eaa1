"""Marks in, one decision a block out: the only place where rules are weighed against each other."""

from __future__ import annotations

from .model import Body, Decision, Mark, Page
from .text import BREAK, fold, verbatim

_CLOSING = tuple(",.;:!?)]}\u201d\u2019")


def resolve(page: Page, marks: list[Mark], body: Body | None) -> list[Decision]:
    """One decision for each block: dropped outside the body, dropped by the strongest mark no KEEP cancels, else kept."""
    marked: dict[int, list[Mark]] = {}
    for mark in marks:
        for at in range(mark.first, mark.last):
            marked.setdefault(at, []).append(mark)
    decisions = [Decision("KEEP", None, block.runs, block.text) for block in page.blocks]
    if body is not None:
        _bound(decisions, body)
    for at, own in marked.items():
        _weigh(page, at, own, decisions[at])
    return decisions


def _bound(decisions: list[Decision], body: Body) -> None:
    inside: set[int] = set()
    for first, last in body.ranges:
        inside.update(range(first, last))
    for at, decision in enumerate(decisions):
        if at not in inside:
            decision.verdict, decision.origin = "DROP", body.origin


def _weigh(page: Page, at: int, marks: list[Mark], decision: Decision) -> None:
    keeps = [mark for mark in marks if mark.verdict == "KEEP"]
    drops = [mark for mark in marks if mark.verdict == "DROP" and not any(_cancels(page, keep, mark) for keep in keeps)]
    whole = [mark for mark in drops if not mark.inline and not mark.spans]
    if whole:
        strongest = max(whole, key=lambda mark: mark.rank)
        decision.verdict, decision.origin = "DROP", strongest.origin
        return
    for mark in drops:
        if mark.inline:
            _drop_inline(page, at, mark, decision)
    for mark in drops:
        if mark.spans and decision.verdict == "KEEP":
            _cut(page, at, mark, decision)
    if decision.verdict == "KEEP" and keeps and decision.origin is None:
        decision.origin = keeps[-1].origin


def _cancels(page: Page, keep: Mark, drop: Mark) -> bool:
    """A KEEP cancels DROPs on its own node and above, of the same or lower layers; a deep one those below it too."""
    if keep.rank < drop.rank:
        return False
    return keep.deep or drop.node < 0 or drop.node <= keep.node < page.ends[drop.node]


def _drop_inline(page: Page, at: int, mark: Mark, decision: Decision) -> None:
    end = page.ends[mark.node]
    left = [run for run in decision.runs if not mark.node <= run[0] < end]
    if len(left) == len(decision.runs):
        return
    if not any(raw.strip(BREAK + " \t\n\r\f") for _, raw in left):
        decision.verdict, decision.origin = "DROP", mark.origin
        return
    removed = fold("".join(raw for holder, raw in decision.runs if mark.node <= holder < end))
    decision.runs = left
    raw_left = "".join(raw for _, raw in left)
    decision.text = verbatim(raw_left) if page.blocks[at].kind == "code" else fold(raw_left)
    if removed:
        decision.cut.append((removed, mark.origin))


def _cut(page: Page, at: int, mark: Mark, decision: Decision) -> None:
    """Cut the spans, which are measured on the block's whole text; what an inline drop took already is gone anyway."""
    text, owners = _owned(page.blocks[at].runs)
    if text != page.blocks[at].text or decision.text != text:
        spans = [(found, found + end - start) for start, end in mark.spans if (found := decision.text.find(page.blocks[at].text[start:end])) >= 0]
        text, owners = _owned(decision.runs)
    else:
        spans = list(mark.spans)
    gone = [False] * len(text)
    for start, end in spans:
        gone[start:end] = [True] * (end - start)
        decision.cut.append((text[start:end].strip(), mark.origin))
    left = _rejoin(text, owners, gone)
    if not any(raw.strip() for _, raw in left):
        decision.verdict, decision.origin = "DROP", mark.origin
        return
    decision.runs, decision.text = left, fold("".join(raw for _, raw in left))


def _owned(runs: list[tuple[int, str]]) -> tuple[str, list[int]]:
    """Runs in; their text as ``fold`` shows it, and the element that owns each of its characters, out."""
    characters: list[str] = []
    owners: list[int] = []
    pending = ""
    for holder, raw in runs:
        for character in raw:
            if character == BREAK:
                pending = "\n"
            elif character.isspace():
                pending = pending or " "
            elif fold(character):
                if pending and characters:
                    characters.append(pending)
                    owners.append(holder)
                pending = ""
                characters.append(character)
                owners.append(holder)
    return "".join(characters), owners


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
