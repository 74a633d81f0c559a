"""The map of a collector's route: streets, numbered stops, where the day starts and ends."""

from flask import url_for
from flask_babel import gettext as _

from collector_app.phone.queries import StopCard, Today
from collector_app.planning.paths import decode
from collector_app.web import maps
from collector_app.web.filters import hora, hora_del_dia, pesos
from collector_app.web.words import label


def route_map(today: Today, collector_name: str) -> maps.MapParts:
    """Return the map of a day; clients without a position are in the list alone."""
    route = today.route
    path = decode(route.path)
    stops = [_stop(stop, today) for stop in today.stops if stop.client.lat is not None]
    chart = maps.new_map(
        name=_("Ruta de hoy de %(name)s", name=collector_name),
        points=[*path, *((one.lat, one.lon) for one in stops)],
        shape="full",
    )
    if path:
        maps.add_line(chart, path, kind="route approximate" if today.is_estimate else "route")
    maps.add_places(chart, _ends(today))
    maps.add_stops(chart, stops)
    return maps.embed(chart)


def _stop(stop: StopCard, today: Today) -> maps.Stop:
    if stop.visit:
        hour = hora(stop.visit.started_at)
        state, line = "done", f"{label(stop.visit.outcome)} · {hour}"
    else:
        state = "next" if stop is today.next else "pending"
        line = _(
            "%(sum)s · llegada prevista: %(hour)s",
            sum=pesos(stop.debt.overdue_cents),
            hour=hora_del_dia(stop.arrives_s),
        )
    about = maps.Label(
        stop.client.name,
        (stop.client.address, line),
        url_for("phone.stop", stop_id=stop.id),
        _("Abrir parada"),
    )
    return maps.Stop(
        stop.id, stop.client.lat or 0.0, stop.client.lon or 0.0, stop.position, state, about
    )


def _ends(today: Today) -> list[maps.Place]:
    route = today.route
    start = maps.Label(_("Salida"), (hora_del_dia(route.leaves_s),))
    end = maps.Label(_("Regreso"), (hora_del_dia(route.returns_s),))
    if (route.start_lat, route.start_lon) == (route.end_lat, route.end_lon):
        both = maps.Label(_("Salida y regreso"), start.lines + end.lines)
        return [maps.Place("start", route.start_lat, route.start_lon, "start", both)]
    return [
        maps.Place("start", route.start_lat, route.start_lon, "start", start),
        maps.Place("end", route.end_lat, route.end_lon, "end", end),
    ]
