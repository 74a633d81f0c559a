"""Complaints and their answers."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.complaints.rules import ComplaintKind
from collector_app.core.orm import Model


class Complaint(Model):
    """What a client complained of, until when it must be answered, and the answer."""

    __tablename__ = "complaint"

    sealed_columns = (
        "client_id",
        "kind",
        "text",
        "about",
        "received_at",
        "answer_by",
        "ban_id",
        "answered_at",
        "answered_by",
        "answer",
        "received_by",
        "pause_id",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    kind: Mapped[ComplaintKind]
    text: Mapped[str] = mapped_column(Text)
    about: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    received_at: Mapped[datetime]
    received_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answer_by: Mapped[date] = mapped_column(index=True)
    ban_id: Mapped[int | None] = mapped_column(ForeignKey("contact_ban.id"))
    pause_id: Mapped[int | None] = mapped_column(ForeignKey("collection_pause.id"))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answer: Mapped[str | None] = mapped_column(Text)
