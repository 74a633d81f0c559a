"""Headings are known by many names, and never guessed in silence."""

import pytest

from collector_app.exchange.columns import columns, heading_key, required_groups
from collector_app.exchange.rules import FileProblem, IgnoredBecause, UnreadableFile
from collector_app.exchange.sheets.grids import Grid, column_letter, column_number
from collector_app.exchange.sheets.headings import SEARCHED_ROWS, find_headings

REQUIRED = ["No. de cliente", "Nombre", "Domicilio", "Saldo", "Vencimiento"]


def headings_of(*cells, above=()):
    return find_headings(Grid("Cartera", [*above, list(cells)]))


def fields(headings):
    return {field: column.letter for field, column in headings.read.items()}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("No. Cliente", "client_id"),
        ("Núm. de cliente", "client_id"),
        ("CLIENTE_ID", "client_id"),
        ("Nº Cliente", "client_id"),
        ("N° de cliente", "client_id"),
        ("# cliente", "client_id"),
        ("NumeroCliente", "client_id"),
        ("Cve. Cliente", "client_id"),
        ("código de cliente", "client_id"),
        ("SALDO VENCIDO", "balance"),
        ("Saldo vencido ($)", "balance"),
        ("saldo_vencido", "balance"),
        ("Días de atraso", "days_past_due"),
        ("dias atraso", "days_past_due"),
        ("Días mora", "days_past_due"),
        ("Fecha de vencimiento", "due_on"),
        ("F. Vto.", "due_on"),
        ("Fec. Venc.", "due_on"),
        ("Teléfono", "phone"),
        ("Tel.", "phone"),
        ("Cel", "phone"),
        ("Domicilio", "address"),
        ("DIRECCION", "address"),
        ("Calle y número", "address"),
        ("Colonia", "neighbourhood"),
        ("Col.", "neighbourhood"),
        ("Delegación / Municipio", "municipality"),
        ("Latitud", "lat"),
        ("LAT", "lat"),
        ("Lng", "lon"),
        ("Factura", "invoice_number"),
        ("Folio factura", "invoice_number"),
        ("Crédito", "credit_id"),
        ("No. de crédito", "credit_id"),
        ("Importe", "amount"),
        ("No. Ext", "street_number"),
        ("Núm. int.", "unit_number"),
        ("Ap. Paterno", "last_name"),
    ],
)
def test_a_heading_is_known_however_people_write_it(heading, field):
    known = {column.field for column in columns() if heading_key(heading) in column.keys}

    assert known == {field}


def test_no_column_lists_the_same_heading_twice():
    repeated = [one.field for one in columns() if len(set(one.keys)) != len(one.keys)]

    assert repeated == []


def test_only_words_for_the_debtor_and_for_parts_mean_two_fields():
    meanings: dict[str, set[str]] = {}
    for column in columns():
        for key in column.keys:
            meanings.setdefault(key, set()).add(column.field)

    several = {key: fields for key, fields in meanings.items() if len(fields) > 1}

    parts = {one for one, fields in several.items() if "instalment_number" in fields}
    assert set(several) - parts == {"cliente", "acreditado", "socio", "deudor"}
    assert {"cuota", "parcialidad", "amortizacion"} <= parts
    assert set(map(frozenset, several.values())) == {
        frozenset({"client_id", "name"}),
        frozenset({"instalment_number", "invoice_number"}),
    }


def test_title_rows_above_the_headings_are_passed_over():
    above = [["Financiera del Valle", ""], [], ["Cartera vencida", "Cliente"]]

    headings = headings_of(*REQUIRED, above=above)

    assert headings.row == 3
    assert headings.missing == ()


@pytest.mark.parametrize(
    ("rows_above", "is_found"), [(SEARCHED_ROWS - 1, True), (SEARCHED_ROWS, False)]
)
def test_headings_are_looked_for_in_the_first_rows(rows_above, is_found):
    assert (headings_of(*REQUIRED, above=[["x"]] * rows_above) is not None) is is_found


def test_a_row_with_one_word_of_ours_is_no_heading():
    assert headings_of("Nombre", "Edad") is None
    assert headings_of("Nombre", "Saldo") is not None
    assert find_headings(Grid("Vacía", [])) is None


def test_what_is_missing_is_told_in_groups():
    headings = headings_of("No. de cliente", "Nombre", "Saldo")

    missing = [[column.title for column in group] for group in headings.missing]

    assert missing == [["Domicilio"], ["Fecha de vencimiento", "Días de atraso"]]


def test_days_past_due_stand_in_for_the_due_date():
    assert headings_of(*REQUIRED[:-1], "Días de atraso").missing == ()


def test_unknown_columns_are_listed_and_not_read():
    headings = headings_of(*REQUIRED, "Color favorito", "")

    assert [(one.letter, one.heading, one.because) for one in headings.ignored] == [
        ("F", "Color favorito", IgnoredBecause.UNKNOWN)
    ]


def test_of_two_columns_for_one_field_the_more_telling_is_read_and_the_other_listed():
    headings = headings_of(*REQUIRED, "Saldo de la factura")

    assert fields(headings)["balance"] == "F"
    (ignored,) = headings.ignored
    assert (ignored.letter, ignored.because) == ("D", IgnoredBecause.OTHER_COLUMN_USED)
    assert ignored.used == "Saldo de la factura"


def test_the_same_heading_twice_is_refused_with_both_places():
    with pytest.raises(UnreadableFile) as refused:
        headings_of(*REQUIRED, "SALDO")

    assert refused.value.problem is FileProblem.REPEATED_COLUMN
    assert refused.value.facts["columns"] == "D, F"
    assert refused.value.facts["row"] == 1


def test_an_unknown_heading_twice_disturbs_nobody():
    assert len(headings_of(*REQUIRED, "X", "X").ignored) == 2


def test_cliente_is_the_name_when_there_is_a_number():
    headings = headings_of("No. de cliente", "Cliente", "Domicilio")

    assert fields(headings) == {"client_id": "A", "name": "B", "address": "C"}


def test_cliente_is_the_number_when_there_is_a_name():
    headings = headings_of("Cliente", "Nombre", "Domicilio")

    assert fields(headings) == {"client_id": "A", "name": "B", "address": "C"}


def test_cliente_alone_is_the_name_and_the_number_is_asked_for():
    headings = headings_of("Cliente", "Domicilio", "Saldo", "Vence", "Deudor")

    assert fields(headings)["name"] == "A"
    assert [column.field for group in headings.missing for column in group] == ["client_id"]


@pytest.mark.parametrize(
    ("number", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_are_named_as_excel_names_them(number, letters):
    assert column_letter(number) == letters
    assert column_number(letters) == number


def test_every_group_of_required_columns_is_known():
    assert [[one.field for one in group] for group in required_groups()] == [
        ["client_id"],
        ["name"],
        ["address"],
        ["due_on", "days_past_due"],
        ["balance"],
    ]
