"""Spark: a function for ``DataFrame.mapInArrow``, and its schema.

    clean(frame)                                                          # or, step by step:
    frame.mapInArrow(map_in_arrow(), schema(frame.schema))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..batch import Columns
from ..pipeline import Cleaner
from . import tables
from .records import RecordCleaner


class _Batches(RecordCleaner):
    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            yield tables.cleaned(self, batch)


def map_in_arrow(
    cleaner: Cleaner | None = None, columns: Columns | None = None, *, known: bytes = b""
) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """A function from batches to batches with the columns of ``cleaner batch``. The rules travel with it to the executors.

    ``known``: what repeats on sites (``Counts.to_bytes``).
    """
    return _Batches(cleaner, columns, known=known)


def schema(before: Any, columns: Columns | None = None) -> Any:
    """The StructType of the input in, that of the output out. Needs pyspark. Raises Clash."""
    try:
        from pyspark.sql.pandas.types import from_arrow_schema
        from pyspark.sql.types import StringType, StructField, StructType
    except ImportError:
        raise ImportError("schema() needs pyspark: pip install 'cleaner[spark]'") from None
    import pyarrow as pa

    columns = columns or Columns()
    known = {field.name: field for field in before.fields}
    new = from_arrow_schema(pa.schema(list(tables.types_of(columns).items()))).fields
    ours = [known.get(name, StructField(name, StringType())) for name in (columns.id, columns.url)]
    return StructType([*ours, *new, *(known[name] for name in tables.passed(known, columns))])


def clean(frame: Any, cleaner: Cleaner | None = None, columns: Columns | None = None, *, known: bytes = b"") -> Any:
    """A DataFrame of pages in; one with their articles out. Needs pyspark. Raises Clash."""
    return frame.mapInArrow(map_in_arrow(cleaner, columns, known=known), schema(frame.schema, columns))
