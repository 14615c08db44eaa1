"""One record in, the same record with its article out: what every road through a corpus has in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from msgspec import to_builtins

from ..article import Article
from ..text import count_words
from .columns import Clash, Columns
from .fingerprint import fingerprint

if TYPE_CHECKING:
    from ..memory import Repetition
    from ..pipeline import Cleaner

MAX_BYTES = 10_000_000
"""Pages above this size become error records unless told otherwise."""


class BadRecord(ValueError):
    """A record that cannot be cleaned. ``str()`` is its ``error``: ``word: sentence``."""


def record(
    cleaner: Cleaner,
    row: Mapping[str, Any],
    columns: Columns | None = None,
    *,
    content_type: str | None = None,
    max_bytes: int = MAX_BYTES,
    repetition: Repetition | None = None,
) -> dict[str, Any]:
    """A record in; out its id, its url, the fields of its article, and every other column unchanged.

    Pages are ``str`` or ``bytes``; ``content_type`` is what the server said of the bytes; ``repetition`` is what is known of the
    site's other pages. Never raises on what a record holds: what is
    wrong with it is said in its ``error`` column, which is None otherwise. Raises Clash (a ValueError) where a column of the input has
    the name of an output column.
    """
    columns = columns or Columns()
    return made(cleaner, row, columns, content_type, max_bytes, repetition)[0]


def made(
    cleaner: Cleaner, row: Mapping[str, Any], columns: Columns, content_type: str | None, max_bytes: int, repetition: Repetition | None
) -> tuple[dict[str, Any], Article, str]:
    """As ``record``, which is the first of what comes out; then the article, and what was wrong (empty when nothing was)."""
    passed = other_columns(row, columns)
    error = ""
    try:
        page, url, kind = page_of(row, columns, max_bytes)
        article = cleaner.clean(page, url, content_type=content_type, input=kind, repetition=repetition)
    except BadRecord as bad:
        article, error = Article(""), str(bad)
    except Exception as fault:
        article, error = Article(""), f"fault: {type(fault).__name__}: {fault}"[:300]
    return assembled(row, article, columns, passed, error), article, error


def other_columns(row: Mapping[str, Any], columns: Columns) -> dict[str, Any]:
    """The columns of a record that pass through unchanged. Raises Clash."""
    consumed = {columns.html, columns.id, columns.url}
    if row.get(columns.html) is None:
        consumed.add(columns.text)
    passed = {name: value for name, value in row.items() if name not in consumed}
    clashing = columns.clashing(passed)
    if clashing:
        raise Clash(clashing)
    return passed


def page_of(row: Mapping[str, Any], columns: Columns, max_bytes: int) -> tuple[str | bytes, str | None, Literal["text"] | None]:
    """The page of a record, its address, and "text" where it is none of HTML. Raises BadRecord."""
    name = columns.html if row.get(columns.html) is not None else columns.text
    page = row.get(name)
    if page is None:
        raise BadRecord(f"no-html: the record has neither {columns.html!r} nor {columns.text!r}")
    if isinstance(page, (bytearray, memoryview)):
        page = bytes(page)
    if not isinstance(page, (str, bytes)):
        raise BadRecord(f"bad-html: {name!r} holds {type(page).__name__}, not text")
    size = len(page)
    if size > max_bytes:
        raise BadRecord(f"too-large: {size:,} {'bytes' if isinstance(page, bytes) else 'characters'}, {max_bytes:,} are allowed")
    url = row.get(columns.url)
    return page, url if isinstance(url, str) and url else None, None if name == columns.html else "text"


def assembled(row: Mapping[str, Any], article: Article, columns: Columns, passed: Mapping[str, Any], error: str) -> dict[str, Any]:
    """The output record of an article."""
    out = {columns.id: row.get(columns.id), columns.url: row.get(columns.url)}
    for name in columns.fields:
        out[columns.prefix + name] = (error or None) if name == "error" else _value(article, name)
    out.update(passed)
    return out


def _value(article: Article, name: str) -> Any:
    if name == "words":
        return count_words(article.text)
    if name == "fingerprint":
        return fingerprint(article.text)
    value = getattr(article, name)
    return to_builtins(value) if name in ("source", "template", "removed", "blocks") else value
