"""How often one person may search: typing is answered, scraping the map is not."""

from datetime import datetime

from collector_app.core.errors import CollectorError
from collector_app.core.pace import Pace

PER_MINUTE = 120  # two a second; a page asks at most three times while a street is typed


class TooManySearches(CollectorError):
    """Somebody searches faster than anybody types."""

    code = "too_many_searches"
    status = 429


class SearchPace:
    """Counts the searches of each person over the last minute, in this process."""

    def __init__(self, per_minute: int = PER_MINUTE) -> None:
        self._per_minute = per_minute
        self._pace = Pace(per_minute)

    def count(self, person: int | None, now: datetime) -> None:
        """Note a search.

        Raises
        ------
        TooManySearches
            When it is one more than a minute has room for; it is not counted.
        """
        if not self._pace.allows(person, now):
            message = f"more than {self._per_minute} searches in a minute"
            raise TooManySearches(message)
