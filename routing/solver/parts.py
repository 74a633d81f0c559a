"""Solves one independent part of a problem: first by OR-Tools, then by ruin and recreate."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

import numpy as np

from routing.measure import Measured
from routing.problem import Problem
from routing.solver.fill import Orders
from routing.solver.parameters import Progress
from routing.solver.refine import Budget, Refiner
from routing.solver.worth import Worth
from routing.timetable import Timetable, timetables

# Of the budget; measured on public TOPTW instances with one and more routes.
_ENGINE_SHARE = 0.2
_ENGINE_FROM = 12  # with fewer who can be visited, refining alone finds the best at once
_ENGINE_MOST_S = 10.0  # no better after that, and nothing can interrupt it
_LEAST_REFINE_SHARE = 0.2


Visits = dict[str, list[str]]  # by shift id: candidate ids in order


@dataclass(frozen=True, slots=True)
class Task:
    """One part, its travel times, and what it may spend; crosses process borders."""

    part: Problem
    matrices: Mapping[str, Measured]
    seconds: float
    iterations: int | None
    seed: int


class Job(NamedTuple):
    """A task and who wants to know how it goes."""

    task: Task
    on_progress: Progress


def solve_part(task: Task, on_progress: Progress) -> Visits:
    """Return who is visited by each shift, in order."""
    part = task.part
    tables = timetables(part, task.matrices)

    def report(share: float, orders: Orders) -> None:
        prize = sum(part.candidates[candidate].prize for order in orders for candidate in order)
        on_progress(share, prize)

    orders = _search(task, tables, report)
    report(1.0, orders)
    return {
        part.shifts[v].id: [part.candidates[candidate].id for candidate in order]
        for v, order in enumerate(orders)
    }


def _search(
    task: Task, tables: Sequence[Timetable], report: Callable[[float, Orders], None]
) -> Orders:
    began = monotonic()
    worth = Worth(task.part, tables)
    visitable = int(np.any([table.visitable for table in tables], axis=0).sum())
    orders: Orders = [[] for _ in tables]
    if visitable == 0:
        return orders
    engine_share = _ENGINE_SHARE if visitable >= _ENGINE_FROM else 0.0
    if engine_share:
        orders = _first_orders(task, tables, worth, lambda found: report(0.0, found))
    left_s = task.seconds - (monotonic() - began)  # OR-Tools may overrun its share
    budget = Budget(max(left_s, task.seconds * _LEAST_REFINE_SHARE), task.iterations, visitable)
    return Refiner(tables, worth, task.seed).improve(
        orders, budget, lambda used, best: report(engine_share + (1 - engine_share) * used, best)
    )


def _first_orders(
    task: Task, tables: Sequence[Timetable], worth: Worth, on_better: Callable[[Orders], None]
) -> Orders:
    from routing.solver.engine import first_orders  # noqa: PLC0415 - loads OR-Tools

    return first_orders(
        tables,
        worth,
        seed=task.seed,
        seconds=min(task.seconds * _ENGINE_SHARE, _ENGINE_MOST_S),
        solutions=task.iterations,
        on_better=on_better,
    )
