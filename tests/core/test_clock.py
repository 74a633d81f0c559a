"""Local days and hours, also when the clocks change."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from collector_app.core import clock

MEXICO = ZoneInfo("America/Mexico_City")
SANTIAGO = ZoneInfo("America/Santiago")  # clocks change in April and September
TIJUANA = ZoneInfo("America/Tijuana")  # clocks change with California


def test_late_in_the_evening_it_is_still_today_in_mexico():
    with clock.frozen(datetime(2026, 3, 11, 5, 59, tzinfo=UTC)):
        assert clock.today(MEXICO) == date(2026, 3, 10)


def test_at_midnight_in_mexico_the_day_has_changed():
    with clock.frozen(datetime(2026, 3, 11, 6, 0, tzinfo=UTC)):
        assert clock.today(MEXICO) == date(2026, 3, 11)


def test_nine_o_clock_stays_nine_o_clock_on_the_day_the_clocks_change():
    changed = date(2026, 3, 8)  # Tijuana jumps from 2:00 to 3:00

    assert clock.at_second(changed, 9 * 3600, TIJUANA) == datetime(2026, 3, 8, 16, tzinfo=UTC)
    assert clock.at_second(date(2026, 3, 7), 9 * 3600, TIJUANA) == datetime(
        2026, 3, 7, 17, tzinfo=UTC
    )


def test_a_day_on_which_the_clocks_change_lasts_23_hours():
    start, end = clock.local_day(date(2026, 3, 8), TIJUANA)

    assert (end - start).total_seconds() == 23 * 3600


def test_the_clock_runs_again_after_it_was_stopped():
    with clock.frozen(datetime(2020, 1, 1, tzinfo=UTC)):
        pass

    assert clock.now().year > 2020


@given(
    st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)),
    st.integers(min_value=6 * 3600, max_value=23 * 3600),
    st.sampled_from([MEXICO, SANTIAGO, TIJUANA]),
)
def test_the_second_of_the_day_comes_back_from_its_instant(day, second_s, zone):
    assert clock.second_of_day(clock.at_second(day, second_s, zone), zone) == second_s
