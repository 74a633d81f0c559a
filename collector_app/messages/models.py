"""Messages as sent; only the moment of reading is added later."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model


class OfficeMessage(Model):
    """What the office told one collector."""

    __tablename__ = "office_message"
    sealed_columns = ("collector_id", "text", "sent_at", "sent_by", "read_at")
    __table_args__ = (Index(None, "collector_id", "sent_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    collector_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    text: Mapped[str] = mapped_column(String(500))
    sent_at: Mapped[datetime]
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    read_at: Mapped[datetime | None]  # when the collector said so on the phone
