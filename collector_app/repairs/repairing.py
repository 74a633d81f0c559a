"""What a change would do to the day: read, plan anew, check, and say what becomes of whom."""

import hashlib
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy.orm import Session

from collector_app.compliance.rules import Block
from collector_app.core import clock
from collector_app.core.money import USUAL_CURRENCY, Sums, summed
from collector_app.planning.directions import travel_of
from collector_app.planning.problem_builder import PreSkipped
from collector_app.planning.queries import (
    PlanRow,
    RouteRow,
    StopRow,
    blocks_of_visit,
    day_rows,
    routes_of_plan,
    skipped_of_plan,
)
from collector_app.planning.rules import PlanPolicy, PlanRejected, StreetsUnavailable
from collector_app.planning.travel_times import travel_settings
from collector_app.planning.worth import cents_at
from collector_app.portfolio.queries import ClientCard, client_cards, other_currencies
from collector_app.repairs.day_problem import WAITING, DayProblem, DayStanding, day_problem
from collector_app.repairs.queries import PublishedDay
from collector_app.repairs.reach import nearest_of, nearest_to, reached_by, visitor_of
from collector_app.repairs.rules import DayChange, RepairKind, StopMove, helpers_of, sick_of
from collector_app.visits.queries import VisitRow, visits_between
from collector_app.zones.queries import owners
from routing.errors import TravelTimesUnavailable
from routing.plan import PlannedStop, Route
from routing.replan import Replanned, replan
from routing.travel.times import TravelTimes
from routing.verifier import Rule, verify

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RouteEffect:
    """What becomes of one collector's day; open are the stops still to be made.

    Money is what the open stops are expected to bring, cents; ``returns_s`` when the day is over.
    """

    collector_id: int
    name: str
    made: int
    open_before: int
    open_after: int
    travel_before_s: int
    travel_after_s: int
    returns_before_s: int
    returns_after_s: int
    expected_before: Sums
    expected_after: Sums
    reordered: bool
    last_visit_s: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do; nothing is stored.

    Attributes
    ----------
    asked : DayChange
        With what was settled on the way, such as who shares the stops of whom.
    moves : tuple[StopMove, ...]
        Stops that change hands, come in or go out.
    forbidden : mapping of client id to PreSkipped
        Open stops that the law, a ban or a promise closes by now.
    checked : int
        Open stops whose legality was decided again.
    breaches : mapping of client id to blocks
        Those of them that may not be visited: empty, or the preview is not to be applied.
    fingerprint : str
        Of who visits whom in which order: the same preview has the same.
    """

    plan: PlanRow
    asked: DayChange
    standing: DayStanding
    others: tuple[RouteRow, ...]
    problem: DayProblem
    found: Replanned
    travel: TravelTimes
    moves: tuple[StopMove, ...]
    effects: tuple[RouteEffect, ...]
    forbidden: Mapping[int, PreSkipped]
    checked: int
    breaches: Mapping[int, tuple[Block, ...]]
    fingerprint: str

    @property
    def visited(self) -> frozenset[int]:
        """Return the clients who were visited today, on these routes or beside them."""
        return frozenset(one.client_id for one in self.standing.visits)

    @property
    def retimed(self) -> frozenset[int]:
        """Return the collectors whose open stops have another order or start at another hour."""
        late = {int(client_id) for client_id in self.found.differences.later_s}
        return frozenset(
            int(route.shift_id)
            for route in self.found.plan.routes
            if any(int(stop.candidate_id) in late for stop in route.stops)
        )

    @property
    def kept(self) -> int:
        """Return how many open stops stay with their collector."""
        return len(self.found.differences.kept)


def preview_of(session: Session, today: PublishedDay, asked: DayChange, zone: ZoneInfo) -> Preview:
    """Work out what a change would do to today's published plan.

    Raises
    ------
    NotOnTheRoutes, NobodyCanGo, VisitForbidden, AppointmentOutsideTheLaw
        If the change makes no sense today, or is forbidden.
    PlanRejected
        If the independent check finds anything wrong with what was found.
    StreetsUnavailable
        If the travel times can't be had.
    """
    plan, routes = today.plan, today.routes
    in_force = tuple(one for repair in today.repairs for one in repair.change.every)
    asked = _settled(session, asked, today, in_force)
    standing = _standing(session, asked, today, in_force, zone)
    problem = day_problem(standing, asked, PlanPolicy())
    travel = _travel()
    found = _replanned(problem, standing.now_s, travel)
    loaded = {route.collector_id for route in standing.routes}
    breaches, checked = _legality(standing, found)
    return Preview(
        plan=plan,
        asked=asked,
        standing=standing,
        others=tuple(route for route in routes if route.collector_id not in loaded),
        problem=problem,
        found=found,
        travel=travel,
        moves=_moves(found),
        effects=_effects(standing, found),
        forbidden=problem.forbidden,
        checked=checked,
        breaches=breaches,
        fingerprint=_fingerprint(plan.id, found),
    )


def _settled(
    session: Session, asked: DayChange, today: PublishedDay, in_force: Sequence[DayChange]
) -> DayChange:
    """Return the change with who shares for the sick, and who is to visit the urgent clients."""
    sick = sick_of((*in_force, asked))
    shared = _each(asked, lambda one: _shared(session, one, today, sick))
    helpers = helpers_of((*in_force, shared))
    return _each(shared, lambda one: _entrusted(session, one, today, helpers))


def _each(asked: DayChange, settle: Callable[[DayChange], DayChange]) -> DayChange:
    """Return what happened with each part of it settled."""
    return replace(settle(asked), also=tuple(settle(one) for one in asked.also))


def _shared(
    session: Session, one: DayChange, today: PublishedDay, sick: Collection[int]
) -> DayChange:
    """Return the change with who shares the stops of the one who can't go on."""
    if one.kind is not RepairKind.SICK:
        return one
    able = tuple(who for who in one.shared_with if who not in sick)
    if not able:
        cards = _cards_of_routes(session, today.routes)
        able = nearest_to(one.collector_id or 0, today.routes, cards, sick)
    return replace(one, shared_with=able)


def _entrusted(
    session: Session,
    one: DayChange,
    today: PublishedDay,
    helpers: Mapping[int, tuple[int, ...]],
) -> DayChange:
    """Return the change with who is to visit the urgent client who is on no route yet.

    That is who answers for the zone, or who helps them and comes nearest.
    """
    is_new = one.kind is RepairKind.URGENT and visitor_of(today.routes, one.client_id) is None
    if not is_new or one.collector_id is not None:
        return one
    owner = owners(session, today.plan.day, [one.client_id or 0]).get(one.client_id or 0)
    who = owner.collector_id if owner else None
    if who is not None and who in helpers:
        cards = _cards_of_routes(session, today.routes)
        client = client_cards(session, [one.client_id or 0]).get(one.client_id or 0)
        who = nearest_of(helpers[who], client, today.routes, cards)
    return replace(one, collector_id=who)


def _cards_of_routes(session: Session, routes: Sequence[RouteRow]) -> dict[int, ClientCard]:
    return client_cards(session, [stop.client_id for route in routes for stop in route.stops])


def _standing(
    session: Session,
    asked: DayChange,
    today: PublishedDay,
    in_force: tuple[DayChange, ...],
    zone: ZoneInfo,
) -> DayStanding:
    plan, routes, hours = today.plan, today.routes, today.workdays
    helpers = helpers_of((*in_force, asked))
    reached = set[int]()
    for one in asked.every:
        reached |= reached_by(one, routes, hours, one.collector_id, helpers)
    visits = visits_between(session, *clock.local_day(plan.day, zone))
    reached |= _helpers(visits, [one for one in routes if one.collector_id in reached], routes)
    loaded = tuple(routes_of_plan(session, plan.id, reached))
    waiting = tuple(
        one for one in skipped_of_plan(session, plan.id, collectors=reached) if one.cause in WAITING
    )
    stops = {stop.client_id for route in loaded for stop in route.stops}
    ids = stops | {one.client_id for one in waiting}
    ids |= {one.client_id for one in asked.every if one.client_id is not None}
    return DayStanding(
        now_s=clock.second_of_day(clock.now(), zone),
        routes=loaded,
        workdays=hours,
        waiting=waiting,
        visits=tuple(
            one for one in visits if one.collector_id in reached or one.client_id in stops
        ),
        rows=day_rows(session, plan.day, zone, PlanPolicy(), ids),
        cards=client_cards(session, ids),
        currencies=other_currencies(session, ids - stops),
        in_force=in_force,
    )


def _helpers(
    visits: Sequence[VisitRow], loaded: Sequence[RouteRow], routes: Sequence[RouteRow]
) -> set[int]:
    """Return whoever else has visited clients of these routes today, and has a route."""
    stops = {stop.client_id for route in loaded for stop in route.stops}
    with_route = {route.collector_id for route in routes}
    return {one.collector_id for one in visits if one.client_id in stops} & with_route


def _travel() -> TravelTimes:
    return travel_of(travel_settings(current_app.config, Path(current_app.instance_path)))


def _replanned(problem: DayProblem, now_s: int, travel: TravelTimes) -> Replanned:
    """Plan anew and check what is left; who is left out is explained later."""
    try:
        found = replan(
            problem.problem,
            problem.plan,
            problem.changes,
            now_s,
            travel=travel,
            explain=False,
            follows_plan=False,
        )
    except TravelTimesUnavailable as error:
        raise StreetsUnavailable(str(error), source=travel.name) from error
    violations = [
        one
        for one in verify(found.rest.problem, found.rest_plan, found.rest.matrices)
        if one.rule is not Rule.FORGOTTEN  # nobody is explained yet
    ]
    if violations:
        log.error("the repaired plan was refused: %s", violations[0])
        raise PlanRejected(str(violations[0]), count=len(violations))
    return found


def _legality(standing: DayStanding, found: Replanned) -> tuple[dict[int, tuple[Block, ...]], int]:
    """Decide about every open stop from its beginning to its end, apart from the planner."""
    rows, visited = standing.rows, {one.client_id for one in standing.visits}
    by_client = {row.client_id: row for row in rows.candidates}
    breaches, checked = {}, 0
    for route in found.plan.routes:
        for stop in route.stops:
            client_id = int(stop.candidate_id)
            if client_id in visited or client_id not in by_client:
                continue
            checked += 1
            facts = by_client[client_id].contact_facts(rows.zone)
            blocks = blocks_of_visit(rows.profile, facts, rows.day, stop.starts_s, stop.leaves_s)
            if blocks is not None:
                breaches[client_id] = blocks
    return breaches, checked


def _moves(found: Replanned) -> tuple[StopMove, ...]:
    changed = found.differences
    return tuple(
        StopMove(
            int(one.candidate_id),
            None if one.from_shift is None else int(one.from_shift),
            None if one.to_shift is None else int(one.to_shift),
            one.why.value,
        )
        for one in (*changed.dropped, *changed.added, *changed.moved)
    )


def _effects(standing: DayStanding, found: Replanned) -> tuple[RouteEffect, ...]:
    before = {route.collector_id: route for route in standing.routes}
    made = {one.client_id for one in standing.visits}
    known = {stop.client_id: stop for route in standing.routes for stop in route.stops}
    return tuple(
        _effect(route, before.get(int(route.shift_id)), standing, made, known)
        for route in found.plan.routes
    )


def _effect(
    after: Route,
    before: RouteRow | None,
    standing: DayStanding,
    made: set[int],
    known: Mapping[int, StopRow],
) -> RouteEffect:
    who = int(after.shift_id)
    is_open = [one for one in after.stops if int(one.candidate_id) not in made]
    was_open = [one for one in before.stops if one.client_id not in made] if before else []
    visits = [one for one in standing.visits if one.collector_id == who]
    old_order = [one.client_id for one in was_open]
    new_order = [int(one.candidate_id) for one in is_open if int(one.candidate_id) in old_order]
    return RouteEffect(
        collector_id=who,
        name=before.collector_name if before else standing.workdays[who].name,
        made=len(visits),
        open_before=len(was_open),
        open_after=len(is_open),
        travel_before_s=sum(one.travel_s for one in was_open),
        travel_after_s=sum(one.travel_s for one in is_open),
        returns_before_s=before.returns_s if before else after.leaves_s,
        returns_after_s=after.returns_s,
        expected_before=summed((one.currency, one.prize_cents) for one in was_open),
        expected_after=summed(_expected(one, known, standing.currencies) for one in is_open),
        reordered=new_order != [one for one in old_order if one in new_order],
        last_visit_s=_last_s(visits, standing.rows.zone),
    )


def _expected(
    stop: PlannedStop, known: Mapping[int, StopRow], currencies: Mapping[int, str]
) -> tuple[str, int]:
    client_id = int(stop.candidate_id)
    old = known.get(client_id)
    if old is not None:
        return old.currency, cents_at(old, stop.starts_s)
    return currencies.get(client_id, USUAL_CURRENCY), stop.prize


def _last_s(visits: Sequence[VisitRow], zone: ZoneInfo) -> int | None:
    return clock.second_of_day(visits[-1].ended_at, zone) if visits else None


def _fingerprint(plan_id: int, found: Replanned) -> str:
    orders = [
        (route.shift_id, [stop.candidate_id for stop in route.stops]) for route in found.plan.routes
    ]
    return hashlib.sha256(repr((plan_id, orders)).encode()).hexdigest()[:16]


def names_of(preview: Preview) -> dict[int, str]:
    """Return the names of the collectors, by id, reached or not."""
    found = {route.collector_id: route.collector_name for route in preview.others}
    return found | {one.collector_id: one.name for one in preview.effects}


def cards_of(preview: Preview) -> Mapping[int, ClientCard]:
    """Return the cards of every client that the preview speaks of."""
    return preview.standing.cards
