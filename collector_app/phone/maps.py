"""The map of a collector's route as data: numbered stops, the line, where the day starts and ends.

``static/phone/map.js`` draws it with Leaflet alone, again when something changes on the phone.
"""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from collector_app.phone.queries import StopCard, Today
from collector_app.planning.paths import decode
from collector_app.web import maps
from collector_app.web.filters import hora, hora_del_dia, pesos
from collector_app.web.words import label


def route_map(today: Today) -> dict[str, Any]:
    """Return the map of a day; clients without a position are in the list alone."""
    stops = [stop for stop in today.stops if stop.client.lat is not None]
    drawn = maps.drawing(
        path=decode(today.route.path),
        kind="route approximate" if today.is_estimate else "route",
        places=_ends(today),
        stops=[_stop(stop, today) for stop in stops],
    )
    return drawn | {"words": {"draft": _("Sin enviar: quedó en este teléfono")}}


def _stop(stop: StopCard, today: Today) -> maps.Stop:
    if stop.visit:
        hour = hora(stop.visit.started_at)
        state, line = "done", f"{label(stop.visit.outcome)} · {hour}"
    else:
        state = "next" if stop is today.next else "pending"
        line = _(
            "%(sum)s · llegada prevista: %(hour)s",
            sum=pesos(stop.debt.overdue_cents, stop.debt.currency),
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
