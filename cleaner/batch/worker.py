"""What a worker process does: batches of items in, one result after the other out."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from ..article import Article
from ..text import count_words
from .columns import DROPPED, Clash, Columns
from .items import Kind, Outcome, Result, known_of, row_of
from .records import MAX_BYTES, BadRecord, assembled, made, other_columns, page_of
from .warc import NoPage

if TYPE_CHECKING:
    from ..memory import Repetition, SiteMemory
    from ..pipeline import Cleaner

CLASH = "clash"
"""The first word of the reason where a record has columns of the output's names."""
_SOME_PAGE = '<html lang="en"><title>Any</title><article><p>A page that brings what every page needs.</p></article></html>'


@dataclass(frozen=True)
class Judge:
    """Which records are excluded, and how records are written."""

    columns: Columns
    form: str = "json"
    """``json`` (lines), ``rows`` (for Parquet), ``text``, ``markdown`` or ``record`` (files of a folder)."""
    title: bool = True
    """Whether the title stands on top of ``text`` and ``markdown``."""
    min_words: int = 0
    languages: frozenset[str] = frozenset()
    keeps_dropped: bool = False
    """Whether there is a place for what is excluded; else errors, and empty pages no filter excludes, stay with the others."""
    passed_known: bool = False
    """Whether the columns that pass through stay with the parent (Parquet to Parquet)."""
    max_bytes: int = MAX_BYTES
    stats: bool = False

    def work(self, cleaner: Cleaner, kind: Kind, name: str, data: Any, repetition: Repetition | None = None) -> Result:
        """One item in, its result out. Never raises on what the item holds."""
        try:
            row, content_type, warnings = row_of(kind, name, data, self.columns, self.max_bytes)
            record, article, error = made(cleaner, row, self.columns, content_type, self.max_bytes, repetition)
        except NoPage:
            return Result("skipped")
        except BadRecord as bad:
            return self.failed(kind, name, data, str(bad))
        except Clash as clash:
            return self.failed(kind, name, data, f"{CLASH}: {clash}")
        except Exception as fault:
            return self.failed(kind, name, data, f"fault: {type(fault).__name__}: {fault}"[:300])
        if warnings and (shown := self.columns.prefix + "warnings") in record:
            record[shown] = [*warnings, *record[shown]]
        outcome: Outcome
        outcome, reason = ("failed", error) if error else self._verdict(article)
        return self._result(outcome, reason, kind, row, record, article)

    def count(self, cleaner: Cleaner, kind: Kind, name: str, data: Any, memory: SiteMemory) -> Result:
        """Count what repeats on the page of an item. What is wrong with an item is said when it is cleaned."""
        try:
            row, content_type, _ = row_of(kind, name, data, self.columns, self.max_bytes)
            html, url, text = page_of(row, self.columns, self.max_bytes)
            from ..memory import fingerprints

            memory.add(fingerprints(cleaner.read(html, url, content_type=content_type, input=text)))
        except (NoPage, BadRecord):
            pass
        except Exception as fault:
            return Result("failed", f"{type(fault).__name__}: {fault}"[:300])
        return Result("skipped")

    def failed(self, kind: Kind, name: str, data: Any, reason: str) -> Result:
        """The result of an item that could not be cleaned."""
        row = known_of(kind, name, data, self.columns)
        article = Article("")
        try:
            passed = other_columns(row, self.columns)
        except Clash:
            passed = {}
        return self._result("failed", reason, kind, row, assembled(row, article, self.columns, passed, reason), article)

    def _verdict(self, article: Article) -> tuple[Outcome, str]:
        if not article.text:
            return "empty", "empty"
        if self.languages and article.language not in self.languages:
            return "dropped", f"language: {article.language or 'unknown'}"
        if self.min_words and (words := count_words(article.text)) < self.min_words:
            return "dropped", f"short: {words} word{'s' * (words != 1)}"
        return "kept", ""

    def _result(self, outcome: Outcome, reason: str, kind: Kind, row: dict[str, Any], record: dict[str, Any], article: Article) -> Result:
        result = Result(outcome, reason)
        if self._excluded(outcome):
            if self.keeps_dropped:
                why = f"error: {reason}" if outcome == "failed" else reason
                result.place, result.payload = "dropped", _line({**record, self.columns.prefix + DROPPED: why})
        else:
            result.place, result.payload = "main", self._payload(kind, row, record, article)
        if self.stats:
            result.fired = _fired(article)
        return result

    def _excluded(self, outcome: Outcome) -> bool:
        filtered = bool(self.min_words or self.languages)
        return outcome == "dropped" or (outcome == "empty" and filtered) or (outcome != "kept" and self.keeps_dropped)

    def _payload(self, kind: Kind, row: dict[str, Any], record: dict[str, Any], article: Article) -> Any:
        if self.form == "json":
            return _line(record)
        if self.form == "record":
            return msgspec.json.format(msgspec.json.encode(record, enc_hook=str), indent=2) + b"\n"
        if self.form in ("text", "markdown"):
            from ..rendered import rendered

            return rendered(article, self.form, title=self.title).lstrip("\n").encode("utf-8", "replace")
        added = {name: record[name] for name in self.columns.output()}
        passed = {name: _python(value) for name, value in record.items() if name not in added}
        size = sum(len(value) for value in (*added.values(), *passed.values()) if isinstance(value, (str, bytes, list)))
        return added, ({self.columns.id: passed[self.columns.id]} if self.passed_known else passed), size


@dataclass(frozen=True)
class Setup:
    """What a new worker is told."""

    judge: Judge
    options: dict[str, Any]
    """Of the Cleaner."""
    memory: str | None = None
    """The file of a SiteMemory."""
    counts: Literal["along", "first", "never"] = "along"
    """Whether pages are counted there as they are cleaned, or only counted, or only cleaned."""
    folder: str = field(default_factory=os.getcwd)
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))


def serve(connection: Connection, setup: Setup) -> None:
    """The life of a worker: says ``("ready", digest, version)`` or ``("error", exception)``, then answers batches until it gets None."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _leave_output_alone()
    os.environ.update(setup.environment)
    os.chdir(setup.folder)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from ..memory import Repetition, SiteMemory
    from ..pipeline import Cleaner
    from ..version import __version__

    try:
        cleaner = Cleaner(**setup.options)
        memory = SiteMemory(setup.memory) if setup.memory is not None else None
        # Modules, rules and weights that wait for a first page are loaded now, and count against the time limit of none.
        cleaner.clean(_SOME_PAGE)
    except Exception as error:
        connection.send(("error", error))
        return
    # What the rules are made of stays: a collection that looks at all of it takes as long as several pages.
    gc.collect()
    gc.freeze()
    repetition = Repetition(memory, grows=memory if setup.counts == "along" else None) if memory is not None else None
    connection.send(("ready", cleaner.digest, __version__))
    try:
        while (batch := connection.recv()) is not None:
            for kind, name, data in batch:
                if memory is not None and setup.counts == "first":
                    connection.send(setup.judge.count(cleaner, kind, name, data, memory))
                else:
                    connection.send(setup.judge.work(cleaner, kind, name, data, repetition))
            del batch
    except (EOFError, OSError):
        return


def _end_with_parent() -> None:
    """A page that hangs must not outlive a parent that was killed."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _leave_output_alone() -> None:
    """Standard output is the parent's, whatever a library may print."""
    sys.stdout = None
    quiet = os.open(os.devnull, os.O_RDWR)
    for place in (0, 1):
        os.dup2(quiet, place)


def _line(record: dict[str, Any]) -> bytes:
    return msgspec.json.encode(record, enc_hook=str) + b"\n"


def _python(value: Any) -> Any:
    if not isinstance(value, msgspec.Raw):
        return value
    try:
        return msgspec.json.decode(value)
    except msgspec.MsgspecError:
        return bytes(value).decode("utf-8", "replace")


def _fired(article: Article) -> tuple[dict[str, int], list[str]]:
    rules: dict[str, int] = {}
    for piece in article.removed:
        if not piece.rule.startswith(("scorer", "readability")):
            rules[piece.rule] = rules.get(piece.rule, 0) + 1
    return rules, [layer.name for layer in article.template]
