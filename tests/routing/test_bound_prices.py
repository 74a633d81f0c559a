"""Whatever visits and subtours cost, no route of a day is worth more than the bound by walks."""

from itertools import pairwise, permutations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from routing.bound.duals import Ascent
from routing.bound.network import Network, network_of
from routing.bound.search import _coarse, _near
from routing.bound.subtours import Subtours
from routing.bound.sweep import MINUS, rest_of
from routing.bound.walks import walks
from routing.measure import measure
from tests.routing.situations import PaperTown, at, candidate, problem

_SIZE = 6
_NOTHING = np.zeros((0, 0), dtype=np.int64)

orders = st.permutations(range(_SIZE)).flatmap(
    lambda every: st.integers(1, _SIZE).map(lambda count: np.array(every[:count]))
)
sets = st.sets(st.integers(0, _SIZE - 1), min_size=2, max_size=5)


def subtours_of(*chosen: set[int]) -> Subtours:
    subtours = Subtours(_SIZE)
    subtours.members = np.array([[i in one for i in range(_SIZE)] for one in chosen])
    subtours.anchors = np.array([min(one) for one in chosen])
    return subtours


def town() -> Network:
    """Six clients of whom four fit, one of them with an appointment."""
    places = [(0, 1), (0, 3), (2, 2), (5, 1), (5, 2), (1, 6)]
    people = [
        candidate(f"c{i}", at(*place), prize=100 + 40 * i, service_s=2400)
        for i, place in enumerate(places)
    ]
    day = problem(people)
    [worker] = day.shifts
    return network_of(day, worker, measure(day, PaperTown())[worker.id])


def steps_of(network: Network) -> tuple[np.ndarray, np.ndarray]:
    others = [[j for j in range(network.size) if j != i] for i in range(network.size)]
    return np.array(others), np.full(network.size, network.size - 1)


def swept(network: Network, rest: np.ndarray = _NOTHING, theta: int = MINUS):
    return walks(
        *network.day,
        *steps_of(network),
        network.value,
        rest,
        theta,
    )


def best_worth(network: Network) -> int:
    """Return the most that a route brings which visits nobody twice, by trying all."""
    worths = [
        network.worth(order)
        for count in range(network.size + 1)
        for order in permutations(range(network.size), count)
    ]
    return max(worth for worth in worths if worth is not None)


@given(orders, sets)
def test_a_route_that_repeats_nobody_keeps_every_set(order: np.ndarray, chosen: set[int]) -> None:
    assert subtours_of(chosen).slack(order)[0] >= 0


@given(st.permutations(range(4)), st.integers(2, 4))
def test_going_around_in_a_set_breaks_it(around: list[int], rounds: int) -> None:
    order = np.array(around * rounds)

    slack = subtours_of(set(around)).slack(order)

    assert slack[0] == len(order) - rounds - (len(order) - 1)
    assert slack[0] < 0


@given(orders, st.lists(sets, min_size=1, max_size=3), st.lists(st.integers(0, 500), min_size=3))
def test_prices_of_sets_come_to_the_slack_of_a_route(
    order: np.ndarray, chosen: list[set[int]], paid: list[int]
) -> None:
    subtours = subtours_of(*chosen)
    prices = np.array(paid[: len(chosen)])

    steps, visits = subtours.costs(prices)

    added = visits[order].sum() - sum(steps[i, j] for i, j in pairwise(order))
    assert added == subtours.slack(order) @ prices


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 400), min_size=_SIZE, max_size=_SIZE),
    st.lists(st.tuples(sets, st.integers(0, 900)), max_size=4),
)
def test_no_route_is_worth_more_than_walks_at_any_prices(
    paid: list[int], chosen: list[tuple[set[int], int]]
) -> None:
    network = town()
    ascent = Ascent(network, None, np.zeros(0, dtype=np.int64))
    if chosen:
        ascent._subtours = subtours_of(*(one for one, _ in chosen))
    prices = 3600 * np.array([*paid, 0, *(price for _, price in chosen)])

    _best, most, _order, _steps = swept(ascent.priced(network, prices))

    assert ascent.constant(prices) + most >= best_worth(network)


def test_walks_both_ways_are_worth_the_same_and_drop_no_step_of_the_best() -> None:
    network = town()
    best, most, order, _ = swept(network.mirrored())

    rest = rest_of(best, network.value)
    _, forwards, again, steps = swept(network, rest, most - 1)

    assert forwards == most
    assert all(steps[i, j] for i, j in pairwise(order.tolist()))
    assert all(steps[i, j] for i, j in pairwise(again[::-1].tolist()))


def test_a_mean_of_routes_that_goes_around_apart_shows_the_set() -> None:
    flow = np.zeros((_SIZE + 1, _SIZE + 1))
    for i, j in [(_SIZE, 0), (0, _SIZE), (1, 2), (2, 3), (3, 1)]:
        flow[i, j] = 1.0
    subtours = Subtours(_SIZE)

    slack = subtours.add_broken(flow)

    assert subtours.members.tolist() == [[False, True, True, True, False, False]]
    assert slack.tolist() == [-1.0]


def test_the_same_set_is_not_found_twice() -> None:
    flow = np.zeros((_SIZE + 1, _SIZE + 1))
    flow[1, 2] = flow[2, 1] = 1.0
    subtours = Subtours(_SIZE)
    subtours.add_broken(flow)

    assert len(subtours.add_broken(flow)) == 0
    assert len(subtours) == 1


def test_prices_that_are_learnt_lower_the_bound() -> None:
    network = town()
    ascent = Ascent(network, None, np.zeros(0, dtype=np.int64))
    coarse = _coarse(network, 60)
    goal = best_worth(network)
    bounds = []
    for _ in range(200):
        prices = ascent.tried
        _, most, order, _ = swept(ascent.priced(coarse, prices))
        bounds.append(ascent.constant(prices) + int(most))
        ascent.learn(bounds[-1], order[::-1].tolist(), goal)

    assert min(bounds) < 0.9 * bounds[0]


@given(st.integers(1, 4))
def test_near_steps_lead_to_the_nearest(count: int) -> None:
    network = town()
    assume(count < network.size)

    near = _near(network, count)

    ride_s = network.step_s + 10**9 * np.eye(network.size, dtype=np.int64)
    assert all(near[i, ride_s[i].argmin()] for i in range(network.size))
    assert near.sum(axis=1).min() >= count
