"""Looks for prices and memories that give a tight bound, and computes bounds that hold.

Prices are looked for on a coarse clock, where rides are rounded to the nearest tick, with the steps
of walks near the best alone: fast, close, and no bound. They are settled on a finer one, as prices
fit the clock that they are made for. Bounds come from the exact seconds and all steps.

Walks without a memory come first: they are quick, and their prices a good place to begin. Then
walks learn to remember, round by round, whom the best of them visit again, with few rows at each
candidate until that forbids no more: a thousand subsets where they matter do what ten thousand of
near neighbours don't. At prices of their own they give a bound. A lower one is then proved against
a cut below it: with a memory that grows, what cannot exceed the cut is dropped, forwards and
backwards. If nothing is left, no route is worth more than the cut, and a lower one is tried.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf
from time import process_time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.bound.duals import Ascent
from routing.bound.memory import Memory
from routing.bound.network import NO_WAY_S, Ints, Network
from routing.bound.planes import Planes
from routing.bound.recollection import order_of, passed_on, recollecting_walks
from routing.bound.sweep import MINUS, SOLVED, rest_of, sweep
from routing.bound.walks import walks

_FIRST_CELLS, _CELLS = 40_000, 80_000  # candidates times ticks of the coarse clock
_FINE_CELLS = 320_000  # of the one that prices are settled on
_FINE_SHARE = 0.45  # of the time, from which that clock is used anyway
_RECOLLECTED, _MOST_RECOLLECTED = 4, 9  # rows remembered at a candidate, at first and at last
_RECOLLECTED_BACK = 3  # where what follows a visit is bounded in exact seconds, which takes long
_WORTHWHILE = 1.1  # growth of the subsets below which a candidate may remember one row more
_SUBSETS = 8_000  # told apart by walks that remember, at all candidates together
_ROOM = 1 << 25  # states kept at a time, 256 MB
_RECOLLECTING_STEPS = 10
_ROUTES = 40  # of each step, to learn from
_OFFERED = 4  # of them, to become the best route known
_WALKS_SHARE = 0.08  # of the time, after which walks have to remember
_NEAR = 12  # candidates to go on to, where prices are looked for
_PROMISING = (
    0.12  # of the gap: other steps count there, too, if a walk so near the bound takes them
)
_WIDTHS_S = (16, 4, 1)  # of the exact clock, each made quick by the one before
_LABELS = 1_500_000  # some 75 MB
_NEAREST = 6  # rows remembered at first
_FIRST_STEPS, _STEPS = 300, 200  # of looking for prices, at first and between proofs
_SETTLED = 0.9  # share of the gap left by a round of steps, from which proofs are worth their time
_STUCK = 0.985  # and from which further prices are not, once walks remember all that they may
_PROOF_SHARE = 0.7  # of the time, from which they are made anyway
_EXPECTED = 0.8  # of the gap by the coarse clock, which is hardly above that in exact seconds
_TARGETS = (0.004, 0.0015, 0.0)  # above the best route known
_MOST_REMEMBERED = 16  # rows, at a candidate
_LOWER, _LEAST_LOWER = 0.15, 0.02  # of the gap: how far below the bound a cut is, and at least
_HOLDING = 3  # routes looked at for repeated visits
_FEW = 12  # rows that can all be remembered: no price is needed
_WORK = 120_000_000  # comparisons of a sweep, a few seconds
_SLOWER = 1.3  # than the last time: how long a step may take, and still be begun
_EXACT_LOOKS, _PROOF_LOOKS = 3.0, 6.0  # by a coarse clock: what exact seconds take, and a proof
_PACE, _TELLING_WORK = 20_000_000, 5_000_000  # of them a second, until so many told the pace
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


class _Walked(NamedTuple):
    """What walks came to; ``most`` is MINUS when nothing was worth more than ``theta``."""

    most: int
    best: Ints
    through: Ints
    orders: list[list[int]]


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
        self.upper = max(self.lower, _everything(network, self._most_stops))
        self.rounds = 0
        self._once = self._required_rows()
        self._recollects, self._is_fine, self._expected = False, False, 0
        self._bounding_s, self._forwards_s, self._looking_s = 0.0, 0.0, 0.0
        self._pace = float(_PACE)
        self._open = (network.step_s < network.horizon_s) & (
            network.row[:, None] != network.row[None, :]
        )
        self._aim(0)

    def run(self, limits: Limits, on_progress: OnProgress) -> None:
        """Search within the limits; whatever ends it, ``upper`` holds."""
        self._began, self._limits, self._tell = process_time(), limits, on_progress
        network = self._network
        self._ascent: Ascent = Ascent(network, self._most_stops, self._once)
        self._near = self._looked_at = _near(network, _NEAR * network.size // network.rows)
        if network.rows <= _FEW:
            self._prove_at_once()
            return
        self._memory = Memory(network, _NEAREST)
        self._set_clock(_FIRST_CELLS)
        self._choose_first()
        gap, share = None, _LOWER
        while not self._is_over():
            self._tune()
            if self.rounds and not self._has_time_for(_SLOWER * self._looking_s):
                break
            self.rounds += 1
            bound = self._look_around() if self._recollects else self._bound_by_walks()
            before, gap = gap, bound - self.lower
            is_settled = before is not None and gap > _SETTLED * before
            is_stuck = before is not None and gap > _STUCK * before
            if self._is_time_to_prove():
                share = self._lower_the_cut(share)
            elif self._goes_deeper(is_settled=is_settled, is_stuck=is_stuck):
                gap = None
            elif is_stuck:
                share = self._lower_the_cut(share)
        if self.rounds == 0:
            self._bound_by_walks()

    def _goes_deeper(self, *, is_settled: bool, is_stuck: bool) -> bool:
        """Let walks remember, or more, or look at a finer clock; tell whether anything is new."""
        if not self._recollects:
            is_time = is_settled or self._has_used(_WALKS_SHARE)
            if is_time:
                self._recollect()
            return is_time
        if not self._is_fine and self._has_used(_FINE_SHARE):
            self._look_closer()
            return True
        if self._recollect_more():
            return True
        if not is_stuck or self._is_fine:
            return False
        self._look_closer()
        return True

    def _is_time_to_prove(self) -> bool:
        if self._limits.rounds is not None:
            return self.rounds >= self._limits.rounds
        has_time = self._has_time_for(_PROOF_LOOKS * self._looking_s)
        return self._has_used(_PROOF_SHARE) or not has_time

    def _has_time_for(self, needed_s: float) -> bool:
        """Tell whether more than that is left, such as what a step took the last time."""
        return self._left_s() > needed_s

    def _has_used(self, share: float) -> bool:
        """Tell whether so much of the time is over."""
        return self._left_s() <= (1 - share) * self._limits.seconds

    def _left_s(self) -> float:
        """Return what is left of the time, without end where rounds count instead."""
        if self._limits.rounds is not None:
            return inf
        return self._limits.seconds - (process_time() - self._began)

    def _recollect(self) -> None:
        """Let walks remember from here on: nothing yet but whom they visit."""
        network = self._network
        self._memory = Memory(network, 1)
        self._remembered = self._memory.others()
        self._recollects, self._most = True, _RECOLLECTED
        self._set_clock(_CELLS)
        self._ascent = self._planes = Planes(network, self._most_stops, self._once, self._ascent)

    def _look_closer(self) -> None:
        """Go on by a finer clock: prices that suit the coarse one are dearer in exact seconds."""
        self._is_fine = True
        self._set_clock(_FINE_CELLS)
        self._planes.forget(lambda order: self._coarse.worth(order) is not None)

    def _recollect_more(self) -> bool:
        """Let walks remember whom the best of them visit again; tell whether that was news."""
        planes = self._planes
        longest_s = int(self._network.step_s[self._open].max(initial=0))
        room = min(_SUBSETS, _ROOM // (longest_s + 1))
        routes, shares = planes.routes_in_use, planes.shares
        before = self._memory.subsets
        while self._memory.grow_within(room, self._most, routes, shares) == 0:
            if self._most == _MOST_RECOLLECTED:
                return False
            self._most += 1
        if self._memory.subsets < _WORTHWHILE * before:
            self._most = min(self._most + 1, _MOST_RECOLLECTED)
        self._remembered = self._memory.others()
        planes.forget(self._memory.allows)
        return True

    def _prove_at_once(self) -> None:
        """Solve exactly: with everything remembered, and required visits always worth it."""
        network = self._network
        self._memory = Memory(network, network.size)
        rides = int(network.step_cost.max(axis=1).sum())
        rides += int(network.first_cost.max()) + int(network.last_cost.max())
        prices = np.zeros(network.rows + 1, dtype=np.int64)
        prices[self._once] = -(int(network.value.sum()) + rides + 1)
        self._ascent.begin(prices)
        self._aim(len(_TARGETS) - 1)
        self.rounds += 1
        self._bound_by_walks()
        self._prove(self.lower)

    def _aim(self, number: int) -> None:
        """Set what is to be proved next; steps that were dropped for another target count again."""
        self._aimed = number
        self._target = self.lower + int(_TARGETS[number] * abs(self.lower))
        self._allowed = self._open

    def _set_clock(self, cells: int) -> None:
        network = self._network
        self._coarse = _coarse(network, max(1, network.horizon_s * network.size // cells))

    def _choose_first(self) -> None:
        """Begin with the best of some simple prices."""
        bounds = [
            (self._try(prices)[0], number, prices)
            for number, prices in enumerate(self._ascent.first_choices(self.lower))
        ]
        self._ascent.begin(min(bounds)[2])

    def _is_over(self) -> bool:
        used_s = process_time() - self._began
        self._tell(min(1.0, used_s / self._limits.seconds), self.upper, self.lower)
        if self.upper <= self.lower:
            return True
        rounds = self._limits.rounds
        if rounds is not None:
            return self.rounds >= rounds
        return used_s >= self._limits.seconds

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
        network = self._network
        required = {network.ids[node] for node in np.flatnonzero(network.required)}
        return len(required.difference(network.ids[node] for node in order))

    def _required_rows(self) -> Ints:
        """Return the rows that every route worth looking at visits: those of the required."""
        network = self._network
        members: dict[int, set[str]] = {}
        for row, id_ in zip(network.row.tolist(), network.ids, strict=True):
            members.setdefault(row, set()).add(id_)
        rows = np.unique(network.row[network.required])
        return rows[[len(members[row]) == 1 for row in rows.tolist()]]

    def _tune(self) -> None:
        """Look for better prices."""
        steps = _STEPS if self.rounds else _FIRST_STEPS
        step_s = 0.0
        for _ in range(_RECOLLECTING_STEPS if self._recollects else steps):
            if self._is_over() or not self._has_time_for(step_s):
                break
            began = process_time()
            bound, orders = self._try(self._ascent.tried)
            self._ascent.learn(bound, orders, self.lower)
            step_s = process_time() - began

    def _try(self, prices: Ints) -> tuple[int, list[list[int]]]:
        """Return what no walk exceeds at these prices, by the coarse clock, and the best walks."""
        priced = self._ascent.priced(self._coarse, prices)
        walked = self._walk(priced, self._looked_at)
        for order in walked.orders[:_OFFERED] if self._recollects else ():
            self._offer(self._without_repetitions(order))
        return self._ascent.constant(prices) + max(0, walked.most), walked.orders

    def _without_repetitions(self, order: Sequence[int]) -> list[int]:
        """Return a walk with the first visit to each row alone."""
        rows = [int(self._network.row[node]) for node in order]
        return [node for at, node in enumerate(order) if rows.index(rows[at]) == at]

    def _look_around(self) -> int:
        """Look at the steps of walks near the best, all steps considered, by the coarse clock.

        Return what walks come to.
        """
        began = process_time()
        constant = self._ascent.constant(self._ascent.best)
        priced = self._ascent.priced(self._coarse, self._ascent.best)
        backwards = self._walk(priced.mirrored(), self._allowed.T)
        bound = constant + backwards.most
        promising = bound - int(_PROMISING * (bound - self.lower)) - constant
        rest = rest_of(backwards.best, priced.value)
        forwards = self._walk(priced, self._allowed, rest=rest, theta=promising)
        self._looked_at = self._allowed & (forwards.through > MINUS)
        self._ascent.begin(self._ascent.best)
        self._expected = self.lower + int(_EXPECTED * (bound - self.lower))
        self._looking_s = process_time() - began
        self._bounding_s = max(self._bounding_s, _EXACT_LOOKS * self._looking_s)
        return bound

    def _bound_by_walks(self) -> int:
        """Bound in exact seconds at the best prices; return what walks are worth at most.

        Steps that no walk worth more than the target takes are gone, unless the bound is expected
        far above it: then walks that can't reach what is expected are not followed. Those of walks
        near the bound are looked at when prices are.
        """
        began = process_time()
        prices = self._ascent.best
        constant = self._ascent.constant(prices)
        self._priced = self._ascent.priced(self._network, prices)
        self._priced_mirror = self._priced.mirrored()
        self._rest = _NOTHING
        if (self._network.step_s[self._allowed] <= 0).any():  # walks could go around in no time
            return self.upper
        backwards = self._walk(self._priced_mirror, self._allowed.T, most=_RECOLLECTED_BACK)
        bound = constant + backwards.most
        self._record(backwards.orders, max(self._target, bound), backwards=True)
        self._rest = rest_of(backwards.best, self._priced.value)
        turned = process_time()
        if not self._has_time_for(_SLOWER * max(self._forwards_s, turned - began)):
            return bound  # what walks come to backwards is one, too
        least = max(self._target, self._expected)
        forwards = self._walk(self._priced, self._allowed, rest=self._rest, theta=least - constant)
        if self._recollects:  # more is remembered on the way forth
            bound = max(least, constant + forwards.most)
            self._record([], bound, backwards=False)
        if least == self._target:
            self._allowed = self._allowed & (forwards.through > MINUS)
        promising = bound - int(_PROMISING * (bound - self.lower)) - constant
        self._looked_at = self._allowed & (self._near | (forwards.through > promising))
        self._ascent.begin(prices)
        self._bounding_s, self._forwards_s = process_time() - began, process_time() - turned
        return bound

    def _lower_the_cut(self, share: float) -> float:
        """Prove lower and lower bounds at the best prices, remembering more where routes repeat.

        Each is lower by a share of the gap, less where that can't be proved; return the last one,
        to begin with the next time.
        """
        has_grown = False
        if self._recollects and not self._has_time_for(_SLOWER * self._bounding_s):
            return share
        if self._recollects:
            self._bound_by_walks()
        while not self._is_over():
            if self.upper <= max(self._target, self.lower) and not self._aim_lower():
                break
            cut = self.upper - int(share * (self.upper - self.lower)) - 1
            cut = max(cut, self._target, self.lower)
            holding = self._prove(cut)
            if self.upper <= cut:
                has_grown = False
            elif holding and not has_grown:
                has_grown = self._remember(holding)
            elif share >= 2 * _LEAST_LOWER:
                share, has_grown = share / 2, False
            else:
                break
        return share

    def _aim_lower(self) -> bool:
        """Go on to the next target if there is time for its bound; tell whether there was."""
        has_time = self._has_time_for(_SLOWER * self._bounding_s)
        if has_time:
            self._aim(min(self._aimed + 1, len(_TARGETS) - 1))
            self._bound_by_walks()
        return has_time

    def _remember(self, repeated: Sequence[Sequence[int]]) -> bool:
        """Let no route repeat what these repeat; tell whether that was news."""
        return self._memory.grow(repeated, _MOST_REMEMBERED) > 0

    def _prove(self, cut: int) -> list[list[int]]:
        """Lower the bound to the cut if that can be; return the routes that stand in the way.

        Each width looks the other way and drops what the one before proves to be no more than the
        cut. Steps from one candidate to another that no label took are gone: no route worth more
        than the cut takes them.
        """
        constant = self._ascent.constant(self._ascent.best)
        rest, allowed, backwards = self._rest, self._allowed, not self._rest.size
        holding: list[list[int]] = []
        for width_s in _WIDTHS_S:
            swept = self._sweep(
                self._priced_mirror if backwards else self._priced,
                allowed.T if backwards else allowed,
                rest=rest,
                theta=cut - constant if rest.size else MINUS,
                width_s=width_s,
            )
            if not swept.is_whole:
                return []
            holding = self._record(swept.routes, max(cut, constant + swept.most), backwards)
            if self.upper <= cut:
                break
            # Without a cut a sweep uses every step there is: then this changes nothing.
            allowed = allowed & (swept.arcs.T if backwards else swept.arcs)
            rest, backwards = rest_of(swept.best, self._priced.value), not backwards
            if self._is_over() and self._has_used(1.0):
                return []
        if cut <= self._target:
            self._allowed = allowed
        return holding

    def _record(self, routes: list[list[int]], bound: int, backwards: bool) -> list[list[int]]:
        """Keep a bound that was proved and the routes met; return them, first visit first."""
        if backwards:
            routes = [route[::-1] for route in routes]
        for route in routes:
            self._offer(route)
        self.upper = max(self.lower, min(self.upper, bound))
        return routes

    def _walk(
        self,
        network: Network,
        allowed: Flags,
        *,
        rest: Ints = _NOTHING,
        theta: int = MINUS,
        most: int | None = None,
    ) -> _Walked:
        """Return what walks come to; ``most`` limits the rows of those that remember."""
        steps = _lists(allowed)
        if self._recollects:
            return self._recollecting(network, steps, rest, theta, self._remembered[:, :most])
        best, worth, order, through = walks(*network.day, *steps, network.value, rest, theta)
        return _Walked(int(worth), best, through, [order[::-1].tolist()])

    def _recollecting(
        self, network: Network, steps: tuple[Ints, Ints], rest: Ints, theta: int, remembered: Ints
    ) -> _Walked:
        """Return what walks that remember come to; in exact seconds they tell no order."""
        first_state, step_at, passed = passed_on(*steps, network.row, remembered)
        traces = network.horizon_s <= self._coarse.horizon_s
        best, end_value, end_place, before, through = recollecting_walks(
            *network.day,
            *steps,
            network.value,
            first_state,
            step_at,
            passed,
            rest,
            theta,
            min(network.horizon_s, _longest_s(network, steps)),
            traces,
        )
        ends = np.argsort(-end_value, kind="stable")[: _ROUTES if traces else 0]
        places = [end_place[i] for i in ends if end_place[i] >= 0]
        orders = [order_of(place, before, first_state).tolist() for place in places]
        return _Walked(int(end_value.max()), best, through, orders)

    def _sweep(
        self, network: Network, allowed: Flags, *, rest: Ints, theta: int, width_s: int
    ) -> _Swept:
        began = process_time()
        nexts, count = _lists(allowed)
        most_stops = self._most_stops
        counts = most_stops is not None or bool((network.step_s[allowed] <= 0).any())
        status, best, end_value, end_label, arcs, node, before, _used, work = sweep(
            *network.day,
            nexts,
            count,
            network.value,
            *self._memory.words(),
            rest,
            theta,
            width_s,
            min(network.rows, most_stops if most_stops is not None else network.rows),
            counts,
            _LABELS,
            int(min(_WORK, self._pace * self._left_s())),
        )
        if work >= _TELLING_WORK:
            self._pace = work / (process_time() - began)
        ends = [i for i in np.argsort(-end_value, kind="stable")[:_HOLDING] if end_label[i] >= 0]
        routes = [_route(node, before, int(end_label[i])) for i in ends]
        most = int(end_value.max())
        if most <= theta:  # ends of routes whose other continuations might have been worth more
            most = MINUS
        return _Swept(status == SOLVED, most, best, arcs[:-1], routes)


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


def _longest_s(network: Network, steps: tuple[Ints, Ints]) -> int:
    nexts, count = steps
    is_step = np.arange(nexts.shape[1]) < count[:, None]
    ride_s = np.take_along_axis(network.step_s, nexts, axis=1)
    return int(ride_s[is_step].max(initial=0))


def _near(network: Network, count: int) -> Flags:
    """Return the steps to the nearest candidates, and from those to whom one is nearest."""
    ride_s = network.step_s + np.where(np.eye(network.size, dtype=np.bool_), NO_WAY_S, 0)
    near = np.zeros_like(ride_s, dtype=np.bool_)
    for axis in (0, 1):
        closest = np.argsort(ride_s, axis=axis, kind="stable").take(range(count), axis, mode="clip")
        some = np.zeros_like(near)
        np.put_along_axis(some, closest, True, axis=axis)
        near |= some
    return near


def _coarse(network: Network, tick_s: int) -> Network:
    """Return the network with times in ticks, to the nearest one: no bound may come from it."""

    def ticks(seconds: Ints) -> Ints:
        return np.where(seconds >= NO_WAY_S // 2, seconds, (seconds + tick_s // 2) // tick_s)

    return replace(
        network,
        horizon_s=network.horizon_s // tick_s,
        first_s=ticks(network.first_s),
        last_s=ticks(network.last_s),
        step_s=np.maximum(1, ticks(network.step_s)),
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
