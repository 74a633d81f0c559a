"""Zones as rules: periods that follow one another, proposals, what can be refused.

A new period ends the old ones the day before it begins:

    before   |----- A -----------------------...        |---- B (not begun yet) ----...
    new C               |------------------------------------------------------------...
    after    |--- A ---||------ C -----------------------------------------------------...
                                                         B: last day before its first: never
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from collector_app.core.errors import InvalidInput, RuleBroken, StaleData

# More newcomers than this since a proposal was drawn and its figures no longer describe it.
MAX_NEWCOMER_SHARE = 0.20
MAX_ZONES = 200


class TooManyZones(RuleBroken):
    """More zones were asked for than there are distinct locations of clients."""

    code = "too_many_zones"


class BadZoneCount(InvalidInput):
    """Fewer than one zone was asked for, or more than anybody could read on a map."""

    code = "bad_zone_count"


class NotACollector(RuleBroken):
    """Only active collectors answer for zones."""

    code = "not_a_collector"


class NobodyToPlace(RuleBroken):
    """No client has a location, so that no zone can be drawn."""

    code = "no_located_clients"


class ProposalClosed(RuleBroken):
    """The proposal was accepted or discarded before."""

    code = "proposal_closed"


class StaleProposal(StaleData):
    """The proposal describes a cartera, or zones, that are no longer these."""

    code = "stale_proposal"


class DayIsOver(RuleBroken):
    """The past can't be changed: somebody answered for those clients on that day."""

    code = "day_is_over"


@dataclass(frozen=True, slots=True)
class ProposedZone:
    """A zone that a person may accept.

    Attributes
    ----------
    outline : dict
        GeoJSON geometry, for drawing only.
    month_h : float, hours
        Expected work of a month, see `workload.MonthlyWork`.
    share : float
        Work over what its collector's capacity asks of it beside the others; 1.0 is even.
    pieces : int
        Separate parts of the territory; 1 is what a zone should have.
    money_share : float
        The same of overdue money.
    collector_id : int or None
        For whom it was drawn.
    month_km : float, kilometres
        Expected road of a month.
    overdue_cents : int
    mean_distance_m, tour_m : float, metres
        From its clients to the middle of them, and of a tour through all; 0 in proposals from
        before these were kept.
    """

    name: str
    colour: str
    outline: dict[str, Any]
    client_ids: tuple[int, ...]
    month_h: float
    share: float
    pieces: int
    money_share: float = 1.0
    collector_id: int | None = None
    month_km: float = 0.0
    overdue_cents: int = 0
    mean_distance_m: float = 0.0
    tour_m: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Return what the proposal's row keeps."""
        return {
            "name": self.name,
            "colour": self.colour,
            "outline": self.outline,
            "client_ids": list(self.client_ids),
            "month_h": self.month_h,
            "share": self.share,
            "pieces": self.pieces,
            "money_share": self.money_share,
            "collector_id": self.collector_id,
            "month_km": self.month_km,
            "overdue_cents": self.overdue_cents,
            "mean_distance_m": self.mean_distance_m,
            "tour_m": self.tour_m,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        return cls(**{**kept, "client_ids": tuple(kept["client_ids"])})


@dataclass(frozen=True, slots=True)
class Handover:
    """What accepting a proposal with certain collectors would change.

    Attributes
    ----------
    kept : int
        Clients who stay with the collector they have.
    moved : int
        Clients who had a collector and get another, or none.
    gained : int
        Clients who had no collector and get one.
    """

    kept: int
    moved: int
    gained: int

    @property
    def moved_share(self) -> float:
        """Return the share of the clients with a collector who change it, 0 to 1."""
        had_one = self.kept + self.moved
        return self.moved / had_one if had_one else 0.0


def handover(before: Mapping[int, int | None], after: Mapping[int, int | None]) -> Handover:
    """Compare who answers for each client before and after; clients without entry have nobody."""
    kept = moved = gained = 0
    for client_id in before.keys() | after.keys():
        old, new = before.get(client_id), after.get(client_id)
        if old is None:
            gained += new is not None
        elif old == new:
            kept += 1
        else:
            moved += 1
    return Handover(kept, moved, gained)


def last_day_before(day: date, from_on: date) -> date:
    """Return the last day of a period that reaches `day`, once another one begins then.

    A period that had not begun ends the day before it would have: it covers no day, and its row
    is kept.
    """
    return max(day, from_on) - timedelta(days=1)


def until(last_on: date | None, next_from_on: date | None) -> date | None:
    """Return the last day of a period that may last until `last_on` and has a follower, or not."""
    before_next = next_from_on - timedelta(days=1) if next_from_on else None
    return min((day for day in (last_on, before_next) if day), default=None)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from one to another, both inclusive; without end while it goes on."""

    from_on: date
    to_on: date | None

    def covers(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


def shared_spans(whole: Span, parts: Sequence[tuple[str, Span]]) -> list[tuple[str | None, Span]]:
    """Cut a span where others begin and end within it.

    Parameters
    ----------
    parts : sequence of (name, span)
        In order, none over another.

    Returns
    -------
    list of (name or None, span)
        In order, without gaps; None for the days that no part covers.
    """
    cut: list[tuple[str | None, Span]] = []
    free_on: date | None = whole.from_on
    for name, part in parts:
        if free_on is None or not _overlap(Span(free_on, whole.to_on), part):
            continue
        begins = max(part.from_on, free_on)
        if begins > free_on:
            cut.append((None, Span(free_on, begins - timedelta(days=1))))
        ends = min((day for day in (part.to_on, whole.to_on) if day), default=None)
        cut.append((name, Span(begins, ends)))
        free_on = ends + timedelta(days=1) if ends else None
    if free_on is not None and (whole.to_on is None or free_on <= whole.to_on):
        cut.append((None, Span(free_on, whole.to_on)))
    return cut


def _overlap(one: Span, other: Span) -> bool:
    begins_in_time = other.to_on is None or one.from_on <= other.to_on
    return begins_in_time and (one.to_on is None or other.from_on <= one.to_on)


def shares(loads: Sequence[float], capacities: Sequence[float] = ()) -> list[float]:
    """Return each load over what its capacity asks for; 1.0 is a fair share.

    Parameters
    ----------
    capacities : sequence of float > 0
        Beside one another; without, all take the same.
    """
    capacities = capacities or [1.0] * len(loads)
    total, sum_of_capacities = sum(loads), sum(capacities)
    if total <= 0:
        return [0.0] * len(loads)
    return [
        load * sum_of_capacities / (capacity * total)
        for load, capacity in zip(loads, capacities, strict=True)
    ]


def imbalance(loads: Sequence[float], capacities: Sequence[float] = ()) -> float:
    """Return how far the heaviest load is above its fair share, as a share of it: 0 is even."""
    return max(0.0, max(shares(loads, capacities), default=1.0) - 1)


def check_zone_count(zone_count: int, place_count: int) -> None:
    """Refuse a number of zones that can't be drawn over that many distinct locations.

    Clients behind one door stay together: a zone needs a location of its own.

    Raises
    ------
    BadZoneCount
        When fewer than one zone is asked for, or more than `MAX_ZONES`.
    NobodyToPlace
        When no client has a location.
    TooManyZones
        When there would be zones without clients.
    """
    if not 1 <= zone_count <= MAX_ZONES:
        raise BadZoneCount("K", f"1-{MAX_ZONES}", zones=zone_count, most=MAX_ZONES)
    if place_count == 0:
        message = "no client has a location"
        raise NobodyToPlace(message)
    if zone_count > place_count:
        message = f"{zone_count} zones asked for {place_count} distinct locations"
        raise TooManyZones(message, zones=zone_count, places=place_count)


def check_newcomers(newcomer_count: int, located_count: int) -> None:
    """Refuse a proposal when too many clients came after it was drawn.

    Raises
    ------
    StaleProposal
        When they are more than `MAX_NEWCOMER_SHARE` of the clients with a location.
    """
    if newcomer_count > MAX_NEWCOMER_SHARE * located_count:
        message = f"{newcomer_count} of {located_count} clients came after the proposal"
        raise StaleProposal(message, newcomers=newcomer_count, clients=located_count)
