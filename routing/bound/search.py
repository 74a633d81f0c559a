"""Looks for prices and memories that give a tight bound, and computes bounds that hold.

Two clocks are used. Prices are looked for on a coarse one, where rides are rounded to the nearest
tick: fast, close, and no bound. Bounds come from the exact seconds alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import process_time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.bound.duals import Columns
from routing.bound.memory import Memory
from routing.bound.network import NO_WAY_S, Ints, Network
from routing.bound.primal import improve
from routing.bound.sweep import MINUS, SOLVED, rest_of, sweep

_CELLS = 20_000  # candidates times ticks of the coarse clock
_WIDTHS_S = (64, 16, 4, 1)  # of the exact clock, each made quick by the one before
_LABELS = 3_000_000  # some 150 MB
_NEAREST, _QUICK = 4, 4  # rows remembered at first, and where a rough answer is enough
_FIRST_STEPS, _STEPS = 40, 12  # of looking for prices, at first and after the memory grew
_KEEP = 0.8  # of the best prices so far, when going on to others
_CLOSE = 0.003  # distance to the best prices for these memories, of the value, that is enough
_MARGIN = 0.01  # by which the coarse clock may be wrong about what can still be worth it
_MANY = 100_000  # labels from which it pays to look ahead first
_MOST_REMEMBERED = 24  # rows, at a candidate
_HOLDING = 5  # routes looked at for repeated visits
_BEST = 30  # routes taken from each step
_FEW = 12  # rows that can all be remembered: no price is needed
_PRIMAL_SEEDS, _PRIMAL_STEPS = 3, 250  # steps for each candidate
_WORK = 400_000_000  # comparisons of a sweep, a few seconds
_NOTHING: Ints = np.zeros((0, 0), dtype=np.int64)

Flags = NDArray[np.bool_]
OnProgress = Callable[[float, int, int], None]  # share of the budget, bound, best found; 1/3600


class _Swept(NamedTuple):
    """What a sweep found; ``most`` is MINUS when nothing was worth more than ``theta``."""

    is_whole: bool
    most: int
    best: Ints
    arcs: Flags
    routes: list[list[int]]
    labels: int


@dataclass(slots=True)
class Limits:
    """When to stop: CPU seconds of this process, rounds, or both."""

    seconds: float
    rounds: int | None


class Search:
    """Raises the best route found and lowers the bound until they meet or the time is over.

    Attributes
    ----------
    lower : int
        Value of the best route found.
    order : list[int]
        That route.
    upper : int
        No route is worth more; if ``keeps_required``, none that visits all the required.
    keeps_required : bool
        A route that visits all the required is known, so only such routes matter.
    rounds : int
    """

    def __init__(self, network: Network, most_stops: int | None, order: Sequence[int]) -> None:
        """Begin with a route that fits, or an empty one."""
        self._network, self._mirror = network, network.mirrored()
        self._most_stops = _binding(network, most_stops)
        self.order: list[int] = []
        self.lower = 0
        self.upper = _everything(network, self._most_stops)
        self._offer(order)
        self.rounds = 0
        self._cost_s = 0.0
        self._allowed = (network.step_s < network.horizon_s) & (
            network.row[:, None] != network.row[None, :]
        )
        self._tick_s = max(1, network.horizon_s * network.size // _CELLS)
        self._coarse = _coarse(network, self._tick_s)
        self._coarse_mirror = self._coarse.mirrored()

    def run(self, limits: Limits, on_progress: OnProgress) -> None:
        """Search within the limits; whatever ends it, ``upper`` holds."""
        self._began, self._limits, self._tell = process_time(), limits, on_progress
        self._find_route()
        self.keeps_required = self._misses(self.order) == 0
        if not self.keeps_required:  # treat them as optional from here on
            self._network = replace(self._network, required=np.zeros_like(self._network.required))
        self._once = self._required_rows()
        self._columns = Columns(self._network, self._most_stops, self._once)
        self._columns.add([self.order, *self._starters])
        self._memory = Memory(self._network, _NEAREST)
        self._quick = Memory(self._network, _QUICK)
        self._prices = self._first_prices()
        steps = _FIRST_STEPS
        if self._network.rows <= _FEW:
            self._memory = self._quick = Memory(self._network, self._network.size)
            self._prices = np.zeros_like(self._prices)
            self._prices[self._once] = -self._enough()
            self._certify()
        while not self._is_over(2 * self._cost_s):
            repeated = self._tune(steps)
            steps = _STEPS
            self.rounds += 1
            self._remember([*repeated, *self._certify()])
        if not self._is_over():
            self._certify()

    def _enough(self) -> int:
        """Return what makes any required visit worth it, within what sums can hold."""
        network = self._network
        rides = int(network.step_cost.max(axis=1).sum())
        rides += int(network.first_cost.max()) + int(network.last_cost.max())
        return min(int(network.value.sum()) + rides + 1, 1 << 58)

    def _remember(self, repeated: Sequence[Sequence[int]]) -> None:
        """Let no route repeat what these repeat; if they repeat nothing, remember more anyway."""
        if not self._memory.grow(repeated, _MOST_REMEMBERED):
            self._memory.widen(_MOST_REMEMBERED)
        self._columns.drop(self._memory)

    def _is_over(self, reserve_s: float = 0.0) -> bool:
        used_s = process_time() - self._began
        self._tell(min(1.0, used_s / self._limits.seconds), self.upper, self.lower)
        if self.upper <= self.lower:
            return True
        rounds = self._limits.rounds
        if rounds is not None:
            return self.rounds >= rounds
        return used_s + reserve_s >= self._limits.seconds

    def _find_route(self) -> None:
        """Improve the route given, and remember others to begin the prices with."""
        steps = _PRIMAL_STEPS * self._network.size
        self._starters = []
        if self._most_stops is not None:
            return  # ruin and recreate does not count stops
        for seed in range(_PRIMAL_SEEDS):
            found = improve(self._network, self.order if seed == 0 else [], steps=steps, seed=seed)
            self._starters.append(found)
            self._offer(found)

    def _offer(self, order: Sequence[int]) -> None:
        """Take a route if it is better, fits, and repeats nothing."""
        network = self._network
        rows = {int(network.row[node]) for node in order}
        fits = (
            len(rows)
            == len(order)
            <= (len(order) if self._most_stops is None else self._most_stops)
        )
        worth = network.worth(order) if fits else None
        if worth is None or self._misses(order) > self._misses(self.order):
            return
        if worth > self.lower or self._misses(order) < self._misses(self.order):
            self.lower, self.order = worth, list(order)
            self.upper = max(self.upper, self.lower)

    def _misses(self, order: Sequence[int]) -> int:
        return int(self._network.required.sum() - self._network.required[list(order)].sum())

    def _required_rows(self) -> Ints:
        """Return the rows that every route worth looking at visits: those of the required."""
        network = self._network
        counts = np.bincount(network.row, minlength=network.rows)
        rows = network.row[network.required]
        return np.unique(rows[counts[rows] == 1])

    def _first_prices(self) -> Ints:
        """Return what remains of each value after the time it takes at the rate of the route."""
        network = self._network
        rate = self.lower // max(1, network.horizon_s)
        shortest = np.where(self._allowed, network.step_s, network.horizon_s).min(axis=1)
        prices = np.zeros(network.rows + 1, dtype=np.int64)
        np.maximum.at(prices, network.row, np.maximum(0, network.value - rate * shortest))
        return prices

    def _tune(self, steps: int) -> list[Sequence[int]]:
        """Look for better prices; return the routes whose repeated visits hold the bound up."""
        centre, least, routes = self._prices, None, []
        prices, quick = centre, False
        for _ in range(steps):
            swept = self._look(prices, quick)
            if not swept.is_whole:
                break
            quick = quick or swept.labels > _MANY
            bound = self._constant(prices) + swept.most
            if swept.most > MINUS and (least is None or bound < least):
                centre, least, routes = prices, bound, swept.routes[:_HOLDING]
            self._columns.add(swept.routes)
            asked, model = self._columns.prices()
            if (least is not None and least - model < _CLOSE * abs(self.lower)) or self._is_over():
                break
            prices = self._legal((_KEEP * centre + (1 - _KEEP) * asked).astype(np.int64))
        self._prices = centre
        return [*routes, *self._columns.present()]

    def _legal(self, prices: Ints) -> Ints:
        """Return prices that no row visited at most once has below 0, none absurdly high."""
        top = int(self._network.value.max()) + 1
        low = np.zeros_like(prices)
        low[self._once] = -4 * top
        return np.clip(prices, low, top)

    def _constant(self, prices: Ints) -> int:
        return int(prices[:-1].sum()) + int(prices[-1]) * (self._most_stops or 0)

    def _gain(self, prices: Ints) -> Ints:
        stop = prices[-1] if self._most_stops is not None else 0
        gain: Ints = self._network.value - prices[self._network.row] - stop
        return gain

    def _look(self, prices: Ints, quick: bool) -> _Swept:
        """Sweep on the coarse clock; when it is worth it, look ahead with a smaller memory."""
        gain, rest, theta = self._gain(prices), _NOTHING, MINUS
        if quick:
            behind = self._sweep(self._coarse_mirror, gain, self._allowed.T, memory=self._quick)
            if behind.is_whole:
                rest = rest_of(behind.best, gain)
                theta = int(self.lower * (1 - _MARGIN)) - self._constant(prices)
        return self._sweep(self._coarse, gain, self._allowed, rest=rest, theta=theta)

    def _certify(self) -> list[Sequence[int]]:
        """Bound in exact seconds at the best prices; return the routes that hold the bound up.

        Each width looks the other way and drops what the one before proves to be too little.
        Steps from one candidate to another that no label took are gone for good: no route worth
        more than the best found takes them.
        """
        began = process_time()
        gain, constant = self._gain(self._prices), self._constant(self._prices)
        rest, theta, backwards = _NOTHING, MINUS, True
        holding: list[Sequence[int]] = []
        for width_s in _WIDTHS_S:
            network = self._mirror if backwards else self._network
            allowed = self._allowed.T if backwards else self._allowed
            swept = self._sweep(
                network,
                gain,
                allowed,
                memory=self._memory if rest.size else self._quick,
                rest=rest,
                theta=theta,
                width_s=width_s,
            )
            if not swept.is_whole:
                break
            self.upper = min(self.upper, max(self.lower, constant + swept.most))
            if rest.size:
                self._allowed = self._allowed & (swept.arcs.T if backwards else swept.arcs)
            routes = [route[::-1] for route in swept.routes] if backwards else swept.routes
            holding = [*routes[:_HOLDING]] or holding
            for route in routes:
                self._offer(route)
            if self.upper <= self.lower or (swept.most == MINUS and rest.size):
                break
            rest, theta = rest_of(swept.best, gain), self.lower - constant
            backwards = not backwards
            self._is_over()
        self._cost_s = process_time() - began
        return holding

    def _sweep(
        self,
        network: Network,
        gain: Ints,
        allowed: Flags,
        *,
        memory: Memory | None = None,
        rest: Ints = _NOTHING,
        theta: int = MINUS,
        width_s: int = 1,
    ) -> _Swept:
        nexts, count = _lists(allowed)
        most_stops = self._most_stops
        counts = most_stops is not None or bool((network.step_s[allowed] <= 0).any())
        status, best, end_value, end_label, arcs, node, before, used, _ = sweep(
            network.horizon_s,
            network.first_s,
            network.first_cost,
            network.last_s,
            network.last_cost,
            network.step_s,
            network.step_cost,
            network.opens_s,
            network.closes_s,
            nexts,
            count,
            gain,
            *(memory or self._memory).words(),
            rest,
            theta,
            width_s,
            min(network.rows, most_stops if most_stops is not None else network.rows),
            counts,
            _LABELS,
            _WORK,
        )
        ends = [i for i in np.argsort(-end_value, kind="stable")[:_BEST] if end_label[i] >= 0]
        routes = [_route(node, before, int(end_label[i])) for i in ends]
        most = int(end_value.max())
        return _Swept(status == SOLVED, most, best, arcs[:-1], routes, int(used))


def _route(node: NDArray[np.int16], before: NDArray[np.int32], label: int) -> list[int]:
    order = []
    while label >= 0:
        order.append(int(node[label]))
        label = int(before[label])
    return order[::-1]


def _lists(allowed: Flags) -> tuple[Ints, Ints]:
    """Return where one may go on to from each candidate, and to how many."""
    count = allowed.sum(axis=1).astype(np.int64)
    nexts = np.zeros((len(allowed), max(1, int(count.max()))), dtype=np.int64)
    for i, row in enumerate(allowed):
        nexts[i, : count[i]] = np.flatnonzero(row)
    return nexts, count


def _coarse(network: Network, tick_s: int) -> Network:
    """Return the network with times in ticks, to the nearest one: no bound may come from it."""

    def ticks(seconds: Ints) -> Ints:
        return np.where(seconds >= NO_WAY_S // 2, seconds, (seconds + tick_s // 2) // tick_s)

    return replace(
        network,
        horizon_s=network.horizon_s // tick_s,
        first_s=ticks(network.first_s),
        last_s=ticks(network.last_s),
        step_s=ticks(network.step_s),
        opens_s=ticks(network.opens_s),
        closes_s=np.where(network.closes_s < 0, -1, network.closes_s // tick_s),
    )


def _binding(network: Network, most_stops: int | None) -> int | None:
    """Return the bound on stops, None if no route that fits could exceed it."""
    if most_stops is None or most_stops >= network.rows:
        return None
    return most_stops


def _everything(network: Network, most_stops: int | None) -> int:
    """Return the value of the best of each row together: the bound before anything is known."""
    values = np.zeros(network.rows, dtype=np.int64)
    np.maximum.at(values, network.row, network.value)
    return int(np.sort(values)[::-1][: most_stops if most_stops is not None else None].sum())
