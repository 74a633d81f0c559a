"""Movements of a client's debts: told again from the facts, so that a late fact changes history."""

from collector_app.payments.movements.reading import CreditLine, Ledger, ledger_of, ledgers_of
from collector_app.payments.movements.replay import (
    Charge,
    Movement,
    MovementKind,
    Receipt,
    Settlement,
    ToldBalance,
    owed_after,
    replay,
)

__all__ = [
    "Charge",
    "CreditLine",
    "Ledger",
    "Movement",
    "MovementKind",
    "Receipt",
    "Settlement",
    "ToldBalance",
    "ledger_of",
    "ledgers_of",
    "owed_after",
    "replay",
]
