"""Judges past visits, contacts and payments anew, each under the version of the law of its day."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session, defer

from collector_app.compliance.law_book import LawBook, read_laws
from collector_app.compliance.rules import (
    ContactFacts,
    Profile,
    Touch,
    fact_blocks,
    signing_blocks,
)
from collector_app.contacts.debt_words import tells_of_debt
from collector_app.contacts.models import Contact
from collector_app.contacts.queries import HISTORY, contact_facts, touches_since
from collector_app.core import clock
from collector_app.core.selection import among
from collector_app.payments.models import Payment
from collector_app.schedules.models import Agreement
from collector_app.violations.models import ViolationCase
from collector_app.violations.rules import (
    FactKind,
    Violation,
    check_days,
    payment_blocks,
)
from collector_app.visits.annulments import WITH_ANNULLED
from collector_app.visits.models import Visit
from collector_app.visits.queries import ContactRow, contacts_since
from collector_app.visits.rules import Outcome, speaks_of_debt

_Fact = TypeVar("_Fact", Visit, Payment, Contact, Agreement)

_DAY = timedelta(days=1)
CAME_IN_WITHIN = timedelta(days=3)  # a worker that rests over a weekend misses nothing
FIRST_DAYS = 30
_BESIDE_A_VISIT = timedelta(minutes=30)  # phones tell a visit a little after it ended


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many facts were judged, and which of them were outside the law."""

    visit_count: int
    contact_count: int
    payment_count: int
    agreement_count: int  # that were signed
    violations: tuple[Violation, ...]
    profiles: tuple[Profile, ...]  # under which they were judged

    @property
    def fact_count(self) -> int:
        """Return how many facts were judged in all."""
        visits_and_contacts = self.visit_count + self.contact_count
        return visits_and_contacts + self.payment_count + self.agreement_count


@dataclass(frozen=True, slots=True)
class _Past:
    """What was done to some clients, oldest first."""

    visits: dict[int, list[ContactRow]]
    touches: dict[int, list[Touch]]

    @classmethod
    def of(cls, session: Session, since: datetime, client_ids: set[int]) -> Self:
        return cls(
            contacts_since(session, since, client_ids), touches_since(session, since, client_ids)
        )

    def before(self, client_id: int, at: datetime, law: LawBook) -> tuple[Profile, ContactFacts]:
        """Return the law of an instant and what had been done to a client before it."""
        of_day = law.of(client_id, at.astimezone(law.zone).date(), at)
        visits, touches = self.visits.get(client_id, []), self.touches.get(client_id, [])
        facts = contact_facts(
            visits[: bisect_left(visits, at, key=lambda one: one.at)],
            touches[: bisect_left(touches, at, key=lambda one: one.at)],
            law.zone,
            of_day.ban,
            of_day.terms,
        )
        return of_day.profile, facts


def judge(
    session: Session,
    first: date,
    last: date,
    zone: ZoneInfo,
    client_ids: Collection[int] | None = None,
) -> Verdict:
    """Judge every visit begun, call, message, payment received and agreement signed in some days.

    Both days are inclusive; with `client_ids` only what was done to those.

    Nothing that was worked out then is used: hours, holidays, limits, bans, wishes and exceptions
    are decided again from the facts. What somebody decided holds from that instant on: a ban, a
    wish, an exception or another law of the afternoon says nothing of the morning. Bans that were
    lifted and exceptions that were taken back since count until then.

    Raises
    ------
    DaysInWrongOrder
        When the last day lies before the first.
    """
    check_days(first, last)
    start, end = clock.local_midnight(first, zone), clock.local_midnight(last + _DAY, zone)
    told = partial(_told, start, end, client_ids)
    visits = session.scalars(  # taking a visit back does not make it legal
        told(Visit, Visit.started_at).execution_options(**WITH_ANNULLED)
    ).all()
    payments = session.scalars(told(Payment, Payment.received_at)).all()
    contacts = session.scalars(told(Contact, Contact.at)).all()
    signed = told(Agreement, Agreement.signed_at).options(defer(Agreement.signature))
    agreements = session.scalars(signed).all()
    every = (visits, contacts, payments, agreements)
    clients = {one.client_id for facts in every for one in facts}
    law, past = (
        read_laws(session, first, last, zone, clients),
        _Past.of(session, start - HISTORY, clients),
    )
    found = (
        *_visit_faults(law, visits, past),
        *_contact_faults(law, contacts, past),
        *_payment_faults(law, payments),
        *_agreement_faults(law, agreements, past, _visits_around(session, agreements)),
    )
    profiles = {profile.version: profile for profile in law.profiles.values()}
    counts = len(visits), len(contacts), len(payments), len(agreements)
    return Verdict(*counts, found, tuple(profiles.values()))


def days_to_judge(session: Session, now: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """Return the first and the last day of what came in lately; phones may send it days later.

    Before anything was ever judged: the last `FIRST_DAYS`.
    """
    last = now.astimezone(zone).date()
    if session.scalars(select(ViolationCase.id).limit(1)).first() is None:
        return last - timedelta(days=FIRST_DAYS - 1), last
    since = now - CAME_IN_WITHIN
    oldest = (
        session.scalar(select(func.min(Visit.started_at)).where(Visit.received_at >= since)),
        session.scalar(select(func.min(Contact.at)).where(Contact.received_at >= since)),
        session.scalar(select(func.min(Payment.received_at)).where(Payment.recorded_at >= since)),
        since,
    )
    return min(one for one in oldest if one is not None).astimezone(zone).date(), last


def arrivals_since(session: Session, since: datetime) -> dict[int, datetime]:
    """Return the clients of whom something came in since an instant, and when it was done.

    Of several things the first counts: what is told late may make what was done after it a falta.
    """
    found = union_all(
        select(Visit.client_id, Visit.started_at.label("done_at")).where(
            Visit.received_at >= since
        ),
        select(Contact.client_id, Contact.at).where(Contact.received_at >= since),
        select(Payment.client_id, Payment.received_at).where(Payment.recorded_at >= since),
        select(Agreement.client_id, Agreement.signed_at).where(Agreement.signed_at >= since),
    ).subquery()
    asked = select(found.c.client_id, func.min(found.c.done_at)).group_by(found.c.client_id)
    rows = session.execute(asked.execution_options(**WITH_ANNULLED))
    return {client_id: done_at for client_id, done_at in rows}  # noqa: C416 - rows are no pairs to mypy


def _visit_faults(law: LawBook, visits: Sequence[Visit], past: _Past) -> Iterator[Violation]:
    for visit in visits:
        if visit.outcome is Outcome.NOT_VISITED:
            continue
        profile, facts = past.before(visit.client_id, visit.started_at, law)
        blocks = fact_blocks(
            profile,
            facts,
            visit.started_at,
            visit.person_met.value,
            talked=speaks_of_debt(visit.outcome, visit.objection),
            said=(visit.note,),
        )
        if blocks:
            yield Violation(
                FactKind.VISIT,
                visit.id,
                visit.client_id,
                visit.collector_id,
                visit.started_at,
                profile.id,
                profile.version,
                blocks,
            )


def _contact_faults(law: LawBook, contacts: Sequence[Contact], past: _Past) -> Iterator[Violation]:
    for one in contacts:
        profile, facts = past.before(one.client_id, one.at, law)
        blocks = fact_blocks(
            profile,
            facts,
            one.at,
            one.person.value,
            talked=one.spoke_of_debt or tells_of_debt(one.text),
            channel=one.channel,
            said=(one.text, one.note),
        )
        if blocks:
            yield Violation(
                FactKind.CONTACT,
                one.id,
                one.client_id,
                one.made_by,
                one.at,
                profile.id,
                profile.version,
                blocks,
            )


def _payment_faults(law: LawBook, payments: Sequence[Payment]) -> Iterator[Violation]:
    for payment in payments:
        day = payment.received_at.astimezone(law.zone).date()
        profile = law.of(payment.client_id, day, payment.received_at).profile
        blocks = payment_blocks(profile, payment.method)
        if blocks and payment.collector_id is not None:
            yield Violation(
                FactKind.PAYMENT,
                payment.id,
                payment.client_id,
                payment.collector_id,
                payment.received_at,
                profile.id,
                profile.version,
                blocks,
            )


def _told(
    start: datetime,
    end: datetime,
    client_ids: Collection[int] | None,
    kind: type[_Fact],
    at: Any,
) -> Select[_Fact]:
    """Select the facts of a kind from an instant until before another, in their order."""
    return (
        select(kind)
        .where(at >= start, at < end, among(kind.client_id, client_ids))
        .order_by(at, kind.id)
    )


def _visits_around(
    session: Session, agreements: Sequence[Agreement]
) -> dict[int, list[tuple[datetime, datetime]]]:
    """Return from when until when the clients who signed were visited, around those days."""
    signed = [one.signed_at for one in agreements if one.signed_at is not None]
    if not signed:
        return {}
    found = session.execute(
        select(Visit.client_id, Visit.started_at, Visit.ended_at)
        .where(
            Visit.client_id.in_({one.client_id for one in agreements}),
            Visit.started_at >= min(signed) - _DAY,
            Visit.started_at <= max(signed) + _BESIDE_A_VISIT,
            Visit.outcome != Outcome.NOT_VISITED,
        )
        .execution_options(**WITH_ANNULLED)
    )
    around: dict[int, list[tuple[datetime, datetime]]] = {}
    for client_id, started_at, ended_at in found:
        until = ended_at + _BESIDE_A_VISIT
        around.setdefault(client_id, []).append((started_at - _BESIDE_A_VISIT, until))
    return around


def _agreement_faults(
    law: LawBook,
    agreements: Sequence[Agreement],
    past: _Past,
    around: dict[int, list[tuple[datetime, datetime]]],
) -> Iterator[Violation]:
    """Judge signatures; one at a visit is left to that visit, which is judged by itself."""
    for one in agreements:
        at = one.signed_at
        if at is None or any(begin <= at <= end for begin, end in around.get(one.client_id, ())):
            continue
        profile, facts = past.before(one.client_id, at, law)
        if blocks := signing_blocks(profile, facts, at):
            yield Violation(
                FactKind.AGREEMENT,
                one.id,
                one.client_id,
                one.proposed_by,
                at,
                profile.id,
                profile.version,
                blocks,
            )
