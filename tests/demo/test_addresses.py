"""Invented addresses lie beside the real streets that they name."""

from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest
import shapely

from collector_app.demo.addresses import Zone, invent_addresses
from routing.geo import haversine_m
from routing.travel.times import UNREACHABLE, Profile


@pytest.fixture(scope="module")
def addresses(demo_city):
    """The 1,200 addresses of the demo."""
    return invent_addresses(demo_city.travel.pack, demo_city.zones, 1_200, seed=7)


def test_the_same_seed_gives_the_same_addresses(demo_city, addresses):
    again = invent_addresses(demo_city.travel.pack, demo_city.zones, 1_200, seed=7)

    assert again == addresses


def test_another_seed_gives_other_addresses(demo_city, addresses):
    others = invent_addresses(demo_city.travel.pack, demo_city.zones, 1_200, seed=8)

    assert len(set(others) & set(addresses)) < 10


def test_every_address_is_a_door_of_its_street(demo_city, addresses):
    network = demo_city.travel.pack.network
    points = [address.point for address in addresses]

    snaps = demo_city.travel.snap(points, Profile.MOTORCYCLE)

    nearest, first = np.unique(snaps.point, return_index=True)
    assert len(nearest) == len(addresses)
    streets = [network.names[network.name[segment]] for segment in snaps.segment[first]]
    assert streets == [address.street for address in addresses]
    assert snaps.distance_m[first].min() >= 4
    assert snaps.distance_m[first].max() <= 25.5


@pytest.mark.parametrize("profile", list(Profile))
def test_every_address_can_be_reached_from_every_other(demo_city, addresses, profile):
    points = [address.point for address in addresses[:150]]

    assert (demo_city.travel.matrix(points, profile).seconds < UNREACHABLE).all()


def test_no_two_clients_share_a_door(addresses):
    doors = Counter((one.street, one.number, one.municipality) for one in addresses)

    assert max(doors.values()) == 1


def test_every_address_lies_in_the_zone_it_names(demo_city, addresses):
    zones = {zone.name: zone for zone in demo_city.zones}

    for address in addresses:
        zone = zones[address.neighbourhood]
        assert zone.area.contains(shapely.Point(address.point.lon, address.point.lat))
        assert address.municipality == zone.municipality


def test_populous_zones_have_more_clients(demo_city, addresses):
    clients = Counter(address.neighbourhood for address in addresses)

    by_population = sorted(demo_city.zones, key=lambda zone: zone.population)
    few = sum(clients[zone.name] for zone in by_population[:44])
    many = sum(clients[zone.name] for zone in by_population[-44:])
    assert many > 1.3 * few


def test_numbers_grow_along_the_street(demo_city):
    many = invent_addresses(demo_city.travel.pack, demo_city.zones, 4_000, seed=3)
    by_street = defaultdict(list)
    for address in many:
        by_street[address.street].append(address)

    longest = max(by_street.values(), key=len)
    longest.sort(key=lambda address: address.number)

    assert len(longest) > 15
    steps = [haversine_m(a.point, b.point) for a, b in pairwise(longest)]
    spread = haversine_m(longest[0].point, longest[-1].point)
    # Walking the numbers in order is hardly longer than going straight from the first to the last.
    assert sum(steps) < 2.5 * spread


def test_zones_without_streets_are_refused(demo_city):
    desert = Zone("Atacama", "Copiapó", 10, shapely.box(-70, -25, -69, -24))

    with pytest.raises(ValueError, match="expected 5"):
        invent_addresses(demo_city.travel.pack, [desert], 5, seed=1)
