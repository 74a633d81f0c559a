"""What the compiled loops share: the decorator, the kinds of arrays, and what goes together.

A function is compiled when it is first called; its machine code is kept for the next process. All
of them run without the interpreter's lock, only read what they are given (but for what they are
there to fill), and keep their scratch memory to themselves: any number of threads may run them over
the same arrays.

Vertices are numbered by their rank in the hierarchy. Infinite costs are closed.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.compiled import cache_folder, compiling

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CACHE_FOLDER = cache_folder(Path(__file__).parent)
compiled = compiling(CACHE_FOLDER, nogil=True)


class Tree(NamedTuple):
    """The upward arcs of every vertex `v`: ``head[first[v]:first[v + 1]]``, ascending.

    The lowest of them is the parent of `v` in the elimination tree; all of them are ancestors.
    """

    first: Longs
    head: Ints


class Costs(NamedTuple):
    """Cost of every arc towards its higher end and back, and over which vertex it runs.

    `via_up` and `via_down` hold the middle vertex of a shortcut, ``-1 - transition`` of others.
    """

    up: Floats
    down: Floats
    via_up: Ints
    via_down: Ints


class Doors(NamedTuple):
    """Through which vertices some points are left or reached, and at what cost.

    Those of point `i` are in the rows ``first[i]`` up to ``first[i + 1]`` of the others.
    """

    first: Longs
    vertex: Ints
    cost: Floats
