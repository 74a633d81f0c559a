"""What visits and subtours should cost: the dual prices, by the volume method.

A row that routes visit too often becomes dearer, one that they miss cheaper; so does going around
in a set of candidates, once the mean of the routes does. Prices move from the best ones known
along the slack of a mean of all routes met (Barahona and Anbil, "The volume algorithm: producing
primal solutions with a subgradient method", 2000): single routes visit the same few candidates
again and again, their mean comes near a solution of the linear relaxation, and shows which sets
(`subtours`) it breaks. Prices only steer: any prices give a valid bound, so nothing here needs to
be exact.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from routing.bound.network import Ints, Network
from routing.bound.subtours import Subtours

_NEWEST, _LEAST_NEWEST = 0.1, 0.01  # share of the newest route in the mean, at most and at least
_PATIENCE = 20  # steps without a better bound, after which steps become smaller
_SHRINK, _GROW = 0.66, 1.1
_FIRST_SIZE, _AGAIN, _LEAST_SIZE, _MOST_SIZE = 0.1, 0.05, 0.0005, 2.0  # of a step
_LEAST_OFF = 0.0005  # of the goal: how far off the bound is thought to be at least
_LOOK_EVERY, _FORGET_EVERY = 30, 150  # steps, for broken sets and for idle ones
_RATES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
_ON_THE_WAY = 3  # the ride to the n-th nearest is about what a visit needs

Floats = NDArray[np.float64]


class Ascent:
    """Steps from prices to better ones.

    Prices are those of the rows, of a stop, and of the subtours known, in 1/3600 point.

    Attributes
    ----------
    best : int64[rows + 1 + subtours]
        The prices with the lowest bound so far.
    tried : int64[rows + 1 + subtours]
        To be tried next.
    subtours : Subtours
    """

    def __init__(self, network: Network, most_stops: int | None, exactly_once: Ints) -> None:
        """Begin without prices; rows of ``exactly_once`` may cost less than nothing."""
        self._network, self._most_stops = network, most_stops
        self.subtours = Subtours(network.size)
        top = float(network.value.max()) + 1
        self._low, self._high = np.zeros(network.rows + 1), np.full(network.rows + 1, top)
        self._low[exactly_once] = -4 * top
        self.best = self.tried = np.zeros(network.rows + 1, dtype=np.int64)
        self._least: int | None = None
        self._slack = np.zeros(network.rows + 1)
        self._flow = np.zeros((network.size + 1, network.size + 1))
        self._size, self._idle, self._steps = _FIRST_SIZE, 0, 0

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

    def begin(self, prices: Ints) -> None:
        """Go on from these prices, forgetting how good they were: walks are counted anew."""
        self.best = self.tried = prices
        self._least = None

    def constant(self, prices: Ints) -> int:
        """Return what a route may be worth more than its visits and steps at these prices."""
        rows = self._network.rows
        return int(prices[:rows].sum()) + int(prices[rows]) * (self._most_stops or 0)

    def priced(self, network: Network, prices: Ints) -> Network:
        """Return the network with these prices taken off visits and steps.

        A route that repeats nobody is worth no more than the constant and what it is worth there.
        """
        rows = network.rows
        steps, visits = self.subtours.costs(prices[rows + 1 :])
        stop = prices[rows] if self._most_stops is not None else 0
        return replace(
            network,
            value=network.value - prices[network.row] - stop + visits,
            step_cost=network.step_cost + steps,
        )

    def learn(self, bound: int, orders: Sequence[Sequence[int]], goal: int) -> None:
        """Make the next prices, knowing the bound and the best route at those just tried."""
        route = np.array(orders[0], dtype=np.int64)
        newest, flow = self._slack_of(route), self._flow_of(route)
        if not self._steps:
            self._slack, self._flow = newest, flow
        else:
            share = _share(self._slack, newest)
            self._slack = self._slack + share * (newest - self._slack)
            self._flow = self._flow + share * (flow - self._flow)
        if self._least is None:
            self._least, self.best, self._idle = bound, self.tried, 0
        elif bound < self._least:
            if float(newest @ self._slack) >= 0:
                self._size = min(_MOST_SIZE, self._size * _GROW)
            self._least, self.best, self._idle = bound, self.tried, 0
        else:
            self._idle += 1
        if self._idle >= _PATIENCE:
            self._idle, self._size = 0, max(_LEAST_SIZE, self._size * _SHRINK)
        self._steps += 1
        if self._steps % _LOOK_EVERY == 0:
            self._look()
        at = self.best.astype(np.float64)
        moving = np.where((at <= self._low) & (self._slack > 0), 0.0, self._slack)
        off = max(self._least - goal, _LEAST_OFF * abs(goal))
        step = self._size * off / max(float(moving @ moving), 1e-3)
        self.tried = np.clip(at - step * moving, self._low, self._high).astype(np.int64)

    def _look(self) -> None:
        """Price the sets that the mean of the routes breaks; forget those that cost nothing."""
        rows = self._network.rows + 1
        if self._steps % _FORGET_EVERY == 0:
            used = (self.best[rows:] > 0) | (self._slack[rows:] < 0)
            self.subtours.keep(used)
            every = np.append(np.ones(rows, dtype=np.bool_), used)
            self.best, self._slack = self.best[every], self._slack[every]
        slack = self.subtours.add_broken(self._flow)
        self._slack = np.append(self._slack, slack)
        self.best = np.append(self.best, np.zeros(len(slack), dtype=np.int64))
        sets = np.zeros(len(self.subtours))
        self._low = np.append(self._low[:rows], sets)
        self._high = np.append(self._high[:rows], sets + self._high[0])
        if len(slack):
            self._size = max(self._size, _AGAIN)

    def _slack_of(self, order: Ints) -> Floats:
        """Return how often each row may still be visited, the stops left, and slack of sets."""
        rows = self._network.rows
        visits = np.bincount(self._network.row[order], minlength=rows)
        stops = 0 if self._most_stops is None else self._most_stops - len(order)
        return np.concatenate([1.0 - visits, [float(stops)], self.subtours.slack(order)])

    def _flow_of(self, order: Ints) -> Floats:
        size = self._network.size
        flow = np.zeros((size + 1, size + 1))
        np.add.at(flow, (np.append(size, order), np.append(order, size)), 1.0)
        return flow


def _share(mean: Floats, newest: Floats) -> float:
    """Return the share of the newest route that makes the mean slack smallest, within limits."""
    change = newest - mean
    square = float(change @ change)
    share = -float(mean @ change) / square if square > 0 else 0.0
    return min(max(share, _LEAST_NEWEST), _NEWEST)
