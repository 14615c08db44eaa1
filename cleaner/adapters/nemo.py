"""NeMo Curator: an extractor for ``DocumentExtractStage`` and whatever else calls ``extract(record) -> dict | None``.

It has the three methods of Curator's ``DocumentExtractor`` and does not inherit from it, so Curator need not be installed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..batch import Columns
from ..batch.records import MAX_BYTES
from ..pipeline import Cleaner
from .records import RecordCleaner

COMMON_CRAWL = Columns(html="content", id="warc_id")
"""Names of columns as Curator's reader of Common Crawl gives them."""


class CleanExtractor:
    """A record with a page in, the record with its article out.

    ``passed``: the other columns of the input; Curator wants to know them beforehand. ``keep_empty``: give records without text too
    (with their ``error``, if the page failed), where None would make Curator skip them.
    """

    def __init__(
        self,
        cleaner: Cleaner | None = None,
        columns: Columns = COMMON_CRAWL,
        *,
        passed: Iterable[str] = ("source_id",),
        keep_empty: bool = False,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._records = RecordCleaner(cleaner, columns, max_bytes=max_bytes)
        self.passed, self.keep_empty = tuple(passed), keep_empty

    def extract(self, record: Mapping[str, Any]) -> dict[str, Any] | None:
        """A record in; out the record with its article, or None where there is no text. Raises Clash."""
        columns = self._records.columns
        found = self._records.record(record)
        return found if self.keep_empty or found[columns.prefix + "text"] else None

    def input_columns(self) -> list[str]:
        """The columns that records must have."""
        columns = self._records.columns
        return [columns.id, columns.url, columns.html, *self.passed]

    def output_columns(self) -> list[str]:
        """The columns that come out."""
        columns = self._records.columns
        return [columns.id, columns.url, *columns.output(), *self.passed]
