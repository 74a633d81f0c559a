"""The hierarchy against plain Dijkstra on the same graph, and rides against both."""

from random import Random

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from routing.geo import haversine_m
from routing.travel.streets.costs import METRE_BITS, NO_WAY, cost, seconds_and_metres
from routing.travel.streets.hierarchy import INFINITE, LENGTH_BITS, Units
from routing.travel.times import UNREACHABLE, Profile
from tests.routing.travel.towns import at, tangled

SEEDS = [1, 2, 3]


def transition_seconds(ground):
    """Return the time of each transition, turn and arc."""
    return ground.turn_s + ground.arc_s[ground.graph.arc]


def plain_seconds(ground):
    """Return the time between all states by Dijkstra, float64[states, states]."""
    graph, seconds = ground.graph, transition_seconds(ground)
    is_open = np.isfinite(seconds)
    # Explicit zeros are edges for csgraph only if they are stored, so nothing is dropped here.
    links = csr_matrix(
        (np.maximum(seconds[is_open], 1e-9), (graph.tail[is_open], graph.head[is_open])),
        shape=(graph.state_count, graph.state_count),
    )
    return dijkstra(links)


def reference_seconds(travel, profile, points):
    """Return the matrix of seconds from Dijkstra and the terminals, pair by pair."""
    router = travel._engine(profile).router
    ground, snaps = router.ground, travel.snap(points, profile)
    between = plain_seconds(ground)
    np.fill_diagonal(between, 0)
    departures, arrivals = ground.departures(snaps), ground.arrivals(snaps)
    best = np.full((len(points), len(points)), np.inf)
    for i in range(len(departures.point)):
        for j in range(len(arrivals.point)):
            a, b = departures.taken(slice(i, i + 1)), arrivals.taken(slice(j, j + 1))
            seconds = between[a.state[0], b.state[0]]
            if a.arc[0] == b.arc[0] and not ground.is_walk and a.rest[0] < b.rest[0]:
                seconds = _round(ground, between, int(a.state[0]))
            seconds += a.offset_s[0] + b.offset_s[0]
            ahead_m = (a.rest[0] - b.rest[0]) * a.arc_m[0]
            if a.arc[0] == b.arc[0] and ahead_m >= -10:
                along_s = (a.rest[0] - b.rest[0]) * a.arc_s[0] if ahead_m > 0 else -ahead_m / 1.25
                seconds = min(seconds, along_s + (a.away_m[0] + b.away_m[0]) / 1.25)
            pair = (a.point[0], b.point[0])
            best[pair] = min(best[pair], seconds)
    np.fill_diagonal(best, 0)
    return best


def _round(ground, between, state):
    graph = ground.graph
    rows = np.flatnonzero(graph.tail == state)
    return min(transition_seconds(ground)[k] + between[graph.head[k], state] for k in rows)


def some_points(seed, count):
    """Return points all over the town, some of them near each other on one street."""
    dice = Random(seed)
    points = [at(dice.uniform(0, 800), dice.uniform(0, 800)) for _ in range(count)]
    return points + [
        point._replace(lat=point.lat + dice.uniform(-3e-4, 3e-4)) for point in points[: count // 2]
    ]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("profile", list(Profile))
def test_the_hierarchy_finds_what_dijkstra_finds(open_town, seed, profile):
    travel = open_town(tangled(seed))
    router = travel._engine(profile).router
    graph = router.ground.graph
    states = np.arange(graph.state_count, dtype=np.int32)

    weights = router.searcher.distances(states, states)

    expected = plain_seconds(router.ground)
    np.fill_diagonal(expected, 0)
    is_way = weights < INFINITE
    assert (is_way == np.isfinite(expected)).all()
    seconds, _ = seconds_and_metres(router.searcher.units.costs(weights[is_way]))
    np.testing.assert_allclose(seconds, expected[is_way], atol=1.5)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_transitions_of_a_path_add_up_to_its_time(open_town, seed):
    travel = open_town(tangled(seed))
    router = travel._engine(Profile.MOTORCYCLE).router
    graph = router.ground.graph
    expected = plain_seconds(router.ground)
    dice = Random(seed)
    main = np.unique(graph.head[graph.is_main[0][graph.arc]])

    for _ in range(50):
        source, target = (int(state) for state in dice.sample(main.tolist(), 2))
        transitions = router.path(source, target)
        assert graph.tail[transitions[0]] == source
        assert graph.head[transitions[-1]] == target
        assert (graph.head[transitions[:-1]] == graph.tail[transitions[1:]]).all()
        assert transition_seconds(router.ground)[transitions].sum() == pytest.approx(
            expected[source, target], abs=1.0
        )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("profile", list(Profile))
def test_a_matrix_is_what_dijkstra_and_the_ends_of_the_ride_give(open_town, seed, profile):
    travel = open_town(tangled(seed))
    points = some_points(seed, 20)

    matrix = travel.matrix(points, profile)

    expected = reference_seconds(travel, profile, points)
    assert (matrix.seconds < UNREACHABLE).all()
    np.testing.assert_allclose(matrix.seconds, expected, atol=1.6)


@pytest.mark.parametrize("profile", list(Profile))
def test_legs_agree_with_the_matrix(open_town, profile):
    travel = open_town(tangled(4))
    points = some_points(4, 30)

    legs = travel.legs(points, profile)

    matrix = travel.matrix(points, profile)
    rows = np.arange(len(legs))
    assert [leg.seconds for leg in legs] == pytest.approx(
        matrix.seconds[rows, rows + 1].tolist(), abs=2
    )
    assert [leg.metres for leg in legs] == pytest.approx(
        matrix.metres[rows, rows + 1].tolist(), abs=25
    )


@pytest.mark.parametrize("profile", list(Profile))
def test_legs_start_and_end_where_the_points_were_put_and_draw_their_length(open_town, profile):
    travel = open_town(tangled(5))
    points = some_points(5, 30)
    snap_m = travel.matrix(points, profile).snap_m

    legs = travel.legs(points, profile)

    for i, leg in enumerate(legs):
        start_m = haversine_m(leg.points[0], points[i])
        end_m = haversine_m(leg.points[-1], points[i + 1])
        assert start_m <= snap_m[i] + 11
        assert end_m <= snap_m[i + 1] + 11
        drawn_m = sum(map(haversine_m, leg.points, leg.points[1:]))
        walked_m = max(0, start_m - 50) + max(0, end_m - 50)
        assert leg.metres == pytest.approx(drawn_m + walked_m, abs=2)


def test_packing_keeps_times_and_lengths_within_a_step():
    units = Units(time_ms=100, length_m=4)
    seconds = np.array([0.0, 12.34, 3600.0], dtype=np.float32)
    metres = np.array([0.0, 77.7, 50_000.0])

    unpacked_s, unpacked_m = seconds_and_metres(units.costs(units.packed(seconds, metres)))

    np.testing.assert_allclose(unpacked_s, seconds, atol=0.7)
    np.testing.assert_allclose(unpacked_m, metres, atol=4.1)


def test_packing_is_right_on_average():
    units = Units(time_ms=100, length_m=4)
    seconds = np.full(10_000, 0.033, dtype=np.float32)

    weights = units.packed(seconds, np.full(10_000, 1.0)).astype(np.int64)

    assert (weights >> LENGTH_BITS).mean() == pytest.approx(0.33, abs=0.02)
    assert (weights & ((1 << LENGTH_BITS) - 1)).mean() == pytest.approx(0.25, abs=0.02)


def test_a_closed_transition_is_no_way():
    units = Units(time_ms=100, length_m=4)

    costs = units.costs(units.packed(np.array([np.inf], dtype=np.float32), np.array([5.0])))

    assert costs[0] == NO_WAY


def test_a_few_metres_below_nothing_do_not_borrow_a_second():
    costs = cost(np.array([10.0]), np.array([-3.0]))

    assert [int(one[0]) for one in seconds_and_metres(costs)] == [10, 0]


def test_the_quicker_ride_wins_whatever_its_length():
    quick, short = cost(np.array([59.9, 60.0]), np.array([2.0**METRE_BITS / 4, 0.0]))

    assert quick < short
