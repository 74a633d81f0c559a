"""Letters of settlement that were given."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model


class SettlementLetter(Model):
    """A carta finiquito that was given; its content is what was true then, empty once erased.

    One that was given by mistake is annulled, never changed.
    """

    __tablename__ = "settlement_letter"
    sealed_columns = (
        "client_id",
        "content",
        "issued_on",
        "issued_by",
        "issued_at",
        "annulled_at",
        "annulled_because",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    content: Mapped[dict]  # type: ignore[type-arg]  # JSON border: a `Settlement`
    issued_on: Mapped[date]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    issued_at: Mapped[datetime]
    annulled_at: Mapped[datetime | None]
    annulled_because: Mapped[str | None] = mapped_column(String(240))
