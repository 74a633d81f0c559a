"""Puts one part of a problem into the arrays that the kernels read."""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.measure import (
    Matrices,
    Measured,
    allowed_to,
    is_rested,
    may_visit,
    preferred_on,
    required_until,
    windows_on,
)
from routing.plan import Visit
from routing.problem import MEASURE_UNITS, Candidate, Measure, Problem, Shift, Window
from routing.solver.kernels.near import find_near
from routing.solver.kernels.records import (
    FAMILY,
    NEVER_S,
    NOWHERE,
    ROUTE,
    SPAN,
    STOP,
    TOTAL,
    VISIT,
    State,
    Work,
    World,
)
from routing.timetable import join_windows
from routing.travel.times import UNREACHABLE

UNITS_PER_POINT = 3600  # so that the price of a second is a whole number

# While searching, a second on the road costs at least what makes the mean prize worth this many
# short rides: without a price on travel a search sees no gain in making room.
_PRIZE_IN_SHORT_RIDES = 50
_NEIGHBOURS = 5
_NEAR = 200  # visits that each visit knows as near
_LONGEST_RIDE_S = 1 << 15  # of those told apart when looking for them
_TILE = 256  # rows and columns of a table that are turned at once
_GREEDS = (0.5, 1.0, 1.5, 2.0, 3.0)  # powers of the value when filling routes
_PAIRS_PER_VISIT, _LEAST_PAIRS = 8, 4096


class Choice(NamedTuple):
    """What one visit of the kernels stands for: a candidate, in or out of its preferred windows."""

    candidate: int
    waits: bool
    copy: int


class Model:
    """One part as the kernels see it.

    Attributes
    ----------
    choices : list[Choice]
        By visit of the kernels.
    world : World
    """

    def __init__(self, part: Problem, matrices: Matrices) -> None:
        """Give everything a number and fill the arrays."""
        self.part = part
        self.days = sorted({shift.day for shift in part.shifts})
        self.choices = [
            choice
            for i, candidate in enumerate(part.candidates)
            for choice in _choices(i, candidate, len(self.days))
        ]
        self._of = [part.candidates[choice.candidate] for choice in self.choices]
        self._numbers: dict[Visit, list[int]] = {}
        for u, visit in enumerate(self.order_of(range(len(self.choices)))):
            self._numbers.setdefault(visit, []).append(u)
        rides = Rides(part, matrices)
        visits = self._visits(rides)
        spans, windows = self._spans()
        routes = self._routes(rides)
        families, members = self._families(visits)
        may = self._may(visits, routes, spans, rides)
        near, short_s = _near(rides, visits["point"])
        needed = visits["required_until"] >= 0
        mean = max(1.0, float(visits["first_value"].mean()))
        price = float(part.travel_cost_per_hour)
        guide = max(price, mean / (_PRIZE_IN_SHORT_RIDES * short_s))
        day_s = max(shift.window.end_s for shift in part.shifts)
        bonus = float(visits["first_value"].sum() + guide * day_s * len(part.shifts) + 1)
        worth = (visits["first_value"] + bonus * needed) / mean
        self.world = World(
            visits=visits,
            spans=spans,
            windows=windows,
            routes=routes,
            families=families,
            members=members,
            rides_s=rides.seconds,
            back_s=rides.back,
            may=may,
            near=near,
            appeal=np.array([np.maximum(worth, 1e-9) ** g for g in _GREEDS], dtype=np.float32),
            slots_s=np.array(rides.slots_s, dtype=np.int32),
            breaks_s=self._breaks(routes),
            **self._needs(),
            fair_prices=self._fair_prices(),
            is_plain=len(rides.slots_s) == 1 and not any(shift.breaks for shift in part.shifts),
            has_order=any(one.after for one in part.candidates),
            has_deposits=any(one.is_deposit for one in part.candidates),
            is_fair=any(price > 0 for _, price in part.prices.unfairness),
            price=price,
            guide=guide,
            bonus=bonus,
            mean_value=mean,
        )

    def visits_of(self, order: Sequence[Visit | str]) -> NDArray[np.int32]:
        """Return the visits of the kernels that make an order; strangers are left out."""
        found: list[int] = []
        for one in order:
            visit = one if isinstance(one, Visit) else Visit(one)
            waiting = self._numbers.get(visit, []) or self._numbers.get(
                Visit(visit.candidate_id), []
            )
            found += [u for u in waiting if u not in found][:1]
        return np.array(found, dtype=np.int32)

    def order_of(self, visits: Sequence[int]) -> list[Visit]:
        """Return what visits of the kernels stand for."""
        return [Visit(self._of[u].id, self.choices[u].waits) for u in visits]

    def prize_of(self, visits: Sequence[int]) -> int:
        """Return the prizes of these visits, points."""
        seen: set[str] = set()
        prize = 0
        for u in visits:
            one = self._of[u]
            prize += one.repeat_prize if one.id in seen else one.prize
            seen.add(one.id)
        return prize

    def _visits(self, rides: "Rides") -> NDArray[np.void]:
        part, visits = self.part, np.zeros(len(self.choices), dtype=VISIT)
        number = {shift.id: r for r, shift in enumerate(part.shifts)}
        families: dict[str | int, int] = {}
        for u, (choice, one) in enumerate(zip(self.choices, self._of, strict=True)):
            row = visits[u]
            until = required_until(part, one)
            outside = one.outside_price if one.preferred and not choice.waits else 0
            dropped = part.prices.dropped if one.published_shift is not None else 0
            key = choice.candidate if one.group is None else one.group
            row["point"] = rides.place[one.point]
            row["service_s"] = one.stay_s
            row["family"] = families.setdefault(key, len(families))
            row["required_until"] = NOWHERE if until is None else until
            row["cash"], row["is_deposit"] = one.cash, one.is_deposit
            row["prize"], row["hardness"] = one.prize, one.hardness
            row["first_value"] = (one.prize - outside + dropped) * UNITS_PER_POINT
            row["later_value"] = (one.repeat_prize - outside) * UNITS_PER_POINT
            row["home"] = NOWHERE
            if one.published_shift is not None and part.prices.moved:
                row["home"] = number.get(one.published_shift, len(part.shifts))
                row["moved_price"] = part.prices.moved * UNITS_PER_POINT
        return visits

    def _spans(self) -> tuple[NDArray[np.void], NDArray[np.int32]]:
        last_day = max(self.days)
        spans = np.zeros((last_day + 1, len(self.choices)), dtype=SPAN)
        spans["opens_s"], spans["closes_s"] = NEVER_S, -1
        windows: list[Window] = [Window(0, 0)]
        known: dict[object, list[Window]] = {}  # of thousands most have the hours of others
        for day, (u, choice) in product(self.days, enumerate(self.choices)):
            key = self._of[u].windows, self._of[u].preferred, choice.waits, day
            if key not in known:
                known[key] = _legal(self._of[u], choice, day)
            legal = known[key]
            if legal:
                spans[day, u] = (
                    legal[0].start_s,
                    legal[-1].end_s,
                    len(windows),
                    len(windows) + len(legal) - 1,
                )
                windows += legal
        return spans, np.array([(w.start_s, w.end_s) for w in windows], dtype=np.int32)

    def _routes(self, rides: "Rides") -> NDArray[np.void]:
        routes = np.zeros(len(self.part.shifts), dtype=ROUTE)
        collectors: dict[str, int] = {}
        kinds: dict[object, int] = {}
        for r, shift in enumerate(self.part.shifts):
            row = routes[r]
            row["start"] = rides.place[shift.start]
            row["end"] = NOWHERE if shift.end is None else rides.place[shift.end]
            row["opens_s"], row["closes_s"] = shift.window.start_s, shift.window.end_s
            row["layer"] = rides.layer_of(shift)
            row["day"] = shift.day
            row["most_stops"] = NEVER_S if shift.max_stops is None else shift.max_stops
            row["collector"] = collectors.setdefault(shift.works_for, len(collectors))
            row["limits_cash"] = shift.cash_limit is not None
            row["cash_limit"] = shift.cash_limit or 0
            kind = tuple(row[name].item() for name in _KIND)
            row["kind"] = kinds.setdefault(kind, len(kinds))
        return routes

    def _breaks(self, routes: NDArray[np.void]) -> NDArray[np.int32]:
        rows = [(0, 0, 0)]
        for r, shift in enumerate(self.part.shifts):
            routes[r]["first_break"], routes[r]["breaks"] = len(rows), len(shift.breaks)
            rows += [(b.window.start_s, b.window.end_s, b.duration_s) for b in shift.breaks]
        return np.array(rows, dtype=np.int32)

    def _needs(self) -> dict[str, NDArray[np.int32]]:
        """Return who waits for whom, by number."""
        number = {one.id: i for i, one in enumerate(self.part.candidates)}
        needs = [sorted(number[other] for other in one.after) for one in self._of]
        made_by: list[list[int]] = [[] for _ in self.part.candidates]
        for u, choice in enumerate(self.choices):
            made_by[choice.candidate].append(u)
        waiting = [u for u, one in enumerate(self._of) if one.after]
        enabled: dict[str, list[int]] = {}
        for u in waiting:
            for other in self._of[u].after:
                enabled.setdefault(other, []).append(u)
        enables = [enabled.get(one.id, []) for one in self._of]
        return {
            "needs": _flat(needs),
            "needs_first": _bounds(needs),
            "made_by": _flat(made_by),
            "made_first": _bounds(made_by),
            "waiting": np.array(waiting, dtype=np.int32),
            "enables": _flat(enables),
            "enables_first": _bounds(enables),
        }

    def _fair_prices(self) -> NDArray[np.float64]:
        prices = dict(self.part.prices.unfairness)
        order = (Measure.HOURS, Measure.RECOVERY, Measure.HARD_CASES)
        steps = [prices.get(one, 0) * UNITS_PER_POINT / MEASURE_UNITS[one] for one in order]
        return np.array(steps, dtype=np.float64)

    def _families(self, visits: NDArray[np.void]) -> tuple[NDArray[np.void], NDArray[np.int32]]:
        families = np.zeros(int(visits["family"].max()) + 1, dtype=FAMILY)
        members = np.argsort(visits["family"], kind="stable").astype(np.int32)
        bounds = np.searchsorted(visits["family"][members], np.arange(len(families) + 1))
        families["first"], families["last"] = bounds[:-1], bounds[1:]
        for u, one in enumerate(self._of):
            row = families[visits[u]["family"]]
            row["most"] = 1 if one.group is not None else min(one.max_visits, len(self.days))
            row["rest_days"] = max(1, one.min_rest_days)
        return families, members

    def _may(
        self,
        visits: NDArray[np.void],
        routes: NDArray[np.void],
        spans: NDArray[np.void],
        rides: "Rides",
    ) -> NDArray[np.uint8]:
        may = np.zeros((len(routes), len(visits)), dtype=np.uint8)
        kinds: dict[object, int] = {}  # thousands of candidates, all alike for most shifts
        kind_of = np.array([kinds.setdefault(allowed_to(one), len(kinds)) for one in self._of])
        examples = [self._of[u] for u in np.unique(kind_of, return_index=True)[1]]
        for r, shift in enumerate(self.part.shifts):
            allowed = np.array(
                [may_visit(shift, one) and is_rested(one, shift.day) for one in examples]
            )
            seconds = rides.seconds[routes[r]["layer"]]
            has_way = seconds[routes[r]["start"], visits["point"]] < UNREACHABLE
            if shift.end is not None:
                has_way &= seconds[visits["point"], routes[r]["end"]] < UNREACHABLE
            may[r] = allowed[kind_of] & has_way & (spans[shift.day]["closes_s"] >= 0)
        return may


_KIND = ("start", "end", "opens_s", "closes_s", "layer", "day", "most_stops", "cash_limit")


class Rides:
    """The rides of a part in layers, one for each table of rides and stretch of the day.

    Attributes
    ----------
    place : dict of Point to int
        Row and column of each point.
    seconds : int32[layers, places, places]
    """

    def __init__(self, part: Problem, matrices: Matrices) -> None:
        """Lay out the tables: shifts that ride alike share one object."""
        by_identity = {id(matrices[shift.id]): matrices[shift.id] for shift in part.shifts}
        number = {one: i for i, one in enumerate(by_identity)}
        measured = list(by_identity.values())
        self._numbers = {shift.id: number[id(matrices[shift.id])] for shift in part.shifts}
        self.slots_s = sorted({0, *(from_s for one in measured for from_s, _ in one.later)})
        self.place = {point: i for i, point in enumerate(measured[0].points)}
        if len(measured) == len(self.slots_s) == 1:  # usual, and large ones must not be copied
            self.seconds = measured[0].matrix.seconds[None]
        else:
            self.seconds = self._joined(measured)
        self._turn()

    def _joined(self, measured: Sequence[Measured]) -> NDArray[np.int32]:
        for one in measured[1:]:
            for point in one.points:
                self.place.setdefault(point, len(self.place))
        size = len(self.place)
        shape = (len(measured) * len(self.slots_s), size, size)
        joined = np.full(shape, UNREACHABLE, dtype=np.int32)
        for i, one in enumerate(measured):
            rows = np.array([self.place[point] for point in one.points])
            for q, slot_s in enumerate(self.slots_s):
                holding = [matrix for from_s, matrix in one.later if from_s <= slot_s]
                matrix = holding[-1] if holding else one.matrix
                joined[i * len(self.slots_s) + q][np.ix_(rows, rows)] = matrix.seconds
        return joined

    def _turn(self) -> None:
        turned = self.seconds.transpose(0, 2, 1)
        # By tiles: a large table turned at once, or compared so, waits for memory at each step.
        tiles = [slice(at, at + _TILE) for at in range(0, self.seconds.shape[1], _TILE)]
        if all(np.array_equal(self.seconds[:, one], turned[:, one]) for one in tiles):
            self.back = self.seconds
            return
        self.back = np.empty_like(self.seconds)
        for row, column in product(tiles, tiles):
            self.back[:, row, column] = turned[:, row, column]

    def layer_of(self, shift: Shift) -> int:
        """Return the first layer by which a shift rides."""
        return self._numbers[shift.id] * len(self.slots_s)


def _flat(rows: Sequence[Sequence[int]]) -> NDArray[np.int32]:
    return np.array([one for row in rows for one in row], dtype=np.int32)


def _bounds(rows: Sequence[Sequence[int]]) -> NDArray[np.int32]:
    return np.cumsum([0, *(len(row) for row in rows)], dtype=np.int32)


def _choices(number: int, candidate: Candidate, days: int) -> list[Choice]:
    copies = 1 if candidate.group is not None else min(candidate.max_visits, days)
    prefers = bool(candidate.preferred) and candidate.outside_price > 0
    return [
        Choice(number, waits, copy)
        for copy in range(copies)
        for waits in ((True, False) if prefers else (False,))
    ]


def _legal(candidate: Candidate, choice: Choice, day: int) -> list[Window]:
    windows = join_windows(windows_on(candidate, day))
    if not choice.waits:
        return windows
    preferred = join_windows(preferred_on(candidate, day))
    both = [
        Window(max(a.start_s, b.start_s), min(a.end_s, b.end_s))
        for a, b in product(windows, preferred)
        if max(a.start_s, b.start_s) <= min(a.end_s, b.end_s)
    ]
    return join_windows(both)


def _near(rides: Rides, points: NDArray[np.int32]) -> tuple[NDArray[np.int32], float]:
    """Return who is near whom, by number, and the mean of the shortest rides, at least a second."""
    n = len(points)
    seconds, back = rides.seconds[0], rides.back[0]
    near = np.empty((n, min(n, _NEAR)), dtype=np.int32)
    counts = np.zeros(_LONGEST_RIDE_S, dtype=np.int32)
    find_near(seconds, back, points, near, np.empty(n, dtype=np.int32), counts)
    here, closest = points[:, None], points[near[:, 1 : 1 + _NEIGHBOURS]]
    rides_s = seconds[here, closest] // 2 + back[here, closest] // 2
    short_s = rides_s[rides_s < UNREACHABLE // 2]
    return near, max(1.0, float(np.mean(short_s))) if len(short_s) else 1.0


def longest_route(model: Model) -> int:
    """Return more stops than any route can have."""
    visits, routes = model.world.visits, model.world.routes
    span_s = int((routes["closes_s"] - routes["opens_s"]).max())
    at_least = np.cumsum(np.sort(visits["service_s"]))
    fitting = int(np.searchsorted(at_least, span_s, side="right")) + 1
    return int(min(len(visits), fitting, routes["most_stops"].max()))


def state_of(model: Model, seed: int) -> State:
    """Return routes without visits."""
    n, m = len(model.choices), len(model.part.shifts)
    families = len(model.world.families)
    shape = (m, longest_route(model) + 3)
    breaks = int(model.world.routes["breaks"].max())
    moments = (1, 1, 1) if model.world.is_plain else (*shape, breaks + 1)
    mixed = np.random.SeedSequence(seed).generate_state(1, np.uint64)
    return State(
        stops=np.zeros(shape, dtype=STOP),
        totals=np.zeros(m, dtype=TOTAL),
        where=np.full(n, NOWHERE, dtype=np.int32),
        free=np.arange(n, dtype=np.int32),
        slot=np.arange(n, dtype=np.int32),
        held=np.zeros(families, dtype=np.int32),
        due=np.zeros(families, dtype=np.int32),
        sums=np.zeros(4),
        sizes=np.array([n, 0], dtype=np.int64),
        random=mixed | np.uint64(1),
        touched=np.zeros(m, dtype=np.int32),
        departs_s=np.zeros(moments, dtype=np.int32),
        latest_s=np.zeros(moments, dtype=np.int32),
        kept_stops=np.zeros(shape, dtype=STOP),
        kept_totals=np.zeros(m, dtype=TOTAL),
    )


def work_of(model: Model) -> Work:
    """Return room to work in."""
    n, m = len(model.choices), len(model.part.shifts)
    pairs = max(_LEAST_PAIRS, _PAIRS_PER_VISIT * n)
    return Work(
        pair_visit=np.zeros(pairs, dtype=np.int32),
        pair_route=np.zeros(pairs, dtype=np.int32),
        pair_place=np.zeros(pairs, dtype=np.int32),
        pair_score=np.zeros(pairs, dtype=np.float64),
        pair_count=np.zeros(pairs, dtype=np.int32),
        queue_visit=np.zeros(n, dtype=np.int32),
        queue_bound=np.zeros(n, dtype=np.float64),
        slack_s=np.zeros(m, dtype=np.int64),
        slack_counts=np.zeros(m, dtype=np.int64),
        slack_marks=np.zeros(m, dtype=np.int64),
        blur=np.zeros(n, dtype=np.float64),
        marks=np.zeros(n, dtype=np.int64),
        seen=np.zeros(n, dtype=np.int64),
        tried=np.zeros(m, dtype=np.int64),
        stamp=np.zeros(1, dtype=np.int64),
        routes=np.zeros(m, dtype=np.int32),
        route_marks=np.zeros(m, dtype=np.int64),
        chosen=np.zeros(n + m, dtype=np.int32),
        shares=np.zeros((int(model.world.routes["collector"].max()) + 1, 3)),
        scores=np.zeros(max(n, state_length(model)), dtype=np.float64),
    )


def state_length(model: Model) -> int:
    """Return the length of a row of stops."""
    return longest_route(model) + 3
