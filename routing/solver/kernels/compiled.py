"""How kernels are compiled; see `routing.compiled` for where their machine code is kept."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import numba

from routing.compiled import cache_folder, compiling

Function = TypeVar("Function", bound=Callable[..., object])

# Kernels make no arrays, so nobody has to count who holds one: that took most of the time.
_OPTIONS = {"nogil": True, "_nrt": False, "error_model": "numpy"}

CACHE_FOLDER = cache_folder(Path(__file__).parent)


def compiled(function: Function) -> Function:
    """Return the function compiled on first use, kept for later runs; it releases the GIL."""
    return compiling(CACHE_FOLDER, **_OPTIONS)(function)


def inlined(function: Function) -> Function:
    """Return the function to be copied into the kernels that call it.

    A call that hands `World` and `State` over costs as much as a hundred steps of a loop.
    """
    return cast("Function", numba.njit(inline="always", **_OPTIONS)(function))
