"""Calls, messages and letters; corrected by new facts, never edited."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.compliance.rules import Channel
from collector_app.core.orm import Model
from collector_app.visits.rules import PersonMet


class Contact(Model):
    """Something that was tried without going there.

    ``at`` is of the clock of whoever tells it, ``received_at`` of ours; ``text`` is a message as
    it was sent.
    """

    __tablename__ = "contact"
    sealed_columns = (
        "uuid",
        "client_id",
        "made_by",
        "channel",
        "at",
        "received_at",
        "person",
        "was_answered",
        "spoke_of_debt",
        "text",
        "note",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    channel: Mapped[Channel]
    at: Mapped[datetime] = mapped_column(index=True)
    received_at: Mapped[datetime] = mapped_column(index=True)
    person: Mapped[PersonMet]
    was_answered: Mapped[bool]
    spoke_of_debt: Mapped[bool]
    text: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
