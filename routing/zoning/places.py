"""What goes into zoning and what comes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from routing.errors import InvalidProblem
from routing.geo import Point, is_on_earth


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to visit.

    Attributes
    ----------
    weight : float >= 0
        Work it gives, in any unit; zones are balanced by its sum.
    value : float
        Money at stake, in any unit; reported, not balanced.
    """

    id: str
    point: Point
    weight: float
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class ZoneFigures:
    """How one zone came out.

    Attributes
    ----------
    share : float
        Its weight over the mean weight of all zones; 1 is exactly even.
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
        Heaviest zone over the mean, minus 1; 0 is perfect.
    """

    places: tuple[Place, ...]
    zone_of: dict[str, int]
    centres: tuple[Point, ...]
    figures: tuple[ZoneFigures, ...]
    imbalance: float

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
