"""A lock that survives forks."""

import os
import threading


class ForkLock:
    """A lock that a forked child finds free, whoever held it in the parent."""

    def __init__(self) -> None:
        """Make it for this process."""
        self._renew()

    def __enter__(self) -> None:
        """Wait for the lock."""
        if self._process != os.getpid():
            self._renew()
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self._lock.release()

    def _renew(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
