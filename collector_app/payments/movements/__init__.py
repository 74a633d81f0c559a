"""Movements of a client's debts: told again from the facts, so that a late fact changes history."""

from collector_app.payments.movements.reading import CreditLine, Ledger, ledger_of
from collector_app.payments.movements.replay import (
    Charge,
    Movement,
    MovementKind,
    Receipt,
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
    "ToldBalance",
    "ledger_of",
    "owed_after",
    "replay",
]
