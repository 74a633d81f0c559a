"""Promises to pay: cancelled and made anew, never edited, or the indicators would lie."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model


class Promise(Model):
    """An amount and a date that a client gave; whether it was kept is derived from payments."""

    __tablename__ = "promise"
    __table_args__ = (CheckConstraint("amount_cents > 0", name="amount_positive"),)
    sealed_columns = (
        "uuid",
        "client_id",
        "visit_id",
        "collector_id",
        "amount_cents",
        "due_on",
        "made_at",
        "cancelled_at",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, insert_sentinel=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    collector_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    due_on: Mapped[date] = mapped_column(index=True)
    made_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
