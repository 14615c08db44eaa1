"""Signals that ask a run to stop, and the exit codes of runs that were stopped."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

INTERRUPTED, TERMINATED = 130, 143


@contextmanager
def signals() -> Iterator[list[int]]:
    """The signals that came and ask to stop. The second of them ends the program as it would without us."""
    caught: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield caught
        return

    def note(number: int, frame: Any) -> None:
        caught.append(number)
        if len(caught) > 1:
            raise KeyboardInterrupt

    wanted = [signal.SIGINT, signal.SIGTERM]
    before = {number: signal.signal(number, note) for number in wanted}
    try:
        yield caught
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def exit_code(number: int) -> int:
    """The exit code of a run that a signal stopped."""
    return TERMINATED if number == signal.SIGTERM else INTERRUPTED
