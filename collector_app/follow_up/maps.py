"""Arrears or recovery by H3 cell or by colonia, on the map of the city."""

from collections import defaultdict
from collections.abc import Sequence

import h3
import shapely
from flask_babel import gettext as _
from flask_babel import ngettext

from collector_app.follow_up.rules import ClientFacts, Heat, cell_of, heat, steps
from collector_app.web import maps
from collector_app.web.filters import pesos
from collector_app.web.maps.chart import Chart

ARREARS, RECOVERY = "mora", "recuperacion"
MARGIN_DEGREES = 0.0006  # around the outermost clients of a colonia: some 65 metres


def heat_map(clients: Sequence[ClientFacts], measure: str, *, by_colonia: bool = False) -> Chart:
    """Draw cells or colonias darker where more is overdue, or a larger share was recovered."""
    points = [(one.lat, one.lon) for one in clients]
    chart = maps.new_map(name=_("Mapa de calor"), points=points)
    cells = heat(clients, _colonia_of if by_colonia else cell_of)
    lines = _around_colonias(clients) if by_colonia else {}
    heights = [one.recovery if measure == RECOVERY else float(one.overdue_cents) for one in cells]
    maps.add_cells(
        chart,
        [
            maps.Cell(
                boundary=lines[one.place] if by_colonia else h3.cell_to_boundary(one.place),
                step=step,
                label=_label(one, one.place if by_colonia else ""),
            )
            for one, step in zip(cells, steps(heights), strict=True)
        ],
        colour="--good" if measure == RECOVERY else "--bad",
    )
    return chart


def _colonia_of(client: ClientFacts) -> str | None:
    return client.colonia


def _around_colonias(clients: Sequence[ClientFacts]) -> dict[str, list[tuple[float, float]]]:
    """Return a line around the clients of each colonia, latitude first."""
    members: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for one in clients:
        if one.colonia:
            members[one.colonia].append((one.lon, one.lat))
    around = {}
    for colonia, points in members.items():
        hull = shapely.MultiPoint(points).convex_hull.buffer(MARGIN_DEGREES, quad_segs=2)
        around[colonia] = [(lat, lon) for lon, lat in hull.exterior.coords]
    return around


def _label(one: Heat, name: str) -> maps.Label:
    overdue = _("%(money)s vencidos", money=pesos(one.overdue_cents))
    return maps.Label(
        name or overdue,
        (
            *((overdue,) if name else ()),
            _("%(money)s cobrados", money=pesos(one.collected_cents)),
            _("%(share)s recuperado", share=f"{one.recovery:.0%}".replace("%", " %")),
            str(ngettext("%(num)s cliente", "%(num)s clientes", one.clients)),
        ),
    )
