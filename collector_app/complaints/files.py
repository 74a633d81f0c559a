"""The register of complaints as a file."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from collector_app.complaints.queries import ComplaintRow
from collector_app.compliance.sentences import source_words
from collector_app.core.spreadsheets import Cell
from collector_app.web.words import label


def complaint_columns() -> dict[str, str]:
    """Return the columns of the file: key -> title."""
    return {
        "folio": _("Folio"),
        "kind": _("Tipo"),
        "client": _("Cliente"),
        "text": _("Qué dice"),
        "about": _("Sobre quién"),
        "received_at": _("Recibida"),
        "answer_by": _("Responder a más tardar el"),
        "basis": _("Por"),
        "state": _("Estado"),
        "answered_at": _("Respondida el"),
        "answer": _("Respuesta"),
    }


def complaint_line(row: ComplaintRow, today: date, zone: ZoneInfo) -> Mapping[str, Cell]:
    """Return a complaint as a line of the file, as it stands today."""
    return {
        "folio": row.folio,
        "kind": label(row.kind),
        "client": row.client_name,
        "text": row.text,
        "about": row.about,
        "received_at": row.received_at.astimezone(zone),
        "answer_by": row.answer_by,
        "basis": source_words(row.basis) if row.basis else None,
        "state": _state(row, today),
        "answered_at": row.answered_at.astimezone(zone) if row.answered_at else None,
        "answer": row.answer,
    }


def _state(row: ComplaintRow, today: date) -> str:
    if row.answered_at:
        return str(_("Respondida"))
    return str(_("Vencida") if row.is_late(today) else _("Por responder"))
