"""Promises to pay: cancelled and made anew, never edited, or the indicators would lie."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model

_TAKEN_BACK = text("cancelled_at IS NOT NULL")


class Promise(Model):
    """An amount and a date that a client gave; whether it was kept is derived from payments."""

    __tablename__ = "promise"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        Index(None, "cancelled_at", sqlite_where=_TAKEN_BACK, postgresql_where=_TAKEN_BACK),
    )
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
    made_at: Mapped[datetime] = mapped_column(index=True)
    cancelled_at: Mapped[datetime | None]
