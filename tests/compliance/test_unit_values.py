"""What a unit of a penalty is worth: just before and from the day on which it changes."""

from datetime import date

import pytest

from collector_app.compliance.profile_files import InvalidProfile, law_profiles
from collector_app.compliance.rules import PenaltyRule, penalties
from collector_app.compliance.unit_values import read_unit_values, value_on
from collector_app.violations.rules import Exposure

GOOD = """
UMA:
  currency: MXN
  values:
    - {from_on: 2026-02-01, cents: 11731, source: INEGI, read_on: 2026-11-28, confidence: high}
"""


@pytest.mark.parametrize(
    ("day", "cents"),
    [
        (date(2025, 1, 31), None),
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


def test_exposure_in_money_is_that_of_each_fault_by_its_law():
    fine = next(
        rule for rule in penalties(law_profiles()["mx_financial_strict"]) if rule.unit == "UMA"
    )

    found = Exposure(fine, 3, value_on("UMA", date(2026, 11, 28)))

    assert found.least_cents == 3 * 200 * 117_31
    assert found.most_cents == 3 * 2_000 * 117_31
    assert Exposure(fine, 3).most_cents is None


def test_each_unit_that_a_law_of_mexico_names_has_a_value():
    units = {
        rule.unit
        for name, profile in law_profiles().items()
        if name.startswith("mx_")
        for rule in profile.rules
        if isinstance(rule, PenaltyRule)
    }

    assert all(value_on(unit, date(2026, 11, 28)) for unit in units)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("cents: 0", "cents: 11731"),
        ("cents: many", "cents: 11731"),
        ("confidence: sure", "confidence: high"),
        ("unknown: 1, source: INEGI", "source: INEGI"),
        ("values: []\n  other:", "values:"),
    ],
)
def test_a_faulty_file_is_refused(wrong, right):
    assert read_unit_values(GOOD.encode())

    with pytest.raises(InvalidProfile):
        read_unit_values(GOOD.replace(right, wrong).encode())
