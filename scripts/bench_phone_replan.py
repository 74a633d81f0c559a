"""How long a phone takes to order a day of 60 clients anew, and what that order is worth.

The phone's own search runs in Node, which has the engine of Chromium, and stops as early as on the
page: milliseconds of each day, the first of the process among them. The same days are given to the
server's solver.

    python -m scripts.bench_phone_replan [--days 20] [--clients 60] [--seconds 0.4]
"""

import argparse
import sys
from dataclasses import replace
from statistics import fmean, median

from routing.solver import SolverParams
from tests.day_package.replan_cases import (
    Case,
    case,
    on_the_phone,
    on_the_server,
    order_of,
    worth,
)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; ends with 1 when somebody who must be visited is left out."""
    parser = argparse.ArgumentParser(description="a day ordered anew on the phone")
    parser.add_argument("--days", type=int, default=20)
    parser.add_argument("--clients", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=0.4, help="of the server's solver")
    options = parser.parse_args(arguments)
    long = SolverParams(seconds=options.seconds)
    days, orders = [], []
    for seed in range(1, options.days + 1):
        day = case(options.clients, seed, hours=3 + options.clients / 5.2)
        published = order_of(on_the_server(day, long))
        days.append(_cancelled(day, published[len(published) // 2]))
        orders.append(published)
    answers = on_the_phone(days, orders, is_timed=True)
    shares, left_out = [], 0
    for day, answer in zip(days, answers, strict=True):
        required, cents = worth(day, answer["order"])
        wanted, best = worth(day, order_of(on_the_server(day, long)))
        left_out += required < wanted
        shares.append(cents / best)
    took_ms = [float(answer["ms"]) for answer in answers]
    sys.stdout.write(
        f"days            {len(days)} of {options.clients} clients\n"
        f"first, ms       {took_ms[0]:.0f}\n"
        f"median, max ms  {median(took_ms):.0f}, {max(took_ms):.0f}\n"
        f"of the solver   {fmean(shares):.4f} on average, {min(shares):.4f} at worst\n"
    )
    return 1 if left_out else 0


def _cancelled(day: Case, visit: int) -> Case:
    """Return the day when one client of its order called it off."""
    windows = [[] if n == visit else one for n, one in enumerate(day.windows)]
    required = [one and n != visit for n, one in enumerate(day.required)]
    return replace(day, windows=windows, required=required)


if __name__ == "__main__":
    raise SystemExit(main())
