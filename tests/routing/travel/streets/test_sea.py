"""Which side of a shore is water."""

import pytest
import shapely

from routing.travel.streets.basemap.sea import sea_within

FRAME = shapely.box(0, 0, 10, 10)
SOUTHWARD = [(4, 12), (4, -2)]  # water to its right: the west


def sea(*lines):
    return shapely.union_all(sea_within([shapely.LineString(line) for line in lines], FRAME))


def test_without_a_coast_there_is_no_sea():
    assert sea_within([], FRAME) == []


@pytest.mark.parametrize(
    ("line", "water", "land"),
    [(SOUTHWARD, (1, 5), (9, 5)), (SOUTHWARD[::-1], (9, 5), (1, 5))],
    ids=["southward", "northward"],
)
def test_water_is_to_the_right_of_the_shore(line, water, land):
    found = sea(line)

    assert found.contains(shapely.Point(water))
    assert not found.intersects(shapely.Point(land))


def test_a_shore_in_pieces_and_in_any_order_is_one_shore():
    whole = sea([(4, 12), (4, 5), (4, -2)])

    assert sea([(4, 5), (4, -2)], [(4, 12), (4, 5)]).equals(whole)
    assert whole.area == pytest.approx(40)


def test_a_shore_that_the_extract_cut_runs_on_to_the_nearest_edge():
    assert sea([(4, 9), (4, 1)]).area == pytest.approx(40)


def test_an_island_is_land_and_the_rest_is_sea():
    island = [(4, 4), (6, 4), (6, 6), (4, 6), (4, 4)]  # counterclockwise: land to the left

    found = sea(island)

    assert found.area == pytest.approx(96)
    assert not found.intersects(shapely.Point(5, 5))


def test_a_bay_with_an_island_has_both():
    island = [(1, 4), (3, 4), (3, 6), (1, 6), (1, 4)]

    assert sea(SOUTHWARD, island).area == pytest.approx(36)


def test_a_coast_beyond_the_map_draws_nothing():
    assert sea_within([shapely.LineString([(20, 12), (20, -2)])], FRAME) == []


def test_a_shore_with_a_point_twice_does_no_harm():
    assert sea([(4, 12), (4, 5), (4, 5), (4, -2)]).area == pytest.approx(40)
