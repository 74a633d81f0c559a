"""Searches one part of a problem: fills routes, then anneals until told to stop."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from time import monotonic, thread_time

import numpy as np
from numpy.typing import NDArray

from routing.plan import Visit
from routing.solver.kernels.anneal import anneal, fill, is_better, keep, start
from routing.solver.kernels.given import put_order
from routing.solver.kernels.records import (
    NEVER_S,
    REQUIRED,
    TRAVEL,
    UNFAIR,
    VALUE,
    Best,
    Pool,
    Stretch,
)
from routing.solver.kernels.tuning import Tuning
from routing.solver.model import Model, state_of, work_of
from routing.solver.pool import no_pool
from routing.solver.tuning import FEW, tuning_of
from routing.solver.waves import Moment, moment_at

Given = Mapping[str, Sequence[Visit | str]]  # by shift id

_CHUNK_S = 0.02  # between two looks at the clock and at who wants to stop
_CHUNK_STEPS = 64  # of a search that counts steps: one temperature each
_FIRST_STEPS = 16
_FEW_STEPS = 12  # of a search with few visits: each chunk of them begins anew
_SETTLING_ROUNDS = 5
_COOL = 4.0  # first temperature of a cool search, of the last one
_PAIRS_AT_ONCE = 4096  # visits times routes that are filled together
_PAIRS_SETTLED = 200_000  # of which each is tried in the end, whatever the rides
_MARGIN_S = 60.0  # of more, those that the longest slack of the route and so much have room for
_NEAREST = 2048  # visits that a route begins with one of, where there are very many


class Budget:
    """How much of the time or of the steps is used up."""

    def __init__(self, seconds: float, iterations: int | None, counts_cpu: bool) -> None:
        """Start the clock."""
        self.seconds = seconds
        self.iterations = iterations
        self._now = thread_time if counts_cpu else monotonic
        self._began_s = self._now()
        self._chunk = _FIRST_STEPS
        self.most_steps = _CHUNK_STEPS
        self.steps = 0

    def used(self) -> float:
        """Return the share used, 1 at the end."""
        if self.iterations is not None:
            return min(1.0, self.steps / self.iterations)
        return min(1.0, (self._now() - self._began_s) / self.seconds)

    def spend(self, work: Callable[[int], None]) -> None:
        """Have one chunk of steps made."""
        if self.iterations is not None:
            steps = min(self.most_steps, self.iterations - self.steps)
            work(steps)
        else:
            began_s = self._now()
            steps = self._chunk
            work(steps)
            took_s = max(1e-6, self._now() - began_s)
            fitting = min(2.0, min(_CHUNK_S, self.seconds / 20) / took_s)
            self._chunk = max(1, int(steps * fitting))
        self.steps += steps


class Search:
    """One search of one part.

    Attributes
    ----------
    model : Model
    steps : int
        Made so far.
    """

    def __init__(
        self, model: Model, seed: int, pool: Pool | None = None, tuning: Tuning | None = None
    ) -> None:
        """Begin with routes without visits; routes met go into the pool."""
        self.model = model
        self.pool = no_pool(model) if pool is None else pool
        self.tuning = tuning or tuning_of(model.world)
        self._state, self._work = state_of(model, seed), work_of(model)
        shape = self._state.stops.shape
        self._best = Best(
            orders=np.zeros(shape, dtype=np.int32),
            counts=np.zeros(len(self._state.totals), dtype=np.int32),
            sums=np.zeros(len(self._state.sums)),
        )
        # While travel is cheaper than it is, nothing counts as found.
        self._nothing = self._best._replace(sums=np.full(len(self._state.sums), np.inf))
        self._no_pool = no_pool(model)
        self._told_sums: list[float] = []
        self._told_prize = 0
        self._step = 1
        days = [shift.day for shift in model.part.shifts]
        self._by_day = sorted(range(len(days)), key=days.__getitem__)
        start(model.world, self._state)
        self._keep()

    def take(self, given: Given) -> None:
        """Begin with these visits, as far as they fit."""
        shifts = self.model.part.shifts
        for r in self._by_day:
            visits = self.model.visits_of(given.get(shifts[r].id, ()))
            put_order(self.model.world, self._state, r, visits)
        self._keep()

    def cool(self) -> None:
        """Search from now on as if almost cold."""
        self.tuning = self.tuning._replace(hot=min(self.tuning.hot, _COOL * self.tuning.cold))

    def fill(self) -> None:
        """Add visits to the routes as they are as long as one fits and pays.

        Of very many visits a route takes from those nearest to its start.
        """
        self._fill(_NEAREST)

    def _fill(self, nearest: int) -> None:
        m = len(self._best.counts)
        at_once = max(1, _PAIRS_AT_ONCE // max(1, len(self.model.choices)))
        order = np.argsort(self._state.random[0] % np.arange(1, m + 1).astype(np.uint64))
        everybody = np.arange(len(self.model.choices), dtype=np.int32)
        for first in range(0, m, at_once):
            routes = order[first : first + at_once].astype(np.int32)
            whom = everybody
            if at_once == 1 and nearest < len(everybody):
                whom = self._nearest_to(routes[0], nearest)
            fill(self.model.world, self._state, self._work, routes, whom, self._step, self.tuning)
            self._step += 1
        if is_better(self.model.world, self._state.sums, self._best.sums):
            self._keep()

    def _nearest_to(self, route: int, count: int) -> NDArray[np.int32]:
        """Return free visits that a route may make, those nearest to its start."""
        world = self.model.world
        own = world.routes[route]
        free = np.flatnonzero((self._state.where < 0) & (world.may[route] > 0))
        if len(free) > count:
            ride_s = world.rides_s[own["layer"], own["start"], world.visits["point"][free]]
            free = free[np.sort(np.argpartition(ride_s, count - 1)[:count])]
        return free.astype(np.int32)

    def _begin_anew(self) -> None:
        """Forget all but the best: with few visits another beginning finds what is missing."""
        self._state = state_of(self.model, int(self._state.random[0]))
        start(self.model.world, self._state)
        self.fill()

    def settle(self) -> None:
        """Leave nothing out that fits into the best routes and pays; the search is over."""
        seed = int(self._state.random[0])
        self._state = state_of(self.model, seed)
        start(self.model.world, self._state)
        for r in self._by_day:
            visits = self._best.orders[r, : self._best.counts[r]].copy()
            put_order(self.model.world, self._state, r, visits)
        n, m = len(self.model.choices), len(self._best.counts)
        margin_s = _MARGIN_S if n * m > _PAIRS_SETTLED else float(NEVER_S)
        self.tuning = self.tuning._replace(bold=0.0, shuns=0.0, margin_s=margin_s)
        for _ in range(_SETTLING_ROUNDS):
            before = self._best.sums.copy()
            self._fill(n)
            if np.array_equal(before, self._best.sums):
                return

    def run(
        self,
        budget: Budget,
        on_chunk: Callable[[float], bool],
        span: tuple[float, float] = (0.0, 1.0),
        until: float = 1.0,
        waves: int = 0,
    ) -> bool:
        """Search from hot to cold while the used share of the budget goes through `span`.

        Ends earlier at the share `until`, or when `on_chunk`, told the share used, says stop;
        tells whether it did not say so.
        """
        begin, end = span
        if len(self.model.choices) <= FEW:
            budget.most_steps = _FEW_STEPS
        used = budget.used()
        while used < min(end, until):
            if len(self.model.choices) <= FEW:
                self._begin_anew()
            now = moment_at((used - begin) / (end - begin), self.tuning, waves)
            budget.spend(partial(self._anneal, now))
            used = budget.used()
            if on_chunk(used):
                return False
        return True

    def _anneal(self, now: Moment, steps: int) -> None:
        world, best, pool = self.model.world, self._best, self.pool
        if now.thrift < 1.0:
            price, guide = world.price * now.thrift, world.guide * now.thrift
            world, best = world._replace(price=price, guide=guide), self._nothing
            pool = self._no_pool
        stretch = Stretch(self._step, steps, world.mean_value * now.heat)
        anneal(world, self._state, self._work, best, pool, stretch, self.tuning)
        self._step += steps

    def _keep(self) -> None:
        keep(self.model.world, self._state, self._work, self._best)

    @property
    def rank(self) -> tuple[float, float, float]:
        """Return what the best routes so far are worth, to be compared with another search."""
        sums = self._best.sums
        value = sums[VALUE] - self.model.world.price * sums[TRAVEL] - sums[UNFAIR]
        return float(sums[REQUIRED]), float(value), -float(sums[TRAVEL])

    @property
    def prize(self) -> int:
        """Return the prizes of the best routes so far, points."""
        if self._told_sums != self._best.sums.tolist():
            self._told_sums = self._best.sums.tolist()
            visited = [
                u
                for r, k in enumerate(self._best.counts)
                for u in self._best.orders[r, :k].tolist()
            ]
            self._told_prize = self.model.prize_of(visited)
        return self._told_prize

    def best(self) -> dict[str, list[Visit]]:
        """Return the best routes so far, by shift id."""
        return {
            shift.id: self.model.order_of(self._best.orders[r, : self._best.counts[r]].tolist())
            for r, shift in enumerate(self.model.part.shifts)
        }
