"""How much work the collectors of zones can take in a month.

Shifts, absences and the hours of the law are known further up the ladder: the application says whom
to ask. As long as nobody was named, all collectors count alike.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

MonthHours = Callable[[Session, date], Mapping[int, float]]


class Capacities:
    """The one who is asked what collectors can take."""

    def __init__(self) -> None:
        """Begin with nobody to ask."""
        self._ask: MonthHours = _nobody

    def told_by(self, ask: MonthHours) -> None:
        """Name the query that tells the hours of a month of collectors by id, from a day on."""
        self._ask = ask

    def month_hours(
        self, session: Session, day: date, collector_ids: Iterable[int | None]
    ) -> list[float | None]:
        """Return the hours of a month of some collectors; None where nobody knows them."""
        known = self._ask(session, day)
        return [None if who is None else known.get(who) for who in collector_ids]


def _nobody(_session: Session, _day: date) -> dict[int, float]:
    return {}


capacities = Capacities()


def relative(month_h: Sequence[float | None]) -> list[float]:
    """Return capacities beside one another, 1.0 on average; unknown hours count as the average.

    Who has no hours at all takes a hundredth, so that every zone can be asked for something.
    """
    known = [hours for hours in month_h if hours is not None]
    mean = sum(known) / len(known) if known else 0.0
    if mean <= 0:
        return [1.0] * len(month_h)
    return [1.0 if hours is None else max(hours / mean, 0.01) for hours in month_h]
