"""What the zones of a draft would cost and hold, zone by zone and as a whole."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collector_app.studio.grounds import NO_LAND, Land, pieces
from collector_app.studio.places import NOBODY, Places
from collector_app.studio.rules import DraftState, DraftZone
from collector_app.zones.rules import imbalance
from collector_app.zones.workload import USUAL_MONTH

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
        Work over the mean of the zones; 1.0 is a fair share.
    money_share : float
        Overdue money over the mean of the zones.
    arrived : int
        Clients who belong to another zone, or to none, in the zones the draft began with.
    pieces : int
        Parts that don't hang together along streets; 1 is what a zone should have.
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
        How far the heaviest zone is above the mean, of work and of overdue money.
    moved : int
        Clients who are in another zone than in the beginning.
    without_zone : int
        Clients with a location whom no zone holds.
    """

    zones: tuple[ZoneFigures, ...]
    imbalance: float
    money_imbalance: float
    moved: int
    without_zone: int


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
    parts = pieces(state, places, land)
    shares, money_shares = _shares(sums["minutes"]), _shares(sums["cents"])
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
                pieces=parts.get(key, 1),
            )
            for at, key in enumerate(keys)
        ),
        imbalance=imbalance(sums["minutes"].tolist()),
        money_imbalance=imbalance(sums["cents"].tolist()),
        moved=int(is_moved.sum()),
        without_zone=int((labels == NOBODY).sum()),
    )


def _shares(sums: NDArray[np.float64]) -> list[float]:
    mean = float(sums.mean()) if len(sums) else 0.0
    return [float(one) / mean if mean else 1.0 for one in sums]
