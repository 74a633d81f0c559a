"""Bounds of a day of several collectors: one for each route that shares its clients with nobody."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing.synchronize import Event

from routing.bound.proof import Bound, bound_of
from routing.errors import SolverFailed
from routing.measure import Matrices, split
from routing.plan import Plan
from routing.problem import Problem

OnShare = Callable[[float], None]  # share of the routes that are done, 0..1

_LOOK_EVERY_S = 0.2


def bounds_of(
    problem: Problem,
    plan: Plan,
    matrices: Matrices,
    *,
    seconds: float,
    processes: int,
    on_share: OnShare | None = None,
) -> dict[str, Bound]:
    """Return by shift what no route of it can exceed, with what the plan makes of it.

    A plan of all these shifts can't exceed the sum: candidates are split so that none could have
    been visited by another shift. Shifts that share candidates have no bound.

    Parameters
    ----------
    seconds : float > 0
        CPU seconds for each route, in one of so many child processes.
    on_share : callable, optional
        What it raises ends the children and reaches the caller.

    Raises
    ------
    SolverFailed
        If a child dies.
    """
    routes = {route.shift_id: route for route in plan.routes}
    parts = [part for part in split(problem) if len(part.shifts) == 1 and part.candidates]
    context = multiprocessing.get_context("spawn")
    is_over = context.Event()
    bounds: dict[str, Bound] = {}
    with ProcessPoolExecutor(processes, context, _hear, (is_over,)) as pool:
        try:
            waiting: dict[Future[Bound], str] = {}
            for part in parts:
                (shift,) = part.shifts
                own = replace(plan, routes=(routes[shift.id],), skipped=())
                rides = {shift.id: matrices[shift.id]}
                waiting[pool.submit(_bound, part, rides, own, seconds)] = shift.id
            while waiting:
                done, _ = wait(waiting, _LOOK_EVERY_S, FIRST_COMPLETED)
                bounds |= {waiting.pop(one): one.result() for one in done}
                if on_share is not None:
                    on_share(len(bounds) / len(parts))
        except BrokenProcessPool as error:
            raise SolverFailed(f"a process that computes a bound died: {error}") from error
        except BaseException:
            is_over.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return bounds


class _CallerGaveUpError(Exception):
    """Ends a search in a child."""


def _hear(is_over: Event) -> None:
    global _is_over  # noqa: PLW0603 - a child of the pool is told once, when it begins
    _is_over = is_over


_is_over: Event | None = None


def _bound(part: Problem, matrices: Matrices, plan: Plan, seconds: float) -> Bound:
    """Compute the bound of one route; runs in a child."""

    def listen(_share: float, _upper: float, _lower: float) -> None:
        if _is_over is not None and _is_over.is_set():
            raise _CallerGaveUpError

    return bound_of(part, matrices, plan, seconds=seconds, on_progress=listen)
