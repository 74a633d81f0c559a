"""Reads of absences: who is away on a day, and what comes."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.absences.models import Absence
from collector_app.absences.rules import AbsenceKind
from collector_app.accounts.models import User


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """An absence as lists show it; both days inclusive."""

    id: int
    collector_id: int
    name: str
    kind: AbsenceKind
    from_on: date
    to_on: date
    note: str | None


def absent_on(session: Session, day: date) -> dict[int, AbsenceKind]:
    """Return who does not work on a day, and why."""
    found = session.execute(
        select(Absence.collector_id, Absence.kind).where(
            Absence.cancelled_at.is_(None), Absence.from_on <= day, day <= Absence.to_on
        )
    )
    return dict(iter(found))


def absences_from(session: Session, day: date) -> list[AbsenceRow]:
    """Return the absences that last on a day or begin after it, the earliest first."""
    found = session.execute(
        select(
            Absence.id,
            Absence.collector_id,
            User.full_name,
            Absence.kind,
            Absence.from_on,
            Absence.to_on,
            Absence.note,
        )
        .join(User, User.id == Absence.collector_id)
        .where(Absence.cancelled_at.is_(None), Absence.to_on >= day)
        .order_by(Absence.from_on, User.full_name, Absence.id)
    )
    return [AbsenceRow(*row) for row in found]


def is_overlapping(session: Session, collector_id: int, from_on: date, to_on: date) -> bool:
    """Tell whether a collector is absent on any of these days already."""
    found = session.scalars(
        select(Absence.id).where(
            Absence.collector_id == collector_id,
            Absence.cancelled_at.is_(None),
            Absence.from_on <= to_on,
            Absence.to_on >= from_on,
        )
    )
    return found.first() is not None
