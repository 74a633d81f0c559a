"""Server-sent events: pages that are open are told when something changed.

A stream holds a thread of the web server, so there are only so many in a process, each ends after
some seconds (the browser comes back by itself), and however many listen, the database is asked
once. Whoever finds no seat is answered 503 and asks from time to time instead.
https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Lock

from werkzeug.wrappers import Response

SEATS = 24  # streams at once in a process; gunicorn.conf.py has threads beside them
LIFE_S = 15.0  # a stream's; less than the time that a server gives its requests to end
TICK_S = 1.0  # from a change to the page, at most, beside what reading it takes
RETRY_MS = 1000  # after which a browser opens its next stream


@dataclass
class Bulletin:
    """The newest version of something, read at most every ``TICK_S`` for all who listen."""

    read: Callable[[], str]
    tick_s: float = TICK_S
    life_s: float = LIFE_S
    seats: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(SEATS))
    _version: str = ""
    _read_at_s: float = float("-inf")
    _reading: Lock = field(default_factory=Lock)

    def version(self) -> str:
        """Return the version, at most ``tick_s`` old."""
        with self._reading:
            if time.monotonic() - self._read_at_s >= self.tick_s:
                self._version = self.read()
                self._read_at_s = time.monotonic()
            return self._version


def stream(bulletin: Bulletin, seen: str) -> Response:
    """Answer with a ``news`` event for each version that the page has not seen yet.

    Parameters
    ----------
    seen : str
        The version that the page shows; its last event's id when it comes back.
    """
    if not bulletin.seats.acquire(blocking=False):
        return Response(status=503, headers={"Retry-After": "30"})
    answer = Response(_events(bulletin, seen), mimetype="text/event-stream")
    answer.call_on_close(bulletin.seats.release)  # also when the page was left before the start
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"  # nginx would keep events until it has 4 KB
    return answer


def _events(bulletin: Bulletin, seen: str) -> Iterator[str]:
    ends_at_s = time.monotonic() + bulletin.life_s
    yield f"retry: {RETRY_MS}\n\n"
    while time.monotonic() < ends_at_s:
        version = bulletin.version()
        if version != seen:
            seen = version
            yield f"id: {version}\nevent: news\ndata: {version}\n\n"
        else:
            yield ":\n\n"  # a page that is gone is noticed here
        time.sleep(bulletin.tick_s)
