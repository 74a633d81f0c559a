"""Money: integer cents, never a float."""

import re
from typing import NewType

Cents = NewType("Cents", int)

CENTS_PER_PESO = 100
_CLEAN = re.compile(r"(?i)[\s$\u00a0\u202f']|mxn|m\.n\.|pesos")
_PLAIN = re.compile(r"-?\d+(\.\d{1,2})?")
_GROUPS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d{1,2})?")


def parse_pesos(text: str) -> Cents:
    """Read an amount as people write it: ``$1,234.50``, ``1.234,50``, ``1234.5``, ``1 234``.

    The last separator followed by one or two digits is the decimal one; a separator followed by
    three digits groups thousands. ``1,234`` and ``1.234`` are therefore 1,234 pesos: amounts have
    at most two decimals.

    Raises
    ------
    ValueError
        When the text is no amount, or when its separators contradict one another.
    """
    amount = _CLEAN.sub("", text.strip())
    if re.fullmatch(r"\(.*\)", amount):  # accountants write negative amounts in parentheses
        amount = "-" + amount[1:-1]
    if re.fullmatch(r"-?(\d{1,3}(\.\d{3})+|\d+)(,\d{1,2})?", amount) and (
        "," in amount or re.fullmatch(r"-?\d{1,3}(\.\d{3})+", amount)
    ):
        amount = amount.replace(".", "").replace(",", ".")
    elif _GROUPS.fullmatch(amount):
        amount = amount.replace(",", "")
    if not _PLAIN.fullmatch(amount):
        message = f"expected an amount such as 1234.50, got {text!r}"
        raise ValueError(message)
    sign = -1 if amount.startswith("-") else 1
    whole, _, decimals = amount.lstrip("-").partition(".")
    return Cents(sign * (int(whole) * CENTS_PER_PESO + int(decimals.ljust(2, "0") or 0)))


def split_evenly(total: Cents, parts: int) -> list[Cents]:
    """Split an amount into parts that differ by at most one cent and add up to the total.

    Raises
    ------
    ValueError
        When there are no parts.
    """
    if parts < 1:
        message = f"expected at least one part, got {parts}"
        raise ValueError(message)
    share, rest = divmod(total, parts)
    return [Cents(share + (1 if i < rest else 0)) for i in range(parts)]
