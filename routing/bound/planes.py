"""Prices by cutting planes: where each step is dear, every route met is kept and used again.

At prices p no route exceeds ``max over routes of (value + sum(p) - p of its visits)``, which is
convex in p. Routes met make a model of it from below, a linear programme; its lowest point, not
far from the best prices known, is tried next. How far that may be grows while the model tells the
truth and shrinks otherwise (the box step method of Marsten, Hogan and Blankenship, 1975).
"""

from collections.abc import Callable, Sequence
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog

from routing.bound.duals import Ascent, Floats
from routing.bound.network import Ints

if TYPE_CHECKING:
    from routing.bound.network import Network

_FIRST_REACH, _MOST_REACH, _LEAST_REACH = 0.01, 0.5, 0.001  # of the gap, for each price
_TRUE, _FALSE = 0.25, 0.0  # share of what the model promised that makes a step a good, a bad one
_FARTHER, _NEARER = 2.0, 0.6
_LEAST_OFF = 0.0005  # of the goal: how far off the bound is thought to be at least
_LOOK_EVERY = 10  # steps, for broken sets
_MOST_ROUTES = 1_500


class Planes(Ascent):
    """Steps from the prices of an ascent to better ones.

    Attributes
    ----------
    routes_in_use, shares : list[tuple[int, ...]], list[float]
        Those of which the lowest point of the model is made, at the last step, and how much of
        each.
    """

    def __init__(
        self, network: "Network", most_stops: int | None, exactly_once: Ints, ascent: Ascent
    ) -> None:
        """Go on from the best prices of an ascent, and the sets that have a price there."""
        super().__init__(network, most_stops, exactly_once)
        self.subtours = ascent.subtours
        sets = np.zeros(len(self.subtours))
        self._low = np.append(self._low, sets)
        self._high = np.append(self._high, sets + self._high[0])
        self.best = self.tried = ascent.best
        self._reach = _FIRST_REACH
        self._routes: dict[tuple[int, ...], float] = {(): 0.0}  # worths, by order; staying at home
        self._slacks = self._slack_of(np.zeros(0, dtype=np.int64))[None, :]
        self._promised = 0.0
        self.routes_in_use: list[tuple[int, ...]] = []
        self.shares: list[float] = []

    def forget(self, is_possible: Callable[[Sequence[int]], bool]) -> None:
        """Forget the routes met that are not possible any more."""
        keep = [is_possible(order) for order in self._routes]
        self._routes = dict(compress(self._routes.items(), keep))
        self._slacks = self._slacks[keep]
        self._reach = _FIRST_REACH

    def learn(self, bound: int, orders: Sequence[Sequence[int]], goal: int) -> None:
        """Make the next prices, knowing the bound and some of the best routes at those tried."""
        self._keep([order for order in orders if order])
        if self._least is None:
            self._least, self.best = bound, self.tried
        else:
            promised = max(1.0, self._least - self._promised)
            kept = (self._least - bound) / promised
            if bound < self._least:
                self._least, self.best = bound, self.tried
            if kept > _TRUE:
                self._reach = min(_MOST_REACH, self._reach * _FARTHER)
            elif kept < _FALSE:
                self._reach = max(_LEAST_REACH, self._reach * _NEARER)
        self._steps += 1
        flow = self._step(self._least, goal)
        if self._steps % _LOOK_EVERY == 0:
            self._price_broken(flow)

    def _keep(self, orders: Sequence[Sequence[int]]) -> None:
        network = self._network
        new = [tuple(order) for order in orders if tuple(order) not in self._routes]
        for order in new:
            at = np.array(order, dtype=np.int64)
            worth = int(network.value[at].sum() - network.step_cost[at[:-1], at[1:]].sum())
            worth -= int(network.first_cost[at[0]] + network.last_cost[at[-1]])
            self._routes[order] = float(worth)
        if new:
            slacks = [self._slack_of(np.array(order, dtype=np.int64)) for order in new]
            self._slacks = np.vstack([self._slacks, *slacks])

    def _step(self, least: int, goal: int) -> Floats:
        """Set the prices to be tried; return the steps of the routes that hold the model up."""
        unit = max(1.0, float(least - goal), _LEAST_OFF * abs(goal))
        at = self.best.astype(np.float64)
        worths = np.array(list(self._routes.values()))
        # theta >= worth + slack @ prices, all less the best bound, in units of the gap
        heights = (worths + self._slacks @ at - least) / unit
        count = len(at)
        low = np.maximum((self._low - at) / unit, -self._reach)
        high = np.minimum((self._high - at) / unit, self._reach)
        found = linprog(
            np.append(np.zeros(count), 1.0),
            A_ub=np.hstack([self._slacks, -np.ones((len(worths), 1))]),
            b_ub=-heights,
            bounds=[*zip(np.minimum(low, 0), np.maximum(high, 0), strict=True), (None, None)],
            method="highs-ds",
        )
        if found.x is None:  # no more to be learnt from here, by the accuracy of the solver
            self.tried, self._promised = self.best, float(least)
            return np.zeros((self._network.size + 1, self._network.size + 1))
        self.tried = np.clip(at + found.x[:-1] * unit, self._low, self._high).astype(np.int64)
        self._promised = least + found.x[-1] * unit
        share = -found.ineqlin.marginals
        size = self._network.size
        flow = np.zeros((size + 1, size + 1))
        self.routes_in_use, self.shares = [], []
        for order, part in zip(self._routes, share, strict=True):
            if part > 0 and order:
                self.routes_in_use.append(order)
                self.shares.append(float(part))
                stops = np.array(order)
                np.add.at(flow, (np.append(size, stops), np.append(stops, size)), part)
        if len(worths) > _MOST_ROUTES:
            gap = heights + self._slacks @ found.x[:-1] - found.x[-1]
            keep = np.argsort(-gap, kind="stable")[: _MOST_ROUTES // 2]
            keep.sort()
            orders = list(self._routes.items())
            self._routes = dict(orders[k] for k in keep)
            self._slacks = self._slacks[keep]
        return flow

    def _price_broken(self, flow: Floats) -> None:
        """Let sets that the routes go around in have a price from the next step on."""
        count = len(self.subtours.add_broken(flow))
        if not count:
            return
        zeros = np.zeros(count)
        self.best = np.append(self.best, zeros.astype(np.int64))
        self.tried = np.append(self.tried, zeros.astype(np.int64))
        self._low = np.append(self._low, zeros)
        self._high = np.append(self._high, zeros + self._high[0])
        slacks = [self._slack_of(np.array(order, dtype=np.int64)) for order in self._routes]
        self._slacks = np.array(slacks)
