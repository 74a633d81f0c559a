"""Faltas that were found, what a person decided about each, and fines that became final."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model
from collector_app.violations.rules import CaseState, FactKind


class ViolationCase(Model):
    """A visit, contact or payment that judging found outside the law of its day.

    ``blocks`` are the rules that it broke, as `compliance.rules.Block` tells them; ``law`` is the
    first profile of law among them; None when only the house or a ban forbade it. The penalties of
    every law among its rules apply.
    """

    __tablename__ = "violation_case"
    __table_args__ = (
        UniqueConstraint("kind", "fact_id"),
        Index(None, "state", "at"),
    )

    sealed_columns = (
        "kind",
        "fact_id",
        "client_id",
        "at",
        "state",
        "reason",
        "decided_by",
        "collector_id",
        "profile_id",
        "profile_version",
        "law",
        "blocks",
        "judged_at",
        "decided_at",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[FactKind]
    fact_id: Mapped[int]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    collector_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    # Of the house, and of each creditor with a law of their own: joined by "+".
    profile_id: Mapped[str] = mapped_column(String(400))
    profile_version: Mapped[str] = mapped_column(String(400))
    law: Mapped[str | None] = mapped_column(String(40))
    blocks: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    judged_at: Mapped[datetime]
    state: Mapped[CaseState] = mapped_column(default=CaseState.NEW)
    reason: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Sanction(Model):
    """A fine against the company against which no appeal is left, as somebody of the desk noted it.

    Within the time that the law names, what is done after it may cost the double.
    """

    __tablename__ = "sanction"

    sealed_columns = ("law", "final_on", "reference", "noted_by", "withdrawn_at", "noted_at")

    id: Mapped[int] = mapped_column(primary_key=True)
    law: Mapped[str] = mapped_column(String(40), index=True)  # the profile whose penalty it is
    final_on: Mapped[date]
    reference: Mapped[str] = mapped_column(String(200))  # file number, authority
    noted_at: Mapped[datetime]
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None]
