"""Clients, their credits and their invoices, as the creditor told us."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from collector_app.core.orm import Model
from collector_app.portfolio.gathering import plain
from collector_app.portfolio.rules import (
    AddressOrigin,
    ClientKind,
    LocationQuality,
    VisitPlaceKind,
)


def plain_sql(column: str) -> str:
    """Return SQL of a column in small letters without accents.

    As text, with nothing bound: only so do both databases see that an index was made of it.
    """
    for accented, bare in zip("áéíóúüñ", "aeiouun", strict=True):
        for letter in (accented, accented.upper()):
            column = f"replace({column}, '{letter}', '{bare}')"
    return f"lower({column})"


LONGEST_PLAIN = 200


def _plain_name(context: Any) -> str:
    """Return by what the name of a new row is told apart from others."""
    return plain(context.get_current_parameters()["name"])[:LONGEST_PLAIN]


class Client(Model):
    """A debtor; one debtor with several credits is one stop on a route."""

    __tablename__ = "client"
    sealed_columns = (
        "external_id",
        "name",
        "kind",
        "phone",
        "address",
        "neighbourhood",
        "municipality",
        "lat",
        "lon",
        "location_quality",
        "location_confidence",
        "note",
        "created_at",
    )
    __table_args__ = (
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="position_is_whole"),
        CheckConstraint("lat BETWEEN -90 AND 90", name="lat_in_range"),
        CheckConstraint("lon BETWEEN -180 AND 180", name="lon_in_range"),
        CheckConstraint("location_confidence BETWEEN 0 AND 1", name="confidence_is_a_share"),
        # Lists stand in this order; to sort a hundred thousand names for a page took 0.2 s.
        Index("ix_client_plain_name_id", text(plain_sql("name")), "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[ClientKind] = mapped_column(default=ClientKind.PERSON)
    phone: Mapped[str | None] = mapped_column(String(20))  # E.164
    address: Mapped[str] = mapped_column(String(240))
    neighbourhood: Mapped[str | None] = mapped_column(String(120))
    municipality: Mapped[str | None] = mapped_column(String(120))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    location_quality: Mapped[LocationQuality] = mapped_column(default=LocationQuality.NONE)
    # 0-1, of a place that the address search found; None for all others.
    location_confidence: Mapped[float | None]
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    credits: Mapped[list["Credit"]] = relationship(back_populates="client")


class VisitPlace(Model):
    """What somebody said of the place where a client is visited; the newest word of a day holds.

    Every word stays, so that a visit of the past is judged by what was known on its day.
    """

    __tablename__ = "visit_place"
    sealed_columns = ("client_id", "kind", "is_authorised", "origin", "told_by", "told_at")

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    kind: Mapped[VisitPlaceKind | None]  # None: nobody knows
    is_authorised: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[AddressOrigin | None]  # of the address; None: nobody knows
    told_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    told_at: Mapped[datetime]


class ErasedPerson(Model):
    """That a client's data was erased, and hashes to know them by if a file tells of them again.

    Until somebody lets them back in, rows about them stay out.
    """

    __tablename__ = "erased_person"
    sealed_columns = ("salt", "phone_digest", "address_digest", "erased_at", "readmitted_at")

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))  # hexadecimal
    phone_digest: Mapped[str | None] = mapped_column(String(64))
    address_digest: Mapped[str | None] = mapped_column(String(64))
    erased_at: Mapped[datetime]
    readmitted_at: Mapped[datetime | None]


class Credit(Model):
    """A loan or a line of credit."""

    __tablename__ = "credit"
    sealed_columns = ("client_id", "external_id", "product", "currency", "opened_on")

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    external_id: Mapped[str] = mapped_column(String(40), unique=True)
    product: Mapped[str | None] = mapped_column(String(80))
    currency: Mapped[str] = mapped_column(String(3), default="MXN", index=True)
    opened_on: Mapped[date | None]
    client: Mapped[Client] = relationship(back_populates="credits")
    invoices: Mapped[list["Invoice"]] = relationship(back_populates="credit")


class Creditor(Model):
    """Somebody for whom we collect, by the name that files give; whose law it is, people decide."""

    __tablename__ = "creditor"
    sealed_columns = ("name", "created_by", "created_at")

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(160), unique=True)
    # The name without case, accents, spaces and punctuation: files name one creditor by it.
    plain_name: Mapped[str] = mapped_column(String(LONGEST_PLAIN), unique=True, default=_plain_name)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]


class CreditorWord(Model):
    """What somebody said of whose a credit is; the newest word holds.

    Every word stays, so that what was done is judged by the creditor of its day.
    """

    __tablename__ = "creditor_word"
    sealed_columns = ("credit_id", "creditor_id", "told_by", "told_at")

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_id: Mapped[int] = mapped_column(ForeignKey("credit.id"), index=True)
    creditor_id: Mapped[int | None] = mapped_column(  # None: the house's own again
        ForeignKey("creditor.id"), index=True
    )
    told_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    told_at: Mapped[datetime]


class Invoice(Model):
    """An invoice or an instalment: what was due, and what the creditor last said is still owed.

    ``bill_number`` is that of the invoice that is paid in instalments of which this is one; None
    when this is a whole invoice itself.

    ``balance_cents`` is the creditor's word at ``balance_at``; payments received in the field
    after that instant come off it (see `payments.queries`), so that nothing is stored twice.
    """

    __tablename__ = "invoice"
    sealed_columns = (
        "credit_id",
        "number",
        "bill_number",
        "issued_on",
        "due_on",
        "amount_cents",
        "balance_cents",
        "balance_at",
    )
    __table_args__ = (
        UniqueConstraint("credit_id", "number"),
        CheckConstraint("amount_cents >= 0", name="amount_not_negative"),
        CheckConstraint("balance_cents >= 0", name="balance_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_id: Mapped[int] = mapped_column(ForeignKey("credit.id"), index=True)
    number: Mapped[str] = mapped_column(String(40))
    bill_number: Mapped[str | None] = mapped_column(String(40))
    issued_on: Mapped[date | None]
    due_on: Mapped[date] = mapped_column(index=True)
    # 32 bits end at 21 million pesos, which a firm may owe.
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    balance_cents: Mapped[int] = mapped_column(BigInteger)
    balance_at: Mapped[datetime]
    credit: Mapped[Credit] = relationship(back_populates="invoices")
    past_balances: Mapped[list["PastBalance"]] = relationship()


class PastBalance(Model):
    """What the creditor said was owed on an invoice before saying otherwise."""

    __tablename__ = "past_balance"
    sealed_columns = ("invoice_id", "balance_cents", "balance_at")
    __table_args__ = (CheckConstraint("balance_cents >= 0", name="balance_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    balance_cents: Mapped[int] = mapped_column(BigInteger)
    balance_at: Mapped[datetime]
