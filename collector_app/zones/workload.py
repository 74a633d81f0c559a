"""What a client costs in a month: the visit, and the ride from one neighbour to the next.

The ride is the share of a shortest tour that falls to one stop among points of that density
(Beardwood, Halton and Hammersley 1959, doi:10.1017/S0305004100034095). It depends on the place
alone, not on how zones are drawn, so that the work of a zone is the plain sum of its clients'.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from routing.geo import EARTH_RADIUS_M, Point
from routing.travel.haversine import CALIBRATIONS, ride_seconds
from routing.travel.times import Profile

# Tour length over n uniform points in an area A tends to this times sqrt(n A):
# Johnson, McGeoch and Rothberg 1996, "Asymptotic experimental analysis for the Held-Karp bound".
TOUR_CONSTANT = 0.7124
NEIGHBOURS = 12  # enough to smooth over a street, few enough to follow a neighbourhood
# Closer than this and the density says more about rounding of coordinates than about streets.
SMALLEST_RADIUS_M = 60.0


@dataclass(frozen=True, slots=True)
class MonthlyWork:
    """What a month in the field is taken to be.

    Attributes
    ----------
    visits : float
        Visits to each client in a month.
    workdays : float
        Days of work in a month.
    service_min : float, minutes
        Length of a visit: half find somebody (8 to 12 minutes), half nobody (3 to 4).
    longest_ride_min : float, minutes
        A client alone in the hills costs at most this per visit.
    profile : Profile
        How collectors ride.
    """

    visits: float = 2.0
    workdays: float = 22.0
    service_min: float = 7.0
    longest_ride_min: float = 45.0
    profile: Profile = Profile.MOTORCYCLE


USUAL_MONTH = MonthlyWork()


def month_minutes(points: Sequence[Point], work: MonthlyWork = USUAL_MONTH) -> NDArray[np.float64]:
    """Return the expected minutes of work in a month for each client, float64[n].

    Parameters
    ----------
    points : sequence of Point
        Where the clients are, all of them: they make the density.
    """
    if not points:
        return np.zeros(0)
    ride_min = np.minimum(
        _ride_minutes(_straight_ride_m(points, work), work.profile), work.longest_ride_min
    )
    result: NDArray[np.float64] = work.visits * (work.service_min + ride_min)
    return result


def month_metres(points: Sequence[Point], work: MonthlyWork = USUAL_MONTH) -> NDArray[np.float64]:
    """Return the expected metres on the road in a month for each client, float64[n].

    As `month_minutes`, and as long as the ride that it lets a client cost at most.
    """
    if not points:
        return np.zeros(0)
    road = CALIBRATIONS[work.profile]
    longest_m = 1000.0 * (60.0 * work.longest_ride_min / road.first_km_s) ** (1 / road.exponent)
    straight_m = np.minimum(_straight_ride_m(points, work), longest_m)
    result: NDArray[np.float64] = work.visits * straight_m * road.detour
    return result


def on_plane_m(points: Sequence[Point]) -> NDArray[np.float64]:
    """Return positions in metres east and north, float64[n, 2], good enough within a city."""
    degrees = np.array(points, dtype=np.float64).reshape(-1, 2)
    metres_per_degree = radians(1.0) * EARTH_RADIUS_M
    middle_lat = float(np.median(degrees[:, 0])) if len(degrees) else 0.0
    north = degrees[:, 0] * metres_per_degree
    east = degrees[:, 1] * metres_per_degree * cos(radians(middle_lat))
    return np.column_stack([east, north])


def _straight_ride_m(points: Sequence[Point], work: MonthlyWork) -> NDArray[np.float64]:
    calls_per_km2 = _density_per_km2(points) * work.visits / work.workdays
    with np.errstate(divide="ignore"):
        ride_m: NDArray[np.float64] = 1000.0 * TOUR_CONSTANT / np.sqrt(calls_per_km2)
    return ride_m


def _density_per_km2(points: Sequence[Point]) -> NDArray[np.float64]:
    plane_m = on_plane_m(points)
    near = min(NEIGHBOURS, len(points) - 1)
    if near == 0:
        return np.zeros(1)
    distance_m, _ = cKDTree(plane_m).query(plane_m, k=near + 1)  # the first one is the client
    radius_m = np.maximum(distance_m[:, -1], SMALLEST_RADIUS_M)
    density: NDArray[np.float64] = near / (np.pi * (radius_m / 1000.0) ** 2)
    return density


def _ride_minutes(straight_m: NDArray[np.float64], profile: Profile) -> NDArray[np.float64]:
    minutes: NDArray[np.float64] = ride_seconds(straight_m, profile) / 60.0
    return minutes
