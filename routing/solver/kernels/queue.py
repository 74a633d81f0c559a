"""Visits that nobody has looked a place up for yet, the most promising first.

To find the best place on a route takes a look at each of its stops; a bound on what the visit can
score takes none. Most visits wait here until the routes are full, when one figure of a route tells
that they don't fit. A binary heap.
"""

from routing.solver.kernels.compiled import compiled, inlined
from routing.solver.kernels.records import State, Work, World


@inlined
def _sink(work: Work, i: int, queued: int) -> None:
    """Let the visit at place i of the heap sink until those below it are less promising."""
    u, bound = work.queue_visit[i], work.queue_bound[i]
    child = 2 * i + 1
    while child < queued:
        if child + 1 < queued and work.queue_bound[child + 1] > work.queue_bound[child]:
            child += 1
        if work.queue_bound[child] <= bound:
            break
        work.queue_visit[i], work.queue_bound[i] = work.queue_visit[child], work.queue_bound[child]
        i, child = child, 2 * child + 1
    work.queue_visit[i], work.queue_bound[i] = u, bound


@compiled
def order_queue(work: Work, queued: int) -> None:
    """Make a heap of the visits and bounds that were written down in any order."""
    for i in range(queued // 2 - 1, -1, -1):
        _sink(work, i, queued)


@inlined
def dequeue(work: Work, queued: int) -> int:
    """Put the most promising visit behind the others; return how many wait now."""
    queued -= 1
    u, bound = work.queue_visit[0], work.queue_bound[0]
    work.queue_visit[0], work.queue_bound[0] = work.queue_visit[queued], work.queue_bound[queued]
    work.queue_visit[queued], work.queue_bound[queued] = u, bound
    _sink(work, 0, queued)
    return queued


@compiled
def set_slack(state: State, work: Work, r: int, mark: int) -> None:
    """Note by how much the arrival at some stop of route r could be later at most, seconds."""
    count, most_s = state.totals[r].count, 0
    for k in range(1, count + 2):
        stop = state.stops[r, k]
        most_s = max(most_s, stop.latest_s - stop.arrives_s)
    work.slack_s[r] = most_s
    work.slack_counts[r] = count
    work.slack_marks[r] = mark


@inlined
def is_too_long(
    world: World, state: State, work: Work, u: int, r: int, mark: int, margin_s: float
) -> bool:
    """Tell whether visit u alone delays every stop of route r too much, however short the ride.

    As if no ride were shorter by way of a visit, by more than `margin_s`.
    """
    if not world.is_plain:
        return False
    if work.slack_marks[r] != mark or work.slack_counts[r] != state.totals[r].count:
        set_slack(state, work, r, mark)
    return bool(world.visits[u].service_s > work.slack_s[r] + margin_s)
