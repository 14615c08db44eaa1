"""Reads ahead: a thread that takes items from the readers and holds a bounded number of them ready."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from multiprocessing import Pipe

from .items import Item


class Feeder(threading.Thread):
    """Items of an iterator, ready to be taken without waiting; ``wake`` is a connection that has something when there are new ones."""

    def __init__(self, items: Iterator[Item], max_items: int, max_bytes: int) -> None:
        super().__init__(daemon=True, name="feeder")
        self._items, self._max_items, self._max_bytes = items, max_items, max_bytes
        self._ready: deque[Item] = deque()
        self._size = 0
        self._changed = threading.Condition()
        self._stopped = self._ended = False
        self._hungry = True
        self._error: BaseException | None = None
        self.wake, self._bell = Pipe(duplex=False)

    def run(self) -> None:
        try:
            for item in self._items:
                with self._changed:
                    while self._ready and (len(self._ready) >= self._max_items or self._size + item.size > self._max_bytes):
                        if self._stopped:
                            return
                        self._changed.wait()
                    if self._stopped:
                        return
                    self._ready.append(item)
                    self._size += item.size
                    self._ring()
        except BaseException as error:
            self._error = error
        finally:
            with self._changed:
                self._ended = True
                self._ring()

    def take(self, most: int, most_bytes: int) -> list[Item]:
        """Up to ``most`` items, and no more than one above ``most_bytes`` together; none when none are ready."""
        taken: list[Item] = []
        with self._changed:
            size = 0
            while self._ready and len(taken) < most and (not taken or size + self._ready[0].size <= most_bytes):
                item = self._ready.popleft()
                size += item.size
                taken.append(item)
            self._size -= size
            self._hungry = not self._ready
            self._changed.notify()
        return taken

    def heard(self) -> None:
        """Take notice of the bell."""
        while self.wake.poll():
            self.wake.recv_bytes()

    @property
    def ended(self) -> bool:
        """Whether all was taken. Raises what the readers raised."""
        with self._changed:
            if not self._ended or self._ready:
                return False
            if self._error is not None:
                raise self._error
            return True

    def stop(self) -> None:
        """Read no further; what is ready can still be taken."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def drop(self) -> None:
        """Forget what is ready."""
        with self._changed:
            self._ready.clear()
            self._size = 0

    def _ring(self) -> None:
        if self._hungry:
            self._hungry = False
            self._bell.send_bytes(b"!")
