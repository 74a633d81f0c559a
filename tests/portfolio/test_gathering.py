"""Rows of one file agree, complete each other, or are found to contradict."""

from datetime import date

import pytest

from collector_app.core.money import Cents
from collector_app.portfolio.facts import ImportConflict, RowPlace
from collector_app.portfolio.gathering import gather, plain
from tests.portfolio.factories import a_row


def conflicts(gathered):
    return [(finding.conflict, finding.field, finding.place.row) for finding in gathered.findings]


def test_two_invoices_of_one_credit_are_one_client_and_one_credit():
    gathered = gather([a_row(2), a_row(3, invoice_number="F-2")], {})

    assert list(gathered.clients) == ["C-1"]
    assert list(gathered.credits) == ["CR-1"]
    assert list(gathered.invoices) == [("CR-1", "F-1"), ("CR-1", "F-2")]
    assert gathered.findings == []


def test_a_row_that_gives_the_client_another_name_is_left_out_whole():
    other = a_row(3, name="Juan Pérez", credit_id="CR-2", invoice_number="F-2")

    gathered = gather([a_row(2), other], {})

    assert conflicts(gathered) == [(ImportConflict.OTHER_NAME, "name", 3)]
    assert gathered.findings[0].is_refused
    assert gathered.findings[0].facts["first_row"] == 2
    assert gathered.findings[0].facts["first_value"] == "Rosa Díaz"
    assert list(gathered.credits) == ["CR-1"]


def test_a_name_that_only_varies_in_accents_case_and_spaces_is_the_same():
    gathered = gather([a_row(2), a_row(3, name="ROSA  DIAZ", invoice_number="F-2")], {})

    assert gathered.findings == []
    assert gathered.clients["C-1"].values["name"] == "Rosa Díaz"


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("address", "Av. Juárez 12", "Calle Hidalgo 3"),
        ("phone", "+525512345678", "+525512345679"),
        ("product", "Microcrédito", "Hipoteca"),
        ("opened_on", date(2025, 1, 1), date(2025, 1, 2)),
    ],
)
def test_another_detail_is_found_and_the_first_one_stays(name, first, second):
    rows = [a_row(2, **{name: first}), a_row(3, invoice_number="F-2", **{name: second})]

    gathered = gather(rows, {})

    assert conflicts(gathered) == [(ImportConflict.OTHER_DETAIL, name, 3)]
    assert not gathered.findings[0].is_refused
    assert len(gathered.invoices) == 2
    stated = gathered.clients["C-1"].values | gathered.credits["CR-1"].values
    assert stated[name] == first


def test_a_later_row_fills_in_what_the_first_left_open():
    gathered = gather([a_row(2), a_row(3, invoice_number="F-2", phone="+525512345678")], {})

    assert gathered.clients["C-1"].values["phone"] == "+525512345678"
    assert gathered.findings == []


@pytest.mark.parametrize(("lat", "count"), [(19.40004, 0), (19.40006, 1)])
def test_coordinates_less_than_five_metres_apart_are_the_same_place(lat, count):
    first = a_row(2, lat=19.4, lon=-99.1)
    second = a_row(3, invoice_number="F-2", lat=lat, lon=-99.1)

    assert len(gather([first, second], {}).findings) == count


def test_the_same_row_twice_counts_once_and_is_found():
    gathered = gather([a_row(2), a_row(3)], {})

    assert conflicts(gathered) == [(ImportConflict.REPEATED_ROW, "invoice_number", 3)]
    assert not gathered.findings[0].is_refused
    assert len(gathered.invoices) == 1


def test_the_same_invoice_with_another_balance_is_left_out():
    gathered = gather([a_row(2), a_row(3, balance_cents=Cents(1))], {})

    assert conflicts(gathered) == [(ImportConflict.OTHER_DEBT, "invoice_number", 3)]
    assert gathered.invoices["CR-1", "F-1"].values["balance_cents"] == 80_000


def test_a_credit_belongs_to_one_client_only():
    gathered = gather([a_row(2), a_row(3, client_id="C-2", invoice_number="F-2")], {})

    assert conflicts(gathered) == [(ImportConflict.CREDIT_OF_OTHER_CLIENT, "credit_id", 3)]
    assert list(gathered.clients) == ["C-1"]


def test_a_credit_that_the_database_knows_under_another_client_is_left_out():
    gathered = gather([a_row(2)], {"CR-1": "C-9"})

    assert conflicts(gathered) == [(ImportConflict.CREDIT_OF_OTHER_CLIENT, "credit_id", 2)]
    assert gathered.findings[0].facts["first_value"] == "C-9"
    assert gathered.clients == {}


def test_one_credit_is_in_one_currency():
    rows = [a_row(2, currency="MXN"), a_row(3, invoice_number="F-2", currency="USD")]

    assert conflicts(gather(rows, {})) == [(ImportConflict.OTHER_CURRENCY, "currency", 3)]


@pytest.mark.parametrize(("cents", "refused"), [(0, False), (1, True)])
def test_a_debt_needs_a_due_date_only_when_something_is_owed(cents, refused):
    gathered = gather([a_row(2, due_on=None, balance_cents=Cents(cents))], {})

    assert bool(gathered.findings) is refused


def test_findings_say_sheet_and_row():
    gathered = gather([a_row(2), a_row(3, balance_cents=Cents(1))], {})

    assert gathered.findings[0].place == RowPlace("Cartera", 3)


def test_plain_text_forgets_what_people_vary():
    assert plain("  Av. Juárez #12 ") == plain("AV JUAREZ 12")
    assert plain("Ñandú") != plain("Nada")
