"""Phones become E.164, or it is said why not."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.exchange.rules import CellProblem
from collector_app.exchange.sheets.cells import BadCell
from collector_app.exchange.sheets.phones import e164, read_phone

read_mexican = read_phone("MX")


@pytest.mark.parametrize(
    "written",
    [
        "5512345678",
        5512345678.0,
        5512345678,
        "55 1234 5678",
        "(55) 1234-5678",
        "55-12-34-56-78",
        "044 55 1234 5678",
        "01 55 1234 5678",
        "+52 1 55 1234 5678",
        "5215512345678",
        "+525512345678",
        "Tel. 5512345678",
        "5512345678 ext. 12",
        "5.512345678E+09",
        "5,512345678E+09",
    ],
)
def test_a_mexican_number_is_read_however_it_is_written(written):
    assert read_mexican(written).number == "+525512345678"


def test_the_country_decides_what_a_number_without_one_is():
    assert read_phone("CL")("9 8765 4321").number == "+56987654321"


@pytest.mark.parametrize("written", ["5.51235E+09", "5.5E+09", "5.512346E9", "5,51235E+09"])
def test_digits_lost_to_scientific_notation_are_said_to_be_lost(written):
    with pytest.raises(BadCell) as bad:
        read_mexican(written)

    assert bad.value.problem is CellProblem.PHONE_DIGITS_LOST


@pytest.mark.parametrize("written", ["123", "55123456789", "casa", 12.5, 1e20, True, "0000000000"])
def test_what_is_no_number_is_refused(written):
    with pytest.raises(BadCell) as bad:
        read_mexican(written)

    assert bad.value.problem is CellProblem.NO_PHONE


@pytest.mark.parametrize(
    ("written", "had_others"),
    [
        ("5512345678 / 5587654321", True),
        ("5512345678 y 5587654321", True),
        ("casa 123; 5512345678", False),
        ("5512345678, 55 1234 5678", False),
    ],
)
def test_of_several_numbers_the_first_that_exists_is_taken(written, had_others):
    phone = read_mexican(written)

    assert phone.number == "+525512345678"
    assert phone.had_others is had_others


@given(st.integers(10_000_000, 99_999_999))
def test_a_number_that_exists_is_read_back_from_how_it_is_shown(local):
    number = phonenumbers.parse(f"55{local}", "MX")
    exists = phonenumbers.is_valid_number(number)
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)

    assert e164(shown, "MX") == (f"+5255{local}" if exists else None)
