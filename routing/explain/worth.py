"""What one more visit would bring, by shift, in exact integers."""

from routing.measure import required_until
from routing.problem import Candidate, Problem

SECONDS_PER_HOUR = 3600


def travel_cost(detour_s: int, cost_per_hour: int) -> int:
    """Return the price of a detour in whole points, rounded down.

    Rounded down, ``prize <= travel_cost`` says exactly that the trip does not pay.
    """
    return detour_s * cost_per_hour // SECONDS_PER_HOUR


def is_required_on(problem: Problem, candidate: Candidate, day: int) -> bool:
    """Tell whether a visit on this day is made whatever it costs."""
    until = required_until(problem, candidate)
    return until is not None and day <= until


def has_two_ways(candidate: Candidate) -> bool:
    """Tell whether waiting for a preferred window can bring more than not waiting."""
    return bool(candidate.preferred) and candidate.outside_price > 0
