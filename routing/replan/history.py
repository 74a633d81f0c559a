"""What has happened by now: which stops are made, where each collector is, and free from when."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from routing.errors import InvalidProblem
from routing.geo import Point
from routing.measure import Measured, windows_on
from routing.plan import Plan, PlannedStop, Route, TakenBreak
from routing.problem import (
    LATEST_S,
    Candidate,
    Problem,
    Shift,
    check_added,
    check_point,
    check_window,
)
from routing.replan.changes import (
    Added,
    Cancelled,
    Change,
    Flag,
    Late,
    Moved,
    Pinned,
    Remark,
    Sick,
    Underway,
    VisitDone,
)
from routing.travel.times import UNREACHABLE


@dataclass(frozen=True, slots=True)
class Standing:
    """One shift as it stands.

    Attributes
    ----------
    made : tuple[PlannedStop, ...]
        Visits that are over or have begun, as they happened.
    open : tuple[str, ...]
        Candidates of the route who are still to be visited, in its order.
    here, free_s : Point, int
        Where the collector goes on from, and from when on.
    breaks_taken : int
        How many breaks of the shift are behind the collector.
    rested : tuple[TakenBreak, ...]
        Those of them that were taken since the last visit.
    is_over : bool
        The shift visits nobody any more.
    """

    shift: Shift
    route: Route
    made: tuple[PlannedStop, ...]
    open: tuple[str, ...]
    here: Point
    free_s: int
    breaks_taken: int = 0
    rested: tuple[TakenBreak, ...] = ()
    is_over: bool = False


class _Fact(NamedTuple):
    """A visit that was made, or has begun."""

    candidate: Candidate
    started_s: int
    left_s: int
    point: Point


class _Place(NamedTuple):
    """Where somebody is to be found from a moment on."""

    at_s: int
    point: Point | None


class History:
    """Everything said about the past, checked and sorted by shift.

    Attributes
    ----------
    candidates : dict of id to Candidate
        Of the problem, and those added.
    made_by : dict of candidate id to shift id
    remarks : list[Remark]
    """

    def __init__(
        self,
        problem: Problem,
        plan: Plan,
        changes: Sequence[Change],
        now_s: int,
        *,
        follows_plan: bool = True,
    ) -> None:
        """Check names and sort; raises InvalidProblem with the place of the first fault."""
        self._now_s, self._follows_plan_silently = now_s, follows_plan
        self._shifts = {shift.id: shift for shift in problem.shifts}
        self.candidates = {one.id: one for one in problem.candidates}
        self._planned = {
            stop.candidate_id: route.shift_id for route in plan.routes for stop in route.stops
        }
        self._routes = {route.shift_id: route for route in plan.routes}
        self.remarks: list[Remark] = []
        self.made_by: dict[str, str] = {}
        self._facts: dict[str, list[_Fact]] = defaultdict(list)
        self._places: dict[str, list[_Place]] = defaultdict(list)
        self._free_s: dict[str, int] = {}
        self._sick = {one.shift_id for one in changes if isinstance(one, Sick)}
        self._withdrawn = {
            one.candidate_id for one in changes if isinstance(one, Cancelled | Moved)
        }
        self._check(problem, plan, changes)
        self._add_candidates(changes)
        for i, change in enumerate(changes):
            self._check_names(i, change)
        order = sorted(enumerate(changes), key=lambda pair: isinstance(pair[1], Underway))
        for i, change in order:  # visits that are over come before one that has begun
            self._note(i, change)
        self.standings = {shift.id: self._standing(shift) for shift in problem.shifts}
        self._follow_the_plan()

    def flag(self, number: int, flag: Flag) -> None:
        """Remark on a change."""
        self.remarks.append(Remark(number, flag))

    def retimed(self, shift_id: str, rides: Measured | None) -> tuple[PlannedStop, ...]:
        """Return the visits of a shift as they happened, with rides as long as there was time."""
        standing = self.standings[shift_id]
        facts = {fact.candidate.id: fact for fact in self._facts.get(shift_id, ())}
        if not facts:
            return standing.made
        planned = {stop.candidate_id: stop for stop in standing.route.stops}
        before_s, before, made = standing.shift.window.start_s, standing.shift.start, []
        for stop in standing.made:
            fact = facts[stop.candidate_id]
            held = planned.get(stop.candidate_id)
            if held is None or (held.starts_s, held.leaves_s) != (fact.started_s, fact.left_s):
                seconds, metres = _ride(rides, before, fact.candidate.point)
                ridden_s = min(seconds, max(0, fact.started_s - before_s))
                held = replace(
                    stop,
                    arrives_s=min(before_s + ridden_s, fact.started_s),
                    travel_s=ridden_s,
                    travel_m=metres,
                )
            made.append(held)
            before_s, before = fact.left_s, fact.point
        return tuple(made)

    def _check(self, problem: Problem, plan: Plan, changes: Sequence[Change]) -> None:
        for i, shift in enumerate(problem.shifts):
            if shift.day != problem.shifts[0].day:
                expected = "expected shifts of one day: days to come are solved with what is left"
                raise InvalidProblem(f"shifts[{i}].day", expected)
        if [route.shift_id for route in plan.routes] != list(self._shifts):
            raise InvalidProblem("plan.routes", "expected one route for each shift, in their order")
        added = {one.candidate.id for one in changes if isinstance(one, Added)}
        self._check_stops(plan, added)
        if not 0 <= self._now_s <= LATEST_S:
            raise InvalidProblem("now_s", f"expected 0..{LATEST_S}, got {self._now_s}")

    def _check_stops(self, plan: Plan, added: set[str]) -> None:
        seen: set[str] = set()
        for r, route in enumerate(plan.routes):
            for i, stop in enumerate(route.stops):
                one, place = stop.candidate_id, f"plan.routes[{r}].stops[{i}].candidate_id"
                if one not in self.candidates.keys() | added:
                    raise InvalidProblem(place, f"expected a candidate of the problem, got {one!r}")
                if one in seen:
                    raise InvalidProblem(place, f"expected each candidate once, got {one!r} again")
                seen.add(one)

    def _add_candidates(self, changes: Sequence[Change]) -> None:
        for i, change in enumerate(changes):
            if not isinstance(change, Added):
                continue
            if change.candidate.id in self.candidates:
                expected = f"expected a new id, {change.candidate.id!r} is in the problem"
                raise InvalidProblem(f"changes[{i}].candidate.id", expected)
            self.candidates[change.candidate.id] = change.candidate
        known = set(self.candidates)
        for i, change in enumerate(changes):
            if isinstance(change, Added):
                place = f"changes[{i}].candidate"
                check_added(place, change.candidate, self._shifts.values(), known)

    def _check_names(self, number: int, change: Change) -> None:
        place = f"changes[{number}]"
        for name, known in (("candidate_id", self.candidates), ("shift_id", self._shifts)):
            said = getattr(change, name, None)
            if said is not None and said not in known:
                raise InvalidProblem(f"{place}.{name}", f"unknown {name}, got {said!r}")
        if isinstance(change, Sick) and not change.shared_with <= self._shifts.keys():
            unknown = sorted(change.shared_with - self._shifts.keys())
            raise InvalidProblem(f"{place}.shared_with", f"unknown shifts {unknown}")
        _check_values(place, change)

    def _note(self, number: int, change: Change) -> None:
        match change:
            case VisitDone():
                self._note_visit(number, change)
            case Underway(shift_id, point, at_s, candidate_id):
                self._flag_the_future(number, at_s)
                if candidate_id is None:
                    self._places[shift_id].append(_Place(at_s, point))
                else:
                    stay_s = self.candidates[candidate_id].stay_s
                    begun = VisitDone(candidate_id, at_s + stay_s, at_s, shift_id, point)
                    self._take(number, begun, shift_id)
            case Late(shift_id, free_at_s, point):
                self._places[shift_id].append(_Place(free_at_s, point))
                self._free_s[shift_id] = max(free_at_s, self._free_s.get(shift_id, 0))

    def _note_visit(self, number: int, change: VisitDone) -> None:
        shift_id = change.shift_id or self._planned.get(change.candidate_id)
        if shift_id is None:
            expected = f"missing: no route has {change.candidate_id!r}, say who made the visit"
            raise InvalidProblem(f"changes[{number}].shift_id", expected)
        self._flag_the_future(number, change.left_s)
        self._take(number, change, shift_id)

    def _flag_the_future(self, number: int, at_s: int) -> None:
        if at_s > self._now_s:
            self.flag(number, Flag.IN_THE_FUTURE)

    def _take(self, number: int, visit: VisitDone, shift_id: str) -> None:
        candidate = self.candidates[visit.candidate_id]
        if candidate.id in self.made_by:
            self.flag(number, Flag.REPEATED)
            return
        planned = self._planned.get(candidate.id)
        if planned is None:
            self.flag(number, Flag.NOT_PLANNED)
        elif planned != shift_id:
            self.flag(number, Flag.OTHER_ROUTE)
        started_s = visit.started_s
        if started_s is None:
            started_s = self._planned_start_s(candidate, shift_id, visit.left_s)
        started_s = min(started_s, visit.left_s)
        windows = windows_on(candidate, self._shifts[shift_id].day)
        if not any(one.start_s <= started_s <= one.end_s for one in windows):
            self.flag(number, Flag.OUTSIDE_WINDOW)
        self.made_by[candidate.id] = shift_id
        point = visit.point or candidate.point
        self._facts[shift_id].append(_Fact(candidate, started_s, visit.left_s, point))

    def _planned_start_s(self, candidate: Candidate, shift_id: str, left_s: int) -> int:
        """Return the start of a visit of which only the end is known."""
        for stop in self._routes[shift_id].stops:
            if stop.candidate_id == candidate.id and stop.leaves_s == left_s:
                return stop.starts_s
        return max(0, left_s - candidate.stay_s)

    def _standing(self, shift: Shift) -> Standing:
        """Return how a shift stands by its own word, or by the plan if it said nothing."""
        route, facts = self._routes[shift.id], self._facts.get(shift.id)
        said = self._places.get(shift.id, [])
        if facts:
            facts.sort(key=lambda fact: (fact.left_s, fact.started_s))
            made = tuple(_as_stop(fact) for fact in facts)
            last = facts[-1]
            standing = Standing(shift, route, made, (), last.point, last.left_s)
        elif not self._follows_plan_silently:
            standing = Standing(shift, route, (), (), shift.start, shift.window.start_s)
        else:
            standing = self._as_planned(shift, route, commits=not said)
        for place in sorted(said, key=lambda one: one.at_s):
            if place.at_s >= standing.free_s or not standing.made:
                here = standing.here if place.point is None else place.point
                standing = replace(standing, here=here, free_s=max(standing.free_s, place.at_s))
        earliest_s = max(self._now_s, shift.window.start_s, self._free_s.get(shift.id, 0))
        standing = replace(standing, free_s=max(standing.free_s, earliest_s))
        return self._rested(replace(standing, is_over=shift.id in self._sick))

    def _as_planned(self, shift: Shift, route: Route, *, commits: bool) -> Standing:
        """Return the day as planned until now; a ride that has begun is ridden to its end."""
        made: list[PlannedStop] = []
        for stop in route.stops:
            gives_way = stop.candidate_id in self._withdrawn or shift.id in self._sick
            is_ridden_to = stop.arrives_s - stop.travel_s < self._now_s
            is_on = commits and is_ridden_to and not gives_way
            if stop.starts_s > self._now_s and not is_on:
                break
            if stop.candidate_id not in self.made_by:  # otherwise somebody else made the visit
                made.append(stop)
        if not made:
            return Standing(shift, route, (), (), shift.start, shift.window.start_s)
        here = self.candidates[made[-1].candidate_id].point
        return Standing(shift, route, tuple(made), (), here, made[-1].leaves_s)

    def _rested(self, standing: Standing) -> Standing:
        """Count the breaks that were planned to have begun; one that is not over is waited for."""
        planned = [one for stop in standing.route.stops for one in stop.breaks]
        planned += standing.route.breaks_at_end
        told = sum(len(stop.breaks) for stop in standing.made)
        begun = [one for one in planned if one.starts_s < self._now_s]
        taken = max(told, len(begun))
        rested = tuple(planned[told:taken])
        free_s = max([standing.free_s, *(one.ends_s for one in rested)])
        return replace(standing, breaks_taken=taken, rested=rested, free_s=free_s)

    def _follow_the_plan(self) -> None:
        """Note whose visits are made, then what is left of each route."""
        for standing in self.standings.values():
            for stop in standing.made:
                self.made_by.setdefault(stop.candidate_id, standing.shift.id)
        for shift_id, standing in self.standings.items():
            left = [one.candidate_id for one in standing.route.stops]
            still = tuple(one for one in left if one not in self.made_by)
            self.standings[shift_id] = replace(standing, open=still)

    def touched(self, changes: Iterable[Change]) -> set[str]:
        """Return the shifts that changes are about, directly or through a stop."""
        found: set[str] = set()
        for change in changes:
            found |= {getattr(change, "shift_id", None) or ""}
            found |= {self._planned.get(getattr(change, "candidate_id", "") or "", "")}
            if isinstance(change, Sick):
                found |= change.shared_with
            if isinstance(change, VisitDone):
                found |= {self.made_by[change.candidate_id]}
        return found & self._shifts.keys()

    @property
    def planned(self) -> Mapping[str, str]:
        """Return whose route each planned candidate is on."""
        return self._planned


def _as_stop(fact: _Fact) -> PlannedStop:
    return PlannedStop(
        candidate_id=fact.candidate.id,
        arrives_s=fact.started_s,
        starts_s=fact.started_s,
        leaves_s=fact.left_s,
        travel_s=0,
        travel_m=0,
        prize=fact.candidate.prize,
        detour_s=0,
    )


def _ride(rides: Measured | None, origin: Point, goal: Point) -> tuple[int, int]:
    """Return the seconds and metres of a ride, 0 where nothing is known of it."""
    if rides is None or origin not in rides.points or goal not in rides.points:
        return 0, 0
    i, j = rides.points.index(origin), rides.points.index(goal)
    seconds, metres = int(rides.matrix.seconds[i, j]), int(rides.matrix.metres[i, j])
    return (0, 0) if seconds == UNREACHABLE else (seconds, metres)


def _check_values(place: str, change: Change) -> None:
    """Refuse moments, points, windows and positions that can't be."""
    for name in ("left_s", "started_s", "at_s", "free_at_s"):
        said_s = getattr(change, name, None)
        if said_s is not None and not 0 <= said_s <= LATEST_S:
            raise InvalidProblem(f"{place}.{name}", f"expected 0..{LATEST_S}, got {said_s}")
    point = getattr(change, "point", None)
    if point is not None:
        check_point(f"{place}.point", point)
    if isinstance(change, Moved):
        check_window(f"{place}.window", change.window)
    if isinstance(change, Pinned) and (change.position or 0) < 0:
        raise InvalidProblem(f"{place}.position", f"expected >= 0, got {change.position}")
