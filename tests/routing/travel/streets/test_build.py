"""Building packs: what can't be used is refused with a reason, and never harms a pack in use."""

import gzip

import pytest

from routing.errors import BrokenPack, UnusableExtract
from routing.travel.streets import BuildStep, StreetTravel, build_pack, read_info
from routing.travel.times import Profile
from tests.routing.travel.towns import Town, at, grid


@pytest.fixture
def extract(tmp_path):
    """The extract of a town of nine blocks."""
    return grid(4, 4).write(tmp_path / "nine-blocks.osm")


@pytest.fixture
def pack_in_use(tmp_path, extract):
    """A whole pack, already built."""
    build_pack(extract, tmp_path / "city", with_basemap=False)
    return tmp_path / "city"


def files_of(folder):
    """Return every file below a folder with its bytes."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}


def test_a_pack_says_what_it_is(pack_in_use):
    info = read_info(pack_in_use)

    assert info.name == "city"
    assert info.extract == "nine-blocks.osm"
    assert info.segment_count == 24
    assert info.street_km == pytest.approx(2.4)
    assert info.main_share == {"motorcycle": 1.0, "car": 1.0, "foot": 1.0}
    assert info.attribution == "© OpenStreetMap contributors"
    south, west, north, east = info.bounds
    assert (south, west) == pytest.approx(at(0, 0), abs=1e-6)
    assert (north, east) == pytest.approx(at(300, 300), abs=1e-6)


def test_progress_names_every_step_in_order(extract, tmp_path):
    steps = []

    build_pack(extract, tmp_path / "city", lambda step, count: steps.append(step))

    assert list(dict.fromkeys(steps)) == list(BuildStep)


def test_the_same_extract_gives_the_same_version(extract, tmp_path):
    first = build_pack(extract, tmp_path / "city", with_basemap=False).version

    assert build_pack(extract, tmp_path / "city", with_basemap=False).version == first


def test_another_extract_gives_another_version_and_name(extract, tmp_path):
    first = build_pack(extract, tmp_path / "city", with_basemap=False).version
    town = grid(4, 4)
    town.ways[0][1]["oneway"] = "yes"
    town.write(extract)

    assert build_pack(extract, tmp_path / "city", with_basemap=False).version != first
    assert StreetTravel(tmp_path / "city").name.startswith("streets:city@")


def test_a_compressed_extract_is_read_too(extract, tmp_path):
    squeezed = tmp_path / "town.osm.gz"
    squeezed.write_bytes(gzip.compress(extract.read_bytes()))

    assert build_pack(squeezed, tmp_path / "city", with_basemap=False).segment_count == 24


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("missing.osm.pbf", None, "no such file"),
        ("empty.osm.pbf", b"", "empty"),
        ("report.pdf", b"%PDF-1.7", "expected a file ending in"),
        ("broken.osm.pbf", b"\x00\x00\x00\x0e garbage that is no pbf", "not readable"),
        ("zeros.osm.pbf", bytes(4096), "not readable"),
        ("page.osm", b"<html><body>not found</body></html>", "not readable|no street"),
        ("torn.osm", b'<osm version="0.6"><node id="1" lat="1"', "not readable"),
        ("torn.osm.gz", b"\x1f\x8b\x08\x00torn", "not readable"),
        ("nothing.osm", b'<osm version="0.6"></osm>', "no street"),
    ],
)
def test_what_is_not_a_map_is_refused_and_the_pack_in_use_stays(
    tmp_path, pack_in_use, name, content, reason
):
    before = files_of(pack_in_use)
    if content is not None:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(UnusableExtract, match=reason) as refusal:
        build_pack(tmp_path / name, pack_in_use, with_basemap=False)

    assert refusal.value.path == tmp_path / name
    assert files_of(pack_in_use) == before
    assert not list(tmp_path.glob(".city-*"))


@pytest.mark.parametrize("name", ["world.osm.pbf", "world.osm.gz", "world.osm.bz2", "world.osm"])
def test_a_file_beyond_the_memory_of_the_machine_is_refused_at_once(tmp_path, pack_in_use, name):
    before = files_of(pack_in_use)
    with (tmp_path / name).open("wb") as file:
        file.truncate(8_000_000_000_000)  # a hole: it takes no room

    with pytest.raises(UnusableExtract, match=r"too large: it needs about .* GB of memory"):
        build_pack(tmp_path / name, pack_in_use, with_basemap=False)
    assert files_of(pack_in_use) == before


def test_a_folder_is_not_a_map(tmp_path):
    (tmp_path / "folder.osm").mkdir()

    with pytest.raises(UnusableExtract, match="no such file"):
        build_pack(tmp_path / "folder.osm", tmp_path / "city", with_basemap=False)


def test_a_map_cut_in_the_middle_is_refused(tmp_path, extract):
    torn = tmp_path / "torn.osm"
    torn.write_bytes(extract.read_bytes()[:-300])

    with pytest.raises(UnusableExtract, match="not readable"):
        build_pack(torn, tmp_path / "city", with_basemap=False)
    assert not (tmp_path / "city").exists()


def test_a_map_without_streets_for_vehicles_is_refused(tmp_path):
    town = Town()
    town.node("A", 0, 0)
    town.node("B", 100, 0)
    town.street("A B", highway="footway")

    with pytest.raises(UnusableExtract, match="no street for vehicles"):
        build_pack(town.write(tmp_path / "park.osm"), tmp_path / "city", with_basemap=False)


def test_a_map_whose_streets_lead_nowhere_is_refused(tmp_path):
    town = Town()
    town.node("A", 0, 0)
    town.node("B", 100, 0)
    town.street("A B", oneway="yes")

    with pytest.raises(UnusableExtract, match="don't connect for motorcycle"):
        build_pack(town.write(tmp_path / "ramp.osm"), tmp_path / "city", with_basemap=False)


def test_a_place_that_can_not_be_written_is_named(tmp_path, extract):
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(BrokenPack, match="can't be written"):
        build_pack(extract, tmp_path / "file" / "city", with_basemap=False)


def test_a_new_build_takes_the_place_of_the_old_one(tmp_path, pack_in_use):
    larger = grid(6, 6).write(tmp_path / "larger.osm")

    build_pack(larger, pack_in_use, with_basemap=False)

    assert read_info(pack_in_use).segment_count == 60
    assert not list(tmp_path.glob(".city-*"))


def test_travel_that_is_open_goes_on_while_its_pack_is_replaced(tmp_path, pack_in_use):
    travel = StreetTravel(pack_in_use)
    points = [at(0, 0), at(300, 300)]
    before = travel.matrix(points, Profile.MOTORCYCLE).seconds[0, 1]

    build_pack(grid(2, 2, 50).write(tmp_path / "smaller.osm"), pack_in_use, with_basemap=False)

    assert travel.matrix(points, Profile.MOTORCYCLE).seconds[0, 1] == before


def test_travel_whose_pack_was_replaced_before_first_use_answers_over_its_own_map(
    tmp_path, pack_in_use
):
    travel, points = StreetTravel(pack_in_use), [at(0, 0), at(300, 300)]

    build_pack(grid(2, 2, 50).write(tmp_path / "smaller.osm"), pack_in_use, with_basemap=False)

    assert travel.matrix(points, Profile.FOOT).metres[0, 1] == pytest.approx(600, abs=2)
    renewed = StreetTravel(pack_in_use)
    assert renewed.matrix([at(0, 0), at(50, 50)], Profile.FOOT).metres[0, 1] == pytest.approx(
        100, abs=2
    )
