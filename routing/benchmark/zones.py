"""Many zones at once, each with a collector of its own, on a few processes."""

import resource
from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import perf_counter

from routing.benchmark.collector import Size, make
from routing.measure import Measured
from routing.problem import Candidate, Problem, Shift
from routing.solver import SolverParams, solve
from routing.travel.haversine import Haversine
from routing.travel.streets.engine import StreetTravel

_KIB_IN_MIB = 1024


@dataclass(frozen=True, slots=True)
class ZonesRun:
    """What planning all zones took and gave.

    Attributes
    ----------
    cpu_seconds : float
        Allowed for each zone.
    wall_s : float
        For all, starting the processes and explaining the plan included.
    worker_mb : float
        Most memory that a worker held, MiB.
    """

    zones: int
    processes: int
    cpu_seconds: float
    wall_s: float
    prize: int
    worker_mb: float


def zones_problem(
    travel: StreetTravel, zones: int, clients: int
) -> tuple[Problem, dict[str, Measured]]:
    """Return one problem of many zones, whose clients only the collector of the zone may visit."""
    shifts: list[Shift] = []
    candidates: list[Candidate] = []
    matrices: dict[str, Measured] = {}
    for shift, people, measured in _zones(travel, zones, clients):
        shifts.append(shift)
        candidates += people
        matrices[shift.id] = measured
    return Problem(tuple(shifts), tuple(candidates)), matrices


def _zones(
    travel: StreetTravel, zones: int, clients: int
) -> Iterator[tuple[Shift, list[Candidate], Measured]]:
    for zone in range(1, zones + 1):
        instance = make(travel, Size(clients, 1, 1), seed=zone)
        (shift,) = instance.problem.shifts
        own = replace(shift, id=f"zone {zone}", collector=f"c{zone}")
        people = [
            replace(one, id=f"{zone}/{one.id}", shifts=frozenset({own.id}))
            for one in instance.problem.candidates
        ]
        yield own, people, instance.matrices[shift.id]


def run_zones(
    problem: Problem, matrices: dict[str, Measured], processes: int, cpu_seconds: float
) -> ZonesRun:
    """Plan all zones with so many CPU seconds for each, side by side."""
    zones = len(problem.shifts)
    # Each process shares the time out among its zones.
    params = SolverParams(seconds=cpu_seconds * zones / processes, counts_cpu=True)
    began_s = perf_counter()
    plan = solve(problem, Haversine(), params, processes=processes, matrices=matrices)
    wall_s = perf_counter() - began_s
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / _KIB_IN_MIB
    return ZonesRun(zones, processes, cpu_seconds, wall_s, plan.prize, most)
