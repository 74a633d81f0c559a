"""Everything that is kept about one client, and whose time is over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from collector_app.agreements.models import SettlementLetter
from collector_app.backing.models import CreditDocument, Guarantee, Obligor
from collector_app.complaints.models import Complaint
from collector_app.compliance.models import ContactBan, ContactWish, RuleOverride
from collector_app.compliance.queries import law_in_force
from collector_app.compliance.rules import RetentionRule, deletion_rule, keep_log_months
from collector_app.contacts.models import Contact
from collector_app.core import clock
from collector_app.core.orm import Model
from collector_app.locations.models import LocationDecision
from collector_app.payments.models import Payment
from collector_app.payments.queries import debts
from collector_app.portfolio.models import Client, Credit, CreditorWord, Invoice, VisitPlace
from collector_app.privacy.rules import ERASED, KeptTooShort
from collector_app.promises.models import Promise
from collector_app.schedules.models import Agreement
from collector_app.scoring.models import ScoringDecision
from collector_app.stages.models import CollectionPause, StageMove
from collector_app.violations.models import ViolationCase
from collector_app.visits.annulments import WITH_ANNULLED
from collector_app.visits.models import Appointment, Visit

OF_CLIENT: tuple[type[Model], ...] = (
    Credit,
    Visit,
    Contact,
    Appointment,
    Promise,
    Payment,
    Agreement,
    SettlementLetter,
    ContactBan,
    ContactWish,
    RuleOverride,
    LocationDecision,
    VisitPlace,
    ScoringDecision,
    Complaint,
    CollectionPause,
    Obligor,
    ViolationCase,
)
OF_CREDIT = (Invoice, CreditorWord, Guarantee, CreditDocument, StageMove)


@dataclass(frozen=True, slots=True)
class Retention:
    """Whose last default is older than the law lets us keep it; ids of clients.

    ``limit_on`` is None where the law names no limit. Those in `owing` still owe something: a
    person has to decide about them.
    """

    rule: RetentionRule | None
    limit_on: date | None
    over: tuple[int, ...] = ()
    owing: tuple[int, ...] = ()


def retention(session: Session, day: date, zone: ZoneInfo) -> Retention:
    """Return whose data has to go on a day, under the law of that day.

    What counts is the due date of the last invoice: from then on nothing new was defaulted on.
    """
    rule = deletion_rule(law_in_force(session, day))
    if rule is None:
        return Retention(None, None)
    limit_on = clock.months_after(day, -rule.delete_default_after_months)
    old = session.scalars(
        select(Credit.client_id)
        .join(Invoice, Invoice.credit_id == Credit.id)
        .join(Client, Client.id == Credit.client_id)
        .where(Client.name != ERASED)
        .group_by(Credit.client_id)
        .having(func.max(Invoice.due_on) < limit_on)
        .order_by(Credit.client_id)
    ).all()
    owed = debts(session, day, zone, old) if old else {}
    return Retention(
        rule,
        limit_on,
        tuple(one for one in old if one not in owed),
        tuple(one for one in old if one in owed),
    )


def log_limit(session: Session, day: date, months: int | None = None) -> date | None:
    """Return the first day whose log has to be kept; None where neither law nor house says.

    Parameters
    ----------
    months : int, optional
        How long the house keeps it; the law's own time when left out.

    Raises
    ------
    KeptTooShort
        When the house would keep it for less than the law asks.
    """
    least = keep_log_months(law_in_force(session, day))
    if months is not None and months < least:
        raise KeptTooShort("months", "as many as the law asks", least=least)
    kept = months or least
    return clock.months_after(day, -kept) if kept else None


def everything_about(session: Session, client_id: int) -> dict[str, list[dict[str, str]]] | None:
    """Return every row that is kept about a client, table by table; None without such a client.

    Source: LFPDPPP, article 22 (access).
    """
    return as_json(rows_about(session, client_id)) if session.get(Client, client_id) else None


def as_json(rows: Mapping[str, Iterable[Model]]) -> dict[str, list[dict[str, str]]]:
    """Return rows by the names of their columns, as text; bytes as how many they are."""
    return {table: _plain(of_table) for table, of_table in rows.items()}


def rows_about(session: Session, client_id: int) -> dict[str, list[Model]]:
    """Return every row that is kept about a client who exists, by table."""
    told: dict[str, list[Model]] = {"client": [session.get_one(Client, client_id)]}
    for table in OF_CLIENT:
        kept = select(table).filter_by(client_id=client_id).order_by("id")
        told[table.__tablename__] = list(session.scalars(kept, execution_options=WITH_ANNULLED))
    for of_credit in OF_CREDIT:
        rows = session.scalars(
            select(of_credit)
            .join(Credit, Credit.id == of_credit.credit_id)
            .where(Credit.client_id == client_id)
            .order_by(of_credit.id)
        )
        told[of_credit.__tablename__] = list(rows)
    return told


def _plain(rows: Iterable[Model]) -> list[dict[str, str]]:
    return [
        {
            column.key: _text(value)
            for column in inspect(type(row)).column_attrs
            if (value := getattr(row, column.key)) is not None
        }
        for row in rows
    ]


def _text(value: object) -> str:
    return f"{len(value)} bytes" if isinstance(value, bytes) else str(value)
