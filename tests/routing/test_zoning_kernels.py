"""The loops of zoning do what slower ways do."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from routing.zoning import Ground, kernels
from routing.zoning.starts import first_centres
from tests.routing.test_zoning import town

CENTRES = np.array([3, 40, 41, 170, 250, 399], dtype=np.int64)


def along_borders(ground: Ground, delay: np.ndarray) -> np.ndarray:
    """When each centre reaches each unit, float64[centres, units]."""
    borders = ground.units.borders
    count = len(ground.units.work)
    graph = csr_matrix((borders.length_m, borders.near, borders.first), shape=(count, count))
    return dijkstra(graph, indices=CENTRES) + delay[:, None]


@pytest.mark.parametrize("most", [1, 3, 6])
def test_the_centres_that_reach_a_place_first_are_those_nearest_along_borders(most):
    ground = Ground(town(400))
    delay = np.array([0.0, 900.0, 0.0, 50.0, 1200.0, 10.0])

    who, after = kernels.reach_first(ground.units.borders, CENTRES, delay, most)

    when = along_borders(ground, delay)
    assert after == pytest.approx(np.sort(when, axis=0)[:most].T)
    rows = np.arange(len(who))
    for place in range(most):
        assert after[:, place] == pytest.approx(when[who[:, place], rows])


def test_a_part_that_no_border_joins_is_reached_by_nobody_else():
    borders = kernels.Borders(
        first=np.array([0, 1, 2, 3, 4], dtype=np.int32),
        near=np.array([1, 0, 3, 2], dtype=np.int32),
        length_m=np.array([5.0, 5.0, 7.0, 7.0]),
    )

    who, after = kernels.reach_first(borders, np.array([0, 2]), np.zeros(2), 2)

    assert who.tolist() == [[0, -1], [0, -1], [1, -1], [1, -1]]
    assert after.tolist() == [[0, np.inf], [5, np.inf], [0, np.inf], [7, np.inf]]


def test_delays_begin_where_they_are_told_to_and_end_once_loads_are_even_enough():
    units = Ground(town(1200)).units
    work = np.ascontiguousarray(units.work[:, 0])
    target, nowhere = np.full(6, work.sum() / 6), np.full(6, -1)
    centres = first_centres(units, target, nowhere, np.random.default_rng(1))
    who, after = kernels.reach_first(units.borders, centres, np.zeros(6), 6)

    delay, error = kernels.tuned_delays(who, after, work, target, 3000.0, np.zeros(6), 0.02)
    again, same = kernels.tuned_delays(who, after, work, target, 3000.0, delay, 0.02)

    load = np.bincount(kernels.choices_under(who, after, delay), work, 6)
    assert np.abs(load / target - 1).max() == pytest.approx(error)
    assert 0.0 < error < 0.02
    assert again == pytest.approx(delay)
    assert same == error
