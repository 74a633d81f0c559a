"""Imports: which file, what came of it, who accepted it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model


class ImportBatch(Model):
    """One upload of a cartera: previewed first, applied when a person accepts it."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[str | None] = mapped_column(String(64))  # the latest job about it
    file_name: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64), index=True)
    cut_on: Mapped[date]  # the day to whose end the file's figures reach
    country: Mapped[str] = mapped_column(String(2))  # ISO 3166: of its phones and coordinates
    balance_at: Mapped[datetime]  # when its balances were true; payments received later come off
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    applied_at: Mapped[datetime | None]
    applied_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # JSON: {"summary": see `summaries.ImportSummary`} or {"unreadable": {"problem", "facts"}}
    report: Mapped[dict | None]  # type: ignore[type-arg]
