"""How near the bound comes to the best route known: made-up days of one collector, seed by seed.

The gap is that between the bound and the best route met on the way, a search of some seconds
included, in percent of the bound; seconds are CPU seconds, all of it counted.

    python -m scripts.bench_bound CITY [--clients 80] [--seeds 10] [--seconds 60] [--json]
"""

import argparse
import json
import sys
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from routing.benchmark.collector import load
from routing.benchmark.instance import Instance
from routing.bound import bound_of, warm


class Row(NamedTuple):
    """One day."""

    seed: int
    upper: int
    found: int
    gap_percent: float
    seconds: float
    rounds: int


def main(arguments: list[str] | None = None) -> int:
    """Measure and print, each day as soon as it is done."""
    parser = argparse.ArgumentParser(description="gap of the bound on made-up days")
    parser.add_argument("city", type=Path, help="city pack, or an OpenStreetMap extract")
    parser.add_argument("--clients", type=int, default=80)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    warm()
    rows = []
    seeds = range(options.first, options.first + options.seeds)
    if not options.json:
        sys.stdout.write("seed      bound      found   gap %  seconds  rounds\n")
    for instance, seed in zip(
        load(options.city, seeds, [f"{options.clients}x1"]), seeds, strict=True
    ):
        rows.append(bounded(instance, seed, options.seconds))
        if not options.json:
            sys.stdout.write("{:4} {:10} {:10} {:7.3f} {:8.1f} {:7}\n".format(*rows[-1]))
            sys.stdout.flush()
    result = {
        "mean_gap_percent": round(mean(one.gap_percent for one in rows), 3),
        "mean_seconds": round(mean(one.seconds for one in rows), 1),
    }
    if options.json:
        rows_told = [one._asdict() for one in rows]
        sys.stdout.write(json.dumps({**result, "rows": rows_told}) + "\n")
    else:
        sys.stdout.write(f"mean {result['mean_gap_percent']} %, {result['mean_seconds']} s\n")
    return 0


def bounded(instance: Instance, seed: int, seconds: float) -> Row:
    """Return the bound of a day after so many CPU seconds."""
    bound = bound_of(instance.problem, instance.matrices, seconds=seconds)
    gap = 100 * (1 - bound.found / bound.upper_bound) if bound.upper_bound else 0.0
    return Row(seed, bound.upper_bound, bound.found, gap, bound.seconds, bound.iterations)


if __name__ == "__main__":
    sys.exit(main())
