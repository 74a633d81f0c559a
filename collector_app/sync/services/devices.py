"""Phones: registered by who logged in, heard with every call, shut out by a supervisor."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.accounts.services import end_sessions
from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.payments.rules import SERIES_LENGTH, SERIES_LETTERS
from collector_app.sync.models import Device
from collector_app.sync.rules import (
    MOST_WRONG_PINS,
    DeviceReport,
    DeviceUnknown,
    Registration,
    UnknownPhone,
)

_TOKEN_BYTES = 32
_CALLER = select(
    Device.id,
    Device.uuid,
    Device.revoked_at,
    User.id,
    User.full_name,
    User.active,
    User.role,
).join(User, User.id == Device.user_id)
_CALLING = _CALLER.where(Device.token_hash == bindparam("token_hash"))


@dataclass(frozen=True, slots=True)
class Caller:
    """A phone that calls, and the collector it speaks for.

    ``is_revoked``: a supervisor shut it out, or its collector no longer works here. Its facts are
    still taken, to be looked at; it is given nothing.
    """

    device_id: int
    device_uuid: str
    actor: Actor
    is_revoked: bool


def register_device(session: Session, actor: Actor, told: Registration) -> tuple[Device, str]:
    """Register a phone for the collector who is logged in on it.

    Returns
    -------
    tuple of (Device, str)
        The phone, and its token: shown once, kept as a hash only.
    """
    actor.require(Role.COLLECTOR)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    now = clock.now()
    device = Device(
        uuid=str(uuid4()),
        user_id=actor.user_id,
        token_hash=token_hash(token),
        receipt_series=_free_series(session),
        name=told.name,
        registered_at=now,
        last_seen_at=now,
        build=told.build,
        is_installed=told.is_installed,
    )
    session.add(device)
    log(session, actor, "device.registered", device, user_id=actor.user_id)
    return device, token


def known_device(session: Session, token: str) -> Caller:
    """Return the phone of a token and the collector that it speaks for.

    Raises
    ------
    DeviceUnknown
        When nobody was given this token.
    """
    found = session.execute(_CALLING, {"token_hash": token_hash(token)}).one_or_none()
    if found is None:
        message = "no device has this token"
        raise DeviceUnknown(message)
    return _caller(found)


def phone_of_copy(session: Session, uuid: str) -> Caller:
    """Return the phone that saved a copy, and the collector that it speaks for.

    Raises
    ------
    UnknownPhone
        When no phone was registered with that number.
    """
    found = session.execute(_CALLER.where(Device.uuid == uuid)).one_or_none()
    if found is None:
        raise UnknownPhone("device", "a phone that was registered here")
    return _caller(found)


def _caller(found: Row[int, str, datetime | None, int, str, bool, Role]) -> Caller:
    device_id, uuid, revoked_at, user_id, name, is_active, role = found
    may_act = revoked_at is None and is_active and role is Role.COLLECTOR
    return Caller(device_id, uuid, Actor(user_id, Role.COLLECTOR, name), is_revoked=not may_act)


def hear(
    session: Session, actor: Actor, device: Device, report: DeviceReport, offset: timedelta
) -> None:
    """Note what a phone says of itself; `offset` is our clock minus the phone's.

    Numbers never go back on one phone: when they do, an older copy of its storage speaks. After as
    many wrong PINs as erase the route on the phone, its collector's logins end everywhere.
    """
    now = clock.now()
    if report.last_seq < device.last_seq:
        device.rewound_at = now
    if report.wrong_pins > device.wrong_pins:
        device.wrong_pins_at = now
        count = report.wrong_pins
        log(session, actor, "device.wrong_pins", f"sync_device:{device.id}", count=count)
        if report.wrong_pins >= MOST_WRONG_PINS:
            end_sessions(session.get_one(User, device.user_id))
    device.wrong_pins = report.wrong_pins
    device.last_seen_at = now
    device.build = report.build
    device.is_installed = report.is_installed
    device.last_seq = max(device.last_seq, report.last_seq)
    device.pending_events = report.pending_events
    device.pending_photos = report.pending_photos
    device.clock_offset_ms = round(offset.total_seconds() * 1000)


def revoke_device(session: Session, actor: Actor, device_id: int) -> Device:
    """Shut a phone out; its next call is told to forget the route. Twice changes nothing.

    The logins of its collector end everywhere: a cookie does not say on which phone it lies.

    Raises
    ------
    NotFound
        When there is no such phone.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    device = session.get(Device, device_id)
    if device is None:
        message = f"device {device_id} does not exist"
        raise NotFound(message)
    if device.revoked_at is None:
        device.revoked_at = clock.now()
        end_sessions(session.get_one(User, device.user_id))
        log(session, actor, "device.revoked", device, user_id=device.user_id)
    return device


def is_series_of_others(session: Session, actor: Actor, series: Collection[str]) -> bool:
    """Tell whether one of these series of receipts was given to a phone of somebody else."""
    if not series:
        return False
    others = select(Device.id).where(
        Device.receipt_series.in_(series), Device.user_id != actor.user_id
    )
    return session.scalars(others.limit(1)).first() is not None


def _free_series(session: Session) -> str:
    """Return a series of receipts for a new phone.

    It is drawn, not counted: a database that came from a backup does not give it to another.
    """
    while True:
        series = "T" + "".join(secrets.choice(SERIES_LETTERS) for _ in range(SERIES_LENGTH))
        taken = select(Device.id).where(Device.receipt_series == series)
        if session.scalar(taken) is None:
            return series


def token_hash(token: str) -> str:
    """Return what is kept of a token; it is random, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
