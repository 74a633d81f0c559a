"""Rides through tiny towns: one-ways, turns, barriers, private streets and islands."""

import numpy as np
import pytest

from routing.geo import haversine_m
from routing.travel.slots import Slot
from routing.travel.streets.graph import GATE_S, U_TURN_S
from routing.travel.streets.rules import CLASS_NUMBER
from routing.travel.streets.speeds import default_factors
from routing.travel.times import UNREACHABLE, Profile
from tests.routing.travel.towns import Town, at, grid

MOTORCYCLE, CAR, FOOT = Profile.MOTORCYCLE, Profile.CAR, Profile.FOOT
RESIDENTIAL_MS = 25 / 3.6 * default_factors().of("residential", Slot.NIGHT)


@pytest.fixture
def ring():
    """A block of 200 m by 100 m whose four streets run one way, counter-clockwise."""
    town = Town()
    town.node("A", 0, 0)
    town.node("B", 200, 0)
    town.node("C", 200, 100)
    town.node("D", 0, 100)
    town.street("A B", oneway="yes", name="Uno")
    town.street("B C", oneway="yes", name="Dos")
    town.street("C D", oneway="yes", name="Tres")
    town.street("D A", oneway="yes", name="Cuatro")
    return town


def test_ahead_on_the_same_street_is_a_straight_ride(ring, open_town):
    matrix = open_town(ring).matrix([at(50, 5), at(150, 5)], MOTORCYCLE)

    assert matrix.metres[0, 1] == pytest.approx(100, abs=1)
    assert matrix.seconds[0, 1] == pytest.approx(100 / RESIDENTIAL_MS, abs=1)


def test_behind_on_a_one_way_street_goes_round_the_block(ring, open_town):
    matrix = open_town(ring).matrix([at(50, 5), at(150, 5)], MOTORCYCLE)

    assert matrix.metres[1, 0] == pytest.approx(600 - 100, abs=5)
    assert matrix.seconds[1, 0] == pytest.approx(500 / RESIDENTIAL_MS, abs=12)


def test_the_leg_round_the_block_passes_its_four_corners(ring, open_town):
    (leg,) = open_town(ring).legs([at(150, 5), at(50, 5)], MOTORCYCLE)

    assert leg.metres == pytest.approx(500, abs=1)
    corners = [at(200, 0), at(200, 100), at(0, 100), at(0, 0)]
    passed = [min(range(len(leg.points)), key=lambda i: haversine_m(leg.points[i], corner))
              for corner in corners]  # fmt: skip
    assert passed == sorted(passed)
    assert [haversine_m(leg.points[i], c) < 0.1 for i, c in zip(passed, corners, strict=True)]


@pytest.mark.parametrize(("behind_m", "goes_round"), [(9.0, False), (11.0, True)])
def test_a_door_just_behind_is_reached_on_foot(ring, open_town, behind_m, goes_round):
    matrix = open_town(ring).matrix([at(100, 5), at(100 - behind_m, 5)], MOTORCYCLE)

    assert bool(matrix.metres[0, 1] > 500) == goes_round


def test_a_walker_goes_against_the_one_way(ring, open_town):
    matrix = open_town(ring).matrix([at(150, 5), at(50, 5)], FOOT)

    assert matrix.metres[0, 1] == pytest.approx(100, abs=1)
    assert matrix.seconds[0, 1] == pytest.approx(100 / (5 / 3.6), abs=1)


def test_a_one_way_is_ridden_in_its_direction_only(ring, open_town):
    matrix = open_town(ring).matrix([at(195, 50), at(100, 95)], MOTORCYCLE)

    assert matrix.metres[0, 1] == pytest.approx(50 + 100, abs=5)
    assert matrix.metres[1, 0] == pytest.approx(600 - 150, abs=5)


def test_an_exception_for_motorcycles_holds_for_motorcycles_alone(ring, open_town):
    for _, tags in ring.ways:
        tags["oneway__motorcycle"] = "no"
    travel = open_town(ring)
    back = [at(150, 5), at(50, 5)]

    assert travel.matrix(back, MOTORCYCLE).metres[0, 1] == pytest.approx(100, abs=1)
    assert travel.matrix(back, CAR).metres[0, 1] == pytest.approx(500, abs=5)


def test_a_roundabout_is_ridden_in_its_direction(open_town):
    town = Town()
    for name, east, north in [("S", 0, -20), ("E", 20, 0), ("N", 0, 20), ("W", -20, 0)]:
        town.node(name, east, north)
        town.node(f"far {name}".replace(" ", "-"), 10 * east, 10 * north)
    town.street("S E N W S", junction="roundabout")
    for name in "SENW":
        town.street(f"{name} far-{name}")
    travel = open_town(town)

    to_east, to_west = (
        travel.legs([at(0, -150), at(150, 0)], MOTORCYCLE),
        travel.legs([at(0, -150), at(-150, 0)], MOTORCYCLE),
    )

    quarter = haversine_m(at(0, -20), at(20, 0))
    assert to_east[0].metres == pytest.approx(130 + quarter + 130, abs=2)
    assert to_west[0].metres == pytest.approx(130 + 3 * quarter + 130, abs=2)


def crossroads():
    """A cross of two streets in a ring road: every turn at the centre can be avoided."""
    town = Town()
    for name, east, north in [
        ("S", 0, -200), ("N", 0, 200), ("W", -200, 0), ("E", 200, 0), ("X", 0, 0),
    ]:  # fmt: skip
        town.node(name, east, north)
    ways = {name: town.street(f"{name} X") for name in "SNWE"}
    town.street("S E N W S")
    return town, ways


def test_without_restriction_the_turn_at_the_centre_is_the_way(open_town):
    town, _ = crossroads()

    (leg,) = open_town(town).legs([at(0, -100), at(-100, 0)], MOTORCYCLE)

    assert leg.metres == pytest.approx(200, abs=1)


@pytest.mark.parametrize("kind", ["no_left_turn", "no_entry"])
def test_a_forbidden_turn_is_not_made(open_town, kind):
    town, ways = crossroads()
    town.restrict(kind, ways["S"], "X", ways["W"])
    travel = open_town(town)

    left, right = (
        travel.legs([at(0, -100), end], MOTORCYCLE)[0] for end in (at(-100, 0), at(100, 0))
    )

    assert left.metres > 400
    assert right.metres == pytest.approx(200, abs=1)


def test_the_opposite_turn_of_a_forbidden_one_is_free(open_town):
    town, ways = crossroads()
    town.restrict("no_left_turn", ways["S"], "X", ways["W"])

    (leg,) = open_town(town).legs([at(-100, 0), at(0, -100)], MOTORCYCLE)

    assert leg.metres == pytest.approx(200, abs=1)


def test_an_only_turn_forbids_the_others(open_town):
    town, ways = crossroads()
    town.restrict("only_straight_on", ways["S"], "X", ways["N"])
    travel = open_town(town)

    straight, left, right = (
        travel.legs([at(0, -100), end], MOTORCYCLE)[0].metres
        for end in (at(0, 100), at(-100, 0), at(100, 0))
    )

    assert straight == pytest.approx(200, abs=1)
    assert left > 400
    assert right > 400


def test_a_restriction_that_excepts_motorcycles_binds_cars(open_town):
    town, ways = crossroads()
    town.restrict("no_left_turn", ways["S"], "X", ways["W"], **{"except": "motorcycle"})
    travel = open_town(town)
    turn = [at(0, -100), at(-100, 0)]

    assert travel.legs(turn, MOTORCYCLE)[0].metres == pytest.approx(200, abs=1)
    assert travel.legs(turn, CAR)[0].metres > 400


def test_walkers_turn_as_they_like(open_town):
    town, ways = crossroads()
    town.restrict("no_left_turn", ways["S"], "X", ways["W"])

    (leg,) = open_town(town).legs([at(0, -100), at(-100, 0)], FOOT)

    assert leg.metres == pytest.approx(200, abs=1)


def test_restrictions_that_can_not_be_used_are_counted_and_break_nothing(open_town):
    town, ways = crossroads()
    town.restrict("no_left_turn", ways["S"], "outside-the-extract", ways["W"])
    town.restrict("no_left_turn", ways["S"], "X", ways["W"])
    members, tags = town.relations.pop()
    town.relations.append(([m for m in members if m[1] != "via"], tags))
    travel = open_town(town)

    assert travel.pack.info.ignored_restrictions == 2
    assert travel.legs([at(0, -100), at(-100, 0)], MOTORCYCLE)[0].metres < 210


def test_turning_across_the_traffic_costs_more_than_towards_the_kerb(open_town):
    town, _ = crossroads()
    matrix = open_town(town).matrix([at(0, -100), at(-100, 0), at(100, 0)], MOTORCYCLE)

    across_s, to_the_kerb_s = matrix.seconds[0, 1], matrix.seconds[0, 2]

    assert across_s >= to_the_kerb_s + 2


def test_at_the_end_of_a_dead_end_one_turns_back(open_town):
    town = Town()
    town.node("A", 0, 0)
    town.node("B", 500, 0)
    town.street("A B", highway="primary")

    costs = open_town(town).matrix([at(100, -5), at(400, 5)], CAR)

    assert costs.metres[0, 1] == pytest.approx(300, abs=2)
    assert costs.metres[1, 0] == pytest.approx(300, abs=2)


@pytest.mark.parametrize(("highway", "turns"), [("residential", True), ("primary", False)])
def test_one_turns_back_in_a_minor_street_but_not_in_an_avenue(open_town, highway, turns):
    """Three streets meet at M: turning back is open at their three far ends, and maybe at M."""
    town = Town()
    for name, east, north in [("W", 0, 0), ("M", 300, 0), ("E", 900, 0), ("S", 300, -300)]:
        town.node(name, east, north)
    town.street("W M", highway=highway, oneway="no")
    town.street("M E", highway=highway)
    town.street("M S", highway=highway)
    travel = open_town(town)
    graph = travel.pack.graphs["wheels"]

    arc_of_state = np.flatnonzero(graph.state_of >= 0)
    is_back = arc_of_state[graph.tail] == graph.arc ^ 1
    seconds = graph.turn_s[0][is_back & np.isfinite(graph.turn_s[0])]

    assert len(seconds) == (6 if turns else 3)
    assert seconds.min() == U_TURN_S


def gated():
    """Two avenues joined by a short private street and by a long public one."""
    town = Town()
    for name, east, north in [
        ("A", 0, 0), ("B", 1000, 0), ("C", 1000, 200), ("D", 0, 200),
        ("E", 100, 0), ("F", 100, 200),
    ]:  # fmt: skip
        town.node(name, east, north)
    town.street("A E B")
    town.street("B C")
    town.street("C F D")
    town.street("E F", access="private")
    return town


def test_nobody_rides_through_a_private_street_to_save_a_minute(open_town):
    (leg,) = open_town(gated()).legs([at(700, 0), at(700, 200)], MOTORCYCLE)

    assert leg.metres == pytest.approx(300 + 200 + 300, abs=2)


def test_a_client_in_a_private_street_is_reached_through_the_gate(open_town):
    matrix = open_town(gated()).matrix([at(50, 0), at(100, 100)], MOTORCYCLE)

    assert matrix.metres[0, 1] == pytest.approx(150, abs=4)
    assert matrix.seconds[0, 1] > GATE_S
    assert matrix.seconds[1, 0] < GATE_S


def test_bollards_stop_cars_and_let_motorcycles_pass(open_town):
    town = grid(2, 2, 500)
    town.node("post", 250, 0, barrier="bollard")
    town.ways[0] = (["0,0", "post", "1,0"], town.ways[0][1])
    travel = open_town(town)
    across = [at(200, 0), at(300, 0)]

    assert travel.matrix(across, MOTORCYCLE).metres[0, 1] == pytest.approx(100, abs=2)
    assert travel.matrix(across, CAR).metres[0, 1] > 1500


def test_a_footway_is_a_short_cut_for_walkers_alone(open_town):
    town = grid(2, 2, 500)
    town.street("0,0 1,1", highway="footway")
    travel = open_town(town)
    corners = [at(0, 0), at(500, 500)]

    assert travel.matrix(corners, FOOT).metres[0, 1] == pytest.approx(707, abs=4)
    assert travel.matrix(corners, MOTORCYCLE).metres[0, 1] == pytest.approx(1000, abs=4)


def test_nobody_is_put_on_an_island(open_town):
    """An unconnected street is nearer, but the ride starts on the connected city."""
    town = grid(3, 3)
    town.node("I", 100, 260)
    town.node("J", 150, 260)
    town.street("I J")
    travel = open_town(town)

    matrix = travel.matrix([at(120, 255), at(0, 100)], MOTORCYCLE)

    assert matrix.snap_m[0] == 55
    assert matrix.seconds[0, 1] < UNREACHABLE


@pytest.mark.parametrize(("away_m", "is_reached"), [(990.0, True), (1010.0, False)])
def test_a_point_far_from_every_street_is_marked_and_the_rest_is_answered(
    open_town, away_m, is_reached
):
    travel = open_town(grid(3, 3))

    matrix = travel.matrix([at(0, 0), at(100, -away_m), at(200, 200)], MOTORCYCLE)

    assert bool(matrix.snap_m[1] < UNREACHABLE) == is_reached
    assert (matrix.seconds[1, [0, 2]] < UNREACHABLE).all() == is_reached
    assert (matrix.metres[[0, 2], 1] < UNREACHABLE).all() == is_reached
    assert matrix.seconds[0, 2] < UNREACHABLE
    assert list(np.diag(matrix.seconds)) == [0, 0, 0]


def test_the_path_to_a_far_door_is_walked(open_town):
    """Of 250 m between street and door, 200 m are beyond the doorstep, at 4.5 km/h."""
    travel = open_town(grid(2, 2))

    matrix = travel.matrix([at(0, 0), at(0, -250)], MOTORCYCLE)

    assert matrix.seconds[0, 1] == pytest.approx(200 / (4.5 / 3.6), abs=2)
    assert matrix.snap_m[1] == 250


def test_points_that_are_not_on_the_earth_are_marked(open_town):
    travel = open_town(grid(2, 2))

    matrix = travel.matrix([at(0, 0), at(0, 0)._replace(lat=float("nan"))], MOTORCYCLE)

    assert matrix.snap_m[1] == UNREACHABLE
    assert matrix.seconds[0, 1] == UNREACHABLE


def test_a_leg_without_a_way_is_a_straight_line_that_says_so(open_town):
    travel = open_town(grid(2, 2))
    ends = [at(0, 0), at(0, -5000)]

    (leg,) = travel.legs(ends, MOTORCYCLE)

    assert leg.points == tuple(ends)
    assert (leg.seconds, leg.metres) == (UNREACHABLE, UNREACHABLE)


def test_no_points_give_an_empty_matrix_and_no_legs(open_town):
    travel = open_town(grid(2, 2))

    assert travel.matrix([], MOTORCYCLE).seconds.shape == (0, 0)
    assert travel.legs([], MOTORCYCLE) == []
    assert travel.legs([at(0, 0)], MOTORCYCLE) == []


@pytest.mark.parametrize(("street_m", "is_motorway"), [(290.0, False), (310.0, True)])
def test_a_motorway_is_chosen_only_when_streets_are_far(open_town, street_m, is_motorway):
    """The point lies on the motorway itself; the nearest street is so many metres away."""
    town = Town()
    for name, east, north in [("A", 0, 0), ("B", 1000, 0), ("C", 1000, 900), ("D", 0, 900)]:
        town.node(name, east, north)
    town.street("A D C B")
    town.street("A B A", highway="motorway", oneway="no")
    travel = open_town(town)

    snaps = travel.snap([at(street_m, 0)], MOTORCYCLE)

    chosen = travel.pack.network.road_class[snaps.segment]
    assert bool((chosen == CLASS_NUMBER["motorway"]).all()) == is_motorway


def test_a_house_on_a_corner_may_be_left_by_either_street(open_town):
    travel = open_town(grid(2, 2))

    on_corner = travel.snap([at(5, 5)], MOTORCYCLE)
    in_the_middle = travel.snap([at(50, 5)], MOTORCYCLE)

    assert len(set(on_corner.segment)) == 2
    assert len(in_the_middle.segment) == 1


def test_a_cut_extract_ends_its_streets_where_the_map_ends(open_town):
    town = grid(3, 2)
    town.street("0,0 beyond-the-edge 2,1")
    travel = open_town(town)

    assert travel.matrix([at(0, 0), at(200, 100)], MOTORCYCLE).metres[0, 1] < 310


def test_a_table_holds_the_rides_of_the_matrix_from_origins_to_goals(ring, open_town):
    travel = open_town(ring)
    points = [at(50, 5), at(150, 5), at(205, 50), at(100, 105)]
    matrix = travel.matrix(points, MOTORCYCLE)

    one_to_many = travel.table(points[:1], points[1:], MOTORCYCLE)
    many_to_one = travel.table(points[1:], points[:1], MOTORCYCLE)

    assert one_to_many.seconds.tolist() == matrix.seconds[:1, 1:].tolist()
    assert one_to_many.metres.tolist() == matrix.metres[:1, 1:].tolist()
    assert many_to_one.seconds.tolist() == matrix.seconds[1:, :1].tolist()


def test_a_table_between_no_points_is_empty(ring, open_town):
    table = open_town(ring).table([], [at(50, 5)], MOTORCYCLE)

    assert table.seconds.shape == (0, 1)


def test_a_table_marks_goals_that_no_street_reaches(ring, open_town):
    table = open_town(ring).table([at(50, 5)], [at(150, 5), at(9000, 0)], MOTORCYCLE)

    assert table.seconds[0, 0] < UNREACHABLE
    assert table.seconds[0, 1] == UNREACHABLE
