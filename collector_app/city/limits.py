"""How often one person may search: typing is answered, scraping the map is not."""

from collections import defaultdict, deque
from datetime import datetime, timedelta

from collector_app.core.errors import CollectorError

PER_MINUTE = 120  # two a second; a page asks at most three times while a street is typed
MOST_PEOPLE = 10_000


class TooManySearches(CollectorError):
    """Somebody searches faster than anybody types."""

    code = "too_many_searches"
    status = 429


class SearchPace:
    """Counts the searches of each person over the last minute, in this process."""

    def __init__(self, per_minute: int = PER_MINUTE) -> None:
        self._per_minute = per_minute
        self._times: defaultdict[int | None, deque[datetime]] = defaultdict(deque)

    def count(self, person: int | None, now: datetime) -> None:
        """Note a search.

        Raises
        ------
        TooManySearches
            When it is one more than a minute has room for; it is not counted.
        """
        if len(self._times) > MOST_PEOPLE:
            self._times.clear()
        times = self._times[person]
        while times and now - times[0] >= timedelta(minutes=1):
            times.popleft()
        if len(times) >= self._per_minute:
            message = f"more than {self._per_minute} searches in a minute"
            raise TooManySearches(message)
        times.append(now)
