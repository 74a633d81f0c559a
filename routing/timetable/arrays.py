"""Arrays of moments: what is too late is ``NO_WAY_S``, what would have to be too early ``NEVER_S``.

With these two, "earliest" and "latest" need no other case for what can't be.
"""

import numpy as np
from numpy.typing import NDArray

from routing.travel.times import UNREACHABLE

NO_WAY_S = UNREACHABLE  # longer than any shift: an earliest moment that never comes
NEVER_S = -1  # before any shift: a latest moment that is always over

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
