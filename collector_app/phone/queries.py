"""What one collector's phone shows: the stops of the day, and everything about one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.agreements.queries import Standing, standings
from collector_app.backing.queries import ObligorRow, obligors_of
from collector_app.compliance.queries import BanNotice, ban_notices
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.money import USUAL_CURRENCY
from collector_app.doors.queries import OwnStop
from collector_app.payments.queries import (
    NO_DEBT,
    Debt,
    InvoiceRow,
    PaymentRow,
    PromiseRow,
    collected_cents,
    debts,
    invoices_of,
    payments_of,
    promise_states,
)
from collector_app.phone.rules import plain
from collector_app.planning.models import Plan, Route, Stop
from collector_app.planning.queries import RouteRow, route_of
from collector_app.planning.rules import PlanPolicy, Vehicle
from collector_app.planning.worth import StopWorth, worth_of
from collector_app.portfolio.queries import ClientCard, client_cards, other_currencies
from collector_app.visits.queries import VisitRow, visits_between, visits_of_stops, visits_to
from collector_app.zones.queries import clients_of, is_gone, may_see

MOST_FOUND = 20  # a phone shows no more at once; one more word finds the rest


@dataclass(frozen=True, slots=True)
class StopCard:
    """A stop as the list and the card show it; times are seconds since local midnight."""

    id: int
    position: int
    client: ClientCard
    debt: Debt
    arrives_s: int
    travel_s: int
    travel_m: int
    vehicle: Vehicle
    reasons: Sequence[Any]  # as planning stored them; `reason_sentences` words them
    worth: StopWorth
    visit: VisitRow | None
    ban: BanNotice | None = None  # why nobody may contact this client today

    @property
    def is_done(self) -> bool:
        """Tell whether a visit was made; also one that found nobody."""
        return self.visit is not None


@dataclass(frozen=True, slots=True)
class Door:
    """Where a visit is recorded: a stop of the route, or a client visited beside it."""

    client: ClientCard
    debt: Debt
    stop_id: int | None
    visit: VisitRow | None  # already made at this stop


@dataclass(frozen=True, slots=True)
class Today:
    """A collector's day as it stands."""

    day: date
    is_estimate: bool
    travel_name: str  # version of the streets that the route was planned over
    route: RouteRow
    stops: tuple[StopCard, ...]
    collected: Mapping[str, int]  # cents by currency; before the first payment in that of the debts

    @property
    def done(self) -> tuple[StopCard, ...]:
        """Return the stops that were visited."""
        return tuple(stop for stop in self.stops if stop.is_done)

    @property
    def pending(self) -> tuple[StopCard, ...]:
        """Return the stops still to visit, in the order of the route."""
        return tuple(stop for stop in self.stops if not stop.is_done)

    @property
    def next(self) -> StopCard | None:
        """Return the first stop still to visit."""
        return next(iter(self.pending), None)


@dataclass(frozen=True, slots=True)
class StopFile:
    """A stop with the history of its client."""

    day: date
    card: StopCard
    invoices: list[InvoiceRow]
    visits: list[VisitRow]
    promises: list[PromiseRow]
    payments: list[PaymentRow]
    agreement: Standing | None
    obligors: list[ObligorRow]


def today_of(session: Session, collector_id: int, day: date, zone: ZoneInfo) -> Today | None:
    """Return a collector's day, or None while no route is published for it."""
    route = route_of(session, collector_id, day)
    if route is None:
        return None
    plan = session.get_one(Plan, route.plan_id)
    ids = [stop.client_id for stop in route.stops]
    cards, owed = client_cards(session, ids), debts(session, day, zone, ids)
    made = visits_of_stops(session, [stop.id for stop in route.stops])
    start, end = clock.local_day(day, zone)
    # A visit made before the route was published anew points at a stop of the former route.
    made_today = {one.client_id: one for one in visits_between(session, start, end, collector_id)}
    policy, bans = PlanPolicy(), ban_notices(session, day, ids)
    stops = tuple(
        StopCard(
            id=stop.id,
            position=stop.position,
            client=cards[stop.client_id],
            debt=owed.get(stop.client_id, NO_DEBT),
            arrives_s=stop.arrives_s,
            travel_s=stop.travel_s,
            travel_m=stop.travel_m,
            vehicle=route.vehicle,
            reasons=stop.reasons,
            worth=worth_of(stop, policy, stop.currency),
            visit=made.get(stop.id) or made_today.get(stop.client_id),
            ban=bans.get(stop.client_id),
        )
        for stop in route.stops
    )
    return Today(
        day=day,
        is_estimate=plan.is_estimate,
        travel_name=str(plan.parameters.get("travel", "")),
        route=route,
        stops=stops,
        collected=collected_cents(session, collector_id, start, end) or _nothing_yet(stops),
    )


def _nothing_yet(stops: Sequence[StopCard]) -> dict[str, int]:
    """Return a sum of nothing in the currency of the day's first debt."""
    return {next((one.debt.currency for one in stops), NO_DEBT.currency): 0}


def stop_card(session: Session, stop_id: int, day: date, zone: ZoneInfo) -> StopCard:
    """Return one stop; the caller has found that it is the collector's: `own_stop` in doors."""
    stop, vehicle = session.execute(
        select(Stop, Route.vehicle).join(Route, Route.id == Stop.route_id).where(Stop.id == stop_id)
    ).one()
    ids = [stop.client_id]
    currency = other_currencies(session, ids).get(stop.client_id, USUAL_CURRENCY)
    return StopCard(
        id=stop.id,
        position=stop.position,
        client=client_cards(session, ids)[stop.client_id],
        debt=debts(session, day, zone, ids).get(stop.client_id, NO_DEBT),
        arrives_s=stop.arrives_s,
        travel_s=stop.travel_s,
        travel_m=stop.travel_m,
        vehicle=vehicle,
        reasons=stop.reasons,
        worth=worth_of(stop, PlanPolicy(), currency),
        visit=visits_of_stops(session, [stop.id]).get(stop.id),
        ban=ban_notices(session, day, ids).get(stop.client_id),
    )


def door_of_stop(session: Session, stop: OwnStop, day: date, zone: ZoneInfo) -> Door:
    """Return the door of a stop that was found to be the collector's."""
    card = stop_card(session, stop.id, day, zone)
    return Door(card.client, card.debt, stop.id, card.visit)


def door_of_client(
    session: Session, actor: Actor, client_id: int, day: date, zone: ZoneInfo
) -> Door | None:
    """Return the door of a client without a stop, None when the actor may not see them."""
    card = client_cards(session, [client_id]).get(client_id)
    if card is None or not may_see(session, actor, client_id, day):
        return None
    if is_gone(session, actor, client_id):
        return None
    return Door(card, debts(session, day, zone, [client_id]).get(client_id, NO_DEBT), None, None)


def find_clients(session: Session, collector_id: int, day: date, text: str) -> list[ClientCard]:
    """Return the collector's own clients whose name, number or address has all the words.

    Few clients are one collector's, so they are compared here, where accents can be set aside on
    every database alike.
    """
    words = plain(text).split()
    if not words:
        return []
    cards = client_cards(session, clients_of(session, collector_id, day)).values()
    found = [
        card
        for card in cards
        if all(word in plain(f"{card.name} {card.external_id} {card.address}") for word in words)
    ]
    return sorted(found, key=lambda card: (card.name, card.id))[:MOST_FOUND]


def stop_file(session: Session, stop_id: int, day: date, zone: ZoneInfo) -> StopFile:
    """Return one stop with the history of its client; the same caller's duty as `stop_card`."""
    card = stop_card(session, stop_id, day, zone)
    client_id = card.client.id
    return StopFile(
        day=day,
        card=card,
        invoices=invoices_of(session, client_id, day, zone),
        visits=visits_to(session, client_id),
        promises=promise_states(session, day, [client_id], zone=zone).get(client_id, []),
        payments=payments_of(session, client_id),
        agreement=standings(session, day, zone, [client_id]).get(client_id),
        obligors=obligors_of(session, client_id, day, zone),
    )
