"""A draft beside the zones in force: what each collector has, would have, gains and loses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from collector_app.studio.places import Places
from collector_app.zones.queries import CollectorRow
from collector_app.zones.rules import Handover, handover

NOBODY_IN_CHARGE = 0


@dataclass(frozen=True, slots=True)
class Load:
    """The clients of one collector, with the work and road of a month and the money overdue."""

    clients: int
    month_h: float
    month_km: float
    overdue_cents: int


@dataclass(frozen=True, slots=True)
class CollectorSides:
    """One collector now and with the draft; without id: clients for whom nobody answers.

    Attributes
    ----------
    gained, lost : int
        Clients who would come, and who would go.
    capacity_h : float or None, hours
        What they can work in a month; None when nobody knows.
    """

    collector_id: int | None
    name: str | None
    now: Load
    then: Load
    gained: int
    lost: int
    capacity_h: float | None = None


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Every collector, and how many clients keep, change or gain one."""

    collectors: tuple[CollectorSides, ...]
    handover: Handover

    @property
    def without_zone(self) -> tuple[str, ...]:
        """Return the names of collectors who would have no client."""
        return tuple(one.name for one in self.collectors if one.name and not one.then.clients)

    @property
    def unmeasured(self) -> tuple[str, ...]:
        """Return the names of collectors with clients of whom nobody said how they work."""
        return tuple(
            one.name
            for one in self.collectors
            if one.name and one.then.clients and one.capacity_h is None
        )

    @property
    def most_h(self) -> float:
        """Return the most hours a month of anybody on either side; what bars are drawn against."""
        hours = [load.month_h for one in self.collectors for load in (one.now, one.then)]
        hours += [one.capacity_h or 0.0 for one in self.collectors]
        return max(hours, default=0.0)


def side_by_side(
    places: Places,
    now: Mapping[int, int | None],
    then: Mapping[int, int | None],
    staff: Sequence[CollectorRow],
    capacity_h: Mapping[int, float],
) -> SideBySide:
    """Compare who answers for each client of a draft.

    Parameters
    ----------
    now, then : mapping of int to int or None
        Collector by client; those left out have none.
    staff : sequence of CollectorRow
        Listed first and in this order, whoever else has clients after them, nobody last.
    capacity_h : mapping of int to float
        Hours of a month that collectors can work, by id.
    """
    ids = places.ids.tolist()
    before = np.array([now.get(one) or NOBODY_IN_CHARGE for one in ids], dtype=np.int64)
    after = np.array([then.get(one) or NOBODY_IN_CHARGE for one in ids], dtype=np.int64)
    names = {one.id: one.name for one in staff}
    others = sorted({*before.tolist(), *after.tolist()} - {NOBODY_IN_CHARGE, *names})
    listed = [*names, *others]
    if NOBODY_IN_CHARGE in before or NOBODY_IN_CHARGE in after:
        listed.append(NOBODY_IN_CHARGE)
    return SideBySide(
        collectors=tuple(
            CollectorSides(
                collector_id=who or None,
                name=names.get(who),
                now=_load(places, before == who),
                then=_load(places, after == who),
                gained=int(((after == who) & (before != who)).sum()),
                lost=int(((before == who) & (after != who)).sum()),
                capacity_h=capacity_h.get(who),
            )
            for who in listed
        ),
        handover=handover({one: now.get(one) for one in ids}, {one: then.get(one) for one in ids}),
    )


def _load(places: Places, is_theirs: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Load:
    return Load(
        clients=int(is_theirs.sum()),
        month_h=float(places.minutes[is_theirs].sum()) / 60,
        month_km=float(places.metres[is_theirs].sum()) / 1000,
        overdue_cents=int(places.cents[is_theirs].sum()),
    )
