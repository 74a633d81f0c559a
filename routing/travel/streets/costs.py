"""The cost of a ride as one integer: milliseconds above metres.

The smaller cost is then the quicker ride and brings its length along, through every minimum.
"""

import numpy as np
from numpy.typing import NDArray

Costs = NDArray[np.int64]

METRE_BITS = 26
# Rounding may leave a few metres below nothing; the bias keeps them from borrowing seconds.
METRE_BIAS = 1 << (METRE_BITS - 1)
NO_WAY = np.int64(1) << 62
# Offsets are added to NO_WAY like to any cost: beyond this there is no way.
NO_WAY_FROM = NO_WAY >> 1


def cost(seconds: NDArray[np.float64], metres: NDArray[np.float64]) -> Costs:
    """Return times and lengths as costs."""
    milliseconds = np.rint(seconds * 1000).astype(np.int64)
    return (milliseconds << METRE_BITS) + np.rint(metres).astype(np.int64)


def seconds_and_metres(costs: Costs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return whole seconds and metres of costs that are rides."""
    biased = costs + METRE_BIAS
    milliseconds = biased >> METRE_BITS
    metres = (biased & ((1 << METRE_BITS) - 1)) - METRE_BIAS
    return np.maximum(0, (milliseconds + 500) // 1000), np.maximum(0, metres)
