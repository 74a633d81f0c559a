"""Absences: who is away on which day, that plans do without them, and that nothing is deleted."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from collector_app.absences import services
from collector_app.absences.models import Absence
from collector_app.absences.queries import absences_from, absent_on
from collector_app.absences.rules import AbsenceKind, AbsenceOverlaps, WrongAbsence
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.planning.problem_builder import build_day
from collector_app.planning.queries import day_rows, workdays, workdays_on
from collector_app.planning.reasons import skip_sentences
from collector_app.planning.rules import NoWorkdays, PlanPolicy, SkipCause
from collector_app.planning.services import request_plan
from tests.factories import make_client, make_user
from tests.planning.factories import TUESDAY, ZONE, make_workday, make_zone

SYSTEM = Actor.system("test")
WEDNESDAY = TUESDAY + timedelta(days=1)
FRIDAY = TUESDAY + timedelta(days=3)


@pytest.fixture
def rosa(session):
    collector = make_user(session, full_name="Rosa Vega")
    make_workday(session, collector)
    return collector


def away(session, collector, from_on: date, to_on: date) -> Absence:
    kind = AbsenceKind.VACATION
    absence = services.record_absence(session, SYSTEM, collector.id, kind, from_on, to_on)
    session.flush()
    return absence


@pytest.mark.parametrize(
    ("day", "is_absent"),
    [(TUESDAY, False), (WEDNESDAY, True), (FRIDAY, True), (FRIDAY + timedelta(days=1), False)],
)
def test_both_days_are_inclusive(session, rosa, day, is_absent):
    away(session, rosa, WEDNESDAY, FRIDAY)

    assert (rosa.id in absent_on(session, day)) is is_absent
    assert ([one.collector_id for one in workdays_on(session, day)] == []) is is_absent
    assert len(workdays(session)) == 1


def test_a_cancelled_absence_stays_in_the_table_and_no_longer_counts(session, rosa):
    absence = away(session, rosa, WEDNESDAY, FRIDAY)

    services.cancel_absence(session, SYSTEM, absence.id)
    session.flush()

    assert absent_on(session, WEDNESDAY) == {}
    assert session.scalars(select(Absence.cancelled_at)).one() is not None


def test_nobody_is_absent_twice_on_one_day(session, rosa):
    first = away(session, rosa, WEDNESDAY, FRIDAY)
    with pytest.raises(AbsenceOverlaps):
        away(session, rosa, FRIDAY, FRIDAY + timedelta(days=4))

    services.cancel_absence(session, SYSTEM, first.id)
    session.flush()
    away(session, rosa, FRIDAY, FRIDAY + timedelta(days=4))

    assert [one.from_on for one in absences_from(session, TUESDAY)] == [FRIDAY]


@pytest.mark.parametrize("to_on", [TUESDAY, WEDNESDAY + timedelta(days=366)])
def test_days_in_the_wrong_order_or_too_many_are_refused(session, rosa, to_on):
    with pytest.raises(WrongAbsence):
        away(session, rosa, WEDNESDAY, to_on)


def test_only_collectors_are_absent(session):
    with pytest.raises(NotFound):
        away(session, make_user(session, role=Role.DISPATCHER), TUESDAY, TUESDAY)


def test_a_plan_does_without_who_is_absent_and_says_why_of_each_client(session, rosa):
    client = make_client(session)
    make_zone(session, rosa, [client])
    make_workday(session, make_user(session))
    away(session, rosa, WEDNESDAY, WEDNESDAY)

    built = build_day(day_rows(session, WEDNESDAY, ZONE, PlanPolicy()), PlanPolicy())

    (skipped,) = built.skipped
    assert (skipped.client_id, skipped.cause) == (client.id, SkipCause.NO_COLLECTOR)
    assert skip_sentences(skipped.cause, skipped.facts) == [
        "Su gestor está ausente ese día: vacaciones"
    ]
    assert [shift.id for shift in built.problem.shifts] != [str(rosa.id)]


def test_a_plan_of_a_day_on_which_nobody_works_is_refused_at_once(session, rosa):
    away(session, rosa, WEDNESDAY, WEDNESDAY)

    with pytest.raises(NoWorkdays):
        request_plan(session, SYSTEM, WEDNESDAY, today=TUESDAY, seconds=5, seed=1)


def test_the_page_tells_an_absence_and_cancels_it(session, rosa, client_as):
    client = client_as(Role.DISPATCHER)
    told = {
        "collector_id": rosa.id,
        "kind": "sickness",
        "from_on": TUESDAY.isoformat(),
        "to_on": FRIDAY.isoformat(),
        "note": "Reposo",
    }

    assert client.post("/ausencias", data=told).status_code == 303

    page = client.get("/ausencias").text
    assert "Reposo" in page
    assert "Enfermedad" in client.get("/planes/jornadas").text
    assert client.post("/ausencias", data=told).status_code == 422
    (absence_id,) = session.scalars(select(Absence.id))
    client.post(f"/ausencias/{absence_id}/cancelar")
    assert "Reposo" not in client.get("/ausencias").text


def test_a_form_without_days_is_asked_for_them(session, rosa, client_as):
    answer = client_as(Role.SUPERVISOR).post("/ausencias", data={"collector_id": rosa.id})

    assert answer.status_code == 422
    assert "Elige el primer día." in answer.text
