"""Measures the route search beside its peers; writes figures and plots for docs/benchmarks.md.

    make bench-routes CITY=city.osm.pbf [TOPTW=folder] [PCVRPTW=folder] [WRITE=docs/benchmarks.md]

Everything comes from the rows that `python -m routing benchmark` writes: the JSON of each set is
kept beside its plot; without files to measure with, they are drawn again as they are.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from routing.benchmark import run
from routing.benchmark.instance import Set, load
from routing.benchmark.plots import draw, rows_of
from routing.benchmark.report import Row, save, table
from routing.benchmark.zones import ZonesRun, run_zones, zones_problem
from routing.travel.streets.build import build_pack
from routing.travel.streets.engine import StreetTravel

START, END = "<!-- routes:start -->", "<!-- routes:end -->"
PEERS = ("ours", "ortools", "ortools_usual", "pyvrp", "vroom")
PRACTICE = ("nearest", "listed")
# By title: set, cases, methods, CPU seconds, seeds.
RUNS = {
    "collectors": (Set.COLLECTOR, ("120x1", "200x1", "400x1"), PEERS + PRACTICE, (1, 5), 5),
    "fleets": (Set.COLLECTOR, ("1000x10",), ("ours", "pyvrp"), (1, 2, 5, 60), 3),
    "five days": (Set.COLLECTOR, ("5000x50x5",), ("ours", "pyvrp"), (60,), 1),
    "growth": (
        Set.COLLECTOR,
        ("50x1", "200x2", "1000x10", "5000x50", "10000x100", "20000x200"),
        ("ours", *PRACTICE),
        (10,),
        1,
    ),
    "team orienteering": (Set.TOPTW, (), ("ours", "ortools", "pyvrp", "vroom"), (1, 5), 1),
    "prize-collecting": (Set.PCVRPTW, (), ("ours", "pyvrp"), (5, 20, 60), 1),
}
ZONES, CLIENTS_PER_ZONE, PROCESSES, ZONE_SECONDS = 100, 200, 2, (0.25, 0.45, 1.0)
_CENTS = 100
_M_PER_KM = 1000


def main() -> int:
    """Measure what is asked, print it, and write it where asked."""
    options = _options()
    options.kept.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as work:
        city = Path(work) / "city"
        if options.city:
            build_pack(options.city, city, with_basemap=False)
        folders = {
            Set.COLLECTOR: options.city and city,
            Set.TOPTW: options.toptw,
            Set.PCVRPTW: options.pcvrptw,
        }
        for title in RUNS if options.runs is None else options.runs:
            if folders[RUNS[title][0]]:
                _measure(title, folders[RUNS[title][0]], options.kept)
        if options.city and options.zones:
            _measure_zones(city, options.kept)
    text = "\n\n".join(_sections(options.kept))
    sys.stdout.write(text + "\n")
    if options.write:
        _write(options.write, text)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--city", type=Path, help="OpenStreetMap extract of the collectors' days")
    parser.add_argument("--toptw", type=Path, help="folder of the team-orienteering files")
    parser.add_argument("--pcvrptw", type=Path, help="folder of the prize-collecting files")
    parser.add_argument("--runs", nargs="*", choices=list(RUNS), help="only these; default all")
    parser.add_argument("--zones", action="store_true", help="100 zones on two processes, too")
    parser.add_argument("--kept", type=Path, default=Path("docs/bench"), help="JSON and plots")
    parser.add_argument("--write", type=Path, help="put the tables between the marks of this file")
    return parser.parse_args()


def _file(kept: Path, title: str) -> Path:
    return kept / f"routes-{title.replace(' ', '-')}.json"


def _measure(title: str, folder: Path, kept: Path) -> None:
    family, cases, methods, cpu_seconds, seed_count = RUNS[title]
    seeds = list(range(1, seed_count + 1))
    rows = []
    for row in run(load(family, folder, seeds, cases), methods, cpu_seconds, seeds):
        rows.append(row)
        save(_file(kept, title), title, rows)
        sys.stderr.write(f"{title}: {row.instance} {row.method} {row.cpu_seconds:g} s\n")


def _measure_zones(city: Path, kept: Path) -> None:
    problem, matrices = zones_problem(StreetTravel(city), ZONES, CLIENTS_PER_ZONE)
    made = [run_zones(problem, matrices, PROCESSES, seconds) for seconds in ZONE_SECONDS]
    document = [asdict(one) for one in made]
    (kept / "zones.json").write_text(json.dumps(document, indent=1) + "\n", "utf-8")


def _sections(kept: Path) -> Iterator[str]:
    for title in RUNS:
        if not _file(kept, title).is_file():
            continue
        rows = rows_of(json.loads(_file(kept, title).read_text("utf-8")))
        yield f"### {title.capitalize()}"
        yield table(rows)
        if title == "growth":
            yield growth(rows)
            continue
        if len({row.cpu_seconds for row in rows}) > 1:
            plot = _file(kept, title).with_suffix(".svg")
            draw(rows, title, plot)
            yield f"![{title}: share below the best, by CPU seconds]({kept.name}/{plot.name})"
        if any(row.method in PRACTICE for row in rows):
            yield practice(rows)
    if (kept / "zones.json").is_file():
        yield f"### {ZONES} zones of {CLIENTS_PER_ZONE} clients"
        yield zones_table(
            [ZonesRun(**one) for one in json.loads((kept / "zones.json").read_text())]
        )


def practice(rows: Sequence[Row]) -> str:
    """Return what a collector recovers in a day and on a kilometre, by size and method; pesos."""
    longest = max(row.cpu_seconds for row in rows)
    lines = [
        "| clients | method | expected pesos per collector and day | per km | visits |",
        "| --- | --- | --- | --- | --- |",
    ]
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.cpu_seconds == longest and row.method in ("ours", *PRACTICE):
            groups.setdefault((row.instance.rpartition("-")[0], row.method), []).append(row)
    for (size, method), group in groups.items():
        pesos = sum(row.score for row in group) / _CENTS
        days, km = sum(row.m for row in group), sum(row.metres for row in group) / _M_PER_KM
        lines.append(
            f"| {size} | {method} | {pesos / days:,.0f} | {pesos / km:,.0f} "
            f"| {sum(row.visits for row in group) / days:.1f} |"
        )
    return "\n".join(lines)


def growth(rows: Sequence[Row]) -> str:
    """Return what days of more and more clients give in the same time, and the memory they take."""
    lines = [
        "| day | collectors | pesos per collector | over nearest first | MB | CPU s used |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    score = {(row.instance, row.method): row.score for row in rows}
    for row in rows:
        if row.method == "ours":
            times = row.score / score[row.instance, "nearest"]
            lines.append(
                f"| {row.instance} | {row.m} | {row.score / _CENTS / row.m:,.0f} | {times:.2f} "
                f"| {row.memory_mb:,.0f} | {row.cpu_used:.1f} |"
            )
    return "\n".join(lines)


def zones_table(runs: Sequence[ZonesRun]) -> str:
    """Return wall time, recovery and memory of planning all zones."""
    most = max(one.prize for one in runs)
    lines = [
        "| CPU s per zone | processes | wall s | of the best | pesos per zone | MB per worker |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {one.cpu_seconds:g} | {one.processes} | {one.wall_s:.1f} | {one.prize / most:.2%} "
        f"| {one.prize / _CENTS / one.zones:,.0f} | {one.worker_mb:.0f} |"
        for one in runs
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
