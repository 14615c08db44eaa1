"""The first of two passes: what repeats on the pages of all sites is counted before the first page is cleaned."""

from __future__ import annotations

import time
from collections.abc import Iterator

from .feeder import Feeder
from .items import Item
from .manifest import Manifest
from .plan import Plan
from .pool import Pool, PoolError
from .progress import BAR_EVERY, Progress
from .signals import signals
from .worker import Setup

_READ_AHEAD, _READ_AHEAD_BYTES = 64, 8_000_000
"""Items held ready for each worker, and their bytes in all."""


def workers(plan: Plan, items: Iterator[Item], setup: Setup) -> tuple[Feeder, Pool]:
    """What reads ahead, and the processes that work, for a plan."""
    feeder = Feeder(items, _READ_AHEAD * plan.jobs, _READ_AHEAD_BYTES)
    return feeder, Pool(setup, feeder, plan.jobs, plan.timeout, plan.restart_after)


def count_first(plan: Plan) -> int:
    """Count what repeats on the pages of all sites; 0, or the signal by which it was stopped. Raises what ``run`` raises."""
    source = plan.source(send_passed=False)
    bar = Progress(source.total() if plan.bar else None, shown=plan.bar)
    feeder, pool = workers(plan, source.items(), Setup(plan.judge(passed_known=False), plan.cleaner, plan.memory, "first"))
    counted = Manifest([], "", None, {})
    started = shown = time.monotonic()
    try:
        feeder.start()
        pool.start()
        with signals() as caught:
            for results in pool.results():
                for _, result in results:
                    if result.outcome == "failed" and not result.reason.startswith(("timeout", "crash")):
                        raise PoolError(f"{plan.memory}: {result.reason}")
                    counted.pages["kept"] += 1
                if caught:
                    pool.stop()
                if plan.bar and time.monotonic() - shown > BAR_EVERY:
                    shown = time.monotonic()
                    bar.show(source.bytes_read, counted, shown - started, 0)
            return caught[0] if caught else 0
    finally:
        bar.close()
        pool.close()
