"""The pages of the zones in a real browser: maps draw, choices count, nothing is refused."""

import re
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
import shapely
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.studio.proposing import ProposalWish, draw_proposal
from collector_app.studio.rules import DivideAll
from collector_app.web import long_select
from collector_app.zones import maps
from collector_app.zones.services import record_proposal
from tests.browser.conftest import Finger
from tests.factories import make_client, make_user
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Santiago")
EVIL = '"><img src=x onerror=alert(1)>${alert(2)}`alert(3)`'


@pytest.fixture
def staff(session):
    return [make_user(session, full_name=name) for name in ("Ana Mena", "Luis Ortega")]


@pytest.fixture
def town(session, staff):
    """Two zones of twenty clients each, kilometres apart; one name is hostile."""
    up = [make_client(session, lat=-29.90 - n / 2000, lon=-71.25) for n in range(19)]
    up.append(make_client(session, lat=-29.91, lon=-71.255, name=EVIL))
    down = [make_client(session, lat=-29.96 - n / 2000, lon=-71.33) for n in range(20)]
    make_zone(session, up, staff[0], name="Zona 1 · Centro", colour="#007866")
    make_zone(session, down, name="Zona 2 · Puerto", colour="#7242f6")
    make_client(session, lat=None, lon=None)
    return up, down


@pytest.fixture
def proposal(session, town):
    drawing = draw_proposal(session, ProposalWish(DivideAll(2)), clock.now().date(), ZONE)
    return record_proposal(session, Actor.system("tests"), drawing)


def painted_pixels(page: Page, map_name: str) -> int:
    """How many pixels of the map's canvas are not empty: the clients are drawn there."""
    return page.get_by_role("region", name=map_name).evaluate(
        """map => {
            const canvas = map.querySelector("canvas");
            const box = canvas.getBoundingClientRect();
            if (!box.width || !box.height) return 0;
            const paint = canvas.getContext("2d");
            const { data } = paint.getImageData(0, 0, canvas.width, canvas.height);
            return data.filter((value, at) => at % 4 === 3 && value).length;
        }"""
    )


def complaints_of_axe(page: Page) -> str:
    found = Axe().run(page)
    return "" if not found.violations_count else found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_of_a_large_company_asks_for_its_clients_and_paints_them(
    desk, town, scheme, monkeypatch
):
    monkeypatch.setattr(maps, "MOST_NAMED_DOTS", 10)
    page = desk(Role.DISPATCHER)
    page.emulate_media(color_scheme=scheme)
    page.goto("/zonas")

    expect(page.locator("[data-clients='40']")).to_be_visible()
    assert painted_pixels(page, "Mapa de las zonas de hoy") > 40 * 20
    assert complaints_of_axe(page) == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_of_today_draws_zones_and_clients(desk, town, scheme):
    page = desk(Role.DISPATCHER)
    page.emulate_media(color_scheme=scheme)
    page.goto("/zonas")

    drawn = page.get_by_role("region", name="Mapa de las zonas de hoy")
    expect(drawn.locator("path.zone")).to_have_count(2)
    expect(drawn.get_by_text("Zona 1", exact=True)).to_be_visible()
    assert painted_pixels(page, "Mapa de las zonas de hoy") > 40 * 20
    assert complaints_of_axe(page) == ""


def test_a_name_on_the_map_is_text(desk, town):
    up, _down = town
    page = desk(Role.DISPATCHER)
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto("/zonas")

    page.evaluate(
        """() => {
            const map = [...fieldMap.maps.keys()][0];
            const dots = [];
            map.eachLayer((layer) => layer.getRadius && dots.push(layer));
            dots[19].openPopup();
        }"""
    )

    expect(page.locator(".leaflet-popup")).to_contain_text(EVIL)
    link = page.locator(".leaflet-popup a", has_text="Ver al cliente")
    expect(link).to_have_attribute("href", f"/cartera/{up[19].id}")
    assert said == []


def test_names_of_many_zones_do_not_cover_each_other_and_come_back_where_there_is_room(
    desk, session
):
    for n in range(36):
        lat, lon = -29.90 - n // 6 / 2000, -71.25 + n % 6 / 2000
        make_zone(
            session,
            [make_client(session, lat=lat, lon=lon)],
            name=f"Zona {n + 1} · Centro",
            outline=shapely.geometry.mapping(shapely.box(lon, lat, lon + 0.0004, lat + 0.0004)),
        )
    page = desk(Role.DISPATCHER)
    page.goto("/zonas")
    shown = page.locator(".zone-name:not(.without-room)")
    hidden = page.locator(".zone-name.without-room")
    expect(hidden).not_to_have_count(0)

    boxes = [one.bounding_box() for one in shown.all()]
    assert boxes
    for one, other in combinations(boxes, 2):
        assert (
            one["x"] + one["width"] <= other["x"]
            or other["x"] + other["width"] <= one["x"]
            or one["y"] + one["height"] <= other["y"]
            or other["y"] + other["height"] <= one["y"]
        )

    few = shown.count()
    page.get_by_role("button", name="Acercar").click()
    expect(shown).not_to_have_count(few)
    assert shown.count() > few


def test_the_name_in_the_table_shows_the_zone_on_the_map(desk, town):
    page = desk(Role.SUPERVISOR)
    page.goto("/zonas")

    page.get_by_role("link", name="Zona 2").press("Enter")

    expect(page.locator(".leaflet-popup")).to_contain_text("Puerto")
    expect(page.locator(".leaflet-popup")).to_contain_text("20 clientes")


def test_the_form_is_found_and_sent_with_the_keyboard(desk, town):
    page = desk(Role.DISPATCHER)
    page.goto("/zonas")

    page.get_by_role("link", name="Proponer zonas").press("Enter")
    page.get_by_label("¿Cuántas zonas?").fill("0")
    page.get_by_label("¿Cuántas zonas?").press("Enter")

    assert not page.get_by_label("¿Cuántas zonas?").evaluate("field => field.validity.valid")
    assert page.url.endswith("/zonas/proponer")
    assert complaints_of_axe(page) == ""


def test_a_line_is_drawn_on_the_map_and_kept_as_text(desk, town):
    page = desk(Role.DISPATCHER)
    page.goto("/zonas/proponer")
    page.get_by_role("button", name="Dibujar una línea que no se cruza").click()
    box = page.locator("#map .map").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 160, steps=6)
    page.mouse.move(box["x"] + 200, box["y"] + 120, steps=6)
    page.mouse.up()

    lines = page.get_by_label("Líneas que no se cruzan, una por renglón")
    expect(lines).to_have_value(re.compile(r"^Línea 1: (-?[0-9.]+,-?[0-9.]+ ?){3,}$"))
    expect(page.locator("path.barrier")).to_have_count(1)
    assert page.locator("#map .map").get_attribute("class").count("drawing") == 0

    lines.fill(lines.input_value() + "\nCanal: -29.90,-71.25 -29.95,-71.30")
    expect(page.locator("path.barrier")).to_have_count(2)
    lines.fill("")
    expect(page.locator("path.barrier")).to_have_count(0)


WHERE = """() => { const [map] = window.fieldMap.maps.keys();
  return `${map.getZoom()} ${map.getCenter()}`; }"""


def test_a_finger_draws_a_line_and_the_map_stays_where_it_is(tablet, town):
    page = tablet(Role.DISPATCHER)
    page.goto("/zonas/proponer")
    button = page.get_by_role("button", name="Dibujar una línea que no se cruza")
    button.scroll_into_view_if_needed()
    button.tap()
    chart = page.locator("#map .map")
    chart.scroll_into_view_if_needed()
    assert button.bounding_box()["height"] >= 48
    assert "none" in chart.evaluate("map => getComputedStyle(map).touchAction")
    box, before = chart.bounding_box(), page.evaluate(WHERE)
    x, y = box["x"] + 100, box["y"] + 100

    Finger(page).draw((x, y), (x + 60, y + 120), (x + 160, y + 20))

    lines = page.get_by_label("Líneas que no se cruzan, una por renglón")
    expect(lines).to_have_value(re.compile(r"^Línea 1: (-?[0-9.]+,-?[0-9.]+ ?){3,}$"))
    expect(page.locator("path.barrier")).to_have_count(1)
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    assert page.evaluate(WHERE) == before

    Finger(page).draw((x, y), (x + 60, y + 120))
    page.wait_for_function(f"before => ({WHERE})() !== before", arg=before)
    assert lines.input_value().count("Línea") == 1


def test_a_touch_that_the_system_takes_away_leaves_no_line(tablet, town):
    page = tablet(Role.DISPATCHER)
    page.goto("/zonas/proponer")
    button = page.get_by_role("button", name="Dibujar una línea que no se cruza")
    button.tap()
    chart = page.locator("#map .map")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    x, y = box["x"] + 100, box["y"] + 100
    finger = Finger(page)

    finger.touch((x, y))
    expect(page.locator("path.barrier")).to_have_count(1)
    finger.cancel()

    expect(page.locator("path.barrier")).to_have_count(0)
    expect(page.get_by_label("Líneas que no se cruzan, una por renglón")).to_have_value("")
    expect(button).to_have_attribute("aria-pressed", "true")
    finger.draw((x, y), (x + 90, y + 60))
    expect(page.get_by_label("Líneas que no se cruzan, una por renglón")).not_to_have_value("")


def test_a_collector_is_put_in_charge_of_a_zone(desk, town):
    page = desk(Role.DISPATCHER)
    page.goto("/zonas")

    page.get_by_label("Gestor de Zona 2 · Puerto").select_option(label="Luis Ortega")
    page.get_by_role("button", name="Guardar gestores").click()

    expect(page.get_by_text("Se guardó quién atiende cada zona.")).to_be_visible()
    chosen = page.get_by_label("Gestor de Zona 2 · Puerto").evaluate(
        "list => list.selectedOptions[0].text"
    )
    assert chosen == "Luis Ortega"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_proposal_draws_both_maps(desk, proposal, scheme):
    page = desk(Role.DISPATCHER)
    page.emulate_media(color_scheme=scheme)
    page.goto(f"/zonas/propuestas/{proposal.id}")

    expect(page.locator("path.zone")).to_have_count(4)
    assert painted_pixels(page, "Mapa de las zonas de hoy") > 40 * 20
    assert painted_pixels(page, "Mapa de las zonas propuestas") > 40 * 20
    assert complaints_of_axe(page) == ""


def test_the_figures_follow_the_choice_and_the_proposal_is_accepted(desk, proposal):
    page = desk(Role.DISPATCHER)
    page.goto(f"/zonas/propuestas/{proposal.id}")
    moved = page.locator("#changes .kpi", has_text="Cambian de gestor").locator(".value")
    expect(moved).to_have_text("0")

    page.get_by_label("Gestor de Zona 1").select_option(label="Luis Ortega")
    expect(moved).to_have_text("20")
    page.get_by_label("Gestor de Zona 1").select_option(label="Ana Mena")
    expect(moved).to_have_text("0")

    page.get_by_role("button", name="Aceptar la propuesta").click()
    page.get_by_role("button", name="Sí").click()

    expect(page.get_by_text("Listo: quedan 2 zonas.")).to_be_visible()
    assert page.url.endswith("/zonas")


def test_a_supervisor_reads_a_proposal(desk, proposal):
    page = desk(Role.SUPERVISOR)
    page.goto(f"/zonas/propuestas/{proposal.id}")

    expect(page.locator("path.zone")).to_have_count(4)
    expect(page.locator("select")).to_have_count(0)
    assert complaints_of_axe(page) == ""


def test_the_pages_fit_a_narrow_window(desk, proposal):
    page = desk(Role.DISPATCHER)
    page.set_viewport_size({"width": 800, "height": 900})

    for address in ("/zonas", f"/zonas/propuestas/{proposal.id}"):
        page.goto(address)
        expect(page.locator(".map").first).to_be_visible()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 800


@pytest.mark.parametrize("way", ["keys", "mouse"])
def test_of_many_collectors_anybody_can_be_chosen(desk, session, town, monkeypatch, way):
    monkeypatch.setattr(long_select, "MOST_REPEATED", 2)
    make_user(session, full_name="Zulema Última")
    page = desk(Role.DISPATCHER)
    page.goto("/zonas")
    chosen = page.get_by_label("Gestor de Zona 1")
    before = chosen.input_value()

    if way == "keys":
        chosen.focus()
        page.keyboard.type("Zulema")
    else:
        chosen.click()
        page.keyboard.press("Escape")
        assert chosen.input_value() == before
        chosen.select_option(label="Zulema Última")
    assert complaints_of_axe(page) == ""
    page.get_by_role("button", name="Guardar gestores").click()

    expect(page.get_by_label("Gestor de Zona 1").locator("option[selected]")).to_have_text(
        "Zulema Última"
    )
