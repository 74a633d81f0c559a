"""How the loops of the bound are compiled; see `routing.compiled`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from routing.compiled import cache_folder, compiling

CACHE_FOLDER = cache_folder(Path(__file__).parent)
# Numba infers the types of the loops: to others they are of any.
compiled: Callable[[Any], Any] = compiling(CACHE_FOLDER)
