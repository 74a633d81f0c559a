"""Draws quality against time for each method, from the rows of a benchmark."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from routing.benchmark.report import Row

_SIZE_IN = (7.0, 4.0)
_PERCENT = 100


def curves(rows: Sequence[Row]) -> dict[str, list[tuple[float, float]]]:
    """Return by method the mean gap, percent, against the CPU seconds allowed, ascending.

    The gap is to the best known score or, where none is known, to the best of all runs on the
    instance, whatever time they took.
    """
    best: dict[str, int] = {}
    for row in rows:
        best[row.instance] = max(row.score, best.get(row.instance, row.score))
    gaps: dict[str, dict[float, list[float]]] = {}
    for row in rows:
        reference = row.best_known or best[row.instance]
        if reference:
            gap = (reference - row.score) / abs(reference) * _PERCENT
            gaps.setdefault(row.method, {}).setdefault(row.cpu_seconds, []).append(gap)
    return {
        method: [(cpu_s, sum(found) / len(found)) for cpu_s, found in sorted(by_time.items())]
        for method, by_time in gaps.items()
    }


def draw(rows: Sequence[Row], title: str, file: Path) -> None:
    """Write an SVG of `curves`; needs matplotlib, which only developers install."""
    import matplotlib as mpl  # noqa: PLC0415 - takes a second, and only plots need it

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "routing"  # the same rows give the same file
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, axes = plt.subplots(figsize=_SIZE_IN, layout="constrained")
    for method, points in curves(rows).items():
        axes.plot(*zip(*points, strict=True), marker="o", label=method)
    made_by = {row.method: row.made_by for row in rows}
    axes.set(xscale="log", xlabel="CPU seconds", ylabel="below the best, %", title=title)
    axes.grid(visible=True, alpha=0.3)
    axes.legend(title=_versions(made_by), title_fontsize="x-small", fontsize="small")
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def _versions(made_by: Mapping[str, str]) -> str:
    peers = (one.split(",")[0] for method, one in made_by.items() if method != "ours")
    return ", ".join(dict.fromkeys(one for one in peers if any(c.isdigit() for c in one)))


def rows_of(document: Mapping[str, Any]) -> list[Row]:
    """Return the rows of the JSON that the benchmark writes."""
    return [Row(**row) for row in document["rows"]]
