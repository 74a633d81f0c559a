"""Travel times that the caller already has, as matrices over known points."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from routing.errors import InvalidProblem, TravelTimesUnavailable
from routing.geo import Point
from routing.travel.slots import ALL_DAY
from routing.travel.times import UNREACHABLE, Leg, Matrix, Profile

Square = NDArray[np.int32]


class MatrixTravel:
    """Looks rides up in given matrices; knows no other points than theirs.

    Parameters
    ----------
    points : sequence of n Point
        A point may be repeated if its rows and columns are too.
    matrices : mapping of profile to (seconds, metres)
        ``int32[n, n]`` each, row = origin, ``UNREACHABLE`` where there is no way.

    Raises
    ------
    InvalidProblem
        If a matrix has another shape or contradicts itself; the place is that in the JSON of a
        problem.
    """

    def __init__(
        self, points: Sequence[Point], matrices: Mapping[Profile, tuple[Square, Square]]
    ) -> None:
        """Check the matrices and index the points."""
        self._index: dict[Point, int] = {}
        repeated: list[tuple[int, int]] = []
        for i, point in enumerate(points):
            first = self._index.setdefault(point, i)
            if first != i:
                repeated.append((first, i))
        self._matrices = dict(matrices)
        for profile, squares in self._matrices.items():
            for name, square in zip(("seconds", "metres"), squares, strict=True):
                place = f"travel.matrix.{profile}.{name}"
                _check(place, square, len(points), repeated)

    @property
    def name(self) -> str:
        """Return the name of this source."""
        return "given"

    @property
    def slot_starts_s(self) -> tuple[int, ...]:
        """Return the start of the day: the answers don't depend on the hour."""
        return ALL_DAY

    def matrix(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> Matrix:
        """Return the given travel between the points, whatever the hour.

        Raises
        ------
        TravelTimesUnavailable
            If there is no matrix for the profile or a point is not in it.
        """
        del depart_s
        seconds, metres = self._of(profile)
        rows = [self._row(point) for point in points]
        picked = np.ix_(rows, rows)
        snap_m = np.zeros(len(points), dtype=np.int32)
        return Matrix(seconds[picked], metres[picked], self.name, snap_m)

    def legs(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> list[Leg]:
        """Return the rides as straight lines, which is all that is known of them."""
        del depart_s
        seconds, metres = self._of(profile)
        rows = [self._row(point) for point in points]
        return [
            Leg((points[i], points[i + 1]), int(seconds[pair]), int(metres[pair]))
            for i, pair in enumerate(pairwise(rows))
        ]

    def _of(self, profile: Profile) -> tuple[Square, Square]:
        if profile not in self._matrices:
            raise TravelTimesUnavailable(f"travel.matrix: no matrix for the profile {profile}")
        return self._matrices[profile]

    def _row(self, point: Point) -> int:
        if point not in self._index:
            raise TravelTimesUnavailable(f"travel.matrix: {point} is not among its points")
        return self._index[point]


def _check(place: str, square: Square, n: int, repeated: Sequence[tuple[int, int]]) -> None:
    if square.shape != (n, n):
        raise InvalidProblem(place, f"expected {n} rows of {n}, got {square.shape}")
    if n and int(square.min()) < 0:
        i, j = np.argwhere(square < 0)[0]
        raise InvalidProblem(f"{place}[{i}][{j}]", f"expected >= 0, got {square[i, j]}")
    for i in np.flatnonzero(np.diagonal(square)):
        raise InvalidProblem(f"{place}[{i}][{i}]", f"expected 0, got {square[i, i]}")
    for first, again in repeated:
        same_row = np.array_equal(square[first], square[again])
        if not same_row or not np.array_equal(square[:, first], square[:, again]):
            expected = f"expected the row and column of {first}, which is the same point"
            raise InvalidProblem(f"{place}[{again}]", expected)


def unreachable_where_none(rows: Sequence[Sequence[int | None]]) -> Square:
    """Return the rows as a matrix, None as ``UNREACHABLE``."""
    plain = [[UNREACHABLE if one is None else one for one in row] for row in rows]
    return np.array(plain, dtype=np.int32).reshape(len(plain), -1 if plain else 0)
