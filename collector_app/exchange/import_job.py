"""The long parts of an import: reading the file and comparing it, outside of any transaction."""

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from collector_app.city.addresses import NoAddressBook, address_book
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import StaleData
from collector_app.core.jobs import Report
from collector_app.core.storage import FileStore, StoredFile
from collector_app.exchange import services
from collector_app.exchange.models import ImportBatch
from collector_app.exchange.observations import keep_observations
from collector_app.exchange.rules import Issue, UnreadableFile
from collector_app.exchange.services import ImportTerms
from collector_app.exchange.sheets import PortfolioReading, read_portfolio
from collector_app.exchange.summaries import ImportSummary, all_issues, summarise
from collector_app.exchange.wording import issue_sentence
from collector_app.locations.searching import best_place
from collector_app.portfolio.facts import Address, FoundPlace, FoundPlaces
from collector_app.portfolio.services import addresses_to_find
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.zones.services import place_new_clients

log = logging.getLogger(__name__)

READING_SHARE = 0.6  # of the whole work, measured on 20,000 rows with coordinates
SEARCHED_SHARE = 0.85
ADDRESSES_BETWEEN_REPORTS = 50


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A file that was read and compared with the cartera."""

    reading: PortfolioReading
    issues: list[Issue]
    summary: ImportSummary
    found: FoundPlaces


def file_store() -> FileStore:
    """Return where uploaded files are kept."""
    return FileStore(
        Path(current_app.instance_path) / "files", current_app.config["MAX_CONTENT_LENGTH"]
    )


def preview_import(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """Handle the job ``import_preview``: say what accepting the file would do."""
    batch, actor = _batch(arguments["batch_id"]), _actor(arguments)
    outcome: ImportSummary | UnreadableFile
    try:
        outcome = _look_at(batch, actor, report).summary
    except UnreadableFile as error:
        outcome = error
    with transaction() as session:
        services.keep_preview(session, actor, batch.id, outcome)
    return {"next_url": _page(batch.id)}


def apply_import(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """Handle the job ``import_apply``: write what was previewed; run twice it writes once."""
    batch, actor = _batch(arguments["batch_id"]), _actor(arguments)
    reading = _read(batch, file_store().path(batch.file_sha256), report)
    found = _find_addresses(reading, report)
    report(SEARCHED_SHARE, _("Guardando la cartera"))
    with transaction() as session:
        _write(session, actor, batch.id, reading, found or {})
    return {"next_url": _page(batch.id)}


def import_file(path: Path, terms: ImportTerms, actor: Actor, report: Report) -> LookedAt:
    """Preview and apply a file in one go, for the command line.

    Raises
    ------
    UnreadableFile
        When it can't be read; the import is noted all the same.
    StaleData
        When somebody else changed the cartera meanwhile; nothing is written then.
    """
    with path.open("rb") as stream:
        stored = file_store().save(stream)
    with transaction() as session:
        batch = services.draft(session, actor, stored, path.name, terms, local_zone())
        batch_id = services.receive_file(session, actor, batch).id
    try:
        looked_at = _look_at(_batch(batch_id), actor, report)
    except UnreadableFile as error:
        with transaction() as session:
            services.keep_preview(session, actor, batch_id, error)
        raise
    report(0.95, _("Guardando la cartera"))
    with transaction() as session:
        services.keep_preview(session, actor, batch_id, looked_at.summary)
        if looked_at.summary.changes_something and not _write(
            session, actor, batch_id, looked_at.reading, looked_at.found
        ):
            message = "the cartera changed while the file was read"
            raise StaleData(message)
    return looked_at


def _write(
    session: Session, actor: Actor, batch_id: int, reading: PortfolioReading, found: FoundPlaces
) -> bool:
    """Write an import; clients who are new, or have a location at last, join a zone with it."""
    is_written = services.apply_import(session, actor, batch_id, reading, found)
    if is_written:
        place_new_clients(session, actor, clock.today(local_zone()))
    return is_written


def foretell_file(path: Path, terms: ImportTerms, actor: Actor, report: Report) -> LookedAt:
    """Tell what importing a file would do; nothing is written, not even that it was asked.

    Raises
    ------
    UnreadableFile
        When it can't be read.
    """
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    stored = StoredFile(sha256, path.stat().st_size)
    session = db.session()
    try:
        batch = services.draft(session, actor, stored, path.name, terms, local_zone())
    finally:
        session.rollback()
    return _look_at(batch, actor, report, path)


def _look_at(
    batch: ImportBatch, actor: Actor, report: Report, path: Path | None = None
) -> LookedAt:
    """Read and compare; with a `path` of its own the file is left where it is, and nothing kept."""
    reading = _read(batch, path or file_store().path(batch.file_sha256), report)
    found = _find_addresses(reading, report)
    report(SEARCHED_SHARE, _("Comparando con la cartera"))
    session = db.session()
    try:
        told = services.foretell(session, actor, batch, reading, found or {})
    finally:
        session.rollback()
    report(0.9, _("Preparando el resumen"))
    issues = all_issues(reading, told)
    kept = None if path else keep_observations(file_store(), reading, issues, issue_sentence)
    summary = summarise(reading, told, kept, was_searched=found is not None)
    return LookedAt(reading, issues, summary, found or {})


def _find_addresses(reading: PortfolioReading, report: Report) -> FoundPlaces | None:
    """Search the addresses of clients without coordinates; None when there is no address book.

    Outside of any transaction: 20,000 addresses take some twenty seconds.
    """
    session = db.session()
    try:
        addresses = addresses_to_find(session, reading.rows)
    finally:
        session.rollback()
    if not addresses:
        return {}
    try:
        book = address_book(Path(current_app.instance_path), current_app.config["CITY"])
    except NoAddressBook as error:
        log.warning("addresses of an import not searched: %s", error)
        return None
    found: dict[Address, FoundPlace | None] = {}
    for number, address in enumerate(addresses):
        if number % ADDRESSES_BETWEEN_REPORTS == 0:
            share = number / len(addresses)
            report(
                READING_SHARE + (SEARCHED_SHARE - READING_SHARE) * share,
                _("Buscando domicilio %(n)s de %(total)s", n=number + 1, total=len(addresses)),
            )
        found[address] = best_place(book, address)
    return found


def _read(batch: ImportBatch, path: Path, report: Report) -> PortfolioReading:
    """Read the file of a batch, telling how far it is."""
    report(0.0, _("Abriendo el archivo"))

    def tell(done: int, total: int) -> None:
        report(READING_SHARE * done / max(total, 1), _("Leyendo la fila %(n)s", n=done))

    return read_portfolio(path, batch.file_name, services.read_options(batch), tell)


def _batch(batch_id: int) -> ImportBatch:
    """Return a batch that no transaction holds: reading its file takes seconds."""
    session = db.session()
    batch = services.load_batch(session, batch_id)
    session.expunge(batch)
    session.rollback()
    return batch


def _actor(arguments: dict[str, Any]) -> Actor:
    return Actor(arguments["actor_id"], Role(arguments["role"]))


def _page(batch_id: int) -> str:
    return f"/cartera/importar/{batch_id}"
