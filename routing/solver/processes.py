"""Solves in child processes, so that parts are searched and explained side by side.

Children are spawned, never forked: the caller may have threads. They die with their caller, and
they are ended when the caller gives up (an exception from `on_progress`, Ctrl-C).
"""

import multiprocessing
from collections.abc import Iterable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from time import monotonic
from traceback import format_exc
from typing import NamedTuple

from routing.errors import SolverFailed
from routing.explain import PlannedPart
from routing.solver.parameters import ShouldStop
from routing.solver.parts import Job, Task, plan_part

_REPORT_EVERY_S = 0.2
_END_WITHIN_S = 5.0
_LOOK_EVERY_S = 0.02  # whether to stop


class _Step(NamedTuple):
    share: float
    prize: int


class _Planned(NamedTuple):
    part: PlannedPart


class _Failed(NamedTuple):
    trace: str


def plan_in_processes(
    batches: Sequence[Sequence[Job]], should_stop: ShouldStop | None
) -> list[PlannedPart]:
    """Solve each batch in a child process of its own, one job after the other.

    Progress is told in this process; `should_stop` is asked in this process too, and the children
    then give the best that they have.

    Raises
    ------
    SolverFailed
        If a child fails or dies.
    """
    context = multiprocessing.get_context("spawn")
    children: list[SpawnProcess] = []
    waiting: dict[Connection, tuple[SpawnProcess, list[Job]]] = {}
    try:
        for batch in batches:
            here, there = context.Pipe()
            child = context.Process(target=_solve_batch, args=(there,), daemon=True)
            child.start()
            there.close()
            children.append(child)
            waiting[here] = (child, list(batch))
        for here, (_child, jobs) in waiting.items():
            # Not as arguments: a child that dies before it reads those hangs whoever starts it.
            with suppress(ConnectionError):  # it has died, which is told where answers are read
                here.send([job.task for job in jobs])
        return _gather(waiting, should_stop)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.join(_END_WITHIN_S)


def _gather(
    waiting: dict[Connection, tuple[SpawnProcess, list[Job]]], should_stop: ShouldStop | None
) -> list[PlannedPart]:
    planned: list[PlannedPart] = []
    while waiting:
        if should_stop is not None and should_stop():
            _tell_to_stop(waiting)
            should_stop = None
        for pipe in wait(list(waiting), None if should_stop is None else _LOOK_EVERY_S):
            assert isinstance(pipe, Connection)  # noqa: S101 - for the type checker
            child, jobs = waiting[pipe]
            match _receive(pipe, child):
                case _Step(share, prize):
                    jobs[0].on_progress(share, prize)
                case _Planned(part):
                    planned.append(part)
                    jobs.pop(0)
            if not jobs:
                del waiting[pipe]
                pipe.close()
    return planned


def _tell_to_stop(pipes: Iterable[Connection]) -> None:
    for pipe in pipes:
        with suppress(ConnectionError):  # it has just ended: what it sent is read next
            pipe.send(None)


def _receive(pipe: Connection, child: SpawnProcess) -> _Step | _Planned:
    try:
        message: _Step | _Planned | _Failed = pipe.recv()
    except (EOFError, ConnectionError):
        child.join(_END_WITHIN_S)
        code = child.exitcode
        raise SolverFailed(f"a solving process died with exit code {code}") from None
    if isinstance(message, _Failed):
        raise SolverFailed(f"a solving process failed:\n{message.trace}")
    return message


def _solve_batch(pipe: Connection) -> None:
    """Solve the tasks that come, one after the other, and send what happens; runs in the child."""
    with suppress(ConnectionError, EOFError, KeyboardInterrupt):  # nobody waits for the answer
        tasks: list[Task] = pipe.recv()
        for task in tasks:
            try:
                pipe.send(_Planned(plan_part(task, _Reporter(pipe), pipe.poll)))
            except ConnectionError:
                raise
            except Exception:  # noqa: BLE001 - the caller raises it with this trace
                pipe.send(_Failed(format_exc()))
                return


class _Reporter:
    """Sends progress through the pipe, not too often."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._sent_at = 0.0

    def __call__(self, share: float, prize: int) -> None:
        now = monotonic()
        if share >= 1 or now - self._sent_at >= _REPORT_EVERY_S:
            self._pipe.send(_Step(share, prize))
            self._sent_at = now
