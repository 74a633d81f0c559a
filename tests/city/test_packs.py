"""Which city is in use, and its map."""

import gzip
import os
import shutil

import pytest

from collector_app.city.packs import (
    BadCityName,
    NoSuchCity,
    base_map,
    built_packs,
    pack_folder,
    pack_in_use,
    use_pack,
)
from collector_app.core.actor import Role
from routing.travel.streets.build import build_pack

# Two streets that cross, each ridden both ways.
TOWN = """<osm version="0.6">
<node id="1" lat="-29.900" lon="-71.250"/><node id="2" lat="-29.901" lon="-71.250"/>
<node id="3" lat="-29.902" lon="-71.250"/><node id="4" lat="-29.901" lon="-71.251"/>
<node id="5" lat="-29.901" lon="-71.249"/>
<way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/>
<tag k="highway" v="residential"/><tag k="name" v="Norte"/></way>
<way id="11"><nd ref="4"/><nd ref="2"/><nd ref="5"/>
<tag k="highway" v="residential"/><tag k="name" v="Sur"/></way>
</osm>"""


@pytest.fixture
def instance(tmp_path):
    """An instance folder with one town, built and not yet chosen."""
    extract = tmp_path / "town.osm.gz"
    extract.write_bytes(gzip.compress(TOWN.encode()))
    (tmp_path / "cities").mkdir()
    build_pack(extract, pack_folder(tmp_path, "town"), with_basemap=False)
    return tmp_path


def test_before_anybody_chooses_no_city_is_in_use(instance):
    assert pack_in_use(instance, "") is None


def test_the_chosen_city_is_in_use(instance):
    use_pack(instance, "town")

    assert pack_in_use(instance, "") == instance / "cities" / "town"


def test_the_choice_can_be_read_by_a_server_that_runs_as_another_user(instance):
    use_pack(instance, "town")

    mode = (instance / "cities" / "in_use").stat().st_mode & 0o777
    assert mode == 0o644


def test_the_configured_city_comes_before_the_chosen_one(instance):
    use_pack(instance, "town")

    assert pack_in_use(instance, "other") == instance / "cities" / "other"


def test_a_city_that_was_not_built_is_refused_and_the_one_in_use_stays(instance):
    use_pack(instance, "town")

    with pytest.raises(NoSuchCity):
        use_pack(instance, "nowhere")

    assert pack_in_use(instance, "").name == "town"


def test_a_pack_whose_copy_broke_off_is_refused_and_the_one_in_use_stays(instance):
    use_pack(instance, "town")
    half = instance / "cities" / "half"
    shutil.copytree(instance / "cities" / "town", half)
    shutil.rmtree(half / "arrays")

    with pytest.raises(NoSuchCity):
        use_pack(instance, "half")

    assert pack_in_use(instance, "").name == "town"


def test_a_pack_whose_folder_was_renamed_is_listed_by_the_name_to_use_it_with(instance):
    (instance / "cities" / "town").rename(instance / "cities" / "pueblo")

    assert [pack.name for pack in built_packs(instance)] == ["pueblo"]
    assert use_pack(instance, "pueblo").name


@pytest.mark.parametrize("name", ["", "../etc", "Town", "a/b", ".hidden", "x" * 41])
def test_a_name_that_could_leave_the_folder_is_refused(instance, name):
    with pytest.raises(BadCityName):
        pack_folder(instance, name)


def test_a_broken_pack_is_not_listed(instance):
    (instance / "cities" / "half").mkdir()

    assert [pack.name for pack in built_packs(instance)] == ["town"]


def test_a_pack_without_a_map_has_none_to_draw(instance):
    assert base_map(pack_folder(instance, "town")) is None


def test_the_map_is_served_in_pieces_and_only_to_people_who_logged_in(
    client_as, anonymous, app, tmp_path
):
    folder = tmp_path / "cities" / "town"
    folder.mkdir(parents=True)
    (folder / "basemap.pmtiles").write_bytes(bytes(range(200)))
    (tmp_path / "cities" / "in_use").write_text("town")
    before, app.instance_path = app.instance_path, str(tmp_path)
    client = client_as(Role.COLLECTOR)

    with client.get("/ciudad/base.pmtiles", headers={"Range": "bytes=10-19"}) as piece:
        read = piece.data
    with client.get(
        "/ciudad/base.pmtiles", headers={"If-None-Match": piece.headers["ETag"]}
    ) as again:
        pass
    refused = anonymous.get("/ciudad/base.pmtiles")
    app.instance_path = before

    assert (piece.status_code, read) == (206, bytes(range(10, 20)))
    assert again.status_code == 304
    assert refused.status_code == 302


@pytest.fixture
def map_file(app, tmp_path):
    """A file of 200 bytes as the map of the city in use."""
    file = tmp_path / "cities" / "town" / "basemap.pmtiles"
    file.parent.mkdir(parents=True)
    file.write_bytes(bytes(range(200)))
    (tmp_path / "cities" / "in_use").write_text("town")
    before, app.instance_path = app.instance_path, str(tmp_path)
    yield file
    app.instance_path = before


def ask(client, method="GET", **headers):
    with client.open(MAP, method=method, headers=headers) as answer:
        return answer, answer.data


MAP = "/ciudad/base.pmtiles"
NOTHING, WHOLE = b"", bytes(range(200))


@pytest.mark.parametrize(
    ("ranges", "status", "told", "read"),
    [
        ("bytes=10-19", 206, "bytes 10-19/200", WHOLE[10:20]),
        ("bytes=190-", 206, "bytes 190-199/200", WHOLE[190:]),
        ("bytes=-5", 206, "bytes 195-199/200", WHOLE[195:]),
        ("bytes=199-500", 206, "bytes 199-199/200", WHOLE[199:]),
        ("bytes=0-1,5-6", 200, None, WHOLE),  # several pieces: the whole file instead
        ("pages=1-2", 200, None, WHOLE),
        ("bytes=x-y", 200, None, WHOLE),
    ],
)
def test_a_piece_of_the_map_is_what_was_asked_for(client_as, map_file, ranges, status, told, read):
    answer, data = ask(client_as(Role.COLLECTOR), Range=ranges)

    assert (answer.status_code, answer.headers.get("Content-Range"), data) == (status, told, read)


def test_a_piece_beyond_the_end_of_the_map_is_refused(client_as, map_file):
    answer, _ = ask(client_as(Role.COLLECTOR), Range="bytes=200-")

    assert answer.status_code == 416


def test_a_piece_of_a_map_that_was_replaced_is_the_whole_new_one(client_as, map_file):
    client = client_as(Role.COLLECTOR)
    piece, _ = ask(client, Range="bytes=0-1")
    tag = piece.headers["ETag"]

    same, _ = ask(client, **{"Range": "bytes=0-1", "If-Range": tag})
    map_file.write_bytes(WHOLE[::-1])
    other, data = ask(client, **{"Range": "bytes=0-1", "If-Range": tag})

    assert same.status_code == 206
    assert (other.status_code, data) == (200, WHOLE[::-1])
    assert other.headers["ETag"] != tag


def test_the_same_map_written_again_keeps_its_tag_and_address(app, client_as, map_file):
    client = client_as(Role.COLLECTOR)
    before, _ = ask(client)
    map_file.write_bytes(WHOLE)
    os.utime(map_file, ns=(1, 1))

    after, data = ask(client, **{"If-None-Match": before.headers["ETag"]})

    assert (after.status_code, data) == (304, NOTHING)


def test_the_size_of_the_map_is_told_without_sending_it(client_as, map_file):
    answer, data = ask(client_as(Role.COLLECTOR), method="HEAD")

    assert (answer.status_code, answer.headers["Content-Length"], data) == (200, "200", NOTHING)
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_without_a_city_there_is_no_map(client_as):
    assert client_as(Role.COLLECTOR).get("/ciudad/base.pmtiles").status_code == 404
