"""The difference between two arms with its 95 % interval, and the least that could be seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, inf, isfinite, sqrt

import numpy as np
from scipy import stats

CONFIDENCE = 0.95
# Of a two-sided test at 5 % with a power of 80 %: 1.96 + 0.84 standard errors.
_SEEN_ERRORS = float(stats.norm.ppf(0.975) + stats.norm.ppf(0.8))


@dataclass(frozen=True, slots=True)
class ArmResult:
    """How many clients an arm has, and the mean of what is measured: a share, or cents."""

    clients: int
    mean: float


@dataclass(frozen=True, slots=True)
class Difference:
    """Challenger minus champion, with its interval; infinite where an arm is too small for one.

    ``least_seen`` is the true difference that so many clients would show four times in five.
    """

    champion: ArmResult
    challenger: ArmResult
    low: float
    high: float
    least_seen: float

    @property
    def mean(self) -> float:
        """Return the difference of the means."""
        return self.challenger.mean - self.champion.mean

    @property
    def has_interval(self) -> bool:
        """Tell whether both arms have enough clients for an interval at all."""
        return isfinite(self.low)


def difference_of_shares(champion: Sequence[bool], challenger: Sequence[bool]) -> Difference:
    """Return how much larger the challenger's share is.

    The interval is Newcombe's hybrid score interval (method 10 of "Interval estimation for the
    difference between independent proportions", Statistics in Medicine 17, 1998), made of the
    Wilson intervals of both shares: it holds for small samples and shares near 0 and 1.
    """
    a, b = _arm(champion), _arm(challenger)
    if not a.clients or not b.clients:
        return Difference(a, b, -inf, inf, inf)
    a_low, a_high = share_interval(sum(champion), a.clients)
    b_low, b_high = share_interval(sum(challenger), b.clients)
    middle = b.mean - a.mean
    together = (sum(champion) + sum(challenger)) / (a.clients + b.clients)
    error = sqrt(together * (1 - together) * (1 / a.clients + 1 / b.clients))
    return Difference(
        a,
        b,
        middle - hypot(b.mean - b_low, a_high - a.mean),
        middle + hypot(b_high - b.mean, a.mean - a_low),
        _SEEN_ERRORS * error,
    )


def difference_of_means(champion: Sequence[float], challenger: Sequence[float]) -> Difference:
    """Return how much larger the challenger's mean is, with the interval of Welch's t test.

    Arms may spread differently. With money, most of it nothing, it needs some hundred clients in
    each arm; fewer are told to be too few.
    """
    a, b = _arm(champion), _arm(challenger)
    if min(a.clients, b.clients) < 2:
        return Difference(a, b, -inf, inf, inf)
    error = sqrt(np.var(champion, ddof=1) / a.clients + np.var(challenger, ddof=1) / b.clients)
    if error == 0:
        return Difference(a, b, b.mean - a.mean, b.mean - a.mean, 0.0)
    interval = stats.ttest_ind(challenger, champion, equal_var=False).confidence_interval(
        CONFIDENCE
    )
    return Difference(a, b, float(interval.low), float(interval.high), _SEEN_ERRORS * error)


def _arm(values: Sequence[float]) -> ArmResult:
    return ArmResult(len(values), sum(values) / len(values) if values else 0.0)


def share_interval(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % Wilson interval of a share; ``trials`` is above 0."""
    found = stats.binomtest(successes, trials).proportion_ci(CONFIDENCE, method="wilson")
    return float(found.low), float(found.high)
