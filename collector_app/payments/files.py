"""Receipts as a file, a line each; annulled ones too, as folios have no gap."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from collector_app.core.money import CENTS_PER_PESO
from collector_app.core.spreadsheets import Cell
from collector_app.payments.receipts import ReceiptRow
from collector_app.web.words import label


def receipt_columns() -> dict[str, str]:
    """Return the columns of the file: key -> title."""
    return {
        "folio": _("Folio"),
        "copy": _("Copia"),
        "received_at": _("Recibido"),
        "number": _("Número de cliente"),
        "client": _("Cliente"),
        "collector": _("Gestor"),
        "method": _("Forma de pago"),
        "reference": _("Referencia"),
        "amount": _("Importe"),
        "currency": _("Moneda"),
        "is_void": _("Anulado"),
    }


def receipt_line(row: ReceiptRow, zone: ZoneInfo) -> Mapping[str, Cell]:
    """Return a receipt as a line of the file."""
    return {
        "folio": row.folio,
        "copy": row.copy,
        "received_at": row.received_at.astimezone(zone),
        "number": row.client_number,
        "client": row.client_name,
        "collector": row.collector_name,
        "method": label(row.method),
        "reference": row.reference,
        "amount": row.amount_cents / CENTS_PER_PESO,
        "currency": row.currency,
        "is_void": _("Sí") if row.is_void else _("No"),
    }
