"""Ray Data: a class for ``Dataset.map_batches``. Each actor compiles the rules once.

    dataset.map_batches(CleanBatches, batch_format="pyarrow", batch_size=64, concurrency=(1, 8))
"""

from __future__ import annotations

from typing import Any

from . import tables
from .records import RecordCleaner


class CleanBatches(RecordCleaner):
    """Arrow tables in; out the columns of ``cleaner batch``. Give ``cleaner`` and ``columns`` in ``fn_constructor_kwargs``."""

    def __call__(self, batch: Any) -> Any:
        """A pyarrow Table in, a pyarrow Table out. Raises TypeError without ``batch_format="pyarrow"``, and Clash."""
        if not hasattr(batch, "schema"):
            raise TypeError('map_batches(CleanBatches, ...) needs batch_format="pyarrow"')
        return tables.cleaned(self, batch)
