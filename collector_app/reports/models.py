"""When reports are made, and those that were asked for."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model
from collector_app.reports.rules import ReportKind, ReportState


class ReportSchedule(Model):
    """A report made on some weekdays at an hour, until somebody ends that."""

    __tablename__ = "report_schedule"
    sealed_columns = (
        "kind",
        "weekdays",
        "at_s",
        "created_at",
        "created_by",
        "ended_at",
        "ended_by",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ReportKind]
    weekdays: Mapped[str] = mapped_column(String(7))
    at_s: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class MadeReport(Model):
    """A report of one day; its files are kept by their content."""

    __tablename__ = "made_report"
    __table_args__ = (UniqueConstraint("schedule_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ReportKind]
    day: Mapped[date]
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey("report_schedule.id"))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    state: Mapped[ReportState] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=1)
    settled_at: Mapped[datetime | None]  # when it was made, or failed last
    error: Mapped[str | None] = mapped_column(String(60))
    pdf_sha256: Mapped[str | None] = mapped_column(String(64))
    xlsx_sha256: Mapped[str | None] = mapped_column(String(64))
