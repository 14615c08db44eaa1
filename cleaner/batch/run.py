"""The whole of ``cleaner batch`` as code: read this file first.

inputs -> items -> (feeder) -> batches -> workers -> results in order -> main and dropped output -> cut -> manifest
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from . import copies
from .begin import earlier, manifest_of, prepared, rest
from .count import count_first, workers
from .items import Item, Result
from .manifest import Manifest, check_same
from .plan import TEXTS, Plan, form_of
from .pool import Pool
from .progress import BAR_EVERY, Progress, stats_table
from .readers import BadInput, Source
from .signals import exit_code, signals
from .worker import CLASH, Setup
from .writers import Folder, Lines, Shards, Writer

OK, SOME_FAILED = 0, 3
_NOTHING = Item("bad", "")

Say = Callable[[str], None]


def run(plan: Plan, say: Say) -> int:
    """Carry out a plan; the exit code. ``say`` gets lines for people.

    Raises BadInput, Unusable, Clash, MissingLibrary, RuleError, PoolError and OSError for what makes the run impossible, and
    ``writers.Closed`` when the reader of standard output has gone.
    """
    passed = prepared(plan)
    source = plan.source(send_passed=passed is None or plan.dropped_output is not None)
    old = earlier(plan)
    if old is not None and old.state in ("cleaned", "done"):
        check_same(old, manifest_of(plan, old.ruleset_digest, old.version))
        return _finished(plan, old, say)
    if plan.two_pass and old is None and (stopped := count_first(plan)):
        say("interrupted while the pages were counted; the same command counts again, and no page twice")
        return exit_code(stopped)
    judge = plan.judge(passed_known=passed is not None)
    feeder, pool = workers(plan, rest(source, old), Setup(judge, plan.cleaner, plan.memory, "never" if plan.two_pass else "along"))
    try:
        feeder.start()
        pool.start()
        manifest = manifest_of(plan, pool.digest, pool.version)
        if old is not None:
            check_same(old, manifest)
            manifest = old
            manifest.state, manifest.runs = "running", old.runs + 1
        stopped = _Run(plan, manifest, source, passed).through(pool)
    finally:
        pool.close()
    if stopped:
        return _interrupted(plan, manifest, stopped, say)
    return _finished(plan, manifest, say)


# ---------------------------------------------------------------- the run


class _Run:
    def __init__(self, plan: Plan, manifest: Manifest, source: Source, passed: Any | None) -> None:
        self.plan, self.manifest, self.source, self.passed = plan, manifest, source, passed
        self.read, self.last = manifest.read, _NOTHING
        self.before, self.seconds_before, self.started = manifest.total, manifest.seconds, time.monotonic()
        self.since_cut = 0
        # First of all: the manifest of an older output must not outlive that output.
        self._save()
        self.main = self._main()
        dropped = plan.dropped_output
        self.dropped = Lines(dropped, _compression(form_of(dropped) or ""), manifest.dropped_position) if dropped else None

    def _main(self) -> Writer:
        plan, position = self.plan, self.manifest.position
        if plan.form == "parquet":
            return Shards(plan.output, plan.columns, self.passed, plan.shard_rows, position)
        if plan.form in TEXTS:
            return Folder(plan.output, "." + plan.form, position)
        return Lines(plan.output, _compression(plan.form), position)

    def through(self, pool: Pool) -> int:
        """All results to their places; 0, or the signal by which the run was stopped."""
        bar = Progress(self.source.total() if self.plan.bar else None, shown=self.plan.bar)
        shown = 0.0
        try:
            with signals() as caught:
                for results in pool.results():
                    for item, result in results:
                        self._take(item, result)
                    if results:
                        self.main.flush()
                    if caught:
                        pool.stop()
                    if self.plan.bar and time.monotonic() - shown > BAR_EVERY:
                        shown = time.monotonic()
                        bar.show(self.source.bytes_read, self.manifest, self._elapsed(), self.before)
                self.manifest.state = "interrupted" if caught else "cleaned"
                self._cut()
            bar.show(self.source.bytes_read, self.manifest, self._elapsed(), self.before)
        finally:
            bar.close()
            self.main.close()
            if self.dropped:
                self.dropped.close()
        return caught[0] if caught else 0

    def _take(self, item: Item, result: Result) -> None:
        if self.read == 0 and result.reason.startswith(f"{CLASH}: "):
            raise BadInput(result.reason.removeprefix(f"{CLASH}: "))
        if result.place == "main":
            self.main.write(item, result.payload)
        elif result.place == "dropped" and self.dropped:
            self.dropped.write(item, result.payload)
        _count(self.manifest, result)
        self.read, self.last = self.read + 1, item
        self.since_cut += 1
        if self.since_cut >= self.main.rows or self.main.full():
            self._cut()

    def _cut(self) -> None:
        """From here a run can be resumed."""
        manifest = self.manifest
        manifest.position = self.main.cut()
        manifest.dropped_position = self.dropped.cut() if self.dropped else 0
        if self.read > manifest.read:
            manifest.read, manifest.last = self.read, self.last.key()
        self.since_cut = 0
        self._save()

    def _save(self) -> None:
        self.manifest.timed(self.seconds_before + self._elapsed())
        if self.plan.manifest is not None:
            self.manifest.save(self.plan.manifest)

    def _elapsed(self) -> float:
        return time.monotonic() - self.started


def _count(manifest: Manifest, result: Result) -> None:
    if result.outcome == "skipped":
        manifest.skipped += 1
        return
    manifest.pages[result.outcome] += 1
    if result.outcome in ("failed", "dropped"):
        word = result.reason.partition(":")[0]
        manifest.reasons[word] = manifest.reasons.get(word, 0) + 1
    if result.fired is not None:
        rules, templates = result.fired
        for rule, blocks in rules.items():
            both = manifest.rules.setdefault(rule, [0, 0])
            both[0], both[1] = both[0] + 1, both[1] + blocks
        for name in templates:
            manifest.templates[name] = manifest.templates.get(name, 0) + 1


# ---------------------------------------------------------------- after


def _interrupted(plan: Plan, manifest: Manifest, number: int, say: Say) -> int:
    if plan.is_stream:
        say(f"interrupted after {manifest.total:,} pages")
    else:
        say(f"interrupted after {manifest.total:,} pages; the same command with --resume goes on from there")
    return exit_code(number)


def _finished(plan: Plan, manifest: Manifest, say: Say) -> int:
    """What comes when all pages are clean: copies, the last manifest, the report."""
    if plan.group_copies and manifest.copies is None:
        if plan.form == "parquet":
            manifest.copies = copies.mark_shards(plan.output, plan.columns)
        else:
            manifest.copies = copies.mark_lines(plan.output, _compression(plan.form), plan.columns)
    manifest.state = "done"
    if plan.manifest is not None:
        manifest.save(plan.manifest)
    if plan.stats:
        say(stats_table(manifest))
    pages = manifest.pages
    if plan.bar:
        counts = ", ".join(f"{number:,} {name}" for name, number in pages.items() if number)
        say(f"{manifest.total:,} pages ({counts or 'none'}) in {manifest.seconds:,.1f} s, {manifest.pages_per_second:,.1f} a second")
    if manifest.copies:
        say(f"{manifest.copies:,} records are copies of others")
    if pages["failed"]:
        where = plan.dropped_output or f"the column {plan.columns.prefix}error"
        reasons = ", ".join(f"{number:,} {word}" for word, number in sorted(manifest.reasons.items()) if word not in ("language", "short"))
        say(f"{pages['failed']:,} of {manifest.total:,} pages failed ({reasons}); {where} says why")
    return SOME_FAILED if pages["failed"] else OK


def _compression(form: str) -> str:
    return form.partition(".")[2]
