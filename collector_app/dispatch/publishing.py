"""A board as a plan to be stored and published, and what that changes for each collector."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.dispatch.editing import standing_of
from collector_app.dispatch.queries import MARKS, BoardPage, unassigned
from collector_app.dispatch.retiming import Standing
from collector_app.dispatch.rules import BoardRoute, BoardStop
from collector_app.planning.prizes import prize_of
from collector_app.planning.problem_builder import reasons_before_routing, scoring_reasons
from collector_app.planning.queries import RouteRow, StopRow
from collector_app.planning.rules import PlanPolicy, ReasonCode
from collector_app.planning.services import NewPlan, NewRoute, NewSkipped, NewStop
from collector_app.planning.worth import reasons_at
from collector_app.repairs.rules import BY_HAND, StopMove

BOUNDS = "bounds"  # what was proved of routes when they were planned
EDITED = "edited_from"  # in the parameters of a plan: the one whose board it was


@dataclass(frozen=True, slots=True)
class Difference:
    """What a plan changes against the one that phones saw last.

    ``retimed`` are the collectors whose stops have another order or another hour.
    """

    moves: tuple[StopMove, ...]
    retimed: tuple[int, ...]


def edited_plan(session: Session, page: BoardPage, zone: ZoneInfo) -> NewPlan:
    """Return the plan that a board became; whoever was taken off is left out, with the reason."""
    added = [one for one in page.state.visitors if one not in page.stops]
    standing = standing_of(session, page, added, zone)
    return NewPlan(
        day=page.plan.day,
        travel_source=page.plan.travel_source,
        is_estimate=page.plan.is_estimate,
        parameters={
            **_still_true(page),
            EDITED: page.plan.id,
            MARKS: page.state.marks.as_json(),
        },
        routes=tuple(
            _route(page.state.routes[who], page, standing)
            for who in page.hours
            if page.state.routes[who].stops
        ),
        skipped=_skipped(session, page),
    )


def _still_true(page: BoardPage) -> dict[str, Any]:
    """Return the parameters of the plan without what was proved of routes before the edits."""
    return {name: value for name, value in page.plan.parameters.items() if name != BOUNDS}


def difference(before: Sequence[RouteRow], page: BoardPage) -> Difference:
    """Return what the board changes against routes that collectors saw."""
    old = {stop.client_id: route.collector_id for route in before for stop in route.stops}
    new = page.state.visitors
    moves = tuple(
        StopMove(client_id, old.get(client_id), new.get(client_id), BY_HAND)
        for client_id in sorted(old.keys() | new.keys())
        if old.get(client_id) != new.get(client_id)
    )
    hours = {
        route.collector_id: [(stop.client_id, stop.starts_s) for stop in route.stops]
        for route in before
    }
    retimed = tuple(
        who
        for who, route in page.state.routes.items()
        if hours.get(who, []) != [(stop.client_id, stop.starts_s) for stop in route.stops]
    )
    return Difference(moves, retimed)


def _route(route: BoardRoute, page: BoardPage, standing: Standing) -> NewRoute:
    return NewRoute(
        workday=page.hours[route.collector_id],
        leaves_s=route.leaves_s,
        returns_s=route.returns_s,
        travel_s=route.travel_s,
        travel_m=route.travel_m,
        path=route.path,
        stops=tuple(_stop(stop, page.stops, standing) for stop in route.stops),
    )


def _stop(stop: BoardStop, planned: Mapping[int, StopRow], standing: Standing) -> NewStop:
    old = planned.get(stop.client_id)
    return NewStop(
        client_id=stop.client_id,
        arrives_s=stop.arrives_s,
        starts_s=stop.starts_s,
        leaves_s=stop.leaves_s,
        travel_s=stop.travel_s,
        travel_m=stop.travel_m,
        detour_s=stop.detour_s,
        prize_cents=stop.prize_cents,
        reasons=_reasons(stop, old, standing),
    )


def _reasons(stop: BoardStop, old: StopRow | None, standing: Standing) -> list[dict[str, Any]]:
    """Return what was said of a stop as far as it still holds, or what speaks for a new one."""
    reasons = [] if old is None else reasons_at(old, stop.starts_s)
    row = standing.row(stop.client_id) if old is None else None
    if row is not None:
        worth = prize_of(row, standing.rows)
        reasons = [
            *reasons_before_routing(row, standing.rows, worth, standing.policy),
            *scoring_reasons(row, standing.rows, worth),
        ]
    kept = [one for one in reasons if one["code"] != ReasonCode.ON_THE_WAY]
    if stop.detour_s <= PlanPolicy().on_the_way_s:
        kept.append({"code": ReasonCode.ON_THE_WAY.value, "detour_s": stop.detour_s})
    return kept


def _skipped(session: Session, page: BoardPage) -> tuple[NewSkipped, ...]:
    return tuple(
        NewSkipped(one.client_id, one.collector_id, one.cause, one.facts)
        for one in unassigned(session, page).rows
    )
