"""Before a run: look for what makes it impossible, and for an earlier run to go on from."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..memory import SiteMemory
from . import parquet
from .columns import COPIES, COPY_OF, DROPPED
from .items import Item
from .manifest import Manifest, Unusable, load
from .plan import TEXTS, Plan, form_of
from .readers import BadInput, Source, format_of
from .streams import zstandard
from .warc import library as warc_library


def prepared(plan: Plan) -> Any | None:
    """Look for what makes the run impossible; the schema of the columns that pass through, if it goes from Parquet to Parquet."""
    source = plan.source(send_passed=True)
    source.check()
    if plan.memory is not None:
        SiteMemory(plan.memory).close()
    for output in (plan.output, plan.dropped_output):
        is_folder = output == plan.output and plan.form in (*TEXTS, "parquet")
        if output is not None and not is_folder and not Path(output).absolute().parent.is_dir():
            raise BadInput(f"{output}: there is no such folder")
    compressions = [plan.form, form_of(plan.dropped_output or "") or ""]
    if any(form.endswith(".zst") for form in compressions):
        zstandard()
    if "warc" in (plan.format, *map(format_of, plan.inputs)):
        warc_library()
    if plan.form == "parquet":
        parquet.library()
    inputs = source.inputs()
    first = next(inputs, None)
    if first is None:
        raise BadInput("there are no pages here")
    if first.format != "parquet" or not all(one.format == "parquet" for one in inputs):
        return None
    more = [DROPPED] * (plan.dropped is not None) + [COPY_OF, COPIES] * plan.group_copies
    schema = parquet.passed_schema((one.name for one in source.inputs()), plan.columns, more)
    return schema if plan.form == "parquet" else None


def earlier(plan: Plan) -> Manifest | None:
    """The manifest to go on from; None for a new run. Raises Unusable."""
    path = plan.manifest
    if path is None:
        return None
    old = load(path) if plan.resume else None
    if old is None and not plan.overwrite:
        for output in (plan.output, plan.dropped_output):
            if output is not None and _holds_something(Path(output)):
                way = "--resume goes on with a run that was cut off"
                if plan.resume:
                    way = f"its manifest {path} is missing, so it cannot be resumed"
                raise Unusable(f"{output} exists: {way}; --overwrite begins anew")
    if old is not None and old.state in ("running", "interrupted"):
        for output, position in ((plan.output, old.position), (plan.dropped_output, old.dropped_position)):
            if output is not None and Path(output).is_file() and Path(output).stat().st_size < position:
                raise Unusable(f"{output} is shorter than its manifest says; --overwrite begins anew")
            if output is not None and position and not Path(output).exists():
                raise Unusable(f"{output} is missing; --overwrite begins anew")
    return old


def _holds_something(path: Path) -> bool:
    if path.is_dir():
        return any(path.iterdir())
    return path.is_file() and path.stat().st_size > 0


def manifest_of(plan: Plan, digest: str, version: str) -> Manifest:
    """The manifest of a run that begins."""
    return Manifest(plan.described_inputs(), plan.output, plan.dropped_output, plan.described_options(), digest, version)


def rest(source: Source, old: Manifest | None) -> Iterator[Item]:
    """The items the output does not cover yet. Raises Unusable where those before them are not what they were."""
    items = source.items()
    if old is not None and old.read:
        last = next(itertools.islice(items, old.read - 1, None), None)
        if last is None or last.key() != old.last:
            raise Unusable("the inputs were changed; --overwrite begins anew")
    yield from items
