"""One client as a whole: who, what is owed, when they may be visited, and what happened."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.client_file.queries.timeline import Event, timeline
from collector_app.compliance.queries import bans_on, profile_in_force, terms_on
from collector_app.compliance.rules import NO_TERMS, Decision, decide
from collector_app.contacts.queries import contact_facts, touches_since
from collector_app.core import clock
from collector_app.payments.queries import (
    NO_DEBT,
    Debt,
    InvoiceRow,
    PromiseRow,
    debts,
    invoices_of,
    promise_states,
)
from collector_app.planning.rules import PlanPolicy
from collector_app.portfolio import queries as portfolio
from collector_app.portfolio.queries import ClientFile
from collector_app.scoring.queries import ClientRecord, record_of
from collector_app.visits.queries import contacts_since
from collector_app.zones.queries import ZoneRow, zone_of_client, zones_on

DAYS_AHEAD = 7


@dataclass(frozen=True, slots=True)
class VisitDay:
    """Whether the client may be visited on a coming day, and when."""

    day: date
    decision: Decision


@dataclass(frozen=True, slots=True)
class Expediente:
    """Everything about one client, read at one moment."""

    told: ClientFile  # by the creditor
    debt: Debt
    invoices: list[InvoiceRow]
    promises: list[PromiseRow]
    zone: ZoneRow | None
    record: ClientRecord
    may_visit: tuple[VisitDay, ...]
    events: list[Event]


def expediente(session: Session, client_id: int, day: date, zone: ZoneInfo) -> Expediente | None:
    """Return the file of a client as of now; None if there is no such client."""
    told = portfolio.client_file(session, client_id)
    if told is None:
        return None
    of_client = zone_of_client(session, day).get(client_id)
    zones = {one.id: one for one in zones_on(session, day)}
    return Expediente(
        told=told,
        debt=debts(session, day, [client_id]).get(client_id, NO_DEBT),
        invoices=invoices_of(session, client_id),
        promises=promise_states(session, day, [client_id], zone=zone).get(client_id, []),
        zone=None if of_client is None else zones.get(of_client),
        record=record_of(session, client_id, clock.now(), zone),
        may_visit=_may_visit(session, client_id, day, zone),
        events=timeline(session, client_id, zone),
    )


def _may_visit(session: Session, client_id: int, day: date, zone: ZoneInfo) -> tuple[VisitDay, ...]:
    since = clock.local_midnight(day, zone) - timedelta(days=PlanPolicy().history_days)
    visits = contacts_since(session, since, [client_id]).get(client_id, [])
    touches = touches_since(session, since, [client_id]).get(client_id, [])
    days = [day + timedelta(days=n) for n in range(DAYS_AHEAD)]
    return tuple(
        VisitDay(
            one,
            decide(
                profile_in_force(session, one),
                contact_facts(
                    visits,
                    touches,
                    zone,
                    bans_on(session, one).get(client_id),
                    terms_on(session, one).get(client_id, NO_TERMS),
                ),
                one,
            ),
        )
        for one in days
    )
