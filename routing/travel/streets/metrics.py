"""Keeps metrics on disk, in the pack, so that all processes map the same memory.

A metric is made by whoever needs it first and appears whole. A pack that can't be written to, or a
metric that can't be read, costs only the tens of milliseconds of making it.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np

from routing.travel.streets.costs import Costs
from routing.travel.streets.hierarchy import Hierarchy, Metric, build_metric

METRICS_FOLDER = "metrics"
DTYPES = {"up": "<f8", "down": "<f8", "via_up": "<i4", "via_down": "<i4"}


def shared_metric(
    pack: Path, name: str, hierarchy: Hierarchy, make_costs: Callable[[], Costs]
) -> Metric:
    """Return the metric kept under `name`, or make it and keep it.

    Parameters
    ----------
    name : str
        ``KIND-VERSION``: it must differ whenever hierarchy or costs do. Metrics of the same kind
        and another version are of no use any more and are removed.
    make_costs : callable
        Returns the costs of the transitions.
    """
    folder = pack / METRICS_FOLDER
    kept = _read(folder / name, len(hierarchy.head))
    if kept is not None:
        return kept
    metric = own_metric(hierarchy, make_costs())
    try:
        _write(folder, name, metric)
    except OSError:
        return metric
    return _read(folder / name, len(hierarchy.head)) or metric


def own_metric(hierarchy: Hierarchy, costs: Costs) -> Metric:
    """Return a metric of this process alone."""
    metric = build_metric(hierarchy, costs)
    for column in fields(Metric):
        # Like those on disk: another kind of array would be compiled for.
        getattr(metric, column.name).setflags(write=False)
    return metric


def _read(folder: Path, count: int) -> Metric | None:
    try:
        arrays = {
            column.name: np.asarray(np.load(folder / f"{column.name}.npy", mmap_mode="r"))
            for column in fields(Metric)
        }
    except (OSError, ValueError, EOFError):
        return None
    is_whole = all(
        array.shape == (count,) and array.dtype == DTYPES[name] for name, array in arrays.items()
    )
    return Metric(**arrays) if is_whole else None


def _write(folder: Path, name: str, metric: Metric) -> None:
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".metric-", dir=folder) as work:
        new = Path(work) / "new"
        new.mkdir()
        for column in fields(Metric):
            np.save(new / f"{column.name}.npy", getattr(metric, column.name))
        if (folder / name).exists():  # damaged, or another process was first
            (folder / name).rename(Path(work) / "old")
        new.rename(folder / name)
    kind = name.rpartition("-")[0]
    for other in folder.glob(f"{kind}-*"):
        if other.name != name:
            shutil.rmtree(other, ignore_errors=True)
