"""The zones of today, or of a proposal, with every client as a dot."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from collector_app.web import maps
from collector_app.web.maps.chart import Chart
from collector_app.zones.queries import Dot, ZoneBoard
from collector_app.zones.rules import ProposedZone

# With more clients than this, their names would make up most of the page.
MOST_NAMED_DOTS = 5_000
NO_ZONE = "none"
NO_ZONE_COLOUR = "--ink-soft"
CLIENT_PAGES = "/cartera/"


def board_map(board: ZoneBoard) -> Chart:
    """Draw the zones in force on a day, with every client as a dot."""
    chart = _zones_map(board, [(dot.lat, dot.lon) for dot in board.dots])
    colours = {str(load.zone.id): load.zone.colour for load in board.zones}
    zone_of = {dot.client_id: str(dot.zone_id) for dot in board.dots if dot.zone_id is not None}
    _add_clients(chart, board.dots, zone_of, colours)
    return chart


def wide_board_map(board: ZoneBoard, corners: Sequence[tuple[float, float]], url: str) -> Chart:
    """Draw the zones in force on a day; the page asks for the clients once it is there.

    Parameters
    ----------
    corners : sequence of (lat, lon)
        What must be in sight at first.
    url : str
        Where the clients are asked for.
    """
    chart = _zones_map(board, corners)
    colours = {load.zone.id: load.zone.colour for load in board.zones}
    maps.add_cloud(chart, url, colours, NO_ZONE_COLOUR)
    return chart


def _zones_map(board: ZoneBoard, points: Sequence[tuple[float, float]]) -> Chart:
    chart = maps.new_map(name=_("Mapa de las zonas de hoy"), points=points)
    maps.add_zones(
        chart,
        [
            _zone(
                load.zone.id,
                load.zone.name,
                load.zone.colour,
                load.zone.outline,
                (load.zone.collector_name or _("Sin gestor"), _clients(load.zone.client_count)),
            )
            for load in board.zones
        ],
    )
    return chart


def proposal_map(
    zones: Sequence[ProposedZone],
    board: ZoneBoard,
    barriers: Sequence[Mapping[str, Any]] = (),
) -> Chart:
    """Draw zones that may come into force over the clients of today.

    Parameters
    ----------
    barriers : sequence of dict
        What they do not cross, each with a name and lines.
    """
    points = [(dot.lat, dot.lon) for dot in board.dots]
    chart = maps.new_map(name=_("Mapa de las zonas propuestas"), points=points)
    maps.add_zones(
        chart,
        [
            # Below zero, so that a page that shows both maps has no zone twice.
            _zone(-number, zone.name, zone.colour, zone.outline, (_clients(len(zone.client_ids)),))
            for number, zone in enumerate(zones, start=1)
        ],
    )
    colours = {str(number): zone.colour for number, zone in enumerate(zones)}
    zone_of = {
        client_id: str(number) for number, zone in enumerate(zones) for client_id in zone.client_ids
    }
    _add_clients(chart, board.dots, zone_of, colours)
    for barrier in barriers:
        for line in barrier["lines"]:
            maps.add_line(chart, line, kind="barrier", label=maps.Label(barrier["name"], ()))
    return chart


def _zone(
    zone_id: int, name: str, colour: str, outline: Mapping[str, object], lines: tuple[str, ...]
) -> maps.Zone:
    """Name the zone by its number alone: whole names would cover each other from afar."""
    number, _dot, place = name.partition(" · ")
    label = maps.Label(number, (place, *lines))
    return maps.Zone(id=zone_id, colour=colour, outline=outline, label=label)


def _clients(count: int) -> str:
    return str(ngettext("%(num)s cliente", "%(num)s clientes", count))


def _add_clients(
    chart: Chart, dots: Sequence[Dot], zone_of: Mapping[int, str], colours: Mapping[str, str]
) -> None:
    is_named = len(dots) <= MOST_NAMED_DOTS
    maps.add_dots(
        chart,
        [
            maps.Dot(
                lat=dot.lat,
                lon=dot.lon,
                kind=zone_of.get(dot.client_id, NO_ZONE),
                id=dot.client_id if is_named else None,
                title=dot.name if is_named else "",
            )
            for dot in dots
        ],
        {**colours, NO_ZONE: NO_ZONE_COLOUR},
        pages=CLIENT_PAGES,
        link=_("Ver al cliente"),
    )
