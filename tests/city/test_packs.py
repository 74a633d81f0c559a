"""Which city is in use, and its map."""

import gzip

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


def test_the_configured_city_comes_before_the_chosen_one(instance):
    use_pack(instance, "town")

    assert pack_in_use(instance, "other") == instance / "cities" / "other"


def test_a_city_that_was_not_built_is_refused_and_the_one_in_use_stays(instance):
    use_pack(instance, "town")

    with pytest.raises(NoSuchCity):
        use_pack(instance, "nowhere")

    assert pack_in_use(instance, "").name == "town"


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


def test_without_a_city_there_is_no_map(client_as):
    assert client_as(Role.COLLECTOR).get("/ciudad/base.pmtiles").status_code == 404
