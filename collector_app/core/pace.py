"""How often somebody may do something: counted over the last minute, in this process."""

from collections import defaultdict, deque
from collections.abc import Hashable
from datetime import datetime, timedelta

MOST_KEYS = 10_000
_MINUTE = timedelta(minutes=1)


class Pace:
    """Counts what each key does over the last minute; forgets all when there are too many keys."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._times: defaultdict[Hashable, deque[datetime]] = defaultdict(deque)

    def allows(self, key: Hashable, now: datetime) -> bool:
        """Count one more, unless the minute has no room for it; tell whether it has."""
        if len(self._times) > MOST_KEYS:
            self._times.clear()
        times = self._times[key]
        while times and now - times[0] >= _MINUTE:
            times.popleft()
        has_room = len(times) < self._per_minute
        if has_room:
            times.append(now)
        return has_room
