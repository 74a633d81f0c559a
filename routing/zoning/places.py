"""What goes into zoning and what comes out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from routing.errors import InvalidProblem
from routing.geo import Point, is_on_earth


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to visit.

    Attributes
    ----------
    weight : float >= 0
        Work it gives, in any unit; zones are balanced by its sum.
    value : float >= 0
        Money at stake, in any unit; balanced second.
    group : str, optional
        Places of one group (a colonia, say) stay in one zone.
    zone : int, optional
        Zone whose collector it is bound to, wherever it lies.
    """

    id: str
    point: Point
    weight: float
    value: float = 0.0
    group: str | None = None
    zone: int | None = None


@dataclass(frozen=True, slots=True)
class ZoneWish:
    """What is asked of one zone.

    Attributes
    ----------
    capacity : float > 0
        Share of the work it takes, beside those of the others: 0.5 for a half shift, or the hours
        that weekdays and the law leave.
    centre : Point, optional
        Where its collector sets off from; its places lie around it.
    is_locked : bool
        Nothing leaves it and nothing joins it.
    """

    capacity: float = 1.0
    centre: Point | None = None
    is_locked: bool = False


@dataclass(frozen=True, slots=True)
class ZoneFigures:
    """How one zone came out.

    Attributes
    ----------
    share : float
        Its weight over what its capacity asks of it; 1 is exactly even.
    value_share : float
        The same of the money.
    compactness : float, 0 to 1
        Polsby-Popper of the hull of its places, 4 pi area / perimeter squared; 1 is a disc.
    tour_m : float, metres
        Length of a tour through all its places, 0.7124 sqrt(places x area of their hull)
        (Beardwood, Halton and Hammersley 1959).
    mean_distance_m : float, metres
        Mean great-circle distance from its places to its centre, weighted by their work.
    pieces : int
        Parts that do not hang together; 1 means the zone is one piece.
    """

    zone: int
    places: int
    weight: float
    share: float
    value: float
    mean_distance_m: float
    pieces: int
    value_share: float = 1.0
    compactness: float = 0.0
    tour_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Basis:
    """What figures were made from, for an edit to go on from.

    Attributes
    ----------
    zone : int64[n]
        Zone of each place, in the order of the places.
    today : int64[n]
        Zone of each place today, -1 for none.
    warnings : tuple of str
        Of the ground and of what was asked.
    """

    zone: NDArray[np.int64]
    today: NDArray[np.int64]
    wishes: tuple[ZoneWish, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Zoning:
    """Zones 0 to k-1.

    Attributes
    ----------
    zone_of : dict of str to int
        Zone of each place, by id.
    centres : tuple of Point
        A place of each zone from which the others are near.
    imbalance : float
        Largest share of work of a zone, minus 1; 0 is perfect.
    value_imbalance : float
        The same of the money.
    moved : float
        Share of the places with a zone of today that are in another one now.
    warnings : tuple of str
        What could not be done as asked, and what to do about it.
    basis : Basis or None
        For `Ground.edited`; None when no ground made these zones.
    """

    places: tuple[Place, ...]
    zone_of: dict[str, int]
    centres: tuple[Point, ...]
    figures: tuple[ZoneFigures, ...]
    imbalance: float
    value_imbalance: float = 0.0
    moved: float = 0.0
    warnings: tuple[str, ...] = ()
    basis: Basis | None = field(default=None, repr=False, compare=False)

    @property
    def pieces(self) -> int:
        """Return the most parts that any zone fell into; 1 means every zone is one piece."""
        return max((figures.pieces for figures in self.figures), default=0)


def check_places(places: Sequence[Place]) -> None:
    """Check what `propose` is given.

    Raises
    ------
    InvalidProblem
        With the place of the first fault.
    """
    if not places:
        raise InvalidProblem("places", "expected at least one place")
    seen: set[str] = set()
    for i, place in enumerate(places):
        if place.id in seen:
            raise InvalidProblem(
                f"places[{i}].id", f"expected a unique id, {place.id!r} is repeated"
            )
        seen.add(place.id)
        if not is_on_earth(place.point):
            raise InvalidProblem(f"places[{i}].point", "expected lat -90..90 and lon -180..180")
        if not (isfinite(place.weight) and place.weight >= 0):
            raise InvalidProblem(f"places[{i}].weight", f"expected >= 0, got {place.weight}")
        if not (isfinite(place.value) and place.value >= 0):
            raise InvalidProblem(f"places[{i}].value", f"expected >= 0, got {place.value}")


def check_wishes(wishes: Sequence[ZoneWish], k: int) -> None:
    """Check what is asked of the zones.

    Raises
    ------
    InvalidProblem
        With the wish of the first fault.
    """
    if wishes and len(wishes) != k:
        raise InvalidProblem("wishes", f"expected one for each of the {k} zones, got {len(wishes)}")
    for i, wish in enumerate(wishes):
        if not (isfinite(wish.capacity) and wish.capacity > 0):
            raise InvalidProblem(f"wishes[{i}].capacity", f"expected > 0, got {wish.capacity}")
        if wish.centre is not None and not is_on_earth(wish.centre):
            raise InvalidProblem(f"wishes[{i}].centre", "expected lat -90..90 and lon -180..180")
