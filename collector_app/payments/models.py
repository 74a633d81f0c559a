"""Money received and what it settles; corrected by an annulment, never edited."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from collector_app.core.orm import Model
from collector_app.payments.rules import PaymentMethod

_TAKEN_BACK = text("annulled_at IS NOT NULL")


class Payment(Model):
    """An amount received from a client."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        Index(None, "annulled_at", sqlite_where=_TAKEN_BACK, postgresql_where=_TAKEN_BACK),
    )
    sealed_columns = (
        "uuid",
        "client_id",
        "visit_id",
        "collector_id",
        "method",
        "reference",
        "amount_cents",
        "received_at",
        "recorded_at",
        "annulled_at",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, insert_sentinel=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    collector_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    method: Mapped[PaymentMethod]
    reference: Mapped[str | None] = mapped_column(String(60))
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime] = mapped_column(index=True)
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    annulled_at: Mapped[datetime | None]
    allocations: Mapped[list["Allocation"]] = relationship(back_populates="payment")


class Allocation(Model):
    """The part of a payment that settles one invoice; what is over stays unallocated."""

    __tablename__ = "allocation"
    __table_args__ = (CheckConstraint("amount_cents > 0", name="amount_positive"),)
    sealed_columns = ("payment_id", "invoice_id", "amount_cents")

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    payment: Mapped[Payment] = relationship(back_populates="allocations")


class Receipt(Model):
    """What the client is given for a payment: a folio of its series, and a code to verify it with.

    It is void when its payment is annulled; the folio is never used again. Two copies of one phone
    can both give it out before we hear of it: ``copy`` is above 1 of those that a person let in.
    """

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("series", "number", "copy"),)

    sealed_columns = ("payment_id", "series", "number", "copy", "code", "issued_at")

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), unique=True)
    series: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    copy: Mapped[int] = mapped_column(default=1, server_default="1")
    code: Mapped[str] = mapped_column(String(20), unique=True, insert_sentinel=True)
    issued_at: Mapped[datetime]


class ReceiptSeries(Model):
    """The last folio of a series; locked while one is given out, so that none is skipped."""

    __tablename__ = "receipt_series"

    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    last_number: Mapped[int]


class VoidFolio(Model):
    """A folio that a phone gave out for a payment that a person decided to make nothing of."""

    __tablename__ = "void_folio"
    __table_args__ = (UniqueConstraint("series", "number"),)
    sealed_columns = ("series", "number", "reason")

    id: Mapped[int] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
