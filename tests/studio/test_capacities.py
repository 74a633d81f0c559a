from datetime import date, timedelta

import pytest

from collector_app.absences.rules import AbsenceKind
from collector_app.absences.services import record_absence
from collector_app.core.actor import Actor
from collector_app.studio.queries import strengths
from collector_app.studio.rules import month_hours
from collector_app.zones.capacities import relative
from tests.factories import make_user
from tests.planning.factories import HOUR_S, make_workday

TUESDAY = date(2026, 3, 10)
MONTH = 365.25 / 12 / 28  # of four weeks


def hours_of(session, collector) -> float:
    return strengths(session, TUESDAY)[collector.id].month_h


def test_only_hours_within_the_law_count():
    open_on = [[(7 * HOUR_S, 13 * HOUR_S), (16 * HOUR_S, 22 * HOUR_S)], []]

    # 9 to 13 and 16 to 18 of the first day, nothing of the second.
    assert month_hours((9 * HOUR_S, 18 * HOUR_S), open_on) == pytest.approx(6 * MONTH)


def test_capacities_stand_beside_their_average_and_unknown_ones_are_average():
    assert relative([80.0, 240.0, None]) == [0.5, 1.5, 1.0]
    assert relative([None, None]) == [1.0, 1.0]
    assert relative([0.0, 100.0])[0] > 0


def test_fewer_hours_and_fewer_weekdays_are_less_to_take(session):
    whole, half, mondays = (make_user(session) for _ in range(3))
    make_workday(session, whole)
    make_workday(session, half, ends_s=13 * HOUR_S)
    make_workday(session, mondays, weekdays="1000000")

    assert hours_of(session, half) == pytest.approx(hours_of(session, whole) / 2)
    # Four Mondays, of which the 16th of March is a day of rest by law: Benito Juárez.
    assert hours_of(session, mondays) == pytest.approx(3 * 8 * MONTH)


def test_who_is_absent_for_a_week_takes_a_quarter_less(session):
    rosa, luis = make_user(session), make_user(session)
    for one in (rosa, luis):
        make_workday(session, one, weekdays="0111100")
    system, until = Actor.system("tests"), TUESDAY + timedelta(days=6)
    record_absence(session, system, rosa.id, AbsenceKind.VACATION, TUESDAY, until)

    assert hours_of(session, rosa) == pytest.approx(hours_of(session, luis) * 3 / 4)


def test_who_is_absent_all_along_counts_as_usual_and_is_told(session):
    rosa = make_user(session)
    make_workday(session, rosa)
    usual = hours_of(session, rosa)
    system, until = Actor.system("tests"), TUESDAY + timedelta(days=60)
    record_absence(session, system, rosa.id, AbsenceKind.SICKNESS, TUESDAY, until)

    found = strengths(session, TUESDAY)[rosa.id]

    assert found.is_away
    assert found.month_h == pytest.approx(usual)


def test_collectors_without_working_hours_are_unknown(session):
    rosa = make_user(session)

    assert rosa.id not in strengths(session, TUESDAY)
