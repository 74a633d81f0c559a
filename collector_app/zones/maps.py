"""The zones of today, or of a proposal, with every client as a dot."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from collector_app.web import maps
from collector_app.web.maps.chart import Chart
from collector_app.zones.queries import Dot, ZoneBoard
from collector_app.zones.rules import ProposedZone

# With more dots than this, their names would make up most of the page.
MOST_NAMED_DOTS = 5_000
NO_ZONE = "none"
NO_ZONE_COLOUR = "--ink-soft"
CLIENT_PAGES = "/cartera/"


def board_map(board: ZoneBoard) -> Chart:
    """Draw the zones in force on a day."""
    chart = _empty_map(_("Mapa de las zonas de hoy"), board.dots)
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
    colours = {str(load.zone.id): load.zone.colour for load in board.zones}
    zone_of = {dot.client_id: str(dot.zone_id) for dot in board.dots if dot.zone_id is not None}
    _add_clients(chart, board.dots, zone_of, colours)
    return chart


def proposal_map(zones: Sequence[ProposedZone], board: ZoneBoard) -> Chart:
    """Draw zones that may come into force over the clients of today."""
    chart = _empty_map(_("Mapa de las zonas propuestas"), board.dots)
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
    return chart


def _empty_map(name: str, dots: Sequence[Dot]) -> Chart:
    return maps.new_map(name=name, points=[(dot.lat, dot.lon) for dot in dots])


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
