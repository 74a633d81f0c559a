"""Solves one independent part of a problem."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from routing.explain import PlannedPart, part_of
from routing.measure import Measured
from routing.plan import Visit
from routing.problem import Problem
from routing.solver.parameters import Progress, ShouldStop, now_and_then

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


def plan_part(task: Task, on_progress: Progress, should_stop: ShouldStop) -> PlannedPart:
    """Solve a part, and explain what was found where it was found, beside the other parts."""
    visits = solve_part(task, on_progress, should_stop)
    return part_of(task.part, task.matrices, visits, should_stop=now_and_then(should_stop))


def solve_part(task: Task, on_progress: Progress, should_stop: ShouldStop) -> Visits:
    """Return whom each shift visits, in order: the best of several searches.

    A single search can stay in a bad valley however long it lasts: on 15 TOPTW instances, 1 CPU
    second, one search came 1.6 % below the best known, three of a third each 1.0 %, five 0.8 %.
    """
    # Both load the compiled kernels, which only those who solve should wait for.
    from routing.solver.model import Model  # noqa: PLC0415
    from routing.solver.pool import has_room, pool_of  # noqa: PLC0415
    from routing.solver.search import Budget, Search  # noqa: PLC0415
    from routing.solver.waves import is_dear  # noqa: PLC0415

    budget = Budget(task.seconds, task.iterations, task.counts_cpu)
    model = Model(task.part, task.matrices)
    pool = pool_of(model)
    best = search = _begun(Search(model, task.seed, pool), task)

    def on_chunk(used: float) -> bool:
        on_progress(used, max(best.prize, search.prize))
        return should_stop()

    goes_on = search.run(budget, on_chunk, until=_PROBE)
    runs = 1 if task.given is not None else _runs(budget.steps, len(task.part.candidates))
    waves = 0
    if is_dear(model.world) and task.given is None:
        runs, waves = 1, _waves(budget.steps, len(task.part.candidates))
    end = 1.0 - _RECOMBINE_SHARE * has_room(pool)
    for i in range(runs):
        if i > 0:
            search = _begun(Search(model, task.seed + i * _SEEDS_APART, pool), task)
        span = (end * i / runs, end * (i + 1) / runs)
        goes_on = goes_on and search.run(budget, on_chunk, span, waves=waves)
        search.settle()
        best = max(best, search, key=lambda one: one.rank)
        if not goes_on:
            break
    if goes_on and has_room(pool):
        search = _recombined(best, Search(model, task.seed, pool), task, should_stop)
        goes_on = search.run(budget, on_chunk, (end, 1.0))
        search.settle()
        best = max(best, search, key=lambda one: one.rank)
    if goes_on:
        best = _finished(best, Search(model, task.seed), task, should_stop)
    on_progress(1.0, best.prize)
    return best.best()


def _recombined(best: "Search", search: "Search", task: Task, should_stop: ShouldStop) -> "Search":
    """Have a cool search begin with the best choice among all routes met, or with the best."""
    from routing.solver.recombine import recombine  # noqa: PLC0415 - loads OR-Tools

    model = best.model
    required, value, _ = best.rank
    found = recombine(
        model.world,
        best.pool,
        least=value + model.world.bonus * required,
        seconds=None if task.iterations is not None else task.seconds * _RECOMBINE_SHARE / 2,
        # In a thread of its own its CPU seconds would not count.
        should_stop=None if task.counts_cpu else should_stop,
    )
    search.take(
        best.best()
        if found is None
        else {model.part.shifts[r].id: model.order_of(order) for r, order in found.items()}
    )
    search.cool()
    return search


# Of the time, for putting routes of all searches together and for searching on from there.
_RECOMBINE_SHARE = 0.08


def _finished(best: "Search", search: "Search", task: Task, should_stop: ShouldStop) -> "Search":
    """Let OR-Tools walk on from the best routes, and keep what is better."""
    from routing.solver.finish import finish, is_finishable  # noqa: PLC0415 - loads OR-Tools

    if not is_finishable(task.part, task.matrices):
        return best
    orders = {shift: [one.candidate_id for one in visits] for shift, visits in best.best().items()}
    limit_s = _FINISH_LIMIT_S if task.iterations is not None else task.seconds * _FINISH_SHARE
    found = finish(task.part, task.matrices, orders, limit_s, should_stop)
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
        search.cool()  # or it would wander off
    search.fill()
    return search
