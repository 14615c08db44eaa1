"""The worker processes: each is given batches, watched page by page, and replaced when it is old, dead or stuck. Order is kept."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

from .feeder import Feeder
from .items import Item, Result
from .worker import Setup, serve

BATCH, BATCH_BYTES = 16, 2_000_000
_AHEAD, _AHEAD_BYTES = 2000, 64_000_000
"""How far workers may be ahead of a page that takes its time, in pages and in bytes of results."""
_POLL = 0.25
_START_TIMEOUT = 60.0
_TRIES = 2
"""A page whose worker died gets a second worker: the first may have been the victim of something else."""
_PRELOAD = ["cleaner.batch.worker", "cleaner.pipeline", "numpy", "htmldate", "langdetect", "nh3", "tldextract", "regex"]


class PoolError(RuntimeError):
    """Workers cannot be started, or their rules are no longer the same."""


@dataclass
class _Worker:
    process: Any
    connection: Connection
    batch: deque[tuple[int, Item]] = field(default_factory=deque)
    since: float = 0.0
    """When it began the page it is at, or when it was started."""
    ready: bool = False
    done: int = 0


class Pool:
    """``results`` gives items with their results, in the order of the items, as soon as they are there."""

    def __init__(self, setup: Setup, feeder: Feeder, jobs: int, timeout: float, restart_after: int) -> None:
        self.setup, self.feeder, self.jobs, self.timeout, self.restart_after = setup, feeder, jobs, timeout, restart_after
        self.digest = self.version = ""
        methods = multiprocessing.get_all_start_methods()
        self._context: Any = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if "forkserver" in methods:
            self._context.set_forkserver_preload(_PRELOAD)
        self._workers: list[_Worker] = []
        self._again: deque[tuple[int, Item]] = deque()
        self._tries: dict[int, int] = {}
        self._finished: dict[int, tuple[Item, Result]] = {}
        self._finished_bytes = 0
        self._taken = self._given = 0
        """Items taken from the feeder, and given to the caller."""
        self._failed_starts = 0
        self._stopping = False

    def start(self) -> None:
        """Start the workers and wait for the first. Raises what its Cleaner raised (RuleError), or PoolError."""
        # One thread each: the products of the scorer are small, and workers are to be as many as there are processors.
        for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ.setdefault(name, "1")
        self._workers = [self._new() for _ in range(self.jobs)]
        while not self.digest:
            self._listen()

    def results(self) -> Iterator[list[tuple[Item, Result]]]:
        """What became ready, again and again until all is done; an empty list when nothing did for a moment."""
        while True:
            self._hand_out()
            if not self._busy() and (self._stopping or self.feeder.ended) and not self._again:
                return
            self._listen()
            yield self._in_order()

    def stop(self) -> None:
        """Begin no page more; what is in flight is still finished."""
        self._stopping = True
        self.feeder.stop()
        self.feeder.drop()

    def close(self) -> None:
        """End the workers."""
        self.feeder.stop()
        for worker in self._workers:
            self._end(worker, kill=bool(worker.batch) or not worker.ready)
        self._workers = []

    # ------------------------------------------------------------ giving

    def _hand_out(self) -> None:
        for worker in self._workers:
            if not worker.ready or worker.batch:
                continue
            batch = self._next_batch()
            if not batch:
                return
            worker.batch.extend(batch)
            worker.since = time.monotonic()
            try:
                worker.connection.send([item.load() for _, item in batch])
            except OSError:
                self._replace(worker, kill=True)

    def _next_batch(self) -> list[tuple[int, Item]]:
        if self._again:
            # One by one: if a page among them kills again, it is known which.
            return [self._again.popleft()]
        if self._stopping or self._taken - self._given >= _AHEAD or self._finished_bytes >= _AHEAD_BYTES:
            return []
        items = self.feeder.take(BATCH, BATCH_BYTES)
        first = self._taken
        self._taken += len(items)
        return list(enumerate(items, first))

    # ------------------------------------------------------------ listening

    def _listen(self) -> None:
        """Wait for workers, new items or the next time limit; take in what came."""
        by_connection: dict[Any, _Worker] = {worker.connection: worker for worker in self._workers}
        for one in wait([*by_connection, self.feeder.wake], self._patience()):
            if one is self.feeder.wake:
                self.feeder.heard()
            else:
                self._receive(by_connection[one])
        now = time.monotonic()
        for worker in list(self._workers):
            if worker.batch and now - worker.since > self.timeout and not worker.connection.poll():
                self._fail_first(worker, f"timeout: not done after {self.timeout:g} s")
                self._replace(worker, kill=True)
            elif not worker.ready and now - worker.since > _START_TIMEOUT:
                self._replace(worker, kill=True)

    def _patience(self) -> float:
        ends = [worker.since + self.timeout for worker in self._workers if worker.batch]
        return max(0.0, min([_POLL, *(end - time.monotonic() for end in ends)])) + 0.001

    def _receive(self, worker: _Worker) -> None:
        try:
            while True:
                message = worker.connection.recv()
                worker.since = time.monotonic()
                if worker.ready:
                    self._finish(*worker.batch.popleft(), message)
                    worker.done += 1
                else:
                    self._greeted(worker, message)
                if not worker.connection.poll():
                    break
        except (EOFError, OSError):
            self._died(worker)
            return
        if not worker.batch and worker.done >= self.restart_after:
            self._replace(worker, kill=False)

    def _greeted(self, worker: _Worker, message: tuple[Any, ...]) -> None:
        if message[0] == "error":
            raise message[1]
        if self.digest and message[1] != self.digest:
            raise PoolError("the rules were changed while they were used")
        self.digest, self.version = message[1:]
        worker.ready = True
        self._failed_starts = 0

    def _finish(self, number: int, item: Item, result: Result) -> None:
        self._finished[number] = (item, result)
        self._finished_bytes += _size(result)

    def _in_order(self) -> list[tuple[Item, Result]]:
        found = []
        while (pair := self._finished.pop(self._given, None)) is not None:
            self._given += 1
            self._finished_bytes -= _size(pair[1])
            found.append(pair)
        return found

    def _busy(self) -> bool:
        return any(worker.batch for worker in self._workers) or bool(self._again)

    # ------------------------------------------------------------ beginnings and ends

    def _new(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=serve, args=(theirs, self.setup), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours, since=time.monotonic())

    def _died(self, worker: _Worker) -> None:
        worker.process.join(5)
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts > 2:
                raise PoolError(f"workers cannot be started: {_ending(worker.process.exitcode)}")
        elif worker.batch:
            number, _ = worker.batch[0]
            self._tries[number] = self._tries.get(number, 0) + 1
            if self._tries[number] >= _TRIES:
                self._fail_first(worker, f"crash: its worker died twice ({_ending(worker.process.exitcode)})")
        self._replace(worker, kill=True)

    def _fail_first(self, worker: _Worker, reason: str) -> None:
        number, item = worker.batch.popleft()
        self._finish(number, item, self.setup.judge.failed(*item.load(), reason))

    def _replace(self, worker: _Worker, *, kill: bool) -> None:
        self._again.extendleft(reversed(worker.batch))
        worker.batch.clear()
        self._end(worker, kill=kill)
        self._workers[self._workers.index(worker)] = self._new()

    def _end(self, worker: _Worker, *, kill: bool) -> None:
        try:
            worker.connection.send(None)
        except OSError:
            kill = True
        if kill:
            worker.process.kill()
        worker.connection.close()
        worker.process.join(2)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join(2)


def _size(result: Result) -> int:
    payload = result.payload
    return payload[2] if isinstance(payload, tuple) else len(payload or b"")


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"
    return f"exit code {code}"
