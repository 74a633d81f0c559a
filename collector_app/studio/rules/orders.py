"""What somebody may ask of a draft, each with what it needs to know."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeGuard

from collector_app.studio.rules.drafts import EditKind

NEW_ZONE = 0  # where clients go that shall make up a zone of their own
Ring = Sequence[tuple[float, float]]  # (lat, lon)


@dataclass(frozen=True, slots=True)
class MoveClients:
    """Let clients join the zone with a key, or `NEW_ZONE`."""

    client_ids: tuple[int, ...]
    to: int


@dataclass(frozen=True, slots=True)
class MergeZones:
    """Let a zone end and its clients join another."""

    key: int
    into: int


@dataclass(frozen=True, slots=True)
class SplitZone:
    """Divide a zone into two of even work."""

    key: int


@dataclass(frozen=True, slots=True)
class RedrawZone:
    """Give a zone a border that was drawn by hand."""

    key: int
    ring: Ring


@dataclass(frozen=True, slots=True)
class PlaceStrangers:
    """Let clients without a zone join that of their nearest neighbour."""


@dataclass(frozen=True, slots=True)
class DivideAll:
    """Divide all clients but those of locked zones anew, into so many zones with the locked ones.

    With `whole_colonias`, clients of one colonia stay together; with `around_starts`, each zone
    lies around the place where the day of its collector begins.
    """

    zones: int
    whole_colonias: bool = False
    around_starts: bool = False


@dataclass(frozen=True, slots=True)
class DivideByHours:
    """Divide all clients but those of locked zones into as few zones as keep each below a day."""

    most_day_h: float
    whole_colonias: bool = False


@dataclass(frozen=True, slots=True)
class Rebalance:
    """Make the zones even again around what people changed by hand, with the fewest moves."""


@dataclass(frozen=True, slots=True)
class BindClients:
    """Let clients join a zone and stay with its collector, whatever is divided anew."""

    client_ids: tuple[int, ...]
    to: int


@dataclass(frozen=True, slots=True)
class FreeClients:
    """Let clients be divided like all others again."""

    client_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DrawBarrier:
    """Let zones not cross a line that was drawn by hand."""

    name: str
    line: Ring


@dataclass(frozen=True, slots=True)
class BarStreet:
    """Let zones not cross a street of the city in use, by its name."""

    street: str


@dataclass(frozen=True, slots=True)
class LiftBarrier:
    """Let zones cross a barrier again; `position` counts from 0."""

    position: int


@dataclass(frozen=True, slots=True)
class LockZone:
    """Let a zone neither give nor take clients, or do so again."""

    key: int
    is_locked: bool


@dataclass(frozen=True, slots=True)
class RenameZone:
    """Give a zone another name."""

    key: int
    name: str


@dataclass(frozen=True, slots=True)
class AssignCollector:
    """Put a collector in charge of a zone, or nobody."""

    key: int
    collector_id: int | None


@dataclass(frozen=True, slots=True)
class WriteNote:
    """Say why the draft is as it is."""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Undo the latest edit that is in force."""


@dataclass(frozen=True, slots=True)
class Redo:
    """Bring back the latest edit that was undone."""


Order = (
    MoveClients
    | MergeZones
    | SplitZone
    | RedrawZone
    | PlaceStrangers
    | DivideAll
    | DivideByHours
    | Rebalance
    | BindClients
    | FreeClients
    | DrawBarrier
    | BarStreet
    | LiftBarrier
    | LockZone
    | RenameZone
    | AssignCollector
    | WriteNote
    | TakeBack
    | Redo
)

_KINDS: dict[type[Order], EditKind] = {
    MoveClients: EditKind.MOVE,
    MergeZones: EditKind.MERGE,
    SplitZone: EditKind.SPLIT,
    RedrawZone: EditKind.REDRAW,
    PlaceStrangers: EditKind.PLACE,
    DivideAll: EditKind.DIVIDE,
    DivideByHours: EditKind.FEWEST,
    Rebalance: EditKind.REBALANCE,
    BindClients: EditKind.BIND,
    FreeClients: EditKind.FREE,
    DrawBarrier: EditKind.BARRIER,
    BarStreet: EditKind.BARRIER,
    LiftBarrier: EditKind.PASSAGE,
    RenameZone: EditKind.RENAME,
    AssignCollector: EditKind.ASSIGN,
    WriteNote: EditKind.NOTE,
    TakeBack: EditKind.UNDO,
    Redo: EditKind.REDO,
}


Division = DivideAll | DivideByHours | Rebalance  # what the engine makes

_DIVISIONS: dict[str, type[Division]] = {
    kind.value: made
    for made, kind in (
        (DivideAll, EditKind.DIVIDE),
        (DivideByHours, EditKind.FEWEST),
        (Rebalance, EditKind.REBALANCE),
    )
}


MOST_AT_ONCE = 5_000  # clients that the engine divides while somebody waits: a second at most


def is_division(order: Order) -> TypeGuard[Division]:
    """Tell whether the engine is asked."""
    return isinstance(order, Division)


def takes_long(clients: int) -> bool:
    """Tell whether dividing so many is work for a job rather than for a request."""
    return clients > MOST_AT_ONCE


def division_as_json(order: Division) -> dict[str, Any]:
    """Return an order to the engine as a job keeps it."""
    return {"kind": kind_of(order).value, **asdict(order)}


def division_from_json(kept: Mapping[str, Any]) -> Division:
    """Read what `division_as_json` wrote."""
    told = dict(kept)
    return _DIVISIONS[told.pop("kind")](**told)


def kind_of(order: Order) -> EditKind:
    """Return the kind of edit that an order becomes."""
    if isinstance(order, LockZone):
        return EditKind.LOCK if order.is_locked else EditKind.UNLOCK
    return _KINDS[type(order)]
