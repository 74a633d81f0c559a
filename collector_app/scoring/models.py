"""Decisions to score a client or not; the last one holds."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model


class ScoringDecision(Model):
    """Somebody switched the scores of a client off, or on again, and said why."""

    __tablename__ = "scoring_decision"
    sealed_columns = ("client_id", "is_scored", "reason", "decided_by", "decided_at")

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    is_scored: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(240))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime]
