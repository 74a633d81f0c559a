"""The map of a preview: the reached routes as they would be, and the streets that are closed."""

from collections.abc import Sequence

from flask_babel import gettext as _

from collector_app.planning.maps import colour_class
from collector_app.planning.paths import decode
from collector_app.planning.services import NewRoute
from collector_app.repairs.repairing import Preview, cards_of
from collector_app.web import maps
from collector_app.web.filters import hora_del_dia

MOST_ROUTES = 8  # as many colours as there are; beyond, a map says nothing


def preview_map(preview: Preview, routes: Sequence[NewRoute]) -> maps.MapParts | None:
    """Return the map of the reached routes, None when there are too many to tell apart."""
    if not routes or len(routes) > MOST_ROUTES:
        return None
    lines = [(colour_class(i), one, decode(one.path)) for i, one in enumerate(routes)]
    chart = maps.new_map(
        name=_("Así quedarían las rutas"),
        points=[point for _colour, _route, line in lines for point in line],
        shape="tall",
    )
    look = "route approximate" if preview.plan.is_estimate else "route"
    cards, visited = cards_of(preview), preview.visited
    for colour, route, line in lines:
        name = route.workday.name
        maps.add_line(chart, line, kind=f"{look} {colour}", label=maps.Label(name, ()))
        stops = []
        for position, stop in enumerate(route.stops, start=1):
            card = cards[stop.client_id]
            done = _("ya visitado") if stop.client_id in visited else hora_del_dia(stop.starts_s)
            label = maps.Label(card.name, (name, done))
            place = (card.lat or 0.0, card.lon or 0.0)
            stops.append(maps.Stop(stop.client_id, *place, position, colour, label))
        maps.add_stops(chart, stops)
    return maps.embed(chart)
