"""One client as a whole: who, what is owed, when they may be visited, and what happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.agreements.queries import DebtAfterLetter, debts_after_letter
from collector_app.backing.queries import Backing, backing_of
from collector_app.client_file.queries.account import account_events, debt_on, invoices_on
from collector_app.client_file.queries.timeline import Event, timeline
from collector_app.compliance.law_book import laws_ahead
from collector_app.compliance.rules import Decision, decide
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
from collector_app.planning.queries import Weighed, last_weighed
from collector_app.planning.rules import PlanPolicy
from collector_app.portfolio import queries as portfolio
from collector_app.portfolio.queries import ClientFile
from collector_app.portfolio.rules import Stage
from collector_app.promises.rules import PromiseFlag, PromiseState
from collector_app.scoring.queries import ClientRecord, record_of
from collector_app.stages.promise_limits import open_flags
from collector_app.stages.queries import ClientLife, client_life, client_stages
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
    life: ClientLife
    backing: Backing
    debt: Debt
    invoices: list[InvoiceRow]
    promises: list[PromiseRow]
    promise_flags: Mapping[int, tuple[PromiseFlag, ...]]  # of promises beyond the house's rules
    zone: ZoneRow | None
    record: ClientRecord
    may_visit: tuple[VisitDay, ...]
    events: list[Event]
    weighed: Weighed | None  # by the last plan
    after_letter: DebtAfterLetter | None = None  # owed although a letter says it is not


def expediente(
    session: Session, client_id: int, day: date, zone: ZoneInfo, today: date | None = None
) -> Expediente | None:
    """Return the file of a client as of a day; None if there is no such client.

    Parameters
    ----------
    today : date, optional
        When it is later than `day`, the file is told as it was when that day ended, by all that is
        known now; it does not say then when the client may be visited.
    """
    told = portfolio.client_file(session, client_id)
    if told is None:
        return None
    is_now = today is None or day >= today
    ends_at = clock.local_midnight(day + timedelta(days=1), zone)
    life = client_life(session, client_id, day, zone)
    backing = backing_of(session, client_id, day, zone)
    of_client = zone_of_client(session, day, [client_id]).get(client_id)
    zones = {one.id: one for one in zones_on(session, day)}
    owed = debts(session, day, zone, [client_id]) if is_now else {client_id: debt_on(life, day)}
    debt = owed.get(client_id, NO_DEBT)
    promises = _promises(session, client_id, day, zone)
    return Expediente(
        told=told,
        life=life,
        backing=backing,
        debt=debt,
        invoices=invoices_of(session, client_id, day, zone) if is_now else invoices_on(life, day),
        promises=promises,
        promise_flags=_promise_flags(session, client_id, promises, debt, (day, zone)),
        zone=None if of_client is None else zones.get(of_client),
        record=record_of(session, client_id, min(clock.now(), ends_at), zone),
        may_visit=_may_visit(session, client_id, day, zone) if is_now else (),
        events=[
            one
            for one in _events(session, client_id, life, backing, zone)
            if is_now or one.at < ends_at
        ],
        weighed=last_weighed(session, client_id, ends_at, told.currency),
        after_letter=debts_after_letter(session, day, zone, [client_id]).get(client_id)
        if is_now
        else None,
    )


def _events(
    session: Session, client_id: int, life: ClientLife, backing: Backing, zone: ZoneInfo
) -> list[Event]:
    events = account_events(session, client_id, life, backing, zone) + timeline(
        session, client_id, zone
    )
    return sorted(events, key=lambda event: event.at, reverse=True)


def _promises(session: Session, client_id: int, day: date, zone: ZoneInfo) -> list[PromiseRow]:
    """Return the promises made until a day ends, as they stood then."""
    ends_at = clock.local_midnight(day + timedelta(days=1), zone)
    found = promise_states(session, day, [client_id], zone=zone, paid_until=day)
    return [one for one in found.get(client_id, []) if one.made_at < ends_at]


def _promise_flags(
    session: Session,
    client_id: int,
    promises: list[PromiseRow],
    debt: Debt,
    at: tuple[date, ZoneInfo],
) -> dict[int, tuple[PromiseFlag, ...]]:
    """Return what is beyond the rules in each promise, as the client's stage of a day has them."""
    if not any(one.state is PromiseState.OPEN for one in promises):
        return {}
    stage = client_stages(session, *at, [client_id]).get(client_id, Stage.PREVENTIVE)
    return {one.id: open_flags(one, debt, stage, at[1]) for one in promises}


def _may_visit(session: Session, client_id: int, day: date, zone: ZoneInfo) -> tuple[VisitDay, ...]:
    since = clock.local_midnight(day, zone) - timedelta(days=PlanPolicy().history_days)
    visits = contacts_since(session, since, [client_id]).get(client_id, [])
    touches = touches_since(session, since, [client_id]).get(client_id, [])
    days = [day + timedelta(days=n) for n in range(DAYS_AHEAD)]
    laws = laws_ahead(session, client_id, days, zone)
    return tuple(
        VisitDay(
            one,
            decide(law.profile, contact_facts(visits, touches, zone, law.ban, law.terms), one),
        )
        for one, law in zip(days, laws, strict=True)
    )
