"""The previews that a process showed of late, for whoever applies one while nothing was done since.

Applying would plan anew what was on the screen seconds before. Everything that is done leaves an
entry in the log: with the same last entry, what was read is what would be read now. Only the time
has gone on, so a preview is good for a minute; what is published is checked against the law again.
"""

import time
from collections.abc import Callable
from threading import Lock

from cachetools import TTLCache
from flask import Flask, current_app

from collector_app.audit.rules import Head
from collector_app.repairs.repairing import Preview
from collector_app.repairs.rules import DayChange

GOOD_FOR_S = 60  # plans are told in minutes
_MOST_KEPT = 8  # a preview holds the ride times of its routes
_NAME = "shown_previews"

Key = tuple[int, Head, DayChange]  # plan, last entry of the log, what was asked


class Shown:
    """Previews of a process; a server with threads may ask for them at once."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._lock = Lock()
        self._previews: TTLCache[Key, Preview] = TTLCache(_MOST_KEPT, GOOD_FOR_S, timer)

    def keep(self, key: Key, preview: Preview) -> None:
        """Remember a preview; ``key`` was read before all that the preview read."""
        with self._lock:
            self._previews[key] = preview

    def take(self, key: Key) -> Preview | None:
        """Return a preview and forget it, as applying it makes another day of this one."""
        with self._lock:
            return self._previews.pop(key, None)


def register_shown(app: Flask) -> None:
    """Give the application a memory of its own."""
    app.extensions[_NAME] = Shown()


def shown() -> Shown:
    """Return what this process showed."""
    found: Shown = current_app.extensions[_NAME]
    return found
