"""How long a changed day takes: CPU milliseconds of `routing.replan`, and what the day is worth.

Each route is a day of one collector with 160 clients, planned first. After 12 visits one of the
stops to come is cancelled and an urgent client is added; explanations are left for later, as on
the phone. Kernels are warm and rides are known.

    python -m scripts.bench_replan [--city FOLDER] [--routes 20] [--iterations N] [--json]
"""

import argparse
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np

from routing.benchmark.collector import load
from routing.geo import Point
from routing.measure import Measured
from routing.plan import Plan
from routing.problem import Candidate, Problem, Shift, Window
from routing.replan import WARM, Added, Cancelled, Change, VisitDone, replan
from routing.solver import SolverParams, solve
from routing.travel.haversine import Haversine
from routing.travel.times import Profile
from routing.verifier import verify

CLIENTS, VISITS_MADE, CANCELLED_AFTER, REPEATS = 160, 12, 3, 5
PLANNING = SolverParams(seconds=1.0, counts_cpu=True)
DAY = Window(9 * 3600, 9 * 3600 + 510 * 60)
SPREAD_DEGREES = 0.02
MEDIAN_AMOUNT, SPREAD = 60_000, 0.9


@dataclass(frozen=True)
class Day:
    """A planned day, and what changes during it."""

    problem: Problem
    rides: Measured
    plan: Plan
    changes: tuple[Change, ...]
    now_s: int
    prize_left: int


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="CPU time of replanning a day")
    parser.add_argument("--city", type=Path, help="city pack; default great-circle rides")
    parser.add_argument("--routes", type=int, default=20)
    parser.add_argument("--iterations", type=int, default=WARM.iterations)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    params = SolverParams(iterations=options.iterations)
    days = [planned(seed, options.city) for seed in range(options.routes)]
    took_ms: list[float] = []
    reached, gains = 0, []
    for day in days:
        shares, worth = measured(day, params)
        took_ms += shares
        reached += worth >= day.prize_left
        gains.append(worth / day.prize_left)
    result = {
        "routes": len(days),
        "runs": len(took_ms),
        "p50_ms": round(median(took_ms), 1),
        "p95_ms": round(float(np.percentile(took_ms, 95)), 1),
        "max_ms": round(max(took_ms), 1),
        "reached": reached,
        "prize_ratio": round(sum(gains) / len(gains), 4),
    }
    if options.json:
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        for name, value in result.items():
            sys.stdout.write(f"{name:12} {value}\n")
    return 0


def planned(seed: int, city: Path | None) -> Day:
    """Plan a day, then let a part of it pass and change."""
    problem, rides = _on_streets(city, seed) if city else _as_the_crow_flies(seed)
    *first, urgent = problem.candidates
    morning = replace(problem, candidates=tuple(first))
    (shift,) = problem.shifts
    plan = solve(morning, Haversine(), PLANNING, seed, matrices={shift.id: rides})
    stops = plan.routes[0].stops
    made, cancelled = stops[:VISITS_MADE], stops[VISITS_MADE + CANCELLED_AFTER]
    changes: tuple[Change, ...] = (
        *(VisitDone(stop.candidate_id, stop.leaves_s) for stop in made),
        Cancelled(cancelled.candidate_id),
        Added(replace(urgent, windows=(DAY,), prize=3 * MEDIAN_AMOUNT)),
    )
    left = plan.prize - cancelled.prize
    return Day(morning, rides, plan, changes, made[-1].leaves_s, left)


def measured(day: Day, params: SolverParams) -> tuple[list[float], int]:
    """Return the CPU milliseconds of each run, and the prize of the day that comes out."""
    (shift,) = day.problem.shifts
    took_ms, worth = [], 0
    for _ in range(REPEATS):
        began_s = process_time()
        found = replan(
            day.problem,
            day.plan,
            day.changes,
            day.now_s,
            matrices={shift.id: day.rides},
            params=params,
            explain=False,
        )
        took_ms.append((process_time() - began_s) * 1000)
        worth = found.plan.prize
    violations = verify(*found.as_problem())
    if violations:
        raise SystemExit(f"the new plan breaks a rule: {violations[0]}")
    return took_ms, worth


def _as_the_crow_flies(seed: int) -> tuple[Problem, Measured]:
    dice = np.random.default_rng(seed)
    spots = dice.normal(0, SPREAD_DEGREES, (CLIENTS + 2, 2))
    points = tuple(Point(19.4 + float(a), -99.1 + float(b)) for a, b in spots)
    candidates = tuple(
        Candidate(str(i), point, int(dice.integers(480, 721)), _amount(dice), (DAY,))
        for i, point in enumerate(points[:-1])
    )
    shift = Shift("gestor", points[-1], points[-1], DAY)
    rides = Measured(points, Haversine().matrix(points, Profile.MOTORCYCLE, DAY.start_s))
    return Problem((shift,), candidates), rides


def _amount(dice: np.random.Generator) -> int:
    return round(MEDIAN_AMOUNT * float(dice.lognormal(0, SPREAD)))


def _on_streets(city: Path, seed: int) -> tuple[Problem, Measured]:
    (instance,) = load(city, [seed], [f"{CLIENTS + 1}x1"])
    (shift,) = instance.problem.shifts
    return instance.problem, instance.matrices[shift.id]


if __name__ == "__main__":
    sys.exit(main())
