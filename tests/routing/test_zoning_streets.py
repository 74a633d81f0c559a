"""On the streets of a pack, a river is crossed only where a bridge does."""

from routing.travel.streets import build_pack
from routing.travel.streets.pack import open_pack
from routing.zoning import Ground, Place, propose
from tests.routing.travel.towns import Town, at

SIDE = 8
BLOCK_M = 100.0
RIVER_M = 150.0  # between the banks; nearer than many neighbours are


def banks() -> Town:
    """Two square towns face each other over a river, joined by one bridge at the south end."""
    town = Town()
    for bank in (0, 1):
        for column in range(SIDE):
            for row in range(SIDE):
                east = bank * ((SIDE - 1) * BLOCK_M + RIVER_M) + column * BLOCK_M
                town.node(f"{bank}-{column}-{row}", east, row * BLOCK_M)
        for i in range(SIDE):
            town.street(" ".join(f"{bank}-{i}-{row}" for row in range(SIDE)))
            town.street(" ".join(f"{bank}-{column}-{i}" for column in range(SIDE)))
    town.street(f"0-{SIDE - 1}-0 1-0-0")
    return town


def on_the_corners(town: Town) -> list[Place]:
    return [Place(name, point, 1.0) for name, (point, _) in town.nodes.items()]


def test_zones_do_not_reach_over_the_river(tmp_path):
    town = banks()
    build_pack(town.write(tmp_path / "town.osm"), tmp_path / "town", with_basemap=False)
    places = on_the_corners(town)

    zone_of = propose(places, 4, pack=open_pack(tmp_path / "town")).zone_of

    banks_of: dict[int, set[str]] = {}
    for place, zone in zone_of.items():
        banks_of.setdefault(zone, set()).add(place[0])
    assert all(len(found) == 1 for found in banks_of.values())


def test_the_only_neighbours_over_the_river_are_the_ends_of_the_bridge(tmp_path):
    town = banks()
    build_pack(town.write(tmp_path / "town.osm"), tmp_path / "town", with_basemap=False)

    ground = Ground(on_the_corners(town), pack=open_pack(tmp_path / "town"))

    first, near, _ = ground.units.borders
    name = {
        int(unit): one.id for one, unit in zip(ground.places, ground.units.unit_of, strict=True)
    }
    over = {
        (name[unit], name[int(other)])
        for unit in range(len(first) - 1)
        for other in near[first[unit] : first[unit + 1]]
        if name[unit][0] < name[int(other)][0]
    }
    assert over == {(f"0-{SIDE - 1}-0", "1-0-0")}


def test_a_place_far_from_every_street_has_a_zone(tmp_path):
    town = banks()
    build_pack(town.write(tmp_path / "town.osm"), tmp_path / "town", with_basemap=False)
    lost = Place("lost", at(-40_000, 0), 1.0)

    zoning = propose([*on_the_corners(town), lost], 3, pack=open_pack(tmp_path / "town"))

    assert zoning.zone_of["lost"] in {0, 1, 2}
    assert zoning.pieces == 1
