"""What a plan of a day is made from: who works, who owes, what was promised, who may be visited."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.absences.queries import absent_on
from collector_app.absences.rules import AbsenceKind
from collector_app.accounts.models import User
from collector_app.agreements.queries import (
    DebtAfterLetter,
    Standing,
    debts_after_letter,
    standings,
)
from collector_app.compliance.queries import bans_on, profile_in_force, terms_on
from collector_app.compliance.rules import NO_TERMS, ClientTerms, ContactFacts, Profile, Touch
from collector_app.contacts.queries import contact_facts, touches_since
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.payments.queries import NO_DEBT, Debt, PromiseRow, debts, promise_states
from collector_app.planning.models import Workday
from collector_app.planning.queries.plans import RouteRow
from collector_app.planning.rules import EVERY_DAY, PlanPolicy, Vehicle
from collector_app.portfolio.queries import ClientCard, client_cards
from collector_app.portfolio.rules import ClientKind, Stage
from collector_app.scoring.queries import DecisionRow, experience, switched_off
from collector_app.stages.promise_limits import later_promises
from collector_app.stages.queries import client_stages
from collector_app.strategy.queries import AppliedTreatment, treatments_of_clients
from collector_app.visits.queries import (
    AppointmentRow,
    ContactRow,
    contacts_since,
    open_appointments,
)
from collector_app.zones.queries import ZoneOwner, owners
from routing.scoring import Experience


@dataclass(frozen=True, slots=True)
class WorkdayRow:
    """How a collector works; hours are seconds since local midnight.

    ``weekdays`` are seven letters, Monday first, "1" for days of work.
    """

    collector_id: int
    name: str
    vehicle: Vehicle
    starts_s: int
    ends_s: int
    start_lat: float
    start_lon: float
    end_lat: float
    end_lon: float
    max_stops: int | None
    weekdays: str = EVERY_DAY

    def is_worked(self, day: date) -> bool:
        """Tell whether the weekday is one of work."""
        return self.weekdays[day.weekday()] == "1"


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A client who owes, or who expects us, with everything that decides about a visit."""

    client_id: int
    kind: ClientKind
    lat: float | None
    lon: float | None
    zone_id: int | None
    collector_id: int | None
    debt: Debt
    promises: tuple[PromiseRow, ...]
    appointments: tuple[AppointmentRow, ...]
    contacts: tuple[ContactRow, ...]  # attempts within the policy's history, oldest first
    ban: str | None
    terms: ClientTerms = NO_TERMS  # hours they asked for, rules lifted for them
    touches: tuple[Touch, ...] = ()  # calls, messages and letters of the same days
    agreement: Standing | None = None  # signed, with something left to pay
    applied: AppliedTreatment | None = None  # how their segment is treated
    after_letter: DebtAfterLetter | None = None  # owed although a carta finiquito says it is not
    stage: Stage = Stage.PREVENTIVE  # asked for where a promise of a later day is open

    def contact_facts(self, zone: ZoneInfo) -> ContactFacts:
        """Return what the law asks about this client."""
        return contact_facts(self.contacts, self.touches, zone, self.ban, self.terms)


@dataclass(frozen=True, slots=True)
class DayRows:
    """One day, read at one moment.

    ``experience`` is what was known then of earlier visits; ``unscored`` are the clients whose
    scores somebody switched off, with the decision; ``absent`` are the collectors who would work.
    """

    day: date
    zone: ZoneInfo
    profile: Profile
    workdays: tuple[WorkdayRow, ...]
    candidates: tuple[CandidateRow, ...]
    experience: Experience = field(default_factory=Experience)
    unscored: Mapping[int, DecisionRow] = field(default_factory=dict)
    absent: Mapping[int, AbsenceKind] = field(default_factory=dict)


def workdays(session: Session) -> tuple[WorkdayRow, ...]:
    """Return how each active collector works, by name; those without hours are absent."""
    found = session.execute(
        select(Workday, User.full_name)
        .join(User, User.id == Workday.collector_id)
        .where(User.active, User.role == Role.COLLECTOR)
        .order_by(User.full_name, User.id)
    )
    return tuple(
        WorkdayRow(
            collector_id=one.collector_id,
            name=name,
            vehicle=one.vehicle,
            starts_s=one.starts_s,
            ends_s=one.ends_s,
            start_lat=one.start_lat,
            start_lon=one.start_lon,
            end_lat=one.end_lat,
            end_lon=one.end_lon,
            max_stops=one.max_stops,
            weekdays=one.weekdays,
        )
        for one, name in found
    )


def workdays_on(session: Session, day: date) -> tuple[WorkdayRow, ...]:
    """Return how each collector works who works on a day and is not absent, by name."""
    absent = absent_on(session, day)
    return tuple(
        one for one in workdays(session) if one.is_worked(day) and one.collector_id not in absent
    )


def workday_of(route: RouteRow) -> WorkdayRow:
    """Return a route as hours of work, for whoever has none of their own any more."""
    return WorkdayRow(
        collector_id=route.collector_id,
        name=route.collector_name,
        vehicle=route.vehicle,
        starts_s=route.leaves_s,
        ends_s=route.returns_s,
        start_lat=route.start_lat,
        start_lon=route.start_lon,
        end_lat=route.end_lat,
        end_lon=route.end_lon,
        max_stops=None,
    )


def day_rows(
    session: Session,
    day: date,
    zone: ZoneInfo,
    policy: PlanPolicy,
    clients: Collection[int] | None = None,
) -> DayRows:
    """Return everything a plan of the day needs; a fixed number of statements whatever the size.

    Candidates are the clients who owe something or have an appointment that day.

    Parameters
    ----------
    clients : collection of int, optional
        Only these; what visits taught is then not asked for, as it takes all of them.
    """
    start, end = clock.local_day(day, zone)
    owed = debts(session, day, zone, clients)
    appointments = open_appointments(session, start, end)
    ids = sorted(owed.keys() | appointments.keys())
    if clients is not None:
        ids = sorted(set(ids) & set(clients))
    cards = client_cards(session, ids)
    owner = owners(session, day, clients)
    promises = promise_states(session, day, ids, zone=zone)
    since = start - timedelta(days=policy.history_days)
    contacts, touches = contacts_since(session, since, ids), touches_since(session, since, ids)
    bans, terms = bans_on(session, day), terms_on(session, day, zone, ids)
    agreed = standings(session, day, zone, ids)
    treatments = treatments_of_clients(session, day, zone, ids)
    letters = debts_after_letter(session, day, zone, ids)
    promised = [one for one, told in promises.items() if later_promises(told, day)]
    stages = client_stages(session, day, zone, promised) if promised else {}
    candidates = (
        _candidate(
            card,
            owner.get(card.id),
            owed.get(card.id, NO_DEBT),
            tuple(promises.get(card.id, ())),
            tuple(appointments.get(card.id, ())),
            tuple(contacts.get(card.id, ())),
            bans.get(card.id),
        )
        for card in _in_order(cards, ids)
    )
    with_terms = (
        replace(
            one,
            terms=terms.get(one.client_id, NO_TERMS),
            touches=tuple(touches.get(one.client_id, ())),
            agreement=agreed.get(one.client_id),
            applied=treatments.get(one.client_id),
            after_letter=letters.get(one.client_id),
            stage=stages.get(one.client_id, Stage.PREVENTIVE),
        )
        for one in candidates
    )
    return DayRows(
        day,
        zone,
        profile_in_force(session, day),
        workdays_on(session, day),
        tuple(with_terms),
        experience(session, clock.now(), zone) if clients is None else Experience(),
        switched_off(session),
        absent_on(session, day),
    )


def _in_order(cards: Mapping[int, ClientCard], ids: Collection[int]) -> list[ClientCard]:
    return [cards[client_id] for client_id in ids if client_id in cards]


def _candidate(
    card: ClientCard,
    owner: ZoneOwner | None,
    debt: Debt,
    promises: tuple[PromiseRow, ...],
    appointments: tuple[AppointmentRow, ...],
    contacts: tuple[ContactRow, ...],
    ban: str | None,
) -> CandidateRow:
    return CandidateRow(
        client_id=card.id,
        kind=card.kind,
        lat=card.lat,
        lon=card.lon,
        zone_id=owner.zone_id if owner else None,
        collector_id=owner.collector_id if owner else None,
        debt=debt,
        promises=promises,
        appointments=appointments,
        contacts=contacts,
        ban=ban,
    )
