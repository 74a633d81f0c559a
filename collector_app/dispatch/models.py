"""Edits of plans; a plan itself is never changed."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model
from collector_app.dispatch.rules import BoardEditKind


class PlanEdit(Model):
    """One edit of a plan on the board; rows are only added: taking one back is an edit, too."""

    __tablename__ = "plan_edit"
    sealed_columns = (
        "plan_id",
        "number",
        "kind",
        "made_at",
        "made_by",
        "what",
        "cost",
        "effect",
    )
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    number: Mapped[int]  # 1, 2, ... within the plan; the last one is the board's version
    kind: Mapped[BoardEditKind]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    what: Mapped[dict]  # type: ignore[type-arg]  # JSON: who it was about, `What`
    cost: Mapped[dict]  # type: ignore[type-arg]  # JSON: what it costs, `Cost`
    effect: Mapped[dict]  # type: ignore[type-arg]  # JSON: the board from then on, `Effect`
