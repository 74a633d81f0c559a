"""A preview as a plan to be stored: visits as they were made, reached routes anew, others kept."""

from collections.abc import Mapping
from typing import Any

from collector_app.planning.day_plan import CAUSES, change_facts
from collector_app.planning.kept_routes import KeptRoutes
from collector_app.planning.prizes import prize_of
from collector_app.planning.problem_builder import reasons_before_routing, scoring_reasons
from collector_app.planning.queries import CandidateRow, RouteRow, StopRow, WorkdayRow
from collector_app.planning.rules import PlanPolicy, ReasonCode, SkipCause, Vehicle
from collector_app.planning.services import NewPlan, NewRoute, NewSkipped, NewStop
from collector_app.planning.worth import (
    EXPECTED_FACT,
    cents_at,
    expected_if_left_out,
    reasons_at,
)
from collector_app.repairs.repairing import Preview, names_of
from collector_app.repairs.rules import DayChange, RepairKind
from collector_app.web.maps import encode_line
from routing.geo import Point
from routing.plan import PlannedStop, Route
from routing.problem import Shift
from routing.travel.times import UNREACHABLE, Leg

Reasons = list[dict[str, Any]]


def repaired_plan(preview: Preview) -> NewPlan:
    """Return the plan that answers the change; clients left out are those of the reached routes."""
    return _Maker(preview).plan()


def reached_routes(preview: Preview) -> tuple[NewRoute, ...]:
    """Return the reached routes alone, with their lines; those without stops are left out."""
    return _Maker(preview).reached()


class _Maker:
    """Knows the old stops, so that what is known of them is kept."""

    def __init__(self, preview: Preview) -> None:
        self._preview, self._policy = preview, PlanPolicy()
        standing = preview.standing
        self._old = {
            stop.client_id: (route, stop) for route in standing.routes for stop in route.stops
        }
        self._rows = {row.client_id: row for row in standing.rows.candidates}
        self._shifts = {shift.id: shift for shift in preview.problem.problem.shifts}
        self._names = names_of(preview)
        self._left_out = {one.client_id: one.facts for one in standing.waiting}

    def plan(self) -> NewPlan:
        preview = self._preview
        return NewPlan(
            day=preview.plan.day,
            travel_source=preview.found.plan.travel_source or preview.plan.travel_source,
            is_estimate=preview.plan.is_estimate or preview.found.plan.is_estimate,
            parameters={
                **_still_true(preview.plan.parameters),
                "travel": preview.travel.name,
                "repairs": preview.plan.id,
            },
            routes=self.reached(),
            skipped=self._skipped(),
            kept=KeptRoutes(
                preview.plan.id, frozenset(route.collector_id for route in preview.others)
            ),
        )

    def reached(self) -> tuple[NewRoute, ...]:
        return tuple(self._route(route) for route in self._preview.found.plan.routes if route.stops)

    def _route(self, route: Route) -> NewRoute:
        shift = self._shifts[route.shift_id]
        stops = tuple(self._stop(one, int(route.shift_id)) for one in route.stops)
        home_s = max(0, route.travel_s - sum(one.travel_s for one in route.stops))
        home_m = max(0, route.travel_m - sum(one.travel_m for one in route.stops))
        return NewRoute(
            workday=_workday(shift, self._names),
            leaves_s=route.leaves_s,
            returns_s=route.returns_s,
            travel_s=home_s + sum(one.travel_s for one in stops),
            travel_m=home_m + sum(one.travel_m for one in stops),
            path=encode_line(self._line(shift, route)),
            stops=stops,
        )

    def _line(self, shift: Shift, route: Route) -> list[Point]:
        points = {one.id: one.point for one in self._preview.problem.problem.candidates}
        points |= {one.id: one.point for one in self._preview.found.rest.problem.candidates}
        visits = [points[stop.candidate_id] for stop in route.stops]
        ends = [shift.end] if shift.end is not None else []
        legs = self._preview.travel.legs(
            [shift.start, *visits, *ends], shift.profile, route.leaves_s
        )
        return [point for leg in legs for point in _drawn(leg)]

    def _stop(self, stop: PlannedStop, collector_id: int) -> NewStop:
        client_id = int(stop.candidate_id)
        route, old = self._old.get(client_id, (None, None))
        is_made = client_id in self._preview.visited
        keeps_ride = is_made and old is not None
        return NewStop(
            client_id=client_id,
            arrives_s=stop.arrives_s,
            starts_s=stop.starts_s,
            leaves_s=stop.leaves_s,
            travel_s=old.travel_s if keeps_ride and old else stop.travel_s,
            travel_m=old.travel_m if keeps_ride and old else stop.travel_m,
            detour_s=stop.detour_s,
            prize_cents=(
                cents_at(old, stop.starts_s) if old else self._expected_cents(client_id, stop)
            ),
            reasons=[
                *self._news(client_id, collector_id, route),
                *(_still(old, stop, self._policy) if old else self._reasons(client_id)),
            ],
        )

    def _news(self, client_id: int, collector_id: int, route: RouteRow | None) -> Reasons:
        """Return what the change says of a stop, before all that was known."""
        theirs = [one for one in self._preview.asked.every if one.client_id == client_id]
        reasons: Reasons = []
        if any(one.kind is RepairKind.URGENT for one in theirs):
            reasons.append({"code": ReasonCode.URGENT.value})
        if route is not None and route.collector_id != collector_id:
            told = {"code": ReasonCode.TAKEN_OVER.value, "name": route.collector_name}
            reasons.append(told)
        moved = [one for one in theirs if one.kind is RepairKind.APPOINTMENT_MOVED]
        return [*reasons, *(_appointment(one) for one in moved[-1:])]

    def _expected_cents(self, client_id: int, stop: PlannedStop) -> int:
        row = self._rows.get(client_id)
        if row is None or client_id in self._preview.standing.rows.unscored:
            return 0
        planned = expected_if_left_out(self._left_out.get(client_id, {}))
        if planned is not None:
            return planned  # the plan knew what visits had taught
        return prize_of(row, self._preview.standing.rows).expected_cents

    def _expected_fact(self, client_id: int) -> dict[str, int]:
        """Return what a visit would bring, for whoever brings the client in again."""
        _route, old = self._old.get(client_id, (None, None))
        planned = expected_if_left_out(self._left_out.get(client_id, {}))
        cents = old.prize_cents if old is not None else planned
        return {} if cents is None else {EXPECTED_FACT: cents}

    def _reasons(self, client_id: int) -> Reasons:
        row, rows = self._rows.get(client_id), self._preview.standing.rows
        if row is None:
            return []
        worth = prize_of(row, rows)
        return [
            *reasons_before_routing(row, rows, worth, self._policy),
            *scoring_reasons(row, rows, worth),
        ]

    def _skipped(self) -> tuple[NewSkipped, ...]:
        preview = self._preview
        explained = preview.found.explained(swaps_too=False)  # the dispatcher waits
        rows = {int(one.candidate_id): one for one in explained.plan.skipped}
        owners = {one.client_id: one.collector_id for one in preview.standing.waiting}
        owners |= {client_id: route.collector_id for client_id, (route, _) in self._old.items()}
        cancelled = {
            one.client_id
            for one in (*preview.standing.in_force, *preview.asked.every)
            if one.kind is RepairKind.CANCELLED
        }
        found = []
        for client_id, one in rows.items():
            cause, facts = (
                CAUSES[one.reason],
                {
                    **one.facts,
                    **change_facts(one, _has_appointment(self._rows.get(client_id))),
                    **self._expected_fact(client_id),
                },
            )
            if client_id in cancelled:
                cause, facts = SkipCause.CANCELLED, {}
            elif client_id in preview.forbidden:
                told = preview.forbidden[client_id]
                cause, facts = told.cause, dict(told.facts)
            found.append(NewSkipped(client_id, owners.get(client_id), cause, facts))
        return tuple(found)


def _still_true(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a plan was made with, but for what was proved of its routes as they were."""
    return {name: value for name, value in parameters.items() if name != "bounds"}


def _has_appointment(row: CandidateRow | None) -> bool:
    return row is not None and bool(row.appointments)


def _drawn(leg: Leg) -> tuple[Point, ...]:
    """Return the line of a ride; one without a way is not drawn across the city."""
    return leg.points if leg.seconds < UNREACHABLE else leg.points[-1:]


def _still(old: StopRow, stop: PlannedStop, policy: PlanPolicy) -> Reasons:
    """Return what was said of a stop, as far as it holds at its new place."""
    gone = {ReasonCode.ON_THE_WAY.value}
    reasons = [one for one in reasons_at(old, stop.starts_s) if one["code"] not in gone]
    if stop.detour_s <= policy.on_the_way_s:
        reasons.append({"code": ReasonCode.ON_THE_WAY.value, "detour_s": stop.detour_s})
    return reasons


def _appointment(asked: DayChange) -> dict[str, Any]:
    return {
        "code": ReasonCode.APPOINTMENT.value,
        "starts_s": asked.starts_s,
        "ends_s": asked.ends_s,
    }


def _workday(shift: Shift, names: Mapping[int, str]) -> WorkdayRow:
    end = shift.end or shift.start
    return WorkdayRow(
        collector_id=int(shift.id),
        name=names.get(int(shift.id), ""),
        vehicle=Vehicle(shift.profile.value),
        starts_s=shift.window.start_s,
        ends_s=shift.window.end_s,
        start_lat=shift.start.lat,
        start_lon=shift.start.lon,
        end_lat=end.lat,
        end_lon=end.lon,
        max_stops=shift.max_stops,
    )
