from datetime import date, timedelta

import pytest

from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.zones.queries import (
    ZoneOwner,
    clients_of,
    may_see,
    own_card,
    owners,
    zones_on,
)
from tests.factories import actor_of, make_client, make_user
from tests.zones.factories import assign_zone, join_zone, make_zone

FIRST = date(2026, 3, 2)
LAST = date(2026, 3, 20)
DAY = timedelta(days=1)

inside_and_outside = pytest.mark.parametrize(
    ("day", "inside"),
    [(FIRST - DAY, False), (FIRST, True), (LAST, True), (LAST + DAY, False)],
    ids=["the day before", "the first day", "the last day", "the day after"],
)


@inside_and_outside
def test_a_membership_counts_from_its_first_day_to_its_last(session, day, inside):
    collector = make_user(session)
    client = make_client(session)
    zone = make_zone(session, collector=collector)
    join_zone(session, client, zone, from_on=FIRST, to_on=LAST)

    assert (client.id in owners(session, day)) is inside
    assert (client.id in clients_of(session, collector.id, day)) is inside
    assert may_see(session, actor_of(collector), client.id, day) is inside


@inside_and_outside
def test_an_assignment_counts_from_its_first_day_to_its_last(session, day, inside):
    collector = make_user(session)
    client = make_client(session)
    zone = make_zone(session, [client])
    assign_zone(session, zone, collector, from_on=FIRST, to_on=LAST)

    owner = owners(session, day)[client.id]

    assert owner == ZoneOwner(zone.id, collector.id if inside else None)
    assert clients_of(session, collector.id, day) == ({client.id} if inside else set())
    assert may_see(session, actor_of(collector), client.id, day) is inside


@inside_and_outside
def test_a_zone_is_listed_from_its_first_day_to_its_last(session, day, inside):
    zone = make_zone(session, from_on=FIRST, to_on=LAST)

    listed = [row.id for row in zones_on(session, day)]

    assert listed == ([zone.id] if inside else [])


def test_a_row_that_ended_before_it_began_was_never_in_force(session):
    client = make_client(session)
    make_zone(session, [client], make_user(session), from_on=FIRST, to_on=FIRST - DAY)

    assert owners(session, FIRST) == {}
    assert owners(session, FIRST - DAY) == {}
    assert zones_on(session, FIRST) == []


def test_each_day_has_the_owner_it_had(session):
    before, after = make_user(session), make_user(session)
    client = make_client(session)
    zone = make_zone(session, [client])
    assign_zone(session, zone, before, to_on=LAST)
    assign_zone(session, zone, after, from_on=LAST + DAY)

    assert owners(session, LAST)[client.id].collector_id == before.id
    assert owners(session, LAST + DAY)[client.id].collector_id == after.id


def test_a_collector_answers_for_the_clients_of_all_his_zones_and_no_other(session):
    collector, neighbour = make_user(session), make_user(session)
    here, there, elsewhere = (make_client(session) for _ in range(3))
    make_zone(session, [here], collector)
    make_zone(session, [there], collector)
    make_zone(session, [elsewhere], neighbour)

    assert clients_of(session, collector.id, FIRST) == {here.id, there.id}


def test_a_client_without_zone_has_no_owner(session):
    client = make_client(session)
    make_zone(session, collector=make_user(session))

    assert client.id not in owners(session, FIRST)


def test_zones_are_listed_with_their_collector_and_how_many_clients_they_hold(session):
    collector = make_user(session, full_name="Rosa Vega")
    clients = [make_client(session) for _ in range(3)]
    busy = make_zone(session, clients[:2], collector, name="Zona 1 · Centro", colour="#332288")
    empty = make_zone(session)
    join_zone(session, clients[2], empty, from_on=LAST)

    first, second = zones_on(session, FIRST)

    assert (first.id, first.name, first.colour) == (busy.id, "Zona 1 · Centro", "#332288")
    assert (first.collector_id, first.collector_name) == (collector.id, "Rosa Vega")
    assert first.client_count == 2
    assert first.outline["type"] == "Polygon"
    assert (second.collector_id, second.collector_name, second.client_count) == (None, None, 0)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN, Role.SYSTEM])
def test_the_office_sees_every_client(session, role):
    client = make_client(session)

    assert may_see(session, Actor(user_id=None, role=role), client.id, FIRST)


def test_a_collector_without_zones_sees_nobody(session):
    client = make_client(session)
    make_zone(session, [client], make_user(session))

    assert not may_see(session, actor_of(make_user(session)), client.id, FIRST)


def test_another_collectors_client_and_one_that_does_not_exist_are_not_told_apart(session):
    client, mine = make_client(session), make_user(session)
    make_zone(session, [client], mine)

    assert own_card(session, actor_of(mine), client.id, FIRST).id == client.id
    for actor, client_id in ((make_user(session), client.id), (mine, client.id + 1)):
        with pytest.raises(NotFound):
            own_card(session, actor_of(actor), client_id, FIRST)
