"""Metadata that the template itself gives: the ``fields`` and ``source`` of the rule files that apply."""

from __future__ import annotations

from collections.abc import Iterator

from . import pattern, select, xpath
from .compile import CompiledFile
from .model import Block, Metadata, Page, Source
from .page import attribute
from .rulefile import FieldSource
from .text import fold

_EDGE_BLOCKS = 30
"""How many blocks at the page's start and end a field's ``text`` pattern looks at."""
_LONGEST = 1000
_MANY_RUNS = 40


def template_fields(page: Page, files: list[CompiledFile]) -> Metadata:
    """Active files, weakest first, in; what their fields say out. For each field the strongest file that answers wins."""
    metadata = Metadata()
    for name in ("title", "authors", "date", "site_name", "description", "image"):
        values = next(
            (values for file in reversed(files) for fields in file.fields if (values := _answer(page, getattr(fields, name)))), []
        )
        if values:
            setattr(metadata, name, values if name == "authors" else values[0])
    source = next((file.source for file in reversed(files) if file.source), None)
    if source is not None:
        metadata.source = Source(source.name, source.url)
    return metadata


def _answer(page: Page, sources: str | FieldSource | list[str | FieldSource] | None) -> list[str]:
    for source in sources if isinstance(sources, list) else [sources]:
        if source is not None and (values := _values(page, FieldSource(css=source) if isinstance(source, str) else source)):
            return values
    return []


def _values(page: Page, source: FieldSource) -> list[str]:
    if source.value is not None:
        return [source.value]
    if source.text is not None:
        return _by_pattern(page, source.text)
    found = [_part(value, source) for value in _of_elements(page, source)]
    return list(dict.fromkeys(fold(value) for value in found if value.strip() and len(value) <= _LONGEST))


def _of_elements(page: Page, source: FieldSource) -> list[str]:
    """The texts, or attributes, of the elements that a source names."""
    if source.xpath is None:
        named: list[str | int] = list(select.find(page, select.parse(source.css or "")))
    else:
        try:
            named = xpath.values(page, source.xpath)
        except TimeoutError:
            warning = f"slow-rule: the field's XPath {source.xpath[:80]} ran out of time and was skipped"
            page.warnings += [] if warning in page.warnings else [warning]
            return []
    return [one if isinstance(one, str) else _value(page, one, source.attr) for one in named]


def _value(page: Page, node: int, attr: str | None) -> str:
    return attribute(page, node, attr) or "" if attr else element_text(page, node)


def _part(value: str, source: FieldSource) -> str:
    """What stands after ``after`` and before ``before``; nothing where the value lacks one of them."""
    if source.after is not None:
        value = value.partition(source.after)[2]
    if source.before is not None:
        value = value.partition(source.before)[0] if source.before in value else ""
    return value


def _by_pattern(page: Page, expression: str) -> list[str]:
    for block in page.blocks[:_EDGE_BLOCKS] + page.blocks[max(_EDGE_BLOCKS, len(page.blocks) - _EDGE_BLOCKS) :]:
        try:
            found = pattern.search(expression, block.text[:_LONGEST])
        except TimeoutError:
            return []
        if found is not None:
            value = found.group("value") if "value" in found.re.groupindex else found.group(1 if found.re.groups else 0)
            if value and value.strip():
                return [fold(value)]
    return []


def element_text(page: Page, node: int) -> str:
    """The visible text of one element, its blocks joined by spaces."""
    blocks = page.blocks[page.first_block[node] : page.last_block[node]]
    return " ".join(filter(None, (fold("".join(raw for _, raw in _runs_below(page, node, block))) for block in blocks)))


def element_runs(page: Page, node: int) -> Iterator[tuple[int, str]]:
    """The runs of one element, in order."""
    for block in page.blocks[page.first_block[node] : page.last_block[node]]:
        yield from _runs_below(page, node, block)


def _runs_below(page: Page, node: int, block: Block) -> list[tuple[int, str]]:
    """The runs of a block below an element. They are contiguous, so a block with many inline elements is indexed once."""
    if block.node >= node:
        return block.runs
    end = page.ends[node]
    if len(block.runs) < _MANY_RUNS:
        return [run for run in block.runs if node <= run[0] < end]
    if block.index not in page.run_starts:
        page.run_starts[block.index] = _first_runs(page, block)
    at = page.run_starts[block.index].get(node)
    last = at = len(block.runs) if at is None else at
    while last < len(block.runs) and node <= block.runs[last][0] < end:
        last += 1
    return block.runs[at:last]


def _first_runs(page: Page, block: Block) -> dict[int, int]:
    """element -> its first run in the block, for every element between a run and the block's own."""
    starts: dict[int, int] = {}
    for at, (holder, _) in enumerate(block.runs):
        while holder > block.node and holder not in starts:
            starts[holder] = at
            holder = page.parents[holder]
    return starts
