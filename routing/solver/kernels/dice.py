"""Random numbers from a state of 64 bits, so that a seed gives the same search everywhere."""

import numpy as np
from numpy.typing import NDArray

from routing.solver.kernels.compiled import inlined

_SHIFT_A, _SHIFT_B, _SHIFT_C = np.uint64(12), np.uint64(25), np.uint64(27)  # xorshift64*
_TIMES = np.uint64(2685821657736338717)
_TO_53_BITS = np.uint64(11)
_UNIT = 1.0 / 9007199254740992.0

State = NDArray[np.uint64]


@inlined
def roll(random: State) -> float:
    """Return a number in [0, 1)."""
    x = random[0]
    x ^= x >> _SHIFT_A
    x ^= x << _SHIFT_B
    x ^= x >> _SHIFT_C
    random[0] = x
    return float((x * _TIMES) >> _TO_53_BITS) * _UNIT


@inlined
def pick(random: State, count: int) -> int:
    """Return a whole number in 0..count-1."""
    return int(roll(random) * count)
