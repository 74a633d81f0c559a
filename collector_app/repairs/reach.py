"""Whose routes a change can reach, so that all others stay as they are and need not be read."""

from collections.abc import Collection, Mapping, Sequence

from collector_app.planning.queries import RouteRow, WorkdayRow
from collector_app.portfolio.queries import ClientCard
from collector_app.repairs.rules import (
    NEIGHBOURS,
    DayChange,
    NobodyCanGo,
    NotOnTheRoutes,
    RepairKind,
)
from routing.geo import Point, haversine_m


def reached_by(
    asked: DayChange,
    routes: Sequence[RouteRow],
    workdays: Mapping[int, WorkdayRow],
    owner_id: int | None,
    helpers: Mapping[int, Collection[int]],
) -> set[int]:
    """Return the collectors whose routes may change.

    Parameters
    ----------
    owner_id : int or None
        Who answers for the zone of the client, if the change names one.
    helpers : mapping of int to collection of int
        Who shares the stops of each collector who can't go on.

    Raises
    ------
    NotOnTheRoutes
        If nobody is to visit the client, or the collector has no route.
    NobodyCanGo
        If the urgent client has nobody who works today, nor anybody who shares the stops of who
        can't.
    """
    if asked.kind is RepairKind.STREET_CLOSED:
        return {route.collector_id for route in routes}
    if asked.kind in (RepairKind.LATE, RepairKind.SICK):
        if asked.collector_id not in {route.collector_id for route in routes}:
            raise NotOnTheRoutes(collector=asked.collector_id)
        return {asked.collector_id, *asked.shared_with}
    visitor = visitor_of(routes, asked.client_id)
    if asked.kind is not RepairKind.URGENT:
        if visitor is None:
            raise NotOnTheRoutes(client=asked.client_id)
        return {visitor}
    if visitor is not None and helpers.get(visitor):
        return {visitor, *helpers[visitor]}
    who = visitor or asked.collector_id or owner_id
    if who is None or who not in workdays or who in helpers:
        raise NobodyCanGo(client=asked.client_id)
    return {who}


def visitor_of(routes: Sequence[RouteRow], client_id: int | None) -> int | None:
    """Return who is to visit a client, None when nobody is."""
    for route in routes:
        if any(stop.client_id == client_id for stop in route.stops):
            return route.collector_id
    return None


def nearest_to(
    collector_id: int,
    routes: Sequence[RouteRow],
    cards: Mapping[int, ClientCard],
    away: Collection[int] = (),
) -> tuple[int, ...]:
    """Return the collectors whose stops lie nearest to those of one, the nearest first.

    Near is the mean way, as the crow flies, from each stop of the one to the nearest stop of the
    other.
    """
    places = {route.collector_id: _places(route, cards) for route in routes}
    own = places.pop(collector_id, [])
    others = {who: theirs for who, theirs in places.items() if theirs and who not in away}
    if not own:
        return tuple(others)[:NEIGHBOURS]
    ranked = sorted(others, key=lambda who: (_mean_way_m(own, others[who]), who))
    return tuple(ranked[:NEIGHBOURS])


def nearest_of(
    helpers: Collection[int],
    client: ClientCard | None,
    routes: Sequence[RouteRow],
    cards: Mapping[int, ClientCard],
) -> int | None:
    """Return whose stops, of these collectors, come nearest to a client; None without any."""
    if client is None or client.lat is None or client.lon is None:
        return min(helpers, default=None)
    here = [Point(client.lat, client.lon)]
    places = {one.collector_id: _places(one, cards) for one in routes}
    ways = {who: _mean_way_m(here, places[who]) for who in helpers if places.get(who)}
    return min(ways or helpers, key=lambda who: (ways.get(who, 0.0), who), default=None)


def _mean_way_m(own: Sequence[Point], theirs: Sequence[Point]) -> float:
    return sum(min(haversine_m(one, other) for other in theirs) for one in own) / len(own)


def _places(route: RouteRow, cards: Mapping[int, ClientCard]) -> list[Point]:
    found = (cards.get(stop.client_id) for stop in route.stops)
    return [Point(card.lat, card.lon) for card in found if card and card.lat and card.lon]
