"""Whom each collector still visits: the present routes first, then a short search from them."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from routing.explain.state import State
from routing.measure import Matrices, split
from routing.objective import value_of
from routing.plan import Orders, Plan, Route, Visit
from routing.problem import Candidate, Problem
from routing.replan.differences import reordered
from routing.replan.rest import Rest
from routing.solver.parameters import ShouldStop, SolverParams
from routing.timetable import NO_WAY_S, Timetable, Visits, timetables

Kept = dict[str, list[Visit]]  # by shift id

# A stop out of its order has to be worth so many hundredths of the mean prize.
REORDERED_PERCENT = 1

# To start an hour later than people were told costs as much, for each stop.
LATER_PERCENT_PER_HOUR = 1


def search(rest: Rest, params: SolverParams, seed: int, should_stop: ShouldStop) -> Kept:
    """Return the orders of what is left, part by part."""
    found: Kept = {}
    parts = split(rest.problem)
    for part in parts:
        share = sum(len(one.candidates) for one in parts) / len(part.candidates)
        own = SolverParams(params.seconds / share, params.iterations, params.counts_cpu)
        found |= _search_part(part, rest, own, seed, should_stop)
    return found


def _search_part(
    part: Problem, rest: Rest, params: SolverParams, seed: int, should_stop: ShouldStop
) -> Kept:
    """Return the better of the present routes, mended and filled up, and what a search finds."""
    from routing.solver.model import Model  # noqa: PLC0415 - loads the compiled kernels
    from routing.solver.search import Budget, Search  # noqa: PLC0415

    budget = Budget(params.seconds, params.iterations, params.counts_cpu)
    model = Model(part, rest.matrices)

    def settled(orders: Orders) -> Kept:
        """Return orders as far as they fit, filled up."""
        settling = Search(model, seed)
        settling.take({shift.id: orders.get(shift.id, ()) for shift in part.shifts})
        settling.fill()
        return settling.best()

    seeking = Search(model, seed)
    seeking.take({shift.id: rest.orders.get(shift.id, ()) for shift in part.shifts})
    seeking.fill()
    tried = [seeking.best()]
    seeking.run(budget, lambda used: should_stop())
    tried.append(settled(in_old_order(part, rest, seeking.best())))
    if rest.moved:
        tried.append(settled(placed_anew(part, rest, tried[0])))
    different = [one for i, one in enumerate(tried) if one not in tried[:i]]
    mended = [Mended(part, rest, orders) for orders in different]
    return max(mended, key=lambda one: one.rank).orders


class Mended:
    """Orders that keep every rule, whatever the kernels know of it, and what they are worth.

    Attributes
    ----------
    orders : dict of shift id to visits
    rank : tuple
        The objective, less the price of putting stops out of their order; larger is better.
    """

    def __init__(self, part: Problem, rest: Rest, orders: Kept) -> None:
        """Leave out what does not fit, put in what does where that has to be looked for."""
        self._part, self._matrices, self._rest = part, rest.matrices, rest
        self._required = {one.id for one in part.candidates if one.required}
        self._tables = visited_tables(part, rest.matrices, orders)
        self.orders = {
            table.shift.id: _fitting(table, orders.get(table.shift.id, ()))
            for table in self._tables
        }
        was_whole = all(self.orders[id] == list(order) for id, order in orders.items())
        if not was_whole or self._needs_looking():
            self._fill()
        self.rank = self._rank()

    def _needs_looking(self) -> bool:
        """Tell whether places may be left that the kernels did not see, or must be made."""
        visited = {one.candidate_id for order in self.orders.values() for one in order}
        return (
            not self._required <= visited
            or any(shift.breaks for shift in self._part.shifts)
            or any(one.after for one in self._part.candidates)
            or any(self._matrices[shift.id].later for shift in self._part.shifts)
        )

    def _fill(self) -> None:
        """Add the visits that fit and pay, required ones by making room."""
        self._tables = timetables(self._part, self._matrices)
        self._make_room()
        while (added := self._best_addition()) is not None:
            shift_id, position, visit = added
            self.orders[shift_id].insert(position, visit)

    def _state(self) -> State:
        numbers = self._tables[0].visits.number
        orders = [self.orders[table.shift.id] for table in self._tables]
        return State(
            self._part,
            self._tables,
            [[numbers[one.candidate_id] for one in order] for order in orders],
            [
                frozenset(numbers[one.candidate_id] for one in order if one.waits)
                for order in orders
            ],
        )

    def _best_addition(self) -> tuple[str, int, Visit] | None:
        """Return the addition that gains most, required ones first; None when none pays."""
        state = self._state()
        best: tuple[tuple[bool, int], tuple[str, int, Visit]] | None = None
        for number, offer in state.offers().items():
            if offer is None or not offer.fits:
                continue
            candidate = self._part.candidates[number]
            cost = offer.detour_s * self._part.travel_cost_per_hour
            gain = offer.points * 3600 - cost
            if gain <= 0 and not candidate.required:
                continue
            key = (candidate.required, gain)
            if best is None or key > best[0]:
                shift_id = self._tables[offer.table].shift.id
                best = (key, (shift_id, offer.position, Visit(candidate.id, offer.waits)))
        return None if best is None else best[1]

    def _make_room(self) -> None:
        """Visit each required candidate that fits when optional visits give way."""
        visited = {one.candidate_id for order in self.orders.values() for one in order}
        for candidate in self._part.candidates:
            if candidate.required and candidate.id not in visited:
                swap = next(self._with_room_for(candidate), None)
                if swap is not None:
                    self.orders[swap[0]] = swap[1]

    def _with_room_for(self, candidate: Candidate) -> Iterator[tuple[str, list[Visit]]]:
        """Yield routes that visit the candidate, those that lose least in prizes first."""
        found = []
        for v, table in enumerate(self._tables):
            if not table.allowed[table.visits.number[candidate.id]]:
                continue
            for order in self._thinned(table):
                longer = self._with_one_more(v, order, candidate)
                if longer is not None:
                    lost = self._prize(self.orders[table.shift.id]) - self._prize(order)
                    found.append((lost, table.shift.id, longer))
                    break
        for _, shift_id, order in sorted(found, key=lambda one: one[:2]):
            yield shift_id, order

    def _thinned(self, table: Timetable) -> Iterator[list[Visit]]:
        """Yield a route without more and more of its optional visits, the cheapest first."""
        order = self.orders[table.shift.id]
        yield order
        prizes = {one.id: one.prize for one in self._part.candidates}
        optional = [one for one in order if one.candidate_id not in self._required]
        for one in sorted(optional, key=lambda one: prizes[one.candidate_id]):
            without = [other for other in order if other != one]
            if _fitting(table, without) == without:
                yield without  # one less may be enough
        gone: set[str] = set()
        for one in sorted(optional, key=lambda one: prizes[one.candidate_id]):
            gone.add(one.candidate_id)
            yield _fitting(table, [other for other in order if other.candidate_id not in gone])

    def _with_one_more(
        self, v: int, order: list[Visit], candidate: Candidate
    ) -> list[Visit] | None:
        table = self._tables[v]
        before = self.orders[table.shift.id]
        self.orders[table.shift.id] = order
        number = table.visits.number[candidate.id]
        offer = None
        if table.has_room([0] * len(order)):
            state = self._state()
            places = state.in_turn(v, np.array([number]), len(order) + 1)
            found = table.insertions(state.orders[v], np.array([number]), state.waits[v])
            fits = (found.fits & found.has_way & places)[:, 0]
            if fits.any():
                detours = [(int(found.detour_s[i, 0]), i) for i in range(len(order) + 1) if fits[i]]
                offer = min(detours)[1]
        self.orders[table.shift.id] = before
        if offer is None:
            return None
        return [*order[:offer], Visit(candidate.id), *order[offer:]]

    def _prize(self, order: Sequence[Visit]) -> int:
        prizes = {one.id: one.prize for one in self._part.candidates}
        return sum(prizes[one.candidate_id] for one in order)

    def _rank(self) -> tuple[int, Fraction]:
        """Return what the orders are worth."""
        tables = visited_tables(self._part, self._matrices, self.orders)
        routes = tuple(
            table.route(*numbered(table, self.orders[table.shift.id])) for table in tables
        )
        value = value_of(self._part, Plan(routes, (), 0, "", False, 0, ""))
        prizes, n = sum(one.prize for one in self._part.candidates), len(self._part.candidates)
        percents = Fraction(REORDERED_PERCENT * self._out_of_order())
        if self._rest.moved:  # otherwise what is late is late in any order
            percents += Fraction(LATER_PERCENT_PER_HOUR * self._later_s(routes), 3600)
        return (value.required, value.total - percents * prizes / (100 * n))

    def _out_of_order(self) -> int:
        return sum(
            reordered(ids_of(self._rest.orders.get(shift_id, ())), ids_of(order))
            for shift_id, order in self.orders.items()
        )

    def _later_s(self, routes: Sequence[Route]) -> int:
        """Return how much later than before stops start, in total, on the routes they were on."""
        later_s = 0
        for route in routes:
            old = self._rest.standings[route.shift_id].route
            before_s = {stop.candidate_id: stop.starts_s for stop in old.stops}
            later_s += sum(
                max(0, stop.starts_s - before_s.get(stop.candidate_id, stop.starts_s))
                for stop in route.stops
            )
        return later_s


def visited_tables(part: Problem, matrices: Matrices, orders: Orders) -> list[Timetable]:
    """Return timetables that know only those who are visited: a fraction of the work."""
    visited = {_id(one) for order in orders.values() for one in order}
    visits = Visits([one for one in part.candidates if one.id in visited])
    return [Timetable(shift, visits, matrices[shift.id]) for shift in part.shifts]


def numbered(table: Timetable, order: Sequence[Visit]) -> tuple[list[int], set[int]]:
    """Return an order in the numbers of a timetable, and who of it waits."""
    numbers = [table.visits.number[one.candidate_id] for one in order]
    return numbers, {n for n, one in zip(numbers, order, strict=True) if one.waits}


def ids_of(order: Sequence[Visit | str]) -> list[str]:
    """Return the candidates of an order."""
    return [_id(one) for one in order]


def _id(one: Visit | str) -> str:
    return one if isinstance(one, str) else one.candidate_id


def in_old_order(part: Problem, rest: Rest, orders: Kept) -> Kept:
    """Return orders in which neighbours stand as before where that is no longer on the road."""
    found: Kept = {}
    for table in visited_tables(part, rest.matrices, orders):
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
        return new_s <= old_s and _fitting(table, order) == order
    return False


def placed_anew(part: Problem, rest: Rest, orders: Kept) -> Kept:
    """Return orders with each moved appointment where the others wait least for it."""
    found = dict(orders)
    for table in visited_tables(part, rest.matrices, orders):
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
    clock = table.clock(*numbered(table, order)) if _is_in_turn(table, order) else None
    return NO_WAY_S * len(order) if clock is None else sum(clock.starts_s)


def _fitting(table: Timetable, order: Sequence[Visit]) -> list[Visit]:
    """Return an order without the visits that do not fit after those before them."""
    numbers, waits = numbered(table, order)
    whole = list(order)
    if _is_in_turn(table, whole) and _fits(table, numbers, waits):
        return whole
    kept: list[Visit] = []
    for one in order:
        longer = [*kept, one]
        if _is_in_turn(table, longer) and _fits(table, *numbered(table, longer)):
            kept = longer
    return kept


def _fits(table: Timetable, numbers: Sequence[int], waits: set[int]) -> bool:
    return (
        all(table.allowed[number] for number in numbers)
        and (not numbers or table.has_room(numbers[1:]))
        and table.fits(numbers, waits)
    )


def _is_in_turn(table: Timetable, order: Sequence[Visit]) -> bool:
    """Tell whether everybody comes after those they wait for, on this route."""
    seen: set[str] = set()
    for one in order:
        candidate = table.visits.candidates[table.visits.number[one.candidate_id]]
        if not candidate.after <= seen:
            return False
        seen.add(candidate.id)
    return True
