"""Solves one independent part of a problem."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from routing.measure import Measured
from routing.plan import Visit
from routing.problem import Problem
from routing.solver.parameters import Progress, ShouldStop

Visits = dict[str, list[Visit]]  # by shift id, in order


@dataclass(frozen=True, slots=True)
class Task:
    """One part, its travel times, and what it may spend; crosses process borders.

    ``given`` are the visits to begin with, by shift id; None begins with empty routes.
    """

    part: Problem
    matrices: Mapping[str, Measured]
    seconds: float
    iterations: int | None
    counts_cpu: bool
    seed: int
    given: Visits | None


class Job(NamedTuple):
    """A task and who wants to know how it goes."""

    task: Task
    on_progress: Progress


def solve_part(task: Task, on_progress: Progress, should_stop: ShouldStop) -> Visits:
    """Return whom each shift visits, in order."""
    # Both load the compiled kernels, which only those who solve should wait for.
    from routing.solver.model import Model  # noqa: PLC0415
    from routing.solver.search import Budget, Search  # noqa: PLC0415

    budget = Budget(task.seconds, task.iterations, task.counts_cpu)
    search = Search(Model(task.part, task.matrices), task.seed)
    if task.given is not None:
        search.take(task.given)
    search.fill()

    def on_chunk(used: float) -> bool:
        on_progress(used, search.prize)
        return should_stop()

    search.run(budget, on_chunk)
    search.settle()
    on_progress(1.0, search.prize)
    return search.best()
