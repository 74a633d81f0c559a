"""A sheet as it is: cells by row and column, before anybody knows what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache

from collector_app.exchange.rules import CellProblem

Cell = str | int | float | bool | date | datetime | time | timedelta

MAX_BYTES_INSIDE = 256 << 20  # what a compressed file may grow to
MAX_ROWS = 200_000
MAX_COLUMNS = 256
MAX_CELLS = 8_000_000  # rows times columns: the reader keeps the empty ones too


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet; row 0 is the first row of the sheet, column 0 is column A.

    `faults` names the cells that look empty and are not: formulas without a value, errors.
    """

    name: str
    rows: list[list[Cell]]
    faults: Mapping[tuple[int, int], CellProblem] = field(default_factory=dict)
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as sheets, with what had to be found out to read it."""

    grids: tuple[Grid, ...]
    encoding: str | None = None  # of a text file
    delimiter: str | None = None


def column_letter(column: int) -> str:
    """Return the name that Excel gives a column: 0 is A, 26 is AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@cache
def column_number(letters: str) -> int:
    """Return the column that Excel calls by some letters: A is 0, AA is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def shown(cell: Cell) -> str:
    """Return a cell as a person sees it in the file."""
    match cell:
        case bool():
            return "VERDADERO" if cell else "FALSO"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case float():
            return f"{cell:.15g}"  # as many digits as Excel shows: 0.1 + 0.2 is 0.3
        case datetime() if cell.time() != time.min:
            return f"{cell:%d/%m/%Y %H:%M}"
        case date():
            return f"{cell:%d/%m/%Y}"
        case _:
            return str(cell)
