"""What the units of penalties (UMA, UIT, UTM) are worth on a day, from their file."""

from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from collector_app.compliance.profile_files import InvalidProfile
from collector_app.compliance.rules import Confidence, UnitValue
from collector_app.core import clock

_FILE = Path(__file__).with_suffix(".yaml")


class _ValuePart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    from_on: date
    cents: int
    source: str
    read_on: date
    confidence: Confidence


class _UnitPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    currency: str
    lasts_months: int  # for how long a value holds before the next one is told
    values: list[_ValuePart]


def value_on(unit: str, day: date) -> UnitValue | None:
    """Return what a unit is worth on a day: its newest value that had begun, None without any."""
    begun = [one for one in _all().get(unit, ()) if one.from_on <= day]
    return max(begun, key=lambda one: one.from_on, default=None)


@cache
def _all() -> dict[str, tuple[UnitValue, ...]]:
    return read_unit_values(_FILE.read_bytes())


def read_unit_values(content: bytes) -> dict[str, tuple[UnitValue, ...]]:
    """Return the values of each unit.

    Raises
    ------
    InvalidProfile
        With the first field that is wrong: unknown, missing, not positive, days out of order.
    """
    try:
        units = msgspec.yaml.decode(content, type=dict[str, _UnitPart])
    except msgspec.DecodeError as error:
        expected, _, place = str(error).partition(" - at ")
        raise InvalidProfile(_FILE.name, place.strip("`$.") or "file", expected) from error
    for unit, part in units.items():
        days = [one.from_on for one in part.values]
        if not days or days != sorted(set(days)):
            raise InvalidProfile(_FILE.name, f"{unit}.values", "expected days one after the other")
        if any(one.cents <= 0 for one in part.values):
            raise InvalidProfile(_FILE.name, f"{unit}.values", "expected more than 0 cents")
        if part.lasts_months < 1:
            raise InvalidProfile(_FILE.name, f"{unit}.lasts_months", "expected at least 1")
    return {unit: tuple(_value(part, one) for one in part.values) for unit, part in units.items()}


def _value(unit: _UnitPart, one: _ValuePart) -> UnitValue:
    return UnitValue(
        from_on=one.from_on,
        stale_from=clock.months_after(one.from_on, unit.lasts_months),
        cents=one.cents,
        currency=unit.currency,
        source=one.source,
        read_on=one.read_on,
        confidence=one.confidence,
    )
