"""What people decided about a credit's stage; the rest follows from days and from money."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model
from collector_app.portfolio.rules import Stage
from collector_app.stages.rules import MoveCause, PauseCause


class CollectionPause(Model):
    """Collecting from a client is suspended from day to day, both inclusive.

    One that is taken back on its first day ends the day before: it has no day at all.
    """

    __tablename__ = "collection_pause"
    sealed_columns = (
        "client_id",
        "credit_id",
        "cause",
        "reason",
        "from_on",
        "to_on",
        "ban_id",
        "created_by",
        "created_at",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    credit_id: Mapped[int | None] = mapped_column(ForeignKey("credit.id"))  # None: all of them
    cause: Mapped[PauseCause]
    reason: Mapped[str] = mapped_column(String(240))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    ban_id: Mapped[int | None] = mapped_column(ForeignKey("contact_ban.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]


class StageMove(Model):
    """A person put a credit into a stage that its days alone would not lead to."""

    __tablename__ = "stage_move"
    sealed_columns = (
        "credit_id",
        "stage",
        "cause",
        "reason",
        "from_on",
        "created_by",
        "created_at",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_id: Mapped[int] = mapped_column(ForeignKey("credit.id"), index=True)
    stage: Mapped[Stage]
    cause: Mapped[MoveCause]
    reason: Mapped[str] = mapped_column(String(240))
    from_on: Mapped[date]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
