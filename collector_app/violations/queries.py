"""Judges past visits and payments anew, each under the version of the law of its day."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.compliance.queries import bans_on, profile_in_force, terms_on
from collector_app.compliance.rules import NO_TERMS, ClientTerms, ContactFacts, Profile
from collector_app.core import clock
from collector_app.payments.models import Payment
from collector_app.planning.queries import contact_facts
from collector_app.planning.rules import PlanPolicy
from collector_app.violations.rules import (
    FactKind,
    Violation,
    check_days,
    payment_blocks,
    visit_blocks,
)
from collector_app.visits.models import Visit
from collector_app.visits.queries import ContactRow, contacts_since
from collector_app.visits.rules import Outcome, speaks_of_debt

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many facts were judged, and which of them were outside the law."""

    visit_count: int
    payment_count: int
    violations: tuple[Violation, ...]
    profiles: tuple[Profile, ...]  # under which they were judged


@dataclass(slots=True)
class _Law:
    """The law of each day that comes up, read once."""

    session: Session
    zone: ZoneInfo
    days: dict[date, tuple[Profile, dict[int, str], dict[int, ClientTerms]]] = field(
        default_factory=dict
    )

    def of(self, at: datetime) -> tuple[Profile, dict[int, str], dict[int, ClientTerms]]:
        day = at.astimezone(self.zone).date()
        if day not in self.days:
            self.days[day] = (
                profile_in_force(self.session, day),
                bans_on(self.session, day),
                terms_on(self.session, day),
            )
        return self.days[day]


def judge(session: Session, first: date, last: date, zone: ZoneInfo) -> Verdict:
    """Judge every visit begun, and all money received, from day to day (both inclusive).

    Nothing that was worked out then is used: hours, holidays, limits, bans, wishes and exceptions
    are decided again from the facts. Bans that were lifted since count on the days they held.

    Raises
    ------
    DaysInWrongOrder
        When the last day lies before the first.
    """
    check_days(first, last)
    start, end = clock.local_midnight(first, zone), clock.local_midnight(last + _DAY, zone)
    law = _Law(session, zone)
    visits = session.scalars(
        select(Visit)
        .where(Visit.started_at >= start, Visit.started_at < end)
        .order_by(Visit.started_at, Visit.id)
    ).all()
    payments = session.scalars(
        select(Payment)
        .where(Payment.received_at >= start, Payment.received_at < end)
        .order_by(Payment.received_at, Payment.id)
    ).all()
    since = start - timedelta(days=PlanPolicy().history_days)
    past = contacts_since(session, since, {visit.client_id for visit in visits})
    found = (*_visit_faults(law, visits, past), *_payment_faults(law, payments))
    profiles = {profile.version: profile for profile, *_rest in law.days.values()}
    return Verdict(len(visits), len(payments), found, tuple(profiles.values()))


def _visit_faults(
    law: _Law, visits: Sequence[Visit], past: dict[int, list[ContactRow]]
) -> Iterator[Violation]:
    for visit in visits:
        if visit.outcome is Outcome.NOT_VISITED:
            continue
        profile, bans, terms = law.of(visit.started_at)
        of_client = past[visit.client_id]
        before = of_client[: bisect_left(of_client, visit.started_at, key=lambda one: one.at)]
        facts: ContactFacts = contact_facts(
            before, law.zone, bans.get(visit.client_id), terms.get(visit.client_id, NO_TERMS)
        )
        talked = speaks_of_debt(visit.outcome, visit.objection)
        blocks = visit_blocks(profile, facts, visit.started_at, visit.person_met, talked)
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


def _payment_faults(law: _Law, payments: Sequence[Payment]) -> Iterator[Violation]:
    for payment in payments:
        profile, *_rest = law.of(payment.received_at)
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
