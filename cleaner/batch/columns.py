"""The names of columns: which of the input's are read, which ones come out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

DEFAULT_FIELDS = (
    "text", "title", "authors", "date", "site_name", "canonical_url", "language", "source", "image", "description", "words", "method",
    "confidence", "removed_share", "fingerprint", "warnings", "error", "ruleset_digest", "version",
)  # fmt: skip
"""What a record gets beside the columns it came with."""
PROVENANCE = ("template", "removed")
"""What ``--with-removed`` adds: which rule files applied, and what went with which reason."""
FIELDS = (*DEFAULT_FIELDS, *PROVENANCE, "markdown", "html", "blocks")
"""Everything a record may get."""
DROPPED, COPY_OF, COPIES = "dropped", "copy_of", "copies"
"""Why a record was excluded; the first record of the same article, and how many records have it."""


class Clash(ValueError):
    """A column of the input has the name of an output column."""

    def __init__(self, names: Iterable[str]) -> None:
        shown = ", ".join(repr(name) for name in names)
        super().__init__(f"the input has columns of the same name as the output ({shown}): give the output's a --prefix")


@dataclass(frozen=True)
class Columns:
    """Which columns of a record hold what, and what to add to it.

    ``html``, ``text``, ``url`` and ``id`` name columns of the input; where a record has no ``html``, its ``text`` is taken as a page
    of plain text. ``fields`` are the output's columns in order (of ``FIELDS``); ``prefix`` goes before each of their names.
    The id and url columns keep their names and values, and so does every column that is named nowhere.
    """

    html: str = "html"
    text: str = "text"
    url: str = "url"
    id: str = "id"
    fields: tuple[str, ...] = DEFAULT_FIELDS
    prefix: str = ""

    def __post_init__(self) -> None:
        unknown = [name for name in self.fields if name not in FIELDS]
        if unknown:
            raise ValueError(f"no such field: {', '.join(unknown)}; there are {', '.join(FIELDS)}")

    def output(self) -> list[str]:
        """Names of the columns that are added to a record."""
        return [self.prefix + name for name in self.fields]

    def clashing(self, names: Iterable[str], more: Iterable[str] = ()) -> list[str]:
        """Columns of the input in; those out that an output column (or one of ``more``, unprefixed) would overwrite."""
        ours = {*self.output(), *(self.prefix + name for name in more)}
        return [name for name in names if name in ours]
