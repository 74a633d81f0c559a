"""The log of who did what."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.actor import Role
from collector_app.core.orm import Model


class AuditEntry(Model):
    """One thing done; never changed, and let go of only with all before it (`audit.cutting`).

    ``position``, ``previous_hash`` and ``hash`` are set when the transaction commits (see
    `audit.chain`); ``content_hash`` is of the row that it was done to, for rows that are sealed.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "subject_type", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[Role]
    event: Mapped[str] = mapped_column(String(60), index=True)
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict]  # type: ignore[type-arg]  # JSON border: ids, old and new values only
    content_hash: Mapped[str | None] = mapped_column(String(64))
    position: Mapped[int | None] = mapped_column(unique=True)
    previous_hash: Mapped[str | None] = mapped_column(String(64))
    hash: Mapped[str | None] = mapped_column(String(64))


class AuditHead(Model):
    """The last entry that was sealed, noted apart so that a log cut off at its end is found."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class AuditSeal(Model):
    """What the part of the log that was let go of had sealed last of a row; None: nothing."""

    __tablename__ = "audit_seal"

    subject_type: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    content_hash: Mapped[str | None] = mapped_column(String(64))


class AuditBatch(Model):
    """The seals of many rows of one table that were written together, under one entry.

    The entry seals this row, and this row each of those: a line with id and SHA-256 for each (see
    `audit.batches`).
    """

    __tablename__ = "audit_batch"
    sealed_columns = ("table_name", "seals")

    id: Mapped[int] = mapped_column(primary_key=True)
    table_name: Mapped[str] = mapped_column(String(40))
    seals: Mapped[str] = mapped_column(Text)
