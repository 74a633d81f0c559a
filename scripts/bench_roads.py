"""Measure the embedded road engine beside OSRM and Valhalla on one extract, in one run.

CPU seconds and memory, each engine in processes of its own; agreement with OSRM on the same
points. ``--growth`` lays the city side by side to say how time and memory grow.

    make bench-roads EXTRACT=city.osm.pbf
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from roads import ours
from roads.towns import tile

from routing.benchmark.collector import places
from routing.geo import Point
from routing.travel.streets.engine import StreetTravel
from routing.travel.times import UNREACHABLE

SIZES = (50, 200, 1000)
RIDES = 100
PEERS = ("osrm", "valhalla")
HERE = Path(__file__).resolve().parent
START, END = "<!-- roads:start -->", "<!-- roads:end -->"


def main() -> int:
    """Measure, print one table, and write it where asked."""
    options = _options()
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory() as folder, console.status("…") as status:
        work = Path(folder)
        status.update("our engine: building the city")
        built = ours.build(options.extract, work / "city", with_basemap=True)
        points = places(
            StreetTravel(work / "city"), max(SIZES), np.random.default_rng(options.seed)
        )
        rides = [(i, i + 1) for i in range(RIDES)]
        status.update("our engine: matrices and routes")
        task = ours.Task(options.extract, work / "city", points, SIZES, rides)
        figures, seconds = ours.measure(task)
        rows: dict[str, dict[str, Any]] = {"ours": built | figures}
        status.update("our engine: addresses")
        rows["ours"] |= ours.search(work / "city")
        agreement = {}
        for peer in PEERS if options.peers_python else ():
            status.update(f"{peer}: building, matrices and routes")
            rows[peer], theirs = _peer(peer, options, points, rides, work)
            agreement[peer] = _agreement(seconds, theirs)
        growth = []
        for times in options.growth:
            status.update(f"our engine: {times} x {times} cities")
            growth.append(_grown(options.extract, times, work))
    document = {"rows": rows, "agreement": agreement, "growth": growth}
    text = "\n\n".join(_tables(options, document))
    sys.stdout.write((json.dumps(document, indent=1) if options.json else text) + "\n")
    if options.write:
        _write(options.write, text)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("extract", type=Path, help="OpenStreetMap extract of a city")
    parser.add_argument("--peers-python", type=Path, help="Python 3.12+ that has the peers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--growth", type=int, nargs="*", default=[], help="side lengths of squares of cities"
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", type=Path, help="file whose table to replace")
    options = parser.parse_args()
    if not options.extract.is_file():
        parser.error(f"{options.extract}: no such file")
    return options


def _peer(
    peer: str,
    options: argparse.Namespace,
    points: Sequence[Point],
    rides: Sequence[tuple[int, int]],
    work: Path,
) -> tuple[dict[str, Any], np.ndarray]:
    folder = work / peer
    folder.mkdir()
    task = {
        "extract": str(options.extract.resolve()),
        "work": str(folder),
        "points": points,
        "sizes": SIZES,
        "rides": rides,
        "durations": str(folder / "durations.json"),
    }
    command = [str(options.peers_python), str(HERE / "roads" / f"{peer}_peer.py")]
    done = subprocess.run(
        command, input=json.dumps(task), capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{peer} failed:\n{done.stderr[-3000:]}")
    durations = json.loads((folder / "durations.json").read_text())
    return json.loads(done.stdout), np.array(durations, dtype=np.float64)


def _agreement(ours_s: np.ndarray, theirs_s: np.ndarray) -> dict[str, float]:
    """Return how alike two matrices are once one factor has been taken out."""
    pairs = ~np.eye(len(ours_s), dtype=bool)
    reached_here, reached_there = ours_s != UNREACHABLE, np.isfinite(theirs_s)
    both = pairs & reached_here & reached_there & (theirs_s > 0)
    here, there = ours_s[both].astype(float), theirs_s[both]
    factor = np.median(there[here > 0] / here[here > 0])
    return {
        "correlation": float(np.corrcoef(here, there)[0, 1]),
        "factor": float(factor),
        "mean_error": float(np.mean(np.abs(here * factor - there) / there)),
        "unreachable": float(1 - reached_here[pairs].mean()),
        "unreachable_there": float(1 - reached_there[pairs].mean()),
    }


def _grown(extract: Path, times: int, work: Path) -> dict[str, Any]:
    large = work / f"cities-{times}.osm.pbf"
    tile(extract, times, large)
    pack = work / f"cities-{times}"
    built = ours.build(large, pack, with_basemap=False)
    travel = StreetTravel(pack)
    points = places(travel, SIZES[1], np.random.default_rng(1))
    task = ours.Task(large, pack, points, SIZES[1:2], [(i, i + 1) for i in range(RIDES)])
    figures, _ = ours.measure(task)
    info = travel.pack.info
    return {
        "cities": times * times,
        "extract_mb": large.stat().st_size / 1e6,
        "street_km": info.street_km,
        "segments": info.segment_count,
        **built,
        **figures,
    }


def _tables(options: argparse.Namespace, document: dict[str, Any]) -> list[str]:
    head = [f"Extract `{options.extract.name}`, seed {options.seed}; CPU seconds of one thread."]
    head.append(_engines(document["rows"]))
    if document["agreement"]:
        head.append(_agreements(document["agreement"]))
    if document["growth"]:
        head.append(_growths(document["growth"]))
    return head


def _engines(rows: dict[str, dict[str, Any]]) -> str:
    lines = [
        "| engine | build | build MB | disk MB | 50² | 200² | 1000² | one route, ms | MB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, row in rows.items():
        matrices = {int(size): cost for size, cost in row["matrix_cpu_s"].items()}
        cells = " | ".join(f"{matrices[size]:.3f}" for size in SIZES)
        lines.append(
            f"| {name} | {row['build_cpu_s']:.1f} | {row['build_rss_mb']:.0f} "
            f"| {row['disk_mb']:.1f} | {cells} | {row['route_cpu_s'] * 1000:.2f} "
            f"| {row['rss_mb']:.0f} |"
        )
    mine = rows["ours"]
    lines += [
        "",
        f"Our build draws the offline map as well, in {mine['basemap_cpu_s']:.1f} CPU s more. "
        f"One more worker takes {mine['private_mb']:.0f} MB that it does not share.",
        "",
        f"Address search among {mine['streets']} streets: {mine['typing_ms']:.1f} ms while typing "
        f"(p99 {mine['typing_p99_ms']:.1f} ms), {mine['listed_ms']:.1f} ms for each address of an "
        "import, a quarter of them misspelt.",
    ]
    return "\n".join(lines)


def _agreements(agreement: dict[str, dict[str, float]]) -> str:
    lines = [
        "| ours beside | correlation | factor | mean error after it | pairs without a way, "
        "ours | theirs |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {name} | {one['correlation']:.4f} | {one['factor']:.3f} | {one['mean_error']:.2%} "
        f"| {one['unreachable']:.3%} | {one['unreachable_there']:.3%} |"
        for name, one in agreement.items()
    ]
    return "\n".join(lines)


def _growths(growth: Sequence[dict[str, Any]]) -> str:
    lines = [
        "| cities | extract MB | streets km | build CPU s | build MB | pack MB | 200² | "
        "one route, ms | MB | one more worker, MB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {one['cities']} | {one['extract_mb']:.1f} | {one['street_km']:.0f} "
        f"| {one['build_cpu_s']:.1f} | {one['build_rss_mb']:.0f} | {one['disk_mb']:.0f} "
        f"| {one['matrix_cpu_s'][SIZES[1]]:.2f} | {one['route_cpu_s'] * 1000:.2f} "
        f"| {one['rss_mb']:.0f} | {one['private_mb']:.0f} |"
        for one in growth
    ]
    return "\n".join(lines)


def _write(file: Path, text: str) -> None:
    before, start, rest = file.read_text("utf-8").partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        sys.exit(f"{file}: expected {START} and {END}")
    file.write_text(f"{before}{START}\n\n{text}\n\n{END}{after}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
