"""Zones are even, in one piece, and drawn so that everybody lies inside their own."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.errors import InvalidProblem
from routing.geo import Point
from routing.zoning import Ground, Place, outline, propose


def town(count: int, seed: int = 3) -> list[Place]:
    """A few clusters around La Serena and a quarter scattered between them; uneven work."""
    dice = np.random.default_rng(seed)
    hearts = dice.normal(0, 0.03, (12, 2))
    near = hearts[dice.integers(0, 12, count * 3 // 4)] + dice.normal(0, 0.005, (count * 3 // 4, 2))
    wide = dice.uniform(-0.05, 0.05, (count - len(near), 2))
    where = np.concatenate([near, wide]) + np.array([-29.9, -71.25])
    return [
        Place(str(i), Point(float(lat), float(lon)), float(dice.lognormal(3, 0.3)), value=10.0)
        for i, (lat, lon) in enumerate(where)
    ]


def place(name: str, lat: float, lon: float, weight: float = 1.0) -> Place:
    return Place(name, Point(lat, lon), weight)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twelve_hundred_places_make_eight_even_zones_of_one_piece(seed):
    zoning = propose(town(1200, seed), 8, seed=seed)

    assert zoning.imbalance <= 0.02
    assert zoning.pieces == 1
    assert len(zoning.zone_of) == 1200


def test_a_division_that_is_to_end_at_once_still_has_zones_of_one_piece():
    zoning = Ground(town(600)).propose(5, ends_early=lambda: True)

    assert zoning.pieces == 1
    assert len(set(zoning.zone_of.values())) == 5
    assert zoning.imbalance <= 0.25


def test_a_division_that_ends_early_keeps_the_best_of_the_starts_that_it_made():
    ground, asked = Ground(town(600)), []
    ground.propose(5, ends_early=lambda: bool(asked.append(True)))
    to_the_end = len(asked)
    asked.clear()

    def after_half() -> bool:
        asked.append(True)
        return len(asked) >= to_the_end // 2

    zoning = ground.propose(5, ends_early=after_half)

    assert len(asked) <= to_the_end // 2 + 2
    assert zoning.pieces == 1
    assert zoning.imbalance <= 0.01


def test_stopping_a_division_leaves_it_at_once():
    class StoppedByPerson(Exception):
        pass

    def stop() -> bool:
        raise StoppedByPerson

    with pytest.raises(StoppedByPerson):
        Ground(town(300)).propose(3, ends_early=stop)


def test_the_figures_are_those_of_the_places():
    places = town(200)

    zoning = propose(places, 4)

    for figures in zoning.figures:
        inside = [one for one in places if zoning.zone_of[one.id] == figures.zone]
        assert figures.places == len(inside)
        assert figures.weight == pytest.approx(sum(one.weight for one in inside))
        assert figures.value == 10.0 * len(inside)
    mean = sum(one.weight for one in places) / 4
    heaviest = max(figures.weight for figures in zoning.figures)
    assert zoning.imbalance == pytest.approx(heaviest / mean - 1)


def test_the_same_places_and_seed_give_the_same_zones():
    places = town(150)

    assert propose(places, 5, seed=7).zone_of == propose(places, 5, seed=7).zone_of


def test_every_place_lies_inside_the_drawing_of_its_own_zone():
    places = town(300)
    zoning = propose(places, 6)

    drawn = outline(zoning)

    for one in places:
        here = shapely.Point(one.point.lon, one.point.lat)
        assert shapely.dwithin(drawn[zoning.zone_of[one.id]], here, 1e-9)


def test_drawings_neither_overlap_nor_leave_gaps():
    drawn = list(outline(propose(town(300), 6)).values())

    whole = shapely.union_all(drawn)
    areas = sum(shape.area for shape in drawn)

    assert areas == pytest.approx(whole.area, rel=1e-6)
    assert all(shape.is_valid and not shape.is_empty for shape in drawn)


def test_one_zone_holds_everybody():
    zoning = propose(town(50), 1)

    assert set(zoning.zone_of.values()) == {0}
    assert zoning.imbalance == pytest.approx(0)


def test_places_at_the_same_door_stay_together():
    twins = [place(f"a{i}", -29.9, -71.25) for i in range(3)]
    others = [place(f"b{i}", -29.9 + i / 100, -71.2) for i in range(3)]

    zone_of = propose(twins + others, 2).zone_of

    assert len({zone_of[twin.id] for twin in twins}) == 1


def test_places_on_one_line_are_divided_along_it():
    line = [place(str(i), -29.9, -71.25 + i / 1000) for i in range(9)]

    zoning = propose(line, 3)

    assert [figures.places for figures in zoning.figures] == [3, 3, 3]
    assert zoning.pieces == 1


def test_as_many_zones_as_locations_are_possible():
    corners = [
        place(str(i), lat, lon) for i, (lat, lon) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1)])
    ]

    assert len(set(propose(corners, 4).zone_of.values())) == 4


def test_one_zone_more_than_locations_holds_nobody_and_the_number_that_would_do_is_named():
    zoning = propose([place("a", 0, 0), place("b", 0, 1), place("c", 0, 1)], 3)

    assert sorted(figures.places for figures in zoning.figures) == [0, 1, 2]
    assert any("ask for at most 2" in warning for warning in zoning.warnings)


def test_without_any_work_every_place_counts_the_same():
    zoning = propose([place(str(i), 0, i / 100, weight=0) for i in range(8)], 2)

    assert [figures.places for figures in zoning.figures] == [4, 4]


@pytest.mark.parametrize(
    ("places", "k", "named"),
    [
        ([], 1, "places"),
        ([place("a", 0, 0)], 0, "k"),
        ([place("a", 0, 0), place("a", 1, 1)], 1, r"places\[1\].id"),
        ([place("a", 91, 0)], 1, r"places\[0\].point"),
        ([place("a", 0, 0, weight=-1)], 1, r"places\[0\].weight"),
        ([place("a", 0, 0, weight=float("nan"))], 1, r"places\[0\].weight"),
    ],
)
def test_a_fault_is_named_by_its_place(places, k, named):
    with pytest.raises(InvalidProblem, match=named):
        propose(places, k)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 9)),
        min_size=1,
        max_size=40,
    ),
    st.integers(1, 5),
)
def test_whatever_the_places_everybody_gets_a_zone_of_one_piece(spots, k):
    places = [
        place(str(i), lat / 1000, lon / 1000, weight) for i, (lat, lon, weight) in enumerate(spots)
    ]
    k = min(k, len({(lat, lon) for lat, lon, _ in spots}))

    zoning = propose(places, k)

    assert set(zoning.zone_of) == {one.id for one in places}
    assert set(zoning.zone_of.values()) == set(range(k))
    assert zoning.pieces == 1
