"""The best choice among the routes of many solutions.

A search ends with the routes of one solution, though the best of its ten may have been those of
another one, thrown away with it. Which of the routes met on the way make the best day together, no
client twice and no shift twice, is a set packing, which CP-SAT solves (Rochat and Taillard 1995;
Subramanian, Uchoa and Ochi 2013).

Before that the routes are priced: Lagrangian prices of clients bound what any choice with a certain
route can be worth. Routes that can't be part of anything better than the best known are left out,
often all of them: then there is nothing to solve. On TOPTW instances that left 10 to 350 of 8,000
routes, and CP-SAT needed hundredths of a second.
"""

from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model_helper as cp_sat
from scipy.sparse import csr_matrix

from routing.solver.kernels.records import Pool, World
from routing.solver.parameters import ShouldStop

_MOST_PRICED = 4000  # of those met in the best solutions
_MOST_COLUMNS = 1000  # given to CP-SAT
_PRICING_ROUNDS = 120
_PATIENCE = 5  # rounds without a lower bound, until steps are halved
_DETERMINISTIC_S = 2.0
_ASK_EVERY_S = 0.02
_LARGEST_OBJECTIVE = 2**50  # keeps the sums of CP-SAT far from overflow


class _Columns(NamedTuple):
    """The routes of a pool as a set packing.

    Attributes
    ----------
    places : int[c]
        In the pool.
    kinds : int[c]
    values : float64[c]
    holds : sparse[families, c]
    room : int[kinds]
        Shifts of each kind.
    """

    places: NDArray[np.intp]
    kinds: NDArray[np.intp]
    values: NDArray[np.float64]
    holds: csr_matrix
    room: NDArray[np.intp]


def recombine(
    world: World,
    pool: Pool,
    least: float,
    seconds: float | None,
    should_stop: ShouldStop | None = None,
) -> dict[int, list[int]] | None:
    """Return visits by route that are together worth more than `least`, None if none were found.

    Parameters
    ----------
    least : float
        Value of the best routes so far, less the price of their travel, a bonus for each required.
    seconds : float or None
        Wall limit; None leaves it to the deterministic limit of CP-SAT, the same on every machine.
    should_stop : callable, optional
        Asked between two rounds of pricing, which then end it with nothing, and every few
        hundredths of a second while CP-SAT works, which then ends with what it has.
    """
    columns = _columns(world, pool)
    if len(columns.values) == 0:
        return None
    kept = _promising(columns, least, should_stop)
    if len(kept) == 0:
        return None
    chosen = _packed(columns, kept, least, seconds, should_stop)
    if chosen is None:
        return None
    return _dealt(pool, columns, chosen)


def _columns(world: World, pool: Pool) -> _Columns:
    places = np.flatnonzero(pool.counts)
    places = places[np.argsort(-pool.worth[places], kind="stable")][:_MOST_PRICED]
    counts = pool.counts[places]
    owner = np.repeat(np.arange(len(places)), counts)
    is_visit = np.arange(pool.orders.shape[1]) < counts[:, None]
    visits = pool.orders[places][is_visit]
    told = world.visits[visits]
    on = pool.routes[places][owner]
    value = told["first_value"] + world.bonus * (told["required_until"] >= world.routes["day"][on])
    value -= told["moved_price"] * ((told["home"] >= 0) & (told["home"] != on))
    values = np.bincount(owner, value, len(places)) - world.price * pool.travel_s[places]
    holds = csr_matrix(
        (np.ones(len(visits)), (told["family"], owner)), (len(world.families), len(places))
    )
    _, kind_of_route, room = np.unique(pool.kind_tokens, return_inverse=True, return_counts=True)
    return _Columns(places, kind_of_route[pool.routes[places]], values, holds, room)


def _promising(columns: _Columns, least: float, should_stop: ShouldStop | None) -> NDArray[np.intp]:
    """Return the columns that may be part of a packing worth more than `least`, the best first."""
    nothing = np.zeros(0, dtype=np.intp)
    held = columns.holds.T.tocsr()
    prices = np.zeros(columns.holds.shape[0])
    lowest, bounds = np.inf, np.full(len(columns.values), np.inf)
    stretch, stale = 1.0, 0
    for _ in range(_PRICING_ROUNDS):
        if should_stop is not None and should_stop():
            return nothing
        bound, taken, loss = _priced(columns, columns.values - held @ prices)
        bound += float(prices.sum())
        bounds = np.minimum(bounds, bound - loss)
        stale = 0 if bound < lowest else stale + 1
        lowest = min(lowest, bound)
        if stale == _PATIENCE:
            stretch, stale = stretch / 2, 0
        over = columns.holds @ taken - 1.0
        over[(prices <= 0.0) & (over < 0.0)] = 0.0
        size = float(over @ over)
        if lowest <= least or size == 0.0:
            break
        prices = np.maximum(0.0, prices + stretch * (bound - least) / size * over)
    if lowest <= least:
        return nothing
    promising = np.flatnonzero(bounds > least)
    return promising[np.argsort(-bounds[promising], kind="stable")][:_MOST_COLUMNS]


def _priced(
    columns: _Columns, reduced: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Return what the shifts bring at most if each column brings its `reduced` value.

    With it go what they take for that (1 or 0 by column), and by how much less they would bring
    if a column had to be taken.
    """
    taken, loss = np.zeros(len(reduced)), np.zeros(len(reduced))
    bound = 0.0
    for kind, room in enumerate(columns.room):
        own = np.flatnonzero(columns.kinds == kind)
        if len(own) == 0:
            continue
        if len(own) > room:
            best = own[np.argpartition(-reduced[own], room - 1)[:room]]
            floor = max(0.0, float(reduced[best].min()))
        else:
            best, floor = own, 0.0
        best = best[reduced[best] > 0.0]
        taken[best] = 1.0
        bound += float(reduced[best].sum())
        loss[own] = np.maximum(0.0, floor - reduced[own])
    return bound, taken, loss


def _packed(
    columns: _Columns,
    kept: NDArray[np.intp],
    least: float,
    seconds: float | None,
    should_stop: ShouldStop | None,
) -> NDArray[np.intp] | None:
    """Return the columns of the best packing that CP-SAT finds above `least`."""
    # `cp_model` would bring pandas along, which takes longer to load than most packings to solve.
    model = cp_sat.CpModelProto()
    for _ in kept:
        model.variables.add().domain.extend([0, 1])
    holds = columns.holds[:, kept].tocsr()
    for first, last in zip(holds.indptr[:-1], holds.indptr[1:], strict=True):
        if last - first > 1:
            literals = holds.indices[first:last].tolist()
            model.constraints.add().at_most_one.literals.extend(literals)
    for kind, room in enumerate(columns.room.tolist()):
        own = np.flatnonzero(columns.kinds[kept] == kind).tolist()
        if len(own) > room:
            _add_bounds(model, own, [1] * len(own), 0, room)
    values = columns.values[kept]
    unit = max(1.0, float(np.abs(values).sum()) / _LARGEST_OBJECTIVE)
    worth = np.rint(values / unit).astype(np.int64)
    everybody = list(range(len(kept)))
    _add_bounds(model, everybody, worth.tolist(), int(least / unit) + 1, int(np.abs(worth).sum()))
    model.objective.vars.extend(everybody)
    model.objective.coeffs.extend((-worth).tolist())
    solver: Any = cp_sat.SolveWrapper()
    parameters = cp_sat.SatParameters()
    parameters.num_workers = 1
    parameters.max_deterministic_time = _DETERMINISTIC_S
    if seconds is not None:
        parameters.max_time_in_seconds = seconds
    solver.set_parameters(parameters)
    answer = _answer(solver, model, should_stop)
    if answer.status not in (cp_sat.OPTIMAL, cp_sat.FEASIBLE):
        return None
    return kept[np.flatnonzero(np.array(answer.solution))]


def _answer(solver: Any, model: Any, should_stop: ShouldStop | None) -> Any:
    """Have CP-SAT work in a thread, so that it can be told to stop from here."""
    if should_stop is None:
        return solver.solve(model)
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(solver.solve, model)
        try:
            while not wait([answer], _ASK_EVERY_S).done:
                if should_stop():
                    solver.stop_search()
        except BaseException:
            solver.stop_search()
            raise
        return answer.result()


def _add_bounds(model: Any, over: list[int], coefficients: list[int], low: int, high: int) -> None:
    """Have a sum over variables lie between two bounds."""
    linear = model.constraints.add().linear
    linear.vars.extend(over)
    linear.coeffs.extend(coefficients)
    linear.domain.extend([low, max(low, high)])


def _dealt(pool: Pool, columns: _Columns, chosen: NDArray[np.intp]) -> dict[int, list[int]]:
    """Give each chosen route to a shift of its kind, to the one that made it if that is free."""
    orders: dict[int, list[int]] = {}
    own = pool.routes[columns.places[chosen]].tolist()
    for column, made_by in sorted(zip(chosen.tolist(), own, strict=True), key=lambda pair: pair[1]):
        place = columns.places[column]
        alike = np.flatnonzero(pool.kind_tokens == pool.kind_tokens[made_by]).tolist()
        r = next(one for one in (made_by, *alike) if one not in orders)
        orders[r] = pool.orders[place, : pool.counts[place]].tolist()
    return orders
