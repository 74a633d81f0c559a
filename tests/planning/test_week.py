"""Seven days of plans at a glance."""

from datetime import date, timedelta

from collector_app.absences.rules import AbsenceKind
from collector_app.absences.services import record_absence
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.planning.queries import route_heads, routes_of_plan, week_of_plans
from tests.factories import make_client, make_user, owes_in
from tests.live.factories import publish_route
from tests.planning.factories import make_workday

TODAY = date(2026, 3, 10)  # a Tuesday
BOUNDS = {"made_cents": 90, "upper_cents": 100}


def test_each_day_shows_the_published_plan_else_the_newest(session):
    ana = make_user(session)
    publish_route(session, ana, [make_client(session)], TODAY)
    publish_route(
        session,
        ana,
        [make_client(session)],
        TODAY,
        published_at=None,
        created_at=clock.now() + timedelta(hours=1),
    )
    draft = publish_route(
        session, ana, [make_client(session)], TODAY + timedelta(days=1), published_at=None
    )[0].route.plan

    week = week_of_plans(session, TODAY)

    assert [one.day for one in week.days] == [TODAY + timedelta(days=n) for n in range(7)]
    assert week.days[0].plan.is_published
    assert week.days[1].plan.id == draft.id
    assert week.days[2].plan is None


def test_a_collectors_day_tells_stops_hours_kilometres_money_and_what_was_proved(session):
    ana = make_user(session)
    clients = [make_client(session), make_client(session)]
    publish_route(session, ana, clients, TODAY, parameters={"bounds": {str(ana.id): BOUNDS}})

    (day, *_rest) = week_of_plans(session, TODAY).days

    shift = day.shifts[ana.id]
    assert (shift.stops, shift.travel_m, shift.expected) == (2, 20_000, {"MXN": 20_000})
    assert (shift.leaves_s, day.hours_s) == (9 * 3600, 8 * 3600)
    assert round(shift.below) == round(day.nearness.whole) == 10


def test_money_of_two_currencies_is_not_added_up(session):
    ana = make_user(session)
    peso, sol = make_client(session), make_client(session)
    owes_in(session, sol, "PEN")
    publish_route(session, ana, [peso, sol], TODAY)

    (day, *_rest) = week_of_plans(session, TODAY).days

    each = {"MXN": 10_000, "PEN": 10_000}
    assert day.plan.expected == day.shifts[ana.id].expected == each
    assert [one.expected for one in route_heads(session, day.plan.id)] == [each]
    assert [one.expected for one in routes_of_plan(session, day.plan.id)] == [each]


def test_who_is_absent_and_days_without_visits_are_told(session):
    ana = make_user(session, full_name="Ana")
    make_workday(session, ana)
    record_absence(session, Actor.system("tests"), ana.id, AbsenceKind.VACATION, TODAY, TODAY)
    session.flush()

    week = week_of_plans(session, TODAY)

    assert week.collectors == ((ana.id, "Ana"),)
    assert ana.id in week.days[0].absent
    assert [one.is_open for one in week.days][:2] == [True, True]
    assert not week.days[5].is_open  # Sunday


def test_the_page_shows_plans_and_collectors(client_as, session):
    ana = make_user(session, full_name="Ana Mena")
    publish_route(session, ana, [make_client(session)], TODAY)

    page = client_as(Role.SUPERVISOR).get("/planes/semana").text
    assert "«No se visita» va por la ley de la casa" in page

    assert "Ana Mena" in page
    assert "1 parada" in page
    assert "No se visita" in page
