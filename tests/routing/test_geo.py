"""Places on the globe."""

import pytest

from routing.geo import Point, circle_around, haversine_m


@pytest.mark.parametrize("centre", [Point(19.4, -99.1), Point(-53.2, -70.9), Point(0.0, 0.0)])
@pytest.mark.parametrize("radius_m", [50, 1000])
def test_every_corner_of_a_circle_is_as_far_from_its_centre(centre: Point, radius_m: int) -> None:
    ring = circle_around(centre, radius_m)

    assert ring[0] == ring[-1]
    assert len(ring) == 49
    for corner in ring:
        assert haversine_m(centre, corner) == pytest.approx(radius_m, rel=1e-3)
