"""What visits have taught so far, as counts: the input of `learn`.

Every row must have been known before the moment for which chances are wanted.
"""

from dataclasses import dataclass
from typing import NamedTuple

from routing.scoring.chances import DayPart


class ContactCount(NamedTuple):
    """Attempts on one client at one weekday (Monday is 0) and part of the day.

    ``kind`` is a segment of clients who are alike in when they can be met, such as businesses.
    ``misses`` attempts without contact had been made on the client since the last contact.
    """

    client_id: int
    kind: str
    weekday: int
    part: DayPart
    reached: int
    attempts: int
    misses: int = 0


class TalkCount(NamedTuple):
    """What came of the contacts with one client while their debt was about that old."""

    client_id: int
    kind: str
    days_past_due: int
    contacts: int
    paid: int
    promised: int


class PromiseEnd(NamedTuple):
    """A promise whose last day is over; ``kept_share`` of it was paid in time, 0..1.

    ``broken`` promises of the client were known to be broken when it was given.
    """

    client_id: int
    days_past_due: int
    kept_share: float
    broken: int = 0


class AmountTold(NamedTuple):
    """An amount paid on the spot, or promised, beside what was owed just before."""

    client_id: int
    owed_cents: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Experience:
    """All counts that are known; the rows of one client in the order in which they happened."""

    contacts: tuple[ContactCount, ...] = ()
    talks: tuple[TalkCount, ...] = ()
    promises: tuple[PromiseEnd, ...] = ()
    paid: tuple[AmountTold, ...] = ()
    promised: tuple[AmountTold, ...] = ()

    @property
    def attempt_count(self) -> int:
        """Return how many attempts are known."""
        return sum(one.attempts for one in self.contacts)
