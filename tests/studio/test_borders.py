"""Borders as files: read, mended and written, by strangers' programs and by ours."""

import contextlib
import json
import zipfile
from io import BytesIO

import numpy as np
import pyproj
import pytest
import shapefile
import shapely
from hypothesis import given
from hypothesis import strategies as st

from collector_app.studio.borders import (
    BORDER_FORMATS,
    Area,
    archives,
    mended,
    read_borders,
    write_borders,
)
from collector_app.studio.borders.membership import NO_AREA, area_of, counted
from collector_app.studio.rules import (
    BorderFault,
    BorderFinding,
    BordersRefused,
    BordersTooLarge,
    BrokenBorders,
    ForeignProjection,
    NoBorders,
    TooManyBorders,
    UnknownBorders,
)

KML = """<?xml version="1.0"?>{doctype}
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>Centro</name>
<ExtendedData><SchemaData><SimpleData name="gestor">Ana</SimpleData></SchemaData></ExtendedData>
<Polygon><outerBoundaryIs><LinearRing><coordinates>{corners}</coordinates></LinearRing>
</outerBoundaryIs></Polygon></Placemark><Placemark><Point><coordinates>1,2</coordinates></Point>
</Placemark></Document></kml>"""
CORNERS = "-71.3,-29.9,0 -71.2,-29.9,0 -71.2,-29.8,0 -71.3,-29.9,0"


def square(west, south, side=0.1, name="Centro", **more):
    return Area(name, shapely.box(west, south, west + side, south + side), "", **more)


def geojson(*features, **members):
    told = {"type": "FeatureCollection", "features": list(features), **members}
    return json.dumps(told).encode()


def feature(shape, **properties):
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": json.loads(shapely.to_geojson(shape)),
    }


def packed(files):
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


# -- both ways


@pytest.mark.parametrize("kind", BORDER_FORMATS)
def test_what_is_written_is_read_again(kind):
    hollow = shapely.Polygon(
        shapely.box(-71.1, -29.9, -71.0, -29.8).exterior.coords,
        [shapely.box(-71.07, -29.87, -71.03, -29.83).exterior.coords],
    )
    areas = [
        square(-71.3, -29.9, name="Peñón · Ñandú", collector="Ana Díaz"),
        Area("Sur", hollow, ""),
    ]

    read = read_borders(write_borders(areas, kind))

    assert [one.name for one in read] == ["Peñón · Ñandú", "Sur"]
    assert [one.collector for one in read] == ["Ana Díaz", None]
    for before, after in zip(areas, read, strict=True):
        assert shapely.area(shapely.symmetric_difference(before.shape, after.shape)) < 1e-9


@given(st.text(max_size=90), st.sampled_from(sorted(BORDER_FORMATS)))
def test_no_name_breaks_a_file(name, kind):
    printable = "".join(letter for letter in name if letter.isprintable())

    (read,) = read_borders(write_borders([square(-71.3, -29.9, name=printable)], kind))

    assert read.name in " ".join(printable.split())


def test_a_kmz_is_a_kml_in_a_zip():
    (area,) = read_borders(packed({"doc.kml": KML.format(doctype="", corners=CORNERS)}))

    assert (area.name, area.collector, area.place) == ("Centro", "Ana", "Placemark 1")


def test_a_shapefile_in_metres_and_old_letters_is_read_by_its_projection():
    shp, shx, dbf = BytesIO(), BytesIO(), BytesIO()
    with shapefile.Writer(
        shp=shp, shx=shx, dbf=dbf, shapeType=shapefile.POLYGON, encoding="cp1252"
    ) as writer:
        writer.field("NOM_COL", "C", 40)
        writer.poly([[(280000, 6680000), (280000, 6690000), (290000, 6690000), (280000, 6680000)]])
        writer.record("Peñuelas")
    files = {"col/A.SHP": shp.getvalue(), "col/A.DBF": dbf.getvalue()}
    projection = pyproj.CRS("EPSG:32719").to_wkt("WKT1_ESRI")

    (area,) = read_borders(packed({**files, "col/A.prj": projection}))

    assert area.name == "Peñuelas"
    assert shapely.bounds(area.shape) == pytest.approx([-71.27, -30.0, -71.17, -29.9], abs=0.03)
    with pytest.raises(ForeignProjection):
        read_borders(packed(files))


def test_an_older_geojson_that_names_its_projection_is_read_by_it():
    metres = shapely.box(280000, 6680000, 290000, 6690000)
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32719"}}

    (area,) = read_borders(geojson(feature(metres, ZONA=7), crs=crs))

    assert area.name == "7"
    assert shapely.bounds(area.shape)[0] == pytest.approx(-71.27, abs=0.03)


# -- what is refused, and where


@pytest.mark.parametrize(
    ("data", "error", "place"),
    [
        (b"", UnknownBorders, None),
        (b"%PDF-1.7", UnknownBorders, None),
        (b'{"type": "Fea', BrokenBorders, "JSON"),
        (b'{"a": 1}', BrokenBorders, "features"),
        (b"[" * 100_000, BrokenBorders, "JSON"),
        (geojson(7), BrokenBorders, "features[0]"),
        (
            geojson({"geometry": {"type": "Polygon", "coordinates": [[[1, 2], "x"]]}}),
            BrokenBorders,
            "features[0].geometry",
        ),
        (geojson({"geometry": {"type": "Point", "coordinates": [1, 2]}}), NoBorders, None),
        (geojson(feature(shapely.box(0, 0, 500, 1))), ForeignProjection, None),
        (b"<kml", BrokenBorders, "XML"),
        (KML.format(doctype="", corners="1,2 3,x").encode(), BrokenBorders, "Placemark 1"),
        (KML.format(doctype="", corners="1,2 3,4").encode(), BrokenBorders, "Placemark 1"),
        (b"PK\x03\x04 nothing", BrokenBorders, "zip"),
        (packed({"notes.txt": "x"}), BrokenBorders, ".shp"),
        (packed({"a.shp": b"x" * 50}), BrokenBorders, "a.shp"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_with_its_place(data, error, place):
    with pytest.raises(error) as refusal:
        read_borders(data)

    assert refusal.value.facts.get("place") == place


def test_entities_and_texts_from_elsewhere_are_refused():
    bomb = '<!DOCTYPE kml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    for doctype in (bomb, '<!DOCTYPE kml SYSTEM "file:///etc/hostname">'):
        with pytest.raises(BrokenBorders):
            read_borders(KML.format(doctype=doctype, corners=CORNERS).encode())


def test_a_zip_that_grows_beyond_measure_is_refused(monkeypatch):
    monkeypatch.setattr(archives, "MOST_INSIDE", 1 << 20)

    with pytest.raises(BordersTooLarge):
        read_borders(packed({"a.shp": b"0" * (2 << 20)}))
    with pytest.raises(BordersTooLarge):
        read_borders(packed({f"{n}.txt": b"" for n in range(archives.MOST_MEMBERS + 1)}))


def test_more_areas_than_anybody_can_work_with_are_refused():
    one = feature(shapely.box(0, 0, 1, 1))

    with pytest.raises(TooManyBorders):
        read_borders(geojson(*([one] * 3_001)))


@given(st.binary(max_size=400), st.sampled_from([b"", b"{", b"<", b"PK\x03\x04"]))
def test_whatever_the_bytes_are_a_file_is_read_or_refused(data, start):
    with contextlib.suppress(BordersRefused):
        read_borders(start + data)


@given(st.integers(0, 2000), st.integers(0, 255), st.sampled_from(sorted(BORDER_FORMATS)))
def test_a_damaged_file_is_read_or_refused(position, byte, kind):
    data = bytearray(write_borders([square(-71.3, -29.9)], kind))
    data[position % len(data)] = byte

    with contextlib.suppress(BordersRefused):
        read_borders(bytes(data))


# -- what is odd


def found(areas):
    sound, findings = mended(areas)
    return sound, [(one.fault, one.zone, one.other) for one in findings]


def test_a_border_that_crosses_itself_is_read_as_what_it_encloses_and_told_with_where():
    bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])

    (sound,), (finding,) = mended([Area("Moño", bow, "")])

    assert finding == BorderFinding(BorderFault.SELF_CROSSING, "Moño", at=(1.0, 1.0))
    assert shapely.area(sound.shape) == pytest.approx(2.0)


def test_holes_and_overlaps_and_lines_are_told():
    hollow = shapely.Polygon(
        shapely.box(10, 0, 12, 2).exterior.coords, [shapely.box(11, 1, 11.5, 1.5).exterior.coords]
    )
    line = shapely.Polygon([(5, 5), (6, 6), (5, 5)])
    areas = [
        square(0, 0, 1, "A"),
        square(0.5, 0, 1, "B"),
        Area("C", hollow, ""),
        Area("D", line, ""),
    ]

    sound, told = found(areas)

    assert [one.name for one in sound] == ["A", "B", "C"]
    assert (BorderFault.OVERLAP, "A", "B") in told
    assert (BorderFault.HOLE, "C", "") in told
    assert (BorderFault.NO_AREA, "D", "") in told


def test_neighbours_that_only_share_a_border_do_not_overlap():
    assert found([square(0, 0, 1, "A"), square(1, 0, 1, "B")])[1] == []


def test_areas_without_name_or_with_the_same_get_one_of_their_own():
    sound, _ = found([square(0, 0, 1, ""), square(2, 0, 1, "A"), square(4, 0, 1, "A")])

    assert [one.name for one in sound] == ["Zona 1", "A", "A (2)"]


def test_clients_belong_to_the_first_area_that_holds_them_and_the_others_are_counted():
    hollow = shapely.Polygon(
        shapely.box(0, 0, 4, 4).exterior.coords, [shapely.box(1, 1, 2, 2).exterior.coords]
    )
    areas, findings = mended([Area("A", hollow, ""), square(3, 3, 3, "B"), square(50, 0, 1, "C")])
    degrees = np.array([[0.5, 0.5], [3.5, 3.5], [5.0, 5.0], [1.5, 1.5], [40.0, 40.0]])

    inside = area_of(areas, degrees)

    assert inside.tolist() == [0, 0, 1, NO_AREA, NO_AREA]
    assert [
        (one.fault, one.clients, one.count) for one in counted(findings, areas, inside, degrees)
    ] == [
        (BorderFault.OUTSIDE, 2, 0),
        (BorderFault.OVERLAP, 1, 0),
        (BorderFault.HOLE, 1, 0),
        (BorderFault.EMPTY, 0, 1),
    ]


def test_a_finding_survives_its_row():
    one = BorderFinding(BorderFault.OVERLAP, "A", other="B", clients=3, at=(1.0, 2.0), count=4)

    assert BorderFinding.from_json(json.loads(json.dumps(one.as_json()))) == one
