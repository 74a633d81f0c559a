"""Decides whether what trips taught is worth using: judged on days that taught nothing."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from routing.travel.slots import Slot
from routing.travel.streets.calibration.fit import (
    Fit,
    assumed_seconds,
    fit_multipliers,
    fit_parking,
)
from routing.travel.streets.calibration.trips import (
    SLOTS,
    Dropped,
    Measured,
    Trip,
    is_pause,
    sorted_out,
)
from routing.travel.streets.network import Bools, Floats
from routing.travel.streets.rules import CLASSES, FERRY
from routing.travel.streets.speeds import Factors, SpeedFactors

# Below these nothing is learnt. A quarter of 100 trips leaves 25 to judge by, the fewest whose
# median error (40 % for one trip) is known to within a tenth; eight days are two weeks of a part-
# time round, so that no single day of rain or of a parade decides.
FEWEST_TRIPS = 100
FEWEST_DAYS = 8
HELD_OUT_SHARE = 0.25
# Of the held-out trips drawn anew so many times, so large a share must come out better.
RESAMPLES = 200
SURE = 0.95
# Less than half a percent of a trip is not worth computing every matrix of the city again.
LEAST_GAIN = 0.005
# When more than this share of a typical trip is the constant, what was logged is not riding: forms
# that were opened late, or invented times. Whatever fits them says nothing about the streets.
MOST_PARKING_SHARE = 0.5
# The engine takes any share of free flow from 0.05 to 3; no street of a city averages these.
SLOWEST, FASTEST = 0.2, 1.5
DECIMALS = 3

Ride = Callable[[SpeedFactors, Sequence[Trip]], tuple[Measured, Bools]]
"""``ride(factors, trips)`` measures the trips over the streets at these speeds."""


class Verdict(StrEnum):
    """What came of it."""

    BETTER = "better"
    NO_BETTER = "no_better"
    TOO_FEW = "too_few"
    NOT_RIDDEN = "not_ridden"  # most of the time between doors is not spent on the streets


@dataclass(frozen=True, slots=True)
class Errors:
    """How far expected times are from logged ones.

    Attributes
    ----------
    count : int
    median_share : float
        Median of the absolute error, as a share of the logged time.
    bias_share : float
        Mean error over the mean logged time; negative when trips take longer than expected.
    parking_s : float
        What was added to each ride.
    """

    count: int
    median_share: float
    bias_share: float
    parking_s: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was learnt, and how well it does.

    Attributes
    ----------
    factors : mapping of road class to mapping of Slot to float
        For `write_factors`; empty unless something was fitted.
    fit : Fit or None
    trips, days : int
        That could be learnt from, held-out ones included.
    before, after : Errors or None
        On the held-out trips, with the speeds in use and with the new ones.
    """

    verdict: Verdict
    dropped: Counter[Dropped]
    trips: int
    days: int
    factors: Factors
    fit: Fit | None = None
    before: Errors | None = None
    after: Errors | None = None


def calibrate(
    ride: Ride, logged: Sequence[Trip], base: SpeedFactors, *, seed: int = 1
) -> Calibration:
    """Learn speeds from most days of the trips and judge them on the others.

    Parameters
    ----------
    base : SpeedFactors
        In use so far; what nothing was learnt about stays as it is there.
    seed : int
        Of the choice of days and of every resampling.
    """
    plausible, dropped = sorted_out(logged)
    measured, has_way = ride(base, plausible)
    dropped[Dropped.NO_WAY] += int((~has_way).sum())
    expected = measured.fixed_s + assumed_seconds(measured, base).sum(axis=1)
    pause = has_way & is_pause(measured, expected)
    dropped[Dropped.PAUSE] += int(pause.sum())
    use = np.flatnonzero(has_way & ~pause)
    measured = measured.taken(use)
    days = np.unique(measured.day)
    if len(use) < FEWEST_TRIPS or len(days) < FEWEST_DAYS:
        return Calibration(Verdict.TOO_FEW, dropped, len(use), len(days), {})
    is_held_out = np.isin(measured.day, _held_out(days, seed))
    train, held_out = measured.taken(~is_held_out), measured.taken(is_held_out)
    fit = fit_multipliers(train, base, seed=seed)
    learnt = base.replaced(_factors(base, fit), "calibration")
    # At other speeds other streets are quickest: the held-out trips are ridden again.
    ridden, _ = ride(learnt, [plausible[i] for i in use[is_held_out]])
    parking_s = fit_parking(train, base)  # so that only the speeds are compared
    before = _expected(held_out, base) + parking_s
    after = _expected(ridden, learnt) + fit.parking_s
    if fit.parking_s > MOST_PARKING_SHARE * np.median(train.seconds):
        verdict = Verdict.NOT_RIDDEN
    else:
        is_better = _is_better(held_out.seconds, before, after, seed)
        verdict = Verdict.BETTER if is_better else Verdict.NO_BETTER
    return Calibration(
        verdict=verdict,
        dropped=dropped,
        trips=len(use),
        days=len(days),
        factors=_factors(base, fit),
        fit=fit,
        before=_errors(held_out.seconds, before, parking_s),
        after=_errors(held_out.seconds, after, fit.parking_s),
    )


def _held_out(days: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    count = max(2, round(HELD_OUT_SHARE * len(days)))
    return np.random.default_rng(seed).choice(days, count, replace=False)


def _factors(base: SpeedFactors, fit: Fit) -> dict[str, dict[Slot, float]]:
    """Return the share of free flow of every class and slot; a ferry keeps its timetable."""
    share: Floats = np.array([base.by_class(slot) for slot in SLOTS]) / fit.multipliers
    share = np.clip(share, SLOWEST, FASTEST).round(DECIMALS)
    return {
        name: {slot: float(share[s, c]) for s, slot in enumerate(SLOTS)}
        for c, name in enumerate(CLASSES)
        if name != FERRY
    }


def _expected(trips: Measured, factors: SpeedFactors) -> Floats:
    expected: Floats = trips.fixed_s + assumed_seconds(trips, factors).sum(axis=1)
    return expected


def _errors(logged_s: Floats, expected_s: Floats, parking_s: float) -> Errors:
    share = np.abs(expected_s - logged_s) / logged_s
    bias = float((expected_s - logged_s).mean() / logged_s.mean())
    return Errors(len(logged_s), float(np.median(share)), bias, parking_s)


def _is_better(logged_s: Floats, before_s: Floats, after_s: Floats, seed: int) -> bool:
    """Tell whether the new times are nearer, and would be for nearly any draw of such trips.

    The median says by how much; the draws compare means, trip by trip, which tell a small gain
    from luck with fewer trips. An error counts as one trip length at most.
    """
    before, after = (
        np.minimum(1.0, np.abs(one - logged_s) / logged_s) for one in (before_s, after_s)
    )
    if np.median(before) - np.median(after) < LEAST_GAIN:
        return False
    gain = before - after
    rows = np.random.default_rng(seed).integers(0, len(gain), (RESAMPLES, len(gain)))
    return bool((gain[rows].mean(axis=1) > 0).mean() >= SURE)
