"""Rows to XLSX and CSV, safe to open: no cell of ours becomes a formula of somebody else's."""

import codecs
import csv
import io
import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

import xlsxwriter

Cell = str | int | float | Decimal | bool | date | None

# OWASP "CSV injection": a cell that begins with one of these may be run as a formula; the wide
# forms are read as the narrow ones by some programs.
_DANGEROUS = "=+-@\t\r\n＝＋－＠"
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")  # inert, and a longitude must stay readable
_NEUTRAL = "'"
_MARK = codecs.BOM_UTF8.decode()
# A text that begins so is inert, and nearly all do: nobody needs to look closer.
_HARMLESS = frozenset(string.ascii_letters + string.digits + "ÁÉÍÓÚÑáéíóúñ$(")
_AS_IT_IS = frozenset({int, float, type(None)})  # the writer says them as `_csv_cell` does
_WIDEST = 48  # characters


class _Workbook(Protocol):
    def add_format(self, properties: Mapping[str, Any]) -> Any: ...


def is_dangerous(text: str) -> bool:
    """Tell whether a program may take a cell's text for a formula."""
    if text[:1] in _HARMLESS:
        return False
    head = text[:1] if text[:1] in tuple("\t\r\n") else text.lstrip()[:1]
    return head != "" and head in _DANGEROUS and not _NUMBER.fullmatch(text)


def write_csv(columns: Mapping[str, str], rows: Iterable[object]) -> bytes:
    """Write rows as CSV; see `csv_lines`."""
    names = tuple(columns)
    whole = io.StringIO(newline="")
    whole.write(_MARK)
    lines = csv.writer(whole)
    lines.writerow([_inert(title) for title in columns.values()])
    lines.writerows(
        [value if type(value) in _AS_IT_IS else _csv_cell(value) for value in _values(row, names)]
        for row in rows
    )
    return whole.getvalue().encode()


def csv_lines(columns: Mapping[str, str], rows: Iterable[object]) -> Iterator[bytes]:
    """Yield the lines of a CSV that Excel opens with a double click: UTF-8 with its mark, commas.

    A text that could be run as a formula gets an apostrophe in front.

    Parameters
    ----------
    columns
        Attribute (or key) of a row -> title of its column, in order.
    rows
        Dataclasses, or mappings.
    """
    yield codecs.BOM_UTF8 + _csv_line(_inert(title) for title in columns.values())
    for row in rows:
        yield _csv_line(_csv_cell(_value(row, name)) for name in columns)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook.

    Attributes
    ----------
    name : str
        At most 31 characters.
    columns : mapping
        Attribute (or key) of a row -> title of its column, in order.
    rows : sequence
        Dataclasses, or mappings.
    """

    name: str
    columns: Mapping[str, str]
    rows: Sequence[object]


def write_xlsx(columns: Mapping[str, str], rows: Iterable[object], sheet: str = "Hoja1") -> bytes:
    """Write one sheet as XLSX; see `write_workbook` and `Sheet`."""
    return write_workbook([Sheet(sheet, columns, tuple(rows))])


def write_workbook(sheets: Iterable[Sheet]) -> bytes:
    """Write sheets as XLSX: texts as texts, numbers and dates as such, titles frozen on top.

    Texts are never formulas; those that would become one when somebody edits the cell carry
    Excel's mark for "this is text". Instants are written as the clock of their own zone shows them.
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        formats = _formats(book)
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.name), sheet, formats)
    return stream.getvalue()


def _write_sheet(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    widths = [len(title) for title in sheet.columns.values()]
    for column, title in enumerate(sheet.columns.values()):
        page.write_string(0, column, title, formats["title"])
    for number, row in enumerate(sheet.rows, start=1):
        for column, name in enumerate(sheet.columns):
            value = _value(row, name)
            widths[column] = max(widths[column], len(str(value)))
            _write_cell(page, (number, column), value, formats)
    for column, width in enumerate(widths):
        page.set_column(column, column, min(width, _WIDEST) + 2)
    page.freeze_panes(1, 0)


def _value(row: object, name: str) -> Cell:
    # Most rows are dictionaries, and to ask whether something is a mapping takes ten times longer.
    is_mapping = type(row) is dict or isinstance(row, Mapping)
    value: Cell = row[name] if is_mapping else getattr(row, name)  # type: ignore[index]
    return value


def _values(row: object, names: Sequence[str]) -> list[Cell]:
    if type(row) is dict:
        return [row[name] for name in names]
    return [_value(row, name) for name in names]


def _inert(text: str) -> str:
    return _NEUTRAL + text if is_dangerous(text) else text


def _csv_line(cells: Iterable[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def _csv_cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value if value[:1] in _HARMLESS else _inert(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _formats(book: _Workbook) -> dict[str, Any]:
    return {
        "title": book.add_format({"bold": True, "bottom": 1}),
        "text": book.add_format({"num_format": "@"}),  # Excel must not turn 00123 into 123
        "marked": book.add_format({"num_format": "@", "quote_prefix": True}),
        "date": book.add_format({"num_format": "dd/mm/yyyy"}),
        "instant": book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
    }


def _write_cell(page: Any, place: tuple[int, int], value: Cell, formats: dict[str, Any]) -> None:
    match value:
        case None:
            return
        case str():
            kind = "marked" if is_dangerous(value) else "text"
            page.write_string(*place, value[:32_767], formats[kind])  # the most a cell can hold
        case bool():
            page.write_boolean(*place, value)
        case datetime():
            page.write_datetime(*place, value.replace(tzinfo=None), formats["instant"])
        case date():
            page.write_datetime(*place, value, formats["date"])
        case _:
            page.write_number(*place, value)
