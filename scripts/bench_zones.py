"""Measure our zones beside k-means, k-means-constrained and METIS on one made-up city, in one run.

CPU seconds and quality by size, the same after one client in twenty was exchanged, and what an edit
costs. A balanced power diagram, which knows no contiguity, says how near zones could be at best.

A second table is of cities of other shapes, by three seeds each, and of the streets of a real one,
beside the relaxation of `scripts/zone_relaxation.py`.

    make bench-zones [SIZES="1000 10000 100000 1000000"] [CITY=city.osm.pbf]
"""

import argparse
import resource
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TypeVar

import numpy as np
from k_means_constrained import KMeansConstrained
from numpy.typing import NDArray
from pymetis import CSRAdjacency, Options, part_graph
from rich.console import Console
from sklearn.cluster import KMeans

from routing.travel.streets.build import build_pack
from routing.travel.streets.pack import Pack, open_pack
from routing.zoning import Ground, Place, Zoning
from routing.zoning.warm import warm
from scripts.zone_layouts import LAYOUTS, along_streets, exchanged, made_up
from scripts.zone_relaxation import far_m, power_diagram, relaxed_m

PER_ZONE = 1000  # clients
LEAST_ZONES = 8
MOST_CONSTRAINED = 10_000  # clients beyond which k-means-constrained takes minutes
MOST_PEERS = 100_000  # clients beyond which only ours is measured
START, END = "<!-- zones:start -->", "<!-- zones:end -->"
UNSEEN_SIZES = ((2000, 8), (10_000, 10))
UNSEEN_SEEDS = (1, 2, 3)
UNSEEN_HEAD = (
    "| city | clients / zones | work % | money % | pieces | km beyond the relaxation "
    "| moved after churn | work % after churn |"
)
HEAD = "| clients / zones | method | work % | money % | broken zones | km | CPU s |"

Labels = NDArray[np.int64]
Found = TypeVar("Found")


def main() -> int:
    """Measure, print one table, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--city", type=Path, help="extract of OpenStreetMap to measure on, too")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    warm()
    rows = [HEAD, "| --- | --- | --- | --- | --- | --- | --- |"]
    for size in options.sizes:
        rows += _size(size, options.seed)
    rows += ["", UNSEEN_HEAD, "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for layout in LAYOUTS:
        rows += _unseen(layout, None, partial(made_up, layout))
    if options.city:
        rows += _real(options.city)
    table = "\n".join(rows)
    Console().print(table, markup=False, soft_wrap=True)
    if options.write:
        text = options.write.read_text("utf-8")
        before, rest = text.split(START)
        after = rest.split(END)[1]
        options.write.write_text(f"{before}{START}\n{table}\n{END}{after}", "utf-8")
    return 0


def _size(count: int, seed: int) -> list[str]:
    places, k = made_up("clusters", count, seed), max(LEAST_ZONES, count // PER_ZONE)
    begin = process_time()
    ground = Ground(places)
    neighbours_s = process_time() - begin
    name = f"{count:,} / {k}"
    zoning, cold_s = _timed(lambda: ground.propose(k))
    rows = [_row(name, "**ours**", zoning, neighbours_s + cold_s)]
    rows += _later(name, ground, zoning, seed)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rows[0] = rows[0].replace("**ours**", f"**ours**, {memory} MB so far")
    if count > MOST_PEERS:
        return rows
    where = ground.units.plane_m[ground.units.unit_of]
    peers: list[tuple[str, Callable[[], Labels]]] = [
        ("balanced power diagram", lambda: power_diagram(ground, zoning)),
        ("k-means", lambda: _k_means(where, ground.weight, k)),
        ("METIS", lambda: _metis(ground, k)),
    ]
    if count <= MOST_CONSTRAINED:
        peers.append(("k-means-constrained", lambda: _constrained(where, k)))
    for peer, divide in peers:
        labels, seconds = _timed(divide)
        zone_of = {place.id: int(n) for place, n in zip(places, labels, strict=True)}
        rows.append(_row(name, peer, ground.assess(zone_of, k), seconds))
    return rows


def _later(name: str, ground: Ground, zoning: Zoning, seed: int) -> list[str]:
    """Measure re-zoning after churn, and an edit."""
    k = len(zoning.centres)
    later = Ground(exchanged(ground.places, seed))
    fresh, seconds = _timed(lambda: later.rezone(zoning.zone_of, k))
    before = later.assess(zoning.zone_of, k)
    told = f"ours, 5 % exchanged (was {before.imbalance:.1%}): {fresh.moved:.2%} moved"
    rows = [_row(name, told, fresh, seconds)]
    lasso = [place for place, zone in zoning.zone_of.items() if zone == 0][:20]
    edit = zoning.zone_of | dict.fromkeys(lasso, 1)
    shown, edit_s = _timed(lambda: ground.edited(zoning, dict.fromkeys(lasso, 1)))
    rows.append(_row(name, "ours, figures of an edit of 20 clients", shown, edit_s))
    around, around_s = _timed(lambda: ground.rezone(edit, k, held=lasso))
    rows.append(_row(name, "ours, rebalanced around it", around, around_s))
    return rows


def _real(extract: Path) -> list[str]:
    """Measure on the streets of an extract, whose pack is made for this alone."""
    with TemporaryDirectory() as folder:
        pack_folder = Path(folder) / "city"
        build_pack(extract, pack_folder, with_basemap=False)
        pack = open_pack(pack_folder)
        return _unseen(f"streets of {extract.name}", pack, partial(along_streets, pack))


def _unseen(name: str, pack: Pack | None, make: Callable[[int, int], list[Place]]) -> list[str]:
    """Return a row by size; each figure is the mean over seeds and, in brackets, the worst."""
    rows = []
    for count, k in UNSEEN_SIZES:
        found = [_of_seed(make(count, seed), pack, k, seed) for seed in UNSEEN_SEEDS]
        told = [f"{np.mean(figure):.2%} ({max(figure):.2%})" for figure in zip(*found, strict=True)]
        pieces = max(figures[2] for figures in found)
        told[2] = f"{pieces:g}"
        rows.append(f"| {name} | {count:,} / {k} | " + " | ".join(told) + " |")
    return rows


def _of_seed(
    places: list[Place], pack: Pack | None, k: int, seed: int
) -> tuple[float, float, float, float, float, float]:
    ground = Ground(places, pack=pack)
    zoning = ground.propose(k)
    where = ground.units.plane_m[ground.units.unit_of]
    loads = np.column_stack([ground.weight, ground.value])
    beyond = far_m(zoning) / relaxed_m(where, loads, power_diagram(ground, zoning), k) - 1
    fresh = Ground(exchanged(places, seed), pack=pack).rezone(zoning.zone_of, k)
    return (
        zoning.imbalance,
        zoning.value_imbalance,
        float(zoning.pieces),
        beyond,
        fresh.moved,
        fresh.imbalance,
    )


def _row(name: str, method: str, zoning: Zoning, seconds: float) -> str:
    broken = sum(figures.pieces > 1 for figures in zoning.figures)
    return (
        f"| {name} | {method} | {zoning.imbalance:.2%} | {zoning.value_imbalance:.2%} "
        f"| {broken} | {far_m(zoning) / 1000:.3f} | {seconds:.2f} |"
    )


def _timed(run: Callable[[], Found]) -> tuple[Found, float]:
    begin = process_time()
    found = run()
    return found, process_time() - begin


def _k_means(where: NDArray[np.float64], weight: NDArray[np.float64], k: int) -> Labels:
    found = KMeans(k, n_init=1, random_state=0).fit_predict(where, sample_weight=weight)
    return np.asarray(found, dtype=np.int64)


def _constrained(where: NDArray[np.float64], k: int) -> Labels:
    most = int(np.ceil(1.02 * len(where) / k))
    model = KMeansConstrained(k, size_min=1, size_max=most, n_init=1, random_state=0)
    return np.asarray(model.fit_predict(where), dtype=np.int64)


def _metis(ground: Ground, k: int) -> Labels:
    borders = ground.units.borders
    weight = np.maximum(ground.units.work[:, 0] * 100, 1).astype(int)
    _, part = part_graph(
        k,
        CSRAdjacency(borders.first.tolist(), borders.near.tolist()),
        vweights=weight.tolist(),
        options=Options(contig=1),
    )
    return np.asarray(part, dtype=np.int64)[ground.units.unit_of]


if __name__ == "__main__":
    raise SystemExit(main())
