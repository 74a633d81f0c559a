"""Agreements with a client; the schedule follows from the terms and is not stored."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model


class Agreement(Model):
    """Terms, what stands on the paper, and the steps it went through; changed by a new one."""

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("debt_cents > 0", name="debt_positive"),
        CheckConstraint("down_cents >= 0", name="down_not_negative"),
    )

    sealed_columns = (
        "client_id",
        "debt_cents",
        "discount_basis",
        "down_cents",
        "instalments",
        "every_days",
        "step_cents",
        "first_on",
        "principal_cents",
        "interest_cents",
        "default_interest_cents",
        "costs_cents",
        "creditor",
        "creditor_account",
        "reference",
        "settles_debt",
        "proposed_by",
        "proposed_at",
        "approved_by",
        "approved_at",
        "signed_at",
        "signed_by",
        "signature_sha256",
        "cancelled_by",
        "cancelled_at",
        "signature",
        "cancelled_because",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    debt_cents: Mapped[int] = mapped_column(BigInteger)
    discount_basis: Mapped[int]
    down_cents: Mapped[int] = mapped_column(BigInteger)
    instalments: Mapped[int]
    every_days: Mapped[int]
    step_cents: Mapped[int] = mapped_column(BigInteger)
    first_on: Mapped[date]
    principal_cents: Mapped[int] = mapped_column(BigInteger)
    interest_cents: Mapped[int] = mapped_column(BigInteger)
    default_interest_cents: Mapped[int] = mapped_column(BigInteger)
    costs_cents: Mapped[int] = mapped_column(BigInteger)
    creditor: Mapped[str] = mapped_column(String(160))
    creditor_account: Mapped[str] = mapped_column(String(60))
    reference: Mapped[str] = mapped_column(String(60))
    settles_debt: Mapped[bool]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[str | None] = mapped_column(String(160))  # the name of whoever signed
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)  # PNG
    signature_sha256: Mapped[str | None] = mapped_column(String(64))
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[str | None] = mapped_column(String(240))
