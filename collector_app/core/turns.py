"""Turns of those who write to one SQLite database: first come, first served, and nobody polls it.

SQLite has one writer at a time and lets the others ask again after a pause that grows: with many
threads in some processes whoever comes next is chosen by chance, and some wait for seconds. Here
the threads of a process stand in a queue, and only the first of each asks for the file.
"""

import fcntl
import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from weakref import WeakSet

SUFFIX = "-turns"  # of the file beside the database
POLL_S = 0.001  # of the first of each process alone
NEXT, NOW = 0, 1  # bytes of the file: who holds the second writes, who holds the first is next


_all: WeakSet["Queue"] = WeakSet()


class Queue:
    """Lets the threads of this process through one by one, in the order in which they came."""

    def __init__(self) -> None:
        """Begin with nobody inside."""
        _all.add(self)
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget who waits: in a child process none of those threads goes on."""
        self._changing = Lock()
        self._is_taken = False
        self._waiting: deque[Lock] = deque()

    def enter(self, seconds: float) -> bool:
        """Wait for one's turn, at most so long; tells whether it came."""
        with self._changing:
            if not self._is_taken:
                self._is_taken = True
                return True
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=max(0.0, seconds)):
            return True
        with self._changing:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
        return True  # it came between the two

    @contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """Hold the turn inside; one that did not come in so many seconds is not waited for."""
        has_entered = self.enter(seconds)
        try:
            yield
        finally:
            if has_entered:
                self.leave()

    def leave(self) -> None:
        """Let the next one in."""
        with self._changing:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


class Turns:
    """Turns among the threads of all processes that name the same file.

    It orders those who write, nothing more: SQLite keeps two of them apart also where somebody does
    not ask here. A process that dies leaves no turn behind: its locks end with it.
    """

    def __init__(self, path: Path) -> None:
        """Name the file; it is made with the first turn and stays, empty."""
        self._path = path
        self._queue = Queue()
        self._file: int | None = None  # stays open: closing it anywhere would give up the turn

    @contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """Hold the turn inside; one that did not come in so many seconds is not waited for."""
        until = time.monotonic() + seconds
        has_entered = self._queue.enter(seconds)
        try:
            has_turn = has_entered and self._take(until)
            try:
                yield
            finally:
                if has_turn:
                    self._unlock(NOW)
        finally:
            if has_entered:
                self._queue.leave()

    def _take(self, until: float) -> bool:
        """Become the next one, then the one; a process that just wrote can't overtake."""
        if not self._lock(NEXT, until):
            return False
        try:
            return self._lock(NOW, until)
        finally:
            self._unlock(NEXT)

    def _lock(self, byte: int, until: float) -> bool:
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        while True:
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
            except OSError:
                if time.monotonic() >= until:
                    return False
                time.sleep(POLL_S)
            else:
                return True

    def _unlock(self, byte: int) -> None:
        assert self._file is not None  # noqa: S101 - it was locked
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, byte)


@cache
def turns_beside(database: Path) -> Turns:
    """Return the turns of a database file, the same ones for all of this process."""
    return Turns(database.with_name(database.name + SUFFIX))


def _begin_anew() -> None:
    for queue in _all:
        queue.begin_anew()


os.register_at_fork(after_in_child=_begin_anew)
