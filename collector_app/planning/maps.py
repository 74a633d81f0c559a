"""The map of a plan: the line and the numbered stops of each collector, in a colour each."""

from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _

from collector_app.planning.paths import decode, outline_of
from collector_app.planning.queries import PlanHead, RouteHead, RouteRow, StopRow
from collector_app.portfolio.queries import ClientCard
from collector_app.web import maps
from collector_app.web.filters import distancia, fecha, hora_del_dia, minutos, pesos

COLOUR_COUNT = 8  # of static/desk/plan.css


def colour_class(index: int) -> str:
    """Return the class of plan.css that colours the route with that number."""
    return f"g{index % COLOUR_COUNT}"


def plan_map(
    plan: PlanHead,
    heads: Sequence[RouteHead],
    routes: Sequence[RouteRow],
    cards: Mapping[int, ClientCard],
    *,
    only: int | None = None,
) -> maps.MapParts:
    """Return the map of a plan: the lines of all collectors or of one, the stops of some.

    A route keeps the colour of its place among all. Without the stops of each route the map is of
    the whole, and lines are drawn as well as one sees them from there.
    """
    colours = {head.collector_id: colour_class(index) for index, head in enumerate(heads)}
    line_of = decode if only is not None or len(routes) == len(heads) else outline_of
    shown = [
        (colours[head.collector_id], head, line_of(head.path))
        for head in heads
        if only is None or head.collector_id == only
    ]
    starts = [head.start for _colour, head, _line in shown]
    chart = maps.new_map(
        name=_("Rutas del %(day)s", day=fecha(plan.day)),
        points=[*starts, *(point for _colour, _route, line in shown for point in line)],
        shape="tall",
    )
    look = "route approximate" if plan.is_estimate else "route"
    maps.add_lines(
        chart,
        (maps.Line(line, f"{look} {colour}", _about(head)) for colour, head, line in shown),
    )
    maps.add_places(chart, [_start(head) for _colour, head, _line in shown])
    maps.add_stops(
        chart,
        (
            _stop(stop, row, cards[stop.client_id], colours[row.collector_id])
            for row in routes
            if only is None or row.collector_id == only
            for stop in row.stops
        ),
    )
    return maps.embed(chart)


def _about(head: RouteHead) -> maps.Label:
    lines = (
        _("%(n)s paradas", n=head.stop_count),
        _(
            "%(time)s de trayecto, %(far)s",
            time=minutos(head.travel_s),
            far=distancia(head.travel_m),
        ),
    )
    return maps.Label(head.collector_name, lines)


def _start(head: RouteHead) -> maps.Place:
    label = maps.Label(
        _("Salida de %(name)s", name=head.collector_name), (hora_del_dia(head.leaves_s),)
    )
    return maps.Place(f"start-{head.collector_id}", *head.start, "start", label)


def _stop(stop: StopRow, route: RouteRow, card: ClientCard, colour: str) -> maps.Stop:
    lines = (
        card.address,
        _(
            "%(name)s, llega a las %(hour)s",
            name=route.collector_name,
            hour=hora_del_dia(stop.arrives_s),
        ),
        _("Se espera recuperar %(sum)s", sum=pesos(stop.prize_cents, stop.currency)),
    )
    label = maps.Label(card.name, lines, url_for("portfolio.client", client_id=card.id))
    return maps.Stop(stop.id, card.lat or 0.0, card.lon or 0.0, stop.position, colour, label)
