"""Hugging Face ``datasets``: a callable for ``Dataset.map(..., batched=True)``.

    clean = CleanBatch()
    dataset.map(clean, batched=True, batch_size=64, remove_columns=["html"], features=clean.features(dataset.features))
"""

from __future__ import annotations

from typing import Any

from . import tables
from .records import RecordCleaner


class CleanBatch(RecordCleaner):
    """Adds the fields of the articles to each batch, whether it is a dict of lists or (format ``arrow``) a table.

    It pickles and hashes stably (see RecordCleaner), so ``map`` finds its cache again after a restart and on another machine, and
    works anew when rules, options, columns or the version changed.
    """

    def __call__(self, batch: Any) -> Any:
        """A batch in, what is to be added to it out; of a table, the whole new table. Raises Clash.

        Without ``batched=True`` the batch is one record.
        """
        if hasattr(batch, "schema"):
            return tables.cleaned(self, batch)
        if isinstance(batch.get(tables.consumed(batch, self.columns)), (str, bytes, type(None))):
            found = self.record(batch)
            return {name: found[name] for name in self.columns.output()}
        return tables.added(self, batch)

    def features(self, before: Any) -> Any:
        """The dataset's ``Features`` in; those after ``map`` with ``remove_columns`` for the page out. Needs datasets.

        Without them ``map`` infers types from the first pages, and fails when none of these has, say, an author.
        """
        try:
            import datasets
        except ImportError:
            raise ImportError("features() needs datasets: pip install 'cleaner[datasets]'") from None
        from ..batch.parquet import library

        pa, _ = library()
        kept = {name: feature for name, feature in before.items() if name != tables.consumed(before, self.columns)}
        return datasets.Features({**kept, **datasets.Features.from_arrow_schema(pa.schema(list(tables.types_of(self.columns).items())))})
