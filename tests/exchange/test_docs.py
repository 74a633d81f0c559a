"""docs/import.md says what the code reads, neither more nor less."""

import re
from pathlib import Path

import pytest

from collector_app.exchange.columns import columns
from collector_app.exchange.rules import CellProblem, FileProblem
from collector_app.exchange.sheets import grids
from collector_app.exchange.sheets.rows import LIMITS, readers
from collector_app.portfolio.facts import ImportConflict
from tests.exchange.files import OPTIONS

TEXT = (Path(__file__).parents[2] / "docs/import.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$", TEXT, re.M)


def test_the_table_lists_every_column_in_the_order_of_the_code():
    assert [row[0] for row in ROWS] == [column.field for column in columns()]


@pytest.mark.parametrize("column", columns(), ids=lambda column: column.field)
def test_a_column_is_described_as_the_code_reads_it(column):
    row = next(row for row in ROWS if row[0] == column.field)

    assert row[1:] == (
        column.title,
        ", ".join(column.aliases),
        column.kind,
        column.required,
        column.example,
    )


def test_every_column_has_a_reader():
    assert set(readers(OPTIONS)) == {column.field for column in columns()}


@pytest.mark.parametrize("column", columns(), ids=lambda column: column.field)
def test_the_example_of_a_column_can_be_read(column):
    readers(OPTIONS)[column.field](column.example)


def test_every_kind_of_cell_is_explained():
    explained = set(re.findall(r"^- \*\*(\w+)\*\*", TEXT, re.M))

    assert explained == {column.kind for column in columns()}


@pytest.mark.parametrize("problems", [FileProblem, CellProblem, ImportConflict])
def test_every_code_of_a_problem_is_listed(problems):
    section = TEXT.split(f"`{problems.__name__}`")[1].split("\n\n")[0]

    assert set(re.findall(r"`(\w+)`", section)) == {problem.value for problem in problems}


def test_the_limits_are_those_of_the_code():
    for number in (grids.MAX_ROWS, grids.MAX_COLUMNS, grids.MAX_BYTES_INSIDE >> 20):
        assert f"{number:,}" in TEXT
    assert f"{LIMITS['name']} characters" in TEXT
