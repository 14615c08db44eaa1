"""What comes out for one page."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from msgspec import to_builtins

from .model import ArticleBlock, Document, Judged, Layer, Removed, Source
from .verdicts import labelled, removed


@dataclass
class Article:
    """The clean article, with the reason for everything that was removed.

    ``text``, ``markdown`` and ``html`` are the body without the title; ``markdown`` and ``html`` are rendered when first asked for.
    """

    text: str
    title: str | None = None
    authors: list[str] = field(default_factory=list)
    date: str | None = None
    """ISO 8601."""
    site_name: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    language: str | None = None
    """ISO 639-1."""
    source: Source | None = None
    image: str | None = None
    description: str | None = None
    template: list[Layer] = field(default_factory=list)
    method: str = "none"
    """``rules`` (a body rule bounds the article), ``scorer``, ``readability``, or ``none`` (nothing was kept)."""
    confidence: float = 0.0
    """How likely the text is right (word F1 of .95 or more), 0 to 1; docs/confidence.md shows how it was measured."""
    removed_share: float = 0.0
    """Share of the page's visible characters that was removed, 0 to 1."""
    warnings: list[str] = field(default_factory=list)
    """``word: sentence`` each."""
    ruleset_digest: str = ""
    version: str = ""
    document: Document = field(default_factory=list, repr=False, compare=False)
    """The kept blocks with their formatting, from which every format is rendered."""
    judged: list[Judged] = field(default_factory=list, repr=False)
    """What was decided of each block of the page; ``blocks`` and ``removed`` say it in full."""

    @cached_property
    def blocks(self) -> list[ArticleBlock]:
        """Every block of the page in order, kept or dropped: labelled training data."""
        return labelled(self.judged)

    @cached_property
    def removed(self) -> list[Removed]:
        """Every run of text that was removed, and the reason."""
        return removed(self.judged)

    @cached_property
    def markdown(self) -> str:
        from .render_markdown import render_markdown

        return render_markdown(self.document)

    @cached_property
    def html(self) -> str:
        from .render_html import render_html

        return render_html(self.document)

    def to_dict(self) -> dict[str, Any]:
        """Everything but ``document`` and ``judged``, as plain data ready for JSON."""
        names = [name for name in self.__dataclass_fields__ if name not in ("document", "judged", "template", "source")]
        record: dict[str, Any] = {name: getattr(self, name) for name in names}
        record["markdown"], record["html"] = self.markdown, self.html
        for name in ("source", "blocks", "removed", "template"):
            record[name] = to_builtins(getattr(self, name))
        return record
