"""What every change of zones is refused for: who asks, which day, which collectors."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.zones.rules import DayIsOver, NotACollector

WRITERS = (Role.DISPATCHER, Role.ADMIN, Role.SYSTEM)


def check_day(day: date) -> None:
    """Refuse a day that is over everywhere on Earth; forms refuse their own yesterday."""
    if day < (clock.now() - timedelta(hours=12)).date():
        message = f"{day} is over"
        raise DayIsOver(message, day=day.isoformat())


def check_collectors(session: Session, collector_ids: Iterable[int | None]) -> None:
    """Refuse anybody who is no active collector; None stands for nobody."""
    wanted = {one for one in collector_ids if one is not None}
    active = select(User.id).where(User.role == Role.COLLECTOR, User.active, User.id.in_(wanted))
    others = wanted - set(session.scalars(active))
    if others:
        message = f"no active collectors: {sorted(others)}"
        raise NotACollector(message, users=sorted(others))
