"""Solves one independent part of a problem."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from routing.measure import Measured
from routing.plan import Visit
from routing.problem import Problem
from routing.solver.parameters import Progress, ShouldStop

if TYPE_CHECKING:
    from routing.solver.search import Search

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


# Share of the budget that shows how many steps the whole of it allows.
_PROBE = 0.02
# Searches shorter than that many steps per candidate end too early to be worth having.
_STEPS_PER_CANDIDATE = 40
_MOST_RUNS = 8
_STEPS_PER_WAVE = 25  # for each candidate
_MOST_WAVES = 32
_SEEDS_APART = 1_000_003  # so that the searches of neighbouring seeds are not the same


def solve_part(task: Task, on_progress: Progress, should_stop: ShouldStop) -> Visits:
    """Return whom each shift visits, in order: the best of several searches.

    A single search can stay in a bad valley however long it lasts: on 15 TOPTW instances, 1 CPU
    second, one search came 1.6 % below the best known, three of a third each 1.0 %, five 0.8 %.
    """
    # Both load the compiled kernels, which only those who solve should wait for.
    from routing.solver.model import Model  # noqa: PLC0415
    from routing.solver.search import Budget, Search  # noqa: PLC0415
    from routing.solver.waves import is_dear  # noqa: PLC0415

    budget = Budget(task.seconds, task.iterations, task.counts_cpu)
    model = Model(task.part, task.matrices)
    best = search = _begun(Search(model, task.seed), task)

    def on_chunk(used: float) -> bool:
        on_progress(used, max(best.prize, search.prize))
        return should_stop()

    goes_on = search.run(budget, on_chunk, until=_PROBE)
    runs = 1 if task.given is not None else _runs(budget.steps, len(task.part.candidates))
    waves = 0
    if is_dear(model.world) and task.given is None:
        runs, waves = 1, _waves(budget.steps, len(task.part.candidates))
    for i in range(runs):
        if i > 0:
            search = _begun(Search(model, task.seed + i * _SEEDS_APART), task)
        goes_on = goes_on and search.run(budget, on_chunk, (i / runs, (i + 1) / runs), waves=waves)
        search.settle()
        best = max(best, search, key=lambda one: one.rank)
        if not goes_on:
            break
    best = _finished(best, Search(model, task.seed), task)
    on_progress(1.0, best.prize)
    return best.best()


def _finished(best: "Search", search: "Search", task: Task) -> "Search":
    """Let OR-Tools walk on from the best routes, and keep what is better."""
    from routing.solver.finish import finish, is_finishable  # noqa: PLC0415 - loads OR-Tools

    if not is_finishable(task.part, task.matrices):
        return best
    orders = {shift: [one.candidate_id for one in visits] for shift, visits in best.best().items()}
    limit_s = _FINISH_LIMIT_S if task.iterations is not None else task.seconds * _FINISH_SHARE
    found = finish(task.part, task.matrices, orders, limit_s)
    if found is None:
        return best
    search.take(found)
    search.settle()
    return max(best, search, key=lambda one: one.rank)


# Of the time for searching, on top of it; a descent usually ends long before.
_FINISH_SHARE = 0.05
_FINISH_LIMIT_S = 10.0  # where steps are counted, time must not decide


def _runs(steps_of_probe: int, candidates: int) -> int:
    steps = steps_of_probe / _PROBE
    return max(1, min(_MOST_RUNS, int(steps / (_STEPS_PER_CANDIDATE * max(1, candidates)))))


def _waves(steps_of_probe: int, candidates: int) -> int:
    steps = steps_of_probe / _PROBE
    return max(1, min(_MOST_WAVES, int(steps / (_STEPS_PER_WAVE * max(1, candidates)))))


def _begun(search: "Search", task: Task) -> "Search":
    if task.given is not None:
        search.take(task.given)
    search.fill()
    return search
