"""The map of the supervisor: zones, stops by state, and where each collector was last seen."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from flask import url_for
from flask_babel import gettext as _

from collector_app.live.queries import CollectorDay, StopDot, Today
from collector_app.live.rules import StopState
from collector_app.web import maps
from collector_app.web.filters import hora, hora_del_dia
from collector_app.web.words import label
from collector_app.zones.queries import ZoneRow

# The look of a mark by state, as classes of maps.css and live.css.
LOOKS = {
    StopState.PENDING: "pending",
    StopState.LATE: "missed",
    StopState.ATTEMPTED: "attempted",
    StopState.CONTACTED: "contacted",
    StopState.PROMISED: "promised",
    StopState.PAID: "done",
}


def today_map(today: Today, zones: Sequence[ZoneRow]) -> maps.MapParts:
    """Return the map of the day, which asks for stops and collectors, at once and at each news."""
    places = [(dot.lat, dot.lon) for dot in today.stops] or _corners(zones)
    chart = maps.new_map(name=_("Zonas, gestores y paradas de hoy"), points=places, shape="tall")
    maps.add_zones(chart, [_zone(zone) for zone in zones])
    maps.add_live(chart, url_for("live.map_news"))
    return maps.embed(chart)


def live_answer(today: Today, known: dict[StopDot, bytes]) -> bytes:
    """Return what the map asks for again and again, as JSON.

    Parameters
    ----------
    known : dict
        The stops of the answer before, written down: most are as they were. Those of this answer
        take their place.
    """
    written = _written_stops(today.stops, known)
    known.clear()
    known.update(written)
    people = msgspec.json.encode(maps.live_answer(people=_people(today))["people"])
    return b'{"stops":[' + b",".join(written.values()) + b'],"people":' + people + b"}"


def _written_stops(dots: Iterable[StopDot], known: Mapping[StopDot, bytes]) -> dict[StopDot, bytes]:
    words = {state: label(state) for state in StopState}
    written = {}
    for dot in dots:
        text = known.get(dot)
        if text is None:
            (told,) = maps.live_answer([_stop(dot, words[dot.state])])["stops"]
            text = msgspec.json.encode(told)
        written[dot] = text
    return written


def _corners(zones: Sequence[ZoneRow]) -> list[tuple[float, float]]:
    return [corner for zone in zones for corner in _outer_corners(zone.outline)]


def _outer_corners(outline: Any) -> list[tuple[float, float]]:
    """Return the (lat, lon) of the outer rings of a GeoJSON polygon or multipolygon."""
    whole = outline["coordinates"]
    polygons = whole if outline["type"] == "MultiPolygon" else [whole]
    return [(lat, lon) for polygon in polygons for lon, lat in polygon[0]]


def _zone(zone: ZoneRow) -> maps.Zone:
    short, _sep, rest = zone.name.partition(" · ")  # long names would cover one another
    clients = _("%(n)s clientes", n=zone.client_count)
    lines = (rest, zone.collector_name or _("Sin gestor"), clients)
    return maps.Zone(zone.id, zone.colour, zone.outline, maps.Label(short, lines))


def _stop(dot: StopDot, state: str) -> maps.Stop:
    lines = (
        state,
        _("%(name)s, parada %(n)s", name=dot.collector_name, n=dot.position),
        _("Llegada prevista: %(hour)s", hour=hora_del_dia(dot.arrives_s)),
    )
    about = maps.Label(dot.client_name, lines, url_for("portfolio.client", client_id=dot.client_id))
    return maps.Stop(dot.stop_id, dot.lat, dot.lon, dot.position, LOOKS[dot.state], about)


def _people(today: Today) -> list[maps.Person]:
    return [_person(row) for row in today.collectors if row.last_lat is not None]


def _person(row: CollectorDay) -> maps.Person:
    initials = "".join(word[0] for word in row.name.split()[:2]).upper()
    lines = (
        _("Último registro: %(hour)s", hour=hora(row.last_at)) if row.last_at else "",
        _("%(done)s de %(planned)s paradas", done=row.done, planned=row.planned),
        _("Regreso previsto: %(hour)s", hour=hora_del_dia(row.returns_s)) if row.returns_s else "",
    )
    return maps.Person(
        row.collector_id,
        row.last_lat or 0.0,
        row.last_lon or 0.0,
        initials,
        maps.Label(row.name, lines),
    )
