"""Use cases of locations: a person puts a client on the map, or decides what visits propose."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound, StaleData
from collector_app.locations.models import LocationDecision
from collector_app.locations.queries import (
    last_decision,
    may_undo,
    newest_visit_id,
    proposed_moves,
)
from collector_app.locations.rules import (
    BadPosition,
    LocationDecisionKind,
    MoveProposal,
    NothingToUndo,
)
from collector_app.portfolio.models import Client
from collector_app.portfolio.rules import LocationQuality
from collector_app.zones.services import place_new_clients

# What a button of the list does: (session, actor, client, what it is about, today).
Decide = Callable[..., LocationDecision]
DECIDERS = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Pin:
    """Where a person puts a client, and what they saw on the map before.

    `was` is the location that the page showed; when it is another by now, somebody else was
    quicker.
    """

    lat: float
    lon: float
    was: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class _Location:
    lat: float | None
    lon: float | None
    quality: LocationQuality
    confidence: float | None = None


def pin_client(
    session: Session, actor: Actor, client_id: int, pin: Pin, *, today: date
) -> LocationDecision:
    """Put a client on the map by hand.

    Raises
    ------
    NotFound
        When there is no such client.
    BadPosition
        When the coordinates are none on Earth.
    StaleData
        When the client was moved since the page was shown.
    """
    actor.require(*DECIDERS)
    client = _held(session, client_id)
    if not (abs(pin.lat) <= 90 and abs(pin.lon) <= 180) or (pin.lat, pin.lon) == (0, 0):
        raise BadPosition("lat", "degrees of latitude and longitude")
    if pin.was != _position(client):
        message = f"client {client_id} was moved meanwhile"
        raise StaleData(message)
    new = _Location(round(pin.lat, 7), round(pin.lon, 7), LocationQuality.PINNED)
    return _decide(session, actor, client, LocationDecisionKind.PINNED, new, today)


def accept_move(
    session: Session, actor: Actor, client_id: int, last_visit_id: int, *, today: date
) -> LocationDecision:
    """Move a client to where the visits say that they are.

    Raises
    ------
    StaleData
        When the visits say something else by now than what the person saw.
    """
    actor.require(*DECIDERS)
    client = _held(session, client_id)
    proposal = _proposal(session, client_id, last_visit_id)
    new = _Location(proposal.lat, proposal.lon, LocationQuality.SURVEYED)
    return _decide(session, actor, client, LocationDecisionKind.ACCEPTED, new, today)


def dismiss_move(
    session: Session, actor: Actor, client_id: int, last_visit_id: int, *, today: date
) -> LocationDecision:
    """Leave a client where they are; only later visits may speak against it again.

    Raises
    ------
    StaleData
        When the visits say something else by now than what the person saw.
    """
    actor.require(*DECIDERS)
    client = _held(session, client_id)
    _proposal(session, client_id, last_visit_id)
    return _decide(session, actor, client, LocationDecisionKind.DISMISSED, _location(client), today)


def undo_decision(
    session: Session, actor: Actor, client_id: int, decision_id: int, *, today: date
) -> LocationDecision:
    """Put a client back where they were before the latest decision.

    What visits proposed before it is proposed again.

    Raises
    ------
    NothingToUndo
        When it isn't the latest decision, was undone, or the client was moved since.
    """
    actor.require(*DECIDERS)
    client = _held(session, client_id)
    last = last_decision(session, client_id)
    if last is None or last.id != decision_id or not may_undo(last, client):
        message = f"decision {decision_id} can't be undone"
        raise NothingToUndo(message)
    before = _Location(last.old_lat, last.old_lon, last.old_quality, last.old_confidence)
    seen = session.scalars(
        select(LocationDecision.seen_visit_id)
        .where(LocationDecision.client_id == client_id, LocationDecision.id < last.id)
        .order_by(LocationDecision.id.desc())
        .limit(1)
    ).one_or_none()
    return _decide(
        session, actor, client, LocationDecisionKind.UNDONE, before, today, seen_visit_id=seen or 0
    )


def _held(session: Session, client_id: int) -> Client:
    """Return a client, locked against others who would move them."""
    client = session.scalars(
        select(Client).where(Client.id == client_id).with_for_update()
    ).one_or_none()
    if client is None:
        message = f"no client {client_id}"
        raise NotFound(message)
    return client


def _proposal(session: Session, client_id: int, last_visit_id: int) -> MoveProposal:
    found = proposed_moves(session, clock.now(), client_ids=[client_id])
    if not found or found[0].proposal.last_visit_id != last_visit_id:
        message = f"the visits to client {client_id} say something else by now"
        raise StaleData(message)
    return found[0].proposal


def _decide(
    session: Session,
    actor: Actor,
    client: Client,
    kind: LocationDecisionKind,
    new: _Location,
    today: date,
    *,
    seen_visit_id: int | None = None,
) -> LocationDecision:
    old = _location(client)
    seen = newest_visit_id(session, client.id) if seen_visit_id is None else seen_visit_id
    decision = LocationDecision(
        client_id=client.id,
        kind=kind,
        made_at=clock.now(),
        made_by=actor.user_id,
        old_lat=old.lat,
        old_lon=old.lon,
        old_quality=old.quality,
        old_confidence=old.confidence,
        lat=new.lat,
        lon=new.lon,
        quality=new.quality,
        confidence=new.confidence,
        seen_visit_id=seen,
    )
    session.add(decision)
    client.lat, client.lon = new.lat, new.lon
    client.location_quality, client.location_confidence = new.quality, new.confidence
    audit.log(
        session,
        actor,
        f"location.{kind.value}",
        client,
        old=[old.lat, old.lon, old.quality.value],
        new=[new.lat, new.lon, new.quality.value],
    )
    audit.log(session, actor, "location.decided", decision, client_id=client.id)
    if old.lat is None and new.lat is not None:
        # A client with a location at last joins a zone; the system does it, as after an import.
        place_new_clients(session, Actor.system("locations"), today)
    return decision


def _location(client: Client) -> _Location:
    return _Location(client.lat, client.lon, client.location_quality, client.location_confidence)


def _position(client: Client) -> tuple[float, float] | None:
    return None if client.lat is None or client.lon is None else (client.lat, client.lon)
