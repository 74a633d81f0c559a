"""The answer: who visits whom, when, and why the others are left for another day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Visit(NamedTuple):
    """A visit to be made; ``waits`` says that it is to start in a preferred window."""

    candidate_id: str
    waits: bool = False


Orders = Mapping[str, Sequence[Visit | str]]  # by shift id, in order; a plain id waits for nothing


class SkipReason(StrEnum):
    """Why a candidate is not visited within the horizon: what binds."""

    NO_LEGAL_WINDOW = "no_legal_window"  # the caller gave no window: no legal moment today
    OUTSIDE_SHIFT = "outside_shift"  # its windows and the shifts that may visit never meet
    UNREACHABLE = "unreachable"  # no street leads there
    NO_SHIFT = "no_shift"  # nobody who may visit works today
    NOT_WORTH_THE_TRIP = "not_worth_the_trip"  # its prize is below what the detour costs
    NO_TIME_LEFT = "no_time_left"  # would fit alone, but better visits fill the day
    MISSING_SKILL = "missing_skill"  # nobody who might come has the skills
    NOT_ALLOWED = "not_allowed"  # only collectors that are forbidden might come
    RESTING = "resting"  # the last contact is too recent on every day that somebody might come
    GROUP_TAKEN = "group_taken"  # somebody else of its group is visited
    WAITS_FOR = "waits_for"  # somebody has to be visited before, and is not, or not in time
    MAX_STOPS = "max_stops"  # would fit if the shift might make one more stop
    CASH_LIMIT = "cash_limit"  # would fit if the collector might carry more cash
    BREAKS = "breaks"  # would fit if nobody rested
    FITS = "fits"  # fits and pays: who made the orders left it out


@dataclass(frozen=True, slots=True)
class TakenBreak:
    """A rest as planned; seconds since local midnight, and seconds."""

    starts_s: int
    duration_s: int

    @property
    def ends_s(self) -> int:
        """Return when it is over."""
        return self.starts_s + self.duration_s


@dataclass(frozen=True, slots=True)
class PlannedStop:
    """One visit; all times are seconds since local midnight.

    ``arrives_s <= starts_s`` (waiting for a window, or a break, lies between) and ``leaves_s`` is
    ``starts_s`` plus the length of the visit.

    Attributes
    ----------
    travel_s, travel_m : int
        Of the ride that ends here. It begins at ``arrives_s - travel_s``, which is later than the
        stop before is left where a break is taken there or where waiting shortens the ride.
    prize : int, points
        What this visit brings: the prize of a first visit, ``repeat_prize`` of a later one.
    detour_s : int
        What leaving this stop out would save on the road: its rides there and onward, less the
        direct ride at the hour of setting out for here.
    detour_cost : int, points
        The same at the price of travel, rounded down.
    outside_price : int, points
        Taken off because the visit starts in no preferred window.
    moved_price : int, points
        Taken off because another shift was published to make the visit.
    waits : bool
        The visit was put off until a preferred window.
    breaks : tuple[TakenBreak, ...]
        Taken since the stop before was left and before this visit starts, never while riding.
    """

    candidate_id: str
    arrives_s: int
    starts_s: int
    leaves_s: int
    travel_s: int
    travel_m: int
    prize: int
    detour_s: int
    detour_cost: int = 0
    outside_price: int = 0
    moved_price: int = 0
    waits: bool = False
    breaks: tuple[TakenBreak, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """The day of one shift; ``travel_s`` and ``travel_m`` include the ride to the end point.

    ``leaves_s`` is when the first ride begins, ``returns_s`` when everything is over:
    ``breaks_at_end``, taken after the last visit is left, included.
    """

    shift_id: str
    stops: tuple[PlannedStop, ...]
    leaves_s: int
    returns_s: int
    travel_s: int
    travel_m: int
    breaks_at_end: tuple[TakenBreak, ...] = ()


class ChangeKind(StrEnum):
    """What would bring a candidate in; each is one change, and everything else stays."""

    ADD = "add"  # it fits as things are
    ADD_STOP_SLOT = "add_stop_slot"  # one more stop on a shift
    LENGTHEN_SHIFT = "lengthen_shift"  # a shift ends later
    WIDEN_WINDOW = "widen_window"  # its own window opens earlier or closes later
    ALLOW_SHIFT = "allow_shift"  # a shift that may not visit it
    RAISE_CASH_LIMIT = "raise_cash_limit"
    SWAP_FOR = "swap_for"  # somebody else gives way
    RAISE_PRIZE = "raise_prize"


@dataclass(frozen=True, slots=True)
class Change:
    """The cheapest change that would bring a candidate in, with its figures.

    ``facts`` holds ``shift`` (whose route), ``detour_s`` (of the visit then) and, by kind:
    ``seconds`` (how much longer, or wider), ``points`` (how much more prize or cash; for a swap
    what the plan loses, which may be below 0), ``candidate`` (who gives way). Whether a window may
    be widened (the house's) or not (the law's) is for the caller to know.
    """

    kind: ChangeKind
    facts: dict[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A candidate left out, with the reason and the figures behind it.

    ``facts`` may hold ``prize``, ``detour_s`` (best place in a route that may visit; where none
    fits, regardless of the clock and of all limits), ``detour_cost`` (the same at the price of
    travel), ``price`` (taken off the prize there: no preferred window, another shift than
    published), ``shift`` (whose route that is), ``rested_day`` (the first day that is legal),
    ``other`` (who of the group is visited) and ``waits_for`` (who has to be visited before).
    """

    candidate_id: str
    reason: SkipReason
    facts: dict[str, int | str] = field(default_factory=dict)
    change: Change | None = None


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
