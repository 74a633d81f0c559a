"""The rides of a collector's day from where they are: to each stop still to visit, and back."""

from collections.abc import Iterator
from dataclasses import dataclass

from collector_app.phone.queries import StopCard, Today
from collector_app.planning.directions import Directions, Guide, Position


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a ride sets out from.

    Attributes
    ----------
    position : (float, float) or None
        Latitude, longitude; None when a client's place is not known.
    stop : StopCard or None
        The stop that is left; None for the start of the day, and for where the phone is.
    is_here : bool
        Where the phone is.
    """

    position: Position | None
    stop: StopCard | None = None
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class LegRow:
    """A ride to a stop, or back when there is none; without directions if a place is not known."""

    origin: Origin
    stop: StopCard | None
    directions: Directions | None


def leg_to(today: Today, stop: StopCard, guide: Guide, here: Position | None) -> LegRow:
    """Return the ride to a stop: from `here` if that is told, else from the stop before it."""
    origin = _before(today, stop) if here is None else Origin(here, is_here=True)
    return _leg(guide, today, origin, stop)


def legs_left(today: Today, guide: Guide) -> Iterator[LegRow]:
    """Yield the rides still to make, from the last visit on, and the way back."""
    origin = _left_last(today)
    for stop in today.pending:
        yield _leg(guide, today, origin, stop)
        origin = Origin(place_of(stop), stop)
    yield _leg(guide, today, origin, None)


def place_of(stop: StopCard) -> Position | None:
    """Return where a stop is, None when its client's place is not known."""
    lat, lon = stop.client.lat, stop.client.lon
    return None if lat is None or lon is None else (lat, lon)


def _before(today: Today, stop: StopCard) -> Origin:
    """Return where one comes from: visits go in the order they were made, the rest as planned."""
    order = [*_by_visit(today), *today.pending]
    index = [one.id for one in order].index(stop.id)
    return _left_last(today, order[:index])


def _left_last(today: Today, order: list[StopCard] | None = None) -> Origin:
    made = _by_visit(today) if order is None else order
    if not made:
        return Origin((today.route.start_lat, today.route.start_lon))
    return Origin(place_of(made[-1]), made[-1])


def _by_visit(today: Today) -> list[StopCard]:
    visited = [(stop.visit.started_at, stop) for stop in today.stops if stop.visit]
    return [stop for _at, stop in sorted(visited, key=lambda pair: pair[0])]


def _leg(guide: Guide, today: Today, origin: Origin, stop: StopCard | None) -> LegRow:
    route = today.route
    end = (route.end_lat, route.end_lon) if stop is None else place_of(stop)
    if origin.position is None or end is None:
        return LegRow(origin, stop, None)
    arrives_s, travel_s = (route.returns_s, 0) if stop is None else (stop.arrives_s, stop.travel_s)
    depart_s = max(0, arrives_s - travel_s)
    return LegRow(origin, stop, guide.directions(origin.position, end, route.vehicle, depart_s))
