"""Days as the phone orders them anew, and the same days as the server's solver takes them."""

import json
import random
import subprocess
from dataclasses import dataclass
from typing import Any

import numpy as np

from routing import Candidate, Point, Problem, Profile, Shift, SolverParams, Window, measure, solve
from routing.plan import Plan
from routing.travel.given import MatrixTravel
from tests.javascript.test_node import ROOT, node

HOUR_S = 3600
OPENS_S, CLOSES_S = 7 * HOUR_S, 22 * HOUR_S  # what the law leaves open
SERVICE_S = 8 * 60
CENTS_PER_HOUR = 150_00
RUNNER = ROOT / "tests" / "javascript" / "replan_each.mjs"


@dataclass(frozen=True)
class Case:
    """One day: `matrix` is over the start, the clients, and the end, which is the start."""

    matrix: list[list[int]]
    windows: list[list[tuple[int, int]]]
    prizes: list[int]
    required: list[bool]
    starts_s: int
    ends_s: int

    @property
    def size(self) -> int:
        return len(self.prizes)


def case(size: int, seed: int, hours: float) -> Case:
    """A town with clusters, one-way streets, appointments, and afternoons that are closed."""
    dice = random.Random(seed)
    centres = [(dice.uniform(0, 7_000), dice.uniform(0, 7_000)) for _ in range(4)]
    places = [(3_500.0, 3_500.0)]
    for _ in range(size):
        x, y = dice.choice(centres)
        places.append((x + dice.gauss(0, 900), y + dice.gauss(0, 900)))
    ways = [[_ride_s(dice, a, b) for b in places] for a in places]
    starts = 8 * HOUR_S + dice.randrange(4) * HOUR_S
    kinds = [dice.random() for _ in range(size)]
    return Case(
        matrix=[[0 if i == j else way for j, way in enumerate(row)] for i, row in enumerate(ways)],
        windows=[_windows(dice, kind, starts) for kind in kinds],
        prizes=[dice.randrange(3_000, 40_000) for _ in range(size)],
        required=[kind < 0.06 for kind in kinds],
        starts_s=starts,
        ends_s=starts + int(hours * HOUR_S),
    )


def _ride_s(dice: random.Random, a: tuple[float, float], b: tuple[float, float]) -> int:
    metres = abs(a[0] - b[0]) + abs(a[1] - b[1])
    return 40 + round(metres / 7 * dice.uniform(1, 1.15))


def _windows(dice: random.Random, kind: float, starts: int) -> list[tuple[int, int]]:
    if kind < 0.12:  # an appointment
        hour = starts + dice.randrange(1, 6) * HOUR_S
        return [(hour, hour + HOUR_S)]
    if kind < 0.3:  # not at the hour of lunch
        return [(OPENS_S, 13 * HOUR_S), (16 * HOUR_S, CLOSES_S - SERVICE_S)]
    return [(OPENS_S, CLOSES_S - SERVICE_S)]


def on_the_phone(
    cases: list[Case], orders: list[list[int]] | None = None, *, is_timed: bool = False
) -> list[dict[str, Any]]:
    """Return what the phone's search finds: ``order`` and milliseconds of each.

    Parameters
    ----------
    is_timed : bool
        Stop as early as the page does; else what is found is the same on any machine.
    """
    known = orders or [[] for _ in cases]
    asked = [
        {"problem": _for_phone(one), "order": order, "isTimed": is_timed}
        for one, order in zip(cases, known, strict=True)
    ]
    run = subprocess.run(
        [node(), RUNNER], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


def _for_phone(one: Case) -> dict[str, Any]:
    visits = [
        {
            "place": n + 1,
            "service": SERVICE_S,
            "windows": one.windows[n],
            "prize": one.prizes[n],
            "required": one.required[n],
        }
        for n in range(one.size)
    ]
    return {
        "matrix": one.matrix,
        "start": 0,
        "end": 0,
        "startsAt": one.starts_s,
        "endsAt": one.ends_s,
        "cents": CENTS_PER_HOUR,
        "visits": visits,
    }


def on_the_server(one: Case, params: SolverParams) -> Plan:
    """Return the plan of the server's solver."""
    problem = problem_of(one)
    matrices = measure(problem, travel_of(one))
    return solve(problem, travel_of(one), params, 1, matrices=matrices)


def order_of(plan: Plan) -> list[int]:
    """Return the numbers of the visits of a plan of one route."""
    (route,) = plan.routes
    return [int(stop.candidate_id) for stop in route.stops]


def problem_of(one: Case) -> Problem:
    """Return the day as the server states it."""
    home = _points(one)[0]
    candidates = tuple(
        Candidate(
            id=str(n),
            point=_points(one)[n + 1],
            service_s=SERVICE_S,
            prize=one.prizes[n],
            windows=tuple(Window(*window) for window in one.windows[n]),
            required=one.required[n],
        )
        for n in range(one.size)
    )
    shift = Shift("1", home, home, Window(one.starts_s, one.ends_s), Profile.MOTORCYCLE)
    return Problem((shift,), candidates, CENTS_PER_HOUR)


def travel_of(one: Case) -> MatrixTravel:
    """Return the rides of the day."""
    seconds = np.array(one.matrix, dtype=np.int32)
    return MatrixTravel(_points(one), {Profile.MOTORCYCLE: (seconds, seconds * 7)})


def _points(one: Case) -> list[Point]:
    return [Point(19.0 + n / 1000, -98.2) for n in range(one.size + 1)]


def worth(one: Case, order: list[int]) -> tuple[int, float]:
    """Return required visits and cents of an order; fails when it breaks a rule of the day."""
    assert len(set(order)) == len(order)
    place, at, travel = 0, one.starts_s, 0
    for visit in order:
        seconds = one.matrix[place][visit + 1]
        travel += seconds
        starts = [
            max(at + seconds, first) for first, last in one.windows[visit] if at + seconds <= last
        ]
        assert starts, f"visit {visit} begins outside of its windows"
        at, place = min(starts) + SERVICE_S, visit + 1
    back = one.matrix[place][0]
    assert at + back <= one.ends_s, "the day ends too late"
    prize = sum(one.prizes[visit] for visit in order)
    required = sum(one.required[visit] for visit in order)
    return required, prize - CENTS_PER_HOUR * (travel + back) / HOUR_S
