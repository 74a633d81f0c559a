from hypothesis import given, settings
from hypothesis import strategies as st

from collector_app.zones.queries import LocatedClient
from collector_app.zones.rules import (
    ProposedZone,
    handover,
)
from collector_app.zones.territories import nearest_members, suggest_collectors


def client_at(number: int, lat: float, lon: float) -> LocatedClient:
    return LocatedClient(number, "Clienta", lat, lon, None, None)


def test_a_stranger_is_given_the_nearest_member():
    members = [client_at(1, -29.90, -71.25), client_at(2, -29.98, -71.25)]
    strangers = [client_at(3, -29.93, -71.25), client_at(4, -29.95, -71.25)]

    # 3.3 km against 5.6 km, both ways
    assert nearest_members(members, strangers) == {3: 1, 4: 2}


def test_without_members_or_strangers_there_is_nothing_to_give():
    assert nearest_members([], [client_at(1, -29.9, -71.2)]) == {}
    assert nearest_members([client_at(1, -29.9, -71.2)], []) == {}


def zone_with(*client_ids: int) -> ProposedZone:
    return ProposedZone("Zona", "#007866", {}, client_ids, 1.0, 1.0, 1)


def test_each_zone_is_suggested_the_collector_who_knows_most_of_it():
    zones = [zone_with(1, 2, 3), zone_with(4, 5)]
    now = {1: 10, 2: 20, 3: 20, 4: 10, 5: 10}

    assert suggest_collectors(zones, now, [10, 20]) == [20, 10]


def test_as_many_clients_as_possible_keep_their_collector_even_against_one_zone():
    # Taken one by one, zone 0 would get 10 (3 clients) and zone 1 nobody it knows: 3 kept.
    zones = [zone_with(1, 2, 3, 4, 5), zone_with(6, 7)]
    now = {1: 10, 2: 10, 3: 10, 4: 20, 5: 20, 6: 10, 7: 10}

    assert suggest_collectors(zones, now, [10, 20]) == [20, 10]


def test_with_more_zones_than_collectors_some_are_left_to_a_person():
    zones = [zone_with(1), zone_with(2, 3), zone_with(4)]

    assert suggest_collectors(zones, {2: 10, 3: 10}, [10]) == [None, 10, None]


def test_collectors_who_left_and_missing_staff_suggest_nobody():
    assert suggest_collectors([zone_with(1)], {1: 99}, []) == [None]
    assert suggest_collectors([], {}, [10]) == []


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=4, max_size=24))
def test_the_suggestion_keeps_at_least_as_many_as_any_rotation(owned_by):
    now = {n: 10 + who for n, who in enumerate(owned_by)}
    zones = [zone_with(*[n for n in now if n % 4 == z]) for z in range(4)]
    staff = [10, 11, 12, 13]

    def kept(choice):
        after = {one: choice[z] for z, zone in enumerate(zones) for one in zone.client_ids}
        return handover(now, after).kept

    rotations = [staff[turn:] + staff[:turn] for turn in range(4)]
    assert kept(suggest_collectors(zones, now, staff)) >= max(kept(one) for one in rotations)
