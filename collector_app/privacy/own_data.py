"""A person's own data as they read it: a page in words, and their photos and papers beside it.

Source: LFPDPPP, article 22 (access). What the page leaves out, numbers that tie rows together and
hashes, stands in ``datos.json``.
"""

import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path, PurePath

import msgspec
from flask import current_app, render_template
from flask_babel import gettext as _
from sqlalchemy import Column, inspect, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.agreements.agreement_pdf import agreement_pdf
from collector_app.agreements.models import SettlementLetter
from collector_app.agreements.queries import agreements
from collector_app.agreements.settlement_letter import settlement_pdf
from collector_app.agreements.settlements import letter_of
from collector_app.backing.document_files import document_store
from collector_app.backing.models import CreditDocument
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.money import USUAL_CURRENCY
from collector_app.core.orm import Model
from collector_app.core.storage import FileStore
from collector_app.payments.receipt_pdf import receipt_pdf
from collector_app.payments.receipts import ReceiptRow, receipts_of
from collector_app.portfolio.models import Credit
from collector_app.privacy.queries import as_json, rows_about
from collector_app.sync.evidence_files import evidence_store
from collector_app.sync.queries import pictures_of
from collector_app.visits.models import Visit
from collector_app.web import weekdays
from collector_app.web.filters import fecha, hora, hora_del_dia, local_zone, pesos
from collector_app.web.words import label, spoken

_WORDS = Path(__file__).with_name("words.es.toml")
_PERCENT_BASIS = 100  # hundredths of a percent
Files = Iterator[tuple[str, bytes]]
Rows = Mapping[str, list[Model]]


@dataclass(frozen=True, slots=True)
class ToldTable:
    """Rows of one kind in words: of each what its columns are called, and what stands there."""

    title: str
    rows: list[list[tuple[str, str]]]


@cache
def words() -> dict[str, dict[str, str]]:
    """Return what tables and columns are called."""
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))


def own_data(session: Session, client_id: int, address: Callable[[ReceiptRow], str]) -> bytes:
    """Return a ZIP archive with all that is kept about a client who exists.

    Parameters
    ----------
    address : callable
        Returns the public page on which a receipt is verified.
    """
    rows = rows_about(session, client_id)
    files = dict(
        file
        for of_kind in (
            _pictures(session, client_id, rows),
            _receipts(session, client_id, address),
            _agreements(session, client_id),
            _letters(session, rows),
            _papers(rows),
        )
        for file in of_kind
    )
    page = render_template(
        "privacy/own_data.html",
        tables=told_tables(session, rows),
        files=sorted(files),
        lacking=_lacking(session, client_id, rows),
        today=clock.today(local_zone()),
    )
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datos.htm", page)
        archive.writestr("datos.json", msgspec.json.encode(as_json(rows)))
        for name, data in sorted(files.items()):
            archive.writestr(name, data)
    return content.getvalue()


def told_tables(session: Session, rows: Rows) -> list[ToldTable]:
    """Return the rows in words; tables without rows are left out."""
    names = dict(iter(session.execute(select(User.id, User.full_name))))
    currencies = {one.id: one.currency for one in rows["credit"] if isinstance(one, Credit)}
    numbers = {one.id: one.external_id for one in rows["credit"] if isinstance(one, Credit)}
    usual = next(iter(currencies.values()), USUAL_CURRENCY)
    told = []
    for table, of_table in rows.items():
        found = []
        for row in of_table:
            currency = currencies.get(getattr(row, "credit_id", 0), usual)
            found.append(_told_row(row, names, numbers, currency))
        if found:
            told.append(ToldTable(spoken().ugettext(words()["tables"][table]), found))
    return told


def _told_row(
    row: Model, names: Mapping[int, str], numbers: Mapping[int, str], currency: str
) -> list[tuple[str, str]]:
    told = []
    for attribute in inspect(type(row)).column_attrs:
        title, value = words()["columns"].get(attribute.key), getattr(row, attribute.key)
        if title is None or value is None or value == "":
            continue
        column = attribute.columns[0]
        if _is_of(column, "user_account"):
            value = names.get(value, _("Sistema"))
        elif _is_of(column, "credit"):
            value = numbers.get(value, value)
        told.append((spoken().ugettext(title), _in_words(attribute.key, value, currency)))
    return told


def _is_of(column: object, table: str) -> bool:
    keys = column.foreign_keys if isinstance(column, Column) else ()
    return any(key.column.table.name == table for key in keys)


def _in_words(name: str, value: object, currency: str) -> str:
    match value:
        case StrEnum():
            return label(value)
        case datetime():
            return f"{fecha(value)}, {hora(value)}"
        case date():
            return fecha(value)
        case int():
            return _figure(name, value, currency)
    return weekdays.named(str(value)) if name == "weekdays" else str(value)


def _figure(name: str, value: int, currency: str) -> str:
    """Return a whole number in the unit that its name ends with; Python counts yes and no, too."""
    if isinstance(value, bool):
        return str(_("sí") if value else _("no"))
    if name.endswith("_cents"):
        return pesos(value, currency)
    if name.endswith("_s"):
        return hora_del_dia(value)
    return f"{value / _PERCENT_BASIS:g} %" if name.endswith("_basis") else str(value)


def _pictures(session: Session, client_id: int, rows: Rows) -> Files:
    store, days = evidence_store(), _days_of_visits(rows)
    for visit_id, pictures in pictures_of(session, client_id).items():
        for n, one in enumerate(pictures, start=1):
            if one.is_here and store.holds(one.sha256):
                what = _("firma") if one.is_signature else _("foto")
                name = f"{days.get(visit_id, '')}-{visit_id}-{n}-{what}"
                yield f"fotos/{name}{_ending(store, one.sha256)}", _bytes(store, one.sha256)


def _lacking(session: Session, client_id: int, rows: Rows) -> list[str]:
    """Return the days of visits of which a picture was told whose bytes never came."""
    days = _days_of_visits(rows)
    return [
        days.get(visit_id, "")
        for visit_id, pictures in pictures_of(session, client_id).items()
        for one in pictures
        if not (one.is_here and evidence_store().holds(one.sha256))
    ]


def _days_of_visits(rows: Rows) -> dict[int, str]:
    zone = local_zone()
    return {
        one.id: one.started_at.astimezone(zone).date().isoformat()
        for one in rows["visit"]
        if isinstance(one, Visit)
    }


def _receipts(session: Session, client_id: int, address: Callable[[ReceiptRow], str]) -> Files:
    for one in receipts_of(session, client_id):
        copy = f"-{one.copy}" if one.copy > 1 else ""
        yield f"recibos/{one.folio}{copy}.pdf", receipt_pdf(one, address(one))


def _agreements(session: Session, client_id: int) -> Files:
    zone, system = local_zone(), Actor.system("privacy")
    for one in agreements(session, system, clock.today(zone), zone, client_id=client_id):
        yield f"convenios/convenio-{one.id}.pdf", agreement_pdf(one)


def _letters(session: Session, rows: Rows) -> Files:
    for one in rows["settlement_letter"]:
        if isinstance(one, SettlementLetter) and one.content and one.annulled_at is None:
            yield f"finiquitos/finiquito-{one.id}.pdf", settlement_pdf(*letter_of(session, one.id))


def _papers(rows: Rows) -> Files:
    store = document_store(Path(current_app.instance_path))
    for one in rows["credit_document"]:
        if not isinstance(one, CreditDocument) or one.sha256 is None or one.erased_at is not None:
            continue
        if store.holds(one.sha256):
            name = PurePath((one.file_name or "").replace("\\", "/")).name
            yield f"documentos/{one.id}-{name}", _bytes(store, one.sha256)


def _bytes(store: FileStore, sha256: str) -> bytes:
    with store.open(sha256) as file:
        return file.read()


def _ending(store: FileStore, sha256: str) -> str:
    return ".png" if _bytes(store, sha256).startswith(b"\x89PNG") else ".jpg"
