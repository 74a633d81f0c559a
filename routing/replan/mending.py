"""Orders put right: what the kernels do not know of is checked, and looked for, on timetables."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property

import numpy as np

from routing.explain.state import State
from routing.objective import value_of
from routing.plan import Plan, Route, Visit
from routing.problem import Candidate, Problem
from routing.replan.differences import reordered
from routing.replan.orders import Kept, Tables, fitting, ids_of, numbered
from routing.replan.rest import Rest
from routing.timetable import Timetable, timetables

# A stop out of its order has to be worth so many hundredths of the mean prize.
REORDERED_PERCENT = 1

# To start an hour later than people were told costs as much, for each stop.
LATER_PERCENT_PER_HOUR = 1


class Mended:
    """Orders that keep every rule, whatever the kernels know of it, and what they are worth.

    Attributes
    ----------
    orders : dict of shift id to visits
    routes : dict of shift id to Route
        The same as routes, without prices.
    rank : tuple
        The objective, less the price of putting stops out of their order; larger is better.
    """

    def __init__(self, part: Problem, rest: Rest, tables: Tables, orders: Kept) -> None:
        """Leave out what does not fit, put in what does where that has to be looked for."""
        self._part, self._matrices, self._rest = part, rest.matrices, rest
        self._required = {one.id for one in part.candidates if one.required}
        self._visited = tables
        self._tables: Sequence[Timetable] = tables.of(orders)
        self.orders = {
            table.shift.id: fitting(table, orders.get(table.shift.id, ())) for table in self._tables
        }
        was_whole = all(self.orders[id] == list(order) for id, order in orders.items())
        if not was_whole or self._needs_looking():
            self._fill()

    @cached_property
    def routes(self) -> dict[str, Route]:
        """Return the routes that make the visits."""
        return {
            table.shift.id: table.route(*numbered(table, self.orders[table.shift.id]))
            for table in self._visited.of(self.orders)
        }

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
            if fitting(table, without) == without:
                yield without  # one less may be enough
        gone: set[str] = set()
        for one in sorted(optional, key=lambda one: prizes[one.candidate_id]):
            gone.add(one.candidate_id)
            yield fitting(table, [other for other in order if other.candidate_id not in gone])

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

    @cached_property
    def rank(self) -> tuple[int, Fraction]:
        """Return what the orders are worth."""
        routes = tuple(self.routes.values())
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
