"""Gives every method the same instances and the same CPU seconds, and checks what comes back."""

import multiprocessing
import resource
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from time import process_time
from traceback import format_exc

from routing.benchmark.instance import Instance, tiny
from routing.benchmark.peers import METHODS, Answer, Budget
from routing.benchmark.report import Row
from routing.errors import InvalidProblem, RoutingError, SolverFailed
from routing.explain import plan_of
from routing.solver.warm import warm
from routing.verifier import Rule, verify

_END_WITHIN_S = 5.0
_KIB_IN_MIB = 1024
# On larger days nobody checks why others were left out: the reasons are ours, for every method.
_PAIRS_WITH_REASONS = 250_000
_WEAK = {Rule.LEFT_OUT}  # a plan that could take one more visit is weak, not wrong


@dataclass(frozen=True, slots=True)
class Trial:
    """One method on one instance."""

    instance: Instance
    method: str
    cpu_s: float
    seed: int


def run(
    instances: Iterable[Instance],
    methods: Sequence[str],
    cpu_seconds: Sequence[float],
    seeds: Sequence[int],
) -> Iterator[Row]:
    """Try every method on every instance, each in a process of its own, one after the other.

    An instance that was made from a seed is tried with that seed of the search; one from a file
    with all of them. Every answer is checked by the independent verifier.

    Raises
    ------
    InvalidProblem
        If a method is unknown.
    SolverFailed
        If a method fails.
    """
    for method in methods:
        if method not in METHODS:
            raise InvalidProblem("methods", f"expected of {', '.join(METHODS)}, got {method!r}")
    if "ours" in methods:
        warm()  # kept on the disk, where each process finds it: compiling counts for nobody
    for instance in instances:
        for cpu_s in cpu_seconds:
            for seed in seeds if instance.seed is None else [instance.seed]:
                for method in methods:
                    yield _row(Trial(instance, method, cpu_s, seed))


def _row(trial: Trial) -> Row:
    answer, memory_mb = _in_child(trial)
    instance = trial.instance
    plan = plan_of(
        instance.problem,
        instance.matrices,
        answer.orders,
        seed=trial.seed,
        solver=answer.made_by,
        swaps_too=False,
    )
    travel_s = sum(route.travel_s for route in plan.routes)
    pairs = len(instance.problem.candidates) * len(instance.problem.shifts)
    broken = verify(
        instance.problem, plan, instance.matrices, reasons_too=pairs <= _PAIRS_WITH_REASONS
    )
    cost = travel_s * instance.problem.travel_cost_per_hour // 3600 if instance.is_cost else 0
    return Row(
        instance=instance.name,
        m=instance.m,
        method=trial.method,
        cpu_seconds=trial.cpu_s,
        seed=trial.seed,
        score=plan.prize - cost,
        travel=travel_s,
        violations=sum(one.rule not in _WEAK for one in broken),
        visits=sum(len(route.stops) for route in plan.routes),
        cpu_used=round(answer.cpu_used_s, 3),
        best_known=instance.best_known,
        made_by=answer.made_by,
        metres=sum(route.travel_m for route in plan.routes),
        memory_mb=round(memory_mb, 1),
    )


def _in_child(trial: Trial) -> tuple[Answer, float]:
    """Run a method in a fresh process, so that none inherits what another has warmed up."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_answer, args=(trial, there), daemon=True)
    child.start()
    there.close()
    try:
        answer: tuple[Answer, float] | str = here.recv()
    except EOFError:
        answer = "the process died"
    finally:
        child.join(_END_WITHIN_S)
        child.terminate()
    if isinstance(answer, str):
        raise SolverFailed(f"{trial.method} on {trial.instance.name}:\n{answer}")
    return answer


def _answer(trial: Trial, pipe: Connection) -> None:
    try:
        # Libraries are loaded and kernels linked before the clock starts, for every method.
        METHODS[trial.method](tiny(), Budget(0.05, 0))
        budget = Budget(trial.cpu_s, trial.seed, process_time())
        answer = METHODS[trial.method](trial.instance, budget)
        memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_IN_MIB
        pipe.send((answer, memory_mb))
    except RoutingError as error:
        pipe.send(str(error))
    except Exception:  # noqa: BLE001 - the parent raises it with this trace
        pipe.send(format_exc())
