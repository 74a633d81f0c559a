"""What a target can be, how it is stored, and whether a value reaches it."""

from typing import NamedTuple

from collector_app.core.errors import InvalidInput
from collector_app.indicators.rules.catalogue import CATALOGUE, Indicator
from collector_app.indicators.rules.definition import Definition
from collector_app.indicators.rules.kinds import Aim, Unit

_HUNDREDTHS = 100
_OF_ONE_PERCENT = 10_000
# What a unit of its indicator is stored as: money, time and distance are whole as they are.
_DIVISORS = {
    Unit.SHARE: _OF_ONE_PERCENT,
    Unit.COUNT: _HUNDREDTHS,
    Unit.WHOLE_DAYS: _HUNDREDTHS,
}
_MOST = 1e9


class BadTarget(InvalidInput):
    """A target lies outside of what its indicator can be."""

    code = "bad_target"


class StoredTarget(NamedTuple):
    """A target as it is stored: a whole number, and by what it is divided."""

    target: int
    divisor: int


def is_met(definition: Definition, value: float, target: float) -> bool:
    """Tell whether a value reaches its target."""
    return value >= target if definition.aim is Aim.HIGHER else value <= target


def stored_target(indicator: Indicator, target: float) -> StoredTarget:
    """Return a target as it is stored: hundredths where decimals mean something, else as it is.

    Raises
    ------
    BadTarget
        Unless it is above 0 as it is stored, and at most 1 for a share.
    """
    unit = CATALOGUE[indicator].unit
    divisor = _DIVISORS.get(unit, 1)
    most = 1.0 if unit is Unit.SHARE else _MOST
    stored = round(target * divisor) if 0 < target <= most else 0
    if not stored:
        raise BadTarget("target", "more than 0 and at most 100 %" if most == 1 else "more than 0")
    return StoredTarget(stored, divisor)


def target_of(indicator: Indicator, stored: int, divisor: int | None) -> float:
    """Return a stored target in the unit of its indicator.

    Parameters
    ----------
    divisor : int, optional
        None for targets of before each had its own: shares were hundredths of a percent, all else
        whole.
    """
    if divisor is None:
        divisor = _OF_ONE_PERCENT if CATALOGUE[indicator].unit is Unit.SHARE else 1
    return stored / divisor
