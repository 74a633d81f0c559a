"""Whatever visits and subtours cost, no route of a day is worth more than the bound by walks."""

from dataclasses import replace
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from routing.bound.duals import Ascent
from routing.bound.memory import Memory
from routing.bound.network import Network, network_of
from routing.bound.planes import Planes
from routing.bound.recollection import order_of, passed_on, recollecting_walks
from routing.bound.search import _coarse, _near
from routing.bound.subtours import Subtours
from routing.bound.sweep import MINUS, rest_of
from routing.bound.walks import walks
from routing.measure import measure
from tests.routing.situations import PaperTown, at, candidate, problem

_SIZE = 6
_NO_ROWS = np.zeros(0, dtype=np.int64)
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


def recollected(network: Network, count: int, rest: np.ndarray = _NOTHING, theta: int = MINUS):
    """Return the most by candidate and moment, the most at all, the order and the steps."""
    return remembering(network, Memory(network, count + 1), rest, theta)


def remembering(network: Network, memory: Memory, rest: np.ndarray = _NOTHING, theta: int = MINUS):
    """Return the same for walks with this memory."""
    steps = steps_of(network)
    first_state, step_at, passed = passed_on(*steps, network.row, memory.others())
    longest_s = int(network.step_s.max())
    best, worths, places, before, through = recollecting_walks(
        *network.day,
        *steps,
        network.value,
        first_state,
        step_at,
        passed,
        rest,
        theta,
        longest_s,
        True,
    )
    last = int(worths.argmax())
    return best, int(worths[last]), order_of(places[last], before, first_state), through


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
    ascent = Ascent(network, None, _NO_ROWS)
    if chosen:
        ascent.subtours = subtours_of(*(one for one, _ in chosen))
    prices = 3600 * np.array([*paid, 0, *(price for _, price in chosen)])

    _best, most, _order, _steps = swept(ascent.priced(network, prices))

    assert ascent.constant(prices) + most >= best_worth(network)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 400), min_size=_SIZE, max_size=_SIZE),
    st.lists(st.tuples(sets, st.integers(0, 900)), max_size=2),
    st.integers(0, _SIZE - 1),
)
def test_no_route_is_worth_more_than_walks_that_recollect_at_any_prices(
    paid: list[int], chosen: list[tuple[set[int], int]], count: int
) -> None:
    network = town()
    ascent = Ascent(network, None, _NO_ROWS)
    if chosen:
        ascent.subtours = subtours_of(*(one for one, _ in chosen))
    prices = 3600 * np.array([*paid, 0, *(price for _, price in chosen)])
    priced = ascent.priced(network, prices)

    _best, most, _order, _ = recollected(priced, count)

    assert best_worth(network) <= ascent.constant(prices) + most
    assert most <= swept(priced)[1]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 200), min_size=_SIZE, max_size=_SIZE))
def test_walks_that_recollect_everybody_are_routes(paid: list[int]) -> None:
    network = town()
    priced = replace(network, value=network.value - 3600 * np.array(paid))

    _best, most, order, _ = recollected(priced, _SIZE - 1)

    assert len(set(order.tolist())) == len(order)
    assert most == priced.worth(order.tolist())
    assert max(0, most) == best_worth(priced)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_walks_that_recollect_are_worth_the_same_both_ways(count: int) -> None:
    network = town()
    best, most, mirrored_order, _ = recollected(network.mirrored(), count)

    rest = rest_of(best, network.value)
    _, forwards, again, through = recollected(network, count, rest, most - 1)

    assert forwards == most
    assert all(through[i, j] >= most for i, j in pairwise(mirrored_order[::-1].tolist()))
    assert all(through[i, j] >= most for i, j in pairwise(again.tolist()))


def test_the_more_walks_recollect_the_less_they_are_worth() -> None:
    network = town()

    worths = [recollected(network, count)[1] for count in range(_SIZE)]

    assert worths == sorted(worths, reverse=True)
    assert worths[0] == swept(network)[1] > worths[-1] == best_worth(network)


def test_walks_both_ways_are_worth_the_same_and_drop_no_step_of_the_best() -> None:
    network = town()
    best, most, order, _ = swept(network.mirrored())

    rest = rest_of(best, network.value)
    _, forwards, again, through = swept(network, rest, most - 1)

    assert forwards == most
    assert all(through[i, j] == most for i, j in pairwise(order.tolist()))
    assert all(through[i, j] == most for i, j in pairwise(again[::-1].tolist()))


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
    ascent = Ascent(network, None, _NO_ROWS)
    coarse = _coarse(network, 60)
    goal = best_worth(network)
    bounds = []
    for _ in range(200):
        prices = ascent.tried
        _, most, order, _ = swept(ascent.priced(coarse, prices))
        bounds.append(ascent.constant(prices) + int(most))
        ascent.learn(bounds[-1], [order[::-1].tolist()], goal)

    assert min(bounds) < 0.9 * bounds[0]


def test_planes_take_prices_nearly_to_the_best_in_few_steps() -> None:
    network = town()
    planes = Planes(network, None, _NO_ROWS, Ascent(network, None, _NO_ROWS))
    goal = best_worth(network)
    bounds = []
    for _ in range(40):
        prices = planes.tried
        _, most, order, _ = recollected(planes.priced(network, prices), 2)
        bounds.append(planes.constant(prices) + most)
        planes.learn(bounds[-1], [order.tolist()], goal)

    assert goal <= min(bounds) < 1.01 * goal
    assert planes.constant(planes.best) + recollected(planes.priced(network, planes.best), 2)[
        1
    ] == (min(bounds))


def test_planes_forget_routes_that_are_not_possible_any_more() -> None:
    network = town()
    planes = Planes(network, None, _NO_ROWS, Ascent(network, None, _NO_ROWS))
    memory = Memory(network, 1)
    to_and_fro, once = [0, 1, 0], [0, 1]
    planes.learn(1, [to_and_fro, once], 0)

    grown = memory.grow([to_and_fro], 2)
    planes.forget(memory.allows)
    planes.learn(1, [[2]], 0)

    assert grown == 1
    assert set(planes.routes_in_use) <= {tuple(once), (2,)}


def grown(network: Network, rooms: list[int]) -> Memory:
    """Return a memory of what the best walks repeat, as far as there is room each time."""
    memory = Memory(network, 1)
    for room in rooms:
        _, _, order, _ = remembering(network, memory)
        memory.grow_within(network.size + room, 3, [order.tolist()], [1.0])
    return memory


@given(st.lists(st.integers(0, 40), max_size=6))
def test_walks_that_remember_most_where_it_matters_are_worth_the_same_both_ways(rooms) -> None:
    network = town()

    memory = grown(network, rooms)

    _, most, order, _ = remembering(network, memory)
    _, backwards, _, _ = remembering(network.mirrored(), memory)
    assert best_worth(network) <= most == backwards <= recollected(network, 0)[1]
    assert memory.allows(order.tolist())


def test_a_memory_that_grows_with_the_best_walks_leaves_none_that_repeats() -> None:
    network = town()

    memory = grown(network, [10_000] * 40)

    assert remembering(network, memory)[1] == best_worth(network)


def test_a_memory_grows_by_whole_repetitions_within_the_room_the_cheapest_first() -> None:
    network = town()
    memory = Memory(network, 1)
    short, long = [0, 1, 0], [2, 3, 1, 4, 2]

    kept = memory.grow_within(network.size + 2, 3, [long, short], [1.0, 1.0])

    assert kept == 1
    assert memory.subsets == network.size + 1
    assert not memory.allows(short)
    assert memory.allows(long)  # three candidates would have to remember it


def test_a_candidate_remembers_no_more_rows_than_it_may() -> None:
    network = town()
    memory = Memory(network, 1)

    kept = memory.grow_within(10_000, 1, [[0, 1, 0], [2, 1, 2]], [1.0, 0.5])

    assert kept == 1
    assert memory.allows([2, 1, 2])


@given(st.integers(1, 4))
def test_near_steps_lead_to_the_nearest(count: int) -> None:
    network = town()
    assume(count < network.size)

    near = _near(network, count)

    ride_s = network.step_s + 10**9 * np.eye(network.size, dtype=np.int64)
    assert all(near[i, ride_s[i].argmin()] for i in range(network.size))
    assert near.sum(axis=1).min() >= count
