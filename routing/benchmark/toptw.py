"""Team orienteering with time windows: the published instances of Solomon's and Cordeau's towns.

Distances are Euclidean, rounded down to the first decimal for Solomon's and to the second for
Cordeau's, as the literature does; seconds of the problem are tenths or hundredths accordingly.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from routing.benchmark.instance import Instance, planar, shared
from routing.errors import InvalidProblem
from routing.problem import Candidate, Problem, Shift, Window

ROUTES = (1, 2, 3, 4)
_CORDEAU = "pr"
_SHORTEST_LINE = 8


class _Vertex(NamedTuple):
    x: float
    y: float
    service: float
    score: float
    opens: float
    closes: float


def load(folder: Path, seeds: Sequence[int], cases: Sequence[str]) -> Iterator[Instance]:
    """Read each file of the folder with 1 to 4 routes."""
    del seeds
    files = sorted(folder.glob("*.txt")) if folder.is_dir() else [folder]
    files = [file for file in files if file.stem != file.stem.upper()]  # FORMAT, README
    if not files:
        raise InvalidProblem(str(folder), "expected .txt files of the TOPTW set")
    best = _best_known(folder)
    for file in files:
        vertices = _read(file)
        for m in ROUTES:
            name = f"{file.stem}-m{m}"
            if not cases or any(name.startswith(case) for case in cases):
                yield _instance(name, file.stem, vertices, m, best.get(f"{file.stem}|{m}"))


def _best_known(folder: Path) -> dict[str, int]:
    file = folder.parent / "toptw_best_known.json"
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}


def _read(file: Path) -> list[_Vertex]:
    vertices = []
    for number, line in enumerate(file.read_text("utf-8").splitlines()[2:], start=3):
        parts = line.split()
        if not parts:
            continue
        try:
            if len(parts) < _SHORTEST_LINE:
                raise ValueError
            x, y, service, score = (float(part) for part in parts[1:5])
            vertices.append(_Vertex(x, y, service, score, float(parts[-2]), float(parts[-1])))
        except ValueError:
            place = f"{file.name}, line {number}"
            raise InvalidProblem(place, "expected i x y d S f a list O C") from None
    if not vertices:
        raise InvalidProblem(file.name, "expected vertices after two lines")
    return vertices


def _instance(
    name: str, town: str, vertices: Sequence[_Vertex], m: int, best: int | None
) -> Instance:
    scale = 100 if town.startswith(_CORDEAU) else 10
    xy = np.array([(one.x, one.y) for one in vertices])
    # The smallest of additions keeps 5.0, computed as 4.999999, from being rounded to 4.9.
    seconds = np.floor(
        np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1)) * scale + 1e-9
    ).astype(np.int64)
    measured = planar(xy, seconds)
    depot, day_s = measured.points[0], round(vertices[0].closes * scale)
    shifts = tuple(Shift(f"route {r}", depot, depot, Window(0, day_s)) for r in range(1, m + 1))
    candidates = tuple(
        Candidate(
            id=str(i),
            point=measured.points[i],
            service_s=round(one.service * scale),
            prize=round(one.score),
            windows=(Window(round(one.opens * scale), round(one.closes * scale)),),
        )
        for i, one in enumerate(vertices)
        if i > 0
    )
    matrices = shared([shift.id for shift in shifts], measured)
    return Instance(name, m, Problem(shifts, candidates), matrices, best_known=best)
