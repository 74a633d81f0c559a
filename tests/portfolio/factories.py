"""Rows of a creditor's file."""

from datetime import UTC, date, datetime

from collector_app.core.money import Cents
from collector_app.portfolio.facts import PortfolioRow, RowPlace

BALANCE_AT = datetime(2026, 3, 10, 6, 0, tzinfo=UTC)


def a_row(number: int = 2, **values: object) -> PortfolioRow:
    """Row `number` of a file: one invoice of one credit of the client C-1."""
    defaults: dict[str, object] = {
        "place": RowPlace("Cartera", number),
        "client_id": "C-1",
        "name": "Rosa Díaz",
        "address": "Av. Juárez 12",
        "credit_id": "CR-1",
        "invoice_number": "F-1",
        "due_on": date(2026, 2, 1),
        "amount_cents": Cents(100_000),
        "balance_cents": Cents(80_000),
    }
    return PortfolioRow(**(defaults | values))  # type: ignore[arg-type]


def rows_of_a_portfolio(count: int) -> list[PortfolioRow]:
    """One invoice for each of `count` clients."""
    return [
        a_row(
            number + 2,
            client_id=f"C-{number}",
            name=f"Clienta {number}",
            credit_id=f"CR-{number}",
            invoice_number=f"F-{number}",
            lat=19.4 + number / 1e6,
            lon=-99.1,
        )
        for number in range(count)
    ]
