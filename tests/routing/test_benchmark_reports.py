"""What is drawn and told of a benchmark, and many zones planned side by side."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from routing.__main__ import INTERRUPTED, main
from routing.benchmark import command
from routing.benchmark.plots import curves, draw, rows_of
from routing.benchmark.report import Row
from routing.benchmark.zones import run_zones
from routing.measure import measure
from routing.problem import Problem
from tests.routing.situations import PaperTown, at, candidate, shift
from tests.routing.test_benchmark import TOPTW


def row(method: str, cpu_s: float, score: int, best_known: int | None = None) -> Row:
    return Row("a", 1, method, cpu_s, 1, score, 0, 0, 0, cpu_s, best_known, f"{method} 1.0")


def test_a_curve_falls_to_the_best_known_score_as_time_grows() -> None:
    rows = [row("ours", 5, 100, 100), row("ours", 1, 90, 100), row("peer", 1, 80, 100)]
    assert curves(rows) == {
        "ours": [(1, pytest.approx(10)), (5, pytest.approx(0))],
        "peer": [(1, pytest.approx(20))],
    }


def test_without_a_best_known_score_all_times_are_measured_by_the_best_of_any() -> None:
    assert curves([row("ours", 1, 50), row("ours", 5, 200)])["ours"] == [(1, 75), (5, 0)]


def test_the_same_rows_give_the_same_plot(tmp_path: Path) -> None:
    rows = [row("ours", 1, 90, 100), row("ours", 5, 100, 100)]
    for name in ("one.svg", "two.svg"):
        draw(rows, "made up", tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert b"<svg" in (tmp_path / "one.svg").read_bytes()


def test_rows_written_before_an_interrupt_are_a_whole_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "toptw").mkdir()
    (tmp_path / "toptw" / "x101.txt").write_text(TOPTW)
    written = tmp_path / "rows.json"
    arguments = ["benchmark", "toptw", str(tmp_path / "toptw"), "--methods", "nearest,listed"]
    counts: list[int] = []

    def two_rows_and_an_interrupt(*_: object) -> Iterator[Row]:
        for method in ("nearest", "listed"):
            yield row(method, 1, 100)
            counts.append(len(json.loads(written.read_text())["rows"]))
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "run", two_rows_and_an_interrupt)

    assert main([*arguments, "-o", str(written)]) == INTERRUPTED
    assert counts == [1, 2]
    document = json.loads(written.read_text())
    assert [one.method for one in rows_of(document)] == ["nearest", "listed"]
    assert len(document["summaries"]) == 2
    assert [file.name for file in tmp_path.glob("*.part")] == []


def test_each_zone_is_planned_by_its_own_collector_and_the_memory_of_workers_is_told() -> None:
    shifts = tuple(replace(shift(f"zone {i}", at(0)), collector=f"c{i}") for i in range(2))
    people = tuple(
        candidate(f"{i}", at(i, 1), prize=10, shifts=frozenset({f"zone {i % 2}"})) for i in range(6)
    )
    day = Problem(shifts, people)
    done = run_zones(day, dict(measure(day, PaperTown())), processes=2, cpu_seconds=0.1)
    assert done.prize == 60
    assert done.zones == done.processes == 2
    assert done.worker_mb > 0
