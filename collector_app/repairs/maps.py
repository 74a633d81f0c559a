"""The map of a preview: the reached routes as they would be, and the streets that are closed."""

from collections.abc import Sequence

from flask_babel import gettext as _

from collector_app.planning.maps import colour_class
from collector_app.planning.paths import decode
from collector_app.planning.services import NewRoute
from collector_app.repairs.repairing import Preview, cards_of
from collector_app.repairs.rules import DayChange, RepairKind
from collector_app.web import maps
from collector_app.web.filters import hora_del_dia
from routing.geo import Point, circle_around

MOST_ROUTES = 8  # as many colours as there are; beyond, a map says nothing
_NEIGHBOURHOOD = 4  # times the radius of a closure is what its map shows


def preview_map(preview: Preview, routes: Sequence[NewRoute]) -> maps.MapParts | None:
    """Return the map of the reached routes, None when there are too many to tell apart."""
    if not routes or len(routes) > MOST_ROUTES:
        return None
    lines = [(colour_class(i), one, decode(one.path)) for i, one in enumerate(routes)]
    closed = [
        one
        for one in (*preview.standing.in_force, *preview.asked.every)
        if one.kind is RepairKind.STREET_CLOSED
    ]
    chart = maps.new_map(
        name=_("Así quedarían las rutas"),
        points=_around(preview.asked) or [point for *_, line in lines for point in line],
        shape="tall",
    )
    for one in closed:
        ring = circle_around(_centre(one), one.radius_m or 0)
        maps.add_line(chart, ring, kind="closure", label=maps.Label(_("Calles cerradas"), ()))
    look = "route approximate" if preview.plan.is_estimate else "route"
    cards, visited = cards_of(preview), preview.visited
    maps.add_lines(
        chart,
        (
            maps.Line(line, f"{look} {colour}", maps.Label(route.workday.name))
            for colour, route, line in lines
        ),
    )
    stops = []
    for colour, route, _line in lines:
        name = route.workday.name
        for position, stop in enumerate(route.stops, start=1):
            card = cards[stop.client_id]
            done = _("ya visitado") if stop.client_id in visited else hora_del_dia(stop.starts_s)
            label = maps.Label(card.name, (name, done))
            place = (card.lat or 0.0, card.lon or 0.0)
            stops.append(maps.Stop(stop.client_id, *place, position, colour, label))
    maps.add_stops(chart, stops)
    return maps.embed(chart)


def _around(asked: DayChange) -> list[Point]:
    """Return what the map has to show of a closure alone: its neighbourhood; else nothing."""
    if asked.also or asked.kind is not RepairKind.STREET_CLOSED:
        return []
    return circle_around(_centre(asked), _NEIGHBOURHOOD * (asked.radius_m or 0))


def _centre(closure: DayChange) -> Point:
    return Point(closure.lat or 0.0, closure.lon or 0.0)
