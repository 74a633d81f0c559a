"""What waits for a decision: events that could not be applied, and statements that contradict."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.portfolio.models import Client
from collector_app.sync.models import Device, SyncConflict, SyncEvent
from collector_app.sync.queries.evidence import Picture, pictures_to_compare
from collector_app.sync.rules import EventState, SyncEventKind

MOST_ROWS = 200  # the oldest first; what is decided makes room for the rest


@dataclass(frozen=True, slots=True)
class Version:
    """One statement of an event with its pictures, as a person compares it."""

    received_at: datetime
    told_by: str
    body: Mapping[str, Any]
    pictures: Sequence[Picture] = ()


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """An event that could not be applied, and why."""

    id: int
    kind: SyncEventKind
    made_at: datetime
    client_name: str | None
    version: Version
    code: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """Two statements under one id, or under one number of one phone."""

    id: int
    kind: SyncEventKind
    seq: int
    stored: Version
    other: Version


def waiting_events(session: Session) -> list[WaitingRow]:
    """Return the events that wait, oldest first."""
    found = session.execute(
        select(SyncEvent, User.full_name)
        .join(Device, Device.id == SyncEvent.device_id)
        .join(User, User.id == Device.user_id)
        .where(SyncEvent.state == EventState.WAITING)
        .order_by(SyncEvent.id)
        .limit(MOST_ROWS)
    ).all()
    bodies = {event.id: _body(event.statement) for event, _name in found}
    names = _client_names(session, bodies.values())
    pictures, _of_others = pictures_to_compare(session, list(bodies), ())
    return [
        WaitingRow(
            id=event.id,
            kind=event.kind,
            made_at=event.made_at,
            client_name=names.get(_client_id(bodies[event.id])),
            version=Version(event.received_at, name, bodies[event.id], pictures.get(event.id, ())),
            code=event.code or "internal",
            facts=event.facts,
        )
        for event, name in found
    ]


def conflicts(session: Session) -> list[ConflictRow]:
    """Return the statements that contradict what we have and that nobody compared yet."""
    found = session.execute(
        select(SyncConflict, SyncEvent, User.full_name)
        .join(SyncEvent, SyncEvent.id == SyncConflict.event_id)
        .join(Device, Device.id == SyncConflict.device_id)
        .join(User, User.id == Device.user_id)
        .where(SyncConflict.settled_at.is_(None))
        .order_by(SyncConflict.id)
        .limit(MOST_ROWS)
    ).all()
    tellers = _tellers(session, {event.device_id for _other, event, _name in found})
    pictures, of_others = pictures_to_compare(
        session, {event.id for _other, event, _name in found}, [other.id for other, *_ in found]
    )
    return [
        ConflictRow(
            id=other.id,
            kind=event.kind,
            seq=other.seq,
            stored=Version(
                event.received_at,
                tellers[event.device_id],
                _body(event.statement),
                pictures.get(event.id, ()),
            ),
            other=Version(
                other.received_at, name, _body(other.statement), of_others.get(other.id, ())
            ),
        )
        for other, event, name in found
    ]


def waiting_count(session: Session) -> int:
    """Return how many events and conflicts wait for a decision."""
    events = select(func.count(SyncEvent.id)).where(SyncEvent.state == EventState.WAITING)
    others = select(func.count(SyncConflict.id)).where(SyncConflict.settled_at.is_(None))
    return (session.scalar(events) or 0) + (session.scalar(others) or 0)


def _body(statement: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(statement)["body"]
    return body


def _client_id(body: Mapping[str, Any]) -> int:
    told = body.get("client_id")
    return told if isinstance(told, int) and abs(told) < 2**31 else 0


def _client_names(session: Session, bodies: Any) -> dict[int, str]:
    ids = {_client_id(body) for body in bodies}
    found = session.execute(select(Client.id, Client.name).where(Client.id.in_(ids)))
    return {row[0]: row[1] for row in found}


def _tellers(session: Session, device_ids: set[int]) -> dict[int, str]:
    found = session.execute(
        select(Device.id, User.full_name)
        .join(User, User.id == Device.user_id)
        .where(Device.id.in_(device_ids))
    )
    return {row[0]: row[1] for row in found}
