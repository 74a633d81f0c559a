"""Costs as they were told: the last one holds from its day on, the earlier ones stay."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model
from collector_app.costs.rules import CostKind


class CostRate(Model):
    """What a cost is from a day on; without a collector it is that of all, no amount ends it."""

    __tablename__ = "cost_rate"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount_not_negative"),)

    sealed_columns = (
        "kind",
        "collector_id",
        "amount",
        "currency",
        "from_on",
        "set_by",
        "set_at",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CostKind]
    collector_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    amount: Mapped[int | None] = mapped_column(BigInteger)  # cents, or hundredths of a percent
    currency: Mapped[str] = mapped_column(String(3))
    from_on: Mapped[date]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    set_at: Mapped[datetime]
