from math import pi, sqrt

import numpy as np
import pytest

from collector_app.zones.workload import MonthlyWork, month_minutes, on_plane_m
from routing.geo import Point, haversine_m

CENTRE = Point(-29.9027, -71.2519)
DEGREE_M = 111_194.93  # of latitude, on the mean Earth


def grid(side: int, step_m: float, centre: Point = CENTRE) -> list[Point]:
    east = DEGREE_M * float(np.cos(np.radians(centre.lat)))
    return [
        Point(centre.lat + row * step_m / DEGREE_M, centre.lon + column * step_m / east)
        for row in range(side)
        for column in range(side)
    ]


def test_nobody_costs_nothing():
    assert month_minutes([]).shape == (0,)


def test_the_only_client_costs_the_visit_and_the_longest_ride():
    work = MonthlyWork(visits=2, service_min=7, longest_ride_min=45)

    # nobody near: 2 visits of 7 minutes and 45 of riding
    assert month_minutes([CENTRE], work).tolist() == [104.0]


def test_clients_behind_one_door_cost_little_more_than_the_visit():
    minutes = month_minutes([CENTRE] * 30, MonthlyWork(visits=1, service_min=7))

    assert np.all(minutes > 7)
    assert np.all(minutes < 9)


def test_the_ride_is_that_of_a_shortest_tour_among_points_of_that_density():
    points = grid(21, step_m=500)
    work = MonthlyWork(visits=22, workdays=22, service_min=0)

    middle = month_minutes(points, work)[21 * 10 + 10]

    # 12 neighbours within two steps, 1000 m: 12 / pi = 3.82 clients/km2, all called on each day;
    # 0.7124 / sqrt(3.82) = 0.3645 km in straight line, which take 240 s * 0.3645^0.77
    ride_m = 1000 * 0.7124 / sqrt(12 / pi)
    expected_min = 240 * (ride_m / 1000) ** 0.77 / 60
    assert middle == pytest.approx(22 * expected_min, rel=1e-3)


def test_scattered_clients_cost_more_than_neighbours():
    dense = month_minutes(grid(10, step_m=80)).mean()
    scattered = month_minutes(grid(10, step_m=900)).mean()

    assert scattered > 1.3 * dense


def test_the_plane_keeps_distances_of_a_city():
    points = [CENTRE, Point(-29.96, -71.34), Point(-29.85, -71.20)]

    plane = on_plane_m(points)

    for one, other in ((0, 1), (0, 2), (1, 2)):
        flat = float(np.linalg.norm(plane[one] - plane[other]))
        assert flat == pytest.approx(haversine_m(points[one], points[other]), rel=2e-3)
