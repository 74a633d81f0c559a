"""Faltas as a file: what happened, against which article, and what was decided."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from collector_app.compliance.sentences import block_sentence
from collector_app.core.spreadsheets import Cell
from collector_app.violations.queries import CaseRow
from collector_app.web.words import label


def case_columns() -> dict[str, str]:
    """Return the columns of the file: key -> title."""
    return {
        "at": _("Cuándo"),
        "kind": _("Tipo"),
        "client": _("Cliente"),
        "collector": _("Gestor"),
        "blocks": _("Qué pasó"),
        "state": _("Estado"),
        "review_by": _("Revisar antes del"),
        "decided_at": _("Decidida el"),
        "decided_by": _("Decidió"),
        "reason": _("Por qué"),
    }


def case_line(row: CaseRow, zone: ZoneInfo) -> Mapping[str, Cell]:
    """Return a falta as a line of the file."""
    return {
        "at": row.at.astimezone(zone),
        "kind": label(row.kind),
        "client": row.client_name,
        "collector": row.collector_name,
        "blocks": "\n".join(block_sentence(block) for block in row.blocks),
        "state": label(row.state),
        "review_by": row.review_by.astimezone(zone),
        "decided_at": row.decided_at.astimezone(zone) if row.decided_at else None,
        "decided_by": row.decided_by,
        "reason": row.reason,
    }
