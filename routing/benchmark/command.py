"""``python -m routing benchmark``: the arguments, the progress and the output."""

import argparse
import sys
from pathlib import Path

from routing.benchmark.instance import Set, load
from routing.benchmark.peers import METHODS
from routing.benchmark.report import Row, document_of, save, table
from routing.benchmark.run import run
from routing.errors import InvalidProblem

_FIRST_SEED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("set", choices=[str(one) for one in Set], help="family of problems")
    parser.add_argument(
        "folder",
        type=Path,
        help="of the published files; for collector a city pack or an OpenStreetMap extract",
    )
    parser.add_argument(
        "--methods",
        default="ours,ortools,pyvrp,vroom",
        help=f"of {', '.join(METHODS)}; default %(default)s",
    )
    parser.add_argument(
        "--cpu-seconds", default="1,5", help="for each method on each problem; default %(default)s"
    )
    parser.add_argument("--seeds", type=int, default=3, help="how many; default %(default)s")
    parser.add_argument(
        "--cases",
        default="",
        help="only names that begin so, such as c1,r2; for collector the sizes to make, such as "
        "400x1,5000x50x5 (clients, collectors, days)",
    )
    parser.add_argument("--json", action="store_true", help="write rows as JSON to standard output")
    parser.add_argument(
        "-o", "--output", type=Path, help="write the JSON here as well, after every row"
    )


def benchmark(options: argparse.Namespace) -> int:
    """Run the benchmark; returns 1 if an answer breaks a rule.

    Raises
    ------
    InvalidProblem
        If an argument is wrong, or the folder holds no such problems.
    """
    seeds = list(range(_FIRST_SEED, _FIRST_SEED + options.seeds))
    cases = [case for case in options.cases.split(",") if case]
    rows: list[Row] = []
    instances = load(Set(options.set), options.folder, seeds, cases)
    methods = options.methods.split(",")
    for row in run(instances, methods, _budgets(options.cpu_seconds), seeds):
        rows.append(row)
        _tell(row)
        if options.output:
            save(options.output, options.set, rows)
    if not rows:
        raise InvalidProblem("cases", f"expected names of the set, got {options.cases!r}")
    sys.stdout.write(document_of(options.set, rows) if options.json else table(rows) + "\n")
    return int(any(row.violations for row in rows))


def _budgets(text: str) -> list[float]:
    try:
        budgets = [float(one) for one in text.split(",")]
    except ValueError:
        budgets = []
    if not budgets or min(budgets) <= 0:
        raise InvalidProblem("--cpu-seconds", f"expected seconds above 0, got {text!r}")
    return budgets


def _tell(row: Row) -> None:
    gap = "" if row.gap is None else f" gap {row.gap:.2%}"
    sys.stderr.write(
        f"{row.instance} {row.method} {row.cpu_seconds:g} s seed {row.seed}: "
        f"score {row.score}{gap}, {row.visits} visits, {row.cpu_used:.2f} CPU s\n"
    )
    sys.stderr.flush()
