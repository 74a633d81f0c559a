"""``python -m routing`` as people run it: files in, files out, one line when something is wrong."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routing import __main__ as command_line
from routing.bound import Bound
from routing.plan import Plan
from routing.solver import solve

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "routing.md").read_text(encoding="utf-8")
EXAMPLE, EXAMPLE_PLAN = re.findall(r"```json\n(.*?)```", DOCS, re.DOTALL)

# Refuses to import the application's libraries, then runs the command line as `-m` would.
WITHOUT_FLASK = """
import runpy, sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"flask", "werkzeug", "sqlalchemy", "dbos", "collector_app"}:
            raise ModuleNotFoundError(f"{name} is blocked in this test")
sys.meta_path.insert(0, Blocker())
sys.argv[0] = "routing"
runpy.run_module("routing", run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def problem_file(tmp_path: Path) -> Path:
    path = tmp_path / "problem.json"
    path.write_text(EXAMPLE, encoding="utf-8")
    return path


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(EXAMPLE_PLAN, encoding="utf-8")
    return path


def test_the_documented_example_gives_the_documented_plan(
    problem_file: Path, tmp_path: Path
) -> None:
    output = tmp_path / "plan.json"

    code = command_line.main(["solve", str(problem_file), "-o", str(output), "--iterations", "100"])

    written, documented = json.loads(output.read_text()), json.loads(EXAMPLE_PLAN)
    assert code == 0
    assert written.pop("solver").split()[0] == documented.pop("solver").split()[0]
    assert written == documented
    assert list(tmp_path.iterdir()) == [problem_file, output]  # nothing is left beside it


def test_a_plan_goes_to_standard_output_when_no_file_is_named(
    problem_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command_line.main(["solve", str(problem_file), "--iterations", "20"])

    assert json.loads(capsys.readouterr().out)["prize"] == 24000


def test_progress_is_one_object_per_line(
    problem_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = str(tmp_path / "plan.json")

    command_line.main(["solve", str(problem_file), "-o", output, "--seconds", "0.5", "--progress"])

    steps = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    names = [step["step"] for step in steps]
    shares = [step["share"] for step in steps]
    assert list(dict.fromkeys(names)) == ["measure", "solve", "verify", "done"]
    assert shares == sorted(shares)
    assert steps[-1] == {"step": "done", "share": 1.0, "prize": 24000, "visits": 2, "skipped": 1}


def test_a_good_plan_is_verified_in_silence(
    problem_file: Path, plan_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main(["verify", str(problem_file), str(plan_file)]) == 0
    assert capsys.readouterr().out == ""


def test_a_broken_plan_is_listed_line_by_line(
    problem_file: Path, plan_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan_file.write_text(EXAMPLE_PLAN.replace('"prize": 24000', '"prize": 24001'))

    assert command_line.main(["verify", str(problem_file), str(plan_file)]) == 1
    assert capsys.readouterr().out == (
        f"{plan_file}: prize: wrong_total: says 24001, stops add to 24000\n"
    )


def test_without_a_source_of_travel_times_a_warning_says_so(
    problem_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = json.loads(EXAMPLE)
    del problem["travel"]
    problem_file.write_text(json.dumps(problem))

    command_line.main(["solve", str(problem_file), "--iterations", "5"])

    written = capsys.readouterr()
    assert written.err == (
        f"routing: warning: {problem_file}: no travel given, great-circle estimates are used\n"
    )
    assert json.loads(written.out)["is_estimate"] is True


def broken(edit: Callable[[dict[str, Any]], object]) -> str:
    problem = json.loads(EXAMPLE)
    edit(problem)
    return json.dumps(problem)


@pytest.mark.parametrize(
    ("text", "code", "error"),
    [
        (
            broken(lambda problem: problem["candidates"][2].update(service_s="10 min")),
            2,
            'candidates[2].service_s: expected integer seconds, got "10 min"',
        ),
        ("{", 2, "line 1 column 2: expected JSON, "),
        ("\udce9", 2, "byte 0: expected UTF-8"),
        (
            broken(lambda problem: problem.update(travel={"provider": "magic"})),
            3,
            "travel.provider: expected one of haversine, streets, osrm, valhalla, got 'magic'",
        ),
        (
            broken(
                lambda problem: problem.update(travel={"provider": "streets", "pack": "no/such"})
            ),
            3,
            "no/such",
        ),
    ],
)
def test_bad_input_is_one_line_that_names_the_place(
    problem_file: Path, capsys: pytest.CaptureFixture[str], text: str, code: int, error: str
) -> None:
    problem_file.write_text(text, encoding="utf-8", errors="surrogateescape")

    assert command_line.main(["solve", str(problem_file)]) == code
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("routing: ")
    assert error in line


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--seconds", "0"], "params.seconds: expected seconds > 0, got 0.0"),
        (["--iterations", "-1"], "params.iterations: expected > 0, got -1"),
        (["-o", "/no/such/folder/plan.json", "--iterations", "1"], "No such file or directory"),
    ],
)
def test_bad_options_are_one_line(
    problem_file: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], error: str
) -> None:
    assert command_line.main(["solve", str(problem_file), *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert error in line


def test_a_missing_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "missing.json"

    assert command_line.main(["verify", str(missing), str(missing)]) == 2
    assert capsys.readouterr().err == f"routing: {missing}: No such file or directory\n"


def test_a_plan_that_breaks_a_rule_is_never_written(
    problem_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def faulty(*arguments: Any, **options: Any) -> Plan:
        plan = solve(*arguments, **options)
        return Plan(plan.routes, plan.skipped[1:], *list_of_the_rest(plan))

    output = tmp_path / "plan.json"
    output.write_text("the plan of yesterday")
    monkeypatch.setattr(command_line, "solve", faulty)

    code = command_line.main(["solve", str(problem_file), "-o", str(output), "--iterations", "5"])

    assert code == 4
    assert "forgotten_candidate: 'elena'" in capsys.readouterr().err
    assert output.read_text() == "the plan of yesterday"


def list_of_the_rest(plan: Plan) -> tuple[int, str, bool, int, str]:
    return plan.prize, plan.travel_source, plan.is_estimate, plan.seed, plan.solver


def test_zones_are_proposed_for_places(tmp_path: Path) -> None:
    places = {
        "zones": 3,
        "places": [
            {"id": str(i), "point": {"lat": i % 5 / 100, "lon": i // 5 / 100}, "weight": 1}
            for i in range(25)
        ],
    }
    given, output = tmp_path / "places.json", tmp_path / "zones.json"
    given.write_text(json.dumps(places))

    assert command_line.main(["zone", str(given), "-o", str(output)]) == 0
    assert len(json.loads(output.read_text())["zones"]) == 3

    assert command_line.main(["zone", str(given), "-o", str(output), "--zones", "2"]) == 0
    assert len(json.loads(output.read_text())["zones"]) == 2


def test_zones_of_today_are_kept_and_wishes_are_read(tmp_path: Path) -> None:
    places = [
        {
            "id": str(i),
            "point": {"lat": 0, "lon": i / 1000},
            "weight": 1,
            "value": 5,
            "today": 0 if i < 7 else 1,
        }
        for i in range(12)
    ]
    document = {
        "places": places,
        "wishes": [{"capacity": 1, "locked": True}, {"centre": {"lat": 0, "lon": 0.01}}],
        "barriers": [[{"lat": -1, "lon": 1}, {"lat": 1, "lon": 1}]],
    }
    given, output = tmp_path / "places.json", tmp_path / "zones.json"
    given.write_text(json.dumps(document))

    assert command_line.main(["zone", str(given), "-o", str(output)]) == 0
    locked = json.loads(output.read_text())
    document["wishes"] = None
    given.write_text(json.dumps(document))
    assert command_line.main(["zone", str(given), "-o", str(output), "--zones", "2"]) == 0
    even = json.loads(output.read_text())
    assert command_line.main(["zone", str(given), "-o", str(output), "--most", "4"]) == 0

    assert [zone["places"] for zone in locked["zones"]] == [7, 5]
    assert any("unlock" in warning for warning in locked["warnings"])
    assert [zone["places"] for zone in even["zones"]] == [6, 6]
    assert even["moved"] == pytest.approx(1 / 12)
    assert len(json.loads(output.read_text())["zones"]) == 3


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ([], "routing: zones: missing: give --zones, --most or the field"),
        (["--zones", "0"], "routing: k: expected at least 1, got 0"),
    ],
)
def test_zones_that_cannot_be_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], error: str
) -> None:
    given = tmp_path / "places.json"
    given.write_text('{"places": [{"id": "a", "point": {"lat": 0, "lon": 0}, "weight": 1}]}')

    assert command_line.main(["zone", str(given), *arguments]) == 2
    assert capsys.readouterr().err == f"{error}\n"


def test_more_zones_than_places_are_told_and_made_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "places.json"
    given.write_text('{"places": [{"id": "a", "point": {"lat": 0, "lon": 0}, "weight": 1}]}')

    assert command_line.main(["zone", str(given), "--zones", "2"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["warnings"][0].startswith("2 zones were asked of 1 locations")
    assert [zone["places"] for zone in found["zones"]] == [1, 0]


def run_without_flask(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_FLASK, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_help_documents_the_formats_without_flask() -> None:
    done = run_without_flask("--help")

    assert done.returncode == 0, done.stderr
    words = ("problem.json", "plan.json", "places.json", "zones.json", "exit codes", "midnight")
    assert [word for word in words if word not in done.stdout] == []


def test_solving_in_child_processes_works_without_flask(tmp_path: Path) -> None:
    problem = json.loads(EXAMPLE)
    problem["shifts"].append({**problem["shifts"][0], "id": "beto"})
    for candidate, owner in zip(problem["candidates"], ("ana", "beto", "beto"), strict=True):
        candidate["shifts"] = [owner]
    del problem["travel"]
    given, output = tmp_path / "problem.json", tmp_path / "plan.json"
    given.write_text(json.dumps(problem))

    done = run_without_flask(
        "solve", str(given), "-o", str(output), "--iterations", "5", "--processes", "2"
    )

    assert done.returncode == 0, done.stderr
    routes = json.loads(output.read_text())["routes"]
    assert [[stop["candidate_id"] for stop in route["stops"]] for route in routes] == [
        ["carmen"],
        ["diego"],
    ]


def test_a_bound_has_what_starting_and_reading_leave_of_the_time(
    problem_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used_s = iter([3.0, 10.5])
    given: list[float] = []

    def bound_in(*arguments: object, seconds: float, **others: object) -> Bound:
        given.append(seconds)
        return Bound(0, 0, True, seconds, 1, "by hand", ())

    monkeypatch.setattr(command_line, "process_time", lambda: next(used_s))
    monkeypatch.setattr("routing.bound.bound_of", bound_in)

    output = str(tmp_path / "bound.json")
    assert command_line.main(["bound", str(problem_file), "-o", output, "--seconds", "60"]) == 0
    assert given == [52.5]
