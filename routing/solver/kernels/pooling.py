"""Keeps the routes of the solutions that a search goes through."""

import numpy as np

from routing.solver.kernels.compiled import compiled
from routing.solver.kernels.records import TOUCHED, Pool, State


@compiled
def pool_routes(state: State, pool: Pool, worth: float) -> None:
    """Keep the routes touched in this step, which made a solution worth so much."""
    for i in range(state.sizes[TOUCHED]):
        r = state.touched[i]
        count, stops = state.totals[r].count, state.stops[r]
        if count == 0:
            continue
        key = pool.kind_tokens[r]
        for k in range(1, count + 1):
            key ^= pool.tokens[stops[k].visit]
        place = key & np.uint64(len(pool.keys) - 1)
        is_known = pool.keys[place] == key
        if is_known:
            pool.worth[place] = max(pool.worth[place], worth)
            if state.totals[r].travel_s >= pool.travel_s[place]:
                continue
        elif pool.counts[place] > 0 and pool.worth[place] > worth:
            continue
        else:
            pool.worth[place] = worth
        pool.keys[place] = key
        pool.counts[place], pool.routes[place] = count, r
        pool.travel_s[place] = state.totals[r].travel_s
        for k in range(1, count + 1):
            pool.orders[place, k - 1] = stops[k].visit
