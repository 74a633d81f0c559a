"""What the last plan made of one client: a stop with its reasons, or why it was left out."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.planning.models import Plan, Route, SkippedClient, Stop
from collector_app.planning.queries.plans import SkippedRow, StopRow


@dataclass(frozen=True, slots=True)
class Weighed:
    """How a plan weighed a client; ``collector`` is who visits them, or would have.

    Of ``stop`` and ``left_out`` one is None.
    """

    plan_id: int
    day: date
    collector: str | None
    stop: StopRow | None = None
    left_out: SkippedRow | None = None


def last_weighed(
    session: Session, client_id: int, until: datetime, currency: str
) -> Weighed | None:
    """Return how the latest plan weighed a client of those made before an instant.

    The latest is that of the latest day, and of one day the one made last. ``currency`` is that of
    the client's debts. None if no plan knew of the client.
    """
    stop = _latest(
        session,
        select(Plan.id, Plan.day, User.full_name, Stop)
        .join(Route, Route.id == Stop.route_id)
        .join(Plan, Plan.id == Route.plan_id)
        .join(User, User.id == Route.collector_id)
        .where(Stop.client_id == client_id),
        until,
    )
    left_out = _latest(
        session,
        select(Plan.id, Plan.day, User.full_name, SkippedClient)
        .join(Plan, Plan.id == SkippedClient.plan_id)
        .outerjoin(User, User.id == SkippedClient.collector_id)
        .where(SkippedClient.client_id == client_id),
        until,
    )
    if stop is not None and (left_out is None or (stop[1], stop[0]) > (left_out[1], left_out[0])):
        plan_id, day, collector, row = stop
        stored = [one.name for one in fields(StopRow) if one.name != "currency"]
        planned = StopRow(**{name: getattr(row, name) for name in stored}, currency=currency)
        return Weighed(plan_id, day, collector, stop=planned)
    if left_out is None:
        return None
    plan_id, day, name, skip = left_out
    told = SkippedRow(skip.client_id, skip.collector_id, skip.cause, skip.facts)
    return Weighed(plan_id, day, name, left_out=told)


def _latest(
    session: Session, statement: Select[*tuple[Any, ...]], until: datetime
) -> Row[*tuple[Any, ...]] | None:
    """Return the row of the latest plan among those made before an instant."""
    made = statement.where(Plan.created_at < until)
    return session.execute(made.order_by(Plan.day.desc(), Plan.id.desc()).limit(1)).first()
