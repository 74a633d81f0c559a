"""Orders that change less for people than what a search finds, at no cost on the road."""

from routing.plan import Visit
from routing.replan.orders import Kept, Tables, fitting, ids_of, is_in_turn, numbered
from routing.replan.rest import Rest
from routing.timetable import NO_WAY_S, Timetable


def in_old_order(tables: Tables, rest: Rest, orders: Kept) -> Kept:
    """Return orders in which neighbours stand as before where that is no longer on the road."""
    found: Kept = {}
    for table in tables.of(orders):
        place = {id: i for i, id in enumerate(ids_of(rest.orders.get(table.shift.id, ())))}
        order = list(orders.get(table.shift.id, ()))
        swapped = True
        while swapped:
            swapped = False
            for i in range(len(order) - 1):
                one, other = (place.get(visit.candidate_id, -1) for visit in order[i : i + 2])
                twin = [*order[:i], order[i + 1], order[i], *order[i + 2 :]]
                if one > other >= 0 and _is_no_longer(table, twin, order):
                    order, swapped = twin, True
        found[table.shift.id] = order
    return found


def _is_no_longer(table: Timetable, order: list[Visit], other: list[Visit]) -> bool:
    """Tell whether an order fits and spends no more time on the road than another that fits."""
    if len(table.rides.slots) == 1:
        new_s, old_s = (table.travel_s(*numbered(table, one)) for one in (order, other))
        return new_s <= old_s and fitting(table, order) == order
    return False


def placed_anew(tables: Tables, rest: Rest, orders: Kept) -> Kept:
    """Return orders with each moved appointment where the others wait least for it."""
    found = dict(orders)
    for table in tables.of(orders):
        for visit in [
            one for one in found.get(table.shift.id, ()) if one.candidate_id in rest.moved
        ]:
            order = found[table.shift.id]
            others = [one for one in order if one != visit]
            twins = [[*others[:i], visit, *others[i:]] for i in range(len(order))]
            found[table.shift.id] = min(twins, key=lambda one: _starts_s(table, one))
    return found


def _starts_s(table: Timetable, order: list[Visit]) -> int:
    """Return when the visits start, added up; beyond any day when they don't fit."""
    clock = table.clock(*numbered(table, order)) if is_in_turn(table, order) else None
    return NO_WAY_S * len(order) if clock is None else sum(clock.starts_s)
