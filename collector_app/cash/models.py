"""Sessions of cash and the deposits made from them."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model


class CashSession(Model):
    """A collector's cash from a float to a count; all cash since the count before belongs to it."""

    __tablename__ = "cash_session"
    __table_args__ = (CheckConstraint("float_cents >= 0", name="float_not_negative"),)

    sealed_columns = (
        "collector_id",
        "opened_at",
        "float_cents",
        "closed_at",
        "counts",
        "counted_cents",
        "expected_cents",
        "explanation",
        "confirmed_by",
        "confirmed_at",
        "confirmed_cents",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    collector_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    opened_at: Mapped[datetime]
    float_cents: Mapped[int] = mapped_column(BigInteger)
    closed_at: Mapped[datetime | None]
    counts: Mapped[list | None]  # type: ignore[type-arg]  # JSON: pairs of denomination and count
    counted_cents: Mapped[int | None] = mapped_column(BigInteger)
    expected_cents: Mapped[int | None] = mapped_column(BigInteger)  # as known when it was counted
    explanation: Mapped[str | None] = mapped_column(String(240))
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_cents: Mapped[int | None] = mapped_column(BigInteger)  # what the other counted


class CashDeposit(Model):
    """Cash that a collector took to the creditor's account; the slip's reference proves it."""

    __tablename__ = "cash_deposit"
    __table_args__ = (CheckConstraint("amount_cents > 0", name="amount_positive"),)

    sealed_columns = ("session_id", "amount_cents", "reference", "made_at")

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cash_session.id"), index=True)
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]
