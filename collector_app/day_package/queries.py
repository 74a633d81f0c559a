"""One collector's published route of a day, with everything that decides about its visits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.agreements.queries import AskedOffer, offers_asked
from collector_app.compliance.queries import bans_on, profile_in_force, terms_on
from collector_app.compliance.rules import (
    NO_TERMS,
    Block,
    Channel,
    ContactFacts,
    ForbiddenWords,
    Profile,
    cash_blocks,
    forbidden_words,
)
from collector_app.contacts.queries import HISTORY, contact_facts, touches_since
from collector_app.contacts.rules import CHANNELS, WRITTEN
from collector_app.core import clock
from collector_app.day_package.rules import (
    MOST_EXTRAS,
    ClientLaw,
    CreditorDuties,
    client_law,
    creditor_duties,
    held_back,
)
from collector_app.payments.queries import NO_DEBT, Debt, PromiseRow, debts, promise_states
from collector_app.phone.queries import StopCard, Today, today_of
from collector_app.planning.problem_builder import service_s_of
from collector_app.planning.queries import RouteRow, workdays
from collector_app.planning.rules import PlanPolicy, Vehicle
from collector_app.portfolio.queries import ClientCard, client_cards
from collector_app.portfolio.rules import Stage
from collector_app.promises.rules import PromiseState
from collector_app.stages.promise_limits import waited_for
from collector_app.stages.queries import client_stages
from collector_app.strategy.queries import AppliedTreatment, treatments_of_clients
from collector_app.strategy.rules import message_blocks
from collector_app.visits.queries import AppointmentRow, contacts_since, open_appointments
from collector_app.zones.queries import clients_of

OFFERS_LAST = timedelta(days=7)  # whoever asked for one knows by then


@dataclass(frozen=True, slots=True)
class PackedStop:
    """A visit that may be made that day; ``stop`` is None for a client beside the route.

    Attributes
    ----------
    service_s : int, seconds
        Expected length of the visit.
    prize_cents : int
        What the visit is worth, 0 when nobody has worked it out.
    remote : mapping of Channel to ClientLaw
        The law of each way to reach them without going there.
    asked : AskedOffer or None
        What was proposed lately beyond what the collector may give, and what the office said.
    promise : PromiseRow or None
        An open promise of a later day, for which the client is left alone.
    creditors : CreditorDuties or None
        What those to whom the client owes ask for beside the house, where they have their own law.
    """

    client: ClientCard
    debt: Debt
    stop: StopCard | None
    service_s: int
    prize_cents: int
    law: ClientLaw
    remote: Mapping[Channel, ClientLaw]
    stage: Stage
    applied: AppliedTreatment | None
    asked: AskedOffer | None
    is_banned: bool
    promise: PromiseRow | None
    appointments: tuple[AppointmentRow, ...]
    creditors: CreditorDuties | None


@dataclass(frozen=True, slots=True)
class PackedDay:
    """A day as the phone carries it; `ends_s` is when the collector must be back, of the day."""

    day: date
    is_estimate: bool
    route: RouteRow
    ends_s: int
    stops: tuple[PackedStop, ...]
    extras: tuple[PackedStop, ...]
    cash: tuple[Block, ...]
    words: tuple[ForbiddenWords, ...]
    travel_cents_per_hour: int

    @property
    def vehicle(self) -> Vehicle:
        """Return how the collector moves."""
        return self.route.vehicle


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of some clients on a day."""

    day: date
    zone: ZoneInfo
    profile: Profile
    facts: Mapping[int, ContactFacts]
    owed: Mapping[int, Debt]
    promises: Mapping[int, PromiseRow]
    expected: Collection[int]  # clients who gave a day themselves
    appointments: Mapping[int, list[AppointmentRow]]
    stages: Mapping[int, Stage]
    applied: Mapping[int, AppliedTreatment]
    asked: Mapping[int, AskedOffer]


def packed_day(session: Session, collector_id: int, day: date, zone: ZoneInfo) -> PackedDay | None:
    """Return a collector's own day, None while no route is published for it."""
    found = today_of(session, collector_id, day, zone)
    if found is None:
        return None
    policy = PlanPolicy()
    extras = _near(session, found, clients_of(session, collector_id, day))
    ids = [stop.client.id for stop in found.stops] + [card.id for card in extras]
    known = _known(session, ids, day, zone)
    beside = (_packed(card, None, known, policy) for card in extras)
    ends = {one.collector_id: one.ends_s for one in workdays(session)}
    return PackedDay(
        day=day,
        is_estimate=found.is_estimate,
        route=found.route,
        ends_s=max(ends.get(collector_id, 0), found.route.returns_s),
        stops=tuple(_packed(one.client, one, known, policy) for one in found.stops),
        extras=tuple(one for one in beside if _may_be_added(one))[:MOST_EXTRAS],
        cash=cash_blocks(known.profile),
        words=forbidden_words(known.profile),
        travel_cents_per_hour=policy.travel_cost_cents_per_hour,
    )


def _known(session: Session, ids: Collection[int], day: date, zone: ZoneInfo) -> _Known:
    start, end = clock.local_day(day, zone)
    since = start - HISTORY
    visits, touches = contacts_since(session, since, ids), touches_since(session, since, ids)
    bans, terms = bans_on(session, day), terms_on(session, day, zone, ids)
    facts = {
        one: contact_facts(
            visits.get(one, ()), touches.get(one, ()), zone, bans.get(one), terms.get(one, NO_TERMS)
        )
        for one in ids
    }
    promised = promise_states(session, day, ids, zone=zone)
    stages = client_stages(session, day, zone, ids)
    later = {
        one: waited_for(promised.get(one, ()), stages.get(one, Stage.PREVENTIVE), day, zone)
        for one in ids
    }
    return _Known(
        day,
        zone,
        profile_in_force(session, day),
        facts,
        debts(session, day, zone, ids),
        {one: promise for one, promise in later.items() if promise},
        {
            one
            for one, told in promised.items()
            if any(promise.state is PromiseState.OPEN for promise in told)
        },
        open_appointments(session, start, end),
        stages,
        treatments_of_clients(session, day, zone, ids),
        offers_asked(session, ids, start - OFFERS_LAST),
    )


def _packed(
    card: ClientCard, stop: StopCard | None, known: _Known, policy: PlanPolicy
) -> PackedStop:
    facts = known.facts[card.id]
    return PackedStop(
        client=card,
        debt=known.owed.get(card.id, NO_DEBT),
        stop=stop,
        service_s=service_s_of(card.kind, policy),
        prize_cents=stop.worth.total_cents if stop else policy.neutral_prize_cents,
        law=client_law(known.profile, facts, known.day),
        remote={one: _remote_law(card.id, one, known) for one in CHANNELS},
        stage=known.stages.get(card.id, Stage.PREVENTIVE),
        applied=known.applied.get(card.id),
        asked=known.asked.get(card.id),
        is_banned=facts.ban is not None,
        promise=known.promises.get(card.id),
        appointments=tuple(known.appointments.get(card.id, ())),
        creditors=creditor_duties(known.profile, facts.creditors),
    )


def _remote_law(client_id: int, channel: Channel, known: _Known) -> ClientLaw:
    """Return the law of a channel, with the messages that the client's treatment keeps back."""
    facts, applied = known.facts[client_id], known.applied.get(client_id)
    law = client_law(known.profile, facts, known.day, channel)
    if applied is None or channel not in WRITTEN:
        return law
    blocks = message_blocks(
        applied.treatment,
        applied.segment,
        channel,
        facts.history,
        known.day,
        known.zone,
        is_expected=client_id in known.expected,
    )
    return held_back(law, blocks)


def _may_be_added(one: PackedStop) -> bool:
    """Tell whether a client beside the route owes and may be visited."""
    return one.debt.overdue_cents > 0 and bool(one.law.windows) and one.promise is None


def _near(session: Session, found: Today, own: Collection[int]) -> list[ClientCard]:
    """Return clients of the own zones who are on no stop, those nearest to the route first."""
    on_route = {stop.client.id for stop in found.stops}
    places = [(one.client.lat, one.client.lon) for one in found.stops if one.client.lat is not None]
    cards = client_cards(session, set(own) - on_route).values()
    located = [card for card in cards if card.lat is not None]
    return sorted(located, key=lambda card: (_apart(card, places), card.id))[: 4 * MOST_EXTRAS]


def _apart(card: ClientCard, places: Collection[Any]) -> float:
    """Return how far a client is from the nearest stop; squared degrees, only for comparing."""
    return min(((card.lat - lat) ** 2 + (card.lon - lon) ** 2 for lat, lon in places), default=0.0)
