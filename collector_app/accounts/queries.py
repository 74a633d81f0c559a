"""Who there is, and how often somebody tried to log in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from collector_app.accounts.models import LoginAttempt, User
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A line of the page of people."""

    id: int
    username: str
    full_name: str
    phone: str | None
    role: Role
    active: bool
    must_change_password: bool
    supervisor_id: int | None
    supervisor_name: str | None


def people(session: Session, *, search: str = "", active: bool | None = None) -> list[PersonRow]:
    """Return everybody, or those whose name or user name has a text; active people first."""
    query = _people().order_by(User.active.desc(), User.full_name)
    if search:
        text = f"%{_without_wildcards(search.lower())}%"
        query = query.where(
            or_(
                func.lower(User.full_name).like(text, escape="\\"),
                User.username.like(text, escape="\\"),
            )
        )
    if active is not None:
        query = query.where(User.active == active)
    return [PersonRow(*row) for row in session.execute(query)]


def person(session: Session, user_id: int) -> PersonRow | None:
    """Return one person."""
    row = session.execute(_people().where(User.id == user_id)).one_or_none()
    return PersonRow(*row) if row else None


def actor_with_id(session: Session, user_id: int) -> Actor:
    """Return somebody who asked for a job as the one who acts in it.

    Raises
    ------
    NotFound
        When there is nobody with that id.
    """
    user = session.get(User, user_id)
    if user is None:
        message = f"no user {user_id}"
        raise NotFound(message)
    return Actor(user_id=user.id, role=user.role, name=user.full_name)


def active_people(session: Session, role: Role) -> list[tuple[int, str]]:
    """Return the ids and names of the active people of a role, by name."""
    query = select(User.id, User.full_name).where(User.role == role, User.active)
    return [(row.id, row.full_name) for row in session.execute(query.order_by(User.full_name))]


def failures_since(
    session: Session, since: datetime, *, account_key: str | None = None, address: str | None = None
) -> int:
    """Return how many attempts failed since an instant, on an account or from an address."""
    query = select(func.count(LoginAttempt.id)).where(
        LoginAttempt.at > since, LoginAttempt.succeeded.is_(False)
    )
    if account_key is not None:
        query = query.where(LoginAttempt.account_key == account_key)
    if address is not None:
        query = query.where(LoginAttempt.address == address)
    return session.scalar(query) or 0


def _people() -> Select[*tuple[Any, ...]]:
    supervisor = aliased(User)
    return select(
        User.id,
        User.username,
        User.full_name,
        User.phone,
        User.role,
        User.active,
        User.must_change_password,
        User.supervisor_id,
        supervisor.full_name,
    ).outerjoin(supervisor, User.supervisor_id == supervisor.id)


def _without_wildcards(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
