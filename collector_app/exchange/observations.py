"""The rows of a file that somebody should look at, in the file's own columns, to be corrected."""

import io
from collections.abc import Callable, Iterator, Sequence

from flask_babel import gettext as _

from collector_app.core.spreadsheets import Cell, write_csv, write_xlsx
from collector_app.core.storage import FileStore
from collector_app.exchange.rules import Issue
from collector_app.exchange.sheets import PortfolioReading, ReadSheet
from collector_app.exchange.sheets.grids import shown
from collector_app.exchange.summaries import KeptFile

Sentence = Callable[[Issue], str]


def keep_observations(
    store: FileStore, reading: PortfolioReading, issues: Sequence[Issue], sentence: Sentence
) -> KeptFile | None:
    """Write the rows with observations as XLSX and CSV and keep both; None when there are none.

    The first columns say where each row stands and what to correct; the others are the file's
    own, so that the corrected file can be imported as it is.
    """
    if not issues:
        return None
    columns = _columns(reading)
    rows = list(_rows(reading, issues, sentence))
    return KeptFile(
        xlsx_sha256=store.save(io.BytesIO(write_xlsx(columns, rows))).sha256,
        csv_sha256=store.save(io.BytesIO(write_csv(columns, rows))).sha256,
    )


def _columns(reading: PortfolioReading) -> dict[str, str]:
    """Return key -> title; headings that several sheets share stand once."""
    own = {
        _key(heading): heading
        for sheet in reading.sheets
        for heading in _headings(sheet)
        if heading
    }
    return {
        "sheet": _("Hoja"),
        "row": _("Fila"),
        "came_in": _("Entró"),
        "correct": _("Qué revisar"),
        **own,
    }


def _rows(
    reading: PortfolioReading, issues: Sequence[Issue], sentence: Sentence
) -> Iterator[dict[str, Cell]]:
    sheets = {sheet.name: sheet for sheet in reading.sheets}
    by_row: dict[tuple[str, int], list[Issue]] = {}
    for issue in issues:
        by_row.setdefault((issue.sheet, issue.row), []).append(issue)
    blank: dict[str, Cell] = dict.fromkeys(_columns(reading))
    for (name, number), found in by_row.items():
        sheet = sheets[name]
        cells = sheet.grid.rows[number - 1]
        own: dict[str, Cell] = {
            _key(heading): _cell(cell)
            for heading, cell in zip(_headings(sheet), cells, strict=False)
            if heading
        }
        refused = any(one.is_refused for one in found)
        about: dict[str, Cell] = {
            "sheet": name,
            "row": number,
            "came_in": _("No") if refused else _("Sí"),
            "correct": " ".join(_told(one, sentence) for one in found),
        }
        yield blank | own | about


def _told(issue: Issue, sentence: Sentence) -> str:
    return f"{issue.heading}: {sentence(issue)}" if issue.heading else sentence(issue)


def _headings(sheet: ReadSheet) -> list[str]:
    return [shown(cell).strip() for cell in sheet.grid.rows[sheet.headings.row]]


def _key(heading: str) -> str:
    return f"own {heading}"


def _cell(cell: object) -> Cell:
    """Return a cell of a sheet as a cell that can be written; hours and spans as text."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, Cell):
        return cell
    return str(cell)
