"""XLSX to sheets, after checking that the file is what it says and no larger than it looks."""

import lzma
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from posixpath import join, normpath
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from collector_app.exchange.rules import CellProblem, FileProblem, UnreadableFile
from collector_app.exchange.sheets.grids import (
    MAX_BYTES_INSIDE,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    Grid,
    column_number,
)

CHUNK_BYTES = 1 << 20
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_ROW_OR_CELL = re.compile(
    rb"<(?:\w+:)?(?:(?P<is_row>row)(?P<row>\s[^>]*)?>"
    rb"|c(?P<cell>\s[^>]*?)?(?:/>|>(?P<content>.*?)</(?:\w+:)?c>))",
    re.DOTALL,
)
_ROW = re.compile(rb"""\sr\s*=\s*["']([0-9]{1,7})["']""")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_TYPE = re.compile(rb"""\st\s*=\s*["'](\w+)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_ANY_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_NAMED_CELL = re.compile(rb"""<(?:\w+:)?c\s+r\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_SUSPECT = re.compile(rb"""<(?:\w+:)?f[\s/>]|\st\s*=\s*["']e["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]|<(?:\w+:)?is[\s>]")

# What the readers raise for truncated, missing, mangled, oddly packed and encrypted parts.
_DAMAGE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, ET.ParseError),
    *(CalamineError, EOFError, KeyError, NotImplementedError, OSError, RuntimeError, ValueError),
)

Faults = dict[tuple[int, int], CellProblem]


def read_workbook(path: Path) -> tuple[Grid, ...]:
    """Return the sheets of an XLSX file, hidden ones marked.

    Raises
    ------
    UnreadableFile
        When the file is damaged, protected, of another kind, or larger inside than allowed.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_kind(archive)
            _check_size(archive)
            parts = _sheet_parts(archive)
            faults = {name: _inspect(archive, part) for name, part in parts.items()}
        return _read(path, faults)
    except _DAMAGE as error:
        raise UnreadableFile(FileProblem.DAMAGED) from error


def _check_kind(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if _WORKBOOK in names:
        return
    if "xl/workbook.bin" in names or "content.xml" in names:  # XLSB, OpenDocument
        raise UnreadableFile(FileProblem.OTHER_SPREADSHEET)
    raise UnreadableFile(FileProblem.NO_SPREADSHEET)


def _check_size(archive: zipfile.ZipFile) -> None:
    """Unpack everything without keeping it: the sizes that an archive declares may be lies."""
    total = 0
    for member in archive.infolist():
        with archive.open(member) as packed:
            while chunk := packed.read(CHUNK_BYTES):
                total += len(chunk)
                if total > MAX_BYTES_INSIDE:
                    raise UnreadableFile(
                        FileProblem.TOO_LARGE_INSIDE, limit_mb=MAX_BYTES_INSIDE >> 20
                    )


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the name of each sheet -> the member of the archive that holds it."""
    targets = {one.get("Id", ""): one.get("Target", "") for one in _xml(archive, _RELATIONS).iter()}
    parts = {}
    for sheet in _xml(archive, _WORKBOOK).iter():
        if sheet.tag.rpartition("}")[2] != "sheet":
            continue
        relation = next((v for k, v in sheet.items() if k.rpartition("}")[2] == "id"), "")
        target = targets.get(relation, "")
        member = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        if member in archive.NameToInfo:
            parts[sheet.get("name", "")] = member
    return parts


def _xml(archive: zipfile.ZipFile, member: str) -> ET.Element:
    data = archive.read(member)
    if b"<!DOCTYPE" in data:  # entities that unfold to gigabytes begin like this
        raise UnreadableFile(FileProblem.DAMAGED)
    return ET.fromstring(data)  # noqa: S314 - no DOCTYPE, so no entities


def _inspect(archive: zipfile.ZipFile, part: str) -> Faults:
    """Check how far a sheet reaches and find cells that only look empty.

    The reader keeps every cell between A1 and the last one, so a single value in XFD1048576 would
    take all memory; and it tells neither errors nor formulas without a value from nothing.
    """
    data = archive.read(part)
    if b"<!DOCTYPE" in data:
        raise UnreadableFile(FileProblem.DAMAGED)
    if _SUSPECT.search(data) is None and _is_surely_small(data):
        return {}
    return _walk(data)


def _is_surely_small(data: bytes) -> bool:
    """Tell quickly, by the names of all cells, that a sheet of the usual writers is no trap."""
    places = _NAMED_CELL.findall(data)
    if len(places) != len(_ANY_CELL.findall(data)):
        return False  # cells that do not say where they are
    columns = {letters for letters, _ in places}
    last_column = max((column_number(one.decode()) for one in columns), default=0)
    last_row = max((int(row) for _, row in places), default=0)
    return _is_within_reach(last_row, last_column + 1)


def _walk(data: bytes) -> Faults:
    """Look at each cell that has a content."""
    row, column, last_row, last_column = -1, -1, 0, 0
    faults: Faults = {}
    for one in _ROW_OR_CELL.finditer(data):
        attributes, content = one["cell"] or b"", one["content"]
        if one["is_row"]:  # it says where its cells are, when they don't
            number = _ROW.search(one["row"] or b"")
            row, column = int(number[1]) - 1 if number else row + 1, -1
            continue
        place = _PLACE.search(attributes)
        column = column_number(place[1].decode()) if place else column + 1
        row = int(place[2]) - 1 if place else row
        if content:
            last_row, last_column = max(last_row, row), max(last_column, column)
            problem = _fault(attributes, content)
            if problem is not None:
                faults[row, column] = problem
    if not _is_within_reach(last_row + 1, last_column + 1):
        raise UnreadableFile(
            FileProblem.TOO_MANY_ROWS,
            rows=last_row + 1,
            columns=last_column + 1,
            max_rows=MAX_ROWS,
            max_columns=MAX_COLUMNS,
        )
    return faults


def _fault(attributes: bytes, content: bytes) -> CellProblem | None:
    kind = _TYPE.search(attributes)
    if kind is not None and kind[1] == b"e":
        return CellProblem.ERROR_VALUE
    is_text = kind is not None and kind[1] == b"str"  # a formula may well give an empty text
    if not is_text and _FORMULA.search(content) and not _VALUE.search(content):
        return CellProblem.FORMULA_WITHOUT_VALUE
    return None


def _is_within_reach(rows: int, columns: int) -> bool:
    return rows <= MAX_ROWS and columns <= MAX_COLUMNS and rows * columns <= MAX_CELLS


def _read(path: Path, faults: Mapping[str, Faults]) -> tuple[Grid, ...]:
    with CalamineWorkbook.from_path(path) as book:
        return tuple(
            Grid(
                name=sheet.name,
                rows=book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False),
                faults=faults.get(sheet.name, {}),
                is_hidden=sheet.visible is not SheetVisibleEnum.Visible,
            )
            for sheet in book.sheets_metadata
            if sheet.typ is SheetTypeEnum.WorkSheet
        )
