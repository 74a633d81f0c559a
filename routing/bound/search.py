"""Looks for prices and memories that give a tight bound, and computes bounds that hold.

Two clocks are used. Prices are looked for on a coarse one, where rides are rounded to the nearest
tick: fast, close, and no bound. Bounds come from the exact seconds alone.

A bound is proved against a target: a worth, at first a little above the best route known, then
closer to it. What cannot exceed the target is dropped, forwards and backwards. If nothing is left,
no route is worth more than the target.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from time import process_time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.bound.duals import Ascent
from routing.bound.memory import Memory
from routing.bound.network import NO_WAY_S, Ints, Network
from routing.bound.sweep import MINUS, SOLVED, rest_of, sweep

_CELLS = 20_000  # candidates times ticks of the coarse clock, at first
_FINEST_S = 30  # the tick that the coarse clock never falls below
_WIDTHS_S = (128, 32, 16, 8, 4, 2, 1)  # of the exact clock, each made quick by the one before
_ROUGH = 2  # of these widths, where a short memory is enough
_LABELS = 1_500_000  # some 75 MB
_NEAREST, _QUICK, _SHORT = 6, 2, 4  # rows remembered at first, and where a rough answer is enough
_FIRST_STEPS, _STEPS = 36, 12  # of looking for prices, at first and after the memory grew
_GUESS = 0.01  # by how much looking ahead with a short memory is thought to exceed the truth
_TARGETS = (0.004, 0.0015, 0.0)  # above the best route known
_MOST_REMEMBERED = 16  # rows, at a candidate
_RAISE = 0.003  # of the best route: a higher cut where there are too many labels
_LOWER = 0.3  # of the way from a cut that was proved to the target, where to try next
_HOLDING = 3  # routes looked at for repeated visits
_FEW = 12  # rows that can all be remembered: no price is needed
_WORK = 120_000_000  # comparisons of a sweep, a few seconds
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
    """Lowers the bound until it meets the best route known or the time is over.

    Attributes
    ----------
    lower : int
        Value of the best route known.
    order : list[int]
        That route.
    upper : int
        No route is worth more; if ``keeps_required``, none that visits all the required.
    keeps_required : bool
        The route given visits all the required, so only such routes matter.
    rounds : int
    """

    def __init__(
        self, network: Network, most_stops: int | None, orders: Iterable[Sequence[int]]
    ) -> None:
        """Begin with the best of these routes, or an empty one."""
        self._network = network
        self._most_stops = _binding(network, most_stops)
        self.lower, self.order = 0, list[int]()
        for order in orders:
            self._offer(order)
        self.keeps_required = self._misses(self.order) == 0
        if not self.keeps_required:  # treat them as optional from here on
            self._network = replace(network, required=np.zeros_like(network.required))
            self._offer([])
        self._mirror = self._network.mirrored()
        self.upper = max(self.lower, _everything(network, self._most_stops))
        self.rounds = 0
        self._cost_s, self._expected = 0.0, MINUS
        self._guess = int(_GUESS * abs(self.lower)) + 1
        self._once = self._required_rows()
        self._open = (network.step_s < network.horizon_s) & (
            network.row[:, None] != network.row[None, :]
        )
        self._aim(0)

    def run(self, limits: Limits, on_progress: OnProgress) -> None:
        """Search within the limits; whatever ends it, ``upper`` holds."""
        self._began, self._limits, self._tell = process_time(), limits, on_progress
        network = self._network
        self._quick, self._short = Memory(network, _QUICK), Memory(network, _SHORT)
        self._ascent = Ascent(network, self._most_stops, self._once)
        if network.rows <= _FEW:
            self._prove_at_once()
            return
        self._memory = Memory(network, _NEAREST)
        self._ahead = self._quick
        self._set_clock(max(1, network.horizon_s * network.size // _CELLS))
        self._choose_first()
        while not self._is_over(self._cost_s):
            is_finest = self._tick_s <= _FINEST_S
            repeated = self._tune(_STEPS if self.rounds else _FIRST_STEPS)
            self.rounds += 1
            holding = self._certify()
            if is_finest:
                self._remember([*repeated, *holding])
            else:
                self._set_clock(max(_FINEST_S, self._tick_s // 2))
        if self.rounds == 0 and not self._is_over():
            self._certify()

    def _prove_at_once(self) -> None:
        """Solve exactly: with everything remembered, and required visits always worth it."""
        network = self._network
        self._memory = self._quick = self._short = Memory(network, network.size)
        rides = int(network.step_cost.max(axis=1).sum())
        rides += int(network.first_cost.max()) + int(network.last_cost.max())
        prices = np.zeros(network.rows + 1, dtype=np.int64)
        prices[self._once] = -(int(network.value.sum()) + rides + 1)
        self._ascent.best = prices
        self._aim(len(_TARGETS) - 1)
        self.rounds += 1
        self._certify()

    def _aim(self, number: int) -> None:
        """Set what is to be proved next; steps that were dropped for another target count again."""
        self._aimed = number
        self._target = self.lower + int(_TARGETS[number] * abs(self.lower))
        self._allowed = self._open

    def _set_clock(self, tick_s: int) -> None:
        self._tick_s = tick_s
        self._coarse = _coarse(self._network, tick_s)
        self._coarse_mirror = self._coarse.mirrored()

    def _choose_first(self) -> None:
        """Begin with the best of some simple prices."""
        least = None
        for prices in self._ascent.first_choices(self.lower):
            swept = self._behind(self._gain(prices))
            bound = self._constant(prices) + swept.most
            if swept.is_whole and (least is None or bound < least):
                least, self._ascent.best = bound, prices

    def _remember(self, repeated: Sequence[Sequence[int]]) -> None:
        """Let no route repeat what these repeat; if they repeat nothing, remember more anyway."""
        if not self._memory.grow(repeated, _MOST_REMEMBERED):
            self._memory.widen(_MOST_REMEMBERED)

    def _is_over(self, reserve_s: float = 0.0) -> bool:
        used_s = process_time() - self._began
        self._tell(min(1.0, used_s / self._limits.seconds), self.upper, self.lower)
        if self.upper <= self.lower:
            return True
        rounds = self._limits.rounds
        if rounds is not None:
            return self.rounds >= rounds
        return used_s + reserve_s >= self._limits.seconds

    def _offer(self, order: Sequence[int]) -> None:
        """Take a route if it is better, fits, and repeats nothing."""
        network = self._network
        rows = {int(network.row[node]) for node in order}
        fits = len(rows) == len(order) and len(order) <= (self._most_stops or len(order))
        worth = network.worth(order) if fits else None
        if worth is None or self._misses(order) > self._misses(self.order):
            return
        if worth > self.lower or self._misses(order) < self._misses(self.order):
            self.lower, self.order = worth, list(order)

    def _misses(self, order: Sequence[int]) -> int:
        return int(self._network.required.sum() - self._network.required[list(order)].sum())

    def _required_rows(self) -> Ints:
        """Return the rows that every route worth looking at visits: those of the required."""
        network = self._network
        counts = np.bincount(network.row, minlength=network.rows)
        rows = network.row[network.required]
        return np.unique(rows[counts[rows] == 1])

    def _constant(self, prices: Ints) -> int:
        return int(prices[:-1].sum()) + int(prices[-1]) * (self._most_stops or 0)

    def _gain(self, prices: Ints) -> Ints:
        stop = prices[-1] if self._most_stops is not None else 0
        gain: Ints = self._network.value - prices[self._network.row] - stop
        return gain

    def _tune(self, steps: int) -> list[list[int]]:
        """Look for better prices; return the routes met last, whose repeated visits matter."""
        self._ascent.begin()
        met: list[list[int]] = []
        guess = self._guess
        for _ in range(steps):
            if self._is_over():
                break
            prices = self._ascent.prices
            gain, constant = self._gain(prices), self._constant(prices)
            behind = self._behind(gain)
            swept, least = behind, self.lower - constant
            while behind.is_whole:
                theta = max(behind.most - guess, least)
                rest = rest_of(behind.best, gain)
                swept = self._sweep(self._coarse, gain, self._allowed, rest=rest, theta=theta)
                if not swept.is_whole or swept.most > MINUS or theta <= least:
                    break
                guess = 3 * guess // 2 + 1
            if not swept.is_whole or swept.most == MINUS:
                break
            guess = max(3 * (behind.most - swept.most) // 2, int(_GUESS * abs(self.lower)) // 2, 1)
            met.append(swept.routes[0])
            self._ascent.learn(constant + swept.most, swept.routes[0], self.lower)
        self._expected = MINUS if self._ascent.least is None else self._ascent.least
        self._guess = guess
        return met[-_HOLDING:]

    def _behind(self, gain: Ints) -> _Swept:
        """Sweep backwards on the coarse clock, remembering little."""
        return self._sweep(self._coarse_mirror, gain, self._allowed.T, memory=self._ahead)

    def _certify(self) -> list[list[int]]:
        """Bound in exact seconds at the best prices; return the routes that hold the bound up.

        What cannot exceed a cut is dropped: the target, or more where the bound is still far from
        it. Where nothing is left above a cut, a lower one may do as well.
        """
        began = process_time()
        cut = max(self._target, self.lower, self._expected)
        holding = self._prove(cut)
        if self._target < self.upper <= cut and not self._is_over():
            cut = max(self._target, self.lower, cut - int(_LOWER * (cut - self._target)) - 1)
            holding = self._prove(cut)
        if self.upper <= max(self._target, self.lower):
            self._aim(min(self._aimed + 1, len(_TARGETS) - 1))
        self._cost_s = process_time() - began
        return holding

    def _prove(self, cut: int) -> list[list[int]]:
        """Lower the bound, no further than the cut; return the routes that hold it up.

        Each width looks the other way and drops what the one before proves to be no more than the
        cut. Steps from one candidate to another that no label took are gone: no route worth more
        than the cut takes them.
        """
        prices = self._ascent.best
        gain, constant = self._gain(prices), self._constant(prices)
        rest, theta, backwards, allowed = _NOTHING, MINUS, True, self._allowed
        holding: list[list[int]] = []
        number = 0
        while number < len(_WIDTHS_S):
            swept = self._sweep(
                self._mirror if backwards else self._network,
                gain,
                allowed.T if backwards else allowed,
                memory=(self._quick, self._short)[number] if number < _ROUGH else self._memory,
                rest=rest,
                theta=theta,
                width_s=_WIDTHS_S[number],
            )
            if swept.is_whole:
                routes = self._record(swept, max(cut, constant + swept.most), backwards)
                if self.upper <= cut:
                    break
                holding = routes if number >= _ROUGH else holding
                # Without a cut a sweep uses every step there is: then this changes nothing.
                allowed = allowed & (swept.arcs.T if backwards else swept.arcs)
                rest, backwards, number = rest_of(swept.best, gain), not backwards, number + 1
            elif rest.size and cut < self.upper:
                cut = min(self.upper, cut + int(_RAISE * abs(self.lower)) + 1)
            else:
                break
            theta = cut - constant
            self._is_over()
        if cut <= self._target:
            self._allowed = allowed
        return holding

    def _record(self, swept: _Swept, bound: int, backwards: bool) -> list[list[int]]:
        """Keep a bound that was proved and the routes met; return them, first visit first."""
        routes = [route[::-1] for route in swept.routes] if backwards else swept.routes
        for route in routes:
            self._offer(route)
        self.upper = max(self.lower, min(self.upper, bound))
        return routes

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
        ends = [i for i in np.argsort(-end_value, kind="stable")[:_HOLDING] if end_label[i] >= 0]
        routes = [_route(node, before, int(end_label[i])) for i in ends]
        most = int(end_value.max())
        if most <= theta:  # ends of routes whose other continuations might have been worth more
            most = MINUS
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
