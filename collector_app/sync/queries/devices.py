"""How each phone is, and which orders of the route came from them."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core import clock
from collector_app.planning.models import Stop
from collector_app.portfolio.models import Client
from collector_app.sync.models import Device, Evidence, SyncConflict, SyncEvent
from collector_app.sync.queries.numbers import Numbers, numbers_of_devices
from collector_app.sync.rules import (
    DeviceAlert,
    DeviceState,
    EventState,
    ReorderCause,
    SyncEventKind,
    device_alerts,
)


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A phone as the office sees it; ``gaps`` are runs of numbers that never came."""

    id: int
    name: str
    collector_name: str
    registered_at: datetime
    last_seen_at: datetime
    pending_events: int
    pending_photos: int
    missing_photos: int
    gaps: tuple[tuple[int, int], ...]
    clock_offset_s: int  # our clock minus the phone's
    is_installed: bool
    build: str
    wrong_pins: int  # in a row
    revoked_at: datetime | None
    alerts: tuple[DeviceAlert, ...]


@dataclass(frozen=True, slots=True)
class ReorderRow:
    """An order of the stops that a collector chose on the way; names in that order."""

    at: datetime
    collector_name: str
    day: date
    cause: ReorderCause
    note: str | None
    clients: tuple[str, ...]


def devices(session: Session, now: datetime) -> list[DeviceRow]:
    """Return every phone, those that need a look first, then by who was heard last."""
    numbers, photos = numbers_of_devices(session), _missing_photos(session)
    copies = _copies_seen(session)
    found = session.execute(
        select(Device, User.full_name)
        .join(User, User.id == Device.user_id)
        .order_by(Device.last_seen_at.desc(), Device.id)
    )
    rows = [
        _row(
            device,
            name,
            numbers.get(device.id, Numbers()),
            photos.get(device.id),
            max(filter(None, (copies.get(device.id), device.rewound_at)), default=None),
            now,
        )
        for device, name in found
    ]
    return sorted(rows, key=lambda row: (row.revoked_at is not None, not row.alerts))


def reorders_since(session: Session, since: datetime) -> list[ReorderRow]:
    """Return the orders of routes that came since an instant, newest first."""
    found = session.execute(
        select(SyncEvent.received_at, SyncEvent.statement, User.full_name)
        .join(Device, Device.id == SyncEvent.device_id)
        .join(User, User.id == Device.user_id)
        .where(
            SyncEvent.kind == SyncEventKind.ROUTE_REORDERED,
            SyncEvent.state == EventState.APPLIED,
            SyncEvent.received_at >= since,
        )
        .order_by(SyncEvent.received_at.desc(), SyncEvent.id.desc())
    ).all()
    bodies = [json.loads(row.statement)["body"] for row in found]
    names = _clients_of_stops(session, {stop for body in bodies for stop in body["stops"]})
    return [
        ReorderRow(
            at=row.received_at,
            collector_name=row.full_name,
            day=date.fromisoformat(body["day"]),
            cause=ReorderCause(body["cause"]),
            note=body.get("note"),
            clients=tuple(names[stop] for stop in body["stops"] if stop in names),
        )
        for row, body in zip(found, bodies, strict=True)
    ]


def orders_of_day(session: Session, day: date, zone: ZoneInfo) -> dict[int, list[int]]:
    """Return the last order of stops that each collector's phone told for a day."""
    start, end = clock.local_day(day, zone)
    found = session.execute(
        select(Device.user_id, SyncEvent.statement)
        .join(Device, Device.id == SyncEvent.device_id)
        .where(
            SyncEvent.kind == SyncEventKind.ROUTE_REORDERED,
            SyncEvent.state == EventState.APPLIED,
            SyncEvent.received_at >= start,
            SyncEvent.received_at < end,
        )
        .order_by(SyncEvent.id)
    )
    bodies = [(user_id, json.loads(statement)["body"]) for user_id, statement in found]
    return {user_id: body["stops"] for user_id, body in bodies if body["day"] == day.isoformat()}


def _row(
    device: Device,
    collector_name: str,
    numbers: Numbers,
    photos: tuple[int, datetime] | None,
    copy_seen_at: datetime | None,
    now: datetime,
) -> DeviceRow:
    gaps = numbers.gaps_until(device.last_seq)
    missing = sum(last - first + 1 for first, last in gaps)
    is_explained = missing <= device.pending_events
    state = DeviceState(
        last_seen_at=device.last_seen_at,
        pending_events=device.pending_events,
        missing_numbers=0 if is_explained else missing,
        oldest_missing_photo_at=photos[1] if photos else None,
        is_installed=device.is_installed,
        clock_offset_ms=device.clock_offset_ms,
        is_revoked=device.revoked_at is not None,
        wrong_pins=device.wrong_pins,
        wrong_pins_at=device.wrong_pins_at,
        copy_seen_at=copy_seen_at,
    )
    return DeviceRow(
        id=device.id,
        name=device.name,
        collector_name=collector_name,
        registered_at=device.registered_at,
        last_seen_at=device.last_seen_at,
        pending_events=device.pending_events,
        pending_photos=device.pending_photos,
        missing_photos=photos[0] if photos else 0,
        gaps=() if is_explained else gaps,
        clock_offset_s=round(device.clock_offset_ms / 1000),
        is_installed=device.is_installed,
        build=device.build,
        wrong_pins=device.wrong_pins,
        revoked_at=device.revoked_at,
        alerts=device_alerts(state, now),
    )


def _copies_seen(session: Session) -> dict[int, datetime]:
    """Return when phones told another event under a number that they had used, by phone."""
    found = session.execute(
        select(SyncConflict.device_id, func.max(SyncConflict.received_at))
        .join(SyncEvent, SyncEvent.id == SyncConflict.event_id)
        .where(SyncEvent.device_id == SyncConflict.device_id, SyncEvent.uuid != SyncConflict.uuid)
        .group_by(SyncConflict.device_id)
    )
    return {row[0]: row[1] for row in found}


def _missing_photos(session: Session) -> dict[int, tuple[int, datetime]]:
    """Return how many photos never came, and since when the oldest is awaited, by phone."""
    device_id = func.coalesce(SyncConflict.device_id, SyncEvent.device_id)
    told_at = func.coalesce(SyncConflict.received_at, SyncEvent.received_at)
    found = session.execute(
        select(device_id, func.count(Evidence.id), func.min(told_at, type_=told_at.type))
        .select_from(Evidence)
        .join(SyncEvent, SyncEvent.id == Evidence.event_id)
        .outerjoin(SyncConflict, SyncConflict.id == Evidence.conflict_id)
        .where(Evidence.stored_at.is_(None), Evidence.erased_at.is_(None))
        .group_by(device_id)
    )
    return {device_id: (count, oldest) for device_id, count, oldest in found}


def _clients_of_stops(session: Session, stop_ids: set[int]) -> dict[int, str]:
    found = session.execute(
        select(Stop.id, Client.name)
        .join(Client, Client.id == Stop.client_id)
        .where(Stop.id.in_(stop_ids))
    )
    return {row[0]: row[1] for row in found}
