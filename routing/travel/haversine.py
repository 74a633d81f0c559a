"""Great-circle travel times with a measured detour: the honest fallback without a street graph."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from routing.geo import EARTH_RADIUS_M, Point, is_on_earth
from routing.travel.times import UNREACHABLE, Leg, Matrix, Profile


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a straight line becomes a ride.

    Attributes
    ----------
    detour : float, >= 1
        Metres ridden per metre of straight line.
    start_s : float, seconds
        Time lost in leaving one street and reaching another, whatever the distance.
    start_ramp_m : float, metres
        Straight distance up to which the start is charged in proportion, so that neighbours
        are not put minutes apart.
    speed_kmh : float
        Kilometres of *straight line* covered per hour, beyond the start.
    """

    detour: float
    start_s: float
    start_ramp_m: float
    speed_kmh: float


CALIBRATIONS = {
    Profile.MOTORCYCLE: Calibration(detour=1.38, start_s=156, start_ramp_m=1500, speed_kmh=31.9),
    Profile.CAR: Calibration(detour=1.38, start_s=156, start_ramp_m=1500, speed_kmh=31.9),
    Profile.FOOT: Calibration(detour=1.3, start_s=0, start_ramp_m=1500, speed_kmh=3.7),
}


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
        return "haversine@1"

    def matrix(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> Matrix:
        """Estimate travel from each point to each; `depart_s` is ignored."""
        del depart_s
        is_usable = np.array([is_on_earth(point) for point in points], dtype=np.bool_)
        usable = [
            point if ok else Point(0.0, 0.0) for point, ok in zip(points, is_usable, strict=True)
        ]
        straight = straight_m(usable)
        seconds, metres = _ride(straight, CALIBRATIONS[profile])
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


def _ride(
    straight: NDArray[np.float64], calibration: Calibration
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    start_s = calibration.start_s * np.minimum(1.0, straight / calibration.start_ramp_m)
    seconds = start_s + straight / (calibration.speed_kmh / 3.6)
    return np.rint(seconds).astype(np.int64), np.rint(straight * calibration.detour).astype(
        np.int64
    )
