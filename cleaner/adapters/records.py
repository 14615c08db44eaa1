"""What all adapters share: a Cleaner and its columns as one object that travels between processes and hashes stably."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

import msgspec

from ..batch import Columns, record
from ..batch.records import MAX_BYTES
from ..load import RuleSet
from ..memory import Counts, Repetition
from ..pipeline import Cleaner, Options
from ..version import __version__

Self = TypeVar("Self", bound="RecordCleaner")
_WARM_UP = "<html><body><article><p>The ferry to the northern islands will sail twice a day from April, the office said.</p></article>"


class _State(msgspec.Struct):
    """What a RecordCleaner is made of, as plain data. The first two are there for the hash: they name what made the output."""

    digest: str
    version: str
    ruleset: RuleSet
    options: Options
    columns: Columns
    max_bytes: int
    known: bytes


class RecordCleaner:
    """Records in, records with their articles out, by ``cleaner.batch.record``.

    ``cleaner``: the rules (the built-in ones by default), compiled once; they travel with the object, so other machines need only the
    package. ``columns``: which columns hold what. ``max_bytes``: pages above this size become records with an ``error``. ``known``: what
    repeats on sites (``Counts.to_bytes``).

    Two that would give the same output pickle to the same bytes in every process, so caches that are keyed on such a hash hold
    (``datasets`` has one). Other rules, options, columns or another version give other bytes.
    """

    def __init__(
        self, cleaner: Cleaner | None = None, columns: Columns | None = None, *, max_bytes: int = MAX_BYTES, known: bytes = b""
    ) -> None:
        self.cleaner = cleaner if cleaner is not None else Cleaner()
        self.columns = columns or Columns()
        self.max_bytes = max_bytes
        self.known = known
        self._repetition = Repetition(Counts.from_bytes(known)) if known else None

    def record(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """One record in, the same with its article out. Raises Clash; what is wrong with the page is said in its ``error``."""
        return record(self.cleaner, row, self.columns, max_bytes=self.max_bytes, repetition=self._repetition)

    def page(self, html: str | bytes, url: str | None = None) -> dict[str, Any]:
        """One page in, its record out."""
        return self.record({self.columns.html: html, self.columns.url: url})

    def warm_up(self) -> None:
        """Clean a short page, so that everything that is loaded when first used is there before a clock runs."""
        self.page(_WARM_UP)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        # One string of bytes: what pickle writes of objects depends on which of their strings happen to be the same object.
        ruleset, options = self.cleaner.__getstate__()
        state = _State(self.cleaner.digest, __version__, ruleset, options, self.columns, self.max_bytes, self.known)
        return restored, (type(self), type(self.cleaner), msgspec.msgpack.encode(state))


def restored(kind: type[Self], cleaner_kind: type[Cleaner], data: bytes) -> Self:
    """A RecordCleaner as it was pickled."""
    state = msgspec.msgpack.decode(data, type=_State)
    cleaner = cleaner_kind.__new__(cleaner_kind)
    cleaner.__setstate__((state.ruleset, state.options))
    one = kind.__new__(kind)
    RecordCleaner.__init__(one, cleaner, state.columns, max_bytes=state.max_bytes, known=state.known)
    return one


def exclusion(*, words: int, language: str | None, error: str | None, min_words: int, languages: Collection[str]) -> str:
    """Why ``cleaner batch --min-words --languages`` would exclude such an article: ``word: sentence``; "" if it is kept."""
    if error:
        return f"error: {error}"
    if not words:
        return "empty"
    if languages and language not in languages:
        return f"language: {language or 'unknown'}"
    if words < min_words:
        return f"short: {words} word{'s' * (words != 1)}"
    return ""
