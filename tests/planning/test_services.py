"""Plans as people handle them: asked for, stored once, published one at a time, withdrawn."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from collector_app.audit.models import AuditEntry
from collector_app.audit.rules import SEALED
from collector_app.compliance.services import ban_contact
from collector_app.core import clock, jobs
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.core.jobs import JobState
from collector_app.planning import queries, services
from collector_app.planning.models import Plan
from collector_app.planning.rules import DayIsPast, NoWorkdays, OutsideTheLaw, Vehicle
from collector_app.planning.services import PlanDayOutOfRange, WrongWorkday
from collector_app.visits.models import Visit
from collector_app.visits.rules import Outcome, PersonMet
from tests.factories import actor_of, make_client, make_user
from tests.planning.factories import (
    HOUR_S,
    TUESDAY,
    ZONE,
    hour,
    make_workday,
    new_plan,
    workday_row,
)

SYSTEM = Actor.system("test")


@pytest.fixture
def dispatcher(session):
    return actor_of(make_user(session, Role.DISPATCHER))


@pytest.fixture
def collector(session):
    return make_user(session)


def store(session, collector, *clients, **values) -> int:
    return services.store_plan(session, SYSTEM, new_plan(collector, clients, **values))


def publish(session, actor, plan_id, today=TUESDAY):
    return services.publish(session, actor, plan_id, today=today, zone=ZONE)


def ask(session, actor, day=TUESDAY):
    return services.request_plan(session, actor, day, today=TUESDAY, seconds=5, seed=1)


def test_who_does_not_work_that_weekday_is_in_no_plan(session, collector):
    weekend = make_user(session)
    make_workday(session, collector, weekdays="1111100")
    make_workday(session, weekend, weekdays="0000011")

    working = [one.collector_id for one in queries.workdays_on(session, TUESDAY)]
    at_the_weekend = queries.workdays_on(session, TUESDAY + timedelta(days=4))

    assert working == [collector.id]
    assert [one.collector_id for one in at_the_weekend] == [weekend.id]


def test_a_plan_is_asked_for_as_a_job(session, dispatcher, collector):
    make_workday(session, collector)

    status = jobs.status(ask(session, dispatcher))

    assert (status.kind, status.state) == ("plan_day", JobState.QUEUED)
    assert status.started_by == dispatcher.user_id
    assert status.arguments["day"] == "2026-03-10"
    assert status.arguments["job_id"] == status.job_id


def test_a_plan_is_not_asked_for_without_working_hours(session, dispatcher):
    with pytest.raises(NoWorkdays):
        ask(session, dispatcher)


@pytest.mark.parametrize(("days", "is_allowed"), [(-1, False), (0, True), (60, True), (61, False)])
def test_plans_are_for_today_and_the_next_sixty_days(session, dispatcher, days, is_allowed):
    day = TUESDAY + timedelta(days=days)

    if is_allowed:
        services.check_day(dispatcher, day, TUESDAY)
    else:
        with pytest.raises(PlanDayOutOfRange):
            services.check_day(dispatcher, day, TUESDAY)


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.SUPERVISOR])
def test_others_do_not_plan(session, role):
    with pytest.raises(NotAllowed):
        ask(session, actor_of(make_user(session, role)))


def test_a_plan_is_stored_once_for_its_job(session, collector):
    new = new_plan(collector, [make_client(session)])

    first = services.store_plan(session, SYSTEM, new, "job-1")
    second = services.store_plan(session, SYSTEM, new, "job-1")

    assert first == second
    assert session.scalar(select(func.count()).select_from(Plan)) == 1


def test_phones_see_a_plan_only_once_it_is_published(session, dispatcher, collector):
    plan_id = store(session, collector, make_client(session), make_client(session))
    assert queries.route_of(session, collector.id, TUESDAY) is None

    publish(session, dispatcher, plan_id)

    route = queries.route_of(session, collector.id, TUESDAY)
    assert [stop.position for stop in route.stops] == [1, 2]
    assert queries.published_plan(session, TUESDAY).id == plan_id
    assert queries.route_of(session, collector.id, TUESDAY + timedelta(days=1)) is None


def test_a_newer_plan_takes_the_place_of_the_published_one(session, dispatcher, collector):
    client = make_client(session)
    old, new = store(session, collector, client), store(session, collector, client)
    publish(session, dispatcher, old)

    publish(session, dispatcher, new)

    assert queries.published_plan(session, TUESDAY).id == new
    assert queries.plan_row(session, old).withdrawn_at == clock.now()
    assert [row.is_published for row in queries.plans_of_day(session, TUESDAY)] == [True, False]


def test_the_plan_of_another_day_stays_published(session, dispatcher, collector):
    client, tomorrow = make_client(session), TUESDAY + timedelta(days=1)
    other = store(session, collector, client, day=tomorrow)
    publish(session, dispatcher, other)

    publish(session, dispatcher, store(session, collector, client))

    assert queries.published_plan(session, tomorrow).id == other


def test_publishing_twice_changes_nothing(session, dispatcher, collector):
    plan_id = store(session, collector, make_client(session))
    publish(session, dispatcher, plan_id)
    before = queries.plan_row(session, plan_id)

    publish(session, actor_of(make_user(session, Role.ADMIN)), plan_id)

    assert queries.plan_row(session, plan_id) == before


def test_a_withdrawn_plan_can_be_published_again(session, dispatcher, collector):
    plan_id = store(session, collector, make_client(session))
    publish(session, dispatcher, plan_id)

    services.withdraw(session, dispatcher, plan_id)
    assert queries.published_plan(session, TUESDAY) is None

    publish(session, dispatcher, plan_id)
    assert queries.published_plan(session, TUESDAY).id == plan_id


def test_a_plan_of_yesterday_is_not_published(session, dispatcher, collector):
    plan_id = store(session, collector, make_client(session))

    with pytest.raises(DayIsPast):
        publish(session, dispatcher, plan_id, today=TUESDAY + timedelta(days=1))


def test_a_plan_with_a_client_banned_meanwhile_is_not_published(session, dispatcher, collector):
    client = make_client(session)
    plan_id = store(session, collector, client, make_client(session))
    ban_contact(session, dispatcher, client.id, "queja", TUESDAY)

    with pytest.raises(OutsideTheLaw) as caught:
        publish(session, dispatcher, plan_id)

    assert caught.value.facts == {"count": 1, "total": 2}
    assert queries.published_plan(session, TUESDAY) is None


def test_a_supervisor_publishes_and_a_collector_does_not(session, collector):
    plan_id = store(session, collector, make_client(session))

    with pytest.raises(NotAllowed):
        publish(session, actor_of(collector), plan_id)
    publish(session, actor_of(make_user(session, Role.SUPERVISOR)), plan_id)

    assert queries.published_plan(session, TUESDAY).id == plan_id


def test_an_unknown_plan_is_not_found(session, dispatcher):
    with pytest.raises(NotFound):
        publish(session, dispatcher, 999_999)


def test_who_did_what_with_a_plan_is_written_down(session, dispatcher, collector):
    plan_id = store(session, collector, make_client(session))
    publish(session, dispatcher, plan_id)
    services.withdraw(session, dispatcher, plan_id)
    session.flush()

    session.commit()
    done = select(AuditEntry.event).where(AuditEntry.event != SEALED).order_by(AuditEntry.id)
    assert session.scalars(done).all() == ["plan.made", "plan.published", "plan.withdrawn"]


# -- the certificate of the law


def visit(session, client, collector, at, outcome=Outcome.NOT_HOME, person=PersonMet.NOBODY):
    session.add(
        Visit(
            uuid=f"{client.id}-{at.isoformat()}",
            client_id=client.id,
            collector_id=collector.id,
            started_at=at,
            ended_at=at,
            received_at=at,
            person_met=person,
            outcome=outcome,
        )
    )
    session.flush()


def breaches(session, plan_id) -> list[str]:
    checked = queries.legality(session, plan_id, ZONE)
    return [block.sentence for one in checked.breaches for block in one.blocks]


def test_a_lawful_plan_is_certified_stop_by_stop(session, collector):
    plan_id = store(session, collector, make_client(session), make_client(session))

    checked = queries.legality(session, plan_id, ZONE)

    assert (checked.stop_count, checked.breaches) == (2, ())
    assert checked.profile_id == "mx_financial_strict"


@pytest.mark.parametrize(
    ("first_s", "found"),
    [(7 * HOUR_S - 1, ["hours"]), (7 * HOUR_S, [])],
)
def test_a_stop_before_the_legal_hours_is_found(session, collector, first_s, found):
    plan_id = store(session, collector, make_client(session), first_s=first_s)

    assert breaches(session, plan_id) == found


@pytest.mark.parametrize(("ends_s", "found"), [(22 * HOUR_S, []), (22 * HOUR_S + 1, ["hours"])])
def test_a_visit_that_ends_after_the_legal_hours_is_found(session, collector, ends_s, found):
    plan_id = store(session, collector, make_client(session), first_s=ends_s - 600)

    assert breaches(session, plan_id) == found


def test_a_plan_on_a_holiday_is_found(session, collector):
    benito_juarez = TUESDAY + timedelta(days=6)

    plan_id = store(session, collector, make_client(session), day=benito_juarez)

    assert breaches(session, plan_id) == ["holiday"]


def test_a_third_visit_in_seven_days_is_found(session, collector):
    client = make_client(session)
    visit(session, client, collector, hour(TUESDAY - timedelta(days=6), 12))
    visit(session, client, collector, hour(TUESDAY - timedelta(days=3), 12))

    assert breaches(session, store(session, collector, client)) == ["cap_rolling_days_attempts"]


def test_the_visits_of_the_plan_itself_do_not_count_against_it(session, collector):
    client = make_client(session)
    plan_id = store(session, collector, client)
    later = clock.now() + timedelta(hours=1)
    visit(session, client, collector, later, Outcome.REFUSED, PersonMet.HOLDER)

    assert breaches(session, plan_id) == []


# -- working hours


def test_working_hours_are_set_and_changed(session, dispatcher, collector):
    services.set_workday(session, dispatcher, workday_row(collector.id))
    services.set_workday(
        session, dispatcher, workday_row(collector.id, vehicle=Vehicle.FOOT, max_stops=9)
    )

    (row,) = queries.workdays(session)
    assert (row.vehicle, row.max_stops, row.name) == (Vehicle.FOOT, 9, collector.full_name)


def test_working_hours_end_after_they_begin(session, dispatcher, collector):
    with pytest.raises(WrongWorkday):
        services.set_workday(session, dispatcher, workday_row(collector.id, ends_s=9 * HOUR_S))


def test_only_collectors_have_working_hours(session, dispatcher):
    with pytest.raises(NotFound):
        services.set_workday(session, dispatcher, workday_row(dispatcher.user_id))
