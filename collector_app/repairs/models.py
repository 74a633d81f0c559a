"""Repairs of a day: which plan took the place of which, after what."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model
from collector_app.repairs.rules import RepairKind


class Repair(Model):
    """What happened, and the plan that answers it; in force while that plan is published.

    Never edited: undoing a repair publishes the plan before it again.
    """

    __tablename__ = "repair"
    sealed_columns = (
        "plan_id",
        "before_id",
        "kind",
        "change",
        "moves",
        "retimed",
        "made_at",
        "made_by",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), unique=True)
    before_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    kind: Mapped[RepairKind]
    change: Mapped[dict]  # type: ignore[type-arg]  # JSON of a `DayChange`
    moves: Mapped[list]  # type: ignore[type-arg]  # JSON of `StopMove`
    retimed: Mapped[list]  # type: ignore[type-arg]  # collectors whose open stops changed hours
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
