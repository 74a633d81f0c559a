from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from collector_app.core import clock
from collector_app.portfolio.rules import LocationQuality
from collector_app.visits.models import Appointment
from collector_app.visits.queries import (
    contacts_since,
    flags_of,
    open_appointments,
    visits_between,
    visits_of_stops,
    visits_to,
)
from collector_app.visits.rules import Outcome, PersonMet, VisitFlag
from tests.factories import make_client, make_user
from tests.visits.factories import make_visit

HOUR = timedelta(hours=1)
ZONE = ZoneInfo("America/Mexico_City")
ALL_DAY = ((0, 86_399),)


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def client(session):
    return make_client(session)


def test_contacts_come_by_client_oldest_first_with_their_kind(session, collector, client):
    make_visit(session, client, collector)
    make_visit(
        session,
        client,
        collector,
        started_at=clock.now() - HOUR,
        person_met=PersonMet.NOBODY,
        outcome=Outcome.NOT_HOME,
    )

    found = contacts_since(session, clock.now() - HOUR)

    assert [row.is_contact for row in found[client.id]] == [False, True]


def test_contacts_before_the_instant_do_not_count(session, collector, client):
    make_visit(session, client, collector, started_at=clock.now() - HOUR - timedelta(seconds=1))

    assert contacts_since(session, clock.now() - HOUR) == {}


def test_contacts_can_be_asked_for_some_clients(session, collector, client):
    other = make_client(session)
    make_visit(session, client, collector)
    make_visit(session, other, collector)

    assert list(contacts_since(session, clock.now() - HOUR, [other.id])) == [other.id]
    assert contacts_since(session, clock.now() - HOUR, []) == {}


def test_more_ids_than_a_database_binds_are_no_problem(session, collector, client):
    make_visit(session, client, collector)

    found = contacts_since(session, clock.now() - HOUR, range(client.id, client.id + 40_000))

    assert list(found) == [client.id]


def test_visits_between_include_the_start_and_leave_out_the_end(session, collector, client):
    first = make_visit(session, client, collector, started_at=clock.now() - HOUR)
    make_visit(session, client, collector, started_at=clock.now())

    found = visits_between(session, clock.now() - HOUR, clock.now())

    assert [row.id for row in found] == [first.id]
    assert (found[0].client_name, found[0].collector_name) == (client.name, collector.full_name)


def test_visits_between_can_be_of_one_collector(session, collector, client):
    make_visit(session, client, make_user(session))
    own = make_visit(session, client, collector)

    found = visits_between(session, clock.now() - HOUR, clock.now() + HOUR, collector.id)

    assert [row.id for row in found] == [own.id]


def test_the_history_of_a_client_is_newest_first(session, collector, client):
    old = make_visit(session, client, collector, started_at=clock.now() - HOUR)
    new = make_visit(session, client, collector)
    make_visit(session, make_client(session), collector)

    assert [row.id for row in visits_to(session, client.id)] == [new.id, old.id]


def test_stops_without_a_visit_are_not_there(session):
    assert visits_of_stops(session, [1, 2]) == {}


def test_a_visit_200_metres_from_the_door_is_flagged(session, collector, client):
    # 0.0018 degrees of latitude are 200 m; the fix is good to 20 m.
    make_visit(session, client, collector, lat=client.lat + 0.0018, lon=client.lon, accuracy_m=20)

    row = visits_to(session, client.id)[0]

    assert row.distance_m == 200
    assert VisitFlag.FAR_FROM_ADDRESS in flags_of(row, ALL_DAY, ZONE)


def test_an_approximate_address_says_nothing_about_distance(session, collector):
    client = make_client(session, location_quality=LocationQuality.APPROXIMATE)
    make_visit(session, client, collector, lat=client.lat + 0.1, lon=client.lon, accuracy_m=20)

    row = visits_to(session, client.id)[0]

    assert row.distance_m is None
    assert VisitFlag.FAR_FROM_ADDRESS not in flags_of(row, ALL_DAY, ZONE)


def test_hours_are_those_of_the_place_not_of_greenwich(session, collector, client):
    # The stopped clock shows 10:00 in Mexico City, 16:00 in Greenwich.
    make_visit(session, client, collector)
    row = visits_to(session, client.id)[0]

    until_ten = flags_of(row, ((7 * 3600, 10 * 3600),), ZONE)
    from_eleven = flags_of(row, ((11 * 3600, 20 * 3600),), ZONE)

    assert VisitFlag.OUTSIDE_HOURS not in until_ten
    assert VisitFlag.OUTSIDE_HOURS in from_eleven


def test_cancelled_appointments_and_those_of_other_days_are_not_open(session, client):
    start = clock.now()
    for begins, cancelled in ((start, None), (start + HOUR, start), (start + 24 * HOUR, None)):
        session.add(
            Appointment(
                client_id=client.id, starts_at=begins, ends_at=begins + HOUR, cancelled_at=cancelled
            )
        )
    session.flush()

    found = open_appointments(session, start, start + 24 * HOUR)

    assert [row.starts_at for row in found[client.id]] == [start]
