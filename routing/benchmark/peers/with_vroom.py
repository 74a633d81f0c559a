"""VROOM by its Python binding: deeper and deeper exploration as long as the budget lasts."""

from collections.abc import Sequence
from datetime import timedelta
from importlib.metadata import version
from typing import Any

import numpy as np

from routing.benchmark.instance import Grid, Instance, grid_of
from routing.benchmark.peers.answer import Answer, Budget, PeerMissing

_LEVELS = 100  # VROOM's priorities are 0..100 and come before any cost
_DEEPEST = 5


def solve_with_vroom(instance: Instance, budget: Budget) -> Answer:
    """Solve at exploration levels 1, 3 and 5 in turn; the best within the budget counts.

    VROOM can be told a limit of wall time only, which is what the budget has left.

    Raises
    ------
    PeerMissing
        If VROOM is not installed.
    """
    try:
        import vroom  # noqa: PLC0415 - a peer, needed by nobody else
    except ImportError:
        raise PeerMissing("VROOM is not installed: pip install pyvroom") from None
    grid = grid_of(instance)
    orders: dict[str, list[str]] = {shift.id: [] for shift in instance.problem.shifts}
    best, used_s = -1, budget.used_s()
    for level in range(1, _DEEPEST + 1, 2):
        if budget.left_s() <= 0:
            break
        problem = _input(vroom, instance, grid)
        answer = problem.solve(level, 1, timedelta(seconds=max(0.05, budget.left_s())))
        found = _orders(instance, answer)
        prize = _prize(instance, found)
        if prize > best:
            best, orders = prize, found
        used_s = budget.used_s()
    return Answer(orders, used_s, f"vroom {version('pyvroom')}")


def _input(peer: Any, instance: Instance, grid: Grid) -> Any:
    problem = instance.problem
    made = peer.Input()
    # A matrix of unsigned integers, or VROOM reads nonsense.
    made.set_durations_matrix("car", grid.seconds.astype(np.uint32))
    has_limit = any(shift.cash_limit is not None for shift in problem.shifts)
    for v, shift in enumerate(problem.shifts):
        made.add_vehicle(
            peer.Vehicle(
                v,
                start=grid.start_place[v],
                end=grid.end_place[v],
                capacity=[shift.cash_limit] if has_limit else [],
                time_window=peer.TimeWindow(shift.window.start_s, shift.window.end_s),
            )
        )
    largest = max(candidate.prize for candidate in problem.candidates)
    for i, candidate in enumerate(problem.candidates):
        window = candidate.windows[0]
        made.add_job(
            peer.Job(
                i,
                location=grid.candidate_place[i],
                default_service=candidate.stay_s,
                delivery=peer.Amount([candidate.cash]) if has_limit else peer.Amount([]),
                priority=round(_LEVELS * candidate.prize / largest),
                time_windows=[peer.TimeWindow(window.start_s, window.end_s)],
            )
        )
    return made


def _orders(instance: Instance, answer: Any) -> dict[str, list[str]]:
    shifts, candidates = instance.problem.shifts, instance.problem.candidates
    orders: dict[str, list[str]] = {shift.id: [] for shift in shifts}
    for step in answer.routes.to_dict("records"):
        if step["type"] == "job":
            orders[shifts[int(step["vehicle_id"])].id].append(candidates[int(step["id"])].id)
    return orders


def _prize(instance: Instance, orders: dict[str, Sequence[str]] | dict[str, list[str]]) -> int:
    visited = {one for order in orders.values() for one in order}
    return sum(one.prize for one in instance.problem.candidates if one.id in visited)
