"""One problem of a benchmark, ready to be given to every method."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.errors import InvalidProblem
from routing.geo import Point
from routing.measure import Matrices, Measured
from routing.problem import Candidate, Problem, Shift, Window
from routing.travel.times import Matrix


class Set(StrEnum):
    """A family of benchmark problems."""

    TOPTW = "toptw"
    PCVRPTW = "pcvrptw"
    COLLECTOR = "collector"


@dataclass(frozen=True, slots=True)
class Instance:
    """A problem with its travel times.

    Attributes
    ----------
    m : int
        Routes.
    is_cost : bool
        The score counts the travel off the prizes; otherwise it is the prizes alone, and less
        travel only decides between equals.
    best_known : int or None
        Best score in the literature, in the units of the problem.
    unit : int
        Points of the problem in one point of the published figures.
    seed : int or None
        Of the generator; None for a file, which is tried with several seeds of the search.
    """

    name: str
    m: int
    problem: Problem
    matrices: Matrices
    is_cost: bool = False
    best_known: int | None = None
    unit: int = 1
    seed: int | None = None


class Grid(NamedTuple):
    """The travel of an instance in the shape that other solvers want: one matrix, places by number.

    Attributes
    ----------
    seconds : int64[places, places]
    candidate_place, start_place, end_place : list[int]
        By candidate, by shift, by shift.
    """

    seconds: NDArray[np.int64]
    candidate_place: list[int]
    start_place: list[int]
    end_place: list[int]


def grid_of(instance: Instance) -> Grid:
    """Return the travel of the instance; all of its shifts share one matrix and have an end."""
    problem = instance.problem
    measured = instance.matrices[problem.shifts[0].id]
    place = {point: i for i, point in enumerate(measured.points)}
    return Grid(
        measured.matrix.seconds.astype(np.int64),
        [place[candidate.point] for candidate in problem.candidates],
        [place[shift.start] for shift in problem.shifts],
        [place[shift.end or shift.start] for shift in problem.shifts],
    )


def planar(xy: NDArray[np.float64], seconds: NDArray[np.int64]) -> Measured:
    """Return the travel of a problem of the plane, whose places get made-up points on earth.

    Published instances speak of x and y; the problem wants points, which serve as names only.
    """
    points = tuple(Point(0.0, 1e-4 * i) for i in range(len(xy)))
    square = seconds.astype(np.int32)
    matrix = Matrix(square, square.copy(), "given", np.zeros(len(xy), dtype=np.int32))
    return Measured(points, matrix)


def shared(shift_ids: Sequence[str], measured: Measured) -> Mapping[str, Measured]:
    """Return the same travel for every shift."""
    return dict.fromkeys(shift_ids, measured)


def tiny() -> Instance:
    """Return a problem of two visits and shifts, to load a method with before the clock starts."""
    seconds = 60 * (np.ones((3, 3), dtype=np.int64) - np.eye(3, dtype=np.int64))
    measured = planar(np.zeros((3, 2)), seconds)
    home, *places = measured.points
    shifts = tuple(Shift(f"route {r}", home, home, Window(0, 3600)) for r in (1, 2))
    candidates = tuple(
        Candidate(str(i), place, 60, 10, (Window(0, 3600),)) for i, place in enumerate(places)
    )
    matrices = shared([shift.id for shift in shifts], measured)
    return Instance("tiny", len(shifts), Problem(shifts, candidates), matrices)


Loader = Callable[[Path, Sequence[int], Sequence[str]], Iterator[Instance]]


def load(
    family: Set, folder: Path, seeds: Sequence[int], cases: Sequence[str] = ()
) -> Iterator[Instance]:
    """Read or make the instances of a set.

    Parameters
    ----------
    folder : Path
        Of the published files; for ``collector`` a city pack, or an OpenStreetMap extract.
    seeds : sequence of int
        Of the generator of ``collector``.
    cases : sequence of str
        Only the instances whose names begin so; for ``collector`` the sizes to make, such as
        ``1000x10`` or ``5000x50x5``. Empty means all.

    Raises
    ------
    InvalidProblem
        If the folder holds none of them, or a file is broken.
    """
    from routing.benchmark import collector, pcvrptw, toptw  # noqa: PLC0415 - they import this

    loaders: Mapping[Set, Loader] = {
        Set.TOPTW: toptw.load,
        Set.PCVRPTW: pcvrptw.load,
        Set.COLLECTOR: collector.load,
    }
    if not folder.exists():
        raise InvalidProblem(str(folder), "expected a folder or a file that exists")
    return loaders[family](folder, seeds, cases)
