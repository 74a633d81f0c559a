"""Ending dated rows so that others can follow: nothing is deleted, no two of them overlap."""

from datetime import date

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from collector_app.audit.batches import log_rows
from collector_app.core.actor import Actor
from collector_app.zones.models import Zone, ZoneAssignment, ZoneMembership
from collector_app.zones.rules import last_day_before

Period = type[Zone | ZoneAssignment | ZoneMembership]


def hold_zones(session: Session, day: date) -> None:
    """Wait for others who change the zones from a day on, and let nobody else until the end.

    Without this an import could put clients into zones that an acceptance is just ending.
    """
    reaching = or_(Zone.to_on.is_(None), Zone.to_on >= day)
    session.execute(select(Zone.id).where(reaching).order_by(Zone.id).with_for_update())


def end_before(
    session: Session, actor: Actor, why: str, kind: Period, day: date, *only: ColumnElement[bool]
) -> None:
    """End the rows that reach `day` on the day before; those of later days never begin.

    Parameters
    ----------
    why : str
        The event that ends them, under which they are sealed.
    """
    reaching = (or_(kind.to_on.is_(None), kind.to_on >= day), *only)
    later = session.scalars(
        select(kind.from_on).where(*reaching, kind.from_on > day).distinct()
    ).all()
    ending = update(kind).where(*reaching).returning(kind.id)
    ended = list(
        session.scalars(
            ending.where(kind.from_on <= day).values(to_on=last_day_before(day, from_on=day))
        )
    )
    for from_on in later:
        ended += session.scalars(
            ending.where(kind.from_on == from_on).values(to_on=last_day_before(day, from_on))
        )
    log_rows(session, actor, why, kind, ended)
