"""The demo city is a real one: connected, with one-ways and names, between sea and hills."""

import json
import subprocess
import sys

import numpy as np
import osmium
import pytest
import shapely

from collector_app.core.errors import Unavailable
from collector_app.demo import city, transport_model
from routing.geo import Point, haversine_m
from routing.travel.streets.addresses import AddressBook, MatchKind
from routing.travel.times import UNREACHABLE, Profile

PLAZA_DE_ARMAS = Point(-29.9027, -71.2519)
PORT_OF_COQUIMBO = Point(-29.9533, -71.3385)
PLAZA_TO_PORT_KM = (10.1, 15)  # as the crow flies it is 10.1 km


def test_reading_the_model_never_imports_its_package():
    script = (
        "import sys; from collector_app.demo.transport_model import model_file, read_model;"
        "read_model(model_file()); assert 'aequilibrae' not in sys.modules"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


def test_the_streets_come_without_the_connectors_of_the_model():
    links, zones = transport_model.read_model(transport_model.model_file())

    assert len(links) == 19_983 - 137
    assert len(zones) == 133
    assert sum(link.is_oneway for link in links) == 5_420
    assert sum(bool(link.name) for link in links) / len(links) > 0.9


def test_nearly_every_street_is_connected(demo_city):
    info = demo_city.travel.pack.info

    assert all(share > 0.99 for share in info.main_share.values())
    assert 1_400 < info.street_km < 1_550


def test_the_ride_from_plaza_to_port_is_what_a_map_says(demo_city):
    matrix = demo_city.travel.matrix([PLAZA_DE_ARMAS, PORT_OF_COQUIMBO], Profile.MOTORCYCLE)

    low, high = PLAZA_TO_PORT_KM
    assert low * 1000 < matrix.metres[0, 1] < high * 1000
    assert 10 * 60 < matrix.seconds[0, 1] < 30 * 60
    assert (matrix.snap_m < 60).all()


def test_the_leg_follows_named_streets(demo_city):
    (leg,) = demo_city.travel.legs([PLAZA_DE_ARMAS, PORT_OF_COQUIMBO], Profile.CAR)

    assert len(leg.points) > 100
    assert leg.seconds < UNREACHABLE


def test_the_zones_carry_the_people_of_the_model(demo_city):
    populations = [zone.population for zone in demo_city.zones]

    assert len(demo_city.zones) == 133
    assert sum(populations) == pytest.approx(451_899, abs=70)
    assert min(populations) > 700


def test_every_zone_has_a_name_of_its_own_and_a_municipality(demo_city):
    names = [zone.name for zone in demo_city.zones]

    assert len(set(names)) == 133
    assert all(name.startswith("Sector ") for name in names)
    assert {zone.municipality for zone in demo_city.zones} == {"La Serena", "Coquimbo"}


def test_zones_are_whole_polygons_that_do_not_overlap(demo_city):
    areas = [zone.area for zone in demo_city.zones]

    assert all(area.is_valid and area.area > 0 for area in areas)
    joined = shapely.union_all(areas).area
    assert joined == pytest.approx(sum(area.area for area in areas), rel=0.001)


def test_the_layer_names_its_source(demo_city):
    layer = json.loads(demo_city.files.zones.read_text("utf-8"))

    assert "OpenStreetMap" in layer["attribution"]


def test_no_street_lies_in_the_sea(demo_city):
    sea, streets = None, []
    for way in osmium.FileProcessor(str(demo_city.files.extract)).with_locations():
        if way.is_way():
            places = [(node.location.lon, node.location.lat) for node in way.nodes]
            if "natural" in way.tags:
                sea = shapely.Polygon(places)
            elif "highway" in way.tags:
                streets.append((places[0], places[-1]))
    shapely.prepare(sea)

    assert sea.is_valid
    assert not shapely.contains(sea, shapely.linestrings(np.array(streets))).any()
    assert sea.contains(shapely.Point(-71.30, -29.93))
    assert not sea.contains(shapely.Point(PLAZA_DE_ARMAS.lon, PLAZA_DE_ARMAS.lat))


def test_the_pack_knows_the_sectors_and_finds_streets_in_them(demo_city):
    book = AddressBook.open(demo_city.travel.pack.folder)

    assert len(book.places.places) == 133 + 2  # and the two cities, as points
    assert book.places.skipped_count == 0
    found = book.search("Balmaceda y Av. Francisco de Aguirre, La Serena", limit=1)[0]
    assert found.kind is MatchKind.CORNER
    assert haversine_m(found.point, PLAZA_DE_ARMAS) < 1000


def test_every_name_of_a_street_of_the_city_finds_it(demo_city):
    book = AddressBook.open(demo_city.travel.pack.folder)
    names = [name for name in demo_city.travel.pack.network.names if name][::40]

    lost = [name for name in names if name not in {one.street for one in book.search(name)}]

    assert lost == []


def test_writing_again_gives_the_same_files(demo_city, tmp_path):
    again = city.write_demo_city(tmp_path)

    assert again.zones.read_bytes() == demo_city.files.zones.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["coquimbo.osm.pbf", "zones.geojson"]


def test_without_the_package_the_error_names_it(monkeypatch, tmp_path):
    monkeypatch.setattr(transport_model, "PACKAGE", "no-such-package")

    with pytest.raises(Unavailable, match="no-such-package"):
        city.write_demo_city(tmp_path / "demo")
    assert not (tmp_path / "demo").exists()


def test_a_package_without_the_model_is_named(monkeypatch):
    monkeypatch.setattr(transport_model, "MODEL", "aequilibrae/reference_files/atlantis.zip")

    with pytest.raises(Unavailable, match=r"atlantis\.zip"):
        transport_model.model_file()
