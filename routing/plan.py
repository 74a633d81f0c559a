"""The answer: who visits whom, when, and why the others are left for another day."""

from dataclasses import dataclass, field
from enum import StrEnum


class SkipReason(StrEnum):
    """Why a candidate is not visited today."""

    NO_LEGAL_WINDOW = "no_legal_window"  # the caller gave no window: no legal moment today
    OUTSIDE_SHIFT = "outside_shift"  # its windows and the shifts that may visit never meet
    UNREACHABLE = "unreachable"  # no street leads there
    NO_SHIFT = "no_shift"  # nobody who may visit works today
    NOT_WORTH_THE_TRIP = "not_worth_the_trip"  # its prize is below what the detour costs
    NO_TIME_LEFT = "no_time_left"  # would fit alone, but better visits fill the day


@dataclass(frozen=True, slots=True)
class PlannedStop:
    """One visit; all times are seconds since local midnight.

    ``arrives_s <= starts_s`` (waiting for a window lies between) and
    ``leaves_s = starts_s + service_s``. ``travel_s`` and ``travel_m`` are of the ride that ends
    here. ``detour_s`` is what leaving this stop out would save on the road.
    """

    candidate_id: str
    arrives_s: int
    starts_s: int
    leaves_s: int
    travel_s: int
    travel_m: int
    prize: int
    detour_s: int


@dataclass(frozen=True, slots=True)
class Route:
    """The day of one shift; ``travel_s`` and ``travel_m`` include the ride to the end point."""

    shift_id: str
    stops: tuple[PlannedStop, ...]
    leaves_s: int
    returns_s: int
    travel_s: int
    travel_m: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A candidate left out, with the reason and the figures behind it.

    ``facts`` may hold ``prize``, ``detour_s`` (cheapest insertion into a route that may visit),
    ``detour_cost`` (the same at the price of travel) and ``shift`` (which route that would be).
    """

    candidate_id: str
    reason: SkipReason
    facts: dict[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """Routes in the order of the problem's shifts, and everybody who is in none of them."""

    routes: tuple[Route, ...]
    skipped: tuple[Skipped, ...]
    prize: int
    travel_source: str
    is_estimate: bool
    seed: int
    solver: str
