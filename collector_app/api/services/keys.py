"""Gives out keys, knows them again, and takes them back."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.api.models import ApiKey
from collector_app.api.rules import (
    KEY_PREFIX,
    ApiKeyExpired,
    ApiKeyUnknown,
    FileFormat,
    NoScopes,
    Scope,
    ScopeMissing,
    key_hash,
)
from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound

_KEY_BYTES = 32
_NOTED_EVERY = timedelta(minutes=5)  # when a key was last used is written that often at most


def create_key(
    session: Session,
    actor: Actor,
    name: str,
    scopes: Collection[Scope],
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Give out a key.

    Returns
    -------
    tuple of (ApiKey, str)
        The row, and the key itself: it is shown once, and only its hash is kept.

    Raises
    ------
    NoScopes
        When it may do nothing.
    """
    actor.require(Role.ADMIN)
    if not scopes:
        raise NoScopes("scopes", "at least one thing that the key may do")
    key = KEY_PREFIX + secrets.token_urlsafe(_KEY_BYTES)
    row = ApiKey(
        name=name.strip()[:80],
        hint=key[: len(KEY_PREFIX) + 4],
        key_hash=key_hash(key),
        scopes=sorted(one.value for one in scopes),
        created_at=clock.now(),
        created_by=actor.user_id,
        expires_at=expires_at,
    )
    session.add(row)
    log(session, actor, "api_key.created", row, scopes=row.scopes)
    return row, key


def revoke_key(session: Session, actor: Actor, key_id: int) -> ApiKey:
    """Take a key back from its next call on; twice changes nothing.

    Raises
    ------
    NotFound
        When there is no such key.
    """
    actor.require(Role.ADMIN)
    row = session.get(ApiKey, key_id)
    if row is None:
        message = f"API key {key_id} does not exist"
        raise NotFound(message)
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        log(session, actor, "api_key.revoked", row)
    return row


def key_for(session: Session, key: str, scope: Scope) -> ApiKey:
    """Return the row of a key that may do something now.

    Raises
    ------
    ApiKeyUnknown, ApiKeyExpired, ScopeMissing
        When it may not.
    """
    row = session.scalars(select(ApiKey).where(ApiKey.key_hash == key_hash(key))).one_or_none()
    if row is None or row.revoked_at is not None:
        message = "no key in use is this one"
        raise ApiKeyUnknown(message)
    if row.expires_at is not None and row.expires_at <= clock.now():
        message = f"API key {row.id} expired at {row.expires_at.isoformat()}"
        raise ApiKeyExpired(message)
    if scope.value not in row.scopes:
        message = f"API key {row.id} lacks {scope.value}"
        raise ScopeMissing(message, scope=scope.value)
    return row


def is_use_to_note(row: ApiKey) -> bool:
    """Tell whether it is time to write again when a key was last used."""
    return row.last_used_at is None or clock.now() - row.last_used_at >= _NOTED_EVERY


def note_use(session: Session, key_id: int) -> None:
    """Write that a key was used now."""
    session.get_one(ApiKey, key_id).last_used_at = clock.now()


def log_download(session: Session, key_id: int, resource: str, file_format: FileFormat) -> None:
    """Write down that a key takes a whole list away."""
    actor = Actor.system("api")
    log(
        session,
        actor,
        "list.downloaded",
        f"list:{resource}",
        api_key=key_id,
        format=file_format.value,
    )
