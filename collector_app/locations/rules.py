"""When what happened in the field speaks against where we believe a client to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from collector_app.core.errors import InvalidInput, RuleBroken
from collector_app.visits.rules import distance_m


class LocationDecisionKind(StrEnum):
    """What a person decided about where a client is."""

    PINNED = "pinned"  # put on the map by hand
    ACCEPTED = "accepted"  # moved to where the collector met the client
    DISMISSED = "dismissed"  # the collector met the client elsewhere; the address is right
    UNDONE = "undone"  # back to where the client was before


class BadPosition(InvalidInput):
    """Coordinates that are none, or lie outside of the city in use."""

    code = "bad_position"


class NothingToUndo(RuleBroken):
    """The last decision about a client was undone already, or something else moved the client."""

    code = "nothing_to_undo"


@dataclass(frozen=True, slots=True)
class LocationPolicy:
    """From where on visits speak against a location.

    Source: company policy; ``far_m`` is the distance from which a visit counts as far from the
    address (`VisitPolicy.near_m`), so that both pages say the same.
    """

    far_m: int = 100
    useful_accuracy_m: int = 50  # half of `far_m`: a worse fix can't tell one block from the next
    agree_m: int = 75  # visits this near to each other were at one door
    since_days: int = 365


@dataclass(frozen=True, slots=True)
class Sighting:
    """A visit that met somebody who answers for the debt, with a good fix."""

    visit_id: int
    lat: float
    lon: float
    accuracy_m: int
    at: datetime
    collector_name: str


@dataclass(frozen=True, slots=True)
class MoveProposal:
    """Where the visits say that a client is.

    Attributes
    ----------
    visit_count : int
        Visits that agree.
    contrary_count : int
        Visits that met the client at the known location, or elsewhere.
    distance_m : int or None
        From the known location; None when there is none.
    accuracy_m : int
        Of the best of the fixes.
    last_visit_id : int
        The newest visit considered, by which a decision is known to be about this proposal.
    """

    lat: float
    lon: float
    visit_count: int
    contrary_count: int
    distance_m: int | None
    accuracy_m: int
    last_at: datetime
    last_visit_id: int
    collector_name: str


def propose_move(
    sightings: Sequence[Sighting], known: tuple[float, float] | None, policy: LocationPolicy
) -> MoveProposal | None:
    """Return where the visits say that a client is, None when they don't contradict us.

    The largest group of visits that agree counts; it must be larger than the number of visits that
    met the client where we believe them to be, for people are met at work, too. A visit is far
    when its whole circle of accuracy lies beyond ``far_m``.

    Parameters
    ----------
    sightings : sequence of Sighting
        Visits that nobody has decided upon yet.
    known : (lat, lon) or None
        The client's location.
    """
    far = [one for one in sightings if _is_far(one, known, policy)]
    if not far:
        return None
    groups = [[other for other in far if _apart_m(one, other) <= policy.agree_m] for one in far]
    group = max(groups, key=lambda each: (len(each), max(one.at for one in each)))
    near_count = len(sightings) - len(far)
    if known is not None and near_count >= len(group):
        return None
    lat, lon = _middle(group)
    last = max(group, key=lambda one: one.at)
    return MoveProposal(
        lat=lat,
        lon=lon,
        visit_count=len(group),
        contrary_count=len(sightings) - len(group),
        distance_m=distance_m(lat, lon, *known) if known else None,
        accuracy_m=min(one.accuracy_m for one in group),
        last_at=last.at,
        last_visit_id=max(one.visit_id for one in sightings),
        collector_name=last.collector_name,
    )


def _is_far(one: Sighting, known: tuple[float, float] | None, policy: LocationPolicy) -> bool:
    if known is None:
        return True
    return distance_m(one.lat, one.lon, *known) - one.accuracy_m > policy.far_m


def _apart_m(one: Sighting, other: Sighting) -> int:
    return distance_m(one.lat, one.lon, other.lat, other.lon)


def _middle(group: Sequence[Sighting]) -> tuple[float, float]:
    """Return the mean of the fixes, each weighing as the square of its precision."""
    weights = [1 / max(one.accuracy_m, 1) ** 2 for one in group]
    lat = sum(one.lat * weight for one, weight in zip(group, weights, strict=True))
    lon = sum(one.lon * weight for one, weight in zip(group, weights, strict=True))
    return round(lat / sum(weights), 7), round(lon / sum(weights), 7)
