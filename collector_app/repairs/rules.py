"""What can happen to a day that is under way, as values that can be stored and read again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self

from collector_app.core.errors import InvalidInput, RuleBroken

MOST_RADIUS_M = 2_000
BY_HAND = "by_hand"  # why a stop changed hands: a dispatcher put it there on the board
NEIGHBOURS = 3  # who share the stops of a collector who can't go on, unless somebody says who


class RepairKind(StrEnum):
    """What happened."""

    CANCELLED = "cancelled"
    URGENT = "urgent"
    LATE = "late"
    SICK = "sick"
    APPOINTMENT_MOVED = "appointment_moved"
    STREET_CLOSED = "street_closed"
    EDITED = "edited"  # a dispatcher changed the plan on the board


@dataclass(frozen=True, slots=True)
class DayChange:
    """What happened, with the fields that its kind needs.

    Attributes
    ----------
    client_id : int or None
        Who cancelled, is urgent, or has another appointment.
    collector_id : int or None
        Who is late or can't go on; who is to visit the urgent client.
    free_at_s : int or None
        When who is late goes on, seconds since local midnight.
    shared_with : tuple of int
        Collectors who share the stops of the one who can't go on; none: the nearest.
    starts_s, ends_s : int or None
        The new appointment: the visit begins within it.
    lat, lon, radius_m : float, float, int or None
        Where the streets are closed.
    pinned : tuple of int
        Clients who stay with their collector, whatever it costs.
    also : tuple of DayChange
        What else happened, first things first: one plan answers all of it.
    """

    kind: RepairKind
    client_id: int | None = None
    collector_id: int | None = None
    free_at_s: int | None = None
    shared_with: tuple[int, ...] = ()
    starts_s: int | None = None
    ends_s: int | None = None
    lat: float | None = None
    lon: float | None = None
    radius_m: int | None = None
    pinned: tuple[int, ...] = ()
    also: tuple[Self, ...] = ()

    @property
    def every(self) -> tuple[Self, ...]:
        """Return everything that happened, one by one."""
        return (*self.also, self)

    def to_facts(self) -> dict[str, Any]:
        """Return it as JSON, without the fields that say nothing."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        told["also"] = tuple(one.to_facts() for one in self.also)
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in told.items()
            if value not in (None, ())
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """Read what `to_facts` wrote."""
        told: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in facts.items()
        }
        told["also"] = tuple(cls.from_facts(one) for one in facts.get("also", ()))
        return cls(**(told | {"kind": RepairKind(facts["kind"])}))


def sick_of(changes: Iterable[DayChange]) -> frozenset[int]:
    """Return the collectors who can't go on, if this is what happened."""
    every = (one for change in changes for one in change.every)
    return frozenset(
        one.collector_id
        for one in every
        if one.kind is RepairKind.SICK and one.collector_id is not None
    )


def helpers_of(changes: Iterable[DayChange]) -> dict[int, tuple[int, ...]]:
    """Return who shares the stops of each collector who can't go on, those who can't either aside.

    Collectors who can't go on and whose stops nobody shares have nobody.
    """
    told = [one for change in changes for one in change.every if one.kind is RepairKind.SICK]
    sick = sick_of(told)
    return {
        one.collector_id: tuple(who for who in one.shared_with if who not in sick)
        for one in told
        if one.collector_id is not None
    }


@dataclass(frozen=True, slots=True)
class StopMove:
    """A stop that changes hands: ``from_id`` None comes in, ``to_id`` None goes out.

    ``why`` is a value of `routing.replan.Why`, or `BY_HAND`.
    """

    client_id: int
    from_id: int | None
    to_id: int | None
    why: str

    def to_facts(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


class NotOnTheRoutes(RuleBroken):
    """The client or the collector has nothing open on today's routes."""

    code = "not_on_the_routes"


class NobodyCanGo(RuleBroken):
    """No collector who works today may visit the client."""

    code = "nobody_can_go"


class VisitForbidden(RuleBroken):
    """The law, a ban or a promise keeps everybody from visiting the client now.

    ``facts`` hold ``cause`` and ``details``, worded by `planning.reasons`.
    """

    code = "visit_forbidden"


class AppointmentOutsideTheLaw(RuleBroken):
    """Nothing of the new appointment lies within the legal hours of the client."""

    code = "appointment_outside_law"


class NoSuchPlace(InvalidInput):
    """Nobody knows where the streets are closed: latitude and longitude are needed."""

    code = "no_such_place"


class DayMovedOn(RuleBroken):
    """Since the preview the day changed so that the repair would be another one."""

    code = "day_moved_on"


class ListOutdated(RuleBroken):
    """Something on the list of what happened can't be read, or is not possible any more."""

    code = "prepared_list_outdated"


class NothingToUndo(RuleBroken):
    """The plan that is published is no repair."""

    code = "nothing_to_undo_today"
