"""Opening packs: a broken one says what is wrong with it."""

import json

import pytest

from routing.errors import BrokenPack, TravelTimesUnavailable
from routing.travel import open_travel
from routing.travel.streets import StreetTravel, build_pack, read_info
from routing.travel.times import Profile
from tests.routing.travel.towns import at, grid


@pytest.fixture
def pack(tmp_path):
    """A whole pack."""
    build_pack(grid(4, 4).write(tmp_path / "town.osm"), tmp_path / "city", with_basemap=False)
    return tmp_path / "city"


def test_a_pack_is_opened_by_its_specification(pack):
    travel = open_travel({"provider": "streets", "pack": str(pack)})

    matrix = travel.matrix([at(0, 0), at(300, 0)], Profile.MOTORCYCLE)
    assert matrix.source == "streets:city"
    assert not matrix.is_estimate
    assert travel.name.startswith("streets:city@")


def test_a_specification_without_pack_is_refused():
    with pytest.raises(TravelTimesUnavailable, match=r"travel\.pack"):
        open_travel({"provider": "streets"})


def test_a_folder_without_pack_is_named(tmp_path):
    with pytest.raises(BrokenPack, match="no city pack here") as refusal:
        StreetTravel(tmp_path / "nowhere")

    assert refusal.value.path == tmp_path / "nowhere"


def cut_short(file):
    file.write_bytes(file.read_bytes()[:-7])


def fill_with_text(file):
    file.write_text("not what it was")


@pytest.mark.parametrize("harm", [cut_short, fill_with_text, lambda file: file.unlink()])
@pytest.mark.parametrize(
    "file",
    [
        "pack.json",
        "arrays/network.ends.npy",
        "arrays/wheels.turn_s.npy",
        "arrays/walk_hierarchy.rank.npy",
    ],
)
def test_a_harmed_pack_is_refused(pack, file, harm):
    harm(pack / file)

    with pytest.raises(BrokenPack):
        StreetTravel(pack)


def test_a_pack_without_its_names_is_refused(pack):
    (pack / "street_names.txt").unlink()

    with pytest.raises(BrokenPack, match="incomplete"):
        StreetTravel(pack)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"format": 0}, "format"),
        ({"arrays": {}}, "incomplete"),
        ({"arrays": {"network.ends": ["<i4", [1, 2]]}}, "not what pack.json says"),
        ({"arrays": {"network.ends": ["<i8", [24, 2]]}}, "not what pack.json says"),
    ],
)
def test_a_pack_whose_description_does_not_fit_is_refused(pack, change, reason):
    meta = json.loads((pack / "pack.json").read_text("utf-8"))
    (pack / "pack.json").write_text(json.dumps(meta | change), "utf-8")

    with pytest.raises(BrokenPack, match=reason):
        StreetTravel(pack)


def test_a_description_that_lacks_a_field_names_it(pack):
    meta = json.loads((pack / "pack.json").read_text("utf-8"))
    del meta["bounds"]
    (pack / "pack.json").write_text(json.dumps(meta), "utf-8")

    with pytest.raises(BrokenPack, match="bounds"):
        read_info(pack)
