"""Which points can't be ridden to, and why, for people who may correct them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from routing.geo import Point, is_on_earth
from routing.travel.streets.snap import Snaps


class Misplacement(StrEnum):
    """Why a point has no place on the streets."""

    NOT_ON_EARTH = "not_on_earth"
    TOO_FAR = "too_far"  # from every street
    NOT_CONNECTED = "not_connected"  # there is a street, but no way between it and the city


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A point that can't be ridden to.

    Attributes
    ----------
    index : int
        Place of the point among those asked for.
    street_m : float or None
        Distance of the nearest street of any kind, None if there is none within reach.
    """

    index: int
    point: Point
    reason: Misplacement
    street_m: float | None


def unplaced(points: Sequence[Point], on_main: Snaps, on_any: Snaps) -> list[Unplaced]:
    """Return the points that are on no street of the connected city.

    Parameters
    ----------
    on_main, on_any : Snaps
        Of the points, to the connected streets and to all streets of the profile.
    """
    is_placed = np.isfinite(on_main.nearest_m(len(points)))
    street_m = on_any.nearest_m(len(points))
    return [
        Unplaced(
            index=i,
            point=points[i],
            reason=_reason(points[i], has_street=bool(np.isfinite(street_m[i]))),
            street_m=round(float(street_m[i]), 1) if np.isfinite(street_m[i]) else None,
        )
        for i in np.flatnonzero(~is_placed).tolist()
    ]


def _reason(point: Point, *, has_street: bool) -> Misplacement:
    if not is_on_earth(point):
        return Misplacement.NOT_ON_EARTH
    return Misplacement.NOT_CONNECTED if has_street else Misplacement.TOO_FAR
