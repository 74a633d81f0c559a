"""Visits that wait for a place come out by what they promise."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.measure import measure
from routing.problem import Problem
from routing.solver.kernels.queue import dequeue, order_queue
from routing.solver.model import Model, work_of
from tests.routing.situations import PaperTown, at, candidate, shift

MOST = 12
DAY = Problem((shift("ana", at(0)),), tuple(candidate(str(i), at(i)) for i in range(MOST)))
MODEL = Model(DAY, measure(DAY, PaperTown()))


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=MOST))
def test_the_most_promising_visit_comes_first_and_none_is_lost(bounds: list[float]) -> None:
    work, queued = work_of(MODEL), len(bounds)
    work.queue_bound[:queued] = bounds
    work.queue_visit[:queued] = np.arange(queued)
    order_queue(work, queued)

    taken = []
    while queued > 0:
        queued = dequeue(work, queued)
        taken.append(int(work.queue_visit[queued]))

    assert [bounds[u] for u in taken] == sorted(bounds, reverse=True)
    assert sorted(taken) == list(range(len(bounds)))
