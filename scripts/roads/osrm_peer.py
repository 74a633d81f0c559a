"""OSRM on an extract: build, matrices, one route. Runs under a Python that has osrm-bindings.

Reads a task from standard input and writes figures to standard output, both JSON; durations go
into a file of their own, as JSON too, since this Python has nothing but the peer.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path
from time import process_time

import osrm

STEPS = ("extract", "partition", "customize")  # multi-level Dijkstra, OSRM's own advice for traffic


def main() -> None:
    """Build, ask and tell."""
    task = json.load(sys.stdin)
    base = build(Path(task["extract"]), Path(task["work"]))
    built = resource.getrusage(resource.RUSAGE_CHILDREN)
    engine = osrm.OSRM(
        algorithm="MLD",
        storage_config=str(base),
        use_shared_memory=False,
        max_locations_distance_table=-1,
    )
    points = [(lon, lat) for lat, lon in task["points"]]
    matrices, largest = {}, None
    for size in task["sizes"]:
        began = process_time()
        largest = engine.Table(
            osrm.TableParameters(coordinates=points[:size], annotations=["duration"])
        )
        matrices[size] = process_time() - began
    rows = [list(row) for row in largest["durations"]]
    Path(task["durations"]).write_text(json.dumps(rows))
    pairs = [(points[i], points[j]) for i, j in task["rides"]]
    began = process_time()
    for pair in pairs:
        engine.Route(
            osrm.RouteParameters(coordinates=list(pair), overview="full", geometries="geojson")
        )
    route_s = (process_time() - began) / len(pairs)
    figures = {
        "build_cpu_s": built.ru_utime + built.ru_stime,
        "build_rss_mb": built.ru_maxrss / 1024,
        "disk_mb": sum(one.stat().st_size for one in base.parent.glob("city.osrm*")) / 1e6,
        "matrix_cpu_s": matrices,
        "route_cpu_s": route_s,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    json.dump(figures, sys.stdout)


def build(extract: Path, work: Path) -> Path:
    """Extract, partition and customize in the folder of work."""
    copy = work / f"city{''.join(extract.suffixes[-2:])}"
    copy.symlink_to(extract.resolve())
    profile = Path(osrm.__file__).parent / "share" / "profiles" / "car.lua"
    base = work / "city.osrm"
    for step in STEPS:
        what = ["-p", str(profile), str(copy)] if step == "extract" else [str(base)]
        command = [sys.executable, "-m", "osrm", step, "-t", "1", *what]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"osrm {step} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return base


main()
