"""Passwords and sessions of one person: whatever changes one ends the others."""

from uuid import uuid4

from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.accounts.passwords import hash_password, is_password
from collector_app.accounts.rules import check_new_password
from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.errors import InvalidInput, NotFound


def change_password(session: Session, actor: Actor, old: str, new: str) -> User:
    """Change one's own password; all other sessions end.

    Raises
    ------
    InvalidInput
        For the field ``old`` when it is wrong, ``password`` when the new one is not good enough.
    """
    user = load(session, actor.user_id)
    if not is_password(old, user.password):
        raise InvalidInput("old", "the present password")
    if new == old:
        raise InvalidInput("password", "another one than the present", reason="same")
    check_new_password(new, user.username)
    set_password(user, new, is_one_time=False)
    log(session, actor, "accounts.password_changed", user)
    return user


def load(session: Session, user_id: int | None) -> User:
    """Return a person.

    Raises
    ------
    NotFound
        If there is none.
    """
    user = session.get(User, user_id) if user_id is not None else None
    if user is None:
        message = f"no person {user_id}"
        raise NotFound(message)
    return user


def set_password(user: User, password: str, *, is_one_time: bool) -> None:
    """Give a person another password; every session ends."""
    user.password = hash_password(password)
    user.password_set_at = clock.now()
    user.must_change_password = is_one_time
    end_sessions(user)


def end_sessions(user: User) -> None:
    """Make every cookie of the person worthless, wherever it is kept."""
    user.fs_uniquifier = uuid4().hex  # each session cookie carries the old one
