"""The phone without signal: a real Chromium, a real service worker, and the network really cut."""

import re
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from collector_app.core.actor import Role
from collector_app.offline import views
from collector_app.visits.models import Visit
from routing.travel.streets.basemap import build_basemap
from routing.travel.streets.extract import read_streets
from tests.browser.badge import badge
from tests.browser.test_maps import PIXELS, TOKEN
from tests.browser.test_phone_day import Thumb
from tests.city.test_packs import TOWN
from tests.factories import PASSWORD, make_client, make_user
from tests.phone.factories import make_route
from tests.zones.factories import make_zone

UNTIL_KEPT = """async path => {
  while (!(await caches.match(path))) await new Promise(resolve => setTimeout(resolve, 50));
}"""
NO_ANSWER = "ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to (load|fetch)"


@pytest.fixture
def city(app: Flask, tmp_path) -> Path:
    """A city in use, whose file can be replaced."""
    extract = tmp_path / "town.osm"
    extract.write_text(TOWN)
    before, app.instance_path = app.instance_path, str(tmp_path)
    folder = tmp_path / "cities" / "town"
    folder.mkdir(parents=True)
    file = folder / "basemap.pmtiles"
    build_basemap(extract, read_streets(extract), (-29.91, -71.26, -29.89, -71.24), file, "town")
    (folder.parent / "in_use").write_text("town")
    yield file
    app.instance_path = before


@pytest.fixture
def collector(session):
    return make_user(session, full_name="Luis Gestor")


@pytest.fixture
def stops(session, collector):
    clients = [
        make_client(session, name=name, lat=-29.9 - n / 1000, lon=-71.25)
        for n, name in enumerate(("María Hernández", "Beto Cortés"))
    ]
    make_zone(session, clients, collector)
    return make_route(session, collector, clients)


@pytest.fixture
def page(phone, collector, stops, city, complaints) -> Page:
    """Today's list, with everything kept for a day without signal."""
    complaints.forgive(NO_ANSWER)
    page = phone(collector)
    page.goto("/phone/")
    ready(page)
    return page


def ready(page: Page) -> None:
    page.locator("#signal[data-ready=yes]").wait_for(state="attached")


def cut(page: Page) -> None:
    page.context.set_offline(True)


def caches(page: Page) -> list[str]:
    return page.evaluate("caches.keys()")


def count_visits(session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Visit))


def write_visit(page: Page) -> None:
    thumb = Thumb(page)
    thumb.tile("Nadie")
    thumb.tile("No estaba")
    page.get_by_label("Nota").fill("Perro bravo")
    thumb.on(".dock", "Guardar visita")


# --- pages


def test_every_page_of_today_opens_without_signal_and_says_how_old_it_is(page, stops):
    cut(page)
    first = f"/phone/parada/{stops[0].id}"
    pages = {
        "/phone/": "María Hernández",
        "/phone/?ver=all": "Beto Cortés",
        first: "Lo que debe",
        f"{first}/registrar": "¿Quién te atendió?",
        "/phone/mapa": "Siguiente",
    }

    for path, text in pages.items():
        page.goto(path)

        expect(page.get_by_text(text).first).to_be_visible()
        expect(page.get_by_text(re.compile(r"Sin señal: datos de las \d\d:\d\d"))).to_be_visible()


def test_the_turn_list_opens_without_signal(page, stops):
    cut(page)

    for path in ("/phone/ruta", f"/phone/parada/{stops[0].id}/como-llegar"):
        page.goto(path)
        expect(page.get_by_text("Sin señal: datos de las")).to_be_visible()
        expect(page.get_by_text("Esta página no está guardada")).to_have_count(0)


def test_the_map_has_streets_without_signal_and_can_be_moved(page):
    cut(page)
    page.goto("/phone/mapa")
    expect(page.locator(".mark.next")).to_have_text("1")
    page.locator("canvas.leaflet-tile-loaded").first.wait_for(state="attached")

    page.mouse.move(200, 400)
    page.mouse.down()
    page.mouse.move(120, 330, steps=5)
    page.mouse.up()
    page.wait_for_timeout(800)

    assert has_streets(page)
    expect(page.locator(".map-note")).to_have_count(0)


def has_streets(page: Page) -> bool:
    street = page.evaluate(TOKEN, "--map-street-edge")
    return page.evaluate(PIXELS).get(street, 0) > 50


def test_a_worker_paints_the_streets_so_that_the_page_hears_taps_meanwhile(page):
    page.goto("/phone/mapa")
    page.locator("canvas.leaflet-tile-loaded").first.wait_for(state="attached")

    assert [worker.url.split("?")[0].rpartition("/")[2] for worker in page.workers] == [
        "painter.js"
    ]
    assert page.evaluate("typeof protomapsL") == "undefined"
    assert has_streets(page)

    page.emulate_media(color_scheme="dark")  # painted anew in the colours of the night
    page.wait_for_timeout(800)
    assert has_streets(page)


def test_a_browser_that_leaves_no_canvas_to_a_worker_paints_the_streets_itself(page):
    page.add_init_script("delete HTMLCanvasElement.prototype.transferControlToOffscreen")
    page.goto("/phone/mapa")
    page.locator("canvas.leaflet-tile-loaded").first.wait_for(state="attached")
    page.wait_for_timeout(300)

    assert page.workers == []
    assert has_streets(page)


def test_what_is_said_about_signal_pushes_nothing_of_the_map_below_the_dock(page):
    cut(page)
    page.goto("/phone/mapa")
    expect(page.get_by_text("Sin señal: datos de las")).to_be_visible()

    dock = page.locator(".dock").bounding_box()
    credit = page.locator(".leaflet-control-attribution").bounding_box()
    chart = page.locator("#map").bounding_box()

    assert credit["y"] + credit["height"] <= dock["y"]
    assert chart["height"] > 500


def test_a_page_that_was_never_kept_says_so_instead_of_a_dinosaur(page):
    cut(page)

    page.goto("/phone/clientes")

    expect(page.get_by_text("Esta página no está guardada en este teléfono.")).to_be_visible()


@pytest.mark.parametrize("entry", ["Promesas", "Convenios", "Caja", "Cambiar contraseña"])
def test_entries_of_the_menu_that_need_signal_say_so_and_lead_back(page, entry):
    cut(page)
    page.get_by_label("Menú").tap()

    page.get_by_role("link", name=entry, exact=True).tap()

    expect(page.get_by_text("Esta página solo se abre con señal")).to_be_visible()
    page.get_by_role("link", name="Volver a mi ruta").tap()
    expect(page.get_by_text("María Hernández").first).to_be_visible()


@pytest.mark.parametrize(
    ("entry", "address"),
    [("Promesas", "/promesas"), ("Caja", "/caja"), ("Cambiar contraseña", "/contrasena")],
)
def test_with_signal_the_same_entries_open_their_pages(page, entry, address):
    page.get_by_label("Menú").tap()

    page.get_by_role("link", name=entry, exact=True).tap()

    page.wait_for_url(f"**{address}")
    expect(page.locator("main")).to_be_visible()
    cut(page)  # and from there, too
    page.get_by_label("Menú").tap()
    page.get_by_role("link", name="Mi ruta de hoy", exact=True).tap()
    expect(page.get_by_text("María Hernández").first).to_be_visible()


def filtered(page: Page, name: str) -> None:
    page.locator(".filters").get_by_role("link", name=name, exact=True).tap()
    current = page.locator(".filters [aria-current]")
    expect(current).to_have_text(name)
    expect(current).to_have_count(1)


def test_the_filters_of_the_list_work_without_signal_on_what_was_recorded_here(page, stops):
    cut(page)
    filtered(page, "Hechas")
    listed = page.locator("ol.stops > li:visible")
    expect(page.get_by_text("Todavía no registras visitas hoy.")).to_be_visible()
    expect(listed).to_have_count(0)
    page.goto(f"/phone/parada/{stops[0].id}/registrar")
    write_visit(page)
    expect(page.locator("li.done").first).to_be_visible()

    filtered(page, "Hechas")
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text("María Hernández")
    expect(page.get_by_text("Todavía no registras visitas hoy.")).to_have_count(1)
    expect(page.get_by_text("Todavía no registras visitas hoy.")).to_be_hidden()
    filtered(page, "Pendientes")
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text("Beto Cortés")
    filtered(page, "Todas")
    expect(listed).to_have_count(2)


def test_with_signal_the_newest_page_is_shown(page, session, stops):
    session.get(type(stops[0]), stops[0].id)
    page.goto("/phone/")

    expect(page.locator("[data-says=age]")).to_have_count(0)


def test_who_moves_on_quickly_does_not_fetch_again_what_is_kept(
    phone, collector, stops, city, app, monkeypatch
):
    answered = Event()
    record = app.view_functions["phone.record"]

    def slow(**where):
        answered.wait(20)
        return record(**where)

    monkeypatch.setitem(app.view_functions, "phone.record", slow)
    page = phone(collector)
    page.goto("/phone/")
    page.evaluate(UNTIL_KEPT, "/phone/mapa")
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/phone/ruta")
    answered.set()
    ready(page)

    assert any("/registrar" in url for url in asked)
    assert not [url for url in asked if url.endswith("/phone/mapa")]


def test_whatever_the_pages_load_is_kept(page, stops, app):
    """Open every page and compare what it asked for with the list of the service worker."""
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    first = f"/phone/parada/{stops[0].id}"
    for path in ("/phone/", first, f"{first}/registrar", "/phone/mapa", "/phone/ruta",
                 f"{first}/como-llegar"):  # fmt: skip
        page.goto(path)
        page.wait_for_load_state("networkidle")

    files = {url.split("/static/")[1].partition("?")[0] for url in asked if "/static/" in url}
    assert any(name.startswith("scripts/") for name in files)
    with app.test_request_context():
        kept = {
            url.split("/static/")[1].partition("?")[0]
            for url in views._shell()
            if "/static/" in url
        }

    assert files - kept == set()


def test_a_page_that_is_opened_again_asks_the_office_for_no_script(page):
    page.goto("/phone/")
    ready(page)
    page.goto("/phone/")
    asked: list[str] = []

    def note(answer):
        if not answer.from_service_worker:  # the office answered, the page or its worker
            asked.append(answer.url)

    page.context.on("response", note)
    page.goto("/phone/")
    page.wait_for_load_state("networkidle")

    assert any(url.endswith("/phone/") for url in asked)
    assert [url for url in asked if ".js" in url] == []


# --- the map's file


def test_the_map_is_fetched_whole_once_and_again_only_when_it_changed(page, city):
    whole: list[str] = []

    def note(request):
        is_of_page = request.service_worker is None  # which asks the server in the page's name
        if is_of_page and ".pmtiles" in request.url and "range" not in request.headers:
            whole.append(request.url)

    page.context.on("request", note)
    for _ in range(2):
        page.goto("/phone/")
        ready(page)
    assert whole == []

    city.write_bytes(city.read_bytes() + b"\0")
    page.goto("/phone/")
    ready(page)

    assert len(whole) == 1
    kept = page.evaluate("caches.open('city').then(c => c.keys()).then(k => k.map(r => r.url))")
    assert kept == whole


def test_parts_of_the_kept_map_are_answered_as_a_server_does(page, city):
    data = city.read_bytes()
    url = page.evaluate("caches.open('city').then(c => c.keys()).then(k => k[0].url)")
    page.reload()  # from here on the service worker answers
    cut(page)

    ask = """async ([url, range]) => {
      const answer = await fetch(url, range ? {headers: {Range: range}} : {});
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const told = answer.headers.get("Content-Range");
      return [answer.status, told, [...bytes.slice(0, 3)], bytes.length];
    }"""
    size = len(data)
    assert page.evaluate(ask, [url, "bytes=2-4"]) == [206, f"bytes 2-4/{size}", [*data[2:5]], 3]
    last = page.evaluate(ask, [url, f"bytes={size - 2}-{size + 9}"])
    assert last == [206, f"bytes {size - 2}-{size - 1}/{size}", [*data[-2:]], 2]
    assert page.evaluate(ask, [url, "bytes=-2"]) == last
    assert page.evaluate(ask, [url, f"bytes={size}-"])[:2] == [416, f"bytes */{size}"]
    assert page.evaluate(ask, [url, ""])[::3] == [200, size]
    assert page.evaluate(ask, [url, "bytes=0-1,4-5"])[::3] == [200, size]


def test_a_phone_without_space_says_so_and_the_page_works(phone, collector, stops, city):
    page = phone(collector)
    page.add_init_script(
        "Cache.prototype.put = () => Promise.reject(new DOMException('', 'QuotaExceededError'))"
    )

    page.goto("/phone/")

    expect(page.get_by_text("Este teléfono no tiene espacio")).to_be_visible()
    expect(page.get_by_text("María Hernández").first).to_be_visible()


def test_a_phone_without_space_says_so_on_its_very_first_page(page, collector, stops):
    """Before the worker has taken over, the page keeps itself: that, too, needs space."""
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.unregister())")
    page.add_init_script(
        "Cache.prototype.put = () => Promise.reject(new DOMException('', 'QuotaExceededError'));"
        "Object.defineProperty(ServiceWorkerContainer.prototype, 'controller', {get: () => null});"
    )

    page.goto("/phone/")

    expect(page.get_by_text("Este teléfono no tiene espacio")).to_be_visible()


# --- a visit


def test_a_visit_without_signal_is_saved_and_goes_out_when_the_signal_is_back(page, session, stops):
    page.goto(f"/phone/parada/{stops[0].id}/registrar")
    cut(page)

    write_visit(page)

    expect(page.get_by_text("Guardado: No estaba.")).to_be_visible()
    expect(badge(page)).to_have_text("Sin señal: 1 guardada")
    assert count_visits(session) == 0

    page.context.set_offline(False)

    expect(badge(page)).to_have_text("Todo enviado")
    assert count_visits(session) == 1
    assert session.scalars(select(Visit.note)).one() == "Perro bravo"


def test_two_visits_saved_without_signal_have_numbers_of_their_own(page, session, stops):
    cut(page)
    for stop in stops:
        page.goto(f"/phone/parada/{stop.id}/registrar")
        write_visit(page)
        expect(page.get_by_text("Guardado: No estaba.")).to_be_visible()
    page.goto(f"/phone/parada/{stops[0].id}/registrar")
    expect(page.get_by_text("Ya guardaste una visita a esta parada")).to_be_visible()

    page.context.set_offline(False)

    expect(badge(page)).to_have_text("Todo enviado")
    assert count_visits(session) == 2


def test_the_map_shows_which_visits_wait_for_signal(page, stops):
    cut(page)
    page.goto(f"/phone/parada/{stops[1].id}/registrar")
    write_visit(page)
    expect(page.get_by_text("Guardado: No estaba.")).to_be_visible()

    page.goto("/phone/mapa")

    expect(page.locator(".mark.draft")).to_have_text("2")


def test_an_answer_that_was_lost_leaves_one_visit_and_no_draft(page, session, stops, collector):
    """The office stored it; the phone heard nothing. It asks, and sends nothing twice."""
    page.goto(f"/phone/parada/{stops[0].id}/registrar")
    write_visit(page)
    expect(page.get_by_text("Guardado")).to_be_visible()
    expect(badge(page)).to_have_text("Todo enviado")
    assert count_visits(session) == 1
    uuid = session.scalars(select(Visit.uuid)).one()
    draft = f'{{"uuid":"{uuid}","path":"/x","title":"María","at":"1","tried":"1","fields":[]}}'
    page.evaluate("([k, d]) => localStorage.setItem(k, d)", [f"draft:{collector.id}:{uuid}", draft])

    page.goto("/phone/")
    ready(page)

    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('draft:'))") == []


# --- people


def somebody_else(session):
    session.rollback()  # what this test has read is older than what the server wrote since
    other = make_user(session, Role.COLLECTOR, full_name="Eva Nueva")
    session.commit()
    return other


def log_in_on_the_page(page: Page, username: str) -> None:
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/phone/")


def log_out(page: Page) -> None:
    page.get_by_label("Menú").tap()
    page.get_by_role("button", name="Salir").tap()
    page.wait_for_url("**/entrar*")


def test_who_logs_out_leaves_nothing_personal_on_the_phone(page, stops):
    assert any(name.startswith("sealed-") for name in caches(page))

    log_out(page)

    assert not any(name.startswith("sealed-") for name in caches(page))
    assert "city" in caches(page)
    cut(page)
    page.goto(f"/phone/parada/{stops[0].id}")
    expect(page.get_by_text("Esta página no está guardada")).to_be_visible()


def test_the_next_person_sees_nothing_of_the_one_before(page, session, stops):
    other = somebody_else(session)
    log_out(page)
    log_in_on_the_page(page, other.username)
    ready(page)

    cut(page)
    page.goto("/phone/")

    expect(page.get_by_text("Tu ruta de hoy aún no está lista")).to_be_visible()
    expect(page.get_by_text("María Hernández")).to_have_count(0)
    page.goto(f"/phone/parada/{stops[0].id}")
    expect(page.get_by_text("Esta página no está guardada")).to_be_visible()
    assert [name for name in caches(page) if name.startswith("sealed-")] == [f"sealed-{other.id}"]


def test_a_login_that_changed_without_logout_takes_the_former_pages_away(page, session, collector):
    """The session ended by itself, and somebody else entered."""
    other = somebody_else(session)
    page.context.clear_cookies()
    page.goto("/phone/")
    log_in_on_the_page(page, other.username)
    ready(page)

    assert [name for name in caches(page) if name.startswith("sealed-")] == [f"sealed-{other.id}"]


def test_a_visit_that_waits_is_hidden_from_others_and_never_lost(page, session, collector):
    """The session ended by itself, somebody else entered, and the first one came back."""
    other = somebody_else(session)
    key = f"draft:{collector.id}:x"
    draft = '{"uuid":"x","path":"/phone/","title":"María","at":"1","fields":[]}'
    page.evaluate("([k, d]) => localStorage.setItem(k, d)", [key, draft])
    page.context.clear_cookies()
    page.goto("/phone/")
    log_in_on_the_page(page, other.username)
    ready(page)

    expect(page.locator("[data-says=drafts]")).to_have_count(0)
    assert page.evaluate("k => localStorage.getItem(k)", key) == draft
    page.context.clear_cookies()
    page.goto("/phone/")
    log_in_on_the_page(page, collector.username)
    ready(page)
    expect(page.locator("[data-says=drafts]")).to_be_visible()


# --- versions


def test_a_new_version_replaces_the_old_one(page, monkeypatch):
    (before,) = [name for name in caches(page) if name.startswith("shell-")]
    monkeypatch.setattr(views, "PICTURES", ())

    page.reload()
    for _ in range(50):
        if before not in caches(page):
            break
        page.wait_for_timeout(100)

    (after,) = [name for name in caches(page) if name.startswith("shell-")]
    assert after != before
    cut(page)
    page.goto("/phone/mapa")
    expect(page.locator(".mark.next span")).to_be_visible()


def test_the_phone_can_be_put_on_the_home_screen(page):
    session = page.context.new_cdp_session(page)

    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]

    assert [one["errorId"] for one in errors if one["errorId"] != "in-incognito"] == []
