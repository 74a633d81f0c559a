"""Jobs that come by themselves, once in each period, however many workers there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from collector_app.core.jobs.client import enqueue

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Recurring:
    """A job without arguments that runs once in each period.

    Attributes
    ----------
    kind : str
        Key of its handler.
    every : timedelta
        Length of a period.
    after : timedelta
        How long after midnight UTC periods begin.
    """

    kind: str
    every: timedelta
    after: timedelta = timedelta()

    def job_id(self, now: datetime) -> str:
        """Return the id of the job of the period in which an instant lies."""
        periods = (now - _EPOCH - self.after) // self.every
        begun_at = _EPOCH + periods * self.every + self.after
        return f"{self.kind}-{begun_at:%Y-%m-%dT%H:%M}"


def enqueue_due(recurring: Iterable[Recurring], now: datetime) -> None:
    """Put the job of the present period of each into the queue; one that is there stays alone.

    A period in which no worker lived is left out: the next one sees all that it would have.
    """
    for one in recurring:
        enqueue(one.kind, {}, job_id=one.job_id(now))
