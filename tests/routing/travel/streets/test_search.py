"""The hierarchy against plain Dijkstra on the same graph, and rides against both."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from routing.geo import haversine_m
from routing.travel.streets import kernels
from routing.travel.streets.costs import NO_WAY, cost, seconds_and_metres
from routing.travel.times import UNREACHABLE, Profile
from tests.routing.travel.towns import at, tangled

SEEDS = [1, 2, 3]


def router_of(travel, profile):
    return travel._router(profile, 0)


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
    """Return the matrix of seconds from Dijkstra and the ends of the ride, pair by pair."""
    ground, snaps = router_of(travel, profile).ground, travel.snap(points, profile)
    between = plain_seconds(ground)
    np.fill_diagonal(between, 0)
    places = ground.places(snaps)
    best = np.full((len(points), len(points)), np.inf)
    for i in range(len(places.point)):
        for j in range(len(places.point)):
            pair = (places.point[i], places.point[j])
            best[pair] = min(best[pair], _ride_s(ground, between, places, i, j))
    np.fill_diagonal(best, 0)
    return best


def _ride_s(ground, between, places, i, j):
    """Return the time from one place to another: by the graph, or along their own arc."""
    graph, (a, b) = ground.graph, (int(places.arc[i]), int(places.arc[j]))
    away_s = (places.away_m[i] + places.away_m[j]) / 1.25
    start_s, stop_s = places.rest[i] * ground.arc_s[a], (1 - places.rest[j]) * ground.arc_s[b]
    if ground.is_walk:
        start, stop = graph.state_of[ground.to_node[a]], graph.state_of[ground.from_node[b]]
        seconds = between[start, stop]
    else:
        into = np.flatnonzero((graph.arc == b) & np.isfinite(ground.turn_s))
        start = graph.state_of[a]
        seconds = min(
            (between[start, graph.tail[t]] + ground.turn_s[t] for t in into), default=np.inf
        )
    seconds += start_s + stop_s
    ahead_m = (places.rest[i] - places.rest[j]) * ground.arc_m[a]
    if a == b and ahead_m >= -10:
        along_s = ahead_m / ground.arc_m[a] * ground.arc_s[a] if ahead_m > 0 else -ahead_m / 1.25
        seconds = min(seconds, along_s)
    return seconds + away_s


def some_points(seed, count):
    """Return points all over the town, some of them near each other on one street."""
    dice = Random(seed)
    points = [at(dice.uniform(0, 800), dice.uniform(0, 800)) for _ in range(count)]
    return points + [
        point._replace(lat=point.lat + dice.uniform(-3e-4, 3e-4)) for point in points[: count // 2]
    ]


def all_costs(router):
    """Return the cost from every state to every state."""
    count = router.ground.graph.state_count
    one_each = np.arange(count + 1)
    return kernels.many_to_many(
        router.hierarchy.tree,
        router.metric.up,
        router.metric.down,
        kernels.Doors(one_each, router.hierarchy.rank, np.zeros(count)),
        kernels.Doors(one_each, router.hierarchy.rank, np.zeros(count)),
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("profile", list(Profile))
def test_the_hierarchy_finds_what_dijkstra_finds(open_town, seed, profile):
    router = router_of(open_town(tangled(seed)), profile)

    found = all_costs(router)

    expected = plain_seconds(router.ground)
    np.fill_diagonal(expected, 0)
    is_way = found < NO_WAY
    assert (is_way == np.isfinite(expected)).all()
    seconds = np.array([seconds_and_metres(one)[0] for one in found[is_way]])
    np.testing.assert_allclose(seconds, expected[is_way], atol=0.6)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("profile", list(Profile))
def test_the_transitions_of_a_path_add_up_to_its_cost_and_hang_together(open_town, seed, profile):
    router = router_of(open_town(tangled(seed)), profile)
    ground, graph, rank = router.ground, router.ground.graph, router.hierarchy.rank
    costs = cost(transition_seconds(ground), ground.arc_m[graph.arc])
    expected = all_costs(router)
    dice = Random(seed)

    for _ in range(100):
        source, target = (dice.randrange(graph.state_count) for _ in range(2))
        found, _, _, transitions = kernels.quickest(
            router.hierarchy.tree,
            router.metric.costs,
            rank[[source]], np.zeros(1), rank[[target]], np.zeros(1),
            router._scratch(),
        )  # fmt: skip
        assert found == expected[source, target]
        if found < NO_WAY:
            stops = [source, *graph.head[transitions]]
            assert [*graph.tail[transitions], target] == stops
            assert costs[transitions].sum() == found


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("profile", list(Profile))
def test_a_matrix_is_what_dijkstra_and_the_ends_of_the_ride_give(open_town, seed, profile):
    travel = open_town(tangled(seed))
    points = some_points(seed, 20)

    matrix = travel.matrix(points, profile)

    expected = reference_seconds(travel, profile, points)
    assert (matrix.seconds < UNREACHABLE).all()
    np.testing.assert_allclose(matrix.seconds, expected, atol=0.6)


@pytest.mark.parametrize("profile", list(Profile))
def test_legs_agree_with_the_matrix(open_town, profile):
    travel = open_town(tangled(4))
    points = some_points(4, 30)

    legs = travel.legs(points, profile)

    matrix = travel.matrix(points, profile)
    rows = np.arange(len(legs))
    assert [leg.seconds for leg in legs] == matrix.seconds[rows, rows + 1].tolist()
    assert [leg.metres for leg in legs] == matrix.metres[rows, rows + 1].tolist()


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


@given(st.floats(0, 200_000), st.floats(0, 6_000_000))
def test_a_cost_keeps_time_and_length(seconds, metres):
    kept_s, kept_m = seconds_and_metres(float(cost(np.array([seconds]), np.array([metres]))[0]))

    assert kept_s == pytest.approx(seconds, abs=0.51)
    # Rides of more than a day and a half lose decimetres first.
    assert kept_m == pytest.approx(metres, abs=0.6 if seconds < 130_000 else 1.1)


def test_a_closed_transition_is_no_way():
    assert cost(np.array([np.inf]), np.array([5.0]))[0] == NO_WAY


def test_the_quicker_ride_wins_whatever_its_length():
    quick, short = cost(np.array([59.9, 60.0]), np.array([6_000_000.0, 0.0]))

    assert quick < short
