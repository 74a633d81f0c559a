"""``python -m routing simulate-scoring``: what learning is worth, family by family."""

import argparse
import json
import sys
from typing import Any

from routing.errors import InvalidProblem
from routing.scoring.simulation.comparison import CLIENTS, Comparison, compare
from routing.scoring.simulation.season import Policy, Rules
from routing.scoring.simulation.towns import FAMILIES

DAYS, SEEDS = 60, 20


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what can be asked for."""
    policies = [one.value for one in Policy if one is not Policy.FIXED]
    parser.add_argument("--days", type=int, default=DAYS, help="of a season; default %(default)s")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="towns; default %(default)s")
    parser.add_argument("--clients", type=int, default=CLIENTS, help="default %(default)s")
    parser.add_argument("--policy", choices=policies, default=Policy.LEARNED.value)
    parser.add_argument(
        "--family", action="append", choices=list(FAMILIES), help="may be repeated; default all"
    )
    parser.add_argument("--json", action="store_true", help="rows instead of a table")


def run(options: argparse.Namespace) -> int:
    """Play the seasons and write what came of them."""
    for name in ("days", "seeds", "clients"):
        if getattr(options, name) < 1:
            raise InvalidProblem(f"--{name}", f"expected 1 or more, got {getattr(options, name)}")
    rows = []
    for family in options.family or FAMILIES:
        row = _row(
            compare(
                family,
                range(options.seeds),
                Rules(days=options.days),
                policy=Policy(options.policy),
                clients=options.clients,
            )
        )
        rows.append(row)
        if not options.json:
            _tell(row, is_first=len(rows) == 1)
    if options.json:
        sys.stdout.write(json.dumps({"rows": rows}, indent=1) + "\n")
    return 0


def _row(found: Comparison) -> dict[str, Any]:
    forecasts = found.forecasts
    return {
        "family": found.family,
        "policy": found.policy.value,
        "seeds": len(found.fixed_cents),
        "fixed_cents": list(found.fixed_cents),
        "policy_cents": list(found.policy_cents),
        "gain": round(found.gain, 5),
        "low": round(found.low, 5) if len(found.fixed_cents) > 1 else None,
        "high": round(found.high, 5) if len(found.fixed_cents) > 1 else None,
        "brier": round(forecasts.brier, 5) if forecasts else None,
        "brier_baseline": round(forecasts.baseline, 5) if forecasts else None,
        "visits": forecasts.count if forecasts else 0,
    }


def _tell(row: dict[str, Any], *, is_first: bool) -> None:
    if is_first:
        sys.stdout.write("family     policy      gain    95 % interval       Brier  average\n")
    interval = "-" if row["low"] is None else f"{row['low']:+7.2%} to {row['high']:+7.2%}"
    brier = "-" if row["brier"] is None else f"{row['brier']:.4f}  {row['brier_baseline']:.4f}"
    sys.stdout.write(
        f"{row['family']:<10} {row['policy']:<10} {row['gain']:+7.2%}  {interval:<18}  {brier}\n"
    )
    sys.stdout.flush()
