"""How money comes in and which debts it settles first."""

from enum import StrEnum


class PaymentMethod(StrEnum):
    """How the client paid."""

    CASH = "cash"
    TRANSFER = "transfer"
    CARD = "card"
    DEPOSIT = "deposit"  # at a bank or shop, with a slip
    CHEQUE = "cheque"
