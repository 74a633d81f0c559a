"""Reads the house's stages, moves and pauses, and refuses a faulty file by its field."""

from functools import cache
from itertools import pairwise
from pathlib import Path

import msgspec

from collector_app.core.errors import CollectorError
from collector_app.portfolio.rules import Stage
from collector_app.stages.rules import MoveCause, PauseCause, PauseEffect, StagePolicy

_FILE = Path(__file__).parent / "policy.yaml"


class InvalidStages(CollectorError):
    """The policy of stages can't be used: `place` says where, `expected` what would be right."""

    code = "invalid_stage_policy"

    def __init__(self, place: str, expected: str) -> None:
        """Name the field and what was expected there."""
        super().__init__(f"{place}: {expected}", place=place, expected=expected)


class _MovePart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    from_: Stage = msgspec.field(name="from")
    to: Stage
    causes: list[MoveCause]


class _PausePart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    stops_clock: bool
    forbids_visits: bool


class _PolicyPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    first_days: dict[Stage, int]
    moves: list[_MovePart]
    pauses: dict[PauseCause, _PausePart]


@cache
def house_stages() -> StagePolicy:
    """Return the policy of the house."""
    return read_stages(_FILE.read_bytes())


def read_stages(content: bytes) -> StagePolicy:
    """Return what a file says about stages.

    Raises
    ------
    InvalidStages
        With the first field that is wrong: unknown, missing, out of order, or named twice.
    """
    try:
        file = msgspec.yaml.decode(content, type=_PolicyPart)
    except msgspec.DecodeError as error:
        expected, _, place = str(error).partition(" - at ")
        raise InvalidStages(place.strip("`$.") or "file", expected) from error
    for one in Stage:
        _expect(one in file.first_days, f"first_days.{one}", "every stage")
    _expect(file.first_days[Stage.PREVENTIVE] == 0, "first_days.preventive", "0")
    for earlier, later in pairwise(Stage):
        rises = file.first_days[earlier] < file.first_days[later]
        _expect(rises, f"first_days.{later}", f"more than {file.first_days[earlier]}")
    for cause in PauseCause:
        _expect(cause in file.pauses, f"pauses.{cause}", "every cause")
    moves: dict[tuple[Stage, Stage], frozenset[MoveCause]] = {}
    for n, move in enumerate(file.moves):
        way = (move.from_, move.to)
        _expect(move.from_ is not move.to, f"moves[{n}].to", "another stage")
        _expect(Stage.PREVENTIVE not in way, f"moves[{n}]", "stages of a debt that is past due")
        _expect(way not in moves, f"moves[{n}]", "each way once")
        _expect(bool(move.causes), f"moves[{n}].causes", "at least one")
        moves[way] = frozenset(move.causes)
    return StagePolicy(
        first_days=tuple((file.first_days[one], one) for one in Stage),
        moves=moves,
        pauses={
            cause: PauseEffect(one.stops_clock, one.forbids_visits)
            for cause, one in file.pauses.items()
        },
    )


def _expect(holds: bool, place: str, expected: str) -> None:
    if not holds:
        raise InvalidStages(place, f"expected {expected}")
