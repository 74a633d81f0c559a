"""What the loops of zoning work on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.compiled import cache_folder, compiling

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Function = TypeVar("Function", bound=Callable[..., Any])

CACHE_FOLDER = cache_folder(Path(__file__).parent)
compiled = compiling(CACHE_FOLDER, nogil=True, error_model="numpy")
# Copied into the loops that call it: to hand all the arrays over takes longer than the work.
inlined = cast(
    "Callable[[Function], Function]", njit(nogil=True, inline="always", error_model="numpy")
)

BOTH = 2  # loads that are balanced: work and money
LEAST_GAIN = -1e-9  # of a move, against rounding


class Borders(NamedTuple):
    """Neighbours as rows: those of unit u are ``near[first[u]:first[u + 1]]``, metres beside."""

    first: Ints
    near: Ints
    length_m: Floats


class Division(NamedTuple):
    """Who is where; `label`, `load` and `members` change in place.

    Attributes
    ----------
    label, home : int32[units]
        Zone now, and zone of today, -1 for none.
    settled : float64[units]
        How many have today's zone.
    load : float64[zones, 2]
    members : int64[zones]
    is_free, is_open : bool[units], bool[zones]
        Which units may leave their zone, and which zones may change.
    """

    label: Ints
    home: Ints
    settled: Floats
    load: Floats
    members: Longs
    is_free: Bools
    is_open: Bools


class Aim(NamedTuple):
    """What is made small, in units of work.

    Squared distance to `centre` over `span2`, plus `pull` times the squared deviation of the loads
    beyond `slack`, plus `stay` for each settled one out of today's zone, plus `shape`
    for each pair of neighbours in two zones.

    Attributes
    ----------
    where, work : float64[units, 2]
        Metres; two loads of each unit, the first of which also weighs distances.
    centre, target : float64[zones, 2]
        A target of 0 is not asked for.
    slack : float64[2]
    is_one_sided : bool
        A zone may be light.
    """

    where: Floats
    work: Floats
    centre: Floats
    target: Floats
    slack: Floats
    is_one_sided: bool
    pull: float
    stay: float
    shape: float
    span2: float


class Walk(NamedTuple):
    """Memory of walks over borders: marks of the units, a queue of them, and the mark in use."""

    stamp: Longs
    queue: Ints
    mark: Longs


@compiled
def new_walk(count: int) -> Walk:
    """Return the memory for walks over so many units."""
    return Walk(np.zeros(count, np.int64), np.empty(count, np.int32), np.zeros(1, np.int64))
