"""What the zones of a draft would cost and hold, zone by zone and as a whole."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from collector_app.studio.grounds import NO_LAND, Land, capacities, ground_of, parted_by, shapes
from collector_app.studio.places import NOBODY, Places
from collector_app.studio.rules import DraftState, DraftZone, Strength
from collector_app.zones.territories import FARTHEST_NEIGHBOUR_M
from collector_app.zones.workload import USUAL_MONTH, on_plane_m
from routing import zoning
from routing.geo import Point

LOCK_IN_THE_WAY = 0.10  # of a fair share: from here on others can't make up for a locked zone well


@dataclass(frozen=True, slots=True)
class ZoneFigures:
    """One zone of a draft.

    Attributes
    ----------
    month_h, month_km : float
        Expected work (hours) and road (kilometres) of a month.
    day_h : float, hours
        Expected work of a workday.
    share : float
        Work over what its collector's capacity asks of it beside the others; 1.0 is even.
    money_share : float
        The same of overdue money.
    capacity_h : float or None, hours
        What its collector can take in a month; None when nobody said how they work.
    bound : int
        Clients who stay whatever is divided anew.
    arrived : int
        Clients who belong to another zone, or to none, in the zones the draft began with.
    pieces : int
        Parts that don't hang together along streets; 1 is what a zone should have.
    parted_by : tuple of str
        Names of locked zones that lie between its pieces.
    mean_distance_m, tour_m : float, metres
        From its clients to the middle of them, and of a tour through all; see docs/zoning.md.
    """

    zone: DraftZone
    clients: int
    month_h: float
    month_km: float
    day_h: float
    overdue_cents: int
    share: float
    money_share: float
    arrived: int
    pieces: int
    capacity_h: float | None = None
    bound: int = 0
    parted_by: tuple[str, ...] = ()
    mean_distance_m: float = 0.0
    tour_m: float = 0.0

    @property
    def use(self) -> float | None:
        """Return the work as a share of what its collector can take."""
        return self.month_h / self.capacity_h if self.capacity_h else None

    @property
    def is_too_much(self) -> bool:
        """Tell whether its collector can't do the work of a month in a month."""
        return self.capacity_h is not None and self.month_h > self.capacity_h

    @property
    def is_lock_in_the_way(self) -> bool:
        """Tell whether its lock keeps the zones from being even."""
        return self.zone.is_locked and abs(self.share - 1.0) > LOCK_IN_THE_WAY


@dataclass(frozen=True, slots=True)
class DraftFigures:
    """All zones of a draft, and how even they are.

    Attributes
    ----------
    imbalance, money_imbalance : float
        How far the heaviest zone is above what its capacity asks, of work and of overdue money.
    moved : int
        Clients who are in another zone than in the beginning.
    without_zone : int
        Clients with a location whom no zone holds.
    kept_crossings : int
        Places where zones may cross a barrier, because nothing else holds their clients together.
    """

    zones: tuple[ZoneFigures, ...]
    imbalance: float
    money_imbalance: float
    moved: int
    without_zone: int
    kept_crossings: int = 0


def far_starts(state: DraftState, places: Places, strengths: Mapping[int, Strength]) -> list[str]:
    """Return the collectors whose day begins farther than any ride from all clients, by name.

    A zone can't lie around such a place: it lies around the client nearest to it.
    """
    in_charge = {zone.collector_id for zone in state.zones.values() if zone.collector_id}
    known = [one for who, one in strengths.items() if who in in_charge]
    if not known or not len(places.ids):
        return []
    points = [*places.points(range(len(places.ids))), *(Point(*one.starts_from) for one in known)]
    plane_m = on_plane_m(points)
    far_m, _row = cKDTree(plane_m[: len(places.ids)]).query(plane_m[len(places.ids) :])
    return [one.name for one, m in zip(known, far_m, strict=True) if m > FARTHEST_NEIGHBOUR_M]


def measure(
    state: DraftState, start: DraftState, places: Places, land: Land = NO_LAND
) -> DraftFigures:
    """Return the figures of a draft; the work grows with its clients, a few sums each."""
    keys = sorted(state.zones)
    position = {key: at for at, key in enumerate(keys)}
    labels = places.labels(state.zone_of)
    slot = np.array([position.get(key, len(keys)) for key in labels.tolist()], dtype=np.int64)
    is_moved = labels != places.labels(start.zone_of)
    sums: dict[str, NDArray[np.float64]] = {
        name: np.bincount(slot, weights=weights, minlength=len(keys) + 1)[: len(keys)].astype(
            np.float64
        )
        for name, weights in (
            ("clients", np.ones(len(slot))),
            ("minutes", places.minutes),
            ("metres", places.metres),
            ("cents", places.cents.astype(np.float64)),
            ("arrived", is_moved.astype(np.float64)),
        )
    }
    lies = shapes(state, places, land)
    bound = Counter(state.zone_of[one] for one in state.bound)
    collector_ids = [state.zones[key].collector_id for key in keys]
    capacity = np.array(capacities(collector_ids, land.strengths))
    shares = _shares(sums["minutes"], capacity)
    money_shares = _shares(sums["cents"], capacity)
    strengths = [land.strengths.get(who or 0) for who in collector_ids]
    return DraftFigures(
        zones=tuple(
            ZoneFigures(
                zone=state.zones[key],
                clients=int(sums["clients"][at]),
                month_h=float(sums["minutes"][at]) / 60,
                month_km=float(sums["metres"][at]) / 1000,
                day_h=float(sums["minutes"][at]) / 60 / USUAL_MONTH.workdays,
                overdue_cents=int(sums["cents"][at]),
                share=shares[at],
                money_share=money_shares[at],
                arrived=int(sums["arrived"][at]),
                pieces=lies[key].pieces if key in lies else 1,
                parted_by=_parted_by(state, places, land, key) if _is_broken(lies, key) else (),
                mean_distance_m=lies[key].mean_distance_m if key in lies else 0.0,
                tour_m=lies[key].tour_m if key in lies else 0.0,
                bound=bound[key],
                capacity_h=strength.month_h if (strength := strengths[at]) else None,
            )
            for at, key in enumerate(keys)
        ),
        imbalance=max(shares, default=1.0) - 1.0,
        money_imbalance=max(money_shares, default=1.0) - 1.0,
        moved=int(is_moved.sum()),
        without_zone=int((labels == NOBODY).sum()),
        kept_crossings=(
            ground_of(places, land, state.barriers).kept_crossings if state.barriers else 0
        ),
    )


def _is_broken(lies: Mapping[int, zoning.ZoneFigures], key: int) -> bool:
    return key in lies and lies[key].pieces > 1


def _parted_by(state: DraftState, places: Places, land: Land, key: int) -> tuple[str, ...]:
    return tuple(state.zones[other].name for other in parted_by(state, places, land, key))


def _shares(sums: NDArray[np.float64], capacity: NDArray[np.float64]) -> list[float]:
    asked = sums.sum() * capacity / capacity.sum() if len(sums) else sums
    return [float(one / fair) if fair else 1.0 for one, fair in zip(sums, asked, strict=True)]
