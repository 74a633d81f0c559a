"""Absences of collectors; one that will not be is cancelled, never deleted."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.absences.rules import AbsenceKind
from collector_app.core.orm import Model


class Absence(Model):
    """A collector does not work from day to day, both inclusive."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("from_on <= to_on", name="days"),
        Index(None, "collector_id", "to_on"),
    )

    sealed_columns = (
        "collector_id",
        "kind",
        "from_on",
        "to_on",
        "created_at",
        "created_by",
        "cancelled_at",
        "cancelled_by",
        "note",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    collector_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[AbsenceKind]
    from_on: Mapped[date]
    to_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(String(240))
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
