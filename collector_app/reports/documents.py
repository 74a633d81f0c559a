"""A report as titles and tables, before it becomes a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from collector_app.core.money import CENTS_PER_PESO, USUAL_CURRENCY
from collector_app.core.spreadsheets import Cell, Sheet
from collector_app.live.queries import today_board
from collector_app.live.rules import StopState
from collector_app.reports.queries import promise_agenda, zone_week
from collector_app.reports.rules import ReportKind, days_of
from collector_app.web.filters import hora_del_dia, porcentaje
from collector_app.web.words import label


@dataclass(frozen=True, slots=True)
class Document:
    """A report; ``sums`` holds the row of totals of the sheets that have one, by their name."""

    title: str
    period: str
    sheets: tuple[Sheet, ...]
    sums: Mapping[str, Mapping[str, Cell]]


def document_of(session: Session, kind: ReportKind, day: date, zone: ZoneInfo) -> Document:
    """Return a report of a day."""
    first, last = days_of(kind, day)
    sheets = _SHEETS[kind](session, first, last, zone)
    return Document(
        title=label(kind),
        period=_period(first, last),
        sheets=tuple(sheets),
        sums={sheet.name: _sums(sheet) for sheet in sheets if len(sheet.rows) > 1},
    )


def _period(first: date, last: date) -> str:
    """Return the days with their year: paper is read long after."""
    if first == last:
        return str(format_date(first, "EEEE d 'de' MMMM 'de' y"))
    return f"{format_date(first, 'd MMM y')} – {format_date(last, 'd MMM y')}"


def _day_close(session: Session, first: date, _last: date, zone: ZoneInfo) -> Sequence[Sheet]:
    today = today_board(session, first, zone)
    currencies = list({**today.totals.promised, **today.totals.paid}) or [USUAL_CURRENCY]
    collectors = [
        {
            "name": row.name,
            "planned": row.planned,
            "done": row.done,
            "visits": row.visits,
            "contacts": row.contacts,
            "promises": row.promises,
            **{f"promised_{one}": _pesos(row.promised.get(one, 0)) for one in currencies},
            **{f"paid_{one}": _pesos(row.paid.get(one, 0)) for one in currencies},
        }
        for row in today.collectors
        if row.planned or row.visits or row.paid
    ]
    missed = [
        {
            "collector": dot.collector_name,
            "position": str(dot.position),
            "client": dot.client_name,
            "at": hora_del_dia(dot.arrives_s),
        }
        for dot in today.stops
        if dot.state in (StopState.PENDING, StopState.LATE)
    ]
    return (
        Sheet(
            _("Gestores"),
            {
                "name": _("Gestor"),
                "planned": _("Paradas"),
                "done": _("Visitadas"),
                "visits": _("Visitas"),
                "contacts": _("Contactos"),
                "promises": _("Promesas"),
                **_money_columns("promised", _("Prometido"), currencies),
                **_money_columns("paid", _("Cobrado"), currencies),
            },
            collectors,
        ),
        Sheet(
            _("Sin visitar"),
            {
                "collector": _("Gestor"),
                "position": _("Parada"),
                "client": _("Cliente"),
                "at": _("Hora prevista"),
            },
            missed,
        ),
    )


def _zone_week(session: Session, first: date, last: date, zone: ZoneInfo) -> Sequence[Sheet]:
    found = zone_week(session, first, last, zone)
    codes = list(found[0].overdue) if found else [USUAL_CURRENCY]
    rows = [
        {
            "zone": row.zone_name,
            "collector": row.collector_name or _("Sin gestor"),
            "clients": row.clients,
            "visits": row.visits,
            "contacts": row.contacts,
            "visited": porcentaje(row.visited_share),
            "penetration": porcentaje(row.penetration),
            "never": row.never,
            "promises": row.promises,
            **{f"recovered_{one}": _pesos(row.recovered[one]) for one in codes},
            **{f"overdue_{one}": _pesos(row.overdue[one]) for one in codes},
        }
        for row in found
    ]
    titles = {
        "zone": _("Zona"),
        "collector": _("Gestor"),
        "clients": _("Clientes"),
        "visits": _("Visitas"),
        "contacts": _("Contactos"),
        "visited": _("Cobertura"),
        "penetration": _("Penetración"),
        "never": _("Nunca visitados"),
        "promises": _("Promesas"),
        **_money_columns("recovered", _("Recuperado"), codes),
        **_money_columns("overdue", _("Vencido"), codes),
    }
    return (Sheet(_("Zonas"), titles, rows),)


def _promise_agenda(session: Session, first: date, last: date, zone: ZoneInfo) -> Sequence[Sheet]:
    found = promise_agenda(session, first, last, zone)
    codes = sorted({row.currency for row in found}) or [USUAL_CURRENCY]
    rows = [
        {
            "due": row.due_on,
            "client": row.client_name,
            "number": row.client_number,
            "phone": row.phone,
            "collector": row.collector_name,
            "what": _("Convenio %(n)s", n=row.agreement_id) if row.agreement_id else _("Promesa"),
            **{f"amount_{one}": 0.0 for one in codes},
            f"amount_{row.currency}": _pesos(row.amount_cents),
        }
        for row in found
    ]
    titles = {
        "due": _("Vence"),
        "client": _("Cliente"),
        "number": _("Número"),
        "phone": _("Teléfono"),
        "collector": _("Gestor"),
        "what": _("Qué"),
        **_money_columns("amount", _("Por pagar"), codes),
    }
    return (Sheet(_("Agenda"), titles, rows),)


_SHEETS: Mapping[ReportKind, Callable[[Session, date, date, ZoneInfo], Sequence[Sheet]]] = {
    ReportKind.DAY_CLOSE: _day_close,
    ReportKind.ZONE_WEEK: _zone_week,
    ReportKind.PROMISE_AGENDA: _promise_agenda,
}


def _sums(sheet: Sheet) -> dict[str, Cell]:
    """Return the totals of the columns of numbers; nothing when there are none."""
    found: dict[str, Cell] = {}
    for name in sheet.columns:
        values = [row[name] for row in sheet.rows if isinstance(row, Mapping)]
        numbers = [one for one in values if isinstance(one, int | float)]
        if numbers and len(numbers) == len(values):
            found[name] = sum(numbers)
    return found


def _money_columns(name: str, title: str, currencies: Sequence[str]) -> dict[str, str]:
    """Return a column for each currency; of the usual one alone its people say pesos."""
    if list(currencies) == [USUAL_CURRENCY]:
        return {f"{name}_{USUAL_CURRENCY}": _("%(title)s (pesos)", title=title)}
    return {f"{name}_{one}": f"{title} ({one})" for one in currencies}


def _pesos(cents: int) -> float:
    return cents / CENTS_PER_PESO
