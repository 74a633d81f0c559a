"""The rows behind the pages of analysis as columns of a sheet."""

from collections.abc import Iterable

from flask_babel import gettext as _

from collector_app.analysis.queries import CreditRow, MovedRow
from collector_app.core.money import CENTS_PER_PESO
from collector_app.core.spreadsheets import Cell
from collector_app.portfolio.rules import AgingBucket
from collector_app.web.words import label


def moved_columns() -> dict[str, str]:
    """Return the columns of clients and their balances."""
    return {
        "client": _("Cliente"),
        "opening": _("Saldo al inicio"),
        "before": _("Tramo al inicio"),
        "closing": _("Saldo al cierre"),
        "after": _("Tramo al cierre"),
        "currency": _("Moneda"),
    }


def moved_lines(rows: Iterable[MovedRow], currency: str) -> list[dict[str, Cell]]:
    """Return clients as cells: pesos, and words for buckets."""
    words = {bucket: label(bucket) for bucket in AgingBucket} | {None: None}  # of 50,000 rows: once
    return [
        {
            "client": row.client_name,
            "opening": row.opening_cents / CENTS_PER_PESO,
            "before": words[row.bucket_before],
            "closing": row.closing_cents / CENTS_PER_PESO,
            "after": words[row.bucket_after],
            "currency": currency,
        }
        for row in rows
    ]


def credit_columns() -> dict[str, str]:
    """Return the columns of the credits of a vintage."""
    return {
        "client": _("Cliente"),
        "number": _("Crédito"),
        "opened": _("Otorgado el"),
        "lent": _("Prestado"),
        "currency": _("Moneda"),
        "late": _("Primera factura con más de 30 días"),
    }


def credit_lines(rows: Iterable[CreditRow], currency: str) -> list[dict[str, Cell]]:
    """Return credits as cells."""
    return [
        {
            "client": row.client_name,
            "number": row.number,
            "opened": row.opened_on,
            "lent": row.lent_cents / CENTS_PER_PESO,
            "currency": currency,
            "late": row.late_due_on,
        }
        for row in rows
    ]
