"""The published plan, what was visited since and what happened, as a problem to plan anew.

Only the routes that a change can reach are stated, with the clients who wait beside them. The law
decides again for each of them, with today's contacts: what it closes can't be planned.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from collector_app.compliance.rules import HourWindow, decide
from collector_app.core import clock
from collector_app.planning.prizes import prize_of
from collector_app.planning.problem_builder import (
    PreSkipped,
    candidate_id,
    candidate_of,
    service_s_of,
    shift_id,
    shift_of,
    visit_starts,
)
from collector_app.planning.queries import (
    CandidateRow,
    DayRows,
    RouteRow,
    SkippedRow,
    StopRow,
    WorkdayRow,
    workday_of,
)
from collector_app.planning.rules import PlanPolicy, SkipCause
from collector_app.planning.worth import WEIGHED_FACT, worth_cents
from collector_app.portfolio.queries import ClientCard
from collector_app.repairs.rules import (
    AppointmentOutsideTheLaw,
    DayChange,
    RepairKind,
    VisitForbidden,
)
from collector_app.visits.queries import VisitRow
from routing.geo import Point
from routing.plan import Plan, PlannedStop, Route
from routing.problem import Candidate, Problem, Shift, Window
from routing.replan import (
    Added,
    Cancelled,
    Change,
    Late,
    Moved,
    Pinned,
    Sick,
    StreetClosed,
    Underway,
    VisitDone,
)

# Left out for want of room or worth, not by the law: these may come in when there is room.
WAITING = frozenset(
    {
        SkipCause.OUTSIDE_SHIFT,
        SkipCause.UNREACHABLE,
        SkipCause.NOT_WORTH_THE_TRIP,
        SkipCause.NO_TIME_LEFT,
        SkipCause.MAX_STOPS,
        SkipCause.FITS,
    }
)


@dataclass(frozen=True, slots=True)
class DayStanding:
    """What is known of the day, read at one moment.

    Attributes
    ----------
    routes : tuple[RouteRow, ...]
        Of the collectors whom the change can reach.
    waiting : tuple[SkippedRow, ...]
        Clients left out of the plan whom they might visit.
    visits : tuple[VisitRow, ...]
        Of today, by these collectors or to clients on their routes, in order.
    rows : DayRows
        What decides about these clients.
    currencies : mapping of client id to str
        Of the clients on none of these routes who owe in another currency than the usual one.
    in_force : tuple[DayChange, ...]
        What happened before and still holds.
    """

    now_s: int
    routes: tuple[RouteRow, ...]
    workdays: Mapping[int, WorkdayRow]
    waiting: tuple[SkippedRow, ...]
    visits: tuple[VisitRow, ...]
    rows: DayRows
    cards: Mapping[int, ClientCard]
    currencies: Mapping[int, str]
    in_force: tuple[DayChange, ...]


@dataclass(frozen=True, slots=True)
class DayProblem:
    """The same as `routing.replan` takes it.

    ``forbidden`` holds the clients on a route whom something keeps us from visiting by now, with
    the cause.
    """

    problem: Problem
    plan: Plan
    changes: tuple[Change, ...]
    forbidden: Mapping[int, PreSkipped]


def day_problem(standing: DayStanding, asked: DayChange, policy: PlanPolicy) -> DayProblem:
    """State what is left of the day.

    Raises
    ------
    VisitForbidden
        If something forbids the visit to the urgent client.
    AppointmentOutsideTheLaw
        If nothing of the new appointment is legal.
    """
    return _Builder(standing, asked, policy).build()


class _Builder:
    """Candidates first, then the plan and the changes that speak of them."""

    def __init__(self, standing: DayStanding, asked: DayChange, policy: PlanPolicy) -> None:
        self._day, self._asked, self._policy = standing, asked, policy
        self._rows = {row.client_id: row for row in standing.rows.candidates}
        self._every = (*standing.in_force, *asked.every)
        self._visitor = {
            stop.client_id: route.collector_id for route in standing.routes for stop in route.stops
        }
        self._visited = {one.client_id for one in standing.visits}
        self._insisted = {
            one.client_id
            for one in self._every
            if one.kind in (RepairKind.URGENT, RepairKind.APPOINTMENT_MOVED)
        }
        self._forbidden: dict[int, PreSkipped] = {}

    def build(self) -> DayProblem:
        candidates = [
            self._of_stop(stop, route.collector_id)
            for route in self._day.routes
            for stop in route.stops
        ]
        urgent = self._urgent()
        found = (self._of_waiting(one) for one in self._day.waiting)
        candidates += [one for one in found if one is not None]
        shifts = tuple(self._shift(route) for route in self._routes_and_idle())
        problem = Problem(
            shifts=shifts,
            candidates=tuple(candidates),
            travel_cost_per_hour=self._policy.travel_cost_cents_per_hour,
        )
        known = {one.id for one in candidates}
        return DayProblem(
            problem,
            self._plan({one.id: one for one in candidates}, shifts),
            (*self._facts(known), *self._decisions(), *urgent),
            self._forbidden,
        )

    # -- who works

    def _routes_and_idle(self) -> list[RouteRow | WorkdayRow]:
        """Return the routes, and who works without one but is named by the change."""
        with_route = {route.collector_id for route in self._day.routes}
        named = [who for one in self._asked.every for who in (one.collector_id, *one.shared_with)]
        idle = [
            self._day.workdays[one]
            for one in dict.fromkeys(named)
            if one is not None and one in self._day.workdays and one not in with_route
        ]
        return [*self._day.routes, *idle]

    def _shift(self, one: RouteRow | WorkdayRow) -> Shift:
        workday = self._day.workdays.get(one.collector_id)
        if workday is not None:
            return shift_of(workday)
        assert isinstance(one, RouteRow)  # noqa: S101 - whoever has no hours has a route
        return shift_of(workday_of(one))

    # -- who may be visited

    def _of_stop(self, stop: StopRow, collector_id: int) -> Candidate:
        """Return the client of a stop; without windows when nobody may come any more."""
        card = self._day.cards[stop.client_id]
        made = self._candidate(stop.client_id, collector_id, worth_cents(stop, self._policy))
        if isinstance(made, Candidate):
            return made
        if stop.client_id not in self._visited and stop.client_id not in self._cancelled():
            self._forbidden[stop.client_id] = made
        return Candidate(
            id=candidate_id(stop.client_id),
            point=Point(card.lat or 0.0, card.lon or 0.0),
            service_s=service_s_of(card.kind, self._policy),
            prize=worth_cents(stop, self._policy),
            windows=(),
            shifts=frozenset({shift_id(collector_id)}),
        )

    def _of_waiting(self, one: SkippedRow) -> Candidate | None:
        is_known = one.collector_id is not None and one.client_id not in self._visitor
        if not is_known or one.client_id in self._urgent_ids():
            return None
        assert one.collector_id is not None  # noqa: S101 - told above
        prize = one.facts.get(WEIGHED_FACT)
        made = self._candidate(one.client_id, one.collector_id, prize)
        return made if isinstance(made, Candidate) else None

    def _candidate(
        self, client_id: int, collector_id: int, prize: int | None
    ) -> Candidate | PreSkipped:
        row = self._rows.get(client_id)
        if row is None:
            return PreSkipped(client_id, collector_id, SkipCause.NOTHING_OVERDUE)
        theirs = replace(row, zone_id=row.zone_id or 0, collector_id=collector_id)
        made = candidate_of(theirs, self._day.rows, {collector_id}, self._policy)
        if isinstance(made, PreSkipped):
            return made
        worth = prize if prize is not None else prize_of(row, self._day.rows).total
        return replace(
            made,
            prize=worth,
            required=made.required or client_id in self._insisted,
            windows=self._windows(row, made),
        )

    def _windows(self, row: CandidateRow, made: Candidate) -> tuple[Window, ...]:
        """Return the windows, within the appointment that was moved to another hour."""
        moved = [
            one
            for one in self._day.in_force
            if one.kind is RepairKind.APPOINTMENT_MOVED and one.client_id == row.client_id
        ]
        return self._agreed(row, moved[-1]) if moved else made.windows

    def _agreed(self, row: CandidateRow, moved: DayChange) -> tuple[Window, ...]:
        rows = self._day.rows
        law = decide(rows.profile, row.contact_facts(rows.zone), rows.day)
        agreed = (HourWindow(moved.starts_s or 0, moved.ends_s or 0),)
        return visit_starts(law.windows, agreed, service_s_of(row.kind, self._policy))

    # -- what happened

    def _facts(self, known: set[str]) -> Iterable[Change]:
        """Yield the visits made; one beside the plan only tells where somebody was."""
        zone, loaded = self._day.rows.zone, {one.collector_id for one in self._routes_and_idle()}
        for visit in self._day.visits:
            who = visit.collector_id
            if who not in loaded:
                continue
            started_s = clock.second_of_day(visit.started_at, zone)
            left_s = max(started_s, clock.second_of_day(visit.ended_at, zone))
            if candidate_id(visit.client_id) in known:
                yield VisitDone(candidate_id(visit.client_id), left_s, started_s, shift_id(who))
            elif visit.lat is not None and visit.lon is not None:
                yield Underway(shift_id(who), Point(visit.lat, visit.lon), left_s)

    def _decisions(self) -> Iterable[Change]:
        loaded = {one.collector_id for one in self._routes_and_idle()}
        for one in self._day.in_force:
            yield from self._told(one, loaded, is_new=False)
        for one in self._asked.every:
            yield from self._told(one, loaded, is_new=True)

    def _told(self, one: DayChange, loaded: set[int], *, is_new: bool) -> Iterable[Change]:
        on_route = one.client_id in self._visitor
        match one.kind:
            case RepairKind.CANCELLED if on_route:
                yield Cancelled(candidate_id(one.client_id or 0))
            case RepairKind.LATE | RepairKind.SICK if one.collector_id in loaded:
                yield _of_collector(one, loaded)
            case RepairKind.STREET_CLOSED:
                centre = Point(one.lat or 0.0, one.lon or 0.0)
                yield StreetClosed(centre=centre, radius_m=one.radius_m or 0)
            case RepairKind.APPOINTMENT_MOVED if is_new:
                yield self._moved(one)
            case RepairKind.URGENT if is_new and on_route:
                yield Pinned(candidate_id(one.client_id or 0), position=0)
        yield from self._pins(one)

    def _pins(self, one: DayChange) -> Iterable[Change]:
        for client_id in one.pinned:
            if client_id in self._visitor and client_id != one.client_id:
                yield Pinned(candidate_id(client_id))

    def _moved(self, one: DayChange) -> Moved:
        row = self._rows.get(one.client_id or 0)
        windows = self._agreed(row, one) if row else ()
        if not windows:
            raise AppointmentOutsideTheLaw(starts_s=one.starts_s, ends_s=one.ends_s)
        return Moved(candidate_id(one.client_id or 0), windows[0])

    def _urgent_ids(self) -> dict[int, int]:
        """Return the urgent clients who are on no route yet, and who is to visit them."""
        return {
            one.client_id: one.collector_id
            for one in self._asked.every
            if one.kind is RepairKind.URGENT
            and one.client_id is not None
            and one.collector_id is not None
            and one.client_id not in self._visitor
        }

    def _urgent(self) -> tuple[Change, ...]:
        added = []
        for client_id, collector_id in self._urgent_ids().items():
            made = self._candidate(client_id, collector_id, None)
            if isinstance(made, PreSkipped):
                raise VisitForbidden(cause=made.cause.value, details=made.facts)
            added.append(Added(made))
        return tuple(added)

    def _cancelled(self) -> set[int | None]:
        return {one.client_id for one in self._every if one.kind is RepairKind.CANCELLED}

    # -- the plan as people have seen it

    def _plan(self, candidates: Mapping[str, Candidate], shifts: Sequence[Shift]) -> Plan:
        by_collector = {shift_id(route.collector_id): route for route in self._day.routes}
        routes = tuple(
            _planned(by_collector[shift.id], candidates, self._policy)
            if shift.id in by_collector
            else Route(shift.id, (), shift.window.start_s, shift.window.start_s, 0, 0)
            for shift in shifts
        )
        prize = sum(stop.prize for route in routes for stop in route.stops)
        return Plan(routes, (), prize, "", is_estimate=False, seed=0, solver="")


def _of_collector(one: DayChange, loaded: set[int]) -> Change:
    who = shift_id(one.collector_id or 0)
    if one.kind is RepairKind.LATE:
        return Late(who, one.free_at_s or 0)
    return Sick(who, frozenset(shift_id(other) for other in one.shared_with if other in loaded))


def _planned(route: RouteRow, candidates: Mapping[str, Candidate], policy: PlanPolicy) -> Route:
    stops = tuple(
        PlannedStop(
            candidate_id=candidate_id(stop.client_id),
            arrives_s=stop.arrives_s,
            starts_s=stop.starts_s,
            leaves_s=stop.leaves_s,
            travel_s=stop.travel_s,
            travel_m=stop.travel_m,
            prize=worth_cents(stop, policy),
            detour_s=stop.detour_s,
        )
        for stop in route.stops
    )
    return Route(
        shift_id(route.collector_id),
        stops,
        route.leaves_s,
        route.returns_s,
        route.travel_s,
        route.travel_m,
    )
