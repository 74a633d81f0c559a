from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from collector_app.audit.models import AuditEntry
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.core.facts import FactConflict, store_once
from collector_app.visits.models import Appointment, Visit
from collector_app.visits.rules import AppointmentFact, AppointmentInPast, Outcome, PersonMet
from collector_app.visits.services import keep_conflict, make_appointment, record_visit
from collector_app.web.extensions import transaction
from tests.factories import actor_of, make_client, make_user
from tests.visits.factories import make_visit, visit_fact
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def own_client(session, collector):
    client = make_client(session)
    make_zone(session, [client], collector)
    return client


def count(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def test_a_visit_keeps_what_was_told_and_both_clocks(session, collector, own_client):
    slow_phone = clock.now() - timedelta(hours=3)
    fact = visit_fact(own_client, started_at=slow_phone, ended_at=slow_phone, note="Perro bravo")

    visit = record_visit(session, actor_of(collector), fact, zone=ZONE)

    assert (visit.started_at, visit.received_at) == (slow_phone, clock.now())
    assert (visit.outcome, visit.note, visit.accuracy_m) == (Outcome.NOT_HOME, "Perro bravo", 12)
    session.commit()
    assert session.scalars(select(AuditEntry.event)).all() == ["visit.recorded"]


def test_the_same_visit_sent_twice_is_stored_once(session, collector, own_client):
    fact = visit_fact(own_client)
    first = record_visit(session, actor_of(collector), fact, zone=ZONE)

    second = record_visit(session, actor_of(collector), fact, zone=ZONE)

    assert second.id == first.id
    session.commit()
    assert count(session, Visit) == count(session, AuditEntry) == 1


def test_the_same_visit_on_six_connections_at_once_is_stored_once(
    app, session, collector, own_client
):
    fact, actor = visit_fact(own_client), actor_of(collector)
    session.commit()

    def send(_: int) -> int:
        with app.app_context(), transaction() as other:
            return record_visit(other, actor, fact, zone=ZONE).id

    with ThreadPoolExecutor(6) as pool:
        stored = set(pool.map(send, range(6)))

    assert len(stored) == 1
    assert count(session, Visit) == count(session, AuditEntry) == 1


def test_a_row_that_can_not_be_stored_is_no_repetition(session, collector):
    orphan = {
        "uuid": "u-1",
        "client_id": 999,
        "collector_id": collector.id,
        "started_at": clock.now(),
        "ended_at": clock.now(),
        "received_at": clock.now(),
        "person_met": PersonMet.NOBODY,
        "outcome": Outcome.NOT_HOME,
    }

    with pytest.raises(IntegrityError):
        store_once(session, Visit, orphan, ["client_id"])


def test_a_second_tap_with_a_newer_fix_is_still_the_same_visit(session, collector, own_client):
    fact = visit_fact(own_client)
    first = record_visit(session, actor_of(collector), fact, zone=ZONE)
    later = replace(fact, ended_at=fact.ended_at + timedelta(seconds=4), accuracy_m=5)

    second = record_visit(session, actor_of(collector), later, zone=ZONE)

    assert second.id == first.id
    assert second.accuracy_m == 12


def test_the_same_uuid_with_another_outcome_is_a_conflict(session, collector, own_client):
    fact = visit_fact(own_client)
    record_visit(session, actor_of(collector), fact, zone=ZONE)
    other = replace(fact, outcome=Outcome.MOVED)

    with pytest.raises(FactConflict) as caught:
        record_visit(session, actor_of(collector), other, zone=ZONE)

    assert caught.value.told == {"outcome": "moved"}
    assert caught.value.stored == {"outcome": "not_home"}


def test_a_conflict_is_kept_in_the_log_with_both_versions(session, collector):
    conflict = FactConflict("visit", "u-1", told={"outcome": "moved"}, stored={"outcome": "paid"})

    keep_conflict(session, actor_of(collector), conflict)

    session.commit()
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.event, entry.subject_id) == ("visit.conflict", "u-1")
    assert entry.facts == {"told": {"outcome": "moved"}, "stored": {"outcome": "paid"}}


def test_a_client_of_another_zone_is_not_found(session, collector, own_client):
    stranger = make_client(session)

    with pytest.raises(NotFound):
        record_visit(session, actor_of(collector), visit_fact(stranger), zone=ZONE)


def test_a_client_that_does_not_exist_is_not_found(session, collector, own_client):
    fact = replace(visit_fact(own_client), client_id=own_client.id + 999)

    with pytest.raises(NotFound):
        record_visit(session, actor_of(collector), fact, zone=ZONE)


def test_a_visit_made_while_the_zone_was_theirs_is_kept_when_it_arrives_late(session, collector):
    client = make_client(session)
    yesterday = clock.now() - timedelta(days=1)
    make_zone(session, [client], collector, to_on=clock.today(ZONE) - timedelta(days=1))
    fact = visit_fact(client, started_at=yesterday, ended_at=yesterday)

    assert record_visit(session, actor_of(collector), fact, zone=ZONE).id


def test_a_stop_that_nobody_checked_is_dropped_and_noted(session, collector, own_client):
    fact = visit_fact(own_client, stop_id=777)

    visit = record_visit(session, actor_of(collector), fact, zone=ZONE)

    assert visit.stop_id is None
    session.commit()
    entry = session.scalars(select(AuditEntry)).one()
    assert entry.facts["unknown_stop_id"] == 777


def test_a_fix_outside_the_globe_is_left_out_with_its_reason(session, collector, own_client):
    fact = visit_fact(own_client, lat=91.0, lon=0.0)

    visit = record_visit(session, actor_of(collector), fact, zone=ZONE)

    assert (visit.lat, visit.accuracy_m, visit.no_gps_reason) == (None, None, "out_of_range")


def test_a_visit_without_a_fix_says_why(session, collector, own_client):
    fact = visit_fact(own_client, lat=None, lon=None, no_gps_reason="denied")

    assert record_visit(session, actor_of(collector), fact, zone=ZONE).no_gps_reason == "denied"


def test_an_outcome_that_does_not_fit_is_kept(session, collector, own_client):
    fact = visit_fact(own_client, person_met=PersonMet.MINOR, outcome=Outcome.REFUSED)

    assert record_visit(session, actor_of(collector), fact, zone=ZONE).outcome is Outcome.REFUSED


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN])
def test_the_office_makes_no_visits(session, own_client, role):
    somebody = make_user(session, role)

    with pytest.raises(NotAllowed):
        record_visit(session, actor_of(somebody), visit_fact(own_client), zone=ZONE)


def appointment(visit, **values) -> AppointmentFact:
    start = clock.now() + timedelta(hours=2)
    return AppointmentFact(
        **{
            "client_id": visit.client_id,
            "visit_id": visit.id,
            "starts_at": start,
            "ends_at": start + timedelta(hours=1),
            **values,
        }
    )


def test_an_appointment_told_twice_is_stored_once(session, collector, own_client):
    visit = make_visit(session, own_client, collector)
    fact = appointment(visit)

    first = make_appointment(session, actor_of(collector), fact)
    second = make_appointment(session, actor_of(collector), fact)

    assert first.id == second.id
    assert count(session, Appointment) == 1


def test_a_second_appointment_of_a_visit_at_another_time_is_a_conflict(
    session, collector, own_client
):
    visit = make_visit(session, own_client, collector)
    make_appointment(session, actor_of(collector), appointment(visit))

    with pytest.raises(FactConflict):
        make_appointment(
            session,
            actor_of(collector),
            appointment(visit, starts_at=clock.now() + timedelta(hours=5)),
        )


def test_an_appointment_at_the_time_of_the_visit_is_refused(session, collector, own_client):
    visit = make_visit(session, own_client, collector)

    with pytest.raises(AppointmentInPast):
        make_appointment(
            session, actor_of(collector), appointment(visit, starts_at=visit.started_at)
        )


def test_a_phone_that_lives_in_next_week_may_make_an_appointment_for_today(
    session, collector, own_client
):
    visit = make_visit(session, own_client, collector, started_at=clock.now() + timedelta(days=7))

    assert make_appointment(session, actor_of(collector), appointment(visit)).id


def test_an_appointment_stands_on_ones_own_visit(session, collector, own_client):
    visit = make_visit(session, own_client, make_user(session))

    with pytest.raises(NotFound):
        make_appointment(session, actor_of(collector), appointment(visit))
