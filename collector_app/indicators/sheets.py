"""The rows behind an indicator as columns of a sheet."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from collector_app.core.money import CENTS_PER_PESO
from collector_app.core.spreadsheets import Cell
from collector_app.indicators.queries import BehindRow
from collector_app.indicators.rules import RowKind
from collector_app.web.words import label

_SHOWN = {
    RowKind.VISITS: ("at", "collector_name", "person_met", "outcome", "is_contact"),
    RowKind.PROMISES: ("on", "collector_name", "amount", "paid", "state"),
    RowKind.STOPS: ("on", "collector_name", "position", "is_visited"),
    RowKind.PAYMENTS: ("at", "collector_name", "amount", "method", "is_attributed"),
    RowKind.CLIENTS: ("amount", "overdue", "days_past_due"),
}


def columns_of(kind: RowKind) -> dict[str, str]:
    """Return the fields that a kind of row has, with their titles, in order."""
    titles = {
        "client_name": _("Cliente"),
        "at": _("Cuándo"),
        "on": _("Día"),
        "collector_name": _("Gestor"),
        "person_met": _("Quién atendió"),
        "outcome": _("Resultado"),
        "is_contact": _("Contacto"),
        "amount": _("Importe"),
        "paid": _("Pagado"),
        "state": _("Estado"),
        "position": _("Parada"),
        "is_visited": _("Visitada"),
        "method": _("Medio"),
        "is_attributed": _("Tras un contacto"),
        "overdue": _("Vencido"),
        "days_past_due": _("Días de atraso"),
    }
    return {name: titles[name] for name in ("client_name", *_SHOWN[kind])}


def sheet_rows(rows: Iterable[BehindRow], zone: ZoneInfo) -> list[dict[str, Cell]]:
    """Return rows as cells: words for what is chosen from a list, pesos, local times."""
    return [
        {
            "client_name": row.client_name,
            "at": None if row.at is None else row.at.astimezone(zone),
            "on": row.on,
            "collector_name": row.collector_name,
            "person_met": row.person_met and label(row.person_met),
            "outcome": row.outcome and label(row.outcome),
            "is_contact": _yes(row.is_contact),
            "amount": _pesos(row.amount_cents),
            "paid": _pesos(row.paid_cents),
            "state": row.state and label(row.state),
            "position": row.position,
            "is_visited": _yes(row.is_visited),
            "method": row.method and label(row.method),
            "is_attributed": _yes(row.is_attributed),
            "overdue": _pesos(row.overdue_cents),
            "days_past_due": row.days_past_due,
        }
        for row in rows
    ]


def _yes(value: bool | None) -> str | None:
    return None if value is None else _("sí") if value else _("no")


def _pesos(cents: int | None) -> float | None:
    return None if cents is None else cents / CENTS_PER_PESO
