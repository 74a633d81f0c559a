"""Which law is in force here, and whom we may not contact."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model


class ProfileChoice(Model):
    """The compliance profile chosen from a day on; the newest choice in force applies."""

    __tablename__ = "compliance_profile_choice"
    sealed_columns = ("profile_id", "from_on", "reason", "chosen_by", "chosen_at")

    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[str] = mapped_column(String(40))
    from_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    chosen_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    chosen_at: Mapped[datetime]


class ContactBan(Model):
    """A client whom nobody may visit from day to day (both inclusive)."""

    __tablename__ = "contact_ban"
    sealed_columns = ("client_id", "reason", "from_on", "to_on", "created_by", "created_at")

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    reason: Mapped[str] = mapped_column(String(240))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
