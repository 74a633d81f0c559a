"""That somebody took note of an alert; the alerts themselves are derived."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model
from collector_app.live.rules import AlertKind


class AlertAcknowledgement(Model):
    """Who took note of an alert of a day, when, how bad it was by then, and what they said."""

    __tablename__ = "alert_acknowledgement"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    kind: Mapped[AlertKind]
    collector_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    subject: Mapped[str] = mapped_column(String(40))
    level: Mapped[int]
    note: Mapped[str] = mapped_column(String(300))
    noted_at: Mapped[datetime]
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
