"""What we write opens in any spreadsheet program, and nothing in it runs."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.core.spreadsheets import is_dangerous, write_csv, write_xlsx

COLUMNS = {"name": "Nombre", "balance": "Saldo"}
FORMULAS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "＝1",
    "-",
]


@dataclass(frozen=True)
class Row:
    name: str | None
    balance: object


def csv_cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def xlsx_cells(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data)).active


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_in_a_name_is_only_text_in_csv(text):
    cells = csv_cells(write_csv(COLUMNS, [Row(text, 1)]))

    assert cells[1][0] == "'" + text


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_in_a_name_is_only_text_in_xlsx(text):
    cell = xlsx_cells(write_xlsx(COLUMNS, [Row(text, 1)]))["A2"]

    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cell.value.replace("_x000D_", "\r") == text


@pytest.mark.parametrize("text", ["Ana", "-71.2519", "+525512345678", "A=1", "", " ", "00123"])
def test_a_text_that_nothing_runs_stays_as_it_is(text):
    assert not is_dangerous(text)
    assert csv_cells(write_csv(COLUMNS, [Row(text, 1)]))[1][0] == text


def test_a_formula_in_a_title_is_only_text():
    columns = {"name": "=1+1"}

    assert csv_cells(write_csv(columns, []))[0] == ["'=1+1"]
    assert xlsx_cells(write_xlsx(columns, []))["A1"].data_type == "s"


@given(st.text())
def test_no_text_at_all_begins_a_csv_cell_as_a_formula(text):
    row = csv_cells(write_csv(COLUMNS, [Row(text.replace("\x00", ""), 1)]))[1]

    assert not is_dangerous(row[0])


def test_csv_begins_with_the_mark_that_makes_excel_read_accents():
    assert write_csv(COLUMNS, [Row("Ñandú", 1)]).startswith(b"\xef\xbb\xbf")


def test_numbers_dates_and_nothing_keep_their_kind_in_xlsx():
    rows = [
        Row("Ana", 12.5),
        Row(None, date(2026, 3, 10)),
        Row("00123", datetime(2026, 3, 10, 9, 30, tzinfo=UTC)),
        Row("", True),
    ]

    sheet = xlsx_cells(write_xlsx(COLUMNS, rows))

    numbers = [cell.value for cell in sheet["B"][1:]]
    assert numbers[0] == 12.5
    assert numbers[1].date() == date(2026, 3, 10)
    assert numbers[2].isoformat() == "2026-03-10T09:30:00"
    assert numbers[3] is True
    assert [cell.value for cell in sheet["A"][1:]] == ["Ana", None, "00123", ""]


def test_csv_writes_dates_as_iso_and_nothing_as_nothing():
    data = write_csv(COLUMNS, [{"name": None, "balance": date(2026, 3, 10)}])

    assert csv_cells(data) == [["Nombre", "Saldo"], ["", "2026-03-10"]]
