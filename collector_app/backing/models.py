"""Guarantees, people who answer for a debt, and papers that prove it."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.backing.rules import (
    DocumentKind,
    GuaranteeKind,
    GuaranteeState,
    ObligorKind,
)
from collector_app.core.orm import Model


class Guarantee(Model):
    """Something of value that secures a credit."""

    __tablename__ = "guarantee"
    __table_args__ = (CheckConstraint("value_cents >= 0", name="value_not_negative"),)
    sealed_columns = (
        "credit_id",
        "kind",
        "description",
        "value_cents",
        "given_on",
        "state",
        "state_on",
        "created_by",
        "created_at",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_id: Mapped[int] = mapped_column(ForeignKey("credit.id"), index=True)
    kind: Mapped[GuaranteeKind]
    description: Mapped[str] = mapped_column(String(240))
    value_cents: Mapped[int] = mapped_column(BigInteger)
    given_on: Mapped[date]
    state: Mapped[GuaranteeState] = mapped_column(default=GuaranteeState.IN_FORCE)
    state_on: Mapped[date]  # since when it is in this state
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]


class GuaranteeChange(Model):
    """A state that a guarantee came into, from a day on; never changed."""

    __tablename__ = "guarantee_change"
    sealed_columns = (
        "guarantee_id",
        "state",
        "from_on",
        "created_by",
        "created_at",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    guarantee_id: Mapped[int] = mapped_column(ForeignKey("guarantee.id"), index=True)
    state: Mapped[GuaranteeState]
    from_on: Mapped[date]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]


class Obligor(Model):
    """A person beside the debtor: who answers for the debt, or only knows them.

    Nobody is deleted: whose part ended keeps the days on which they had one.
    """

    __tablename__ = "obligor"
    sealed_columns = (
        "client_id",
        "credit_id",
        "kind",
        "name",
        "phone",
        "address",
        "since_on",
        "ended_on",
        "end_reason",
        "created_by",
        "created_at",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    credit_id: Mapped[int | None] = mapped_column(ForeignKey("credit.id"))  # None: all of them
    kind: Mapped[ObligorKind]
    name: Mapped[str] = mapped_column(String(160))
    phone: Mapped[str | None] = mapped_column(String(20))  # E.164
    address: Mapped[str | None] = mapped_column(String(240))
    since_on: Mapped[date]
    ended_on: Mapped[date | None]  # the first day on which they have no part any more
    end_reason: Mapped[str | None] = mapped_column(String(240))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]


class CreditDocument(Model):
    """A paper of a credit; its bytes lie in the file store under their hash, until it is erased.

    One that a creditor's file names has no bytes until somebody brings them.
    """

    __tablename__ = "credit_document"
    sealed_columns = (
        "credit_id",
        "kind",
        "number",
        "bill_number",
        "dated_on",
        "file_name",
        "sha256",
        "size_bytes",
        "media_type",
        "erased_at",
        "created_by",
        "created_at",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_id: Mapped[int] = mapped_column(ForeignKey("credit.id"), index=True)
    kind: Mapped[DocumentKind]
    number: Mapped[str | None] = mapped_column(String(40))
    # Of the invoice that it belongs to: a delivery note, what proves that it was delivered.
    bill_number: Mapped[str | None] = mapped_column(String(40))
    dated_on: Mapped[date]
    file_name: Mapped[str | None] = mapped_column(String(160))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size_bytes: Mapped[int | None]
    media_type: Mapped[str | None] = mapped_column(String(40))
    erased_at: Mapped[datetime | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
