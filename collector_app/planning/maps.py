"""The map of a plan: the line and the numbered stops of each collector, in a colour each."""

from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _

from collector_app.planning.paths import decode
from collector_app.planning.queries import PlanRow, RouteRow, StopRow
from collector_app.portfolio.queries import ClientCard
from collector_app.web import maps
from collector_app.web.filters import distancia, fecha, hora_del_dia, minutos, pesos

COLOUR_COUNT = 8  # of static/desk/plan.css


def colour_class(index: int) -> str:
    """Return the class of plan.css that colours the route with that number."""
    return f"g{index % COLOUR_COUNT}"


def plan_map(
    plan: PlanRow,
    routes: Sequence[RouteRow],
    cards: Mapping[int, ClientCard],
    *,
    only: int | None = None,
) -> maps.MapParts:
    """Return the map of a plan, of all its routes or of only one collector's.

    A route keeps the colour of its place among all.
    """
    shown = [
        (colour_class(index), route, decode(route.path))
        for index, route in enumerate(routes)
        if only is None or route.collector_id == only
    ]
    starts = [(route.start_lat, route.start_lon) for _colour, route, _line in shown]
    chart = maps.new_map(
        name=_("Rutas del %(day)s", day=fecha(plan.day)),
        points=[*starts, *(point for _colour, _route, line in shown for point in line)],
        shape="tall",
    )
    look = "route approximate" if plan.is_estimate else "route"
    for colour, route, line in shown:
        maps.add_line(chart, line, kind=f"{look} {colour}", label=_about(route))
    maps.add_places(chart, [_start(route) for _colour, route, _line in shown])
    for colour, route, _line in shown:
        maps.add_stops(
            chart, [_stop(stop, route, cards[stop.client_id], colour) for stop in route.stops]
        )
    return maps.embed(chart)


def _about(route: RouteRow) -> maps.Label:
    lines = (
        _("%(n)s paradas", n=len(route.stops)),
        _(
            "%(time)s de trayecto, %(far)s",
            time=minutos(route.travel_s),
            far=distancia(route.travel_m),
        ),
    )
    return maps.Label(route.collector_name, lines)


def _start(route: RouteRow) -> maps.Place:
    label = maps.Label(
        _("Salida de %(name)s", name=route.collector_name), (hora_del_dia(route.leaves_s),)
    )
    return maps.Place(f"start-{route.id}", route.start_lat, route.start_lon, "start", label)


def _stop(stop: StopRow, route: RouteRow, card: ClientCard, colour: str) -> maps.Stop:
    lines = (
        card.address,
        _(
            "%(name)s, llega a las %(hour)s",
            name=route.collector_name,
            hour=hora_del_dia(stop.arrives_s),
        ),
        _("Se espera recuperar %(sum)s", sum=pesos(stop.prize_cents)),
    )
    label = maps.Label(card.name, lines, url_for("portfolio.client", client_id=card.id))
    return maps.Stop(stop.id, card.lat or 0.0, card.lon or 0.0, stop.position, colour, label)
