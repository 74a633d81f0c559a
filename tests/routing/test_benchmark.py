"""The benchmark: instances read as the literature means them, answers checked, gaps told."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from routing.__main__ import main
from routing.benchmark.instance import Instance, Set, grid_of, load, tiny
from routing.benchmark.peers import METHODS, Budget
from routing.benchmark.peers.practice import in_listed_order, nearest_first
from routing.benchmark.report import Row, summaries, table
from routing.errors import InvalidProblem
from routing.explain import plan_of
from routing.verifier import Rule, verify

TOPTW = """\
4 1 3 1
0 200
  0 0.00 0.00 0.00 0.00 0 0 0 100
  1 3.00 4.05 10.00 7.00 1 1 1 0 60
  2 0.00 9.99 10.00 5.00 1 1 1 20 30
  3 50.00 60.00 10.00 9.00 1 1 1 0 100
"""
PCVRPTW = """\
NAME : small
TYPE : PCVRPTW
DIMENSION : 3
VEHICLES : 2
CAPACITY : 10
SERVICE_TIME : 5
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
DEMAND_SECTION
1 0
2 10
3 4
TIME_WINDOW_SECTION
1 0 100
2 0 50
3 10 20
PRIZE_SECTION
1 0
2 30
3 2
DEPOT_SECTION
1
-1
EOF
"""


@pytest.fixture
def toptw(tmp_path: Path) -> Path:
    folder = tmp_path / "toptw"
    folder.mkdir()
    (folder / "x101.txt").write_text(TOPTW)
    (folder / "FORMAT.txt").write_text("not an instance")
    (tmp_path / "toptw_best_known.json").write_text(json.dumps({"x101|2": 12}))
    return folder


@pytest.fixture
def pcvrptw(tmp_path: Path) -> Path:
    (tmp_path / "small.vrp").write_text(PCVRPTW)
    (tmp_path / "small.sol").write_text("Route #1: 1\nCost: 120\n")
    return tmp_path


def orders_of(instance: Instance, *routes: list[str]) -> dict[str, list[str]]:
    return {shift.id: order for shift, order in zip(instance.problem.shifts, routes, strict=False)}


def test_a_team_orienteering_file_gives_one_instance_for_each_number_of_routes(
    toptw: Path,
) -> None:
    instances = list(load(Set.TOPTW, toptw, [1]))

    assert [one.name for one in instances] == ["x101-m1", "x101-m2", "x101-m3", "x101-m4"]
    assert [one.best_known for one in instances] == [None, 12, None, None]
    assert [len(one.problem.shifts) for one in instances] == [1, 2, 3, 4]


def test_solomons_distances_are_rounded_down_to_the_first_decimal(toptw: Path) -> None:
    instance = next(iter(load(Set.TOPTW, toptw, [1])))

    assert grid_of(instance).seconds[0, 1:3].tolist() == [50, 99]  # 5.04 and 9.99


def test_cordeaus_distances_keep_the_second_decimal(toptw: Path) -> None:
    (toptw / "x101.txt").rename(toptw / "pr99.txt")

    instance = next(iter(load(Set.TOPTW, toptw, [1])))

    assert grid_of(instance).seconds[0, 1:3].tolist() == [504, 999]
    assert instance.problem.shifts[0].window.end_s == 10_000


def test_a_broken_line_is_named(toptw: Path) -> None:
    (toptw / "x101.txt").write_text(TOPTW.replace("  2 0.00 9.99", "  2 zero 9.99"))

    with pytest.raises(InvalidProblem, match=r"x101.txt, line 5: expected i x y d S"):
        list(load(Set.TOPTW, toptw, [1]))


def test_the_cost_of_prize_collecting_is_distance_plus_prizes_left_in_tenths(
    pcvrptw: Path,
) -> None:
    (instance,) = load(Set.PCVRPTW, pcvrptw, [1])

    plan = plan_of(instance.problem, instance.matrices, orders_of(instance, ["2"]))
    travel = sum(route.travel_s for route in plan.routes)

    assert (plan.prize, travel) == (300, 100)
    assert instance.best_known == 320 - 120


def test_the_capacity_of_prize_collecting_is_a_limit_that_the_verifier_knows(
    pcvrptw: Path,
) -> None:
    (instance,) = load(Set.PCVRPTW, pcvrptw, [1])

    assert instance.problem.shifts[0].cash_limit == 10
    assert [one.cash for one in instance.problem.candidates] == [10, 4]


def test_a_missing_section_is_named(pcvrptw: Path) -> None:
    (pcvrptw / "small.vrp").write_text(PCVRPTW.replace("PRIZE_SECTION", "PRICE_SECTION"))

    with pytest.raises(InvalidProblem, match=r"small.vrp: expected a PRIZE_SECTION"):
        list(load(Set.PCVRPTW, pcvrptw, [1]))


def test_a_folder_without_instances_is_refused(tmp_path: Path) -> None:
    for family, kind in ((Set.TOPTW, ".txt"), (Set.PCVRPTW, ".vrp"), (Set.COLLECTOR, "city pack")):
        with pytest.raises(InvalidProblem, match=kind):
            list(load(family, tmp_path, [1]))


@pytest.mark.parametrize("method", [one for one in METHODS if one != "ours"])
def test_each_peer_gives_a_plan_that_keeps_the_rules(method: str, toptw: Path) -> None:
    instance = next(iter(load(Set.TOPTW, toptw, [1], ["x101-m2"])))

    answer = METHODS[method](instance, Budget(0.1, 1))
    plan = plan_of(instance.problem, instance.matrices, answer.orders)

    broken = verify(instance.problem, plan, instance.matrices)
    assert {one.rule for one in broken} <= {Rule.LEFT_OUT}  # weak, not wrong
    assert 0 < plan.prize <= 12  # the third client lies too far away


def test_routes_that_are_alike_are_vehicles_of_one_type_and_each_is_given_its_own_order(
    pcvrptw: Path,
) -> None:
    instance = next(iter(load(Set.PCVRPTW, pcvrptw, [1])))
    # Together the two exceed the capacity of one route; the prizes pay for two rides now.
    rich = tuple(replace(one, prize=10_000) for one in instance.problem.candidates)
    instance = replace(instance, problem=replace(instance.problem, candidates=rich))
    orders = METHODS["pyvrp"](instance, Budget(0.2, 1)).orders
    assert sorted(orders) == ["route 1", "route 2"]
    assert sorted(orders.values()) == [["2"], ["3"]]


def test_collectors_without_a_plan_take_the_nearest_or_the_next_of_the_list() -> None:
    two = tiny()
    instance = replace(two, problem=replace(two.problem, shifts=two.problem.shifts[:1]))

    assert nearest_first(instance, Budget(1, 1)).orders == {"route 1": ["0", "1"]}
    assert in_listed_order(instance, Budget(1, 1)).orders == {"route 1": ["0", "1"]}


def row(method: str, score: int, *, instance: str = "a", best: int | None = 100) -> Row:
    return Row(instance, 1, method, 1.0, 1, score, 0, 0, 0, 1.0, best, method)


def test_gaps_are_to_the_best_known_score_and_the_worst_instance_is_named() -> None:
    rows = [row("x", 90), row("x", 100, instance="b"), row("y", 80), row("y", 95, instance="b")]

    x, y = summaries(rows)

    assert (x.mean_gap, x.worst_gap, x.worst_instance) == (pytest.approx(0.05), 0.1, "a")
    assert (x.wins, y.wins) == (2, 0)
    assert "| x | 1 |" in table(rows)


def test_without_a_best_known_score_the_best_of_the_run_is_the_measure() -> None:
    rows = [row("x", 90, best=None), row("y", 60, best=None)]

    assert [one.mean_gap for one in summaries(rows)] == [0, pytest.approx(1 / 3)]


def test_the_command_writes_rows_that_machines_can_read(
    toptw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["benchmark", "toptw", str(toptw), "--methods", "nearest,listed"]

    code = main([*arguments, "--cpu-seconds", "1", "--seeds", "1", "--cases", "x101-m2", "--json"])

    rows = json.loads(capsys.readouterr().out)["rows"]
    assert code == 0
    assert [one["method"] for one in rows] == ["nearest", "listed"]
    fields = {"instance", "m", "method", "cpu_seconds", "seed", "score", "travel", "violations"}
    assert all(fields <= set(one) for one in rows)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (["--methods", "magic"], "magic"),
        (["--cpu-seconds", "0"], "above 0"),
        (["--cpu-seconds", "soon"], "above 0"),
        (["--cases", "zzz"], "names of the set"),
    ],
)
def test_a_wrong_argument_is_explained(
    wrong: list[str], complaint: str, toptw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["benchmark", "toptw", str(toptw), "--seeds", "1", *wrong])

    assert code == 2
    assert complaint in capsys.readouterr().err
