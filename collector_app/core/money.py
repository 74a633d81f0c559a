"""Money: integer cents, never a float."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NewType

Cents = NewType("Cents", int)

Sums = Mapping[str, int]
"""Cents by currency: what is owed in one is never added to what is owed in another."""

CENTS_PER_PESO = 100
USUAL_CURRENCY = "MXN"  # ISO 4217; of who has no credit
MOST_CENTS = 10**10 - 1  # 99,999,999.99: more is a slip of the finger
_SPACES = "\u0020\u00a0\u2009\u202f\t"
_MARKS = re.compile(r"(?i)mx\$|\$|mxn\b|\bm\.\s?n\.|pesos\b")
_MINUS = "-\u2212"  # hyphen and the true minus sign
_WHOLE = re.compile(r"[0-9]+")
_DECIMAL = re.compile(r"(?P<whole>[0-9]*)[.,](?P<decimals>[0-9]{1,2})")
# One grouping sign all along, and the other of dot and comma for the decimals.
_GROUPED = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?P<group>[.,' ])[0-9]{3}((?P=group)[0-9]{3})*)"
    r"((?!(?P=group))[.,](?P<decimals>[0-9]{1,2})0*)?"
)
# Databases export 1234.5000; more than two decimals are exact only when the rest are zeros.
_ZEROS = re.compile(r"(?P<whole>[0-9]+)[.,](?P<decimals>[0-9]{2})0+")


def parse_pesos(text: str) -> Cents:
    """Read an amount as people write it: ``$1,234.50``, ``1.234,50``, ``1234.5``, ``1 234``.

    A separator followed by one or two digits is the decimal one; one followed by three digits
    groups thousands. ``1,234`` and ``1.234`` are therefore 1,234 pesos: amounts have at most two
    decimals. ``(5.00)``, ``-5.00`` and ``5.00-`` are negative.

    Raises
    ------
    ValueError
        When the text is no amount, or when its separators contradict one another.
    """
    sign, amount = _without_sign(text)
    match = (
        _WHOLE.fullmatch(amount)
        or _DECIMAL.fullmatch(amount)
        or _GROUPED.fullmatch(amount)
        or _ZEROS.fullmatch(amount)
    )
    if match is None:
        message = f"expected an amount such as 1234.50, got {text!r}"
        raise ValueError(message)
    parts = match.groupdict()
    whole = re.sub("[^0-9]", "", parts.get("whole", amount)) or "0"
    decimals = (parts.get("decimals") or "").ljust(2, "0")
    return Cents(sign * (int(whole) * CENTS_PER_PESO + int(decimals)))


def _without_sign(text: str) -> tuple[int, str]:
    """Return 1 or -1, and the digits with their separators."""
    amount = _MARKS.sub(" ", text).strip(_SPACES + "\r\n")
    amount = re.sub(f"[{_SPACES}]", " ", amount).replace("\u2019", "'")
    if amount.startswith("(") and amount.endswith(")"):  # as accountants write it
        return -1, amount[1:-1].strip()
    if amount[:1] in tuple(_MINUS):
        return -1, amount[1:].strip()
    if amount[-1:] in tuple(_MINUS):  # as SAP exports it
        return -1, amount[:-1].strip()
    return 1, amount


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


def summed(amounts: Iterable[tuple[str, int]]) -> Sums:
    """Add up amounts with their currencies, each currency by itself, the most cents first."""
    total: Counter[str] = Counter()
    for currency, cents in amounts:
        total[currency] += cents
    return dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))


def added(sums: Iterable[Sums]) -> Sums:
    """Return several sums as one, each currency by itself, the largest number of cents first."""
    return summed(pair for one in sums for pair in one.items())
