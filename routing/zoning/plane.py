"""A flat map of a region: degrees to metres east and north, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.geo import EARTH_RADIUS_M, Point

METRES_PER_DEGREE = radians(1.0) * EARTH_RADIUS_M


@dataclass(frozen=True, slots=True)
class Plane:
    """Equirectangular around a latitude; within 100 km of it distances are right to a percent."""

    lat: float

    @classmethod
    def around(cls, points: Sequence[Point]) -> "Plane":
        """Return the plane that fits some points best."""
        return cls(float(np.median([point.lat for point in points])))

    @property
    def scale(self) -> NDArray[np.float64]:
        """Return metres per degree of longitude and of latitude, float64[2]."""
        return np.array([METRES_PER_DEGREE * cos(radians(self.lat)), METRES_PER_DEGREE])

    def metres(self, points: Sequence[Point]) -> NDArray[np.float64]:
        """Return positions in metres east and north, float64[n, 2]."""
        degrees = np.array(points, dtype=np.float64).reshape(-1, 2)[:, ::-1]
        result: NDArray[np.float64] = degrees * self.scale
        return result

    def lonlat(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Return a drawing in degrees, longitude first as GeoJSON wants it."""
        return shapely.transform(shape, lambda metres: metres / self.scale)
