"""Numbers of houses: points, buildings, and lines between numbered ends."""

from routing.travel.streets.addresses.gathering import gather
from tests.routing.travel.towns import Town, at


def houses_of(town, tmp_path):
    found = gather(town.write(tmp_path / "town.osm"))
    return {(one.street, one.number, one.letter): (one.lat, one.lon) for one in found.houses}, found


def numbered(street, number):
    return {"addr__street": street, "addr__housenumber": number}


def test_points_buildings_and_lists_of_numbers_are_read(tmp_path):
    town = Town()
    town.node("a", 0, 0, **numbered("Juárez", "12-B"))
    town.node("b", 10, 0, **numbered("Juárez", "14;16"))
    for name, east, north in (("c", 20, 0), ("d", 30, 0), ("e", 30, 10), ("f", 20, 10)):
        town.node(name, east, north)
    town.ways.append((["c", "d", "e", "f", "c"], {"building": "yes", **numbered("Juárez", "18")}))

    houses, _ = houses_of(town, tmp_path)

    assert set(houses) == {("Juárez", n, x) for n, x in ((12, "b"), (14, ""), (16, ""), (18, ""))}


def test_houses_without_street_or_number_are_counted(tmp_path):
    town = Town()
    town.node("a", 0, 0, addr__housenumber="12")
    town.node("b", 0, 0, **numbered("Juárez", "s/n"))

    houses, found = houses_of(town, tmp_path)

    assert houses == {}
    assert found.unusable_houses == 2


def test_an_interpolation_numbers_the_houses_between_its_ends(tmp_path):
    town = Town()
    town.node("a", 0, 0, **numbered("Juárez", "10"))
    town.node("b", 100, 0, **numbered("Juárez", "20"))
    town.ways.append((["a", "b"], {"addr__interpolation": "even"}))

    houses, _ = houses_of(town, tmp_path)

    assert {number for _, number, _ in houses} == {10, 12, 14, 16, 18, 20}
    lat, lon = houses["Juárez", 14, ""]
    assert abs(lon - at(40, 0).lon) < 1e-6
    assert abs(lat - at(40, 0).lat) < 1e-6


def test_an_interpolation_between_two_streets_is_a_mistake_of_the_map(tmp_path):
    town = Town()
    town.node("a", 0, 0, **numbered("Juárez", "10"))
    town.node("b", 100, 0, **numbered("Hidalgo", "20"))
    town.ways.append((["a", "b"], {"addr__interpolation": "even"}))

    houses, _ = houses_of(town, tmp_path)

    assert {number for _, number, _ in houses} == {10, 20}
