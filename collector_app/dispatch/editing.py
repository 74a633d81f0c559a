"""From what somebody asks of the board to what it does: read, put in order, time, price."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.core.edits import NothingToRedo, NothingToTakeBack, check_version
from collector_app.dispatch.making_room import with_room
from collector_app.dispatch.optimising import WHILE_PEOPLE_WAIT, BoardSearch, better_sequences
from collector_app.dispatch.queries import (
    BoardPage,
    board_page,
    facts_of_left_out,
    unassigned,
)
from collector_app.dispatch.retiming import Standing, best_place, timed
from collector_app.dispatch.rules import (
    BoardEditKind,
    BoardRoute,
    BoardState,
    BoardUnderWay,
    Cost,
    Effect,
    Optimise,
    Order,
    PlaceStop,
    Redo,
    TakeBack,
    What,
    cost_between,
    kind_of,
    marks_after,
    sequences_after,
    what_of,
)
from collector_app.planning.prizes import prize_of
from collector_app.planning.queries import CandidateRow, DayRows, day_rows
from collector_app.planning.rules import AimWeights, DayIsPast, PlanPolicy
from collector_app.planning.worth import WEIGHED_FACT, expected_if_left_out, worth_cents
from collector_app.portfolio.queries import other_currencies
from collector_app.repairs.day_problem import WAITING
from collector_app.visits.queries import visits_between
from routing.travel.times import TravelTimes


@dataclass(frozen=True, slots=True)
class Drafted:
    """An edit worked out but not stored: what it is, what it costs, what the board becomes."""

    kind: BoardEditKind
    what: What
    cost: Cost
    effect: Effect


def drafted(
    session: Session,
    plan_id: int,
    seen: int,
    order: Order,
    *,
    zone: ZoneInfo,
    travel: TravelTimes,
    search: BoardSearch = WHILE_PEOPLE_WAIT,
) -> Drafted:
    """Work out an edit on the version that somebody looked at; nothing is stored.

    `search` says how long to look for better routes, where the order is to do so.

    Raises
    ------
    NotFound, StaleDraft, DayIsPast, BoardUnderWay
        When there is no such plan, others edited it meanwhile, or it is too late.
    NothingToTakeBack, NothingToRedo, NotOnTheBoard, StopHeld, StopForbidden, StopDoesNotFit
        When the order itself can't be followed, or would be against the law.
    """
    page = board_page(session, plan_id)
    check_version(seen, page.version)
    check_day(session, page, zone)
    if isinstance(order, TakeBack | Redo):
        return _turned(page, order)
    if isinstance(order, PlaceStop) and order.position is None and not order.makes_room:
        order = _at_best_place(session, page, order, zone, travel)
    if isinstance(order, Optimise):
        sequences = _better(session, page, zone, travel, search)
    else:
        sequences = sequences_after(order, page.state)
    if isinstance(order, PlaceStop) and order.makes_room:
        sequences = {**sequences, order.collector_id: _roomy(session, page, order, zone, travel)}
    routes: tuple[BoardRoute, ...] = ()
    if sequences:
        ids = {one for sequence in sequences.values() for one in sequence}
        routes = timed(sequences, standing_of(session, page, ids, zone), travel)
    effect = Effect(routes, marks_after(order, page.state))
    after = page.state.after(effect)
    return Drafted(
        kind_of(order, page.state),
        what_of(order, page.state, after),
        cost_between(page.state, after, _currencies(session, page, after)),
        effect,
    )


def check_day(session: Session, page: BoardPage, zone: ZoneInfo) -> None:
    """Refuse to edit a day that is over, or one that collectors are working on.

    Raises
    ------
    DayIsPast, BoardUnderWay
        The day under way is repaired instead, which knows the visits made.
    """
    day = page.plan.day
    if day < clock.today(zone):
        raise DayIsPast(day=day.isoformat())
    if page.plan.is_published and visits_between(session, *clock.local_day(day, zone)):
        raise BoardUnderWay(plan=page.plan.id)


def standing_of(
    session: Session, page: BoardPage, client_ids: Collection[int], zone: ZoneInfo
) -> Standing:
    """Read what decides about some clients; planned stops know what another hour brings."""
    policy = PlanPolicy()
    rows = day_rows(session, page.plan.day, zone, policy, client_ids)
    known = {
        stop.client_id: stop.prize_cents
        for state in (page.start, page.state)
        for route in state.routes.values()
        for stop in route.stops
    }
    newcomers = [
        row
        for row in rows.candidates
        if row.client_id not in known and row.client_id not in rows.unscored
    ]
    fresh = _expected(session, page.plan.id, newcomers, rows)
    weights = AimWeights.of_plan(page.plan.parameters)
    return Standing(rows, page.hours, known | fresh, policy, weights, page.stops)


def _expected(
    session: Session, plan_id: int, newcomers: Collection[CandidateRow], rows: DayRows
) -> dict[int, int]:
    """Return what visits to clients left out are expected to bring, by what the plan had learned.

    Assumptions alone would make them worth several times those that the plan chose before them.
    """
    facts = facts_of_left_out(session, plan_id, {row.client_id for row in newcomers})
    found = {}
    for row in newcomers:
        planned = expected_if_left_out(facts.get(row.client_id, {}))
        found[row.client_id] = prize_of(row, rows).expected_cents if planned is None else planned
    return found


def _turned(page: BoardPage, order: TakeBack | Redo) -> Drafted:
    if isinstance(order, TakeBack) and not page.can_undo:
        raise NothingToTakeBack
    if isinstance(order, Redo) and not page.can_redo:
        raise NothingToRedo
    effect = Effect((), page.state.marks)  # of no account: what holds follows from the others
    return Drafted(kind_of(order, page.state), What(), Cost(), effect)


def _currencies(session: Session, page: BoardPage, after: BoardState) -> Mapping[int, str]:
    new = after.visitors.keys() - page.state.visitors.keys()
    return {**page.currencies, **other_currencies(session, new)} if new else page.currencies


def _at_best_place(
    session: Session, page: BoardPage, order: PlaceStop, zone: ZoneInfo, travel: TravelTimes
) -> PlaceStop:
    others = [
        one
        for one in sequences_after(order, page.state)[order.collector_id]
        if one != order.client_id
    ]
    standing = standing_of(session, page, {*others, order.client_id}, zone)
    place = best_place(order.client_id, order.collector_id, others, standing, travel)
    return replace(order, position=place)


def _roomy(
    session: Session, page: BoardPage, order: PlaceStop, zone: ZoneInfo, travel: TravelTimes
) -> tuple[int, ...]:
    now = page.state.routes[order.collector_id].clients
    others = [one for one in now if one != order.client_id]
    standing = standing_of(session, page, {*others, order.client_id}, zone)
    return with_room(order, others, page.state.marks.held, standing, travel)


def _better(
    session: Session, page: BoardPage, zone: ZoneInfo, travel: TravelTimes, search: BoardSearch
) -> Mapping[int, tuple[int, ...]]:
    waiting = [
        one
        for one in unassigned(session, page, WAITING).rows
        if one.client_id not in page.state.marks.removed
    ]
    ids = {*page.state.visitors, *(one.client_id for one in waiting)}
    standing = standing_of(session, page, ids, zone)
    worth = {stop.client_id: worth_cents(stop, standing.policy) for stop in page.stops.values()}
    worth |= {
        one.client_id: one.facts[WEIGHED_FACT] for one in waiting if WEIGHED_FACT in one.facts
    }
    return better_sequences(page.state, waiting, worth, standing, travel, search)
