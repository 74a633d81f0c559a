"""How rows of several tables fall into the groups of one dimension."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, cast, extract, func, literal, select

from collector_app.core import clock
from collector_app.indicators.rules import Dimension, Period
from collector_app.zones.models import ZoneAssignment, ZoneMembership
from collector_app.zones.queries import in_force

ALL = 0  # the group of those who asked for no dimension
NOBODY = -1  # the group of what belongs to no collector or no zone
_DAY_S = 86_400
_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Grouping:
    """A period, and what its counts are split by (None: not at all).

    Groups are ids of collectors, ids of the zones that clients belong to on the last day, or weeks
    numbered from the first day of the period. For stages and segments see `placing`. Money is of
    one currency, None: the house's (`payments.queries.currencies`); what is counted is of all.
    """

    period: Period
    zone: ZoneInfo
    by: Dimension | None = None
    currency: str | None = None

    @property
    def starts_at(self) -> datetime:
        """Return the first instant of the period."""
        return clock.local_midnight(self.period.from_on, self.zone)

    @property
    def ends_at(self) -> datetime:
        """Return the first instant after the period."""
        return clock.local_midnight(self.period.to_on + timedelta(days=1), self.zone)

    def holds(self, instant: Any) -> ColumnElement[bool]:
        """Return the condition that an instant lies in the period."""
        inside: ColumnElement[bool] = (instant >= self.starts_at) & (instant < self.ends_at)
        return inside

    def day_of(self, instant: Any) -> ColumnElement[int]:
        """Return the day of an instant, counted from the first of the period.

        Days of 24 hours: where clocks change, the hour beside midnight may fall into the next day.
        """
        seconds: Any = cast(extract("epoch", instant), BigInteger)
        day: ColumnElement[int] = (seconds - int(self.starts_at.timestamp())) // _DAY_S
        return day

    def group_of(self, collector: Any, client: Any, day: Any) -> ColumnElement[int]:
        """Return the group of a row, given its collector, its client and its day in the period."""
        if self.by is Dimension.COLLECTOR:
            return _or_nobody(collector)
        if self.by is Dimension.ZONE:
            return _or_nobody(self._zone_of(client))
        if self.by is Dimension.WEEK:
            week: ColumnElement[int] = day // _WEEK_DAYS
            return week
        return literal(ALL)

    def group_of_debtor(self, client: Any) -> ColumnElement[int]:
        """Return the group of what a client owes: their zone, or the collector of that zone."""
        if self.by is Dimension.COLLECTOR:
            answers = (
                select(ZoneAssignment.collector_id)
                .join(ZoneMembership, ZoneMembership.zone_id == ZoneAssignment.zone_id)
                .where(
                    ZoneMembership.client_id == client,
                    in_force(ZoneMembership, self.period.to_on),
                    in_force(ZoneAssignment, self.period.to_on),
                )
                .limit(1)
                .scalar_subquery()
            )
            return _or_nobody(answers)
        return self.group_of(NOBODY, client, 0)

    def _zone_of(self, client: Any) -> ColumnElement[int]:
        return (
            select(ZoneMembership.zone_id)
            .where(ZoneMembership.client_id == client, in_force(ZoneMembership, self.period.to_on))
            .limit(1)
            .scalar_subquery()
        )

    def week_of(self, day: date) -> int:
        """Return the week of the period that a local day falls into."""
        return (day - self.period.from_on).days // _WEEK_DAYS

    def first_day_of(self, week: int) -> date:
        """Return the day on which a week of the period begins."""
        return self.period.from_on + timedelta(days=_WEEK_DAYS * week)

    @property
    def weeks(self) -> range:
        """Return the numbers of the weeks of the period; the last one may be cut short."""
        return range(-(-self.period.days // _WEEK_DAYS))

    def in_week(self, week: int) -> "Grouping":
        """Return one of the weeks as a period of its own, split by nothing."""
        first = self.first_day_of(week)
        last = min(first + timedelta(days=_WEEK_DAYS - 1), self.period.to_on)
        return Grouping(Period(first, last), self.zone, None, self.currency)


def _or_nobody(value: Any) -> ColumnElement[int]:
    return func.coalesce(value, NOBODY)
