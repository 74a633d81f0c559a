"""The map of a board: the routes as they are now, in the colours of the list."""

from collections.abc import Mapping, Set
from typing import Any

from collector_app.core.money import USUAL_CURRENCY
from collector_app.dispatch.queries import BoardPage
from collector_app.planning.maps import colour_class, plan_map
from collector_app.planning.queries import RouteHead, RouteRow, StopRow
from collector_app.portfolio.queries import ClientCard
from collector_app.web import maps


def heads_of(page: BoardPage) -> list[RouteHead]:
    """Return the routes of a board without their stops, in the order of their colours."""
    heads = ((who, hours, page.state.routes[who]) for who, hours in page.hours.items())
    return [
        RouteHead(
            collector_id=who,
            collector_name=hours.name,
            vehicle=hours.vehicle,
            leaves_s=route.leaves_s,
            returns_s=route.returns_s,
            travel_s=route.travel_s,
            travel_m=route.travel_m,
            path=route.path,
            start=(hours.start_lat, hours.start_lon),
            stop_count=len(route.stops),
            expected=route.expected(page.currencies),
        )
        for who, hours, route in heads
    ]


def rows_of(page: BoardPage, lanes: Set[int]) -> list[RouteRow]:
    """Return the routes of some collectors as rows of a plan; a stop is named after its client."""
    rows = []
    for who, hours in page.hours.items():
        if who not in lanes:
            continue
        route = page.state.routes[who]
        rows.append(
            RouteRow(
                id=who,
                plan_id=page.plan.id,
                collector_id=who,
                collector_name=hours.name,
                vehicle=hours.vehicle,
                start_lat=hours.start_lat,
                start_lon=hours.start_lon,
                end_lat=hours.end_lat,
                end_lon=hours.end_lon,
                leaves_s=route.leaves_s,
                returns_s=route.returns_s,
                travel_s=route.travel_s,
                travel_m=route.travel_m,
                path=route.path,
                stops=tuple(
                    StopRow(
                        id=stop.client_id,
                        position=position,
                        client_id=stop.client_id,
                        arrives_s=stop.arrives_s,
                        starts_s=stop.starts_s,
                        leaves_s=stop.leaves_s,
                        travel_s=stop.travel_s,
                        travel_m=stop.travel_m,
                        detour_s=stop.detour_s,
                        prize_cents=stop.prize_cents,
                        reasons=[],
                        currency=page.currencies.get(stop.client_id, USUAL_CURRENCY),
                    )
                    for position, stop in enumerate(route.stops, start=1)
                ),
            )
        )
    return rows


def board_map(page: BoardPage, lanes: Set[int], cards: Mapping[int, ClientCard]) -> maps.MapParts:
    """Return the map as the page loads: all lines, and the stops of the collectors shown."""
    return plan_map(page.plan, heads_of(page), rows_of(page, lanes), cards)


def map_state(page: BoardPage, lanes: Set[int], cards: Mapping[int, ClientCard]) -> dict[str, Any]:
    """Return lines and stops as the page draws them again after an edit."""
    look = "route approximate" if page.plan.is_estimate else "route"
    colours = {who: colour_class(index) for index, who in enumerate(page.hours)}
    routes = page.state.routes
    return {
        "version": page.version,
        "lines": [
            {"encoded": routes[who].path, "kind": f"{look} {colour}"}
            for who, colour in colours.items()
            if routes[who].path
        ],
        "stops": [
            {
                "id": stop.id,
                "lat": cards[stop.client_id].lat,
                "lon": cards[stop.client_id].lon,
                "number": stop.position,
                "state": colours[row.collector_id],
                "label": {
                    "title": cards[stop.client_id].name,
                    "lines": [cards[stop.client_id].address, row.collector_name],
                },
            }
            for row in rows_of(page, lanes)
            for stop in row.stops
        ],
    }
