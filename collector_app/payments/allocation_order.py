"""Reads in which order payments settle invoices, and refuses a faulty file."""

from functools import cache
from pathlib import Path

import msgspec

from collector_app.core.errors import CollectorError
from collector_app.payments.rules import OrderKey

_FILE = Path(__file__).parent / "allocation.yaml"


class InvalidOrder(CollectorError):
    """The order of allocation can't be used: `place` says where, `expected` what would be right."""

    code = "invalid_allocation_order"


class _OrderPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    order: list[OrderKey]


@cache
def house_order() -> tuple[OrderKey, ...]:
    """Return the order of the house."""
    return read_order(_FILE.read_bytes())


def read_order(content: bytes) -> tuple[OrderKey, ...]:
    """Return the keys of an order, the deciding one first.

    Raises
    ------
    InvalidOrder
        When a key is unknown or repeated, or there is none.
    """
    try:
        keys = msgspec.yaml.decode(content, type=_OrderPart).order
    except msgspec.DecodeError as error:
        expected, _, place = str(error).partition(" - at ")
        raise InvalidOrder(str(error), place=place.strip("`$."), expected=expected) from error
    if not keys or len(set(keys)) < len(keys):
        message = "order: expected at least one key, none twice"
        raise InvalidOrder(message, place="order", expected="at least one key, none twice")
    return tuple(keys)
