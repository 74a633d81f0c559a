"""What collectors do without a planner: ride to whoever is nearest, or follow the list."""

from collections.abc import Callable, Sequence

from routing.benchmark.instance import Grid, Instance, grid_of
from routing.benchmark.peers.answer import Answer, Budget
from routing.problem import Candidate, Shift

Choose = Callable[[Sequence[tuple[int, int]]], tuple[int, int]]  # of (ride in seconds, candidate)


def nearest_first(instance: Instance, budget: Budget) -> Answer:
    """Ride to the nearest client who is at home and can still be visited, again and again."""
    return _walk(instance, budget, min, "nearest neighbour")


def in_listed_order(instance: Instance, budget: Budget) -> Answer:
    """Visit in the order of the spreadsheet whoever can still be visited."""
    return _walk(instance, budget, lambda choices: choices[0], "order of the list")


def _walk(instance: Instance, budget: Budget, choose: Choose, made_by: str) -> Answer:
    grid, shifts = grid_of(instance), instance.problem.shifts
    # Without zones everybody gets an equal share of the list, as it is dealt in an office.
    left = dict(enumerate(instance.problem.candidates))
    shares = [list(left)[v :: len(shifts)] for v in range(len(shifts))]
    orders = {}
    for v, shift in enumerate(shifts):
        pool = {i: left[i] for i in shares[v]}
        orders[shift.id] = [
            instance.problem.candidates[i].id for i in _route(grid, v, shift, pool, choose)
        ]
    return Answer(orders, budget.used_s(), made_by)


def _route(
    grid: Grid, v: int, shift: Shift, pool: dict[int, Candidate], choose: Choose
) -> list[int]:
    order: list[int] = []
    now_s, here, carried = shift.window.start_s, grid.start_place[v], 0
    while True:
        choices = []
        for i, candidate in pool.items():
            ride_s = int(grid.seconds[here, grid.candidate_place[i]])
            left_s = _leaves_s(candidate, now_s + ride_s)
            home_s = int(grid.seconds[grid.candidate_place[i], grid.end_place[v]])
            has_room = shift.cash_limit is None or carried + candidate.cash <= shift.cash_limit
            if left_s is not None and left_s + home_s <= shift.window.end_s and has_room:
                choices.append((ride_s, i))
        if not choices:
            return order
        ride_s, i = choose(choices)
        candidate = pool.pop(i)
        now_s = _leaves_s(candidate, now_s + ride_s) or now_s
        here, carried = grid.candidate_place[i], carried + candidate.cash
        order.append(i)


def _leaves_s(candidate: Candidate, arrives_s: int) -> int | None:
    """Return when a visit that begins on arrival is over; nobody waits for a window to open."""
    if any(window.start_s <= arrives_s <= window.end_s for window in candidate.windows):
        return arrives_s + candidate.stay_s
    return None
