"""A draft is where it began plus its edits; undo and redo are edits that name no change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from collector_app.core.edits import Turn, done_and_undone


class DraftOrigin(StrEnum):
    """What a draft began with."""

    TODAY = "today"
    PROPOSAL = "proposal"
    FILE = "file"
    CITY = "city"


class EditKind(StrEnum):
    """What somebody did to a draft."""

    MOVE = "move"
    REDRAW = "redraw"
    MERGE = "merge"
    SPLIT = "split"
    PLACE = "place"
    DIVIDE = "divide"
    FEWEST = "fewest"
    REBALANCE = "rebalance"
    BIND = "bind"
    FREE = "free"
    BARRIER = "barrier"
    PASSAGE = "passage"
    LOCK = "lock"
    UNLOCK = "unlock"
    RENAME = "rename"
    ASSIGN = "assign"
    NOTE = "note"
    UNDO = "undo"
    REDO = "redo"


_TURNS = {EditKind.UNDO: Turn.UNDO, EditKind.REDO: Turn.REDO, EditKind.NOTE: Turn.NOTE}


@dataclass(frozen=True, slots=True)
class DraftZone:
    """A zone of a draft; `key` stays the same while the draft lives."""

    key: int
    name: str
    colour: str
    collector_id: int | None = None
    is_locked: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return what the row keeps."""
        return {
            "key": self.key,
            "name": self.name,
            "colour": self.colour,
            "collector_id": self.collector_id,
            "is_locked": self.is_locked,
        }


@dataclass(frozen=True, slots=True)
class Barrier:
    """Something that zones shall not cross, drawn by hand or a street by its name.

    Attributes
    ----------
    lines : tuple of lines
        Each a row of corners, latitude and longitude.
    """

    name: str
    lines: tuple[tuple[tuple[float, float], ...], ...]

    def as_json(self) -> dict[str, Any]:
        """Return what the row keeps."""
        return {"name": self.name, "lines": [[list(at) for at in line] for line in self.lines]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        lines = tuple(tuple((lat, lon) for lat, lon in line) for line in kept["lines"])
        return cls(kept["name"], lines)


@dataclass(frozen=True, slots=True)
class Effect:
    """What an edit changes.

    Attributes
    ----------
    zones : tuple of DraftZone
        New ones, and old ones as they are from then on.
    gone : tuple of int
        Keys of zones that end.
    moved : mapping of int to int
        The zone that each of these clients joins.
    bound, freed : tuple of int
        Clients who stay in their zone whatever is divided anew, and who no longer do.
    barriers : tuple of Barrier or None
        All of them from then on; None for those there are.
    asked : int
        How many zones a division was asked for; there may be fewer locations.
    """

    zones: tuple[DraftZone, ...] = ()
    gone: tuple[int, ...] = ()
    moved: Mapping[int, int] = field(default_factory=dict)
    bound: tuple[int, ...] = ()
    freed: tuple[int, ...] = ()
    barriers: tuple[Barrier, ...] | None = None
    asked: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return what the row keeps, the clients grouped by the zone they join."""
        return {
            "zones": [zone.as_json() for zone in self.zones],
            "gone": list(self.gone),
            "moved": _grouped(self.moved),
            "bound": list(self.bound),
            "freed": list(self.freed),
            "barriers": None
            if self.barriers is None
            else [barrier.as_json() for barrier in self.barriers],
            "asked": self.asked,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        barriers = kept.get("barriers")
        return cls(
            zones=tuple(DraftZone(**zone) for zone in kept.get("zones", ())),
            gone=tuple(kept.get("gone", ())),
            moved=_ungrouped(kept.get("moved", {})),
            bound=tuple(kept.get("bound", ())),
            freed=tuple(kept.get("freed", ())),
            barriers=None if barriers is None else tuple(map(Barrier.from_json, barriers)),
            asked=kept.get("asked", 0),
        )


@dataclass(frozen=True, slots=True)
class DraftState:
    """The zones of a draft by key, and the zone of each client that has one.

    Attributes
    ----------
    bound : frozenset of int
        Clients who stay in their zone, and so with its collector, whatever is divided anew.
    barriers : tuple of Barrier
        What divisions shall not cross.
    """

    zones: Mapping[int, DraftZone]
    zone_of: Mapping[int, int]
    bound: frozenset[int] = frozenset()
    barriers: tuple[Barrier, ...] = ()

    def after(self, effect: Effect) -> "DraftState":
        """Return the draft once an edit took effect; a client of a zone that ends has none."""
        zones = {**self.zones, **{zone.key: zone for zone in effect.zones}}
        zone_of = {**self.zone_of, **effect.moved}
        if effect.gone:
            zones = {key: zone for key, zone in zones.items() if key not in effect.gone}
            zone_of = {client: key for client, key in zone_of.items() if key in zones}
        bound = self.bound.union(effect.bound).difference(effect.freed)
        barriers = self.barriers if effect.barriers is None else effect.barriers
        return DraftState(zones, zone_of, bound & zone_of.keys(), barriers)

    def only(self, client_ids: Iterable[int]) -> "DraftState":
        """Return the draft without any client but these."""
        kept = set(client_ids)
        zone_of = {one: key for one, key in self.zone_of.items() if one in kept}
        return replace(self, zone_of=zone_of, bound=self.bound & zone_of.keys())

    def without(self, client_ids: Iterable[int]) -> "DraftState":
        """Return the draft with some clients in no zone."""
        out = set(client_ids)
        return replace(
            self, zone_of={one: key for one, key in self.zone_of.items() if one not in out}
        )

    def collector_of(self) -> dict[int, int | None]:
        """Return the collector of each client that has a zone; None when nobody answers for it."""
        return {client: self.zones[key].collector_id for client, key in self.zone_of.items()}

    def members(self, key: int) -> list[int]:
        """Return the clients of a zone."""
        return [client for client, of in self.zone_of.items() if of == key]

    @property
    def next_key(self) -> int:
        """Return a key that no zone has."""
        return max(self.zones, default=0) + 1

    def as_json(self) -> dict[str, Any]:
        """Return what the row keeps."""
        return {
            "zones": [zone.as_json() for zone in self.zones.values()],
            "members": _grouped(self.zone_of),
            "bound": sorted(self.bound),
            "barriers": [barrier.as_json() for barrier in self.barriers],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        zones = [DraftZone(**zone) for zone in kept["zones"]]
        return cls(
            {zone.key: zone for zone in zones},
            _ungrouped(kept["members"]),
            frozenset(kept.get("bound", ())),
            tuple(map(Barrier.from_json, kept.get("barriers", ()))),
        )


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit as the history shows it; those of undo and redo have no effect of their own."""

    number: int
    kind: EditKind
    effect: Effect = field(default_factory=Effect)


BY_HAND = frozenset({EditKind.MOVE, EditKind.REDRAW})
WHOLE_DIVISIONS = frozenset({EditKind.DIVIDE, EditKind.FEWEST})


@dataclass(frozen=True, slots=True)
class History:
    """Which edits are in force, and which were taken back and can come again, latest last."""

    done: tuple[Edit, ...] = ()
    undone: tuple[Edit, ...] = ()

    def state(self, start: DraftState) -> DraftState:
        """Return the draft that began with `start` as it is now."""
        state = start
        for edit in self.done:
            state = state.after(edit.effect)
        return state

    def by_hand(self) -> dict[int, int]:
        """Return the clients whom people put into a zone since all were last divided anew."""
        put: dict[int, int] = {}
        for edit in self.done:
            if edit.kind in WHOLE_DIVISIONS:
                put.clear()
            elif edit.kind in BY_HAND:
                put.update(edit.effect.moved)
        return put


def replay(edits: Sequence[Edit]) -> History:
    """Go through the edits of a draft in their order."""
    return History(*done_and_undone(edits, lambda edit: _TURNS.get(edit.kind, Turn.DO)))


def _grouped(zone_of: Mapping[int, int]) -> dict[str, list[int]]:
    """Return the clients by zone; JSON has texts for keys."""
    groups: dict[str, list[int]] = {}
    for client, key in zone_of.items():
        groups.setdefault(str(key), []).append(client)
    return groups


def _ungrouped(groups: Mapping[str, Sequence[int]]) -> dict[int, int]:
    return {client: int(key) for key, clients in groups.items() for client in clients}
