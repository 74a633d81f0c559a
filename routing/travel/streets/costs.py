"""The cost of a ride as one number: milliseconds above decimetres.

The smaller cost is then the quicker ride and brings its length along, through every sum and every
minimum. It is kept in a float64, whose minimum and sum are single instructions of any processor:
whole numbers are exact in it up to rides of a day and a half; beyond, the length loses its
decimetres first.
"""

import numpy as np
from numpy.typing import NDArray

Costs = NDArray[np.float64]

MILLISECONDS = 1000.0  # of one second
DECIMETRES = 10.0  # of one metre
# Lengths stay below 6,700 km.
METRE_SPAN = float(1 << 26)
NO_WAY = float("inf")


def cost(seconds: NDArray[np.floating], metres: NDArray[np.floating]) -> Costs:
    """Return times and lengths as costs; infinite times stay infinite."""
    whole: Costs = np.rint(seconds * MILLISECONDS) * METRE_SPAN + np.rint(metres * DECIMETRES)
    return whole


def seconds_and_metres(ride: float) -> tuple[int, int]:
    """Return the whole seconds and metres of the cost of one ride."""
    milliseconds, decimetres = divmod(ride, METRE_SPAN)
    return int(milliseconds / MILLISECONDS + 0.5), int(decimetres / DECIMETRES + 0.5)
