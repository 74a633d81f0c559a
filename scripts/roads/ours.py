"""Our engine on an extract, alone in a process: build, matrices, routes, one more worker."""

import multiprocessing
import random
import resource
from collections.abc import Sequence
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

import numpy as np

from routing.geo import Point
from routing.travel.streets.addresses import AddressBook
from routing.travel.streets.build import build_pack
from routing.travel.streets.engine import StreetTravel
from routing.travel.times import Profile

PROFILE = Profile.CAR  # what OSRM and Valhalla are asked for


class Task(NamedTuple):
    """What to measure."""

    extract: Path
    pack: Path
    points: Sequence[Point]
    sizes: Sequence[int]
    rides: Sequence[tuple[int, int]]


def build(extract: Path, pack: Path, with_basemap: bool) -> dict[str, float]:
    """Build a pack and return CPU seconds and memory, those of the map drawer apart."""
    return _alone(_build, extract, pack, with_basemap)


def measure(task: Task) -> tuple[dict[str, Any], np.ndarray]:
    """Return the figures and the seconds of the largest matrix."""
    return _alone(_measure, task)


def search(pack: Path) -> dict[str, float]:
    """Return what finding addresses costs: while typing, and in an import."""
    return _alone(_search, pack)


def _search(pack: Path) -> dict[str, float]:
    book, names = (
        AddressBook.open(pack),
        [one for one in StreetTravel(pack).pack.network.names if one],
    )
    dice = random.Random(1)
    typed = [name[: dice.randrange(3, len(name) + 1)] for name in dice.choices(names, k=_TYPED)]
    listed = [_address(dice, names) for _ in range(_LISTED)]
    book.search(names[0])  # loads what is loaded once
    typing_s = sorted(_cpu_s(book, text) for text in typed)
    return {
        "streets": book.street_count,
        "typing_ms": 1000 * typing_s[_TYPED // 2],
        "typing_p99_ms": 1000 * typing_s[_TYPED * 99 // 100],
        "listed_ms": 1000 * sum(_cpu_s(book, text) for text in listed) / _LISTED,
    }


_TYPED, _LISTED = 600, 2000


def _cpu_s(book: AddressBook, text: str) -> float:
    began = process_time()
    book.search(text)
    return process_time() - began


def _address(dice: random.Random, names: Sequence[str]) -> str:
    """Return a street with a number or a corner, a quarter of them misspelt."""
    name = dice.choice(names)
    if dice.random() < 0.25:
        at = dice.randrange(len(name))
        name = name[:at] + dice.choice("aeiou") + name[at + 1 :]
    is_corner = dice.random() < 0.2
    return f"{name} y {dice.choice(names)}" if is_corner else f"{name} {dice.randrange(1, 3000)}"


def _build(extract: Path, pack: Path, with_basemap: bool) -> dict[str, float]:
    began = process_time()
    build_pack(extract, pack, with_basemap=with_basemap)
    used, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {
        "build_cpu_s": process_time() - began,
        "build_rss_mb": used.ru_maxrss / 1024,
        "basemap_cpu_s": children.ru_utime + children.ru_stime,
        "disk_mb": sum(one.stat().st_size for one in pack.rglob("*") if one.is_file()) / 1e6,
    }


def _measure(task: Task) -> tuple[dict[str, Any], np.ndarray]:
    before_mb = _private_mb()
    travel = StreetTravel(task.pack)
    travel.matrix(task.points[:2], PROFILE)  # opens the hierarchy and links the kernels
    matrices = {}
    for size in task.sizes:
        began = process_time()
        matrix = travel.matrix(task.points[:size], PROFILE)
        matrices[size] = process_time() - began
    pairs = [[task.points[i], task.points[j]] for i, j in task.rides]
    travel.legs(pairs[0], PROFILE)
    began = process_time()
    for pair in pairs:
        travel.legs(pair, PROFILE)
    figures = {
        "matrix_cpu_s": matrices,
        "route_cpu_s": (process_time() - began) / len(pairs),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "private_mb": _private_mb() - before_mb,
    }
    return figures, np.asarray(matrix.seconds)


def _private_mb() -> float:
    """Return the memory that no other process shares, MB; what one more worker costs."""
    with Path("/proc/self/smaps_rollup").open() as lines:
        return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def _alone(function: Any, *arguments: Any) -> Any:
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(function, arguments)
