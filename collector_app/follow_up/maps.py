"""Arrears or recovery by H3 cell or by colonia, on the map of the city."""

import h3
from flask_babel import gettext as _
from flask_babel import ngettext

from collector_app.core.money import USUAL_CURRENCY
from collector_app.follow_up.queries import FollowUp
from collector_app.follow_up.rules import Heat, steps
from collector_app.web import maps
from collector_app.web.filters import pesos
from collector_app.web.maps.chart import Chart

ARREARS, RECOVERY = "mora", "recuperacion"


def heat_map(
    page: FollowUp, measure: str, currency: str = USUAL_CURRENCY, *, by_colonia: bool = False
) -> Chart:
    """Draw cells or colonias darker where more is overdue, or a larger share was recovered."""
    chart = maps.new_map(name=_("Mapa de calor"), points=page.corners)
    places = page.colonias if by_colonia else page.cells
    heights = [one.recovery if measure == RECOVERY else float(one.overdue_cents) for one in places]
    maps.add_cells(
        chart,
        [
            maps.Cell(
                boundary=page.outlines[one.place] if by_colonia else h3.cell_to_boundary(one.place),
                step=step,
                label=_label(one, one.place if by_colonia else "", currency),
            )
            for one, step in zip(places, steps(heights), strict=True)
        ],
        colour="--good" if measure == RECOVERY else "--bad",
    )
    return chart


def _label(one: Heat, name: str, currency: str) -> maps.Label:
    overdue = _("%(money)s vencidos", money=pesos(one.overdue_cents, currency))
    return maps.Label(
        name or overdue,
        (
            *((overdue,) if name else ()),
            _("%(money)s cobrados", money=pesos(one.collected_cents, currency)),
            _("%(share)s recuperado", share=f"{one.recovery:.0%}".replace("%", " %")),
            str(ngettext("%(num)s cliente", "%(num)s clientes", one.clients)),
        ),
    )
