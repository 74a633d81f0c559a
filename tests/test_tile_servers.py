"""Pictures of a tile server instead of the city's file; never those of volunteers."""

import re
from pathlib import Path

import pytest

from collector_app.core.actor import Role
from collector_app.web import maps
from config import Config
from tests.conventions import files

ROOT = Path(__file__).parent.parent
TILES = "https://tiles.example/streets/{z}/{x}/{y}.png"
# A server of tiles, of OpenStreetMap or of the communities that draw its data.
HOST = re.compile(
    r"(tile[\w.-]*\.|[abc]\.|//)(openstreetmap\.(org|de|fr)|osm\.org)/(\{z\}|\d)", re.I
)
SOURCES = {".py", ".js", ".html", ".css", ".toml", ".json"}


@pytest.fixture
def set_tiles(app, monkeypatch):
    def set_to(url, credit="© Mapas Ejemplo"):
        monkeypatch.setitem(app.config, "TILE_URL", url)
        monkeypatch.setitem(app.config, "TILE_ATTRIBUTION", credit)

    return set_to


@pytest.fixture
def configured(monkeypatch):
    monkeypatch.setenv("COLLECTOR_SECRET_KEY", "x" * 32)

    def with_url(url):
        monkeypatch.setenv("COLLECTOR_TILE_URL", url)
        return Config().TILE_URL

    return with_url


@pytest.mark.parametrize("url", ["", TILES, "http://127.0.0.1:8080/{z}/{x}/{y}.png?key=1"])
def test_no_server_and_servers_of_ones_own_are_taken(configured, url):
    assert configured(url) == url


@pytest.mark.parametrize(
    "host",
    [
        "tile.openstreetmap.org",
        "a.tile.openstreetmap.org",
        "TILE.openstreetmap.org",
        "tile.openstreetmap.org:443",
        "tile.openstreetmap.de",
        "a.tile.openstreetmap.fr",
        "tile.osm.org",
    ],
)
def test_servers_of_volunteers_are_refused_and_the_way_out_is_told(configured, host):
    with pytest.raises(RuntimeError, match=r"openstreetmap|osm|one host") as refused:
        configured(f"https://{host}/{{z}}/{{x}}/{{y}}.png")

    assert "COLLECTOR_TILE_URL" in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example/{z}/{x}.png",
        "javascript:alert(1)//{z}{x}{y}",
        "https://tiles.example; script-src */{z}/{x}/{y}.png",
        "https://me:secret@tiles.example/{z}/{x}/{y}.png",
    ],
)
def test_what_is_no_address_of_tiles_is_refused(configured, url):
    with pytest.raises(RuntimeError, match="COLLECTOR_TILE_URL"):
        configured(url)


def test_with_a_tile_server_maps_use_it_and_say_whose_it_is(app, set_tiles):
    set_tiles(TILES)
    with app.test_request_context():
        parts = maps.embed(maps.new_map(name="x", points=[(1.0, 2.0)]))
        script = parts.script
        drawn = maps.drawing(path=[], kind="route", places=[], stops=[])

    assert TILES.replace("{", "\\u007b").replace("}", "\\u007d") in script
    assert "protomaps" not in parts.head
    assert drawn["streets"]["tiles"] == TILES
    assert drawn["manners"]["attribution"] == {"text": "© Mapas Ejemplo", "url": ""}


def test_pictures_may_come_from_that_server_and_from_no_other(client_as, set_tiles):
    client = client_as(Role.ADMIN)
    before = client.get("/usuarios").headers["Content-Security-Policy"]
    set_tiles(TILES)
    after = client.get("/usuarios").headers["Content-Security-Policy"]

    assert "tiles.example" not in before
    assert "img-src 'self' data: blob: https://tiles.example;" in after
    assert after.count("tiles.example") == 1


def test_the_policy_lets_our_own_worker_and_manifest_in_alone(anonymous):
    policy = anonymous.get("/entrar").headers["Content-Security-Policy"]

    assert "worker-src 'self';" in policy
    assert "manifest-src 'self';" in policy


def test_no_file_of_ours_names_a_tile_server_of_openstreetmap():
    guilty = [
        path.relative_to(ROOT)
        for path in files.tracked_files(ROOT)
        if path.suffix in SOURCES and path.name != Path(__file__).name and path.is_file()
        if HOST.search(path.read_text())
    ]

    assert guilty == []


@pytest.mark.parametrize(
    "text",
    [
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        "//a.tile.openstreetmap.org/12/1/1.png",
        "https://tile.openstreetmap.de/{z}",
    ],
)
def test_such_a_name_is_found(text):
    assert HOST.search(text)
    assert not HOST.search("https://www.openstreetmap.org/copyright")
