"""A board is the plan it began with plus its edits: routes with hours, and what holds each stop."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from collector_app.core.edits import Turn
from collector_app.core.money import USUAL_CURRENCY, Sums, added, summed


class BoardEditKind(StrEnum):
    """What somebody did on the board."""

    MOVE = "move"
    ADD = "add"
    REMOVE = "remove"
    PIN = "pin"
    UNPIN = "unpin"
    LOCK = "lock"
    UNLOCK = "unlock"
    SWAP = "swap"
    OPTIMISE = "optimise"
    UNDO = "undo"
    REDO = "redo"


_TURNS = {BoardEditKind.UNDO: Turn.UNDO, BoardEditKind.REDO: Turn.REDO}


def turn_of(kind: BoardEditKind) -> Turn:
    """Return what an edit of this kind does to those before it."""
    return _TURNS.get(kind, Turn.DO)


@dataclass(frozen=True, slots=True)
class BoardStop:
    """A visit as planned; seconds since local midnight, metres, cents."""

    client_id: int
    arrives_s: int
    starts_s: int
    leaves_s: int
    travel_s: int
    travel_m: int
    detour_s: int
    prize_cents: int


@dataclass(frozen=True, slots=True)
class BoardRoute:
    """The day of one collector; ``path`` is an encoded polyline, empty without stops."""

    collector_id: int
    stops: tuple[BoardStop, ...]
    leaves_s: int
    returns_s: int
    travel_s: int
    travel_m: int
    path: str = ""

    @property
    def clients(self) -> tuple[int, ...]:
        """Return who is visited, in order."""
        return tuple(stop.client_id for stop in self.stops)

    def expected(self, currencies: Mapping[int, str]) -> Sums:
        """Return what the day is expected to recover; see `BoardPage.currencies`."""
        return summed(
            (currencies.get(stop.client_id, USUAL_CURRENCY), stop.prize_cents)
            for stop in self.stops
        )

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `asdict` made."""
        stops = tuple(BoardStop(**stop) for stop in kept["stops"])
        return cls(**{**kept, "stops": stops})


@dataclass(frozen=True, slots=True)
class Marks:
    """What people said of clients; all of it binds a search for better routes.

    Attributes
    ----------
    pinned : frozenset of int
        Keep their place in the order of their route.
    locked : frozenset of int
        Stay with their collector.
    placed : frozenset of int
        Were put where they are by hand.
    removed : frozenset of int
        Were taken off the plan by hand.
    """

    pinned: frozenset[int] = frozenset()
    locked: frozenset[int] = frozenset()
    placed: frozenset[int] = frozenset()
    removed: frozenset[int] = frozenset()

    @property
    def held(self) -> frozenset[int]:
        """Return who may not be moved, until let go."""
        return self.pinned | self.locked

    def as_json(self) -> dict[str, list[int]]:
        """Return what the row keeps."""
        return {name: sorted(ids) for name, ids in asdict(self).items()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Iterable[int]]) -> Self:
        """Read what `as_json` wrote."""
        return cls(**{name: frozenset(ids) for name, ids in kept.items()})


@dataclass(frozen=True, slots=True)
class Effect:
    """The routes that an edit changed, and every mark from then on."""

    routes: tuple[BoardRoute, ...]
    marks: Marks

    def as_json(self) -> dict[str, Any]:
        """Return what the row keeps."""
        return {"routes": [asdict(one) for one in self.routes], "marks": self.marks.as_json()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        routes = tuple(BoardRoute.from_json(one) for one in kept["routes"])
        return cls(routes, Marks.from_json(kept["marks"]))


@dataclass(frozen=True)
class BoardState:
    """Every collector's route by id, those without stops too, and the marks."""

    routes: Mapping[int, BoardRoute]
    marks: Marks = field(default_factory=Marks)

    def after(self, effect: Effect) -> "BoardState":
        """Return the board once an edit took effect."""
        changed = {route.collector_id: route for route in effect.routes}
        return BoardState({**self.routes, **changed}, effect.marks)

    def visitor_of(self, client_id: int) -> int | None:
        """Return who visits a client, None when nobody does."""
        return self.visitors.get(client_id)

    @cached_property
    def visitors(self) -> dict[int, int]:
        """Return who visits whom: the collector by client."""
        return {
            client_id: route.collector_id
            for route in self.routes.values()
            for client_id in route.clients
        }


@dataclass(frozen=True, slots=True)
class What:
    """Who an edit was about; what a kind does not need is None. ``out`` left to make room."""

    client_id: int | None = None
    from_id: int | None = None
    to_id: int | None = None
    position: int | None = None  # from 1
    out: tuple[int, ...] = ()

    @property
    def clients(self) -> set[int]:
        """Return everybody whom the edit names."""
        return {*self.out} if self.client_id is None else {self.client_id, *self.out}

    def as_json(self) -> dict[str, Any]:
        """Return what the row keeps."""
        return asdict(self) | {"out": sorted(self.out)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote; rows of before stops made room name nobody who left."""
        return cls(**{**kept, "out": tuple(kept.get("out", ()))})


@dataclass(frozen=True, slots=True)
class Cost:
    """What an edit adds; below 0 it saves. Seconds and metres on the road, cents expected."""

    travel_s: int = 0
    travel_m: int = 0
    expected: Sums = field(default_factory=dict)
    stops: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return what the row keeps."""
        return asdict(self)

    def taken_back(self) -> "Cost":
        """Return what it costs to undo an edit that cost this."""
        expected = {currency: -cents for currency, cents in self.expected.items()}
        return Cost(-self.travel_s, -self.travel_m, expected, -self.stops)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote; rows of before currencies were told apart hold one sum."""
        told = dict(kept)
        cents = told.pop("prize_cents", 0)
        return cls(**{"expected": {USUAL_CURRENCY: cents} if cents else {}} | told)


def cost_between(before: BoardState, after: BoardState, currencies: Mapping[int, str]) -> Cost:
    """Return what the board costs more, or brings more, than before."""
    old, new = before.routes.values(), after.routes.values()
    brings = added(one.expected(currencies) for one in new)
    brought = added(one.expected(currencies) for one in old)
    more = {one: brings.get(one, 0) - brought.get(one, 0) for one in {**brings, **brought}}
    return Cost(
        travel_s=sum(one.travel_s for one in new) - sum(one.travel_s for one in old),
        travel_m=sum(one.travel_m for one in new) - sum(one.travel_m for one in old),
        expected={currency: cents for currency, cents in more.items() if cents},
        stops=sum(len(one.stops) for one in new) - sum(len(one.stops) for one in old),
    )
