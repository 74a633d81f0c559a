"""The rows behind an indicator as columns of a sheet."""

from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from collector_app.core.money import CENTS_PER_PESO
from collector_app.core.spreadsheets import Cell
from collector_app.costs.rules import CostKind
from collector_app.indicators.queries import BehindRow
from collector_app.indicators.rules import RowKind
from collector_app.payments.rules import PaymentMethod
from collector_app.promises.rules import PromiseState
from collector_app.visits.rules import Outcome, PersonMet
from collector_app.web.words import label

DAY_S = 86_400
_SHOWN = {
    RowKind.VISITS: ("client_name", "at", "collector_name", "person_met", "outcome", "is_contact"),
    RowKind.PROMISES: (
        "client_name",
        "on",
        "collector_name",
        "amount",
        "paid",
        "currency",
        "state",
    ),
    RowKind.STOPS: ("client_name", "on", "collector_name", "position", "is_visited"),
    RowKind.PAYMENTS: (
        "client_name",
        "at",
        "collector_name",
        "amount",
        "currency",
        "method",
        "is_attributed",
    ),
    RowKind.FIRST_CONTACTS: ("client_name", "at", "collector_name", "waited_days"),
    RowKind.COMPLAINTS: ("client_name", "at", "collector_name", "complaint"),
    RowKind.FAULTS: ("client_name", "at", "collector_name", "case_state"),
    RowKind.CLIENTS: ("client_name", "amount", "overdue", "currency", "days_past_due"),
    RowKind.CASH_COUNTS: ("collector_name", "at", "amount", "counted", "currency", "explanation"),
    RowKind.DEPOSITS: (
        "client_name",
        "at",
        "collector_name",
        "amount",
        "currency",
        "left_at",
        "carried",
    ),
    RowKind.CONFIRMED: ("client_name", "at", "collector_name", "amount", "currency", "method"),
    RowKind.MOVEMENTS: (
        "client_name",
        "amount",
        "bucket_before",
        "invoiced",
        "closing",
        "bucket_after",
        "currency",
    ),
    RowKind.COSTS: ("cost_kind", "collector_name", "on", "to_on", "quantity", "amount", "currency"),
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
        "currency": _("Moneda"),
        "state": _("Estado"),
        "position": _("Parada"),
        "is_visited": _("Visitada"),
        "method": _("Medio"),
        "is_attributed": _("Tras un contacto"),
        "overdue": _("Vencido"),
        "days_past_due": _("Días de atraso"),
        "waited_days": _("Días de espera"),
        "complaint": _("Queja"),
        "case_state": _("Decisión"),
        "cost_kind": _("Qué se paga"),
        "to_on": _("Hasta"),
        "counted": _("Contado"),
        "explanation": _("Explicación"),
        "left_at": _("Depositado o entregado"),
        "carried": _("Días en sus manos"),
        "bucket_before": _("Tramo al inicio"),
        "invoiced": _("Facturado"),
        "closing": _("Saldo al cierre"),
        "bucket_after": _("Tramo al cierre"),
        "quantity": _("Días, kilómetros o cobrado"),
    }
    return {name: titles[name] for name in _SHOWN[kind]}


def sheet_rows(kind: RowKind, rows: Iterable[BehindRow], zone: ZoneInfo) -> list[dict[str, Cell]]:
    """Return rows as cells: words for what is chosen from a list, pesos, local times."""
    people, outcomes, states, methods = (
        {one: label(one) for one in chosen}
        for chosen in (PersonMet, Outcome, PromiseState, PaymentMethod)
    )
    yes = {None: None, True: _("sí"), False: _("no")}
    cells: dict[str, Callable[[BehindRow], Cell]] = {
        "client_name": lambda row: row.client_name,
        "at": lambda row: None if row.at is None else row.at.astimezone(zone),
        "on": lambda row: row.on,
        "collector_name": lambda row: row.collector_name,
        "person_met": lambda row: row.person_met and people[row.person_met],
        "outcome": lambda row: row.outcome and outcomes[row.outcome],
        "is_contact": lambda row: yes[row.is_contact],
        "amount": lambda row: _pesos(row.amount_cents),
        "paid": lambda row: _pesos(row.paid_cents),
        "currency": lambda row: row.currency,
        "state": lambda row: row.state and states[row.state],
        "position": lambda row: row.position,
        "is_visited": lambda row: yes[row.is_visited],
        "method": lambda row: row.method and methods[row.method],
        "is_attributed": lambda row: yes[row.is_attributed],
        "overdue": lambda row: _pesos(row.overdue_cents),
        "days_past_due": lambda row: row.days_past_due,
        "waited_days": lambda row: row.waited_days,
        "complaint": lambda row: row.complaint and label(row.complaint),
        "case_state": lambda row: row.case_state and label(row.case_state),
        "cost_kind": lambda row: row.cost_kind and label(row.cost_kind),
        "to_on": lambda row: row.to_on,
        "counted": lambda row: _pesos(row.counted_cents),
        "explanation": lambda row: row.explanation,
        "left_at": lambda row: row.left_at and row.left_at.astimezone(zone),
        "carried": lambda row: None if row.carried_s is None else round(row.carried_s / DAY_S, 2),
        "bucket_before": lambda row: row.bucket_before and label(row.bucket_before),
        "invoiced": lambda row: _pesos(row.invoiced_cents),
        "closing": lambda row: _pesos(row.closing_cents),
        "bucket_after": lambda row: row.bucket_after and label(row.bucket_after),
        "quantity": _quantity,
    }
    shown = [(name, cells[name]) for name in columns_of(kind)]
    return [{name: cell(row) for name, cell in shown} for row in rows]


def _quantity(row: BehindRow) -> Cell:
    if row.quantity is None or row.cost_kind is None:
        return row.quantity
    return row.quantity / _SCALES.get(row.cost_kind, 1)


_SCALES = {CostKind.PER_KM: 1000, CostKind.COMMISSION: CENTS_PER_PESO}


def _pesos(cents: int | None) -> float | None:
    return None if cents is None else cents / CENTS_PER_PESO
