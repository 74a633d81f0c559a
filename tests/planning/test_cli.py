"""flask plan: the same plans from the command line, and what it says when there is none."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from collector_app.audit.queries import last_facts
from collector_app.audit.services import log
from collector_app.compliance.services import ban_contact
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.planning import queries, services
from collector_app.planning.models import Stop
from collector_app.planning.rules import CertificateState
from collector_app.portfolio.rules import AddressOrigin
from collector_app.portfolio.services import tell_visit_place
from tests.factories import make_client, make_user
from tests.planning.factories import TUESDAY, ZONE, make_workday, make_zone, new_plan
from tests.visits.factories import make_visit


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["plan", *words])


def test_a_day_is_planned_and_published_from_the_command_line(run, session):
    collector, client = make_user(session), make_client(session)
    make_workday(session, collector)
    make_zone(session, collector, [client])
    session.commit()

    answer = run("run", "--date", "2026-03-10", "--seconds", "1", "--publish")

    assert answer.exit_code == 0, answer.output
    assert "(publicado): gestores 1, paradas 1, fuera 0" in answer.output
    session.rollback()
    assert queries.route_of(session, collector.id, TUESDAY) is not None


def test_a_day_without_working_hours_ends_with_what_to_do(run, session):
    answer = run("run", "--date", "2026-03-10")

    assert answer.exit_code == 1
    assert "Ningún gestor tiene jornada" in answer.output


def test_a_past_day_is_refused(run, session):
    answer = run("run", "--date", "2026-03-09")

    assert answer.exit_code == 1
    assert "Elige hoy o uno de los próximos 60 días." in answer.output


def test_plans_are_listed_by_day(run, session):
    tomorrow = TUESDAY + timedelta(days=1)
    new = new_plan(make_user(session), [make_client(session)], day=tomorrow)
    services.store_plan(session, Actor.system("test"), new)
    session.commit()

    assert "No hay planes del 2026-03-10." in run("list").output
    listed = run("list", "--date", "2026-03-11").output
    assert "(borrador): gestores 1, paradas 1" in listed
    assert "se espera $310.00" in listed


def test_a_published_plan_carries_a_certificate_that_tells_when_its_stops_change(run, session):
    new = new_plan(make_user(session), [make_client(session)])
    plan_id = services.store_plan(session, Actor.system("test"), new)
    session.commit()
    assert run("certificate", str(plan_id)).exit_code == 1  # not published, nothing to certify
    services.publish(session, Actor.system("test"), plan_id, today=TUESDAY, zone=ZONE)
    session.commit()

    told = run("certificate", str(plan_id))
    assert told.exit_code == 0, told.output
    assert '"mx_financial_strict.hours"' in told.output
    assert '"breaches": 0' in told.output

    for column in (Stop.leaves_s, Stop.starts_s, Stop.arrives_s, Stop.position):
        session.execute(update(Stop).values({column: column + 1}))
        session.commit()
        differs = run("certificate", str(plan_id))
        assert (differs.exit_code, "stops_sha256" in differs.output) == (1, True), column
        assert "breaches (" not in differs.output  # only what differs, then and now
        assert re.search(r"stops_sha256 \([0-9a-f]{64} → [0-9a-f]{64}\)", differs.output)
        session.execute(update(Stop).values({column: column - 1}))
        session.commit()
        assert run("certificate", str(plan_id)).exit_code == 0
    assert run("certificate", "999").exit_code == 1


def published(session, client, at_hour=5) -> int:
    system = Actor.system("test")
    with clock.frozen(clock.at_second(TUESDAY, at_hour * 3600, ZONE)):
        plan_id = services.store_plan(session, system, new_plan(make_user(session), [client]))
        services.publish(session, system, plan_id, today=TUESDAY, zone=ZONE)
    session.commit()
    return plan_id


def test_a_ban_of_after_publishing_is_told_apart_from_a_plan_that_was_touched(run, session):
    client = make_client(session)
    plan_id = published(session, client)
    with clock.frozen(clock.at_second(TUESDAY, 6 * 3600, ZONE)):
        ban_contact(session, Actor.system("test"), client.id, "Queja en curso", TUESDAY)
    session.commit()

    told = run("certificate", str(plan_id))
    assert told.exit_code == 3
    assert "con lo que se sabía al publicarlo sigue en regla" in told.output
    assert f"cliente {client.external_id}: No se le debe contactar: Queja en curso" in told.output

    session.execute(update(Stop).values(leaves_s=Stop.leaves_s + 1))
    session.commit()
    assert run("certificate", str(plan_id)).exit_code == 1  # a touched plan is never excused


def test_a_law_that_was_corrected_since_is_named_and_accuses_nobody(run, session):
    plan_id = published(session, make_client(session))
    sealed = last_facts(session, services.PUBLISHED, f"plan:{plan_id}")["certificate"]

    found = queries.verify(session, plan_id, sealed | {"profile_version": "before"}, ZONE)

    assert found.state is CertificateState.CHANGED_SINCE
    assert list(found.differing) == ["profile_version"]


@pytest.mark.parametrize(
    ("received_hour", "state"), [(6, CertificateState.CHANGED_SINCE), (4, None)]
)
def test_visits_that_were_told_after_publishing_belong_to_what_changed(
    session, received_hour, state
):
    client, collector = make_client(session), make_user(session)
    plan_id = published(session, client)
    for days in (3, 2):
        at = clock.at_second(TUESDAY - timedelta(days=days), 12 * 3600, ZONE)
        received_at = clock.at_second(TUESDAY, received_hour * 3600, ZONE)
        make_visit(session, client, collector, started_at=at, received_at=received_at)
    session.commit()
    sealed = last_facts(session, services.PUBLISHED, f"plan:{plan_id}")["certificate"]

    found = queries.verify(session, plan_id, sealed, ZONE)

    assert found.state is (state or CertificateState.UNREPEATABLE)


def test_a_certificate_counts_who_told_the_addresses(session):
    client = make_client(session)
    with clock.frozen(clock.at_second(TUESDAY, 4 * 3600, ZONE)):
        tell_visit_place(
            session,
            Actor.system("test"),
            client.id,
            None,
            is_authorised=False,
            origin=AddressOrigin.CONTRACT,
        )
    plan_id = published(session, client)

    sealed = last_facts(session, services.PUBLISHED, f"plan:{plan_id}")["certificate"]

    assert sealed["addresses"] == {"contract": 1}
    other = published(session, make_client(session))
    sealed = last_facts(session, services.PUBLISHED, f"plan:{other}")["certificate"]
    assert sealed["addresses"] == {"unknown": 1}


def test_a_certificate_of_before_arrivals_were_told_still_verifies(run, session):
    system = Actor.system("test")
    plan_id = services.store_plan(
        session, system, new_plan(make_user(session), [make_client(session)])
    )
    plan = services.publish(session, system, plan_id, today=TUESDAY, zone=ZONE)
    old = queries.certificate(session, plan_id, ZONE, form=1)
    log(session, system, services.PUBLISHED, plan, certificate=old)
    session.commit()
    assert "form" not in old

    assert run("certificate", str(plan_id)).exit_code == 0
    session.execute(update(Stop).values(starts_s=Stop.starts_s + 1))
    session.commit()
    assert run("certificate", str(plan_id)).exit_code == 1
