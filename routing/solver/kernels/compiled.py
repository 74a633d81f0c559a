"""How kernels are compiled, and where their machine code is kept from run to run.

Numba keeps compiled code by the file of each function and does not see when a function that it
calls has changed in another file. So the folder is named after the content of all kernels: a new
release compiles anew, once, at set-up.

The folder is ``__pycache__`` next to the kernels, or, where that can't be written, the user's
cache. ``NUMBA_CACHE_DIR`` in the environment puts it anywhere else.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])

# Kernels make no arrays, so nobody has to count who holds one: that took most of the time.
_OPTIONS = {"nogil": True, "_nrt": False, "error_model": "numpy"}

_HERE = Path(__file__).parent


def _digest() -> str:
    content = hashlib.sha256(numba.__version__.encode())
    for source in sorted(_HERE.glob("*.py")):
        content.update(source.read_bytes())
    return content.hexdigest()[:16]


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _cache_folder() -> Path:
    name = f"kernels-{_digest()}"
    if given := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(given) / name
    users = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    places = [_HERE / "__pycache__", users / "routing", Path(tempfile.gettempdir()) / "routing"]
    return next((one / name for one in places if _is_writable(one / name)), places[-1] / name)


CACHE_FOLDER = _cache_folder()


def compiled(function: Function) -> Function:
    """Return the function compiled on first use, kept for later runs; it releases the GIL."""
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(CACHE_FOLDER)  # read when the decorator is applied, and only then
    try:
        return cast("Function", numba.njit(cache=True, **_OPTIONS)(function))
    finally:
        numba.config.CACHE_DIR = before


def inlined(function: Function) -> Function:
    """Return the function to be copied into the kernels that call it.

    A call that hands `World` and `State` over costs as much as a hundred steps of a loop.
    """
    return cast("Function", numba.njit(inline="always", **_OPTIONS)(function))
