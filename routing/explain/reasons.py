"""Why a candidate is visited by nobody: the rule or the figure that binds."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from routing.explain.changes import Stopped, cheapest_changes
from routing.explain.state import Offer, State
from routing.explain.worth import SECONDS_PER_HOUR, is_required_on, travel_cost
from routing.measure import allowed_shifts, is_rested, may_visit, visiting_shifts, windows_on
from routing.plan import Skipped, SkipReason
from routing.problem import Candidate, Problem, Shift
from routing.timetable import Timetable

Facts = dict[str, int | str]

# What a shift without each limit looks like, and what it is called when that limit alone binds.
_LIMITS: tuple[tuple[SkipReason, Callable[[Shift], bool], dict[str, Any]], ...] = (
    (SkipReason.MAX_STOPS, lambda shift: shift.max_stops is not None, {"max_stops": None}),
    (SkipReason.CASH_LIMIT, lambda shift: shift.cash_limit is not None, {"cash_limit": None}),
    (SkipReason.BREAKS, lambda shift: bool(shift.breaks), {"breaks": ()}),
)


def left_out(
    state: State, *, swaps_too: bool = True, should_stop: Callable[[], bool] | None = None
) -> Iterator[Skipped]:
    """Yield the reason of each candidate of a part whom nobody visits, and what would help.

    Once `should_stop` says so nobody is told what would help, which takes most of the time.
    """
    offers = state.offers()
    found = {number: _left_out(state, number, offers[number]) for number in state.pool.tolist()}
    reasons = {number: one.reason for number, one in found.items()}
    try:
        changes = cheapest_changes(state, reasons, swaps_too=swaps_too, should_stop=should_stop)
    except Stopped:
        changes = {}
    for number, skipped in found.items():
        yield replace(skipped, change=changes.get(number))


def never(problem: Problem, candidate: Candidate) -> Skipped:
    """Explain a candidate that is in no part: nobody can come, whatever the routes."""
    facts: Facts = {"prize": candidate.prize}
    return Skipped(candidate.id, *_never(problem, candidate, facts))


def _never(problem: Problem, candidate: Candidate, facts: Facts) -> tuple[SkipReason, Facts]:
    if not candidate.windows:
        return SkipReason.NO_LEGAL_WINDOW, facts
    allowed = allowed_shifts(problem, candidate)
    if not allowed:
        return _nobody(problem, candidate), facts
    if not visiting_shifts(problem, candidate):
        with_window = [shift for shift in allowed if windows_on(candidate, shift.day)]
        rests = with_window and not any(is_rested(candidate, one.day) for one in with_window)
        if rests and candidate.last_contact_day is not None:
            rested = candidate.last_contact_day + candidate.min_rest_days
            return SkipReason.RESTING, facts | {"rested_day": rested}
        return SkipReason.OUTSIDE_SHIFT, facts
    return SkipReason.WAITS_FOR, facts | {"waits_for": min(candidate.after)}


def _nobody(problem: Problem, candidate: Candidate) -> SkipReason:
    """Tell what keeps everybody from visiting."""
    unskilled = replace(candidate, skills=frozenset())
    if any(may_visit(shift, unskilled) for shift in problem.shifts):
        return SkipReason.MISSING_SKILL
    welcome = replace(candidate, forbidden_collectors=frozenset())
    if any(may_visit(shift, welcome) for shift in problem.shifts):
        return SkipReason.NOT_ALLOWED
    return SkipReason.NO_SHIFT


def _left_out(state: State, number: int, offer: Offer | None) -> Skipped:
    candidate = state.part.candidates[number]
    facts: Facts = {"prize": candidate.prize}
    bound = _bound(state, number, facts)
    if bound is not None:
        return Skipped(candidate.id, *bound)
    if offer is None:
        return Skipped(candidate.id, SkipReason.NO_TIME_LEFT, facts)
    facts |= offer_facts(state, candidate, offer)
    if not pays(state, candidate, offer):
        return Skipped(candidate.id, SkipReason.NOT_WORTH_THE_TRIP, facts)
    reason = SkipReason.FITS if offer.fits else _limit_that_binds(state, number)
    return Skipped(candidate.id, reason, facts)


def _bound(state: State, number: int, facts: Facts) -> tuple[SkipReason, Facts] | None:
    """Tell what keeps a candidate out whatever its place in the routes would be."""
    candidate = state.part.candidates[number]
    impossible = _impossible(state, number)
    if impossible is not None:
        return impossible, facts
    other = state.horizon.visited_of_group(candidate)
    if other is not None:
        return SkipReason.GROUP_TAKEN, facts | {"other": other}
    if not _has_turn(state, candidate):
        first = state.horizon.waits_for(candidate) or min(candidate.after)
        return SkipReason.WAITS_FOR, facts | {"waits_for": first}
    return None


def offer_facts(state: State, candidate: Candidate, offer: Offer) -> Facts:
    """Return the figures of a place."""
    shift = state.tables[offer.table].shift
    cost = travel_cost(offer.detour_s, state.part.travel_cost_per_hour)
    facts: Facts = {"detour_s": offer.detour_s, "detour_cost": cost, "shift": shift.id}
    if offer.points < candidate.prize:
        facts["price"] = candidate.prize - offer.points
    return facts


def pays(state: State, candidate: Candidate, offer: Offer) -> bool:
    """Tell whether a place is worth its detour, or is taken whatever it costs."""
    cost = offer.detour_s * state.part.travel_cost_per_hour
    day = state.tables[offer.table].shift.day
    return offer.points * SECONDS_PER_HOUR > cost or is_required_on(state.part, candidate, day)


def _impossible(state: State, number: int) -> SkipReason | None:
    """Tell why not even an empty day would have room."""
    if not any(table.reachable[number] for table in state.tables):
        return SkipReason.UNREACHABLE
    if any(table.visitable[number] for table in state.tables):
        return None
    for reason, is_limited, without in (_LIMITS[1], _LIMITS[2]):
        relaxed = (one.under(**without) for one in state.tables if is_limited(one.shift))
        if any(_fits_alone(table, number) for table in relaxed):
            return reason
    return SkipReason.OUTSIDE_SHIFT


def _fits_alone(table: Timetable, number: int) -> bool:
    return bool(table.insertions([], np.array([number])).fits.any())


def _has_turn(state: State, candidate: Candidate) -> bool:
    """Tell whether all whom a candidate waits for are visited early enough for somebody."""
    return not candidate.after or any(
        state.horizon.first_position(candidate, table.shift) is not None
        for table in state.tables
        if may_visit(table.shift, candidate)
    )


def _limit_that_binds(state: State, number: int) -> SkipReason:
    """Tell which limit alone keeps a visit that pays out of every route; else it is time."""
    pool = np.array([number])
    for reason, is_limited, without in _LIMITS:
        for v, table in enumerate(state.tables):
            if is_limited(table.shift) and _fits_in(state, v, table.under(**without), pool):
                return reason
    return SkipReason.NO_TIME_LEFT


def _fits_in(state: State, v: int, table: Timetable, pool: Any) -> bool:
    order = state.orders[v]
    in_turn = state.in_turn(v, pool, len(order) + 1)
    for waits, some in state.ways(pool):
        found = table.insertions(order, some, state.waits[v], waiting=waits)
        if (found.fits & in_turn & state.pays(v, some, found, waits=waits)).any():
            return True
    return False
