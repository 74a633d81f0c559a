"""What can be read and written is documented, and the public names are those that exist."""

import ast
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

import routing
from routing import __main__ as command_line
from routing.plan import (
    Change,
    ChangeKind,
    Plan,
    PlannedStop,
    Route,
    Skipped,
    SkipReason,
    TakenBreak,
)
from routing.problem import (
    Break,
    Candidate,
    Measure,
    Prices,
    Problem,
    ServiceClass,
    Shift,
    Window,
)
from routing.travel.times import Profile
from routing.zoning import Place, ZoneFigures

DOCS = (Path(__file__).parents[2] / "docs" / "routing.md").read_text(encoding="utf-8")
READ = (Problem, Prices, Shift, Break, Candidate, ServiceClass, Window, Place)
WRITTEN = (*READ, Plan, Route, PlannedStop, TakenBreak, Skipped, Change, ZoneFigures)
NAMES = [field.name for kind in WRITTEN for field in fields(kind)]
VALUES = [
    *SkipReason,
    *ChangeKind,
    *Measure,
    *Profile,
    "haversine",
    "streets",
    "osrm",
    "valhalla",
    "matrix",
]


@pytest.mark.parametrize("name", sorted({*NAMES, *VALUES}))
def test_each_field_and_value_is_in_the_manual_and_in_the_help(name: str) -> None:
    assert f"`{name}`" in DOCS or f'"{name}"' in DOCS
    assert name in command_line.FORMATS


def test_the_manual_begins_with_the_units() -> None:
    opening = DOCS[: DOCS.index("## Commands")]

    words = ("midnight", "metres", "both ends", "WGS-84", "integer seconds", "origins")
    assert [word for word in words if word not in opening] == []


def test_the_public_names_exist_and_are_sorted() -> None:
    assert [name for name in routing.__all__ if not hasattr(routing, name)] == []
    assert sorted(set(routing.__all__)) == sorted(routing.__all__)


def test_every_name_that_the_package_imports_is_public() -> None:
    tree = ast.parse(Path(routing.__file__).read_text(encoding="utf-8"))

    imported = {
        name.asname or name.name
        for statement in [
            *tree.body,
            *[x for s in tree.body if isinstance(s, ast.If) for x in s.body],
        ]
        if isinstance(statement, ast.ImportFrom) and statement.module != "typing"
        for name in statement.names
    }

    assert imported == set(routing.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'teleport'"):
        routing.teleport  # noqa: B018 - asking for it is the test


def test_importing_the_library_loads_neither_the_engine_nor_the_application() -> None:
    heavy = "{'ortools', 'scipy', 'shapely', 'flask', 'httpx', 'sqlalchemy'}"

    loaded = subprocess.run(
        [sys.executable, "-c", f"import sys, routing; print(sorted({heavy} & set(sys.modules)))"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert loaded.stdout.strip() == "[]"
