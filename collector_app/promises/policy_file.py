"""Reads what the house takes as a promise, by stage, and refuses a faulty file by its field."""

from functools import cache
from pathlib import Path

import msgspec

from collector_app.core.errors import CollectorError
from collector_app.portfolio.rules import Stage
from collector_app.promises.rules import PromisePolicy

_FILE = Path(__file__).parent / "policy.yaml"


class InvalidPolicy(CollectorError):
    """The policy of promises can't be used: `place` says where, `expected` what would be right."""

    code = "invalid_promise_policy"

    def __init__(self, place: str, expected: str) -> None:
        """Name the field and what was expected there."""
        super().__init__(f"{place}: {expected}", place=place, expected=expected)


class _StagePart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    max_days_ahead: int
    min_share_percent: int
    most_open: int
    most_broken: int


class _PolicyPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    grace_days: int
    tolerance_cents: int
    stages: dict[Stage, _StagePart]


def policy_for(stage: Stage) -> PromisePolicy:
    """Return the house's numbers for promises at a stage."""
    return _policies()[stage]


@cache
def _policies() -> dict[Stage, PromisePolicy]:
    return read_policy(_FILE.read_bytes())


def read_policy(content: bytes) -> dict[Stage, PromisePolicy]:
    """Return the policy of each stage.

    Raises
    ------
    InvalidPolicy
        With the first field that is wrong: unknown, missing, negative, or a stage left out.
    """
    try:
        file = msgspec.yaml.decode(content, type=_PolicyPart)
    except msgspec.DecodeError as error:
        expected, _, place = str(error).partition(" - at ")
        raise InvalidPolicy(place.strip("`$.") or "file", expected) from error
    _expect(file.grace_days >= 0, "grace_days", "0 or more")
    _expect(file.tolerance_cents >= 0, "tolerance_cents", "0 or more")
    for one in Stage:
        _expect(one in file.stages, f"stages.{one}", "every stage")
    for name, part in file.stages.items():
        place = f"stages.{name}"
        _expect(part.max_days_ahead >= 0, f"{place}.max_days_ahead", "0 or more")
        _expect(0 <= part.min_share_percent <= 100, f"{place}.min_share_percent", "0 to 100")
        _expect(part.most_open >= 1, f"{place}.most_open", "1 or more")
        _expect(part.most_broken >= 0, f"{place}.most_broken", "0 or more")
    return {
        name: PromisePolicy(
            max_days_ahead=part.max_days_ahead,
            min_share=part.min_share_percent / 100,
            grace_days=file.grace_days,
            tolerance_cents=file.tolerance_cents,
            most_open=part.most_open,
            most_broken=part.most_broken,
        )
        for name, part in file.stages.items()
    }


def _expect(holds: bool, place: str, expected: str) -> None:
    if not holds:
        raise InvalidPolicy(place, f"expected {expected}")
