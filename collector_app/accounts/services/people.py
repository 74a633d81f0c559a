"""The people who may log in; only administrators change them."""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.accounts.rules import (
    OwnAccount,
    UsernameTaken,
    check_new_password,
    clean_username,
    one_time_password,
)
from collector_app.accounts.services.secret import end_sessions, load, set_password
from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import InvalidInput

LOGS_IN = (Role.COLLECTOR, Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class PersonData:
    """What an administrator writes about a person; only collectors keep a supervisor."""

    full_name: str
    role: Role
    phone: str | None = None
    supervisor_id: int | None = None


def create_person(
    session: Session, actor: Actor, username: str, data: PersonData, password: str | None = None
) -> tuple[User, str]:
    """Add a person, with a one-time password unless one is given.

    Returns
    -------
    User, str
        The person and the password, which is stored nowhere else.

    Raises
    ------
    UsernameTaken, InvalidInput
    """
    actor.require(Role.ADMIN, Role.SYSTEM)
    username = clean_username(username)
    if session.scalar(select(User.id).where(User.username == username)) is not None:
        raise UsernameTaken(username=username)
    if password is not None:
        check_new_password(password, username)
    user = User(username=username, created_at=clock.now(), fs_uniquifier=uuid4().hex)
    changed = _describe(session, user, data)
    given = password or one_time_password()
    set_password(user, given, is_one_time=password is None)
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:  # somebody else took the name between the look and now
        raise UsernameTaken(username=username) from error
    log(session, actor, "accounts.person_created", user, **changed)
    return user, given


def change_person(session: Session, actor: Actor, user_id: int, data: PersonData) -> User:
    """Change what is known of a person; a change of role ends the person's sessions.

    Raises
    ------
    OwnAccount
        When administrators would take their own role away.
    """
    actor.require(Role.ADMIN)
    user = load(session, user_id)
    if user.id == actor.user_id and data.role is not user.role:
        raise OwnAccount
    is_new_role = data.role is not user.role
    changed = _describe(session, user, data)
    if is_new_role:
        end_sessions(user)
    log(session, actor, "accounts.person_changed", user, **changed)
    return user


def deactivate(session: Session, actor: Actor, user_id: int) -> User:
    """Keep a person from logging in, and end the sessions that are open.

    Raises
    ------
    OwnAccount
        When administrators would lock themselves out.
    """
    actor.require(Role.ADMIN)
    user = load(session, user_id)
    if user.id == actor.user_id:
        raise OwnAccount
    user.active = False
    end_sessions(user)
    log(session, actor, "accounts.person_deactivated", user)
    return user


def reactivate(session: Session, actor: Actor, user_id: int) -> User:
    """Let a person log in again."""
    actor.require(Role.ADMIN)
    user = load(session, user_id)
    user.active = True
    log(session, actor, "accounts.person_reactivated", user)
    return user


def give_one_time_password(session: Session, actor: Actor, user_id: int) -> tuple[User, str]:
    """Replace the password of a person who forgot it; ends the person's sessions."""
    actor.require(Role.ADMIN)
    user = load(session, user_id)
    given = one_time_password()
    set_password(user, given, is_one_time=True)
    log(session, actor, "accounts.password_replaced", user)
    return user, given


def _describe(session: Session, user: User, data: PersonData) -> dict[str, object]:
    """Write the data into the row; return what the log should keep: role and supervisor."""
    if not data.full_name.strip():
        raise InvalidInput("full_name", "a name")
    if data.role not in LOGS_IN:
        raise InvalidInput("role", f"one of {', '.join(LOGS_IN)}")
    changed: dict[str, object] = {"role": data.role, "supervisor_id": _supervisor(session, data)}
    if user.role is not None and user.role is not data.role:
        changed["old_role"] = user.role
    user.full_name = data.full_name.strip()
    user.phone = data.phone
    user.role = data.role
    user.supervisor_id = _supervisor(session, data)
    return changed


def _supervisor(session: Session, data: PersonData) -> int | None:
    if data.supervisor_id is None or data.role is not Role.COLLECTOR:
        return None
    supervisor = session.get(User, data.supervisor_id)
    if supervisor is None or supervisor.role is not Role.SUPERVISOR:
        raise InvalidInput("supervisor_id", "a supervisor")
    return supervisor.id
