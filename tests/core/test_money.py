"""Money is exact, however people write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.core.money import Cents, parse_pesos, split_evenly

amounts = st.integers(min_value=0, max_value=10**12)


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("$1,234.50", 123_450),
        ("1.234,50", 123_450),
        ("1234.5", 123_450),
        ("1 234", 123_400),
        ("1,234", 123_400),
        ("1.234", 123_400),
        ("12,5", 1_250),
        ("0.05", 5),
        ("(50)", -5_000),
        ("-$12.00", -1_200),
        ("1'234'567.89 MXN", 123_456_789),
        ("1.234.567,8", 123_456_780),
        ("1,234.50-", -123_450),  # SAP
        ("\u2212 5", -500),  # the true minus sign
        ("(1,234.50)", -123_450),
        ("1234.5000", 123_450),  # DECIMAL(18, 4)
        ("0.500", 50),  # no thousands begin with a zero
        ("1,234.500", 123_450),
        (".5", 50),
        ("$\u00a01\u00a0234,50", 123_450),
        ("12 pesos", 1_200),
        ("M.N. 12", 1_200),
    ],
)
def test_an_amount_is_read_as_people_write_it(written, cents):
    assert parse_pesos(written) == cents


@pytest.mark.parametrize(
    "written",
    [
        *("", "abc", "1,23,4", "1.2.3", "12.345,678", "1e5", "1,2345", "$", "1.234.5678"),
        *("0.123", "12 34", "1 2345", "1,234.567", "1,234,50", "1.234 567", "--5", "-5-", "(-5)"),
        *("US$ 5", "5%", "1.", "٣", "-", "()", "1\n2"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_text(written):
    with pytest.raises(ValueError, match="expected an amount"):
        parse_pesos(written)


@given(amounts)
def test_both_ways_of_grouping_give_the_same_cents(cents):
    mexican = f"{cents // 100:,}.{cents % 100:02d}"
    chilean = mexican.translate(str.maketrans(",.", ".,"))

    assert parse_pesos(mexican) == cents
    assert parse_pesos(chilean) == cents


@given(st.text(alphabet="0123456789.,'- ()$", max_size=14))
def test_whatever_has_separators_is_read_exactly_or_refused(written):
    digits = "".join(sign for sign in written if sign.isdigit())
    try:
        cents = parse_pesos(written)
    except ValueError:
        return

    # No digit may appear or vanish: only the zeros that pad or follow the decimals.
    assert str(abs(cents)).strip("0") == digits.strip("0")


@given(amounts, st.integers(min_value=1, max_value=60))
def test_the_parts_add_up_to_the_total_and_differ_by_a_cent_at_most(total, parts):
    shares = split_evenly(Cents(total), parts)

    assert sum(shares) == total
    assert len(shares) == parts
    assert max(shares) - min(shares) <= 1


def test_nothing_can_be_split_into_no_parts():
    with pytest.raises(ValueError, match="at least one part"):
        split_evenly(Cents(100), 0)
