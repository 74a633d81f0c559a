"""Neighbourhoods and municipalities of an extract."""

import pytest

from routing.errors import UnusableExtract
from routing.geo import Point
from routing.travel.streets.addresses.gathering import gather
from routing.travel.streets.addresses.places import (
    PlaceIndex,
    PlaceKind,
    read_places,
    write_places,
)

# A municipality drawn by two ways with a hole, in which a neighbourhood lies; an open boundary.
MAP = """<osm version="0.6">
<node id="1" lat="-29.900" lon="-71.250"/><node id="2" lat="-29.900" lon="-71.240"/>
<node id="3" lat="-29.910" lon="-71.240"/><node id="4" lat="-29.910" lon="-71.250"/>
<node id="5" lat="-29.903" lon="-71.247"/><node id="6" lat="-29.903" lon="-71.243"/>
<node id="7" lat="-29.907" lon="-71.243"/><node id="8" lat="-29.907" lon="-71.247"/>
<node id="9" lat="-29.905" lon="-71.245">
<tag k="place" v="neighbourhood"/><tag k="name" v="Islote"/></node>
<node id="10" lat="-29.920" lon="-71.245">
<tag k="place" v="suburb"/><tag k="name" v="Lejano"/></node>
<way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/></way>
<way id="11"><nd ref="3"/><nd ref="4"/><nd ref="1"/></way>
<way id="12"><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="8"/><nd ref="5"/>
<tag k="place" v="neighbourhood"/><tag k="name" v="Islote"/></way>
<way id="13"><nd ref="5"/><nd ref="6"/><nd ref="7"/>
<tag k="place" v="suburb"/><tag k="name" v="Sin cerrar"/></way>
<relation id="20">
<member type="way" ref="10" role="outer"/><member type="way" ref="11" role="outer"/>
<member type="way" ref="12" role="inner"/><tag k="type" v="boundary"/>
<tag k="boundary" v="administrative"/><tag k="admin_level" v="8"/>
<tag k="name" v="Anillo"/></relation>
<relation id="21">
<member type="way" ref="10" role="outer"/><tag k="type" v="boundary"/>
<tag k="boundary" v="administrative"/><tag k="admin_level" v="9"/>
<tag k="name" v="Abierta"/></relation>
<relation id="22">
<member type="way" ref="10" role="outer"/><member type="way" ref="11" role="outer"/>
<tag k="type" v="boundary"/><tag k="boundary" v="administrative"/><tag k="admin_level" v="2"/>
<tag k="name" v="País"/></relation>
</osm>"""


@pytest.fixture
def found(tmp_path):
    extract = tmp_path / "places.osm"
    extract.write_text(MAP, encoding="utf-8")
    return gather(extract).places


def test_outlines_of_ways_and_relations_are_read_and_points_without_one(found):
    assert sorted((place.name, place.kind.value, place.admin_level) for place in found.places) == [
        ("Anillo", "municipality", 8),
        ("Islote", "neighbourhood", None),
        ("Lejano", "neighbourhood", None),
    ]


def test_outlines_that_are_not_closed_are_skipped_and_counted(found):
    assert sorted(found.skipped) == ["Abierta", "Sin cerrar"]


def test_a_point_inside_of_the_hole_is_outside_of_the_place(found):
    places = PlaceIndex(found.places)

    assert places.at(Point(-29.905, -71.245), PlaceKind.MUNICIPALITY) is None
    assert places.at(Point(-29.9015, -71.249), PlaceKind.MUNICIPALITY).name == "Anillo"
    assert places.at(Point(-29.905, -71.245), PlaceKind.NEIGHBOURHOOD).name == "Islote"


def test_a_place_with_a_point_alone_reaches_some_way_around_it(found):
    places = PlaceIndex(found.places)

    # A hundredth of a degree of latitude is 1,112 m: beyond the 900 m that such a place reaches.
    assert places.at(Point(-29.927, -71.245), PlaceKind.NEIGHBOURHOOD).name == "Lejano"
    assert places.at(Point(-29.930, -71.245), PlaceKind.NEIGHBOURHOOD) is None


def test_a_place_is_found_by_its_name_misspelt(found):
    places = PlaceIndex(found.places)

    assert [places.places[i].name for i in places.named("lejanno")] == ["Lejano"]
    assert places.named("nada de eso") == ()


def test_places_come_back_from_the_pack_as_they_were(found, tmp_path):
    write_places(tmp_path, found)

    kept = read_places(tmp_path)

    assert kept.skipped_count == 2
    assert [(p.name, p.kind, p.admin_level, p.outline) for p in kept.places] == [
        (p.name, p.kind, p.admin_level, p.outline) for p in found.places
    ]


def test_an_extract_that_is_none_is_named(tmp_path):
    (tmp_path / "x.osm").write_text("no map", encoding="utf-8")

    with pytest.raises(UnusableExtract, match=r"x\.osm"):
        gather(tmp_path / "x.osm")
