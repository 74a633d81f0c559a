"""A town drawn on squared paper, where every ride can be worked out in the head.

Point ``at(x, y)`` is x blocks east and y blocks north of the corner. A block takes 60 s and is
100 m long; rides go along the blocks (Manhattan), so the triangle inequality holds.
"""

from collections.abc import Sequence

import numpy as np

from routing.geo import Point
from routing.problem import Candidate, Problem, Shift, Window
from routing.travel.times import UNREACHABLE, Leg, Matrix, Profile

BLOCK_S = 60
BLOCK_M = 100
_STEP = 0.001  # degrees of one block
HOUR = 3600
WHOLE_DAY = (Window(0, 24 * HOUR),)
MORNING = Window(8 * HOUR, 12 * HOUR)


def at(x: int, y: int = 0) -> Point:
    return Point(round(10 + y * _STEP, 6), round(20 + x * _STEP, 6))


def blocks_between(a: Point, b: Point) -> int:
    return round((abs(a.lat - b.lat) + abs(a.lon - b.lon)) / _STEP)


class PaperTown:
    """Travel times along the blocks; cars ride twice as fast; islands have no way to anywhere."""

    def __init__(self, islands: Sequence[Point] = ()) -> None:
        self.islands = frozenset(islands)
        self.asked: list[tuple[int, Profile, int]] = []

    @property
    def name(self) -> str:
        return "paper"

    @property
    def slot_starts_s(self) -> tuple[int, ...]:
        return (0,)

    def matrix(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> Matrix:
        self.asked.append((len(points), profile, depart_s))
        pace_s = BLOCK_S // 2 if profile is Profile.CAR else BLOCK_S
        blocks = np.array([[blocks_between(a, b) for b in points] for a in points])
        blocks = blocks.reshape(len(points), len(points))
        cut = np.array([[a != b and self._is_cut(a, b) for b in points] for a in points])
        cut = cut.reshape(len(points), len(points))
        seconds = np.where(cut, UNREACHABLE, blocks * pace_s).astype(np.int32)
        metres = np.where(cut, UNREACHABLE, blocks * BLOCK_M).astype(np.int32)
        snap_m = np.zeros(len(points), dtype=np.int32)
        return Matrix(seconds, metres, "paper", snap_m, is_estimate=True)

    def legs(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> list[Leg]:
        raise NotImplementedError  # nobody in these tests draws a map

    def _is_cut(self, a: Point, b: Point) -> bool:
        return a in self.islands or b in self.islands


def candidate(
    id: str,
    point: Point,
    prize: int = 1000,
    windows: tuple[Window, ...] = WHOLE_DAY,
    service_s: int = 600,
    required: bool = False,
    shifts: frozenset[str] | None = None,
) -> Candidate:
    return Candidate(id, point, service_s, prize, windows, required, shifts)


def shift(
    id: str = "ana",
    start: Point | None = None,
    end: Point | str | None = "home",
    window: Window = MORNING,
    profile: Profile = Profile.MOTORCYCLE,
    max_stops: int | None = None,
) -> Shift:
    """A shift that begins and ends at the corner unless told otherwise; ``end=None`` is open."""
    start = start or at(0)
    goal = start if isinstance(end, str) else end
    return Shift(id, start, goal, window, profile, max_stops)


def problem(
    candidates: Sequence[Candidate],
    shifts: Sequence[Shift] | None = None,
    travel_cost_per_hour: int = 600,
) -> Problem:
    """At 600 points an hour, a block (60 s) costs 10 points."""
    return Problem(tuple(shifts or [shift()]), tuple(candidates), travel_cost_per_hour)
