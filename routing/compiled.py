"""How loops are compiled, and where their machine code is kept from run to run.

Numba keeps compiled code by the file of each function and does not see when a function that it
calls has changed in another file. So the folder is named after the content of all the files that
call each other: a new release compiles anew, once, at set-up.

The folder is in ``__pycache__`` next to the loops, or, where that can't be written, in the user's
cache. ``NUMBA_CACHE_DIR`` in the environment puts it anywhere else.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def cache_folder(home: Path) -> Path:
    """Return where the machine code of the loops in the Python files of a folder is kept."""
    name = f"kernels-{_digest(home)}"
    # Loops of several folders may be kept in one place.
    of_home = f"{home.parent.name}-{home.name}"
    if given := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(given) / of_home / name
    users = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    places = [
        home / "__pycache__",
        users / "routing" / of_home,
        Path(tempfile.gettempdir()) / "routing" / of_home,
    ]
    return next((one / name for one in places if _is_writable(one / name)), places[-1] / name)


def compiling(folder: Path, **options: object) -> Callable[[Function], Function]:
    """Return a decorator that compiles a function on first use and keeps it in a folder."""

    def compiled(function: Function) -> Function:
        before = numba.config.CACHE_DIR
        numba.config.CACHE_DIR = str(folder)  # read when the decorator is applied, and only then
        try:
            return cast("Function", numba.njit(cache=True, **options)(function))
        finally:
            numba.config.CACHE_DIR = before

    return compiled


def drop_older(folder: Path) -> None:
    """Remove the machine code of older loops from the same place."""
    for old in folder.parent.glob("kernels-*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)


def _digest(home: Path) -> str:
    content = hashlib.sha256(numba.__version__.encode())
    for source in sorted(home.glob("*.py")):
        content.update(source.read_bytes())
    return content.hexdigest()[:16]


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
