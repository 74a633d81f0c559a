"""Reads of imports: one of them, and the history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from collector_app.accounts.models import User
from collector_app.exchange.models import ImportBatch
from collector_app.exchange.rules import FileProblem, ImportState
from collector_app.exchange.summaries import ImportSummary, from_json
from collector_app.portfolio.models import Credit


@dataclass(frozen=True, slots=True)
class BatchRow:
    """An import as its page and the history show it."""

    id: int
    file_name: str
    file_sha256: str
    job_id: str | None
    cut_on: date
    country: str
    uploaded_at: datetime
    uploaded_by: str | None  # None: the command line
    applied_at: datetime | None
    applied_by: str | None
    summary: ImportSummary | None
    problem: FileProblem | None
    problem_facts: Mapping[str, object]

    @property
    def state(self) -> ImportState:
        """Return how far the import has come."""
        if self.applied_at is not None:
            return ImportState.APPLIED
        if self.problem is not None:
            return ImportState.UNREADABLE
        if self.summary is None:
            return ImportState.READING
        if not self.summary.is_usable:
            return ImportState.NOTHING_USABLE
        return ImportState.READY if self.summary.changes_something else ImportState.NOTHING_NEW


def batch_row(session: Session, batch_id: int) -> BatchRow | None:
    """Return one import."""
    row = session.execute(_batches().where(ImportBatch.id == batch_id)).one_or_none()
    return _row(*row) if row else None


def batch_count(session: Session) -> int:
    """Return how many imports there were."""
    return session.scalars(select(func.count(ImportBatch.id))).one()


def batches(session: Session, *, offset: int = 0, limit: int = 20) -> list[BatchRow]:
    """Return imports, the latest first."""
    rows = session.execute(_batches().order_by(ImportBatch.id.desc()).offset(offset).limit(limit))
    return [_row(*row) for row in rows]


def cut_day_of(session: Session, sha256: str) -> date | None:
    """Return the cut-off day that was given when the same file came in first."""
    return session.scalars(
        select(ImportBatch.cut_on).where(ImportBatch.file_sha256 == sha256).order_by(ImportBatch.id)
    ).first()


def latest_country(session: Session) -> str | None:
    """Return the country of the latest import."""
    return session.scalars(select(ImportBatch.country).order_by(ImportBatch.id.desc())).first()


def latest_currency(session: Session) -> str | None:
    """Return the currency of the latest credit."""
    return session.scalars(select(Credit.currency).order_by(Credit.id.desc())).first()


def _batches() -> Select[ImportBatch, str, str]:
    uploader, applier = aliased(User), aliased(User)
    return (
        select(ImportBatch, uploader.full_name, applier.full_name)
        .outerjoin(uploader, uploader.id == ImportBatch.uploaded_by)
        .outerjoin(applier, applier.id == ImportBatch.applied_by)
    )


def _row(batch: ImportBatch, uploaded_by: str | None, applied_by: str | None) -> BatchRow:
    report = batch.report or {}
    unreadable = report.get("unreadable")
    return BatchRow(
        id=batch.id,
        file_name=batch.file_name,
        file_sha256=batch.file_sha256,
        job_id=batch.job_id,
        cut_on=batch.cut_on,
        country=batch.country,
        uploaded_at=batch.uploaded_at,
        uploaded_by=uploaded_by,
        applied_at=batch.applied_at,
        applied_by=applied_by,
        summary=from_json(report["summary"]) if "summary" in report else None,
        problem=FileProblem(unreadable["problem"]) if unreadable else None,
        problem_facts=unreadable["facts"] if unreadable else {},
    )
