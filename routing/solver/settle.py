"""Leaves nothing undone that is plainly better: required visits, visits that pay or do not."""

from collections.abc import Sequence

import numpy as np

from routing.solver.fill import Floats, Orders, fill, unvisited
from routing.solver.worth import Worth
from routing.timetable import Insertions, Ints, Timetable

_LEAST_SCORE = 1e-9


def settle(tables: Sequence[Timetable], worth: Worth, orders: Orders) -> Orders:
    """Return orders in which every visit pays, and to which no visit that pays could be added.

    A required candidate is left out only if it would not fit even with the required visits
    alone, in their order.
    """

    def gain(pool: Ints, insertions: Insertions) -> Floats:
        gains = worth.brings[pool] - worth.search_price * insertions.detour_s
        return np.maximum(gains, _LEAST_SCORE)  # it pays, even if the search would not say so

    orders = [list(order) for order in orders]
    settled = False
    while not settled:
        placed = _place_required(tables, orders)
        dropped = _drop_unpaying(tables, worth, orders)
        added = fill(tables, worth, orders, range(len(orders)), gain)
        settled = placed == dropped == added == 0
    return orders


def _place_required(tables: Sequence[Timetable], orders: Orders) -> int:
    """Put required candidates into routes at the cost of optional visits; return how many."""
    left = [
        candidate
        for candidate in unvisited(tables, orders).tolist()
        if tables[0].visits.candidates[candidate].required
    ]
    return sum(_make_room(tables, orders, candidate) for candidate in left)


def _make_room(tables: Sequence[Timetable], orders: Orders, candidate: int) -> bool:
    """Put a required candidate where it costs least, sending optional visits away, if it fits."""
    best: tuple[int, int, list[int]] | None = None
    for v, table in enumerate(tables):
        kept = [one for one in orders[v] if table.visits.candidates[one].required]
        if table.clock(kept) is None:
            continue  # possible only with rides that break the triangle inequality
        insertions = table.insertions(kept, np.array([candidate]))
        for position in np.flatnonzero(insertions.fits[:, 0]).tolist():
            detour_s = int(insertions.detour_s[position, 0])
            if best is None or detour_s < best[0]:
                best = (detour_s, v, [*kept[:position], candidate, *kept[position:]])
    if best is None:
        return False
    orders[best[1]] = best[2]
    return True


def _drop_unpaying(tables: Sequence[Timetable], worth: Worth, orders: Orders) -> int:
    """Drop visits that bring no more than their detours cost; return how many."""
    dropped = 0
    for v, table in enumerate(tables):
        while (order := _without_unpaying(table, worth, orders[v])) is not None:
            orders[v] = order
            dropped += 1
    return dropped


def _without_unpaying(table: Timetable, worth: Worth, order: list[int]) -> list[int] | None:
    for i, detour_s in enumerate(table.detours_s(order)):
        rest = order[:i] + order[i + 1 :]
        if worth.of[order[i]] <= worth.price * detour_s and table.clock(rest) is not None:
            return rest
    return None
