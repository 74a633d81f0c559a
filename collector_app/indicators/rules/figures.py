"""From counts to figures: quotients, intervals for small samples, and targets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

from scipy.special import gammaincinv, stdtrit

from collector_app.core import clock
from collector_app.core.errors import InvalidInput
from collector_app.indicators.rules.catalogue import CATALOGUE, Indicator
from collector_app.indicators.rules.counts import Count
from collector_app.indicators.rules.definition import Definition
from collector_app.indicators.rules.ratios import Moments, ratio_error, ratio_interval

Tally = Mapping[Count, int]  # what is missing is 0

FEW = 30  # below so many in the denominator a figure says little, and the page says so
ATTRIBUTION_DAYS = 7  # a payment that soon after a contact is attributed to it
LONGEST_PERIOD_DAYS = 366
_USUAL_PERIOD_DAYS = 28  # whole weeks, so that periods compare
_Z95 = 1.959964


class BadPeriod(InvalidInput):
    """A period ends before it begins, in the future, or is longer than a year."""

    code = "bad_period"


@dataclass(frozen=True, slots=True)
class Period:
    """Local days, both inclusive."""

    from_on: date
    to_on: date

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.to_on - self.from_on).days + 1

    @property
    def before(self) -> "Period":
        """Return the period of the same length that ends the day before."""
        return Period(self.from_on - timedelta(days=self.days), self.from_on - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Figure:
    """The value of an indicator and what it rests on.

    ``value`` is None without a denominator, or where nobody told its part; ``low`` and
    ``high`` are its 95 % interval, None where none can be told, and ``cases`` how many things that
    do not depend on each other it rests on, None where nobody counts them.
    """

    part: int
    whole: int
    value: float | None
    low: float | None
    high: float | None
    cases: int | None = None

    @property
    def is_weak(self) -> bool:
        """Tell whether the sample is too small to judge anybody by it."""
        return self.value is not None and self.cases is not None and self.cases < FEW


def usual_period(today: date) -> Period:
    """Return the last four weeks, today included."""
    return Period(today - timedelta(days=_USUAL_PERIOD_DAYS - 1), today)


def checked_period(from_on: date, to_on: date, today: date) -> Period:
    """Return a period of at most a year, of days that somebody can mean, begun by today.

    Raises
    ------
    BadPeriod
        Naming the field that is wrong.
    """
    if not clock.FIRST_DAY <= from_on <= today:
        raise BadPeriod("from_on", f"a day from {clock.FIRST_DAY} until today")
    if to_on < from_on:
        raise BadPeriod("to_on", "a day not before the first")
    if (to_on - from_on).days >= LONGEST_PERIOD_DAYS:
        raise BadPeriod("to_on", f"at most {LONGEST_PERIOD_DAYS} days")
    return Period(from_on, to_on)


def figure(indicator: Indicator, tally: Tally) -> Figure:
    """Return the value of an indicator for some counts."""
    definition = CATALOGUE[indicator]
    part, whole = tally.get(definition.part, 0), tally.get(definition.whole, 0)
    if whole <= 0 or (definition.is_told and definition.part not in tally):
        return Figure(part, whole, None, None, None)
    times = 1 if definition.times is None else tally.get(definition.times, 0)
    value = part / whole * definition.per * times
    low, high = (None, None)
    cases = None if definition.sample is None else tally.get(definition.sample, 0)
    if definition.is_sampled:
        low, high = wilson(min(part, whole), whole)
    elif definition.is_rate:
        low, high = (end / whole * definition.per for end in garwood(part))
    elif definition.squares is not None:
        low, high = mean_interval(part, whole, tally.get(definition.squares, 0))
    elif definition.error is not None:
        low, high = _interval(definition, value, cases or 0, tally.get(definition.error))
    return Figure(part, whole, value, low, high, cases)


def spread_of(indicator: Indicator, sums: Moments) -> dict[Count, int]:
    """Return the cases of a ratio and, where it can be told, its error, as `figure` reads them."""
    definition = CATALOGUE[indicator]
    assert definition.cases is not None  # noqa: S101 - asked for ratios of sums alone
    assert definition.error is not None  # noqa: S101
    error = ratio_error(sums, is_share=definition.is_share)
    told = {definition.cases: sums.cases}
    return told if error is None else {**told, definition.error: error}


def _interval(
    definition: Definition, value: float, cases: int, error: int | None
) -> tuple[float | None, float | None]:
    if error is None or cases < 2:
        return None, None
    low, high = ratio_interval(value, cases, error)
    return (
        low if definition.may_be_negative else max(0.0, low),
        min(1.0, high) if definition.is_share else high,
    )


def mean_interval(total: int, cases: int, squares: int) -> tuple[float | None, float | None]:
    """Return the 95 % interval of a mean by Student's t, as if no case depended on another.

    Source: Student, "The probable error of a mean", Biometrika 6 (1908). Of one case there is none.

    Parameters
    ----------
    total, squares : int
        The sum of the cases and the sum of their squares; none of them is below 0.
    """
    if cases < 2:
        return None, None
    mean = total / cases
    variance = max(0.0, (squares - total * mean) / (cases - 1))
    half = float(stdtrit(cases - 1, 0.975)) * sqrt(variance / cases)
    return max(0.0, mean - half), mean + half


def garwood(events: int) -> tuple[float, float]:
    """Return the exact 95 % interval of the mean of rare events, given how many there were.

    The means under which so many or more, or so few or fewer, happen one time in forty. Source:
    Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936).
    """
    tail = 0.025
    low = float(gammaincinv(events, tail)) if events else 0.0
    return low, float(gammaincinv(events + 1, 1 - tail))


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927). Unlike the usual one it stays within
    0..1 and holds for small samples.

    Parameters
    ----------
    successes, trials : int
        ``0 <= successes <= trials`` and ``trials > 0``.
    """
    share, z2 = successes / trials, _Z95**2
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = _Z95 * sqrt(share * (1 - share) / trials + z2 / (4 * trials**2)) / (1 + z2 / trials)
    return max(0.0, middle - half), min(1.0, middle + half)
