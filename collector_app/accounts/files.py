"""The people of the house as a file; nothing that lets anybody in."""

from collections.abc import Mapping

from flask_babel import gettext as _

from collector_app.accounts.queries import PersonRow
from collector_app.core.spreadsheets import Cell
from collector_app.web.words import label


def people_columns() -> dict[str, str]:
    """Return the columns of the file: key -> title."""
    return {
        "full_name": _("Nombre"),
        "username": _("Usuario"),
        "role": _("Puesto"),
        "phone": _("Teléfono"),
        "supervisor": _("Supervisor"),
        "active": _("Con acceso"),
    }


def person_line(row: PersonRow) -> Mapping[str, Cell]:
    """Return a person as a line of the file."""
    return {
        "full_name": row.full_name,
        "username": row.username,
        "role": label(row.role),
        "phone": row.phone,
        "supervisor": row.supervisor_name,
        "active": _("Sí") if row.active else _("No"),
    }
