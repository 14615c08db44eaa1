"""Parquet in and out: rows of files, and a folder of shards, each written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .columns import COPIES, COPY_OF, Clash, Columns
from .streams import Damage, MissingLibrary

_BATCH = 64
"""Rows decoded at a time."""
_JSON = {b"json": b"1"}
"""Metadata of a column that holds JSON, because its values are of no one simple type."""
REST = "rest"
SHARD_BYTES = 64_000_000
"""A shard also ends when its rows take this much memory."""


def library() -> tuple[Any, Any]:
    """``pyarrow`` and ``pyarrow.parquet``. Raises MissingLibrary."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MissingLibrary("pyarrow", "Parquet") from None
    return pyarrow, pyarrow.parquet


# ---------------------------------------------------------------- reading


def rows(path: str, columns: Columns, send_passed: bool) -> Iterator[tuple[dict[str, Any] | Damage, int, Any]]:
    """A file in; out, for each row, what its worker needs, its size in bytes, and (its batch without the page, its number there)."""
    pa, pq = library()
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
                yield from _batch_rows(batch, columns, send_passed)
    except (OSError, pa.ArrowException) as error:
        yield Damage(f"unreadable: {str(error).splitlines()[0][:200]}"), 0, None


def _batch_rows(batch: Any, columns: Columns, send_passed: bool) -> Iterator[tuple[dict[str, Any], int, Any]]:
    names = batch.schema.names
    pages = [name for name in (columns.html, columns.text) if name in names]
    passed = batch.select([name for name in names if name not in _consumed(names, columns)])
    needed = passed if send_passed else batch.select([name for name in (columns.id, columns.url) if name in names])
    others = _plain(needed)
    for at in range(batch.num_rows):
        row = {name: batch.column(name)[at].as_py() for name in pages}
        size = sum(len(page) for page in row.values() if isinstance(page, (str, bytes)))
        row.update({name: value for name, value in others[at].items() if not (name == columns.id and value is None)})
        yield row, size, (passed, at)


def _consumed(names: Iterable[str], columns: Columns) -> set[str]:
    return {columns.html} if columns.html in names else {columns.text}


def _plain(batch: Any) -> list[dict[str, Any]]:
    """Rows as Python has them; times finer than a microsecond as text."""
    pa, _ = library()
    for at, field in enumerate(batch.schema):
        if pa.types.is_temporal(field.type) and getattr(field.type, "unit", "") == "ns":
            batch = batch.set_column(at, field.name, batch.column(at).cast(pa.string()))
    found: list[dict[str, Any]] = batch.to_pylist() if batch.num_columns else [{} for _ in range(batch.num_rows)]
    return found


def passed_schema(paths: Iterable[str], columns: Columns, more: Iterable[str]) -> Any:
    """The columns of all files that pass through, as one Arrow schema. Raises Clash; files that cannot be read are left out."""
    pa, pq = library()
    schemas = []
    for path in paths:
        try:
            found = pq.read_schema(path)
        except (OSError, pa.ArrowException):
            continue
        consumed = _consumed(found.names, columns)
        clashing = columns.clashing([name for name in found.names if name not in (*consumed, columns.id, columns.url)], more)
        if clashing:
            raise Clash(clashing)
        schemas.append(pa.schema([field for field in found if field.name not in consumed]))
    return pa.unify_schemas(schemas, promote_options="permissive") if schemas else pa.schema([])


# ---------------------------------------------------------------- writing


def field_types() -> dict[str, Any]:
    """Arrow types of the fields of a record."""
    pa, _ = library()
    text, number = pa.string(), pa.int64()
    removed = [(name, text) for name in ("text", "rule", "why", "layer", "where")]
    found = dict.fromkeys(
        ("text", "title", "date", "site_name", "canonical_url", "language", "image", "description", "method", "fingerprint", "error",
         "ruleset_digest", "version", "markdown", "html"), text
    )  # fmt: skip
    return found | {
        "authors": pa.list_(text),
        "warnings": pa.list_(text),
        "words": number,
        "confidence": pa.float64(),
        "removed_share": pa.float64(),
        "source": pa.struct([("name", text), ("url", text)]),
        "template": pa.list_(pa.struct([("name", text), ("layer", text), ("evidence", pa.list_(text))])),
        "removed": pa.list_(pa.struct([*removed, ("block", number)])),
        "blocks": pa.list_(pa.struct([(name, text) for name in ("text", "kind", "verdict", "rule", "why", "layer", "where")])),
    }


class Shard:
    """Rows that wait to be written together."""

    def __init__(self, columns: Columns, passed: Any | None, kinds: dict[str, str] | None) -> None:
        self.columns, self.passed, self.kinds = columns, passed, kinds
        self.rows: list[tuple[dict[str, Any], dict[str, Any] | None, Any]] = []

    def table(self) -> Any:
        """All rows as a table: id, url, what was added, what was passed on."""
        pa, _ = library()
        others = self._passed_on() if self.passed is not None else self._inferred()
        types = field_types()
        for name in self.columns.fields:
            shown = self.columns.prefix + name
            others[shown] = (pa.array([added[shown] for added, _, _ in self.rows], type=types[name]), pa.field(shown, types[name]))
        first = [self.columns.id, self.columns.url, *self.columns.output()]
        names = [*first, *(name for name in others if name not in first)]
        return pa.table([others[name][0] for name in names], schema=pa.schema([others[name][1] for name in names]))

    def _passed_on(self) -> dict[str, tuple[Any, Any]]:
        """The columns of Parquet inputs, as they were."""
        pa, _ = library()
        schema: Any = self.passed
        runs = _runs([kept for _, _, kept in self.rows], schema)
        table = pa.Table.from_batches([_as(batch, schema) for batch in runs], schema)
        found = {field.name: (table.column(field.name).combine_chunks(), field) for field in schema}
        ids = [(passed or {}).get(self.columns.id) for _, passed, _ in self.rows]
        for name, values in ((self.columns.id, ids), (self.columns.url, [None] * len(self.rows))):
            if name not in found:
                found[name] = (pa.array(values, type=pa.string()), pa.field(name, pa.string()))
        return found

    def _inferred(self) -> dict[str, tuple[Any, Any]]:
        """The columns of other inputs: of the simplest type that holds the values of the first shard; what fits none goes to ``rest``."""
        pa, _ = library()
        rest_name = self.columns.prefix + REST
        passed = [other or {} for _, other, _ in self.rows]
        if self.kinds is None:
            names = dict.fromkeys(name for other in passed for name in other)
            self.kinds = {name: _kind([other.get(name) for other in passed]) for name in names}
        found = {}
        for name, kind in self.kinds.items():
            values = [other.get(name) for other in passed]
            shown = [_shown(value, kind) if fits(value, kind) else None for value in values]
            metadata = _JSON if kind == "json" else None
            found[name] = (pa.array(shown, type=_arrow(kind)), pa.field(name, _arrow(kind), metadata=metadata))
        kinds = self.kinds
        rest = [{name: value for name, value in other.items() if name not in kinds or not fits(value, kinds[name])} for other in passed]
        encoded = [json.dumps(one, ensure_ascii=False, default=str) if one else None for one in rest]
        found[rest_name] = (pa.array(encoded, type=pa.string()), pa.field(rest_name, pa.string(), metadata=_JSON))
        return found


def kinds_of(path: Path, columns: Columns) -> dict[str, str]:
    """The kinds of inferred columns that a shard was written with."""
    _, pq = library()
    ours = {*columns.output(), columns.prefix + REST, COPY_OF, COPIES}
    schema = pq.read_schema(path)
    return {
        field.name: "json" if _JSON.items() <= (field.metadata or {}).items() else _kind_of(field.type)
        for field in schema
        if field.name not in ours
    }


def _kind_of(arrow_type: Any) -> str:
    pa, _ = library()
    types = pa.types
    tests = {"bool": types.is_boolean, "int": types.is_integer, "float": types.is_floating, "texts": types.is_list}
    return next((kind for kind, is_one in tests.items() if is_one(arrow_type)), "text")


def write(table: Any, path: Path) -> None:
    """A table to a file, whole or not at all."""
    _, pq = library()
    temporary = path.with_name(f".{path.name}.partial")
    pq.write_table(table, temporary, compression="zstd")
    temporary.replace(path)


def _runs(kept: list[Any], schema: Any) -> Iterator[Any]:
    """Neighbouring rows of one batch as slices; an empty row for what is no row of a batch."""
    pa, _ = library()
    at = 0
    while at < len(kept):
        if kept[at] is None:
            yield pa.RecordBatch.from_pylist([dict.fromkeys(schema.names)], schema=schema)
            at += 1
            continue
        batch, first = kept[at]
        end = at + 1
        while end < len(kept) and kept[end] is not None and kept[end][0] is batch and kept[end][1] == first + end - at:
            end += 1
        yield batch.slice(first, end - at)
        at = end


def _as(batch: Any, schema: Any) -> Any:
    """A batch with the columns of ``schema``: cast where files differ, null where it has none."""
    pa, _ = library()
    if batch.schema.equals(schema):
        return batch
    arrays = [
        batch.column(field.name).cast(field.type) if field.name in batch.schema.names else pa.nulls(batch.num_rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _kind(values: list[Any]) -> str:
    return next((kind for kind in ("bool", "int", "float", "text", "texts") if all(fits(value, kind) for value in values)), "json")


def fits(value: Any, kind: str) -> bool:
    """Whether a column of this kind holds the value as it is."""
    if value is None or kind == "json":
        return True
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63
    if kind == "float":
        return isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 2**53)
    if kind == "texts":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, bool if kind == "bool" else str)


def _shown(value: Any, kind: str) -> Any:
    return json.dumps(value, ensure_ascii=False, default=str) if kind == "json" and value is not None else value


def _arrow(kind: str) -> Any:
    pa, _ = library()
    return {"bool": pa.bool_(), "int": pa.int64(), "float": pa.float64(), "texts": pa.list_(pa.string())}.get(kind, pa.string())
