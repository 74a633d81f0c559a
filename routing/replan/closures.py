"""Closed streets as a change of travel: rides that are gone, and rides that go round."""

from collections.abc import Sequence
from dataclasses import replace
from math import pi

import numpy as np
from numpy.typing import NDArray

from routing.errors import InvalidProblem
from routing.geo import EARTH_RADIUS_M, Point, is_on_earth
from routing.measure import Matrices, Measured, measure
from routing.problem import Problem
from routing.replan.changes import StreetClosed
from routing.travel.times import UNREACHABLE, Circle, ClosableTravel, Matrix, TravelTimes

_METRES_PER_DEGREE = EARTH_RADIUS_M * pi / 180


def with_streets_closed(
    problem: Problem, travel: TravelTimes, matrices: Matrices, closed: Sequence[StreetClosed]
) -> tuple[TravelTimes, Matrices, list[StreetClosed]]:
    """Return travel and rides over the streets that stay open, and what is left to estimate.

    A source that knows its streets rides round closed circles by itself; pairs of points are cut
    out of its answers afterwards. Any other source is returned as it is.

    Raises
    ------
    TravelTimesUnavailable
        If the source can't answer.
    """
    circles = tuple(Circle(one.centre, one.radius_m) for one in closed if one.centre is not None)
    if not circles or not isinstance(travel, ClosableTravel):
        return travel, matrices, list(closed)
    around = travel.closing(circles)
    pairs = [StreetClosed(one.pairs) for one in closed if one.pairs]
    by_hour = any(measured.later for measured in matrices.values())
    return around, measure(problem, around, by_hour=by_hour), pairs


def close(matrices: Matrices, closed: Sequence[StreetClosed]) -> dict[str, Measured]:
    """Return the rides that remain; matrices that shifts share stay shared.

    Without the streets themselves a circle is estimated: a ride whose straight line crosses it
    goes along its edge instead, at the pace of the whole ride; no way leads in or out. A source
    that knows which streets are closed is better: give its matrices instead.
    """
    done: dict[int, Measured] = {}
    for measured in matrices.values():
        if id(measured) not in done:
            done[id(measured)] = _closed(measured, closed)
    return {shift_id: done[id(measured)] for shift_id, measured in matrices.items()}


def check(place: str, change: StreetClosed) -> None:
    """Refuse a circle without a size.

    Raises
    ------
    InvalidProblem
        With the field.
    """
    if change.centre is not None and not is_on_earth(change.centre):
        raise InvalidProblem(f"{place}.centre", "expected lat -90..90 and lon -180..180")
    if (change.centre is None) != (change.radius_m == 0) or change.radius_m < 0:
        raise InvalidProblem(f"{place}.radius_m", "expected metres > 0 together with a centre")
    if change.centre is None and not change.pairs:
        raise InvalidProblem(f"{place}.pairs", "missing: expected pairs of points, or a circle")


def _closed(measured: Measured, closed: Sequence[StreetClosed]) -> Measured:
    matrices = [measured.matrix, *(matrix for _, matrix in measured.later)]
    for change in closed:
        gone, longer = _effect(measured.points, change)
        matrices = [_changed(matrix, gone, longer) for matrix in matrices]
    later = [(from_s, new) for (from_s, _), new in zip(measured.later, matrices[1:], strict=True)]
    return Measured(measured.points, matrices[0], tuple(later))


def _changed(matrix: Matrix, gone: NDArray[np.bool_], longer: NDArray[np.float64]) -> Matrix:
    """Return a matrix without the rides that are gone, the others longer by a share."""
    arrays = []
    for old in (matrix.seconds, matrix.metres):
        stretched = np.minimum(np.ceil(old * longer), UNREACHABLE)
        new = np.where(gone | (old == UNREACHABLE), UNREACHABLE, stretched)
        arrays.append(new.astype(np.int32))
    return replace(matrix, seconds=arrays[0], metres=arrays[1])


def _effect(
    points: Sequence[Point], change: StreetClosed
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return which rides are gone, and how many times as long the others are."""
    n = len(points)
    gone, longer = np.zeros((n, n), dtype=np.bool_), np.ones((n, n))
    number = {point: i for i, point in enumerate(points)}
    for origin, goal in change.pairs:
        if origin in number and goal in number:
            gone[number[origin], number[goal]] = True
    if change.centre is not None:
        inside, longer = _around(points, change.centre, change.radius_m)
        gone |= inside[:, None] | inside[None, :]
    np.fill_diagonal(gone, False)
    return gone, longer


def _around(
    points: Sequence[Point], centre: Point, radius_m: int
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return who is within the circle, and what the way round it makes of each ride."""
    scale = np.array([1.0, np.cos(np.radians(centre.lat))]) * _METRES_PER_DEGREE
    at = (np.array(points, dtype=np.float64).reshape(-1, 2) - np.array(centre)) * scale
    inside = np.hypot(at[:, 0], at[:, 1]) <= radius_m
    ride = at[None, :, :] - at[:, None, :]
    length_m = np.hypot(ride[..., 0], ride[..., 1])
    safe_m = np.where(length_m > 0, length_m, 1.0)
    along_m = -(at[:, None, :] * ride).sum(axis=2) / safe_m
    aside_m = np.abs(at[:, None, 0] * ride[..., 1] - at[:, None, 1] * ride[..., 0]) / safe_m
    crosses = (length_m > 0) & (aside_m < radius_m) & (along_m > 0) & (along_m < length_m)
    half = np.arccos(np.clip(aside_m / radius_m, 0.0, 1.0))  # half the angle that is cut off
    extra_m = 2 * radius_m * (half - np.sin(half))
    return inside, np.where(crosses, 1 + extra_m / safe_m, 1.0)
