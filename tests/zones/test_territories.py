from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point as PlanePoint
from shapely.geometry import shape

from collector_app.zones.colours import PALETTE
from collector_app.zones.queries import LocatedClient
from collector_app.zones.rules import (
    BadZoneCount,
    NobodyToPlace,
    ProposedZone,
    TooManyZones,
    handover,
)
from collector_app.zones.territories import draw, nearest_members, suggest_collectors


def town(count: int, seed: int = 7) -> list[LocatedClient]:
    """Clients around two centres, La Serena in the north and Coquimbo in the south."""
    dice = Random(seed)
    return [
        LocatedClient(
            id=1000 + n,
            name=f"Clienta {n}",
            lat=dice.gauss(-29.905 if n % 3 else -29.96, 0.012),
            lon=dice.gauss(-71.25 if n % 3 else -71.33, 0.012),
            neighbourhood="Centro" if n % 3 else "Puerto",
            municipality="La Serena" if n % 3 else "Coquimbo",
        )
        for n in range(count)
    ]


@pytest.fixture(scope="module")
def drawing():
    return draw(town(300), 5, seed=3)


def test_every_client_is_in_exactly_one_zone(drawing):
    placed = [client_id for zone in drawing.zones for client_id in zone.client_ids]

    assert sorted(placed) == [client.id for client in town(300)]


def test_zones_are_even_and_in_one_piece(drawing):
    figures = drawing.figures()

    assert figures["zones"] == 5
    assert figures["imbalance"] < 0.10
    assert figures["broken"] == 0


def test_shares_are_of_the_mean(drawing):
    assert sum(zone.share for zone in drawing.zones) == pytest.approx(5)
    hours = [zone.month_h for zone in drawing.zones]
    assert drawing.zones[0].share == pytest.approx(hours[0] / (sum(hours) / 5))


def test_zones_are_numbered_from_north_to_south_and_named_after_their_neighbourhood(drawing):
    clients = {client.id: client for client in town(300)}
    middles = [
        sum(clients[one].lat for one in zone.client_ids) / len(zone.client_ids)
        for zone in drawing.zones
    ]

    assert middles == sorted(middles, reverse=True)
    assert [zone.name.split(" · ")[0] for zone in drawing.zones] == [
        f"Zona {n}" for n in range(1, 6)
    ]
    assert {zone.name.split(" · ")[1] for zone in drawing.zones} == {"Centro", "Puerto"}


def test_outlines_have_longitude_first_and_hold_nearly_all_of_their_clients(drawing):
    clients = {client.id: client for client in town(300)}

    inside = sum(
        shape(zone.outline).covers(PlanePoint(clients[one].lon, clients[one].lat))
        for zone in drawing.zones
        for one in zone.client_ids
    )

    assert inside >= 0.95 * 300


def test_the_same_seed_draws_the_same_zones(drawing):
    assert draw(town(300), 5, seed=3) == drawing


def test_colours_come_from_the_palette(drawing):
    assert {zone.colour for zone in drawing.zones} <= set(PALETTE)


def test_one_client_makes_one_zone():
    (zone,) = draw(town(1), 1).zones

    assert zone.client_ids == (1000,)
    assert zone.pieces == 1


def neighbours_at(number: int, lon: float) -> list[LocatedClient]:
    return [LocatedClient(number + n, "Clienta", -29.9, lon, None, None) for n in range(4)]


def test_clients_behind_one_door_stay_together():
    zones = draw([*neighbours_at(1, -71.25), *neighbours_at(11, -71.26)], 2).zones

    assert sorted(zone.client_ids for zone in zones) == [(1, 2, 3, 4), (11, 12, 13, 14)]
    assert [zone.name for zone in zones] == ["Zona 1", "Zona 2"]


def test_one_door_cannot_be_two_zones():
    with pytest.raises(TooManyZones) as caught:
        draw(neighbours_at(1, -71.25), 2)

    assert caught.value.facts == {"zones": 2, "places": 1}


@pytest.mark.parametrize(
    ("count", "zone_count", "refusal"),
    [(0, 1, NobodyToPlace), (3, 4, TooManyZones), (3, 0, BadZoneCount)],
)
def test_what_cannot_be_drawn_is_refused(count, zone_count, refusal):
    with pytest.raises(refusal):
        draw(town(count), zone_count)


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
