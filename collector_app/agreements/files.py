"""Agreements as a file, a line each, as they stand on the day."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from collector_app.agreements.queries import AgreementRow
from collector_app.core.money import CENTS_PER_PESO
from collector_app.core.spreadsheets import Cell
from collector_app.web.words import label


def agreement_columns() -> dict[str, str]:
    """Return the columns of the file: key -> title."""
    return {
        "id": _("Convenio"),
        "number": _("Número de cliente"),
        "client": _("Cliente"),
        "state": _("Estado"),
        "debt": _("Adeudo"),
        "discount": _("Descuento"),
        "total": _("Total"),
        "paid": _("Pagado"),
        "instalments": _("Pagos"),
        "first_on": _("Primer pago"),
        "last_on": _("Último pago"),
        "creditor": _("Acreedor"),
        "proposer": _("Propuso"),
        "proposed_at": _("Propuesto"),
        "signed_at": _("Firmado"),
        "signed_by": _("Firmó"),
    }


def agreement_line(row: AgreementRow, zone: ZoneInfo) -> Mapping[str, Cell]:
    """Return an agreement as a line of the file."""
    return {
        "id": row.id,
        "number": row.client_number,
        "client": row.client_name,
        "state": label(row.state),
        "debt": row.terms.debt_cents / CENTS_PER_PESO,
        "discount": row.terms.discount_cents / CENTS_PER_PESO,
        "total": row.terms.total_cents / CENTS_PER_PESO,
        "paid": row.paid_cents / CENTS_PER_PESO,
        "instalments": len(row.schedule),
        "first_on": row.schedule[0].due_on if row.schedule else None,
        "last_on": row.schedule[-1].due_on if row.schedule else None,
        "creditor": row.content.creditor,
        "proposer": row.proposer,
        "proposed_at": row.proposed_at.astimezone(zone),
        "signed_at": row.signed_at.astimezone(zone) if row.signed_at else None,
        "signed_by": row.signed_by,
    }
