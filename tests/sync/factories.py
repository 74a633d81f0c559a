"""Phones and events as rows; sensible defaults."""

import json
from itertools import count, product
from uuid import uuid4

from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core import clock
from collector_app.payments.rules import SERIES_LENGTH, SERIES_LETTERS
from collector_app.sync.models import Device, SyncConflict, SyncEvent
from collector_app.sync.rules import EventState, SyncEventKind, statement_hash

_number = count(1)
_series = product(SERIES_LETTERS, repeat=SERIES_LENGTH)


def make_device(session: Session, collector: User, **values: object) -> Device:
    device = Device(
        **{
            "uuid": str(uuid4()),
            "user_id": collector.id,
            "token_hash": uuid4().hex * 2,
            "receipt_series": "T" + "".join(next(_series)),
            "name": "Moto G",
            "registered_at": clock.now(),
            "last_seen_at": clock.now(),
            "is_installed": True,
            "build": "3f2a91c",
            **values,
        }
    )
    session.add(device)
    session.flush()
    return device


def make_event(session: Session, device: Device, **values: object) -> SyncEvent:
    """An event that waits because nobody knows its client."""
    body = {"client_id": 999_999, "person_met": "nobody", "outcome": "not_home"}
    statement = json.dumps({"type": "visit.recorded", "body": body})
    event = SyncEvent(
        **{
            "uuid": str(uuid4()),
            "device_id": device.id,
            "seq": next(_number),
            "kind": SyncEventKind.VISIT_RECORDED,
            "statement": statement,
            "statement_hash": statement_hash(statement),
            "made_at": clock.now(),
            "received_at": clock.now(),
            "clock_offset_ms": 0,
            "state": EventState.WAITING,
            "code": "not_found",
            "facts": {},
            **values,
        }
    )
    session.add(event)
    session.flush()
    return event


def make_conflict(session: Session, device: Device) -> SyncConflict:
    event = make_event(session, device)
    statement = event.statement.replace("not_home", "moved")
    conflict = SyncConflict(
        event_id=event.id,
        device_id=device.id,
        uuid=event.uuid,
        seq=event.seq,
        statement=statement,
        statement_hash=statement_hash(statement),
        received_at=clock.now(),
    )
    session.add(conflict)
    session.flush()
    return conflict
