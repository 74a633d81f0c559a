"""The day in the collector's hands without signal: the law, another order, ready to leave."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from collector_app.planning.models import Stop
from collector_app.sync.models import SyncEvent
from collector_app.sync.rules import EventState, SyncEventKind
from collector_app.zones.models import Zone
from tests.browser.test_offline import NO_ANSWER, ready
from tests.factories import make_client, make_user
from tests.phone.factories import TODAY, make_plan, make_route
from tests.zones.factories import join_zone, make_zone

SLOW_COPY = """(() => {
  const match = Cache.prototype.match;
  Cache.prototype.match = async function (what, ...rest) {
    const found = await match.call(this, what, ...rest);
    if (String(what.url ?? what).endsWith("/phone/parada/%d")) {
      await new Promise((done) => { setTimeout(done, 2000); });
      setTimeout(() => { document.documentElement.dataset.slow = "done"; }, 500);
    }
    return found;
  };
})()"""
NOW = datetime(2026, 3, 10, 16, tzinfo=UTC)  # of the stopped clock
NAMES = ("María Hernández", "Beto Cortés", "Carla Díaz")


@pytest.fixture
def collector(session):
    return make_user(session, full_name="Luis Gestor")


@pytest.fixture
def clients(session, collector):
    """Three on the route, away from the start, and one of the own zone beside it."""
    found = [
        make_client(session, name=name, lat=-29.9 - n / 400, lon=-71.25)
        for n, name in enumerate((*NAMES, "Diego Fuera"), start=1)
    ]
    make_zone(session, found, collector)
    return found


@pytest.fixture
def stops(session, collector, clients):
    make_route(session, collector, clients[:2], make_plan(session, TODAY + timedelta(days=1)))
    return make_route(session, collector, clients[:3])


@pytest.fixture
def open_day(phone, collector, stops, complaints):
    """Open today's list and keep all of it.

    The phone shows the real time and the office that of the stopped clock: a very wrong clock.
    """
    complaints.forgive(NO_ANSWER)

    def open_one() -> Page:
        page = phone(collector)
        page.goto("/phone/")
        ready(page)
        return page

    return open_one


def cut(page: Page, path: str) -> None:
    page.context.set_offline(True)
    page.goto(path)


def order_of(page: Page) -> Locator:
    return page.locator("#order [data-name]")


def names(page: Page, many: int) -> list[str]:
    """Who is on the list, once it is so long."""
    expect(order_of(page)).to_have_count(many)
    return order_of(page).all_text_contents()


# --- the law


@pytest.mark.parametrize("page_of", ["/phone/parada/{}", "/phone/parada/{}/registrar"])
def test_at_night_by_the_clock_of_the_office_the_law_is_told_and_nothing_is_blocked(
    open_day, stops, page_of
):
    page = open_day()
    cut(page, page_of.format(stops[0].id))
    law = page.locator("#law")
    expect(law).to_be_hidden()  # at the office it is ten in the morning

    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=13))
    page.reload()

    expect(law).to_contain_text("Ahora no se permite visitar")
    expect(law).to_contain_text(re.compile(r"\(.*\d.*\)"))  # the article
    expect(law).to_contain_text("queda anotado como falta")
    expect(page.locator(".dock .primary")).to_be_enabled()


@pytest.mark.parametrize("page_of", ["/phone/", "/phone/parada/{}"])
def test_a_stop_whose_hour_has_passed_says_how_late_it_is_without_signal(open_day, stops, page_of):
    page = open_day()
    cut(page, page_of.format(stops[0].id))
    late = page.locator(".stop-card [data-arrives]")
    expect(late).to_be_hidden()  # at the office it is ten; the stop is planned for 10:05

    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(minutes=41))
    page.reload()

    expect(late).to_have_text("Iba a ser a las 10:05; vas 36 min tarde")


def test_a_long_delay_leaves_every_button_of_the_card_on_the_screen(open_day, stops):
    page = open_day()
    cut(page, "/phone/")
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=11, minutes=41))
    page.reload()
    expect(page.locator(".stop-card [data-arrives]")).to_contain_text("vas 11 h 36 min tarde")

    card = page.locator(".stop-card").bounding_box()
    widest = [one.bounding_box() for one in page.locator(".stop-card .button").all()]

    assert card["x"] + card["width"] <= page.viewport_size["width"]
    assert max(one["x"] + one["width"] for one in widest) <= card["x"] + card["width"]


def test_forbidden_words_in_the_note_are_named_without_signal_while_they_are_typed(open_day, stops):
    page = open_day()
    cut(page, f"/phone/parada/{stops[0].id}/registrar")
    for answer in ("Nadie", "No estaba"):
        tile = page.locator(".option:visible")
        tile.filter(has=page.get_by_text(answer, exact=True)).tap()
    note, told = page.get_by_label("Nota"), page.locator("#note-words")

    note.fill("Le dije que va a la CARCEL")

    expect(told).to_contain_text("cárcel (Disposiciones de CONDUSEF")
    note.fill("Mañana lo vamos a EMBARGAR")
    expect(told).to_contain_text("te vamos a embargar (Disposiciones de CONDUSEF")
    note.fill("Le dije que venga")
    expect(told).to_be_hidden()


# --- what changed


def test_a_phone_asks_for_what_changed_and_knows_it_without_signal(open_day, session, stops):
    page = open_day()
    session.rollback()  # see what the server wrote
    session.delete(session.get(Stop, stops[1].id))
    session.commit()

    with page.expect_response(re.compile(r"/phone/api/v1/day\?cursor=")) as came:
        page.reload()
    told = came.value.json()
    ready(page)
    cut(page, "/phone/cambiar")

    assert (told["is_whole"], [len(day["stops"]) for day in told["days"]]) == (False, [0, 0])
    expect(page.locator("#order [data-name]")).to_have_text(["María Hernández", "Carla Díaz"])


# --- the order


def test_the_map_follows_the_order_that_was_chosen_without_signal(open_day):
    page = open_day()
    cut(page, "/phone/cambiar")
    expect(page.locator("#order [data-name]")).to_have_text(list(NAMES))
    page.locator("#order li", has_text="María").locator("summary").click()
    page.locator("#order li", has_text="María").get_by_text("Hoy no se puede").click()
    chosen = names(page, 2)
    page.goto("/phone/mapa")

    expect(page.locator(".mark.next")).to_have_attribute("aria-label", f"1 {chosen[0]}")
    expect(page.locator(".mark.pending")).to_have_attribute("aria-label", f"2 {chosen[1]}")
    expect(page.locator(".mark", has_text="3")).to_have_count(0)  # María is off the day
    expect(page.locator("path.line")).to_have_count(0)  # it would lead along the order of before
    page.get_by_role("button", name="Siguiente").click()
    expect(page.locator(".leaflet-popup")).to_contain_text(chosen[0])


def test_without_signal_a_stop_is_moved_taken_off_and_added_and_the_list_follows(open_day):
    page = open_day()
    cut(page, "/phone/cambiar")
    expect(page.locator("#order [data-name]")).to_have_text(list(NAMES))

    page.get_by_role("button", name="Subir a Carla Díaz").click()
    expect(order_of(page)).to_have_text(["María Hernández", "Carla Díaz", "Beto Cortés"])
    page.locator("#order li", has_text="María").locator("summary").click()
    page.locator("#order li", has_text="María").get_by_text("Hoy no se puede").click()
    page.get_by_text("Agregar a alguien de mi zona").click()
    page.get_by_role("button", name="Agregar a Diego Fuera").click()

    expect(order_of(page).filter(has_text="Diego Fuera")).to_be_visible()
    order = names(page, 3)
    assert sorted(order) == ["Beto Cortés", "Carla Díaz", "Diego Fuera"]
    page.goto("/phone/")
    expect(page.locator("#changed")).to_be_visible()
    expect(page.locator("ol.stops .name")).to_have_text(order)
    expect(page.locator("#next")).to_have_text(order[0])


def test_without_signal_the_card_of_the_next_stop_is_whole_and_tells_the_hour_of_the_list(open_day):
    page = open_day()
    cut(page, "/phone/cambiar")
    page.get_by_role("button", name="Subir a Beto Cortés").click()
    expect(order_of(page)).to_have_text(["Beto Cortés", "María Hernández", "Carla Díaz"])

    page.goto("/phone/")

    card = page.locator(".stop-card")
    expect(card.locator(".name")).to_have_text("Beto Cortés")
    expect(card).to_contain_text("Siguiente parada, como la ordenaste")
    expect(card.locator(".amount")).to_be_visible()
    expect(card.get_by_role("link", name="Cómo llegar")).to_be_visible()
    hour = page.locator("ol.stops li", has_text="Beto Cortés").locator("[data-hour]").inner_text()
    expect(card.locator("[data-hour]")).to_have_text(hour)


def visit_in_vain(page: Page, stop: Stop) -> None:
    page.goto(f"/phone/parada/{stop.id}/registrar")
    page.locator(".option:visible", has_text="Nadie").tap()
    page.locator(".option:visible", has_text="No estaba").tap()
    page.get_by_role("button", name="Guardar visita").tap()
    expect(page.locator("#saved")).to_be_visible()


def test_who_was_taken_off_never_stands_on_the_card_of_the_next_stop(open_day, stops):
    page = open_day()
    cut(page, "/phone/cambiar")
    page.locator("#order li", has_text="Beto").locator("summary").click()
    page.locator("#order li", has_text="Beto").get_by_text("Hoy no se puede").click()
    expect(order_of(page)).to_have_text(["María Hernández", "Carla Díaz"])

    page.add_init_script(SLOW_COPY % stops[1].id)  # next by the office, and found last
    visit_in_vain(page, stops[0])

    expect(page.locator("html[data-slow=done]")).to_be_attached()
    expect(page.locator(".stop-card .name")).to_have_text("Carla Díaz")


def test_visits_and_what_is_left_are_numbered_as_they_were_made_on_map_and_list(open_day, stops):
    page = open_day()
    cut(page, "/phone/cambiar")
    page.get_by_role("button", name="Subir a Beto Cortés").click()
    visit_in_vain(page, stops[1])

    page.goto("/phone/mapa")

    expect(page.locator(".mark.draft")).to_have_attribute("aria-label", "1 Beto Cortés")
    expect(page.locator(".mark.next")).to_have_attribute("aria-label", "2 María Hernández")

    page.goto("/phone/")
    expect(page.locator("#changed")).to_be_visible()
    row = page.locator("ol.stops li")
    expect(row.filter(has_text="Beto Cortés").locator(".position")).to_have_text("Parada 1")
    expect(row.filter(has_text="María Hernández").locator(".position")).to_have_text("Parada 2")
    expect(row.filter(has_text="Carla Díaz").locator(".position")).to_have_text("Parada 3")


def test_the_form_of_a_client_who_may_be_added_opens_without_signal(open_day, clients):
    page = open_day()

    cut(page, f"/phone/cliente/{clients[3].id}/registrar")

    expect(page.get_by_text("¿Quién te atendió?")).to_be_visible()


def test_the_office_is_told_of_each_new_order(open_day, session, stops):
    page = open_day()
    cut(page, "/phone/cambiar")
    up = page.get_by_role("button", name="Subir a Carla Díaz")
    up.click()
    up.click()
    expect(page.locator("#outbox")).to_contain_text("2 guardadas")

    page.context.set_offline(False)
    page.goto("/phone/pendientes")

    delivered = page.locator("[data-list=delivered] li")
    expect(delivered).to_have_count(2, timeout=30_000)
    expect(delivered.first).to_contain_text("Nuevo orden")
    session.rollback()  # read what the server wrote meanwhile
    events = session.scalars(select(SyncEvent).order_by(SyncEvent.seq)).all()
    assert {(one.kind, one.state) for one in events} == {
        (SyncEventKind.ROUTE_REORDERED, EventState.APPLIED)
    }
    told = [json.loads(one.statement)["body"] for one in events]
    assert told[-1]["stops"] == [stops[2].id, stops[0].id, stops[1].id]
    assert told[-1]["cause"] == "manual"


def test_undo_brings_the_order_of_before_back(open_day):
    page = open_day()
    cut(page, "/phone/cambiar")
    page.get_by_role("button", name="Bajar a María Hernández").click()

    page.get_by_role("button", name="Deshacer").click()

    expect(order_of(page)).to_have_text(list(NAMES))


def test_who_is_late_sees_later_hours(open_day):
    page = open_day()
    cut(page, "/phone/cambiar")
    before = page.locator("#order [data-hour]").first.text_content()

    page.get_by_text("Voy tarde").click()
    page.get_by_role("button", name="60 min").click()

    expect(page.locator("#said")).to_contain_text("Sigues a las")
    assert page.locator("#order [data-hour]").first.text_content() > before


def test_who_is_late_keeps_the_order_that_they_made_by_hand(open_day):
    page = open_day()
    cut(page, "/phone/cambiar")
    page.get_by_role("button", name="Subir a Carla Díaz").click()
    page.get_by_role("button", name="Subir a Carla Díaz").click()
    by_hand = ["Carla Díaz", "María Hernández", "Beto Cortés"]
    expect(order_of(page)).to_have_text(by_hand)

    page.get_by_text("Voy tarde").click()
    page.get_by_role("button", name="30 min").click()

    expect(page.locator("#said")).to_contain_text("se respetó el orden que pusiste")
    expect(order_of(page)).to_have_text(by_hand)
    page.get_by_role("button", name="Ordenar").click()
    expect(order_of(page)).not_to_have_text(by_hand)


def test_who_may_be_added_is_searched_for_and_tells_what_they_owe(
    session, collector, clients, open_day
):
    more = [
        make_client(session, name=name, lat=-29.901, lon=-71.25) for name in ("Eva", "Fito", "Gil")
    ]
    zone = session.scalars(select(Zone)).first()
    for one in more:
        join_zone(session, one, zone)
    session.commit()
    page = open_day()
    cut(page, "/phone/cambiar")
    page.get_by_text("Agregar a alguien de mi zona").click()
    beside = page.locator("#extras li")
    expect(beside).to_have_count(4)
    expect(beside.filter(has_text="Diego")).to_contain_text("Debe $1,500.00 vencidos")

    page.get_by_label("Buscar por nombre, número o dirección").fill("diégo FUERA")

    expect(beside).to_have_count(1)
    expect(beside).to_contain_text("Diego Fuera")
    page.get_by_label("Buscar por nombre, número o dirección").fill("nadie así")
    expect(beside).to_contain_text("Nadie así cerca de tu ruta")


# --- before leaving


def test_the_check_before_leaving_tells_what_is_here_also_without_signal(open_day):
    page = open_day()

    cut(page, "/phone/listo")

    expect(page.locator("[data-check=route]")).to_contain_text("Guardada: 3 paradas")
    expect(page.locator("[data-check=tomorrow]")).to_contain_text("Guardada: 2 paradas")
    expect(page.locator("[data-check=gps][data-state=good]")).to_be_visible()
    expect(page.locator("[data-check=installed][data-state=bad]")).to_be_visible()


def test_what_is_on_this_phone_is_shown_before_the_office_answers(open_day):
    page = open_day()
    page.context.route("**/phone/copias", lambda _held: None)

    page.goto("/phone/listo")

    expect(page.locator("[data-check=route]")).to_contain_text("Guardada: 3 paradas")
    expect(page.locator("[data-check=version]")).to_contain_text("Revisando…")
    expect(page.locator("#verdict")).to_have_text("Revisando este teléfono…")
    page.context.unroute_all(behavior="ignoreErrors")


def test_a_wrong_clock_is_told_with_how_much(open_day):
    page = open_day()

    page.goto("/phone/listo")

    expect(page.locator("[data-check=clock]")).to_contain_text(re.compile(r"Va mal por \d+ días"))


def test_a_wrong_clock_is_told_on_every_page_also_without_signal(open_day):
    page = open_day()
    told = re.compile(r"El reloj de este teléfono va mal por \d+ días")
    expect(page.locator("#signal")).to_contain_text(told)

    cut(page, "/phone/cambiar")

    expect(page.locator("#signal")).to_contain_text(told)


def test_a_clock_that_was_set_is_noticed_without_the_office(open_day, stops):
    page = open_day()
    page.clock.set_system_time(NOW)  # right, by the office
    page.reload()
    ready(page)  # by now the office has told its time
    expect(page.locator("#signal [data-says=clock]")).to_have_count(0)
    page.context.route("**/phone/api/v1/day*", lambda route: route.abort())

    page.clock.set_system_time(NOW - timedelta(hours=1))
    page.reload()
    expect(page.locator("#signal")).to_contain_text("cambió 60 minutos desde la última señal")

    page.clock.set_system_time(NOW)
    page.goto(f"/phone/parada/{stops[0].id}/registrar")
    satellites = re.compile(r"cambió \d+ días desde la última señal")  # they tell the real time
    expect(page.locator("#signal")).to_contain_text(satellites)


def test_tomorrows_route_and_its_stops_open_without_signal(open_day, session, collector):
    page = open_day()

    cut(page, "/phone/manana")
    page.get_by_text("Beto Cortés").click()

    expect(page.get_by_text("Lo que debe")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/phone/cambiar", "/phone/listo", "/phone/manana"])
def test_everybody_can_use_the_pages(open_day, path, scheme):
    page = open_day()
    page.emulate_media(color_scheme=scheme)
    page.goto(path)
    page.wait_for_timeout(600)

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
