"""Room for the routes of the solutions that a search goes through."""

import numpy as np

from routing.solver.kernels.records import Pool, World
from routing.solver.model import Model, longest_route
from routing.solver.waves import is_dear

_PLACES = 1 << 13
_TOKENS_SEED = 0


def is_recombinable(world: World) -> bool:
    """Tell whether what a route is worth, and whether it is legal, hangs on no other route."""
    return (
        len(world.routes) > 1
        and not world.has_order
        and not world.is_fair
        and int(world.families["most"].max()) == 1
    )


def has_room(pool: Pool) -> bool:
    """Tell whether routes are kept."""
    return len(pool.keys) > 0


def pool_of(model: Model) -> Pool:
    """Return a pool without routes; without room for any where it would be of no use.

    Where travel is dear it is of none so far: on a published instance of 1,000 clients (R2_10_1)
    the time is better spent on the waves of the search.
    """
    is_useful = is_recombinable(model.world) and not is_dear(model.world)
    return _pool(model, _PLACES if is_useful else 0)


def no_pool(model: Model) -> Pool:
    """Return a pool without room."""
    return _pool(model, 0)


def _pool(model: Model, places: int) -> Pool:
    n, m = len(model.choices), len(model.world.routes)
    kinds = np.array(_kinds(model))
    tokens = np.random.default_rng(_TOKENS_SEED).integers(0, 2**64, n + m, dtype=np.uint64)
    return Pool(
        tokens=tokens[:n].copy(),
        kind_tokens=tokens[n:][kinds],
        keys=np.zeros(places, dtype=np.uint64),
        orders=np.zeros((places, longest_route(model)), dtype=np.int32),
        counts=np.zeros(places, dtype=np.int32),
        routes=np.zeros(places, dtype=np.int32),
        travel_s=np.zeros(places, dtype=np.int64),
        worth=np.zeros(places),
    )


def _kinds(model: Model) -> list[int]:
    """Return the kind of each route: those of one kind could make each other's visits."""
    world = model.world
    has_homes = bool((world.visits["home"] >= 0).any())
    numbers: dict[object, int] = {}
    return [
        numbers.setdefault(
            (
                r if has_homes else None,
                int(world.routes[r]["kind"]),
                int(world.routes[r]["limits_cash"]),
                shift.breaks,
                world.may[r].tobytes(),
            ),
            len(numbers),
        )
        for r, shift in enumerate(model.part.shifts)
    ]
