"""Reads of money: what is owed, what came in, and how promises stand by it."""

from collector_app.payments.agreed import (
    InForce,
    Settled,
    in_force,
    money_of,
    settled_by,
    settled_on,
    still_owed,
)
from collector_app.payments.queries.beside import Beside, beside, owed_beside
from collector_app.payments.queries.currencies import (
    OneCurrency,
    clients_of_others,
    currencies,
    currencies_of,
    one_currency,
)
from collector_app.payments.queries.debts import (
    NO_DEBT,
    Debt,
    InvoiceRow,
    OwedIn,
    debts,
    invoices_of,
    oldest_due_by_credit,
    open_invoices,
    owed_by_currency,
    unpaid_by_client,
)
from collector_app.payments.queries.promise_states import PromiseRow, promise_states
from collector_app.payments.queries.received import (
    PaymentRow,
    collected_cents,
    payment_currency,
    payments_of,
    sums_of_payments,
)

__all__ = [
    "NO_DEBT",
    "Beside",
    "Debt",
    "InForce",
    "InvoiceRow",
    "OneCurrency",
    "OwedIn",
    "PaymentRow",
    "PromiseRow",
    "Settled",
    "beside",
    "clients_of_others",
    "collected_cents",
    "currencies",
    "currencies_of",
    "debts",
    "in_force",
    "invoices_of",
    "money_of",
    "oldest_due_by_credit",
    "one_currency",
    "open_invoices",
    "owed_beside",
    "owed_by_currency",
    "payment_currency",
    "payments_of",
    "promise_states",
    "settled_by",
    "settled_on",
    "still_owed",
    "sums_of_payments",
    "unpaid_by_client",
]
