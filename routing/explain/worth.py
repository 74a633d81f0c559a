"""What one more visit would bring, by shift, in exact integers."""

from routing.measure import required_until
from routing.problem import Candidate, Problem, Shift

SECONDS_PER_HOUR = 3600


def travel_cost(detour_s: int, cost_per_hour: int) -> int:
    """Return the price of a detour in whole points, rounded down.

    Rounded down, ``prize <= travel_cost`` says exactly that the trip does not pay.
    """
    return detour_s * cost_per_hour // SECONDS_PER_HOUR


def points_of(problem: Problem, candidate: Candidate, shift: Shift, *, inside: bool) -> int:
    """Return what a first visit brings before travel.

    The prize, and what dropping a published candidate would cost; less the price of another
    shift's visit and of a start in no preferred window. Unfairness is left aside.
    """
    points = candidate.prize
    if candidate.published_shift is not None:
        points += problem.prices.dropped
        points -= problem.prices.moved if candidate.published_shift != shift.id else 0
    if candidate.preferred and not inside:
        points -= candidate.outside_price
    return points


def is_required_on(problem: Problem, candidate: Candidate, day: int) -> bool:
    """Tell whether a visit on this day is made whatever it costs."""
    until = required_until(problem, candidate)
    return until is not None and day <= until


def has_two_ways(candidate: Candidate) -> bool:
    """Tell whether waiting for a preferred window can bring more than not waiting."""
    return bool(candidate.preferred) and candidate.outside_price > 0
