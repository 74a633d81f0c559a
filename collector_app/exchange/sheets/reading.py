"""A cartera file to rows, with everything that was not taken as it stands."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from collector_app.backing.facts import BackingRow
from collector_app.exchange.columns import Column, column_field
from collector_app.exchange.rules import FileProblem, Issue, SkippedBecause, UnreadableFile
from collector_app.exchange.sheets.cells import is_nothing, words
from collector_app.exchange.sheets.grids import Cell, Grid, shown
from collector_app.exchange.sheets.headings import Headings, ReadColumn, find_headings, score
from collector_app.exchange.sheets.opening import open_sheets
from collector_app.exchange.sheets.rows import ReadOptions, RowReader
from collector_app.portfolio.facts import Finding, PortfolioRow
from collector_app.portfolio.gathering import plain

PROGRESS_EVERY = 1000  # rows
Progress = Callable[[int, int], None]  # rows read, rows there are


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A sheet that was read: its headings and what became of its rows."""

    grid: Grid
    headings: Headings
    row_count: int  # rows of data
    passed_over: tuple[int, ...]  # rows (1 is the first) of totals, and headings printed again

    @property
    def name(self) -> str:
        """Return what the sheet is called."""
        return self.grid.name

    def cell(self, row: int, column: ReadColumn) -> str:
        """Return a cell as a person sees it in the file; row 1 is the first."""
        cells = self.grid.rows[row - 1]
        return shown(cells[column.number]) if column.number < len(cells) else ""


@dataclass(frozen=True, slots=True)
class SkippedSheet:
    """A sheet that was not read."""

    name: str
    because: SkippedBecause


@dataclass(frozen=True, slots=True)
class PortfolioReading:
    """Everything that a file holds."""

    rows: tuple[PortfolioRow, ...]
    backing: tuple[BackingRow, ...]
    issues: tuple[Issue, ...]
    sheets: tuple[ReadSheet, ...]
    skipped_sheets: tuple[SkippedSheet, ...]
    encoding: str | None
    delimiter: str | None

    @property
    def row_count(self) -> int:
        """Return how many rows of data the file has."""
        return sum(sheet.row_count for sheet in self.sheets)

    def issue_of(self, finding: Finding) -> Issue:
        """Say in the file's own words what the cartera found about a row."""
        sheet = next(one for one in self.sheets if one.name == finding.place.sheet)
        column = sheet.headings.read.get(column_field(finding.field))
        return Issue(
            sheet=finding.place.sheet,
            row=finding.place.row,
            column=column.letter if column else "",
            heading=column.heading if column else "",
            value=sheet.cell(finding.place.row, column) if column else finding.value,
            problem=finding.conflict,
            facts=finding.facts,
            is_refused=finding.is_refused,
        )


def read_portfolio(
    path: Path, name: str, options: ReadOptions, progress: Progress | None = None
) -> PortfolioReading:
    """Read a cartera from XLSX or CSV.

    Parameters
    ----------
    path
        Where the file lies.
    name
        What people call it.
    options
        What its cells do not say themselves.
    progress
        Told now and then how many rows were read.

    Raises
    ------
    UnreadableFile
        When it is no spreadsheet, or has no headings of ours, or lacks required columns.
    """
    opened = open_sheets(path, Path(name).stem, score)
    found, skipped = _sort_out(opened.grids)
    total = sum(len(grid.rows) for grid, _ in found)
    tell = _every(PROGRESS_EVERY, progress, total)
    rows: list[PortfolioRow] = []
    backing: list[BackingRow] = []
    issues: list[Issue] = []
    sheets = []
    for grid, headings in found:
        reader = RowReader(grid, headings, options)
        count, passed_over = 0, []
        for row, is_data in _data_rows(grid, headings):
            tell()
            if not is_data:
                passed_over.append(row + 1)
                continue
            count += 1
            read = reader.read(row)
            if read is not None:
                rows.append(read)
        issues += reader.issues
        backing += reader.backing
        sheets.append(ReadSheet(grid, headings, count, tuple(passed_over)))
    if not any(sheet.row_count for sheet in sheets):
        raise UnreadableFile(FileProblem.NO_ROWS, sheet=sheets[0].name)
    return PortfolioReading(
        tuple(rows),
        tuple(backing),
        tuple(issues),
        tuple(sheets),
        skipped,
        opened.encoding,
        opened.delimiter,
    )


def _sort_out(
    grids: Sequence[Grid],
) -> tuple[list[tuple[Grid, Headings]], tuple[SkippedSheet, ...]]:
    """Tell the sheets that hold a cartera from the others."""
    found: list[tuple[Grid, Headings]] = []
    incomplete: list[tuple[Grid, Headings]] = []
    skipped = []
    for grid in grids:
        headings = None if grid.is_hidden else find_headings(grid)
        if headings is not None and not headings.missing:
            found.append((grid, headings))
            continue
        if headings is not None:
            incomplete.append((grid, headings))
        skipped.append(SkippedSheet(grid.name, _reason(grid, headings)))
    if found:
        return found, tuple(skipped)
    if incomplete:
        raise _missing_columns(*max(incomplete, key=lambda pair: len(pair[1].read)))
    raise UnreadableFile(FileProblem.NO_HEADINGS)


def _reason(grid: Grid, headings: Headings | None) -> SkippedBecause:
    if grid.is_hidden:
        return SkippedBecause.HIDDEN
    return SkippedBecause.NO_HEADINGS if headings is None else SkippedBecause.MISSING_COLUMNS


def _missing_columns(grid: Grid, headings: Headings) -> UnreadableFile:
    return UnreadableFile(
        FileProblem.MISSING_COLUMNS,
        sheet=grid.name,
        row=headings.row + 1,
        missing="; ".join(_looked_for(group) for group in headings.missing),
    )


def _looked_for(group: Sequence[Column]) -> str:
    """Name columns with the headings that most people give them."""
    return " / ".join(f"«{one.title}» ({', '.join(one.aliases[:4])}…)" for one in group)


def _data_rows(grid: Grid, headings: Headings) -> Iterator[tuple[int, bool]]:
    """Give the rows below the headings that are not empty, and whether they hold data."""
    number = headings.read["client_id"]
    last = len(grid.rows) - 1
    while last > headings.row and _is_empty(grid.rows[last]):
        last -= 1
    for row in range(headings.row + 1, last + 1):
        cells = grid.rows[row]
        if _is_empty(cells) and not any(
            (row, one.number) in grid.faults for one in headings.read.values()
        ):
            continue
        id_cell = cells[number.number] if number.number < len(cells) else ""
        is_heading = isinstance(id_cell, str) and id_cell.strip() == number.heading
        yield row, not (is_heading or _is_total(cells, id_cell, is_last=row == last))


def _is_empty(cells: Sequence[Cell]) -> bool:
    return all(isinstance(cell, str) and not cell.strip() for cell in cells)


def _is_total(cells: Sequence[Cell], id_cell: Cell, *, is_last: bool) -> bool:
    """Tell whether a row adds up the others: it says so, or it is the last and only has numbers."""
    if not is_nothing(id_cell):
        return isinstance(id_cell, str) and plain(id_cell) in words("total")
    texts = [plain(cell) for cell in cells if isinstance(cell, str) and cell.strip()]
    begins = tuple(words("total_begins"))
    says_so = any(text in words("total") or text.startswith(begins) for text in texts)
    return says_so or (is_last and not texts)


def _every(step: int, progress: Progress | None, total: int) -> Callable[[], None]:
    done = 0

    def tell() -> None:
        nonlocal done
        done += 1
        if progress is not None and done % step == 0:
            progress(done, total)

    return tell
