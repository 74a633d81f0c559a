"""Valhalla on an extract: build, matrices, one route. Runs under a Python that has pyvalhalla."""

import json
import resource
import subprocess
import sys
from pathlib import Path
from time import process_time

import valhalla

COSTING = "auto"


def main() -> None:
    """Build, ask and tell."""
    task = json.load(sys.stdin)
    config = build(Path(task["extract"]), Path(task["work"]))
    built = resource.getrusage(resource.RUSAGE_CHILDREN)
    actor = valhalla.Actor(config)
    points = [{"lat": lat, "lon": lon} for lat, lon in task["points"]]
    matrices, answer = {}, None
    for size in task["sizes"]:
        began = process_time()
        answer = actor.matrix(
            {"sources": points[:size], "targets": points[:size], "costing": COSTING}
        )
        matrices[size] = process_time() - began
    rows = [[cell["time"] for cell in row] for row in answer["sources_to_targets"]]
    Path(task["durations"]).write_text(json.dumps(rows))
    pairs = [[points[i], points[j]] for i, j in task["rides"]]
    began = process_time()
    for pair in pairs:
        actor.route({"locations": pair, "costing": COSTING, "directions_type": "none"})
    figures = {
        "build_cpu_s": built.ru_utime + built.ru_stime,
        "build_rss_mb": built.ru_maxrss / 1024,
        "disk_mb": sum(one.stat().st_size for one in (Path(task["work"]) / "tiles").rglob("*.gph"))
        / 1e6,
        "matrix_cpu_s": matrices,
        "route_cpu_s": (process_time() - began) / len(pairs),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    json.dump(figures, sys.stdout)


def build(extract: Path, work: Path) -> dict:
    """Build the tiles; the cost matrix algorithm is left for the one that is faster for many."""
    tiles = work / "tiles"
    tiles.mkdir()
    config = valhalla.get_config(tile_extract="", tile_dir=str(tiles))
    config["mjolnir"]["concurrency"] = 1
    config["thor"]["source_to_target_algorithm"] = "timedistancematrix"
    for section in ("mjolnir", "loki", "thor", "odin", "meili"):
        config.setdefault(section, {}).setdefault("logging", {})["type"] = ""
    limits = config["service_limits"][COSTING]
    limits["max_matrix_location_pairs"] = 10**9
    limits["max_matrix_distance"] = 10**7
    limits["max_locations"] = 10**6
    path = work / "valhalla.json"
    path.write_text(json.dumps(config))
    command = [str(valhalla.PYVALHALLA_DIR / "bin" / "valhalla_build_tiles"), "-c", str(path)]
    done = subprocess.run([*command, str(extract)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"valhalla_build_tiles failed:\n{done.stderr[-2000:]}")
    return config


main()
