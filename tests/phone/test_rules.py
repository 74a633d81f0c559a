import re
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.phone.rules import (
    PromiseDay,
    google_maps_url,
    main_reason,
    next_payday,
    promise_days,
    waze_url,
)
from collector_app.planning.rules import Vehicle
from collector_app.visits.rules import Field, PersonMet

STYLES = Path(__file__).parents[2] / "static" / "phone" / "record.css"


@pytest.mark.parametrize(
    ("today", "payday"),
    [
        (date(2026, 3, 1), date(2026, 3, 15)),
        (date(2026, 3, 15), date(2026, 3, 15)),
        (date(2026, 3, 16), date(2026, 3, 31)),
        (date(2026, 3, 31), date(2026, 3, 31)),
        (date(2028, 2, 20), date(2028, 2, 29)),
    ],
)
def test_payday_is_the_fifteenth_or_the_last_of_the_month(today, payday):
    assert next_payday(today) == payday


def test_on_a_tuesday_four_days_are_offered():
    assert promise_days(date(2026, 3, 10)) == {
        PromiseDay.TODAY: date(2026, 3, 10),
        PromiseDay.TOMORROW: date(2026, 3, 11),
        PromiseDay.FRIDAY: date(2026, 3, 13),
        PromiseDay.PAYDAY: date(2026, 3, 15),
    }


def test_on_a_thursday_friday_is_called_tomorrow():
    assert PromiseDay.FRIDAY not in promise_days(date(2026, 3, 12))


def test_on_a_friday_that_is_payday_neither_name_is_needed():
    assert list(promise_days(date(2026, 5, 15))) == [PromiseDay.TODAY, PromiseDay.TOMORROW]


@given(st.dates(date(2020, 1, 1), date(2099, 12, 1)))
def test_days_are_offered_in_order_none_twice_and_none_that_has_passed(today):
    days = list(promise_days(today).values())

    assert days == sorted(set(days))
    assert all(0 <= (day - today).days <= 16 for day in days)


def test_the_way_goes_to_the_position_latitude_first():
    url = google_maps_url(-29.9027, -71.2519, "Calle 1", Vehicle.MOTORCYCLE)

    assert parse_qs(urlsplit(url).query) == {
        "api": ["1"],
        "destination": ["-29.902700,-71.251900"],
        "travelmode": ["driving"],
    }


def test_who_walks_is_shown_a_way_on_foot():
    assert "travelmode=walking" in google_maps_url(0, 0, "", Vehicle.FOOT)


def test_without_a_position_the_way_goes_to_the_address():
    url = google_maps_url(None, None, "Av. 5 & Sol #3", Vehicle.CAR)

    assert parse_qs(urlsplit(url).query)["destination"] == ["Av. 5 & Sol #3"]


def test_waze_gets_the_position_and_starts_to_navigate():
    assert (
        waze_url(-29.9027, -71.2519) == "https://waze.com/ul?ll=-29.902700,-71.251900&navigate=yes"
    )


def test_a_card_says_why_beyond_the_debt_that_it_shows_anyway():
    debt, promise = {"code": "debt"}, {"code": "promise_late"}

    assert main_reason([debt, promise]) == [promise]
    assert main_reason([debt]) == [debt]
    assert main_reason([]) == []


def test_the_styles_show_outcomes_for_everybody_who_can_be_met():
    styles = STYLES.read_text()

    shown = re.findall(r'\[value="(\w+)"\]:checked\) \[data-met~="\1"\]', styles)

    assert sorted(shown) == sorted(PersonMet)


def test_the_styles_show_every_group_of_fields():
    styles = STYLES.read_text()

    shown = re.findall(r'\[data-field~="(\w+)"\]:checked\) \[data-group="\1"\]', styles)

    assert {*shown, "note"} == set(Field)
