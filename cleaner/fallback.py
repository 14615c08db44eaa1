"""The last resort: readability-lxml, when neither rules nor scorer find anything plausible."""

from __future__ import annotations

import logging

from lxml import etree

from .model import Origin, Page
from .page import read_html, tree

_OUTSIDE = Origin("readability#outside", "readability", "not in what readability takes for the article")


def readability_origins(page: Page) -> list[Origin | None] | None:
    """For each block the reason to drop it, or None to keep it; None altogether when readability finds nothing either."""
    from readability import Document

    logging.getLogger("readability").setLevel(logging.CRITICAL)
    root = tree(page)
    if root is None:
        return None
    try:
        summary = Document(etree.tostring(root, encoding="unicode", method="html")).summary(html_partial=True)
    except Exception:  # readability raises its own and lxml's errors, whatever it stumbles over
        return None
    kept = {block.text for block in read_html(summary).blocks}
    origins = [None if block.text in kept else _OUTSIDE for block in page.blocks]
    return origins if None in origins else None
