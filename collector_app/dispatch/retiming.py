"""Hours for routes that were put together by hand: as early as the law lets each visit begin.

Whoever may not be visited has no place on a route: the law decides again for each stop, and what
it closes is refused with its article. What comes out is checked once more, apart from this.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from collector_app.compliance.rules import Block
from collector_app.dispatch.rules import BoardRoute, BoardStop, StopDoesNotFit, StopForbidden, Unfit
from collector_app.planning.problem_builder import (
    PreSkipped,
    candidate_id,
    candidate_of,
    road_price,
    shift_id,
    shift_of,
)
from collector_app.planning.queries import (
    CandidateRow,
    DayRows,
    StopRow,
    WorkdayRow,
    blocks_of_visit,
)
from collector_app.planning.rules import (
    AimWeights,
    PlanPolicy,
    PlanRejected,
    SkipCause,
    StreetsUnavailable,
)
from collector_app.planning.worth import cents_at
from collector_app.web.maps import encode_line
from routing.errors import InvalidProblem, TravelTimesUnavailable
from routing.explain import plan_of
from routing.geo import Point
from routing.measure import Matrices, Measured, measure
from routing.plan import PlannedStop, Route
from routing.problem import Candidate, Problem, Shift
from routing.travel.times import UNREACHABLE, TravelTimes
from routing.verifier import verify

log = logging.getLogger(__name__)

Sequences = Mapping[int, Sequence[int]]  # clients in order, by collector


@dataclass(frozen=True)
class Standing:
    """What decides about the clients of some routes, read at one moment.

    Attributes
    ----------
    rows : DayRows
        Of every client that is asked about.
    hours : mapping of collector id to WorkdayRow
    prizes : mapping of client id to cents
        What each visit is expected to bring, at the hour at which it was planned.
    planned : mapping of client id to StopRow
        The stops of the plan, which know what another hour brings.
    weights : AimWeights
        Those that the plan was made with.
    """

    rows: DayRows
    hours: Mapping[int, WorkdayRow]
    prizes: Mapping[int, int]
    policy: PlanPolicy
    weights: AimWeights
    planned: Mapping[int, StopRow] = field(default_factory=dict)

    def expected_cents(self, client_id: int, starts_s: int) -> int:
        """Return what a visit is expected to bring that begins at a second of the day."""
        stop = self.planned.get(client_id)
        return self.prizes.get(client_id, 0) if stop is None else cents_at(stop, starts_s)

    def row(self, client_id: int) -> CandidateRow | None:
        """Return what decides about a client; None when nothing speaks for a visit."""
        return self._by_client.get(client_id)

    @cached_property
    def _by_client(self) -> dict[int, CandidateRow]:
        return {one.client_id: one for one in self.rows.candidates}


def timed(
    sequences: Sequences, standing: Standing, travel: TravelTimes, *, draw: bool = True
) -> tuple[BoardRoute, ...]:
    """Return the routes that make exactly these visits in this order.

    Raises
    ------
    StopForbidden
        If somebody may not be visited that day.
    StopDoesNotFit
        If a visit can't be made in time, or the collector would come home too late.
    StreetsUnavailable, PlanRejected
        If the travel times can't be had, or the independent check finds anything wrong.
    """
    problem = problem_of(sequences, standing)
    orders = {
        shift_id(who): [candidate_id(one) for one in order] for who, order in sequences.items()
    }
    matrices = measured(problem, travel)
    try:
        plan = plan_of(problem, matrices, orders)
    except InvalidProblem as error:
        raise fault_of(problem, matrices, orders, standing) from error
    violations = verify(problem, plan, matrices)
    if violations:
        log.error("an edit of the board was refused: %s", violations[0])
        raise PlanRejected(str(violations[0]), count=len(violations))
    for route in plan.routes:
        _check_law(route, standing)
    return tuple(
        board_route(route, shift, standing, _line(route, shift, problem, travel) if draw else "")
        for shift, route in zip(problem.shifts, plan.routes, strict=True)
    )


def best_place(
    client_id: int,
    collector_id: int,
    others: Sequence[int],
    standing: Standing,
    travel: TravelTimes,
) -> int:
    """Return the position from 1 at which a visit fits and adds least to the road.

    Raises
    ------
    StopForbidden, StopDoesNotFit
        If there is none.
    """
    problem = problem_of({collector_id: (*others, client_id)}, standing)
    matrices = measured(problem, travel)
    tried: dict[int, int] = {}
    for at in range(len(others) + 1):
        order = [candidate_id(one) for one in (*others[:at], client_id, *others[at:])]
        try:
            plan = plan_of(problem, matrices, {shift_id(collector_id): order})
        except InvalidProblem:
            continue
        tried[at] = plan.routes[0].travel_s
    if tried:
        return min(tried, key=lambda at: tried[at]) + 1
    last = {shift_id(collector_id): [candidate_id(one) for one in (*others, client_id)]}
    raise fault_of(problem, matrices, last, standing)


def measured(problem: Problem, travel: TravelTimes) -> Matrices:
    """Return the travel times of a problem.

    Raises
    ------
    StreetsUnavailable
        If they can't be had.
    """
    try:
        return measure(problem, travel)
    except TravelTimesUnavailable as error:
        raise StreetsUnavailable(str(error), source=travel.name) from error


def problem_of(sequences: Sequences, standing: Standing) -> Problem:
    """State routes as a problem in which each stop belongs to its collector.

    Raises
    ------
    StopForbidden
        If somebody may not be visited that day, with the cause.
    """
    return Problem(
        shifts=tuple(shift_of(standing.hours[who]) for who in sequences),
        candidates=tuple(
            _candidate(client_id, who, standing)
            for who, order in sequences.items()
            for client_id in order
        ),
        travel_cost_per_hour=road_price(standing.policy, standing.weights),
    )


def board_route(route: Route, shift: Shift, standing: Standing, path: str) -> BoardRoute:
    """Return a route of a plan as the board keeps it."""
    return BoardRoute(
        collector_id=int(shift.id),
        stops=tuple(_stop(one, standing) for one in route.stops),
        leaves_s=route.leaves_s,
        returns_s=route.returns_s,
        travel_s=route.travel_s,
        travel_m=route.travel_m,
        path=path,
    )


def may_visit(client_id: int, collector_id: int, standing: Standing) -> Candidate | PreSkipped:
    """Return the client as a stop of a collector, or what keeps everybody from a visit."""
    row = standing.row(client_id)
    if row is None:
        return PreSkipped(client_id, collector_id, SkipCause.NOTHING_OVERDUE)
    theirs = replace(row, zone_id=row.zone_id or 0, collector_id=collector_id)
    return candidate_of(theirs, standing.rows, {collector_id}, standing.policy)


def _candidate(client_id: int, collector_id: int, standing: Standing) -> Candidate:
    made = may_visit(client_id, collector_id, standing)
    if isinstance(made, PreSkipped):
        raise StopForbidden(client=client_id, cause=made.cause.value, details=made.facts)
    return replace(made, prize=standing.prizes.get(client_id, 0), required=True)


def _stop(stop: PlannedStop, standing: Standing) -> BoardStop:
    client_id = int(stop.candidate_id)
    return BoardStop(
        client_id,
        stop.arrives_s,
        stop.starts_s,
        stop.leaves_s,
        stop.travel_s,
        stop.travel_m,
        stop.detour_s,
        standing.expected_cents(client_id, stop.starts_s),
    )


def _line(route: Route, shift: Shift, problem: Problem, travel: TravelTimes) -> str:
    if not route.stops:
        return ""
    points = {one.id: one.point for one in problem.candidates}
    visits = [points[stop.candidate_id] for stop in route.stops]
    ends = [shift.end] if shift.end is not None else []
    legs = travel.legs([shift.start, *visits, *ends], shift.profile, route.leaves_s)
    return encode_line([point for leg in legs for point in leg.points])


def _check_law(route: Route, standing: Standing) -> None:
    """Decide about every stop from its beginning to its end, apart from how it was timed."""
    rows = standing.rows
    for stop in route.stops:
        row = standing.row(int(stop.candidate_id))
        assert row is not None  # noqa: S101 - it became a candidate
        facts = row.contact_facts(rows.zone)
        blocks = blocks_of_visit(rows.profile, facts, rows.day, stop.starts_s, stop.leaves_s)
        if blocks is not None:
            details = {"blocks": [asdict(one) for one in blocks]}
            cause = SkipCause.NO_LEGAL_WINDOW.value
            raise StopForbidden(client=row.client_id, cause=cause, details=details)


# -- why an order can't be kept


def fault_of(
    problem: Problem, matrices: Matrices, orders: Mapping[str, Sequence[str]], standing: Standing
) -> StopDoesNotFit:
    """Return the first stop that can't be made, and what keeps it from its place."""
    for shift in problem.shifts:
        order = orders.get(shift.id, ())
        kept = _longest_start(problem, matrices, shift, order)
        if kept is not None:
            return _fault(problem, matrices[shift.id], shift, order, kept, standing)
    message = f"no order of {sorted(orders)} fails alone"
    raise PlanRejected(message, count=1)


def _longest_start(
    problem: Problem, matrices: Matrices, shift: Shift, order: Sequence[str]
) -> Route | None:
    """Return the day up to the first stop that can't be made; None when all can."""
    kept = Route(shift.id, (), shift.window.start_s, shift.window.start_s, 0, 0)
    number = problem.shifts.index(shift)
    for count in range(1, len(order) + 1):
        try:
            plan = plan_of(problem, matrices, {shift.id: order[:count]})
        except InvalidProblem:
            return kept
        kept = plan.routes[number]
    return None


def _fault(
    problem: Problem,
    rides: Measured,
    shift: Shift,
    order: Sequence[str],
    kept: Route,
    standing: Standing,
) -> StopDoesNotFit:
    candidates = {one.id: one for one in problem.candidates}
    here = candidates[kept.stops[-1].candidate_id].point if kept.stops else shift.start
    free_s = kept.stops[-1].leaves_s if kept.stops else shift.window.start_s
    next_one = candidates[order[len(kept.stops)]]
    if shift.max_stops is not None and len(kept.stops) >= shift.max_stops:
        limit = _Limit(Unfit.MAX_STOPS, until_s=shift.max_stops)
    else:
        limit = _limit(next_one, shift, rides, here, free_s, standing)
    return StopDoesNotFit(
        client=int(next_one.id),
        collector=int(shift.id),
        why=limit.why.value,
        at_s=limit.at_s,
        until_s=limit.until_s,
        blocks=[asdict(one) for one in limit.blocks],
    )


class _Limit(NamedTuple):
    """What a visit runs into; ``until_s`` is a number of visits where these are the limit."""

    why: Unfit
    at_s: int = 0
    until_s: int = 0
    blocks: Sequence[Block] = ()


def _limit(
    candidate: Candidate,
    shift: Shift,
    rides: Measured,
    here: Point,
    free_s: int,
    standing: Standing,
) -> _Limit:
    there_s = ride_s(rides, here, candidate.point)
    home_s = ride_s(rides, candidate.point, shift.end) if shift.end else 0
    if there_s is None or home_s is None:
        return _Limit(Unfit.NO_WAY)
    at_s = free_s + there_s
    opens = [window for window in candidate.windows if window.end_s >= at_s]
    if not opens:
        until_s = max(window.end_s for window in candidate.windows)
        return _Limit(Unfit.WINDOW, at_s, until_s, _blocks(candidate, at_s, standing))
    leaves_s = max(at_s, min(window.start_s for window in opens)) + candidate.stay_s
    return _Limit(Unfit.SHIFT, leaves_s + home_s, shift.window.end_s)


def _blocks(candidate: Candidate, at_s: int, standing: Standing) -> Sequence[Block]:
    """Return the rules of the law that close the hour; none when an appointment does."""
    row, rows = standing.row(int(candidate.id)), standing.rows
    if row is None:
        return ()
    facts = row.contact_facts(rows.zone)
    return blocks_of_visit(rows.profile, facts, rows.day, at_s, at_s + candidate.stay_s) or ()


def ride_s(rides: Measured, origin: Point, goal: Point) -> int | None:
    """Return the seconds of a ride in the morning; None where no street leads there."""
    number = {point: i for i, point in enumerate(rides.points)}
    seconds = int(rides.matrix.seconds[number[origin], number[goal]])
    return None if seconds == UNREACHABLE else seconds
