"""A cartera file becomes rows; what was not taken is told by sheet, row, column and value."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector_app.exchange.columns import columns
from collector_app.exchange.rules import CellProblem, FileProblem, SkippedBecause, UnreadableFile
from collector_app.exchange.sheets import ReadOptions, read_portfolio
from collector_app.exchange.sheets.rows import LIMITS, SUMMARY_INVOICE
from collector_app.portfolio.facts import Finding, ImportConflict, RowPlace
from collector_app.portfolio.gathering import gather
from collector_app.portfolio.models import Client, Credit, Creditor, Invoice
from tests.exchange.files import (
    HEADINGS,
    csv_text,
    problems,
    read,
    row,
    text_file,
    workbook,
    xlsx,
)

SUMMARY = ("No. Cliente", "Nombre", "Domicilio", "Saldo vencido", "Días de atraso")


def refused_file(path) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        read(path)
    return refused.value


def test_a_row_of_xlsx_becomes_an_invoice_with_its_credit_and_client(tmp_path):
    reading = read(xlsx(tmp_path / "a.xlsx", HEADINGS, row()))

    (one,) = reading.rows
    assert one.place == RowPlace("Cartera", 2)
    assert (one.client_id, one.name, one.phone) == ("C-001", "Rosa Díaz", "+525512345678")
    assert (one.address, one.neighbourhood, one.municipality) == (
        "Av. Juárez 12",
        "Centro",
        "Cuauhtémoc",
    )
    assert (one.lat, one.lon) == (19.4326, -99.1332)
    assert (one.credit_id, one.invoice_number) == ("CR-9", "F-1")
    assert (one.due_on, one.amount_cents, one.balance_cents) == (
        date(2025, 12, 31),
        150_000,
        123_450,
    )
    assert reading.issues == ()


def test_the_same_table_as_csv_and_as_xlsx_gives_the_same_rows(tmp_path):
    rows = [HEADINGS, row(), row(Factura="F-2", Latitud="19,4326", Saldo_vencido="1.234,50")]
    book = read(xlsx(tmp_path / "a.xlsx", *rows, sheet="Cartera"))

    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        text = text_file(tmp_path / "Cartera.csv", csv_text(*rows, delimiter=";"), encoding)
        assert read(text).rows == book.rows


def test_rows_are_numbered_as_in_the_file_with_titles_and_gaps(tmp_path):
    path = xlsx(
        tmp_path / "a.xlsx", ["Cartera"], [], HEADINGS, row(), [], row(Saldo_vencido="mucho")
    )

    reading = read(path)

    assert [one.place.row for one in reading.rows] == [4]
    (issue,) = reading.issues
    assert (issue.sheet, issue.row, issue.column, issue.heading, issue.value) == (
        "Cartera",
        6,
        "M",
        "Saldo vencido",
        "mucho",
    )
    assert issue.problem is CellProblem.NO_AMOUNT
    assert issue.is_refused


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"No_Cliente": ""}, ("missing", "A2")),
        ({"No_Cliente": 1.5e15}, ("id_digits_lost", "A2")),
        ({"No_Cliente": "x" * 41}, ("too_long", "A2")),
        ({"Nombre": "  "}, ("missing", "B2")),
        ({"Nombre": "x" * 161}, ("too_long", "B2")),
        ({"Domicilio": "S/N"}, ("missing", "D2")),
        ({"Crédito": None}, ("missing", "I2")),
        ({"Factura": None}, ("missing", "J2")),
        ({"Fecha_de_vencimiento": None}, ("no_due_date_or_days", "K2")),
        ({"Fecha_de_vencimiento": "12/31/2025"}, ("no_date", "K2")),
        ({"Fecha_de_vencimiento": "31/12/1925"}, ("date_out_of_range", "K2")),
        ({"Saldo_vencido": None}, ("missing", "M2")),
        ({"Saldo_vencido": "-5"}, ("negative_amount", "M2")),
        ({"Saldo_vencido": "=L2"}, ("formula_without_value", "M2")),
    ],
)
def test_a_row_without_what_matters_is_left_out_and_told(tmp_path, changes, problem):
    reading = read(xlsx(tmp_path / "a.xlsx", HEADINGS, row(**changes)))

    assert reading.rows == ()
    assert problems(reading) == [problem]
    assert reading.issues[0].is_refused


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"Teléfono": "123"}, "phone", ("no_phone", "C2")),
        ({"Teléfono": "5.51235E+09"}, "phone", ("phone_digits_lost", "C2")),
        ({"Colonia": "x" * 121}, "neighbourhood", ("too_long", "E2")),
        ({"Latitud": "norte"}, "lat", ("no_coordinate", "G2")),
        ({"Latitud": None}, "lat", ("half_a_position", "G2")),
        ({"Longitud": None}, "lon", ("half_a_position", "H2")),
        ({"Latitud": -99.1332, "Longitud": 19.4326}, "lat", ("swapped_coordinates", "G2")),
        ({"Longitud": 99.1332}, "lon", ("sign_lost", "G2")),
        ({"Importe": "caro"}, "amount_cents", ("no_amount", "L2")),
    ],
)
def test_a_datum_that_can_wait_is_left_out_and_the_row_stays(tmp_path, changes, field, problem):
    reading = read(xlsx(tmp_path / "a.xlsx", HEADINGS, row(**changes)))

    assert getattr(reading.rows[0], field) is None
    assert problems(reading) == [problem]
    assert not reading.issues[0].is_refused


def test_two_mistakes_in_a_row_are_both_told(tmp_path):
    reading = read(xlsx(tmp_path / "a.xlsx", HEADINGS, row(No_Cliente="", Saldo_vencido="x")))

    assert problems(reading) == [("no_amount", "M2"), ("missing", "A2")]


@pytest.mark.parametrize("heading", ["Latitud", "Longitud"])
def test_one_coordinate_without_a_column_for_the_other_is_told(tmp_path, heading):
    path = xlsx(tmp_path / "a.xlsx", [*SUMMARY, heading], ["C-1", "Rosa", "Calle 1", 5, 4, 19.4])

    reading = read(path)

    assert problems(reading) == [("half_a_position", "F2")]
    assert reading.rows[0].lat is None


def test_zero_and_zero_are_no_position(tmp_path):
    reading = read(xlsx(tmp_path / "a.xlsx", HEADINGS, row(Latitud=0, Longitud=0.0)))

    assert (reading.rows[0].lat, reading.rows[0].lon) == (None, None)
    assert reading.issues == ()


def test_a_position_abroad_is_told_and_kept(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", HEADINGS, row(Latitud=40.4168, Longitud=-3.7038))

    reading = read(path)

    assert reading.rows[0].lat == 40.4168
    assert problems(reading) == [("outside_country", "G2")]


def test_the_first_of_two_phones_is_taken_and_told(tmp_path):
    reading = read(xlsx(tmp_path / "a.xlsx", HEADINGS, row(Teléfono="5512345678 / 5587654321")))

    assert reading.rows[0].phone == "+525512345678"
    assert problems(reading) == [("first_phone_taken", "C2")]
    assert reading.issues[0].facts["taken"] == "+525512345678"


def test_the_country_decides_about_phones_and_coordinates(tmp_path):
    path = xlsx(
        tmp_path / "a.xlsx",
        HEADINGS,
        row(Teléfono="9 8765 4321", Latitud=-29.9027, Longitud=-71.2519),
    )

    reading = read(path, country="CL")

    assert reading.rows[0].phone == "+56987654321"
    assert reading.issues == ()


def test_leading_zeros_of_a_number_stay(tmp_path):
    text = csv_text(HEADINGS, row(No_Cliente="00123", Crédito='="0007"'))

    (one,) = read(text_file(tmp_path / "a.csv", text)).rows

    assert (one.client_id, one.credit_id) == ("00123", "0007")


# Files without invoices


def test_a_file_without_invoices_gives_each_credit_one_debt(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", SUMMARY, ["C-1", "Rosa", "Calle 1", 500, 41])

    (one,) = read(path).rows

    assert (one.credit_id, one.invoice_number) == ("C-1", SUMMARY_INVOICE)
    assert one.due_on == date(2026, 1, 28)  # 41 days before 10 March 2026
    assert (one.amount_cents, one.balance_cents) == (None, 50_000)


def test_the_same_days_counted_to_a_later_day_are_a_later_date(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", SUMMARY, ["C-1", "Rosa", "Calle 1", 500, 41])

    assert read(path, cut_on=date(2026, 3, 11)).rows[0].due_on == date(2026, 1, 29)


def test_the_due_date_is_believed_before_the_days(tmp_path):
    path = xlsx(
        tmp_path / "a.xlsx",
        [*SUMMARY, "Vencimiento"],
        ["C-1", "Rosa", "Calle 1", 500, 41, "01/02/2026"],
        ["C-2", "Ana", "Calle 2", 500, 41, None],
    )

    assert [one.due_on for one in read(path).rows] == [date(2026, 2, 1), date(2026, 1, 28)]


def test_who_owes_nothing_needs_no_date(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", SUMMARY, ["C-1", "Rosa", "Calle 1", 0, None])

    reading = read(path)

    assert reading.rows[0].due_on is None
    assert reading.issues == ()


def test_days_that_are_none_refuse_the_row(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", SUMMARY, ["C-1", "Rosa", "Calle 1", 500, "muchos"])

    assert problems(read(path)) == [("no_days", "E2")]


REQUIRED = ["No. de cliente", "Nombre", "Domicilio", "Saldo vencido"]
TITLES = [column.title for column in columns() if column.title not in REQUIRED]
TYPICAL = [column.example for column in columns()] + ["0", "-1", "S/N", "5.5E+09", "TOTAL", "=A1"]


@given(
    st.lists(st.sampled_from(TITLES), unique=True),
    st.sampled_from(["Días de atraso", "Fecha de vencimiento"]),
    st.lists(
        st.lists(st.one_of(st.sampled_from(TYPICAL), st.text(max_size=12)), max_size=26),
        min_size=1,
        max_size=4,
    ),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_columns_with_any_cells_are_read_or_explained(tmp_path, titles, due, rows):
    headings = [*REQUIRED, *dict.fromkeys([due, *titles])]
    path = tmp_path / "a.csv"
    path.write_bytes(csv_text(headings, *rows).encode())

    with suppress(UnreadableFile):
        reading = read(path)
        refused = {issue.row for issue in reading.issues if issue.is_refused}
        passed_over = reading.sheets[0].passed_over
        assert len(reading.rows) + len(refused) == reading.row_count
        assert not refused & {one.place.row for one in reading.rows}
        assert not refused & set(passed_over)
        gather(reading.rows, {})


# Names and addresses in parts


def test_parts_of_names_and_addresses_are_joined(tmp_path):
    path = xlsx(
        tmp_path / "a.xlsx",
        (
            *("No. Cliente", "Nombres", "Ap. Paterno", "Ap. Materno", "Calle", "No. Ext"),
            *("No. Int", "Saldo", "Vence"),
        ),
        ["1", "Rosa", "Díaz", "Mora", "Av. Juárez", 12.0, "3-B", 5, "01/02/2026"],
        ["2", "Ana", "Paz", None, "Hidalgo 7", 7, "S/N", 5, "01/02/2026"],
    )

    first, second = read(path).rows

    assert (first.name, first.address) == ("Rosa Díaz Mora", "Av. Juárez 12 Int. 3-B")
    assert (second.name, second.address) == ("Ana Paz", "Hidalgo 7")


def test_joined_parts_that_do_not_fit_are_refused(tmp_path):
    path = xlsx(
        tmp_path / "a.xlsx",
        ("No. Cliente", "Nombre", "Apellidos", "Domicilio", "Saldo", "Vence"),
        ["1", "x" * 100, "y" * 59, "Calle 1", 5, "01/02/2026"],
        ["2", "x" * 100, "y" * 60, "Calle 1", 5, "01/02/2026"],
    )

    reading = read(path)

    assert [one.client_id for one in reading.rows] == ["1"]
    assert problems(reading) == [("too_long", "B3")]


# Rows that are no clients


@pytest.mark.parametrize(
    "last",
    [
        ["TOTAL", *[None] * 11, 99],
        ["Total general", *[None] * 11, 99],
        [None, "Totales:", *[None] * 10, 99],
        [None, "Total de la cartera", *[None] * 10, 99],
        [None] * 11 + [99, 99],
    ],
)
def test_a_row_of_totals_is_passed_over(tmp_path, last):
    (sheet,) = read(xlsx(tmp_path / "a.xlsx", HEADINGS, row(), last)).sheets

    assert sheet.passed_over == (3,)
    assert sheet.row_count == 1


def test_numbers_alone_in_the_middle_are_a_row_without_a_client(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", HEADINGS, [None] * 12 + [99], row())

    reading = read(path)

    assert len(reading.rows) == 1
    assert ("missing", "A2") in problems(reading)


def test_a_client_who_is_called_total_is_a_client(tmp_path):
    assert len(read(xlsx(tmp_path / "a.xlsx", HEADINGS, row(Nombre="Total"))).rows) == 1


def test_headings_printed_again_on_each_page_are_passed_over(tmp_path):
    (sheet,) = read(xlsx(tmp_path / "a.xlsx", HEADINGS, row(), HEADINGS, row())).sheets

    assert sheet.passed_over == (3,)
    assert sheet.row_count == 2


# Sheets


def test_every_sheet_with_our_headings_is_read_and_the_others_are_named(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Instrucciones": [["Llene la hoja"]],
            "Norte": [HEADINGS, row()],
            "Sur": [["Zona sur"], HEADINGS, row(No_Cliente="C-2")],
            "Directorio": [["Nombre", "Domicilio"], ["Rosa", "Calle 1"]],
            "Vieja": [HEADINGS, row()],
        },
        hidden="Vieja",
    )

    reading = read(path)

    assert [one.place for one in reading.rows] == [RowPlace("Norte", 2), RowPlace("Sur", 3)]
    assert [(one.name, one.because) for one in reading.skipped_sheets] == [
        ("Instrucciones", SkippedBecause.NO_HEADINGS),
        ("Directorio", SkippedBecause.MISSING_COLUMNS),
        ("Vieja", SkippedBecause.HIDDEN),
    ]


def test_missing_columns_are_told_with_the_names_we_looked_for(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", ["Reporte"], ["No. Cliente", "Nombre", "Saldo"], ["1", "A", 5])

    refused = refused_file(path)

    assert refused.problem is FileProblem.MISSING_COLUMNS
    assert refused.facts["row"] == 2
    assert "«Domicilio» (Dirección" in refused.facts["missing"]
    assert "«Fecha de vencimiento»" in refused.facts["missing"]
    assert "/ «Días de atraso»" in refused.facts["missing"]


def test_a_sheet_without_any_heading_of_ours_is_told(tmp_path):
    assert refused_file(xlsx(tmp_path / "a.xlsx", ["x", "y"])).problem is FileProblem.NO_HEADINGS


def test_headings_without_a_row_below_are_told(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", HEADINGS, ["TOTAL", *[None] * 11, 0])

    assert refused_file(path).problem is FileProblem.NO_ROWS


# Progress, findings, lengths


def test_progress_is_told_every_thousand_rows(tmp_path):
    rows = [row(No_Cliente=f"C-{n}") for n in range(2_100)]
    path = text_file(tmp_path / "a.csv", csv_text(HEADINGS, *rows))
    told: list[tuple[int, int]] = []

    read_portfolio(
        path,
        "a.csv",
        ReadOptions(date(2026, 3, 10)),
        lambda done, total: told.append((done, total)),
    )

    assert [done for done, _ in told] == [1_000, 2_000]
    assert told[0][1] >= 2_100


@pytest.mark.parametrize(
    ("field", "column", "heading", "value"),
    [
        ("balance_cents", "M", "Saldo vencido", "$1,234.50"),
        ("lat", "G", "Latitud", "19.4326"),
        ("note", "", "", "as found"),
    ],
)
def test_what_the_cartera_finds_is_told_in_the_words_of_the_file(
    tmp_path, field, column, heading, value
):
    reading = read(xlsx(tmp_path / "a.xlsx", HEADINGS, row()))
    place = RowPlace("Cartera", 2)
    finding = Finding(place, field, "as found", ImportConflict.OTHER_NAME, {"a": 1})

    issue = reading.issue_of(finding)

    assert (issue.sheet, issue.row, issue.column) == ("Cartera", 2, column)
    assert (issue.heading, issue.value) == (heading, value)
    assert issue.is_refused


def test_the_limits_are_those_of_the_database():
    lengths = {
        "client_id": Client.external_id.type.length,
        "name": Client.name.type.length,
        "address": Client.address.type.length,
        "neighbourhood": Client.neighbourhood.type.length,
        "municipality": Client.municipality.type.length,
        "credit_id": Credit.external_id.type.length,
        "product": Credit.product.type.length,
        "creditor": Creditor.name.type.length,
        "invoice_number": Invoice.number.type.length,
    }

    assert {field: LIMITS[field] for field in lengths} == lengths
