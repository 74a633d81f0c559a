"""The creditor's file of payments to movements, and what could not be read of it."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from collector_app.exchange.columns import heading_key
from collector_app.exchange.rules import CellProblem, FileProblem, Issue, UnreadableFile
from collector_app.exchange.sheets import cells as read
from collector_app.exchange.sheets.grids import Cell, Grid, column_letter, shown
from collector_app.exchange.sheets.opening import open_sheets
from collector_app.reconciliation.rules import Movement

SEARCHED_ROWS = 60  # a bank's name and address stand above the headings
_COLUMNS = Path(__file__).with_name("columns.es.toml")
_NEEDED = ("paid_on", "amount")
_NAMING = ("client_id", "credit_id")  # one of them is enough
_READERS: Mapping[str, Callable[[Cell], Any]] = {
    "client_id": read.read_identifier(40),
    "credit_id": read.read_identifier(40),
    "paid_on": read.read_date,
    "amount": read.read_amount,
    "reference": read.read_text(60),
}


@dataclass(frozen=True, slots=True)
class MovementsFile:
    """Every movement of a file; the rows of ``issues`` are left out of it."""

    movements: tuple[Movement, ...]
    issues: tuple[Issue, ...]


@cache
def headings() -> Mapping[str, tuple[str, ...]]:
    """Return the headings that mean each field, as people write them."""
    table = tomllib.loads(_COLUMNS.read_text(encoding="utf-8"))
    return {field: tuple(names) for field, names in table.items()}


def read_movements(path: Path, name: str, today: date) -> MovementsFile:
    """Read a file of payments from XLSX or CSV.

    Lines of nothing, and lines that only add up (an amount without client and day), are passed
    over; those that lack something, and those of days after ``today``, are left out and named.

    Raises
    ------
    UnreadableFile
        When it is no spreadsheet, or no sheet has the headings that are needed.
    """
    movements: list[Movement] = []
    issues: list[Issue] = []
    has_headings = False
    for grid in open_sheets(path, Path(name).stem, _score).grids:
        found = None if grid.is_hidden else _headings_of(grid)
        if found is None:
            continue
        has_headings = True
        row, columns = found
        for number in range(row + 1, len(grid.rows)):
            movement = _movement(grid, number, columns, issues, today)
            if movement is not None:
                movements.append(movement)
    if not has_headings:
        groups = [*((field,) for field in _NEEDED), _NAMING]
        missing = "; ".join(" / ".join(headings()[field][0] for field in one) for one in groups)
        raise UnreadableFile(FileProblem.NO_PAYMENT_HEADINGS, missing=missing)
    if not movements and not issues:
        raise UnreadableFile(FileProblem.NO_PAYMENTS)
    return MovementsFile(tuple(movements), tuple(issues))


@cache
def _field_of() -> Mapping[str, str]:
    return {heading_key(name): field for field, names in headings().items() for name in names}


def _columns_of(row: Sequence[Cell]) -> dict[str, int]:
    """Return the column of each field, for a row of headings; the first of two wins."""
    found: dict[str, int] = {}
    for number, cell in enumerate(row):
        field = _field_of().get(heading_key(cell)) if isinstance(cell, str) else None
        if field is not None:
            found.setdefault(field, number)
    return found


def _score(rows: Sequence[Sequence[Cell]]) -> int:
    return max((len(_columns_of(row)) for row in rows), default=0)


def _headings_of(grid: Grid) -> tuple[int, dict[str, int]] | None:
    for number, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        columns = _columns_of(row)
        if all(field in columns for field in _NEEDED) and any(one in columns for one in _NAMING):
            return number, columns
    return None


def _movement(
    grid: Grid, row: int, columns: Mapping[str, int], issues: list[Issue], today: date
) -> Movement | None:
    values: dict[str, Any] = {}
    wrong: list[Issue] = []
    for field, column in columns.items():
        cells = grid.rows[row]
        cell = cells[column] if column < len(cells) else ""
        fault = grid.faults.get((row, column))
        try:
            if fault is not None:
                raise read.BadCell(fault)
            values[field] = None if read.is_nothing(cell) else _READERS[field](cell)
        except read.BadCell as bad:
            wrong.append(_issue(grid, row, column, bad))
    if not wrong and all(values.get(one) is None for one in (*_NAMING, "paid_on")):
        return None
    lacking = [one for one in _NEEDED if one in values and not values[one]]
    if all(values.get(one) is None for one in _NAMING):
        lacking += [one for one in _NAMING if one in values][:1]
    wrong += [_issue(grid, row, columns[one], read.BadCell(CellProblem.MISSING)) for one in lacking]
    paid_on = values.get("paid_on")
    if paid_on is not None and paid_on > today:
        wrong.append(_issue(grid, row, columns["paid_on"], read.BadCell(CellProblem.DATE_TO_COME)))
    if wrong:
        issues.extend(wrong)
        return None
    return Movement(
        sheet=grid.name,
        row=row + 1,
        client_number=values.get("client_id"),
        credit_number=values.get("credit_id"),
        paid_on=values["paid_on"],
        amount_cents=values["amount"],
        reference=values.get("reference"),
    )


def _issue(grid: Grid, row: int, column: int, bad: read.BadCell) -> Issue:
    cells = grid.rows[row]
    return Issue(
        sheet=grid.name,
        row=row + 1,
        column=column_letter(column),
        heading="",
        value=shown(cells[column]) if column < len(cells) else "",
        problem=bad.problem,
        facts=bad.facts,
        is_refused=True,
    )
