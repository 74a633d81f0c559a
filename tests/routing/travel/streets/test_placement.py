"""Points that can't be ridden to are told with their place and the reason."""

import numpy as np
import pytest

from routing.travel.streets.placement import Misplacement, Unplaced
from routing.travel.times import UNREACHABLE, Profile
from tests.routing.travel.towns import at, grid

NOWHERE = at(0, 0)._replace(lat=float("nan"))


def island():
    """A town, and 3 km east of it a street of its own."""
    town = grid(3, 3)
    town.node("I", 3200, 0)
    town.node("J", 3300, 0)
    town.street("I J")
    return town


def test_each_point_without_a_place_says_why(open_town):
    travel = open_town(island())
    points = [at(100, 5), at(100, -1500), at(3250, 20), NOWHERE, at(200, 200)]

    found = travel.unplaced(points, Profile.MOTORCYCLE)

    assert [(one.index, one.reason) for one in found] == [
        (1, Misplacement.TOO_FAR),
        (2, Misplacement.NOT_CONNECTED),
        (3, Misplacement.NOT_ON_EARTH),
    ]
    assert [one.street_m for one in found] == [None, pytest.approx(20, abs=0.2), None]
    assert found[0] == Unplaced(1, points[1], Misplacement.TOO_FAR, None)


def test_they_are_those_that_the_matrix_marks_and_the_rest_is_answered(open_town):
    travel = open_town(island())
    points = [at(100, 5), at(100, -1500), at(3250, 20), NOWHERE, at(200, 200)]

    matrix = travel.matrix(points, Profile.MOTORCYCLE)

    marked = np.flatnonzero(matrix.snap_m == UNREACHABLE).tolist()
    assert marked == [one.index for one in travel.unplaced(points, Profile.MOTORCYCLE)]
    assert matrix.seconds[0, 4] < UNREACHABLE


@pytest.mark.parametrize(("away_m", "is_placed"), [(999, True), (1001, False)])
def test_a_kilometre_is_the_limit(open_town, away_m, is_placed):
    travel = open_town(grid(3, 3))

    assert (travel.unplaced([at(100, -away_m)], Profile.CAR) == []) == is_placed
