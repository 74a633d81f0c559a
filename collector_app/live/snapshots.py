"""What is shown of the newest version, made once for everybody in this process who looks at it."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from collector_app.live.queries import AlertRow, StopDot, Today
from collector_app.web.maps import MapParts

Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The day of every collector with its alerts, as of one version."""

    today: Today
    alerts: tuple[AlertRow, ...]


class Newest(Generic[Shown]):
    """Keeps what was made last; whoever asks for another key makes it, the others wait."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._key: Hashable = None
        self._shown: Shown | None = None

    def of(self, key: Hashable, make: Callable[[], Shown]) -> Shown:
        """Return what was made for this key; ``make`` must use facts of its version or newer."""
        with self._lock:
            if self._shown is None or self._key != key:
                self._shown, self._key = make(), key
            return self._shown


class Snapshots:
    """The board of the newest version, its map and the news for maps that are open."""

    def __init__(self) -> None:
        self.boards: Newest[Snapshot] = Newest()
        self.maps: Newest[MapParts] = Newest()
        self.news: Newest[bytes] = Newest()
        self.stops: dict[StopDot, bytes] = {}  # of the news, as they were written
