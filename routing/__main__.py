"""``python -m routing``: solve a day, divide places into zones, verify a plan; files are JSON."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time
from typing import TypeVar

from routing.benchmark import command as benchmark
from routing.errors import InvalidProblem, RoutingError, SolverFailed, TravelTimesUnavailable
from routing.io.changes import changes_from_json, differences_to_fields
from routing.io.plans import plan_from_json, plan_to_json
from routing.io.problems import ProblemFile, problem_from_json
from routing.measure import Matrices, measure, split
from routing.plan import Plan
from routing.problem import LATEST_S
from routing.replan import replan
from routing.scoring.simulation import command as scoring_simulation
from routing.solver import SolverParams, solve
from routing.verifier import verify

File = TypeVar("File")

_LEAST_LEFT = 0.1  # of the time asked for a bound, however long it took to begin

VIOLATED, BAD_INPUT, NO_TRAVEL, OUR_FAULT, INTERRUPTED = 1, 2, 3, 4, 130

DESCRIPTION = """\
Chooses whom each collector visits and in which order; divides clients into zones; checks plans.
All input and output is JSON, one document per file."""

FORMATS = """\
conventions
  Points are {"lat": degrees, "lon": degrees}, WGS-84. Clock times (..._s of windows and stops) are
  integer seconds since local midnight, durations integer seconds, distances integer metres.
  Windows include both ends. Prizes and costs are integers in one unit of your choice (cents).
  Unknown fields are refused.

problem.json (input of solve and verify)
  travel_cost_per_hour  price of an hour on the road, same unit as prizes; default 0
  shifts[]              id, start, end (null: the day ends at the last visit),
                        window {start_s, end_s}, profile (motorcycle, car, foot; default
                        motorcycle), max_stops (default null: no bound), day (0-4, default 0),
                        collector (default: the id), breaks[] (window in which it starts,
                        duration_s), skills[], cash_limit (default null: none)
  candidates[]          id, point, service_s, prize, windows[] (alternatives in which the visit
                        may start, each with a day or for every day; none: never), and by default
                        none of these: required, shifts[] and collectors[] that may visit,
                        forbidden_collectors[], skills[] it needs, services[] (outcome, share,
                        seconds: length by outcome), preferred[] windows and outside_price,
                        group (one visit to all of it), after[] (ids to be visited before),
                        max_visits and repeat_prize, last_contact_day, min_rest_days,
                        max_rest_days, cash, is_deposit, hardness, published_shift
  prices                unfairness {hours, recovery, hard_cases}: per hour, 1000 points or unit of
                        the collector who has most above the mean; moved, dropped: per published
                        candidate
  travel                {"provider": "haversine"}: great-circle estimates, the default
                        {"provider": "streets", "pack": FOLDER}: a city pack
                        {"provider": "osrm" or "valhalla", "url": URL}: a server
                        {"matrix": {PROFILE: {"seconds": [[...]], "metres": [[...]]}}}: row =
                        origin; the candidates, then each shift's start, then each end that is
                        not null; null where there is no way

plan.json (output of solve, input of verify)
  routes[]   one per shift, in order: shift_id, leaves_s, returns_s, travel_s, travel_m,
             breaks_at_end[] and stops[]: candidate_id, arrives_s, starts_s, leaves_s, travel_s,
             travel_m, prize, detour_s, detour_cost, outside_price, moved_price, waits, breaks[]
             (starts_s, duration_s)
  skipped[]  candidate_id, reason (no_legal_window, outside_shift, unreachable, no_shift,
             missing_skill, not_allowed, resting, waits_for, group_taken, not_worth_the_trip,
             no_time_left, max_stops, cash_limit, breaks, fits), facts, change (kind: add,
             add_stop_slot, lengthen_shift, widen_window, allow_shift, raise_cash_limit, swap_for,
             raise_prize; facts) or null
  prize, travel_source, is_estimate, seed, solver

changes.json (input of replan)
  changes[]  kind and its fields: visit_done (candidate_id, left_s; started_s, shift_id, point),
             underway (shift_id, point, at_s; candidate_id), late (shift_id, free_at_s; point),
             sick (shift_id; shared_with[]), cancelled (candidate_id), added (candidate), moved
             (candidate_id, window), pinned (candidate_id; position), street_closed (pairs[] of
             from and to, or centre and radius_m); those after the semicolon may be missing

differences.json (output of replan)
  kept[], moved[], dropped[] and added[] (candidate_id, from_shift, to_shift, why), reordered,
  later_s {candidate_id: seconds}, remarks[] (change, flag)

places.json (input of zone)
  places[]    id, point, weight (work), value (money, balanced second; default 0), and by default
              none of these: group (stays in one zone), bound_to (a zone), today (its zone now:
              the zones are then made even with few changes)
  zones       how many; --zones wins
  wishes[]    one for each zone: capacity (share, default 1), centre (a point), locked
  barriers[]  lists of points that zones do not cross

zones.json (output of zone)
  imbalance (largest share, minus 1), value_imbalance, moved (share of places in another zone than
  today), warnings[], pieces (1: every zone hangs together) and zones[]: zone, places, weight,
  share, value, value_share, mean_distance_m, compactness, tour_m, pieces, centre, place_ids,
  outline (a GeoJSON geometry, longitude first as GeoJSON wants it)

bound.json (output of bound)
  upper_bound (no plan that visits as many required is worth more, travel taken off), found (the
  best route met on the way), is_best (they are equal), seconds (CPU), iterations, method, relaxed
  (rules left out, which can only raise the bound); with --plan: objective, gap_percent

exit codes
  0 done, 1 the plan breaks a rule, 2 bad input, 3 no travel times, 4 a fault of this program"""


class _OwnPlanBroken(RoutingError):
    """The solver made a plan that the verifier refuses."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    # All that a process of its own has used counts; not what whoever calls this did before.
    options.began_s = 0.0 if arguments is None else process_time()
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except InvalidProblem as error:
        return _fail(str(error), BAD_INPUT)
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}", BAD_INPUT)
    except TravelTimesUnavailable as error:
        return _fail(str(error), NO_TRAVEL)
    except (SolverFailed, _OwnPlanBroken) as error:
        return _fail(str(error), OUR_FAULT)
    except KeyboardInterrupt:
        return _fail("interrupted", INTERRUPTED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m routing",
        description=DESCRIPTION,
        epilog=FORMATS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    solving = commands.add_parser("solve", help="plan the day of problem.json")
    solving.add_argument("problem", type=Path)
    solving.add_argument("-o", "--output", type=Path, help="plan.json; default: standard output")
    solving.add_argument(
        "--seconds",
        type=float,
        default=SolverParams().seconds,
        help="to search; default %(default)s",
    )
    solving.add_argument("--seed", type=int, default=0, help="default %(default)s")
    solving.add_argument(
        "--iterations", type=int, help="stop by count instead of time: the same plan every time"
    )
    solving.add_argument(
        "--processes",
        type=int,
        default=os.cpu_count() or 1,
        help="that solve, 0 for none but this one; default one per core",
    )
    solving.add_argument(
        "--progress", action="store_true", help="one JSON object per line on standard error"
    )
    solving.set_defaults(command=_solve)

    zoning = commands.add_parser("zone", help="divide places.json into zones")
    zoning.add_argument("places", type=Path)
    zoning.add_argument("-o", "--output", type=Path, help="zones.json; default: standard output")
    zoning.add_argument("--zones", type=int, help="how many")
    zoning.add_argument("--most", type=float, help="as few zones as keep each at this weight")
    zoning.add_argument("--pack", type=Path, help="city pack; neighbours follow its streets")
    zoning.add_argument(
        "--cold", action="store_true", help="divide anew, under the numbers of today's zones"
    )
    zoning.add_argument(
        "--alone", action="store_true", help="today's zones made even, no cold division beside them"
    )
    zoning.add_argument("--seed", type=int, default=0, help="default %(default)s")
    zoning.set_defaults(command=_zone)

    verifying = commands.add_parser("verify", help="check plan.json against problem.json")
    verifying.add_argument("problem", type=Path)
    verifying.add_argument("plan", type=Path)
    verifying.set_defaults(command=_verify)

    replanning = commands.add_parser("replan", help="plan the rest of a day that changed")
    replanning.add_argument("problem", type=Path, help="as it was planned")
    replanning.add_argument("plan", type=Path, help="that people have seen")
    replanning.add_argument("changes", type=Path, help="what happened: changes.json")
    replanning.add_argument(
        "--now", type=_clock_s, required=True, help="HH:MM, or seconds since local midnight"
    )
    replanning.add_argument("-o", "--output", type=Path, help="plan.json; default: standard output")
    replanning.add_argument(
        "--differences", type=Path, help="differences.json; default: not written"
    )
    replanning.add_argument(
        "--iterations", type=int, help="steps of the search; default %(default)s", default=16
    )
    replanning.add_argument("--seed", type=int, default=0, help="default %(default)s")
    replanning.set_defaults(command=_replan)

    bounding = commands.add_parser("bound", help="what no plan of problem.json can exceed")
    bounding.add_argument("problem", type=Path, help="with one shift")
    bounding.add_argument("-o", "--output", type=Path, help="bound.json; default: standard output")
    bounding.add_argument("--plan", type=Path, help="plan.json to be measured against the bound")
    bounding.add_argument(
        "--seconds",
        type=float,
        default=60.0,
        help="CPU seconds, starting and reading counted; default %(default)s",
    )
    bounding.add_argument(
        "--iterations", type=int, help="stop by count instead of time: the same bound every time"
    )
    bounding.add_argument(
        "--progress", action="store_true", help="one JSON object per line on standard error"
    )
    bounding.set_defaults(command=_bound)

    comparing = commands.add_parser("benchmark", help="run the search beside its open peers")
    benchmark.add_arguments(comparing)
    comparing.set_defaults(command=benchmark.benchmark)

    simulating = commands.add_parser(
        "simulate-scoring", help="say what learning from visits is worth"
    )
    scoring_simulation.add_options(simulating)
    simulating.set_defaults(command=scoring_simulation.run)
    return parser


def _solve(options: argparse.Namespace) -> int:
    tell = _tell_json if options.progress else _tell_only_warnings
    params = SolverParams(seconds=options.seconds, iterations=options.iterations)
    file = _read_problem(options.problem)
    if not file.names_travel:
        tell(warning=f"{options.problem}: no travel given, great-circle estimates are used")
    tell(step="measure", share=0.0)
    travel = file.open_travel()
    matrices = measure(file.problem, travel)
    plan = solve(
        file.problem,
        travel,
        params,
        options.seed,
        lambda share, prize: tell(step="solve", share=round(share, 4), prize=prize),
        processes=options.processes if len(split(file.problem)) > 1 else 0,
        matrices=matrices,
    )
    tell(step="verify", share=1.0, prize=plan.prize)
    _insist(file, plan, matrices)
    _write(options.output, plan_to_json(plan))
    visits = sum(len(route.stops) for route in plan.routes)
    tell(step="done", share=1.0, prize=plan.prize, visits=visits, skipped=len(plan.skipped))
    return 0


def _insist(file: ProblemFile, plan: Plan, matrices: Matrices) -> None:
    violations = verify(file.problem, plan, matrices)
    if violations:
        more = f" and {len(violations) - 1} more" if len(violations) > 1 else ""
        raise _OwnPlanBroken(f"the solver's own plan breaks a rule: {violations[0]}{more}")


def _zone(options: argparse.Namespace) -> int:
    from routing.io.zones import places_from_json, zoning_to_json  # noqa: PLC0415 - loads scipy
    from routing.travel.streets.pack import open_pack  # noqa: PLC0415 - loads compiled code
    from routing.zoning import Ground, Zoning, fewest, relabelled  # noqa: PLC0415 - loads scipy

    file = _read(options.places, places_from_json)
    zones = options.zones if options.zones is not None else file.zones
    pack = None if options.pack is None else open_pack(options.pack)
    ground = Ground(file.places, pack=pack, barriers=file.barriers)

    def divided_anew() -> Zoning:
        zoning = ground.propose(
            zones or 0, wishes=file.wishes, seed=options.seed, today=file.today or None
        )
        return relabelled(ground, zoning, file.today) if file.today else zoning

    beside = None
    if options.most is not None:
        zoning = fewest(ground, options.most, seed=options.seed)
    elif zones is None:
        raise InvalidProblem("zones", "missing: give --zones, --most or the field")
    elif options.cold or not file.today:
        zoning = divided_anew()
    else:
        zoning = ground.rezone(file.today, zones, wishes=file.wishes)
        beside = None if options.alone else divided_anew()
    for warning in zoning.warnings:
        sys.stderr.write(f"warning: {warning}\n")
    _write(options.output, zoning_to_json(zoning, beside))
    return 0


def _verify(options: argparse.Namespace) -> int:
    file = _read_problem(options.problem)
    plan = _read(options.plan, plan_from_json)
    violations = verify(file.problem, plan, measure(file.problem, file.open_travel()))
    for violation in violations:
        sys.stdout.write(f"{options.plan}: {violation}\n")
    return VIOLATED if violations else 0


def _replan(options: argparse.Namespace) -> int:
    file = _read_problem(options.problem)
    plan = _read(options.plan, plan_from_json)
    changes = _read(options.changes, changes_from_json)
    travel = file.open_travel()
    found = replan(
        file.problem,
        plan,
        changes,
        options.now,
        matrices=measure(file.problem, travel),
        travel=travel,
        params=SolverParams(iterations=options.iterations),
        seed=options.seed,
    )
    violations = verify(*found.as_problem())
    if violations:
        raise _OwnPlanBroken(f"the new plan breaks a rule: {violations[0]}")
    _write(options.output, plan_to_json(found.plan))
    if options.differences is not None:
        fields = differences_to_fields(found.differences)
        _write(options.differences, json.dumps(fields, ensure_ascii=False, indent=1) + "\n")
    return 0


def _clock_s(text: str) -> int:
    """Read ``HH:MM``, or seconds since local midnight."""
    hours, colon, minutes = text.partition(":")
    try:
        at_s = 3600 * int(hours) + 60 * int(minutes) if colon else int(text)
    except ValueError:
        at_s = -1
    if not 0 <= at_s <= LATEST_S or (colon and not 0 <= int(minutes) < 60):
        expected = f"expected HH:MM or seconds 0..{LATEST_S}, got {text!r}"
        raise argparse.ArgumentTypeError(expected)
    return at_s


def _bound(options: argparse.Namespace) -> int:
    from routing.bound import bound_of  # noqa: PLC0415 - loads scipy and compiled code

    tell = _tell_json if options.progress else _tell_only_warnings
    file = _read_problem(options.problem)
    plan = None if options.plan is None else _read(options.plan, plan_from_json)
    matrices = measure(file.problem, file.open_travel())
    if plan is not None and (violations := verify(file.problem, plan, matrices)):
        sys.stdout.write(f"{options.plan}: {violations[0]}\n")
        return VIOLATED
    result = bound_of(
        file.problem,
        matrices,
        plan,
        seconds=_left_of(options.seconds, process_time() - options.began_s),
        iterations=options.iterations,
        on_progress=lambda share, upper, found: tell(
            step="bound", share=round(share, 4), upper_bound=round(upper), found=round(found)
        ),
    )
    _write(options.output, json.dumps(result.as_fields(), indent=1) + "\n")
    if result.gap_percent is not None:
        gap = -(-int(result.gap_percent * 1000) // 100) / 10  # rounded up to tenths
        sys.stderr.write(f"routing: at most {gap} % below the best possible\n")
    return 0


def _left_of(seconds: float, used_s: float) -> float:
    """Return what starting and reading leave of the time, a part of it in any case."""
    return max(_LEAST_LEFT * seconds, seconds - used_s)


def _read_problem(path: Path) -> ProblemFile:
    return _read(path, problem_from_json)


def _read(path: Path, parse: Callable[[str], File]) -> File:
    """Read and parse a file; errors begin with its name."""
    try:
        return parse(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidProblem(f"{path}: byte {error.start}", "expected UTF-8") from error
    except InvalidProblem as error:
        raise InvalidProblem(f"{path}: {error.place}", error.expected) from error


def _write(path: Path | None, text: str) -> None:
    """Write a whole file or none: who reads meanwhile sees the old one."""
    if path is None:
        sys.stdout.write(text)
        return
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _tell_json(**step: object) -> None:
    sys.stderr.write(json.dumps(step) + "\n")
    sys.stderr.flush()


def _tell_only_warnings(**step: object) -> None:
    if "warning" in step:
        sys.stderr.write(f"routing: warning: {step['warning']}\n")


def _fail(text: str, code: int) -> int:
    sys.stderr.write(f"routing: {text}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
