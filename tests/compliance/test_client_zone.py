"""Legal hours on the clock of where the client lives: border cities, clocks that change, edges."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.compliance.profile_files import law_profile
from collector_app.compliance.rules import (
    ContactFacts,
    HourWindow,
    Touch,
    client_zone,
    decide,
    fact_blocks,
    turning_points_s,
)
from collector_app.core import clock

MEXICO = ZoneInfo("America/Mexico_City")
TIJUANA = ZoneInfo("America/Tijuana")
CANCUN = ZoneInfo("America/Cancun")
HOUR_S = 3600
DAY_S = 24 * HOUR_S
TUESDAY = date(2026, 11, 24)
NOVEMBER = law_profile("mx_financial_strict", TUESDAY)
ZONES = [
    ZoneInfo(f"America/{name}")
    for name in ("Tijuana", "Hermosillo", "Ciudad_Juarez", "Mexico_City", "Cancun", "Matamoros")
]


@pytest.mark.parametrize(
    ("lat", "lon", "name"),
    [
        (32.5149, -117.0382, "Tijuana"),
        (31.6904, -106.4245, "Ciudad_Juarez"),
        (31.7480, -106.4870, "Ciudad_Juarez"),  # downtown, beside the bridges to El Paso
        (27.4970, -99.5070, "Matamoros"),  # Nuevo Laredo, beside the bridges to Laredo
        (29.0729, -110.9559, "Hermosillo"),
        (21.1619, -86.8515, "Cancun"),
        (20.8010, -105.2440, "Bahia_Banderas"),  # Nayarit, across the river from Puerto Vallarta
        (20.6534, -105.2253, "Mexico_City"),
        (19.4326, -99.1332, "Mexico_City"),
    ],
)
def test_each_city_has_its_own_clock(lat, lon, name):
    assert client_zone(lat, lon, MEXICO).key == f"America/{name}"


@pytest.mark.parametrize(("lat", "lon"), [(-29.9027, -71.2519), (31.9, -106.3), (0.0, 0.0)])
def test_a_pin_abroad_keeps_the_clock_of_the_company(lat, lon):
    assert client_zone(lat, lon, MEXICO) == MEXICO


def test_the_newest_zone_of_chile_is_known():
    assert client_zone(-45.5712, -72.0685, ZoneInfo("America/Santiago")).key == "America/Coyhaique"


@pytest.mark.parametrize(
    ("zone", "day", "opens", "closes"),
    [
        (TIJUANA, date(2026, 1, 13), 9, 24),  # two hours behind, and 22:00 there is midnight here
        (TIJUANA, date(2026, 7, 14), 8, 23),  # its clocks change with California's, ours do not
        (TIJUANA, date(2026, 10, 30), 8, 23),  # the last working day of its summer
        (TIJUANA, date(2026, 11, 3), 9, 24),
        (CANCUN, date(2026, 1, 13), 6, 21),
        (CANCUN, date(2026, 7, 14), 6, 21),
    ],
)
def test_seven_to_ten_at_night_is_that_of_the_client(zone, day, opens, closes):
    facts = ContactFacts(zone, asked_in=MEXICO)

    decision = decide(NOVEMBER, facts, day)

    assert decision.windows == (HourWindow(opens * HOUR_S, closes * HOUR_S),)


@pytest.mark.parametrize(
    ("second_s", "allowed"),
    [(9 * HOUR_S - 1, False), (9 * HOUR_S, True), (23 * HOUR_S, True)],
)
def test_a_moment_is_judged_by_the_clock_on_the_wall_of_the_client(second_s, allowed):
    facts = ContactFacts(TIJUANA, asked_in=MEXICO)

    decision = decide(NOVEMBER, facts, TUESDAY, second_s)

    assert decision.allowed is allowed
    assert bool(decision.blocks) is not allowed


def test_a_day_that_rests_there_does_not_open_because_it_does_not_rest_here():
    saturday = date(2026, 11, 28)
    facts = ContactFacts(TIJUANA, asked_in=MEXICO)

    decision = decide(NOVEMBER, facts, saturday)

    assert decision.windows == ()
    assert not decision.allowed
    assert [one.sentence for one in decision.blocks] == ["weekday"]


def test_what_was_done_is_judged_on_the_same_clock():
    facts = ContactFacts(TIJUANA, asked_in=MEXICO)
    early = datetime(2026, 11, 24, 14, 59, tzinfo=UTC)  # 8:59 in Mexico City, 6:59 in Tijuana

    def blocks(at: datetime) -> tuple:
        return fact_blocks(NOVEMBER, facts, at, "holder", talked=False)

    assert blocks(early)
    assert not blocks(early + timedelta(minutes=1))


@st.composite
def clients(draw) -> ContactFacts:
    """A client on some clock, asked on another, contacted a few times in the days before."""
    touched = draw(st.lists(st.integers(0, 14 * 24), max_size=4))
    at = datetime(2026, 11, 24, tzinfo=UTC)
    history = tuple(Touch(at - timedelta(hours=one), is_contact=True) for one in touched)
    return ContactFacts(
        draw(st.sampled_from(ZONES)), history=history, asked_in=draw(st.sampled_from(ZONES))
    )


PROFILES = ["mx_financial_strict", "mx_financial_literal", "cl", "co", "pe", "ec"]


@given(
    facts=clients(),
    name=st.sampled_from(PROFILES),
    # Around both changes of clocks of 2026 in California and in Chile, and the end of the year.
    day=st.dates(date(2026, 3, 1), date(2027, 1, 10)),
    minute=st.integers(4 * 60, 24 * 60 - 1),
)
def test_both_clocks_give_one_answer_for_one_instant(facts, name, day, minute):
    profile = law_profile(name, day)
    company = facts.asked_in
    at = clock.at_second(day, minute * 60, company)
    there = ContactFacts(facts.zone, history=facts.history)

    asked_here = decide(profile, facts, day, minute * 60)
    asked_there = decide(
        profile, there, at.astimezone(facts.zone).date(), clock.second_of_day(at, facts.zone)
    )

    assert asked_here.blocks == asked_there.blocks
    is_open = any(one.start_s <= minute * 60 <= one.end_s for one in asked_here.windows)
    assert is_open is asked_there.allowed


@given(facts=clients(), name=st.sampled_from(PROFILES), day=st.dates(TUESDAY, date(2027, 1, 10)))
def test_between_two_turning_points_nothing_changes(facts, name, day):
    profile = law_profile(name, day)
    points = turning_points_s(profile, facts, day)

    assert points[0] == 0
    assert points[-1] == DAY_S
    for start_s, end_s in pairwise(points):
        first = decide(profile, facts, day, start_s)
        last = decide(profile, facts, day, end_s - 1)
        assert first.blocks == last.blocks
