"""``python -m routing replan``: a day and what happened to it, the new plan, what differs."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from routing import __main__ as command_line
from routing.errors import InvalidProblem
from routing.geo import Point
from routing.io.changes import changes_from_json
from routing.problem import Window
from routing.replan import (
    Added,
    Cancelled,
    Change,
    Late,
    Moved,
    Pinned,
    Sick,
    StreetClosed,
    Underway,
    VisitDone,
)
from tests.routing.situations import candidate

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "routing.md").read_text(encoding="utf-8")
EXAMPLE, EXAMPLE_PLAN = re.findall(r"```json\n(.*?)```", DOCS, re.DOTALL)
HERE = {"lat": 1.0, "lon": 2.0}
WINDOW = {"start_s": 1, "end_s": 2}


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """The documented example and its plan; the changes are still to be written."""
    texts = {"problem.json": EXAMPLE, "plan.json": EXAMPLE_PLAN, "changes.json": ""}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [str(tmp_path / name) for name in texts]


def run(files: list[str], changes: list[dict[str, Any]], *more: str) -> tuple[int, Path]:
    Path(files[2]).write_text(json.dumps({"changes": changes}), encoding="utf-8")
    output = Path(files[2]).with_name("plan2.json")
    return command_line.main(["replan", *files, "-o", str(output), *more]), output


def test_a_cancelled_client_is_gone_from_the_new_plan(files: list[str]) -> None:
    told = Path(files[2]).with_name("differences.json")

    code, output = run(
        files,
        [{"kind": "cancelled", "candidate_id": "diego"}],
        "--now",
        "09:00",
        "--differences",
        str(told),
    )

    (route,) = json.loads(output.read_text())["routes"]
    assert code == 0
    assert [stop["candidate_id"] for stop in route["stops"]] == ["carmen"]
    assert json.loads(told.read_text())["dropped"] == [
        {"candidate_id": "diego", "from_shift": "ana", "to_shift": None, "why": "cancelled"}
    ]


def test_the_hour_can_be_given_in_seconds(files: list[str]) -> None:
    late = {"kind": "late", "shift_id": "ana", "free_at_s": 36600}

    by_clock = run(files, [late], "--now", "10:00")[1].read_text()
    by_seconds = run(files, [late], "--now", "36000")[1].read_text()

    assert by_clock == by_seconds


@pytest.mark.parametrize("now", ["", "9", "x:y", "10:60", "10:-1", "-1", "49:00"])
def test_an_hour_that_is_none_is_refused(
    files: list[str], now: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if now == "9":
        assert run(files, [], "--now", now)[0] == 0  # nine seconds after midnight
        return
    with pytest.raises(SystemExit):
        run(files, [], f"--now={now}")

    assert "expected HH:MM or seconds" in capsys.readouterr().err


def test_a_change_about_nobody_known_is_told_in_one_line(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, output = run(files, [{"kind": "cancelled", "candidate_id": "zoe"}], "--now", "09:00")

    assert code == command_line.BAD_INPUT
    assert "changes[0].candidate_id: unknown candidate_id, got 'zoe'" in capsys.readouterr().err
    assert not output.exists()


@pytest.mark.parametrize(
    ("fields", "change"),
    [
        (
            {"kind": "visit_done", "candidate_id": "a", "left_s": 9, "started_s": 8, "point": HERE},
            VisitDone("a", 9, 8, None, Point(1.0, 2.0)),
        ),
        (
            {"kind": "underway", "shift_id": "s", "point": HERE, "at_s": 5, "candidate_id": "a"},
            Underway("s", Point(1.0, 2.0), 5, "a"),
        ),
        ({"kind": "late", "shift_id": "s", "free_at_s": 7}, Late("s", 7)),
        (
            {"kind": "sick", "shift_id": "s", "shared_with": ["t"]},
            Sick("s", frozenset({"t"})),
        ),
        ({"kind": "cancelled", "candidate_id": "a"}, Cancelled("a")),
        (
            {
                "kind": "added",
                "candidate": {
                    "id": "a",
                    "point": HERE,
                    "service_s": 600,
                    "prize": 1000,
                    "windows": [WINDOW],
                },
            },
            Added(candidate("a", Point(1.0, 2.0), windows=(Window(1, 2),))),
        ),
        (
            {"kind": "moved", "candidate_id": "a", "window": WINDOW},
            Moved("a", Window(1, 2)),
        ),
        ({"kind": "pinned", "candidate_id": "a", "position": 1}, Pinned("a", 1)),
        (
            {"kind": "street_closed", "centre": HERE, "radius_m": 50},
            StreetClosed(centre=Point(1.0, 2.0), radius_m=50),
        ),
        (
            {"kind": "street_closed", "pairs": [{"from": HERE, "to": {"lat": 3.0, "lon": 4.0}}]},
            StreetClosed(frozenset({(Point(1.0, 2.0), Point(3.0, 4.0))})),
        ),
    ],
)
def test_each_kind_of_change_is_read(fields: dict[str, Any], change: Change) -> None:
    assert changes_from_json(json.dumps({"changes": [fields]})) == [change]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"kind": "holiday"}, r"changes\[0\]\.kind"),
        ({}, r"changes\[0\]\.kind"),
        ({"kind": "late", "shift_id": "s"}, r"changes\[0\]\.free_at_s"),
        ({"kind": "late", "shift_id": "s", "free_at_s": "9:00"}, r"changes\[0\]\.free_at_s"),
        ({"kind": "cancelled", "candidate_id": "a", "why": "x"}, r"changes\[0\]\.why"),
        ([], r"changes\[0\]"),
    ],
)
def test_a_change_that_can_not_be_read_is_refused_by_its_place(fields: Any, place: str) -> None:
    with pytest.raises(InvalidProblem, match=place):
        changes_from_json(json.dumps({"changes": [fields]}))
