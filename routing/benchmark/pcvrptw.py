"""Prize-collecting vehicle routing with time windows: ride less, and leave out what does not pay.

The published cost is the distance, in tenths rounded down, plus the prizes left behind, in tenths
too. Demands are carried as cash, the capacity is its limit.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from routing.benchmark.instance import Instance, planar, shared
from routing.errors import InvalidProblem
from routing.problem import Candidate, Problem, Shift, Window

_SCALE = 10
_SECTIONS = ("NODE_COORD", "DEMAND", "TIME_WINDOW", "PRIZE")


def load(folder: Path, seeds: Sequence[int], cases: Sequence[str]) -> Iterator[Instance]:
    """Read each ``.vrp`` file, with the cost of the ``.sol`` file beside it as best known."""
    del seeds
    files = sorted(folder.glob("*.vrp")) if folder.is_dir() else [folder]
    if not files:
        raise InvalidProblem(str(folder), "expected .vrp files of the PCVRPTW set")
    for file in files:
        if not cases or any(file.stem.startswith(case) for case in cases):
            yield _instance(file)


def _instance(file: Path) -> Instance:
    told, sections = _parse(file)
    nodes = sections["NODE_COORD"]
    xy = np.array([nodes[i] for i in sorted(nodes)])
    rides = np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1)) * _SCALE
    measured = planar(xy, np.floor(rides + 1e-9).astype(np.int64))
    depot = measured.points[0]
    opens, closes = (round(value * _SCALE) for value in sections["TIME_WINDOW"][1])
    m, capacity, service = (_told(file, told, key) for key in _HEADER)
    shifts = tuple(
        Shift(f"route {r}", depot, depot, Window(opens, closes), cash_limit=capacity)
        for r in range(1, m + 1)
    )
    candidates = tuple(
        Candidate(
            id=str(i),
            point=measured.points[i - 1],
            service_s=service * _SCALE,
            prize=round(sections["PRIZE"][i][0] * _SCALE),
            windows=(Window(*(round(value * _SCALE) for value in sections["TIME_WINDOW"][i])),),
            cash=round(sections["DEMAND"][i][0]),
        )
        for i in sorted(nodes)
        if i > 1
    )
    # A point for each second on the road: distance and prizes are told in the same tenths.
    problem = Problem(shifts, candidates, travel_cost_per_hour=3600)
    matrices = shared([shift.id for shift in shifts], measured)
    best = _best_known(file, sum(candidate.prize for candidate in candidates))
    return Instance(file.stem, m, problem, matrices, is_cost=True, best_known=best)


_HEADER = ("VEHICLES", "CAPACITY", "SERVICE_TIME")


def _told(file: Path, told: Mapping[str, str], key: str) -> int:
    try:
        return int(told[key])
    except (KeyError, ValueError):
        raise InvalidProblem(f"{file.name}, {key}", "expected an integer") from None


Sections = dict[str, dict[int, list[float]]]


def _parse(file: Path) -> tuple[dict[str, str], Sections]:
    told: dict[str, str] = {}
    sections: Sections = {}
    section: dict[int, list[float]] = {}
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        key, colon, value = line.partition(":")
        if colon:
            told[key.strip()] = value.strip()
        elif line.strip().endswith("_SECTION"):
            section = sections.setdefault(line.strip().removesuffix("_SECTION"), {})
        elif line.split()[:1] not in ([], ["-1"], ["EOF"]):
            node, *values = _numbers(file, number, line)
            section[int(node)] = values
    for name in _SECTIONS:
        if name not in sections:
            raise InvalidProblem(file.name, f"expected a {name}_SECTION")
    return told, sections


def _numbers(file: Path, number: int, line: str) -> list[float]:
    try:
        return [float(part) for part in line.split()]
    except ValueError:
        raise InvalidProblem(f"{file.name}, line {number}", "expected numbers") from None


def _best_known(file: Path, all_prizes: int) -> int | None:
    """Return the score of the published solution: the prizes less its cost."""
    solution = file.with_suffix(".sol")
    if not solution.is_file():
        return None
    costs = [line for line in solution.read_text("utf-8").splitlines() if line.startswith("Cost")]
    return all_prizes - round(float(costs[-1].split()[1])) if costs else None
