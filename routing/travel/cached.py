"""Keeps matrices on disk, so that the same day is not computed twice.

Each matrix is a file named by what was asked. Files appear whole (written aside, then renamed), so
any number of processes may share a folder; a file that can't be read is computed again. When the
folder outgrows its bound the matrices that were used longest ago go.
"""

import contextlib
import hashlib
import os
import struct
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from routing.geo import Point
from routing.travel.slots import position_of
from routing.travel.times import Leg, Matrix, Profile, TravelTimes

# A matrix of 1,000 clients takes 8 MB: room for two dozen days.
DEFAULT_CACHE_BYTES = 200_000_000
# A tenth of a metre: closer points are the same point.
DECIMALS = 6
SUFFIX = ".matrix.npz"
# Whatever reading a damaged archive may raise: RuntimeError is "encrypted" or "unknown method".
DAMAGE = (
    OSError, ValueError, KeyError, EOFError, RuntimeError,
    zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip


@runtime_checkable
class Versioned(Protocol):
    """A source whose data may change while its name stays: a server."""

    def data_version(self, profile: Profile) -> str:
        """Return a text that changes when the data does, "" if nobody knows."""


@dataclass(frozen=True, slots=True)
class CacheReport:
    """How often the cache could answer, in this process."""

    hits: int
    misses: int


class CachedTravel:
    """Travel times that remember the matrices of another source.

    Parameters
    ----------
    travel : TravelTimes
        Who answers what is not remembered. Its name is part of every key, so that a new version of
        a city pack starts afresh.
    folder : Path
        Made when missing; may be shared by processes and by sources.
    max_bytes : int
        Most space of the folder's matrices.
    """

    def __init__(
        self, travel: TravelTimes, folder: Path, *, max_bytes: int = DEFAULT_CACHE_BYTES
    ) -> None:
        """Remember the folder; it is made when the first matrix is kept."""
        self._travel = travel
        self._folder = folder
        self._max_bytes = max_bytes
        self._hits = 0
        self._misses = 0
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle without the lock, for children that are spawned."""
        return _reopened, (self._travel, self._folder, self._max_bytes)

    @property
    def name(self) -> str:
        """Return the name of the source."""
        return self._travel.name

    @property
    def slot_starts_s(self) -> tuple[int, ...]:
        """Return when the answers of the source change."""
        return self._travel.slot_starts_s

    @property
    def report(self) -> CacheReport:
        """Return how often the cache could answer so far."""
        return CacheReport(self._hits, self._misses)

    def matrix(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> Matrix:
        """Return the remembered matrix, or ask for it and remember it.

        Matrices are remembered per time slot of the source.
        """
        file = self._folder / f"{self._key(points, profile, depart_s)}{SUFFIX}"
        found = _read(file, len(points))
        if found is not None:
            self._count(is_hit=True)
            with contextlib.suppress(OSError):  # gone meanwhile, or a folder we may only read
                os.utime(file)
            return found
        self._count(is_hit=False)
        matrix = self._travel.matrix(points, profile, depart_s)
        self._keep(file, matrix)
        return matrix

    def legs(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> list[Leg]:
        """Return the legs of the source; they are quick and not remembered."""
        return self._travel.legs(points, profile, depart_s)

    def _count(self, *, is_hit: bool) -> None:
        with self._lock:
            if is_hit:
                self._hits += 1
            else:
                self._misses += 1

    def _key(self, points: Sequence[Point], profile: Profile, depart_s: int) -> str:
        places = np.round(np.array(points, dtype=np.float64).reshape(-1, 2), DECIMALS)
        places += 0.0  # minus zero is zero
        slot = position_of(depart_s, self._travel.slot_starts_s)
        version = ""
        if isinstance(self._travel, Versioned):
            version = self._travel.data_version(profile)
        asked = f"{self.name}|{version}|{profile}|{slot}|"
        digest = hashlib.blake2b(asked.encode(), digest_size=16)
        digest.update(places.tobytes())
        return digest.hexdigest()

    def _keep(self, file: Path, matrix: Matrix) -> None:
        """Write a matrix; a full or read-only disk costs only the next computation."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(file, matrix)
            self._trim()
        except OSError:
            return

    def _trim(self) -> None:
        """Remove the matrices that were used longest ago until the others fit."""
        kept = []
        for file in self._folder.glob(f"*{SUFFIX}"):
            with contextlib.suppress(FileNotFoundError):  # another process removed it
                about = file.stat()
                kept.append((about.st_mtime_ns, about.st_size, file))
        excess = sum(size for _, size, _ in kept) - self._max_bytes
        for _, size, file in sorted(kept):
            if excess <= 0:
                return
            file.unlink(missing_ok=True)
            excess -= size


def _reopened(travel: TravelTimes, folder: Path, max_bytes: int) -> CachedTravel:
    return CachedTravel(travel, folder, max_bytes=max_bytes)


def _write(file: Path, matrix: Matrix) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".matrix-")
    try:
        with os.fdopen(handle, "wb") as out:
            np.savez(
                out,
                seconds=matrix.seconds,
                metres=matrix.metres,
                snap_m=matrix.snap_m,
                source=np.array(matrix.source),
                is_estimate=np.array(matrix.is_estimate),
            )
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read(file: Path, count: int) -> Matrix | None:
    """Return the matrix of a file, None if it isn't there or is damaged."""
    try:
        # Opened here, as numpy leaves a damaged file open.
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as kept:
            matrix = Matrix(
                seconds=kept["seconds"],
                metres=kept["metres"],
                source=str(kept["source"]),
                snap_m=kept["snap_m"],
                is_estimate=bool(kept["is_estimate"]),
            )
    except DAMAGE:
        return None
    tables = (matrix.seconds, matrix.metres)
    is_whole = all(table.shape == (count, count) and table.dtype == np.int32 for table in tables)
    return matrix if is_whole and matrix.snap_m.shape == (count,) else None
