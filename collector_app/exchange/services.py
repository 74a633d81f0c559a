"""Use cases of an import: a file comes in, is looked at, and is applied when a person accepts."""

from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.backing.differences import with_backing
from collector_app.backing.writing import write_backing
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.core.storage import StoredFile
from collector_app.exchange.models import ImportBatch
from collector_app.exchange.queries import cut_day_of
from collector_app.exchange.rules import (
    CURRENCY_OF,
    NothingToImport,
    UnreadableFile,
    balance_instant,
)
from collector_app.exchange.sheets import PortfolioReading, ReadOptions
from collector_app.exchange.summaries import (
    ImportSummary,
    fingerprint,
    from_json,
    summarise,
    to_json,
)
from collector_app.portfolio.facts import FoundPlaces, ImportReport
from collector_app.portfolio.services import (
    IMPORTERS,
    NOTHING_FOUND,
    carry_out,
    import_clients,
)


@dataclass(frozen=True, slots=True)
class ImportTerms:
    """What a file does not say itself.

    `cut_on` is the day to whose end its figures reach: None is the day that was given for the same
    file before, or else today. `country` is that of its phones and coordinates, ISO 3166.
    """

    cut_on: date | None
    country: str


def draft(
    session: Session,
    actor: Actor,
    stored: StoredFile,
    name: str,
    terms: ImportTerms,
    zone: ZoneInfo,
) -> ImportBatch:
    """Return an import as it would be noted, outside of the session.

    Raises
    ------
    InvalidInput
        When the cut-off day has not come yet, or the country is none where we work.
    """
    actor.require(*IMPORTERS)
    today = clock.today(zone)
    cut_on = terms.cut_on or cut_day_of(session, stored.sha256) or today
    if cut_on > today:
        raise InvalidInput("cut_on", "a day that has come", today=today.isoformat())
    if terms.country not in CURRENCY_OF:
        raise InvalidInput("country", "a country where we work", country=terms.country)
    return ImportBatch(
        file_name=name[:200],
        file_sha256=stored.sha256,
        cut_on=cut_on,
        country=terms.country,
        balance_at=balance_instant(cut_on, clock.now(), zone),
        uploaded_at=clock.now(),
        uploaded_by=actor.user_id,
    )


def receive_file(session: Session, actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Note that a file came in; nothing of the cartera changes."""
    actor.require(*IMPORTERS)
    session.add(batch)
    audit.log(session, actor, "import.received", batch, sha256=batch.file_sha256)
    return batch


def read_options(batch: ImportBatch) -> ReadOptions:
    """Return how the cells of a batch's file are read."""
    return ReadOptions(batch.cut_on, batch.country, CURRENCY_OF[batch.country])


def foretell(
    session: Session,
    actor: Actor,
    batch: ImportBatch,
    reading: PortfolioReading,
    found: FoundPlaces = NOTHING_FOUND,
) -> ImportReport:
    """Tell what applying a file would do now; writes nothing.

    `found` is what the address search made of the clients without coordinates.
    """
    cartera = import_clients(
        session,
        actor,
        reading.rows,
        balance_at=batch.balance_at,
        currency=CURRENCY_OF[batch.country],
        found=found,
        dry_run=True,
    )
    return with_backing(session, cartera, reading.backing, batch.cut_on)


def keep_preview(
    session: Session, actor: Actor, batch_id: int, outcome: ImportSummary | UnreadableFile
) -> None:
    """Keep what a person decides upon; an import that was applied keeps what it did."""
    actor.require(*IMPORTERS)
    batch = load_batch(session, batch_id)
    if batch.applied_at is not None:
        return
    if isinstance(outcome, UnreadableFile):
        facts = {k: v for k, v in outcome.facts.items() if k not in ("field", "expected")}
        batch.report = {"unreadable": {"problem": outcome.problem.value, "facts": facts}}
    else:
        batch.report = {"summary": to_json(outcome)}
    audit.log(session, actor, "import.previewed", batch)


def request_preview(session: Session, actor: Actor, batch_id: int, job_id: str) -> None:
    """Note which job looks at a file once more: the cartera changed, or the last job failed.

    Raises
    ------
    NothingToImport
        When it was applied already.
    """
    actor.require(*IMPORTERS)
    batch = load_batch(session, batch_id)
    if batch.applied_at is not None:
        message = f"import {batch_id} was applied"
        raise NothingToImport(message)
    batch.job_id = job_id


def request_apply(session: Session, actor: Actor, batch_id: int, job_id: str) -> ImportSummary:
    """Note that a person accepted the preview, and which job carries it out.

    Raises
    ------
    NothingToImport
        When it was applied already, was never previewed, or changes nothing.
    """
    actor.require(*IMPORTERS)
    batch = load_batch(session, batch_id)
    summary = summary_of(batch)
    if batch.applied_at is not None or summary is None or not summary.changes_something:
        message = f"import {batch_id} has nothing to apply"
        raise NothingToImport(message)
    batch.job_id = job_id
    audit.log(session, actor, "import.accepted", batch, fingerprint=summary.fingerprint)
    return summary


def apply_import(
    session: Session,
    actor: Actor,
    batch_id: int,
    reading: PortfolioReading,
    found: FoundPlaces = NOTHING_FOUND,
) -> bool:
    """Write exactly what was previewed, or nothing.

    When the cartera changed since the preview so that the import would do something else, the new
    preview is kept in its place for a person to look at, and False comes back. An import that was
    applied before is left alone.
    """
    actor.require(*IMPORTERS)
    batch = load_batch(session, batch_id)
    if batch.applied_at is not None:
        return True
    report = foretell(session, actor, batch, reading, found)
    accepted = summary_of(batch)
    if accepted is None or accepted.fingerprint != fingerprint(report):
        new = summarise(
            reading,
            report,
            accepted.observations if accepted else None,
            was_searched=accepted.was_searched if accepted else True,
        )
        batch.report = {"summary": to_json(replace(new, changed_meanwhile=True))}
        audit.log(session, actor, "import.changed_meanwhile", batch)
        return False
    carry_out(session, actor, report)
    write_backing(session, actor, report.differences)
    batch.applied_at = clock.now()
    batch.applied_by = actor.user_id
    audit.log(session, actor, "import.applied", batch, fingerprint=accepted.fingerprint)
    return True


def load_batch(session: Session, batch_id: int) -> ImportBatch:
    """Return a batch, locked against others who would apply it.

    Raises
    ------
    NotFound
        When there is none.
    """
    batch = session.scalars(
        select(ImportBatch).where(ImportBatch.id == batch_id).with_for_update()
    ).one_or_none()
    if batch is None:
        message = f"no import {batch_id}"
        raise NotFound(message)
    return batch


def summary_of(batch: ImportBatch) -> ImportSummary | None:
    """Return what is kept of a batch, or None when it was not previewed or can't be read."""
    kept = (batch.report or {}).get("summary")
    return from_json(kept) if kept else None
