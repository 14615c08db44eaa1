"""Arrow tables in, the same tables with their articles out: what Ray, Spark and ``datasets`` have in common. Needs pyarrow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..batch.columns import Clash, Columns
from ..batch.parquet import field_types, library
from .records import RecordCleaner


def consumed(names: Iterable[str], columns: Columns) -> str:
    """The column of the page, which does not come out: ``html``, or ``text`` in tables that have no ``html``."""
    return columns.html if columns.html in names else columns.text


def passed(names: Iterable[str], columns: Columns) -> list[str]:
    """The columns that pass through, but for id and url. Raises Clash where one has the name of an output column."""
    names = list(names)
    others = [name for name in names if name not in (consumed(names, columns), columns.id, columns.url)]
    clashing = columns.clashing(others)
    if clashing:
        raise Clash(clashing)
    return others


def added(cleaner: RecordCleaner, table: Any) -> dict[str, list[Any]]:
    """The columns that are added to a table (or to a mapping of names to lists), as lists. Raises Clash."""
    columns = cleaner.columns
    names = table.schema.names if hasattr(table, "schema") else list(table)
    passed(names, columns)
    read = {name: _values(table[name]) for name in (columns.html, columns.text, columns.url) if name in names}
    count = len(next(iter(read.values()), [])) or _rows(table)
    records = [cleaner.record({name: values[at] for name, values in read.items()}) for at in range(count)]
    return {name: [one[name] for one in records] for name in columns.output()}


def cleaned(cleaner: RecordCleaner, table: Any) -> Any:
    """A Table or RecordBatch in; the same kind out: id, url, what was added, and every other column as it was.

    The columns, their order and their types are those of ``cleaner batch`` from Parquet to Parquet. Raises Clash.
    """
    pa, _ = library()
    columns, names = cleaner.columns, table.schema.names
    new = added(cleaner, table)
    types = types_of(columns)
    arrays, fields = [], []
    for name in (columns.id, columns.url, *new, *passed(names, columns)):
        if name in new:
            arrays.append(pa.array(new[name], type=types[name]))
            fields.append(pa.field(name, types[name]))
        elif name in names:
            arrays.append(table.column(name))
            fields.append(table.schema.field(name))
        else:
            arrays.append(pa.nulls(table.num_rows, pa.string()))
            fields.append(pa.field(name, pa.string()))
    return type(table).from_arrays(arrays, schema=pa.schema(fields))


def types_of(columns: Columns) -> dict[str, Any]:
    """Arrow types of the columns that are added."""
    types = field_types()
    return {columns.prefix + name: types[name] for name in columns.fields}


def _values(column: Any) -> list[Any]:
    values: list[Any] = column.to_pylist() if hasattr(column, "to_pylist") else list(column)
    return values


def _rows(table: Any) -> int:
    return table.num_rows if hasattr(table, "num_rows") else len(next(iter(table.values()), []))
