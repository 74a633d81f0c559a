"""Simulated annealing over ruin and recreate."""

from math import log

from routing.solver.kernels.changes import clock, forget, take_back, touch
from routing.solver.kernels.compiled import compiled
from routing.solver.kernels.dice import roll
from routing.solver.kernels.fairness import weigh
from routing.solver.kernels.opening import open_route
from routing.solver.kernels.order import take_unready
from routing.solver.kernels.pooling import pool_routes
from routing.solver.kernels.prune import prune
from routing.solver.kernels.queue import is_too_long
from routing.solver.kernels.records import (
    REQUIRED,
    TRAVEL,
    UNFAIR,
    VALUE,
    Array,
    Best,
    Pool,
    State,
    Stretch,
    Work,
    World,
)
from routing.solver.kernels.recreate import put_chosen, recreate
from routing.solver.kernels.ruin import ruin
from routing.solver.kernels.tuning import Tuning


@compiled
def energy(world: World, state: State) -> float:
    """Return what the search maximises while it wanders."""
    sums = state.sums
    return float(
        sums[VALUE] - world.guide * sums[TRAVEL] + world.bonus * sums[REQUIRED] - sums[UNFAIR]
    )


@compiled
def is_better(world: World, sums: Array, best: Array) -> bool:
    """Tell whether a solution is better: more required, more value, less travel."""
    if sums[REQUIRED] != best[REQUIRED]:
        return bool(sums[REQUIRED] > best[REQUIRED])
    value = sums[VALUE] - world.price * sums[TRAVEL] - sums[UNFAIR]
    best_value = best[VALUE] - world.price * best[TRAVEL] - best[UNFAIR]
    if value != best_value:
        return bool(value > best_value)
    return bool(sums[TRAVEL] < best[TRAVEL])


@compiled
def keep(world: World, state: State, work: Work, best: Best) -> None:
    """Write the solution down."""
    if world.is_fair:
        weigh(world, state, work)
    for r in range(len(best.counts)):
        best.counts[r] = state.totals[r].count
        for k in range(1, state.totals[r].count + 1):
            best.orders[r, k - 1] = state.stops[r, k].visit
    for i in range(len(best.sums)):
        best.sums[i] = state.sums[i]


@compiled
def _settle(world: World, state: State, work: Work, step: int) -> None:
    """Take out what does not pay or may not stay, and weigh what is left."""
    if world.price > 0.0 or world.has_deposits:
        prune(world, state, work, step)
        if world.has_order:
            take_unready(world, state, work, step)
    if world.is_fair:
        weigh(world, state, work)


@compiled
def anneal(
    world: World,
    state: State,
    work: Work,
    best: Best,
    pool: Pool,
    stretch: Stretch,
    tuning: Tuning,
) -> None:
    """Make the steps of a stretch."""
    now = energy(world, state)
    for step in range(stretch.first, stretch.first + stretch.steps):
        unfair = state.sums[UNFAIR]
        ruin(world, state, work, step, tuning)
        if world.price > 0.0 and roll(state.random) < tuning.opens:
            open_route(world, state)
        recreate(world, state, work, step, tuning)
        _settle(world, state, work, step)
        then = energy(world, state)
        if len(pool.keys) > 0:
            pool_routes(state, pool, then)
        if then > now + stretch.heat * log(roll(state.random) + 1e-300):
            now = then
            forget(state)
            if is_better(world, state.sums, best.sums):
                keep(world, state, work, best)
        else:
            take_back(world, state)
            state.sums[UNFAIR] = unfair


@compiled
def start(world: World, state: State) -> None:
    """Set the clocks of routes without visits."""
    for r in range(len(state.totals)):
        clock(world, state, r)


@compiled
def fill(
    world: World,
    state: State,
    work: Work,
    routes: Array,
    whom: Array,
    mark: int,
    tuning: Tuning,
) -> None:
    """Fill these routes with those of some visits that are free."""
    for i in range(len(routes)):
        touch(state, routes[i])
    considered = 0
    for i in range(len(whom)):
        u = whom[i]
        if state.where[u] >= 0:
            continue
        for j in range(len(routes)):
            r = routes[j]
            if world.may[r, u] and not is_too_long(world, state, work, u, r, mark, tuning.margin_s):
                work.chosen[considered] = u
                considered += 1
                break
    put_chosen(world, state, work, mark, tuning, considered)
    _settle(world, state, work, mark)
    forget(state)
