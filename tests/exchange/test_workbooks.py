"""XLSX files: read with what they hide, and refused when they are traps or something else."""

import io
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector_app.exchange.rules import CellProblem, FileProblem, UnreadableFile
from collector_app.exchange.sheets import workbooks
from collector_app.exchange.sheets.headings import score
from collector_app.exchange.sheets.opening import open_sheets
from collector_app.exchange.sheets.workbooks import read_workbook
from tests.exchange.files import HEADINGS, row, workbook, xlsx

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def with_sheet(path: Path, rows: str, prefix: str = "") -> Path:
    """A workbook whose one sheet holds the given XML."""
    source = io.BytesIO()
    openpyxl.Workbook().save(source)
    declared = f'xmlns:{prefix[:-1]}="{NAMESPACE}"' if prefix else f'xmlns="{NAMESPACE}"'
    sheet = (
        f"<{prefix}worksheet {declared}><{prefix}sheetData>{rows}"
        f"</{prefix}sheetData></{prefix}worksheet>"
    )
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, sheet if name.endswith("sheet1.xml") else old.read(name))
    return path


def problem_of(path: Path) -> FileProblem:
    with pytest.raises(UnreadableFile) as refused:
        open_sheets(path, path.name, score)
    return refused.value.problem


def test_cells_keep_their_rows_and_columns_although_the_first_ones_are_empty(tmp_path):
    (grid,) = read_workbook(xlsx(tmp_path / "a.xlsx", [], [], [None, "x"]))

    assert grid.rows == [["", ""], ["", ""], ["", "x"]]


def test_formulas_without_a_value_are_named(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", HEADINGS, row(Saldo_vencido="=L2*2"))

    (grid,) = read_workbook(path)

    assert grid.faults == {(1, HEADINGS.index("Saldo vencido")): CellProblem.FORMULA_WITHOUT_VALUE}


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ('<c r="B2" t="e"><v>#N/A</v></c>', CellProblem.ERROR_VALUE),
        ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', CellProblem.ERROR_VALUE),
        ('<c r="B2"><f>A1</f></c>', CellProblem.FORMULA_WITHOUT_VALUE),
        ('<c r="B2"><f t="shared" si="0"/><v></v></c>', CellProblem.FORMULA_WITHOUT_VALUE),
        ('<c r="B2"><f>A1</f><v>3</v></c>', None),
        ('<c r="B2" t="str"><f>""</f><v></v></c>', None),
        ('<c r="B2"><v>3</v></c>', None),
        ('<c s="1" r="B2"/>', None),
    ],
)
def test_cells_that_only_look_empty_are_told_from_empty_ones(tmp_path, cell, problem):
    path = with_sheet(tmp_path / "a.xlsx", f'<row r="2">{cell}</row>')

    (grid,) = read_workbook(path)

    assert grid.faults == ({(1, 1): problem} if problem else {})


def test_cells_that_do_not_say_where_they_are_are_counted(tmp_path):
    rows = '<row r="3"><c><v>1</v></c><c t="e"><v>#N/A</v></c></row><row><c><f>A1</f></c></row>'

    (grid,) = read_workbook(with_sheet(tmp_path / "a.xlsx", rows))

    assert grid.rows[2][0] == 1.0
    assert grid.faults == {
        (2, 1): CellProblem.ERROR_VALUE,
        (3, 0): CellProblem.FORMULA_WITHOUT_VALUE,
    }


def test_names_with_a_prefix_are_read_too(tmp_path):
    rows = '<x:row r="1"><x:c r="A1" t="e"><x:v>#N/A</x:v></x:c></x:row>'

    (grid,) = read_workbook(with_sheet(tmp_path / "a.xlsx", rows, prefix="x:"))

    assert grid.faults == {(0, 0): CellProblem.ERROR_VALUE}


def test_hidden_sheets_are_marked(tmp_path):
    grids = read_workbook(
        workbook(tmp_path / "a.xlsx", {"Visible": [["x"]], "Vieja": [["y"]]}, hidden="Vieja")
    )

    assert [(grid.name, grid.is_hidden) for grid in grids] == [("Visible", False), ("Vieja", True)]


# Traps


@pytest.mark.parametrize("cell", ['<c r="XFD1048576"><v>1</v></c>', "<c><v>1</v></c>"])
def test_one_value_at_the_far_end_does_not_fill_the_memory(tmp_path, cell):
    far = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">{cell}</row>'

    assert problem_of(with_sheet(tmp_path / "a.xlsx", far)) is FileProblem.TOO_MANY_ROWS


def test_an_empty_styled_cell_at_the_far_end_is_nothing(tmp_path):
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'

    (grid,) = read_workbook(with_sheet(tmp_path / "a.xlsx", far))

    assert grid.rows == [[1.0]]


@pytest.mark.parametrize(("column", "is_fine"), [("IV", True), ("IW", False)])
def test_256_columns_are_enough(tmp_path, column, is_fine):
    path = with_sheet(tmp_path / "a.xlsx", f'<row r="1"><c r="{column}1"><v>1</v></c></row>')

    if is_fine:
        assert len(read_workbook(path)[0].rows[0]) == 256
    else:
        assert problem_of(path) is FileProblem.TOO_MANY_ROWS


def test_a_zip_bomb_is_refused_without_unpacking_it_all(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_BYTES_INSIDE", 3 << 20)
    small = with_sheet(tmp_path / "small.xlsx", "<!--" + " " * (2 << 20) + "-->")
    bomb = with_sheet(tmp_path / "bomb.xlsx", "<!--" + " " * (4 << 20) + "-->")

    assert bomb.stat().st_size < 100_000
    assert read_workbook(small)[0].rows == []
    assert problem_of(bomb) is FileProblem.TOO_LARGE_INSIDE


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_entities_that_unfold_are_refused(tmp_path, member):
    source = xlsx(tmp_path / "a.xlsx", ["x"])
    path = tmp_path / "b.xlsx"
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, laughs + old.read(name) if name == member else old.read(name))

    assert problem_of(path) is FileProblem.DAMAGED


# Other files


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", FileProblem.EMPTY),
        (b"\xef\xbb\xbf\r\n  \r\n", FileProblem.EMPTY),
        (b"PK\x03\x04 cut off", FileProblem.DAMAGED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), FileProblem.OLD_EXCEL),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            FileProblem.PROTECTED,
        ),
        (b"<html><table><tr><td>No. Cliente</td></tr></table>", FileProblem.WEB_PAGE),
        (b"\xef\xbb\xbf<!DOCTYPE html>", FileProblem.WEB_PAGE),
        (b"%PDF-1.7", FileProblem.NO_SPREADSHEET),
        (b"\x89PNG\r\n\x1a\n", FileProblem.NO_SPREADSHEET),
    ],
)
def test_another_kind_of_file_is_called_by_its_name(tmp_path, content, problem):
    path = tmp_path / "cartera.xlsx"
    path.write_bytes(content)

    assert problem_of(path) is problem


@pytest.mark.parametrize(
    ("member", "problem"),
    [
        ("content.xml", FileProblem.OTHER_SPREADSHEET),
        ("xl/workbook.bin", FileProblem.OTHER_SPREADSHEET),
        ("word/document.xml", FileProblem.NO_SPREADSHEET),
    ],
)
def test_other_zipped_documents_are_told_apart(tmp_path, member, problem):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "x")

    assert problem_of(path) is problem


def test_a_workbook_without_its_relations_is_damaged(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")

    assert problem_of(path) is FileProblem.DAMAGED


GOOD = io.BytesIO()
_book = openpyxl.Workbook()
_book.active.append(["No. Cliente", "Nombre"])
_book.save(GOOD)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(GOOD.getvalue()) - 1), st.binary(min_size=1, max_size=6), st.booleans())
def test_a_damaged_workbook_is_read_or_refused(tmp_path, place, noise, is_cut):
    data = GOOD.getvalue()
    path = tmp_path / "a.xlsx"
    path.write_bytes(data[:place] + noise + (b"" if is_cut else data[place + len(noise) :]))

    with suppress(UnreadableFile):
        open_sheets(path, path.name, score)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(alphabet='<>/="rcvfts AB12e&;', max_size=60),
    st.sampled_from(["<row>{}</row>", '<row r="1"><c r="A1">{}</c></row>', "{}"]),
)
def test_a_sheet_of_broken_xml_is_read_or_refused(tmp_path, noise, frame):
    path = with_sheet(tmp_path / "a.xlsx", frame.format(noise))

    with suppress(UnreadableFile):
        open_sheets(path, path.name, score)
