"""Cities of awkward shapes, at seeds on which nothing was chosen."""

from dataclasses import replace

import numpy as np
import pytest

from routing.geo import Point
from routing.zoning import Ground, Place
from scripts.zone_layouts import LAYOUTS, exchanged, made_up
from scripts.zone_relaxation import far_m, power_diagram, relaxed_m


@pytest.mark.parametrize("layout", LAYOUTS)
def test_zones_are_even_whole_and_about_as_near_as_if_they_need_not_hang_together(layout):
    ground = Ground(made_up(layout, 1500, seed=41))

    zoning = ground.propose(8)

    where = ground.units.plane_m[ground.units.unit_of]
    loads = np.column_stack([ground.weight, ground.value])
    nearest_m = relaxed_m(where, loads, power_diagram(ground, zoning), 8)
    assert zoning.imbalance <= 0.01
    assert zoning.value_imbalance <= 0.03
    assert zoning.pieces == 1
    assert far_m(zoning) <= 1.02 * nearest_m


@pytest.mark.parametrize("layout", LAYOUTS)
def test_after_churn_few_change_zone_in_a_city_of_any_shape(layout):
    places = made_up(layout, 2000, seed=42)
    today = Ground(places).propose(8).zone_of

    fresh = Ground(exchanged(places, 42)).rezone(today, 8)

    assert fresh.moved <= 0.02
    assert fresh.imbalance <= 0.02
    assert fresh.pieces == 1


@pytest.mark.parametrize(
    ("layout", "seed"), [("archipelago", 7), ("archipelago", 12), ("lake", 1), ("coast", 4)]
)
def test_few_change_zone_though_those_who_left_tore_a_zone_apart(layout, seed):
    places = made_up(layout, 2000, seed)
    today = Ground(places).propose(8).zone_of

    fresh = Ground(exchanged(places, seed)).rezone(today, 8)

    assert fresh.moved <= 0.02
    assert fresh.imbalance <= 0.02
    assert fresh.pieces == 1


def test_a_zone_on_two_islands_stays_one_when_the_two_nearest_clients_leave():
    def island(first: int, lon: float) -> list[Place]:
        return [_at(first + n, 0.001 * (n % 5), lon + 0.001 * (n // 5)) for n in range(25)]

    # Two islands across from each other, and a third a little nearer to both.
    west, east, north = island(0, 0.0), island(25, 0.03), island(50, 0.015)
    north = [
        replace(one, point=Point(one.point.lat + 0.014, one.point.lon - 0.001)) for one in north
    ]
    today = {one.id: 0 for one in west + east} | {one.id: 1 for one in north}
    gone = {one.id for one in west if one.point.lon == 0.004 and one.point.lat == 0.002}

    found = Ground([one for one in west + east + north if one.id not in gone]).assess(today, 2)

    assert [figures.pieces for figures in found.figures] == [1, 1]


def test_a_client_put_by_hand_into_the_neck_of_a_zone_does_not_cost_it_what_lies_beyond():
    # Two squares of a zone joined by a row of clients, between two others.
    squares = [
        _at(100 * part + n, 0.001 * (n % 6), 0.001 * (n // 6) + 0.012 * part)
        for part in (0, 1)
        for n in range(36)
    ]
    neck = [_at(300 + n, 0.0025, 0.006 + 0.001 * n) for n in range(6)]
    other = [_at(400 + n, 0.008 + 0.001 * (n % 4), 0.001 * (n // 4)) for n in range(72)]
    today = {one.id: 0 for one in squares + neck} | {one.id: 1 for one in other}
    cut = neck[3].id

    fresh = Ground(squares + neck + other).rezone(today | {cut: 1}, 2, held=[cut])

    assert fresh.zone_of[cut] == 1
    assert fresh.moved <= 0.05
    assert fresh.imbalance <= 0.03


def test_villages_are_neighbours_though_a_way_round_through_others_is_of_shorter_steps():
    corners = [(0.0, 0.0), (0.0, 0.055), (0.05, 0.052), (0.05, 0.002)]
    dice = np.random.default_rng(1)
    places = [
        _at(60 * n + i, float(lat), float(lon))
        for n, corner in enumerate(corners)
        for i, (lat, lon) in enumerate(corner + dice.uniform(-0.001, 0.001, (60, 2)))
    ]
    west, east = places[:120], places[120:]
    today = {one.id: 0 for one in west} | {one.id: 1 for one in east}

    found = Ground(places).assess(today, 2)

    assert [figures.pieces for figures in found.figures] == [1, 1]


def test_newcomers_change_zones_before_those_who_have_a_collector():
    settled = [_at(n, 0.0, 0.001 * n) for n in range(40)]
    today = {one.id: int(n >= 20) for n, one in enumerate(settled)}
    newcomers = [replace(_at(n, 0.0003, 0.0195), id=f"new {n}") for n in range(4)]
    newcomers = [
        replace(one, point=Point(one.point.lat, one.point.lon - 0.0002 * n))
        for n, one in enumerate(newcomers)
    ]

    fresh = Ground(settled + newcomers).rezone(today, 2)

    assert fresh.moved == 0
    assert {fresh.zone_of[one.id] for one in newcomers} == {0, 1}


def _at(number: int, lat: float, lon: float) -> Place:
    return Place(str(number), Point(lat, lon), 10.0, 10.0)
