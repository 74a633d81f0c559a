"""What a unit of a penalty is worth: just before and from the day on which it changes."""

from datetime import date

import pytest

from collector_app.compliance.profile_files import InvalidProfile, law_profiles
from collector_app.compliance.rules import PenaltyRule
from collector_app.compliance.unit_values import read_unit_values, value_on
from collector_app.core import clock

GOOD = """
UMA:
  currency: MXN
  lasts_months: 12
  values:
    - {from_on: 2026-02-01, cents: 11731, source: INEGI, read_on: 2026-11-28, confidence: high}
"""


@pytest.mark.parametrize(
    ("day", "cents"),
    [
        (date(2023, 1, 31), None),
        (date(2023, 2, 1), 103_74),
        (date(2025, 1, 31), 108_57),
        (date(2025, 2, 1), 113_14),
        (date(2026, 1, 31), 113_14),
        (date(2026, 2, 1), 117_31),
        (date(2027, 1, 31), 117_31),
    ],
)
def test_a_value_holds_until_the_next_one_begins(day, cents):
    found = value_on("UMA", day)

    assert (found and found.cents) == cents


@pytest.mark.parametrize(
    ("day", "cents"),
    [
        (date(2024, 12, 31), None),
        (date(2025, 1, 1), 470_00),
        (date(2025, 12, 31), 470_00),
        (date(2026, 1, 1), 482_00),
    ],
)
def test_the_wage_of_ecuador_changes_with_the_year(day, cents):
    found = value_on("SBU", day)

    assert (found and (found.cents, found.currency)) == (cents and (cents, "USD"))


def test_what_nobody_wrote_down_has_no_value():
    assert value_on("días de prisión", date(2026, 11, 28)) is None


@pytest.mark.parametrize(
    ("day", "cents", "is_stale"),
    [
        (date(2023, 1, 1), 61_769_00, False),
        (date(2024, 12, 31), 67_294_00, False),
        (date(2025, 5, 31), 68_648_00, False),
        (date(2026, 2, 28), 69_611_00, False),
        (date(2026, 3, 1), 69_611_00, True),
    ],
)
def test_the_unit_of_chile_changes_with_the_month_and_says_when_it_is_old(day, cents, is_stale):
    found = value_on("UTM", day)

    assert (found.cents, day >= found.stale_from) == (cents, is_stale)


@pytest.mark.parametrize(
    ("day", "is_stale"), [(date(2027, 1, 31), False), (date(2027, 2, 1), True)]
)
def test_the_unit_of_mexico_is_old_after_a_year(day, is_stale):
    assert (day >= value_on("UMA", day).stale_from) == is_stale


def test_each_month_of_chile_has_one_value_until_the_last_that_is_known():
    months = [clock.months_after(date(2023, 1, 1), n) for n in range(38)]

    assert [value_on("UTM", one).from_on for one in months] == months


def test_each_unit_that_a_law_of_mexico_names_has_a_value():
    units = {
        rule.unit
        for name, profile in law_profiles().items()
        if name.startswith("mx_")
        for rule in profile.rules
        if isinstance(rule, PenaltyRule) and not rule.is_money
    }

    assert all(value_on(unit, date(2026, 11, 28)) for unit in units)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("cents: 0", "cents: 11731"),
        ("cents: many", "cents: 11731"),
        ("lasts_months: 0", "lasts_months: 12"),
        ("confidence: sure", "confidence: high"),
        ("unknown: 1, source: INEGI", "source: INEGI"),
        ("values: []\n  other:", "values:"),
    ],
)
def test_a_faulty_file_is_refused(wrong, right):
    assert read_unit_values(GOOD.encode())

    with pytest.raises(InvalidProfile):
        read_unit_values(GOOD.replace(right, wrong).encode())
