"""Chooses whom each shift visits and in which order, for the most prize after travel."""

from collections.abc import Sequence
from importlib.metadata import version
from time import monotonic

from routing.explain import plan_from
from routing.measure import Matrices, measure, split
from routing.plan import Orders, Plan, Visit
from routing.problem import Problem
from routing.solver.parameters import Progress, ShouldStop, SolverParams
from routing.solver.parts import Job, Task, Visits, plan_part, solve_part
from routing.solver.processes import plan_in_processes
from routing.travel.times import TravelTimes

_TELL_EVERY_S = 0.2

__all__ = ["Progress", "ShouldStop", "SolverParams", "best_orders", "solve", "solver_name"]


def solve(  # noqa: PLR0913 - what it may be told is optional, and told by name
    problem: Problem,
    travel: TravelTimes,
    params: SolverParams | None = None,
    seed: int = 0,
    on_progress: Progress | None = None,
    *,
    processes: int = 0,
    matrices: Matrices | None = None,
    start: Orders | None = None,
    should_stop: ShouldStop | None = None,
) -> Plan:
    """Return the best plan found within the limits; it keeps every rule of `routing.verify`.

    The objective is the sum of the prizes of those visited minus the price of travel. Required
    candidates come before all others. The problem is split into parts that share no shift (zones
    make one per collector), which share the time.

    Parameters
    ----------
    seed : int
        Another seed searches elsewhere. The same seed gives the same plan if `params` limits
        iterations; under a wall limit a busy machine finds less.
    on_progress : callable of share (0..1) and best prize so far, optional
        Called now and then, always in this process. What it raises ends the search and reaches
        the caller at once.
    processes : int
        0 solves here, mostly without the GIL; N > 0 solves the parts side by side in up to N child
        processes.
    matrices : result of `routing.measure`, optional
        Saves asking `travel` again.
    start : mapping of shift id to visits, optional
        Where to begin, such as the plan of this morning: the result is never worse, except for
        visits that do not fit (any more), which are left out.
    should_stop : callable, optional
        Asked every few hundredths of a second, in this process. When it returns True the best
        plan found so far is returned.

    Raises
    ------
    TravelTimesUnavailable
        If `travel` can't answer.
    SolverFailed
        If a child process fails or dies.
    """
    params = params or SolverParams()
    matrices = measure(problem, travel) if matrices is None else matrices
    total = Total(on_progress)
    batches = _batches(split(problem), matrices, params, seed, max(1, processes), total, start)
    if processes > 0:
        parts = plan_in_processes(batches, should_stop)
    else:
        asked = should_stop or _never
        parts = [plan_part(job.task, job.on_progress, asked) for jobs in batches for job in jobs]
    plan = plan_from(problem, matrices, parts, seed=seed, solver=solver_name())
    total.finish(plan.prize)
    return plan


def best_orders(
    problem: Problem, matrices: Matrices, params: SolverParams, seed: int
) -> dict[str, list[Visit]]:
    """Return whom each shift visits, by its id: `solve` without the explanations of a plan."""
    (jobs,) = _batches(split(problem), matrices, params, seed, 1, Total(None), None) or [[]]
    solved = [solve_part(job.task, job.on_progress, _never) for job in jobs]
    return {shift_id: order for visits in solved for shift_id, order in visits.items()}


def solver_name() -> str:
    """Return what made the plans, with versions."""
    return f"ruin and recreate 5, numba {version('numba')}, ortools {version('ortools')}"


def _never() -> bool:
    return False


def _batches(
    parts: Sequence[Problem],
    matrices: Matrices,
    params: SolverParams,
    seed: int,
    count: int,
    total: "Total",
    start: Orders | None,
) -> list[list[Job]]:
    """Deal the parts out, largest first to who has least; the parts of a batch share the time."""
    dealt: list[list[Problem]] = [[] for _ in range(min(count, len(parts)))]
    for part in sorted(parts, key=_size, reverse=True):
        min(dealt, key=_sizes).append(part)
    return [
        [
            Job(
                Task(
                    part=part,
                    matrices={shift.id: matrices[shift.id] for shift in part.shifts},
                    seconds=params.seconds * _size(part) / _sizes(batch),
                    iterations=params.iterations,
                    counts_cpu=params.counts_cpu,
                    seed=seed,
                    given=_given(part, start),
                ),
                total.progress_of(_size(part)),
            )
            for part in batch
        ]
        for batch in dealt
    ]


def _given(part: Problem, start: Orders | None) -> Visits | None:
    if start is None:
        return None
    return {
        shift.id: [one if isinstance(one, Visit) else Visit(one) for one in start.get(shift.id, ())]
        for shift in part.shifts
    }


def _size(part: Problem) -> int:
    return len(part.candidates)


def _sizes(parts: Sequence[Problem]) -> int:
    return sum(_size(part) for part in parts)


class Total:
    """Adds up the progress of the parts, weighed by their candidates, and tells it now and then."""

    def __init__(self, on_progress: Progress | None) -> None:
        self._tell = on_progress or (lambda share, prize: None)
        self._told_at = 0.0
        self._weights: list[int] = []
        self._shares: list[float] = []
        self._prizes: list[int] = []

    def progress_of(self, weight: int) -> Progress:
        """Return what one part calls with its own progress."""
        i = len(self._weights)
        self._weights.append(weight)
        self._shares.append(0.0)
        self._prizes.append(0)

        def report(share: float, prize: int) -> None:
            self._shares[i], self._prizes[i] = min(1.0, share), prize
            now = monotonic()
            if now - self._told_at < _TELL_EVERY_S:
                return
            self._told_at = now
            done = sum(w * s for w, s in zip(self._weights, self._shares, strict=True))
            self._tell(done / sum(self._weights), sum(self._prizes))

        return report

    def finish(self, prize: int) -> None:
        """Tell that everything is done."""
        self._tell(1.0, prize)
