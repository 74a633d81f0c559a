"""Great-circle travel times with a measured detour: the honest fallback without a street graph."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from routing.geo import EARTH_RADIUS_M, Point, is_on_earth
from routing.travel.slots import ALL_DAY
from routing.travel.times import UNREACHABLE, Leg, Matrix, Profile


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a straight line becomes a ride.

    Time grows more slowly than distance, as long rides find fast roads and short ones do not:
    ``first_km_s * km ** exponent`` follows the rides of the street engine from neighbours to the
    ends of a city, where one speed would be wrong by half at one end or the other.

    Attributes
    ----------
    detour : float, >= 1
        Metres ridden per metre of straight line.
    first_km_s : float, seconds
        Time for one kilometre of straight line.
    exponent : float, 0-1
        1 would be a constant speed.

    Source
    ------
    Least absolute deviations of the logarithm, equal weight per doubling of the distance from
    100 m to 25 km, then scaled so that the sum of all rides is right (people plan days, not
    medians): 980,000 rides of the street engine between 700 points on the streets of La
    Serena-Coquimbo and 700 of Porto Alegre, 2026-11. Median rides at 157 m .. 15 km come out
    within 10 %; a single ride is off by 18 % on average, below 600 m by 40 %.
    """

    detour: float
    first_km_s: float
    exponent: float


CALIBRATIONS = {
    Profile.MOTORCYCLE: Calibration(detour=1.375, first_km_s=240.0, exponent=0.77),
    Profile.CAR: Calibration(detour=1.375, first_km_s=240.0, exponent=0.77),
    Profile.FOOT: Calibration(detour=1.27, first_km_s=960.0, exponent=0.97),
}


def ride_seconds(straight: NDArray[np.float64], profile: Profile) -> NDArray[np.float64]:
    """Return the estimated time to ride straight distances (metres), seconds."""
    calibration = CALIBRATIONS[profile]
    seconds: NDArray[np.float64] = (
        calibration.first_km_s * (straight / 1000.0) ** calibration.exponent
    )
    return seconds


def straight_m(points: Sequence[Point]) -> NDArray[np.float64]:
    """Return great-circle distances between all pairs, metres, float64[n, n]."""
    degrees = np.array(points, dtype=np.float64).reshape(-1, 2)
    lat, lon = np.radians(degrees).T
    half_chord = (
        np.sin((lat[:, None] - lat) / 2) ** 2
        + np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    )
    result: NDArray[np.float64] = (
        2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, half_chord)))
    )
    return result


class Haversine:
    """Travel times from great-circle distances; needs no data and ignores rivers and one-ways.

    Points that are not on the Earth are unreachable, in both directions.
    """

    @property
    def name(self) -> str:
        """Return the name; the number grows when the calibration changes."""
        return "haversine@2"

    @property
    def slot_starts_s(self) -> tuple[int, ...]:
        """Return the start of the day: the answers don't depend on the hour."""
        return ALL_DAY

    def matrix(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> Matrix:
        """Estimate travel from each point to each; `depart_s` is ignored."""
        del depart_s
        is_usable = np.array([is_on_earth(point) for point in points], dtype=np.bool_)
        usable = [
            point if ok else Point(0.0, 0.0) for point, ok in zip(points, is_usable, strict=True)
        ]
        straight = straight_m(usable)
        seconds = np.rint(ride_seconds(straight, profile))
        metres = np.rint(straight * CALIBRATIONS[profile].detour)
        is_pair = is_usable[:, None] & is_usable | np.eye(len(points), dtype=np.bool_)
        return Matrix(
            seconds=np.where(is_pair, seconds, UNREACHABLE).astype(np.int32),
            metres=np.where(is_pair, metres, UNREACHABLE).astype(np.int32),
            source="haversine",
            snap_m=np.where(is_usable, 0, UNREACHABLE).astype(np.int32),
            is_estimate=True,
        )

    def legs(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> list[Leg]:
        """Return straight lines between consecutive points."""
        return [self._leg(a, b, profile, depart_s) for a, b in pairwise(points)]

    def _leg(self, a: Point, b: Point, profile: Profile, depart_s: int) -> Leg:
        ride = self.matrix((a, b), profile, depart_s)
        return Leg((a, b), seconds=int(ride.seconds[0, 1]), metres=int(ride.metres[0, 1]))
