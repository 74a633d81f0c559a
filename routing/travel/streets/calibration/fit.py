"""Fits how many times the assumed seconds every kind of road takes at every hour.

The seconds of a trip are those of its parts, plus a constant for parking and walking to the door::

    seconds = fixed + sum over classes (assumed seconds of the class x multiplier) + parking

A multiplier is only as fine as the trips allow: one for the whole city, one per time slot, one per
road class and slot, each level drawn towards the one above it, the first towards 1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

from routing.travel.streets.calibration.trips import SLOTS, Measured
from routing.travel.streets.network import Bools, Floats
from routing.travel.streets.rules import CLASSES
from routing.travel.streets.speeds import SpeedFactors

# One trip of a collector differs from its prediction by about 40 %, so that the mean of 40 differs
# by 6-7 %: with fewer, a multiplier would move plans for no reason.
FEWEST_TRIPS_OF_SLOT = 40
FEWEST_TRIPS_OF_CELL = 40
# A trip counts for a class of road when it rides at least so long on it.
COUNTS_FROM_S = 30.0
# A multiplier less certain than this (standard error) gives way to the coarser one.
MOST_UNCERTAIN = 0.08
RESAMPLES = 40
# How far real multipliers are expected to lie from those of the level above (standard deviation);
# the spread of published congestion between hours and kinds of road in one city.
PRIOR_SD = 0.25
# Nobody rides at less than a third of what was assumed, nor at more than twice that, on average.
LOWEST, HIGHEST = 0.5, 3.0
MOST_PARKING_S = 900.0
# Huber's and Tukey's constants: 95 % efficiency where errors are normal.
HUBER, TUKEY = 1.345, 4.685
NORMAL_MAD = 1.4826  # from the median absolute deviation to the standard deviation
STEPS = 25
CONVERGED = 1e-4
TINY = 1e-9

Groups = NDArray[np.int64]  # [slots, classes] -> column of the design


@dataclass(frozen=True, slots=True)
class Fit:
    """What was learnt.

    Attributes
    ----------
    multipliers : float64[slots, classes]
        Times the assumed seconds; above 1 is slower.
    parking_s : float
    own_slot : bool[slots], own_cell : bool[slots, classes]
        Where the trips allowed a multiplier of its own; the others share that of the slot, or of
        the city.
    trips_of_slot : int64[slots], trips_of_cell : int64[slots, classes]
    """

    multipliers: Floats
    parking_s: float
    own_slot: Bools
    own_cell: Bools
    trips_of_slot: NDArray[np.int64]
    trips_of_cell: NDArray[np.int64]

    def seconds(self, assumed_s: Floats, trips: Measured) -> Floats:
        """Return the seconds that the fit expects of trips with these assumed seconds."""
        slowed = (assumed_s * self.multipliers[trips.slot]).sum(axis=1)
        expected: Floats = trips.fixed_s + slowed + self.parking_s
        return expected


def assumed_seconds(trips: Measured, base: SpeedFactors) -> Floats:
    """Return the seconds per road class that `base` expects, float64[n, classes]."""
    share = np.array([base.by_class(slot) for slot in SLOTS])
    assumed: Floats = trips.free_s / share[trips.slot]
    return assumed


def fit_multipliers(
    trips: Measured, base: SpeedFactors, *, prior_sd: float = PRIOR_SD, seed: int = 1
) -> Fit:
    """Fit the multipliers, as fine as the trips allow.

    Parameters
    ----------
    prior_sd : float
        How far a multiplier may lie from that of the level above; infinite for no shrinkage.
    seed : int
        Of the resampling of days that the standard errors come from.
    """
    assumed = assumed_seconds(trips, base)
    slot_count = np.bincount(trips.slot, minlength=len(SLOTS))
    cell_count = np.array(
        [(assumed[trips.slot == s] >= COUNTS_FROM_S).sum(axis=0) for s in range(len(SLOTS))]
    )
    own_slot = slot_count >= FEWEST_TRIPS_OF_SLOT
    own_cell = (cell_count >= FEWEST_TRIPS_OF_CELL) & own_slot[:, None]
    levels = _Levels(assumed, trips, prior_sd)
    own_slot = own_slot & _is_certain(levels, own_slot, own_cell & False, seed).all(axis=1)
    own_cell = own_cell & own_slot[:, None]
    own_cell = own_cell & _is_certain(levels, own_slot, own_cell, seed)
    multipliers, parking_s = levels.fitted(own_slot, own_cell)
    return Fit(multipliers, parking_s, own_slot, own_cell, slot_count, cell_count)


def fit_parking(trips: Measured, base: SpeedFactors) -> float:
    """Return the parking that suits these speeds best, found as that of a fit is."""
    assumed = assumed_seconds(trips, base)
    target = trips.seconds - trips.fixed_s - assumed.sum(axis=1)
    none, free = np.zeros(1), np.full(1, np.inf)
    design = np.ones((len(trips), 1))
    return float(_robust(design, target, _scale(trips, assumed), none, free)[0])


def _scale(trips: Measured, assumed_s: Floats) -> Floats:
    """Return how large an error is ordinary, in proportion.

    Errors grow with the trip; a typical trip is added so that short ones do not rule alone.
    """
    expected = trips.fixed_s + assumed_s.sum(axis=1)
    scale: Floats = expected + np.median(expected)
    return scale


@dataclass(frozen=True, slots=True)
class _Levels:
    """The three fits, from coarse to fine, of one set of trips."""

    assumed_s: Floats
    trips: Measured
    prior_sd: float

    def taken(self, rows: NDArray[np.int64]) -> "_Levels":
        return _Levels(self.assumed_s[rows], self.trips.taken(rows), self.prior_sd)

    def fitted(self, own_slot: Bools, own_cell: Bools) -> tuple[Floats, float]:
        """Return multipliers [slots, classes] and parking."""
        none_of_slot, none_of_cell = own_slot & False, own_cell & False
        multipliers = np.ones((len(SLOTS), len(CLASSES)))
        parking_s = 0.0
        finest = np.full(own_cell.shape, -1)
        for slots, cells in (
            (none_of_slot, none_of_cell),
            (own_slot, none_of_cell),
            (own_slot, own_cell),
        ):
            groups = _groups(slots, cells)
            if not np.array_equal(groups, finest):
                multipliers, parking_s = self._level(groups, multipliers)
            finest = groups
        return multipliers, parking_s

    def _level(self, groups: Groups, above: Floats) -> tuple[Floats, float]:
        """Fit one multiplier per group, drawn towards those of the level above."""
        columns = int(groups.max()) + 1
        design = np.zeros((len(self.trips), columns + 1))
        row = np.arange(len(self.trips))
        for road_class in np.flatnonzero(self.assumed_s.any(axis=0)):
            column = groups[self.trips.slot, road_class]
            design[row, column] += self.assumed_s[:, road_class]
        design[:, columns] = 1.0
        first = np.unique(groups, return_index=True)[1]
        mean = np.append(above.reshape(-1)[first], 0.0)
        spread = np.append(np.full(columns, self.prior_sd), np.inf)
        target = self.trips.seconds - self.trips.fixed_s
        found = _robust(design, target, _scale(self.trips, self.assumed_s), mean, spread)
        multipliers: Floats = found[:-1][groups]
        return multipliers, float(found[-1])


def _groups(own_slot: Bools, own_cell: Bools) -> Groups:
    """Return which multiplier each cell has: its own, that of its slot, or that of the city."""
    slots, classes = own_cell.shape
    numbers = np.zeros((slots, classes), dtype=np.int64)
    numbers[own_slot] = (1 + np.arange(slots))[own_slot][:, None]
    cells = 1 + slots + np.arange(slots * classes).reshape(slots, classes)
    numbers[own_cell] = cells[own_cell]
    return np.unique(numbers, return_inverse=True)[1].reshape(slots, classes)


def _is_certain(levels: _Levels, own_slot: Bools, own_cell: Bools, seed: int) -> Bools:
    """Tell which multipliers [slots, classes] hardly change when other days are drawn."""
    days, row_of = np.unique(levels.trips.day, return_inverse=True)
    rows = [np.flatnonzero(row_of == i) for i in range(len(days))]
    dice = np.random.default_rng(seed)
    drawn = []
    for _ in range(RESAMPLES):
        picked = dice.integers(0, len(days), len(days))
        again = levels.taken(np.concatenate([rows[i] for i in picked]))
        drawn.append(again.fitted(own_slot, own_cell)[0])
    spread = np.std(np.array(drawn), axis=0)
    result: Bools = spread <= MOST_UNCERTAIN * np.mean(np.array(drawn), axis=0)
    return result


def _robust(
    design: Floats, target: Floats, scale: Floats, mean: Floats, prior_sd: Floats
) -> Floats:
    """Solve by reweighting: first Huber's weights, then Tukey's, for which a lunch weighs nothing.

    Bounds keep every multiplier and the parking plausible.
    """
    weights = np.ones(len(target))
    spread = 1.0
    solution = mean
    for step in range(STEPS):
        before = solution
        solution = _solved(design, target, np.sqrt(weights) / scale / spread, mean, prior_sd)
        residual = (target - design @ solution) / scale
        if step < STEPS // 2:
            spread = max(NORMAL_MAD * float(np.median(np.abs(residual))), CONVERGED)
            weights = 1.0 / np.maximum(1.0, np.abs(residual) / (HUBER * spread))
        else:
            weights = np.clip(1.0 - (residual / (TUKEY * spread)) ** 2, 0.0, None) ** 2
        if step > STEPS // 2 and np.abs(solution - before).max() < CONVERGED * np.abs(before).max():
            break
    return solution


def _solved(
    design: Floats, target: Floats, strength: Floats, mean: Floats, prior_sd: Floats
) -> Floats:
    """Return the weighted least squares within the bounds, drawn towards `mean`.

    Over the normal equations: there are thousands of trips and a few dozen columns.
    """
    columns = design.shape[1]
    weighted = design * strength[:, None]
    square = weighted.T @ weighted
    pull = np.where(np.isfinite(prior_sd), 1.0 / prior_sd**2, 0.0)
    # A column that no trip rides, and that nothing pulls, stays at its mean.
    pull += TINY * np.trace(square) / columns
    square += np.diag(pull)
    right = weighted.T @ (target * strength) + pull * mean
    low = np.append(np.full(columns - 1, LOWEST), 0.0)
    high = np.append(np.full(columns - 1, HIGHEST), MOST_PARKING_S)
    found = np.asarray(np.linalg.solve(square, right), dtype=np.float64)
    if (found < low).any() or (found > high).any():
        root = np.linalg.cholesky(square)
        shifted = np.linalg.solve(root, right)
        found = lsq_linear(root.T, shifted, bounds=(low, high), method="bvls").x
    return found
