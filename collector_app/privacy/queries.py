"""Everything that is kept about one client, and whose time is over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from collector_app.agreements.models import SettlementLetter
from collector_app.backing.models import CreditDocument, Guarantee, Obligor
from collector_app.complaints.models import Complaint
from collector_app.compliance.creditor_book import read_creditors
from collector_app.compliance.models import ContactBan, ContactWish, RuleOverride
from collector_app.compliance.queries import creditors_law, law_in_force
from collector_app.compliance.rules import (
    RetentionRule,
    beside,
    deletion_rule,
    keep_log_months,
)
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
class TimeLimit:
    """Until when data on a default is kept: what was due before that day has to go."""

    rule: RetentionRule
    limit_on: date


@dataclass(frozen=True, slots=True)
class Retention:
    """Whose last default is older than a law lets us keep it; ids of clients.

    Those in `owing` still owe something: a person has to decide about them.

    Attributes
    ----------
    limits : tuple of TimeLimit
        Of the law of the house, then of those of creditors, who are named in its source; none where
        no law says when data has to go.
    by_client : mapping of int to TimeLimit
        By which of them the data of each client in `over` and `owing` has to go.
    """

    limits: tuple[TimeLimit, ...]
    over: tuple[int, ...] = ()
    owing: tuple[int, ...] = ()
    by_client: Mapping[int, TimeLimit] = field(default_factory=dict)


def retention(session: Session, day: date, zone: ZoneInfo) -> Retention:
    """Return whose data has to go on a day, under the laws of that day.

    Of a client the shortest time holds that the law of the house and those of everybody to whom
    they owe or owed let their data be kept: whoever owes nothing any more has no other creditors.
    What counts is the due date of the last invoice: from then on nothing new was defaulted on.
    """
    house = law_in_force(session, day)
    limits = [
        _limit(rule, day)
        for profile in (house, *creditors_law(session, day, house).profiles)
        if (rule := deletion_rule(profile)) is not None
    ]
    if not limits:
        return Retention(())
    found = session.execute(
        select(Credit.client_id, func.max(Invoice.due_on))
        .join(Invoice, Invoice.credit_id == Credit.id)
        .join(Client, Client.id == Credit.client_id)
        .where(Client.name != ERASED)
        .group_by(Credit.client_id)
        .having(func.max(Invoice.due_on) < max(one.limit_on for one in limits))
        .order_by(Credit.client_id)
    )
    last_due: dict[int, date] = dict(iter(found))
    book = read_creditors(session, day, zone, last_due)
    by_client = {}
    for client_id, due_on in last_due.items():
        theirs = book.law(client_id, day, also_paid=True)
        rule = deletion_rule(beside(house, theirs))
        if rule is not None and due_on < (limit := _limit(rule, day)).limit_on:
            by_client[client_id] = limit
    owed = debts(session, day, zone, list(by_client)) if by_client else {}
    return Retention(
        tuple(limits),
        tuple(one for one in by_client if one not in owed),
        tuple(one for one in by_client if one in owed),
        by_client,
    )


def _limit(rule: RetentionRule, day: date) -> TimeLimit:
    return TimeLimit(rule, clock.months_after(day, -rule.delete_default_after_months))


def log_limit(session: Session, day: date, months: int | None = None) -> date | None:
    """Return the first day whose log has to be kept; None where neither law nor house says.

    The log is one for all clients: the longest holds that the law of the house and those of all
    creditors ask for, also of one that stands under another by now.

    Parameters
    ----------
    months : int, optional
        How long the house keeps it; the laws' own time when left out.

    Raises
    ------
    KeptTooShort
        When the house would keep it for less than the laws ask.
    """
    house = law_in_force(session, day)
    least = keep_log_months(beside(house, creditors_law(session, day, house, ever=True)))
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
