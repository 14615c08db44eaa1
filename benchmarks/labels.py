"""Which blocks of a page are the article, read off a gold text: what the scorer learns from."""

from __future__ import annotations

from measure import words

from cleaner.model import Block

_RUN = 4
"""Words in a row that prove a passage; shorter blocks need a gold line of their own."""


def labels(blocks: list[Block], gold: str) -> list[float]:
    """For each block the share of it that stands in the gold text: 0 to 1."""
    gold_words = words(gold)
    runs = {tuple(gold_words[at : at + _RUN]) for at in range(len(gold_words) - _RUN + 1)}
    lines = {" ".join(words(line)) for line in gold.splitlines()}
    joined = " " + " ".join(gold_words) + " "
    found: list[float] = []
    for block in blocks:
        own = words(block.text)
        if not own:
            found.append(-1.0)
        elif len(own) < _RUN:
            text = " ".join(own)
            found.append(1.0 if text in lines else 0.5 if f" {text} " in joined and (len(own) > 1 or block.kind == "cell") else 0.0)
        else:
            hits = sum(tuple(own[at : at + _RUN]) in runs for at in range(len(own) - _RUN + 1))
            found.append(hits / (len(own) - _RUN + 1))
    return _settle(found)


def _settle(found: list[float]) -> list[float]:
    """Blocks that could stand anywhere (0.5, or no words at all) go with the sure ones on both sides."""
    settled = list(found)
    for at, value in enumerate(found):
        if value in (0.5, -1.0):
            before = next((one for one in reversed(settled[:at]) if one not in (0.5, -1.0)), 0.0)
            after = next((one for one in found[at + 1 :] if one not in (0.5, -1.0)), 0.0)
            settled[at] = 1.0 if min(before, after) > 0.5 else 0.0
    return settled
