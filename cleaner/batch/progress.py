"""A bar on a terminal, nothing elsewhere; and the table of --stats."""

from __future__ import annotations

import sys
from typing import Any

from .manifest import Manifest

BAR_EVERY = 0.2
"""Seconds between two looks of the bar."""


class Progress:
    """How far a run is: share of the input's bytes, pages a second, what became of them, time left."""

    def __init__(self, total: int | None, *, shown: bool) -> None:
        """``total``: bytes of the input, None where that is not known."""
        self._bar: Any = None
        if shown:
            from tqdm import tqdm

            tqdm.monitor_interval = 0
            left = "{percentage:3.0f}%|{bar}| {elapsed} < {remaining}" if total else "{elapsed}"
            self._bar = tqdm(total=total or None, bar_format=left + "{postfix}", file=sys.stderr, dynamic_ncols=True, leave=True)

    def show(self, bytes_read: int, manifest: Manifest, seconds: float, before: int) -> None:
        """``before``: pages of earlier runs, which say nothing of this one's speed."""
        if self._bar is None:
            return
        pages = manifest.pages
        rate = (manifest.total - before) / max(seconds, 1e-6)
        excluded = f", {pages['dropped']:,} dropped" if pages["dropped"] else ""
        text = f"{rate:,.0f} pages/s: {pages['kept']:,} kept, {pages['empty']:,} empty{excluded}, {pages['failed']:,} failed"
        self._bar.set_postfix_str(text, refresh=False)
        self._bar.update(max(0, bytes_read - self._bar.n))

    def close(self) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar.refresh()
            self._bar.close()


def stats_table(manifest: Manifest) -> str:
    """Which rules fired how often, and which rule files applied; the most frequent first."""
    lines = [f"{'pages':>8} {'blocks':>9}  rule"]
    for name, (pages, blocks) in sorted(manifest.rules.items(), key=lambda one: (-one[1][0], -one[1][1], one[0])):
        lines.append(f"{pages:>8,} {blocks:>9,}  {name}")
    lines += ["", f"{'pages':>8}  template"]
    for name, pages in sorted(manifest.templates.items(), key=lambda one: (-one[1], one[0])):
        lines.append(f"{pages:>8,}  {name}")
    return "\n".join(lines)
