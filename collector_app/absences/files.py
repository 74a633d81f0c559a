"""The absences that last or come, as a file."""

from collections.abc import Mapping

from flask_babel import gettext as _

from collector_app.absences.queries import AbsenceRow
from collector_app.core.spreadsheets import Cell
from collector_app.web.words import label


def absence_columns() -> dict[str, str]:
    """Return the columns of the file: key -> title."""
    return {
        "collector": _("Gestor"),
        "kind": _("Motivo"),
        "from_on": _("Desde"),
        "to_on": _("Hasta"),
        "note": _("Nota"),
    }


def absence_line(row: AbsenceRow) -> Mapping[str, Cell]:
    """Return an absence as a line of the file."""
    return {
        "collector": row.name,
        "kind": label(row.kind),
        "from_on": row.from_on,
        "to_on": row.to_on,
        "note": row.note,
    }
