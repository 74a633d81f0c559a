"""Arrears or recovery by H3 cell, on the map of the city."""

from collections.abc import Sequence

import h3
from flask_babel import gettext as _
from flask_babel import ngettext

from collector_app.follow_up.rules import ClientFacts, Heat, cell_of, heat, steps
from collector_app.web import maps
from collector_app.web.filters import pesos
from collector_app.web.maps.chart import Chart

ARREARS, RECOVERY = "mora", "recuperacion"


def heat_map(clients: Sequence[ClientFacts], measure: str) -> Chart:
    """Draw cells darker where more is overdue, or where a larger share was recovered."""
    points = [(one.lat, one.lon) for one in clients]
    chart = maps.new_map(name=_("Mapa de calor"), points=points)
    cells = heat(clients, cell_of)
    heights = [one.recovery if measure == RECOVERY else float(one.overdue_cents) for one in cells]
    maps.add_cells(
        chart,
        [
            maps.Cell(boundary=h3.cell_to_boundary(one.place), step=step, label=_label(one))
            for one, step in zip(cells, steps(heights), strict=True)
        ],
        colour="--good" if measure == RECOVERY else "--bad",
    )
    return chart


def _label(one: Heat) -> maps.Label:
    return maps.Label(
        _("%(money)s vencidos", money=pesos(one.overdue_cents)),
        (
            _("%(money)s cobrados", money=pesos(one.collected_cents)),
            _("%(share)s recuperado", share=f"{one.recovery:.0%}".replace("%", " %")),
            str(ngettext("%(num)s cliente", "%(num)s clientes", one.clients)),
        ),
    )
