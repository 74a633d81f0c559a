"""Which promises and instalments need somebody today, and how lists put them together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from collector_app.core.money import USUAL_CURRENCY, Sums, summed
from collector_app.promises.rules import PromiseState

LATE = (PromiseState.PARTIAL, PromiseState.BROKEN)
ALIVE = (PromiseState.OPEN, PromiseState.KEPT)


class Follow(StrEnum):
    """What the day asks about something that a client said."""

    OVERDUE = "overdue"  # its days are over and something is missing
    TODAY = "today"  # due today, or in its days of grace
    COMING = "coming"


@dataclass(frozen=True, slots=True)
class Due:
    """A promise, or the next instalment of an agreement (`agreement_id`), that is not paid yet.

    ``share`` is the chance that it will be kept, `sample` the promises which that rests on; both
    are None once its days are over. One ``is_too_far`` when it is of a day so far away that the
    client is not left alone until then.
    """

    client_id: int
    follow: Follow
    due_on: date
    amount_cents: int
    paid_cents: int
    agreement_id: int | None
    collector_id: int | None
    zone_id: int | None
    share: float | None = None
    sample: int | None = None
    currency: str = USUAL_CURRENCY
    is_too_far: bool = False

    @property
    def left_cents(self) -> int:
        """Return what is missing."""
        return max(0, self.amount_cents - self.paid_cents)

    @property
    def expected_cents(self) -> int:
        """Return what may be expected of it; nothing is, once its days are over."""
        return round(self.left_cents * (self.share or 0.0))


@dataclass(frozen=True, slots=True)
class Group:
    """What falls to one day, collector or zone: how many of each kind, and money by currency."""

    overdue: int
    today: int
    coming: int
    left: Sums
    expected: Sums


Key = TypeVar("Key")


def follow_of(state: PromiseState, due_on: date, day: date) -> Follow | None:
    """Return what a day asks about a promise; None when it is kept or was taken back."""
    if state in LATE:
        return Follow.OVERDUE
    if state is not PromiseState.OPEN:
        return None
    return Follow.COMING if due_on > day else Follow.TODAY


def is_followed_up(made_on: date, others: Iterable[tuple[PromiseState, date]]) -> bool:
    """Tell whether a broken promise was followed by another that is alive: that one counts now.

    Parameters
    ----------
    others : iterable of (PromiseState, date)
        How the client's other promises stand, and when they were made.
    """
    return any(state in ALIVE and made > made_on for state, made in others)


def grouped(rows: Sequence[Due], key: Callable[[Due], Key]) -> dict[Key, Group]:
    """Add rows up by a key, in the order in which keys first appear."""
    found: dict[Key, list[Due]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return {one: total(some) for one, some in found.items()}


def total(rows: Sequence[Due]) -> Group:
    """Add rows up."""
    kinds = [row.follow for row in rows]
    return Group(
        kinds.count(Follow.OVERDUE),
        kinds.count(Follow.TODAY),
        kinds.count(Follow.COMING),
        summed((row.currency, row.left_cents) for row in rows),
        summed((row.currency, row.expected_cents) for row in rows),
    )
