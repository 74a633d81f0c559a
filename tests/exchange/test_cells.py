"""One cell becomes one value, exactly, or is refused with a reason; junk breaks nothing."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector_app.exchange.rules import CellProblem
from collector_app.exchange.sheets.cells import (
    FIRST_DATE,
    LAST_DATE,
    MAX_PESOS,
    BadCell,
    is_nothing,
    read_amount,
    read_currency,
    read_date,
    read_days,
    read_identifier,
    read_kind,
    read_place_kind,
    read_place_origin,
    read_text,
    read_yes_or_no,
)
from collector_app.exchange.sheets.phones import read_phone
from collector_app.exchange.sheets.positions import read_coordinate
from collector_app.portfolio.rules import AddressOrigin, ClientKind, VisitPlaceKind

MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
dates = st.dates(FIRST_DATE, LAST_DATE)
junk = st.one_of(
    st.text(max_size=40),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
readers = st.sampled_from(
    [
        read_amount,
        read_date,
        read_days,
        read_kind,
        read_currency("MXN"),
        read_identifier(40),
        read_text(160),
        read_phone("MX"),
        read_coordinate,
    ]
)


def problem_of(reader, cell) -> CellProblem:
    with pytest.raises(BadCell) as bad:
        reader(cell)
    return bad.value.problem


@given(readers, junk)
@example(read_date, 1e308)
@example(read_amount, 1e26)
@example(read_amount, float("nan"))
@example(read_days, float("inf"))
def test_junk_is_read_or_refused_but_never_breaks_the_reader(reader, cell):
    with suppress(BadCell):
        reader(cell)


@pytest.mark.parametrize(
    "cell",
    ["", " ", "\u00a0", "-", "--", "N/A", "n.a.", "S/D", "null", "Sin dato", "No tiene", "."],
)
def test_what_people_write_for_nothing_is_nothing(cell):
    assert is_nothing(cell)


@pytest.mark.parametrize("cell", ["0", 0, 0.0, "$ -", "Ana", "Nadia", "#12", False])
def test_a_zero_or_a_name_is_something(cell):
    assert not is_nothing(cell)


# Amounts


@given(st.integers(0, MAX_PESOS * 100))
def test_an_amount_written_with_separators_is_read_back_to_the_cent(cents):
    assert read_amount(f"${cents // 100:,}.{cents % 100:02d}") == cents


@given(st.integers(0, 10**11))
def test_an_amount_of_excel_is_read_back_to_the_cent(cents):
    assert read_amount(cents / 100) == cents


@pytest.mark.parametrize(
    ("cell", "cents"),
    [(0.1 + 0.2, 30), (33.335, 3_334), (1234, 123_400), ("$ -  ", 0), ("0", 0), (0.0, 0)],
)
def test_an_amount_is_rounded_to_the_cent_that_excel_shows(cell, cents):
    assert read_amount(cell) == cents


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("abc", CellProblem.NO_AMOUNT),
        ("1,23,4", CellProblem.NO_AMOUNT),
        (True, CellProblem.NO_AMOUNT),
        (date(2026, 1, 1), CellProblem.NO_AMOUNT),
        (-0.01, CellProblem.NEGATIVE_AMOUNT),
        ("(5.00)", CellProblem.NEGATIVE_AMOUNT),
        (MAX_PESOS + 0.01, CellProblem.AMOUNT_TOO_LARGE),
        ("5512345678901", CellProblem.AMOUNT_TOO_LARGE),
    ],
)
def test_what_is_no_amount_owed_is_refused(cell, problem):
    assert problem_of(read_amount, cell) is problem


# Dates


@given(dates)
def test_a_date_is_read_back_however_it_was_written(day):
    written = [
        f"{day:%d/%m/%Y}",
        f"{day:%d-%m-%Y}",
        f"{day.day}.{day.month}.{day.year}",
        day.isoformat(),
        f"{day.isoformat()} 00:00:00",
        f"{day:%Y%m%d}",
        f"{day.day} de {MONTHS[day.month - 1]} de {day.year}",
        f"{day.day:02d}-{MONTHS[day.month - 1].upper()}-{day.year}",
        day,
        datetime.combine(day, time(23, 59)),
        (day - date(1899, 12, 30)).days,
        float((day - date(1899, 12, 30)).days) + 0.75,
    ]

    assert {read_date(cell) for cell in written} == {day}


@pytest.mark.parametrize(
    ("short", "year"), [("49", 2049), ("50", 1950), ("99", 1999), ("26", 2026)]
)
def test_two_digits_of_a_year_mean_the_nearest_one(short, year):
    assert read_date(f"05-03-{short}") == date(year, 3, 5)


def test_the_day_stands_first():
    assert read_date("03/04/2026") == date(2026, 4, 3)


@pytest.mark.parametrize(
    "cell", ["12/31/2025", "29/02/2025", "ayer", "2025", "31/12", True, "1-xyz-2025"]
)
def test_what_is_no_date_is_refused(cell):
    assert problem_of(read_date, cell) is CellProblem.NO_DATE


@pytest.mark.parametrize(
    ("day", "is_fine"),
    [
        (FIRST_DATE, True),
        (FIRST_DATE - timedelta(days=1), False),
        (LAST_DATE, True),
        (LAST_DATE + timedelta(days=1), False),
    ],
)
def test_a_date_far_away_is_a_mistake(day, is_fine):
    if is_fine:
        assert read_date(day) == day
    else:
        assert problem_of(read_date, day) is CellProblem.DATE_OUT_OF_RANGE


# Days past due


@pytest.mark.parametrize(
    ("cell", "days"), [("41", 41), (41.0, 41), ("41 días", 41), ("41.00", 41), (0, 0), ("-5", -5)]
)
def test_days_past_due_are_whole(cell, days):
    assert read_days(cell) == days


@pytest.mark.parametrize("cell", ["41.5", 41.5, "muchos", 36_501, -367, True, date(2026, 1, 1)])
def test_what_is_no_number_of_days_is_refused(cell):
    assert problem_of(read_days, cell) is CellProblem.NO_DAYS


# Identifiers and texts


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("00123", "00123"),
        (123.0, "123"),
        (123, "123"),
        (" C-1\u00a0", "C-1"),
        ("12.345.678-9", "12.345.678-9"),
        ("1.234E+03", "1234"),
        (999_999_999_999_999.0, "999999999999999"),
    ],
)
def test_a_number_that_is_a_name_keeps_its_zeros(cell, number):
    assert read_identifier(40)(cell) == number


@pytest.mark.parametrize("cell", ["1.23E+15", 1e15, 12345678901234567])
def test_a_number_that_lost_digits_is_refused(cell):
    assert problem_of(read_identifier(40), cell) is CellProblem.ID_DIGITS_LOST


@pytest.mark.parametrize(("length", "is_fine"), [(40, True), (41, False)])
def test_a_text_fits_its_column_or_is_refused(length, is_fine):
    text = "x" * length
    if is_fine:
        assert read_text(40)(text) == text
    else:
        assert problem_of(read_text(40), text) is CellProblem.TOO_LONG


def test_a_text_is_on_one_line_with_single_spaces():
    assert read_text(40)(" Rosa\u00a0 Díaz\r\nMora\x00 ") == "Rosa Díaz Mora"


# Kinds and currencies


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("Física", ClientKind.PERSON),
        ("PERSONA FISICA", ClientKind.PERSON),
        ("Moral", ClientKind.FIRM),
        ("negocio", ClientKind.FIRM),
    ],
)
def test_persons_and_firms_are_told_apart(cell, kind):
    assert read_kind(cell) is kind


def test_another_kind_of_client_is_refused():
    assert problem_of(read_kind, "gobierno") is CellProblem.UNKNOWN_KIND


@pytest.mark.parametrize(
    ("cell", "currency"), [("mxn", "MXN"), ("Pesos", "CLP"), ("M.N.", "CLP"), ("Dólares", "USD")]
)
def test_plain_pesos_are_those_of_the_country(cell, currency):
    assert read_currency("CLP")(cell) == currency


def test_an_unknown_currency_is_refused():
    assert problem_of(read_currency("MXN"), "XYZ") is CellProblem.UNKNOWN_CURRENCY


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("Casa", VisitPlaceKind.HOME),
        ("TRABAJO", VisitPlaceKind.WORKPLACE),
        ("negocio", VisitPlaceKind.BUSINESS),
        ("Otro lugar", VisitPlaceKind.OTHER),
    ],
)
def test_kinds_of_places_are_told_apart(cell, kind):
    assert read_place_kind(cell) is kind


@pytest.mark.parametrize(
    ("cell", "origin"),
    [
        ("Cliente", AddressOrigin.CLIENT),
        ("CONTRATO", AddressOrigin.CONTRACT),
        ("encontrado", AddressOrigin.FOUND),
        ("Se encontró por otros medios", AddressOrigin.FOUND),
    ],
)
def test_who_told_an_address_is_read(cell, origin):
    assert read_place_origin(cell) is origin


def test_another_origin_is_refused():
    assert problem_of(read_place_origin, "vecino") is CellProblem.UNKNOWN_ORIGIN


def test_another_kind_of_place_is_refused():
    assert problem_of(read_place_kind, "cárcel") is CellProblem.UNKNOWN_PLACE


@pytest.mark.parametrize(("cell", "is_so"), [("Sí", True), ("SI", True), ("No", False), (0, False)])
def test_yes_and_no_are_told_apart(cell, is_so):
    assert read_yes_or_no(cell) is is_so


def test_neither_yes_nor_no_is_refused():
    assert problem_of(read_yes_or_no, "quizás") is CellProblem.NO_YES_OR_NO
