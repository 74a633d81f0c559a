"""What a plan must keep, and how a breach is told."""

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """What a plan must keep; the value names the breach."""

    ROUTES = "routes_differ_from_shifts"
    UNKNOWN = "unknown_candidate"
    REPEATED = "repeated_candidate"
    FORGOTTEN = "forgotten_candidate"
    NOT_ALLOWED = "shift_not_allowed"
    TOO_MANY_STOPS = "too_many_stops"
    NO_WAY = "no_way"
    RIDE = "wrong_ride"
    WINDOW = "outside_window"
    SERVICE = "wrong_service"
    CLOCK = "wrong_clock"
    SHIFT = "outside_shift"
    BREAK = "wrong_break"
    CASH = "too_much_cash"
    GROUP = "group_visited_twice"
    TURN = "visited_before_its_turn"
    REST = "too_little_rest"
    DETOUR = "wrong_detour"
    PRIZE = "wrong_prize"
    PRICE = "wrong_price"
    TOTAL = "wrong_total"
    REASON = "wrong_reason"
    FACTS = "wrong_facts"
    LEFT_OUT = "left_out_although_it_fits_and_pays"


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach: the rule, its place in the plan such as ``routes[0].stops[3]``, and figures."""

    rule: Rule
    place: str
    detail: str

    def __str__(self) -> str:
        """Read as ``routes[0].stops[3]: outside_window: ...``."""
        return f"{self.place}: {self.rule}: {self.detail}"
