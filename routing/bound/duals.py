"""What visiting each candidate should cost: the dual prices, by a subgradient method.

A row that the best routes visit too often becomes dearer, one that they miss becomes cheaper. The
step is Polyak's (towards the best route known), along a direction that remembers those before:
single routes visit the same few candidates again and again, their average does not. Prices only
steer: any prices give a valid bound, so nothing here needs to be exact.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from routing.bound.network import Ints, Network

_NEWEST = 0.6  # share of the newest route in the direction
_PATIENCE = 8  # steps without a better bound, after which steps become smaller
_BETTER = 1e-4  # share by which a bound must be lower to count as better
_SHRINK = 0.6
_LEAST = 0.001  # of the goal: how far off the bound is thought to be at least
_RATES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
_ON_THE_WAY = 3  # the ride to the n-th nearest is about what a visit needs

Floats = NDArray[np.float64]


class Ascent:
    """Steps from prices to better ones.

    Attributes
    ----------
    prices : int64[rows + 1], 1/3600 point
        To be tried next; the last one is that of a stop.
    best : int64[rows + 1]
        With the lowest bound since the last `begin`.
    least : int or None
        That bound, in the clock of whoever learns it.
    """

    def __init__(self, network: Network, most_stops: int | None, exactly_once: Ints) -> None:
        """Begin without prices; rows of ``exactly_once`` may cost less than nothing."""
        self._network, self._most_stops = network, most_stops
        top = float(network.value.max()) + 1
        self._low = np.zeros(network.rows + 1)
        self._low[exactly_once] = -4 * top
        self._high = top
        self.prices = self.best = np.zeros(network.rows + 1, dtype=np.int64)
        self.begin()

    def begin(self) -> None:
        """Forget how good prices were: routes are counted in another way from here on."""
        self.prices = self.best
        self.least: int | None = None
        self._direction: Floats | None = None
        self._size, self._idle = 1.0, 0

    def first_choices(self, worth: int) -> list[Ints]:
        """Return prices that leave each visit what its time earns, at several rates.

        The rates are shares of what the best route known, of this worth, earns in a second.
        """
        network = self._network
        nearest = np.sort(network.step_s, axis=1)
        takes_s = np.minimum(nearest[:, min(_ON_THE_WAY, network.size - 1)], network.horizon_s)
        rate = max(0, worth) / max(1, network.horizon_s)
        choices = []
        for share in _RATES:
            prices = np.zeros(network.rows + 1, dtype=np.int64)
            left = np.maximum(0, network.value - share * rate * takes_s).astype(np.int64)
            np.maximum.at(prices, network.row, left)
            choices.append(prices)
        return choices

    def learn(self, bound: int, order: Sequence[int], goal: int) -> None:
        """Make the next prices, knowing the bound and the best route at those just tried."""
        if self.least is None or bound < self.least * (1 - _BETTER):
            self._idle = 0
        else:
            self._idle += 1
        if self.least is None or bound < self.least:
            self.least, self.best = bound, self.prices
        at, missing = self.prices.astype(np.float64), self._missing(order)
        newest = _NEWEST * float(missing @ missing)
        if self._direction is not None:
            missing = _NEWEST * missing + (1 - _NEWEST) * self._direction
        self._direction = missing
        if self._idle >= _PATIENCE:
            self._idle, self._size = 0, self._size * _SHRINK
            at = self.best.astype(np.float64)
        moving = np.where((at <= self._low) & (missing > 0), 0.0, missing)
        square = max(float(moving @ moving), newest, 1.0)
        step = self._size * max(bound - goal, _LEAST * abs(goal)) / square
        self.prices = np.clip(at - step * moving, self._low, self._high).astype(np.int64)

    def _missing(self, order: Sequence[int]) -> Floats:
        """Return how often each row may still be visited, and how many stops are left."""
        rows = self._network.rows
        missing = np.zeros(rows + 1)
        missing[:rows] = 1.0 - np.bincount(self._network.row[list(order)], minlength=rows)
        if self._most_stops is not None:
            missing[rows] = self._most_stops - len(order)
        return missing
