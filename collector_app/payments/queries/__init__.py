"""Reads of money: what is owed, what came in, and how promises stand by it."""

from collector_app.payments.queries.debts import (
    NO_DEBT,
    Debt,
    InvoiceRow,
    debts,
    invoices_of,
    oldest_due_by_credit,
    open_invoices,
    unpaid_by_client,
)
from collector_app.payments.queries.promise_states import PromiseRow, promise_states
from collector_app.payments.queries.received import PaymentRow, collected_cents, payments_of

__all__ = [
    "NO_DEBT",
    "Debt",
    "InvoiceRow",
    "PaymentRow",
    "PromiseRow",
    "collected_cents",
    "debts",
    "invoices_of",
    "oldest_due_by_credit",
    "open_invoices",
    "payments_of",
    "promise_states",
    "unpaid_by_client",
]
