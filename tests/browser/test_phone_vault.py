"""A phone that gets lost: what lies on its disk, who can read it, and what is sent all the same."""

import re
from datetime import datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from collector_app.accounts.models import User
from collector_app.core import clock
from collector_app.sync.models import Device, SyncEvent
from collector_app.sync.rules import EventState
from tests.browser.conftest import FLAGS, PHONE, chromium_path, log_in
from tests.browser.test_offline import NO_ANSWER, ready, write_visit
from tests.browser.test_phone_day import Thumb
from tests.factories import PASSWORD, make_client, make_user
from tests.phone.factories import make_route
from tests.zones.factories import make_zone

PIN = "481937"
NAME = "María Hernández"
NOTE = "Perro bravo"
# Everything that scripts can find on the phone, as one text.
DISK = """async () => {
  const texts = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
  const bytes = (value) => new TextDecoder("utf-8").decode(value);
  const plain = (value) => JSON.stringify(value, (_key, one) =>
    one instanceof ArrayBuffer || ArrayBuffer.isView(one) ? bytes(one) : one);
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const kept = await cache.match(request);
      texts.push(request.url, plain([...kept.headers]), await kept.text());
    }
  }
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => resolve(asked.result);
    });
    for (const store of database.objectStoreNames) {
      const rows = await new Promise((resolve) => {
        const asked = database.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => resolve(asked.result);
      });
      texts.push(plain(rows));
    }
    database.close();
  }
  return texts.join("\\n");
}"""


@pytest.fixture
def demanded(app):
    app.config["PHONE_PIN"] = "demanded"
    yield
    app.config["PHONE_PIN"] = "offered"


@pytest.fixture
def collector(session):
    return make_user(session, full_name="Luis Gestor")


@pytest.fixture
def stops(session, collector):
    clients = [
        make_client(session, name=name, lat=-29.9 - n / 1000, lon=-71.25)
        for n, name in enumerate((NAME, "Beto Cortés"))
    ]
    make_zone(session, clients, collector)
    return make_route(session, collector, clients)


@pytest.fixture
def page(demanded, phone, collector, stops, complaints) -> Page:
    """Today's list on a phone that has a PIN, with everything kept."""
    complaints.forgive(NO_ANSWER)
    page = phone(collector)
    page.goto("/phone/")
    choose_pin(page)
    return page


def choose_pin(page: Page) -> None:
    page.wait_for_url("**/phone/pin")
    page.get_by_label("PIN nuevo").fill(PIN)
    page.get_by_label("Otra vez").fill(PIN)
    page.get_by_role("button", name="Guardar PIN").click()
    page.wait_for_url("**/phone/")
    ready(page)


def lock(page: Page) -> None:
    page.goto("/phone/pin")
    page.get_by_role("button", name="Bloquear ahora").click()
    expect(asking(page)).to_be_visible()


def asking(page: Page):
    return page.get_by_label("PIN de este teléfono")


def enter(page: Page, pin: str) -> None:
    asking(page).fill(pin)
    page.get_by_role("button", name="Abrir").click()


def cut(page: Page, is_cut: bool = True) -> None:
    page.context.set_offline(is_cut)


def event_sent(page: Page, session) -> SyncEvent:
    """Wait until the office has what was recorded on the phone; returns it."""
    for _try in range(100):
        session.rollback()
        found = list(session.scalars(select(SyncEvent)))
        if found:
            assert len(found) == 1
            return found[0]
        page.wait_for_timeout(100)
    pytest.fail("nothing arrived at the office")


def save_without_signal(page: Page, stops) -> None:
    cut(page)
    page.goto(f"/phone/parada/{stops[0].id}/registrar")
    write_visit(page)
    page.wait_for_url("**/phone/")


def begin_visit(page: Page) -> None:
    """Write a visit and leave it unsaved."""
    thumb = Thumb(page)
    thumb.tile("Nadie")
    thumb.tile("No estaba")
    page.get_by_label("Nota").fill("Portón azul")
    page.wait_for_timeout(300)  # until the last letter is sealed and kept


# --- before a PIN


def test_where_a_pin_is_demanded_nothing_personal_is_kept_before_it_is_chosen(
    demanded, phone, collector, stops
):
    page = phone(collector)
    page.goto("/phone/")
    page.wait_for_url("**/phone/pin")

    assert NAME not in page.evaluate(DISK)


@pytest.mark.parametrize(
    ("pin", "again", "said"),
    [
        ("123456", "123456", "de los primeros que cualquiera prueba"),
        ("4819", "4819", "de 6 a 12 números"),
        (PIN, "481938", "no son iguales"),
    ],
)
def test_a_pin_that_is_easy_or_mistyped_is_refused(demanded, phone, collector, pin, again, said):
    page = phone(collector)
    page.goto("/phone/pin")
    page.get_by_label("PIN nuevo").fill(pin)
    page.get_by_label("Otra vez").fill(again)
    page.get_by_role("button", name="Guardar PIN").click()

    expect(page.get_by_text(said)).to_be_visible()


# --- what lies on the phone


def test_neither_pages_nor_visits_nor_drafts_can_be_read_on_a_locked_phone(page, stops):
    save_without_signal(page, stops)
    page.goto(f"/phone/parada/{stops[1].id}/registrar")
    begin_visit(page)
    lock(page)

    disk = page.evaluate(DISK)

    assert f"/phone/parada/{stops[0].id}" in disk  # addresses are no secret, and were looked at
    assert "visit.recorded" in disk
    secrets = (
        NAME,
        "Beto Cortés",
        NOTE,
        "Portón",
        "not_home",
        "Todo lo que debe",
        '"overdue_cents":',
    )
    for secret in secrets:  # the day is told as JSON; scripts, which are no secret, name its fields
        assert secret not in disk


@pytest.fixture
def profile(demanded, server, session, collector, stops, tmp_path, chromium):
    """The folder of a browser in which a day was kept, a visit saved, and which was then closed."""
    session.commit()
    folder = tmp_path / "profile"
    context = chromium.browser_type.launch_persistent_context(
        str(folder), executable_path=chromium_path(), args=FLAGS, base_url=server, **PHONE
    )
    log_in(context, collector.username)
    page = context.new_page()
    page.goto("/phone/")
    choose_pin(page)
    save_without_signal(page, stops)
    context.close()
    return folder


def test_not_even_the_files_of_the_browser_hold_a_name_of_a_phone_with_a_pin(profile):

    files = [one for one in profile.rglob("*") if one.is_file()]
    spellings = [
        word.encode(how)
        for word in (NAME, "Hernández", "Beto Cort", NOTE)
        for how in ("utf-8", "utf-16-le", "latin-1")
    ]
    assert any("IndexedDB" in str(one) for one in files)
    assert any("CacheStorage" in str(one) for one in files)
    found = [(one.name, word) for one in files for word in spellings if word in one.read_bytes()]
    assert found == []


# --- locked and open again


def test_with_the_pin_the_day_opens_without_signal_and_with_a_wrong_one_it_does_not(page, stops):
    save_without_signal(page, stops)
    lock(page)
    page.goto(f"/phone/parada/{stops[1].id}")
    expect(page.get_by_text("Beto Cortés")).to_have_count(0)

    enter(page, "000111")
    expect(page.get_by_text("Intentos que te quedan: 9.")).to_be_visible()
    enter(page, PIN)

    expect(page.get_by_text("Beto Cortés").first).to_be_visible()
    page.goto("/phone/?ver=all")
    expect(page.locator("li.done")).to_contain_text("No estaba")


def test_opening_asks_for_nothing_but_the_pin_and_forgetting_it_asks_twice(page):
    asked: list[str] = []

    def answer(dialog):
        asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", answer)
    lock(page)
    asking(page).click()
    enter(page, PIN)
    expect(asking(page)).to_have_count(0)
    assert asked == []

    lock(page)
    page.get_by_role("button", name="Olvidé mi PIN").click()

    expect(page.get_by_text("Se borró la ruta de este teléfono.")).to_be_visible()
    assert len(asked) == 1


def test_a_locked_phone_shows_nothing_with_signal_either(page):
    lock(page)
    page.goto("/phone/")

    expect(asking(page)).to_be_visible()
    expect(page.get_by_text(NAME)).to_have_count(0)


def test_it_locks_itself_when_it_was_away_for_ten_minutes(page):
    hide = """state => {
      Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, "hidden")
    page.clock.set_fixed_time(datetime.now() + timedelta(minutes=11))  # noqa: DTZ005 - of the phone
    page.evaluate(hide, "visible")

    expect(asking(page)).to_be_visible()


def test_a_draft_comes_back_after_the_lock(page, stops):
    cut(page)
    page.goto(f"/phone/parada/{stops[0].id}/registrar")
    begin_visit(page)
    lock(page)
    page.goto(f"/phone/parada/{stops[0].id}/registrar")
    enter(page, PIN)

    expect(page.get_by_label("Nota")).to_have_value("Portón azul")


def test_the_pin_is_changed_and_nothing_is_lost(page, stops):
    save_without_signal(page, stops)
    page.goto("/phone/pin")
    page.get_by_label("PIN actual").fill(PIN)
    page.get_by_label("PIN nuevo").fill("290517")
    page.get_by_label("Otra vez").fill("290517")
    page.get_by_role("button", name="Guardar PIN").click()
    page.wait_for_url("**/phone/")
    lock(page)

    enter(page, PIN)
    expect(page.get_by_text("Intentos que te quedan: 9.")).to_be_visible()
    enter(page, "290517")
    expect(asking(page)).to_have_count(0)

    page.goto("/phone/pendientes")
    expect(page.get_by_text(NAME)).to_be_visible()


def test_who_chooses_a_pin_late_has_everything_sealed_that_lay_open(
    phone, app, collector, stops, complaints
):
    complaints.forgive(NO_ANSWER)
    page = phone(collector)
    page.goto("/phone/")
    ready(page)
    save_without_signal(page, stops)
    page.goto("/phone/pin")
    page.get_by_label("PIN nuevo").fill(PIN)
    page.get_by_label("Otra vez").fill(PIN)
    page.get_by_role("button", name="Guardar PIN").click()
    page.wait_for_url("**/phone/")
    lock(page)
    assert NAME not in page.evaluate(DISK)

    enter(page, PIN)
    expect(asking(page)).to_have_count(0)
    page.goto("/phone/pendientes")

    expect(page.get_by_text("No estaba")).to_be_visible()


# --- the office, asked past the lock


TOKEN = """async (person) => {
  const { deviceOf } = await import("/static/phone/outbox/device.js");
  return (await deviceOf(person)).token;
}"""
FORGET_SITE = """async () => {
  for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
  for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
}"""


def asked_past_the_lock(page: Page, url: str, **headers: str) -> tuple[int, str]:
    """Ask the office with the login of this browser, without its pages and its service worker."""
    answer = page.context.request.get(url, headers=headers)
    return answer.status, answer.text()


def shut_by_the_office(page: Page) -> None:
    """Wait until the office heard that the phone was locked."""
    for _try in range(100):
        if asked_past_the_lock(page, "/phone/")[0] == 403:
            return
        page.wait_for_timeout(50)
    pytest.fail("the office still answers")


def test_who_goes_around_the_lock_with_the_login_or_the_token_learns_nothing(
    page, collector, stops
):
    assert NAME in asked_past_the_lock(page, "/phone/")[1]
    token = page.evaluate(TOKEN, collector.id)
    lock(page)
    shut_by_the_office(page)

    for url in ("/phone/", f"/phone/parada/{stops[0].id}", "/phone/clientes", "/phone/copias"):
        status, text = asked_past_the_lock(page, url)
        assert (status, NAME in text) == (403, False)
    by_token = {"Authorization": f"Bearer {token}"}
    assert asked_past_the_lock(page, "/phone/api/v1/day", **by_token)[0] == 403

    enter(page, PIN)
    expect(page.get_by_role("button", name="Bloquear ahora")).to_be_visible()
    assert asked_past_the_lock(page, "/phone/api/v1/day", **by_token)[0] == 200


def test_an_unlocked_phone_proves_it_again_without_asking_for_the_pin(page):
    page.context.clear_cookies(name="phone_unlocked")  # the office waited for ten minutes
    assert asked_past_the_lock(page, "/phone/clientes")[0] == 403

    page.goto("/phone/clientes")

    expect(page.get_by_role("heading", name="Fuera de la ruta")).to_be_visible()
    assert asked_past_the_lock(page, "/phone/clientes")[0] == 200


def test_a_login_whose_keys_are_gone_from_the_phone_ends_with_the_password(page):
    page.evaluate(FORGET_SITE)
    page.context.clear_cookies(name="phone_unlocked")  # the office waited for ten minutes
    page.goto("/phone/")

    expect(page.get_by_text("ya no tiene la llave de esta sesión")).to_be_visible()
    expect(asking(page)).to_be_hidden()
    page.get_by_role("button", name="Entrar con mi contraseña").click()

    expect(page.get_by_label("Contraseña")).to_be_visible()


# --- what is sent all the same


def test_a_locked_phone_sends_what_waits_without_the_pin(page, stops, session):
    save_without_signal(page, stops)
    lock(page)
    expect(page.get_by_text("Por enviar: 1 registros")).to_be_visible()

    cut(page, is_cut=False)
    page.reload()

    assert NOTE in event_sent(page, session).statement
    expect(page.get_by_text("Por enviar")).to_be_hidden()
    assert NAME not in page.evaluate(DISK)


def test_ten_wrong_pins_erase_the_route_but_what_was_recorded_is_sent(page, stops, session):
    save_without_signal(page, stops)
    page.evaluate("sessionStorage.setItem('card:1:no_money', 'yes')")  # as `script/opened.js` does
    lock(page)
    for left in range(9, 0, -1):
        enter(page, "000111")
        expect(page.get_by_text(f"Intentos que te quedan: {left}.")).to_be_visible()
    enter(page, "000111")
    expect(page.get_by_text("se borró la ruta de este teléfono")).to_be_visible()
    expect(page.locator("#said")).to_be_hidden()
    assert not [name for name in page.evaluate("caches.keys()") if name.startswith("sealed-")]
    assert not [name for name in page.evaluate("Object.keys(sessionStorage)") if "card:" in name]

    page.goto("/phone/")  # no way around it
    expect(page.get_by_text("se borró la ruta de este teléfono")).to_be_visible()
    cut(page, is_cut=False)
    page.reload()
    event_sent(page, session)
    wrong_pins_told(page, session, 10)
    alive = page.context.request.get("/phone/", max_redirects=0)
    assert alive.status == 302  # nobody had to log out

    page.get_by_role("button", name="Entrar con mi contraseña").click()
    page.wait_for_url("**/entrar**")  # the cookie that was still there is worth nothing
    page.get_by_label("Usuario").fill(page_user(session))
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    choose_pin(page)
    expect(page.get_by_text("Beto Cortés").first).to_be_visible()


def wrong_pins_told(page: Page, session, count: int) -> None:
    """Wait until the office knows how many wrong PINs were typed in a row."""
    for _try in range(100):
        session.rollback()
        if session.scalars(select(Device.wrong_pins)).one() == count:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"the office was not told of {count} wrong PINs")


def test_a_wrong_pin_is_told_to_the_office_at_once(page, session):
    lock(page)

    enter(page, "000111")

    expect(page.get_by_text("Intentos que te quedan: 9.")).to_be_visible()
    wrong_pins_told(page, session, 1)


def page_user(session) -> str:
    return session.scalars(select(User.username).where(User.full_name == "Luis Gestor")).one()


def test_killing_the_page_gives_no_try_for_free(page):
    lock(page)
    for _try in range(3):
        asking(page).fill("000111")
        page.get_by_role("button", name="Abrir").click(no_wait_after=True)
        page.reload()

    enter(page, "000111")

    left = page.get_by_text(re.compile(r"Intentos que te quedan: \d\."))
    assert int(re.search(r"\d", left.inner_text())[0]) <= 7


# --- shut out by the office


def copies_left(page) -> list[str]:
    """What is kept of pages once nothing is written any more, a few seconds later at most."""
    for _ in range(50):
        names = [name for name in page.evaluate("caches.keys()") if name.startswith("sealed-")]
        if not names:
            break
        page.wait_for_timeout(100)
    return names


def test_a_phone_that_was_shut_out_sends_all_then_forgets_the_day(page, stops, session, complaints):
    complaints.forgive("403")
    save_without_signal(page, stops)
    session.rollback()
    session.scalars(select(Device)).one().revoked_at = clock.now()
    session.commit()

    cut(page, is_cut=False)
    page.goto("/phone/pendientes")

    expect(page.locator("#erased")).to_contain_text("dio de baja este teléfono")
    assert event_sent(page, session).state is EventState.WAITING
    assert NAME not in page.evaluate(DISK)
    assert copies_left(page) == []

    loads: list[str] = []
    page.on("load", lambda: loads.append(page.url))
    page.goto("/phone/pendientes")
    page.wait_for_timeout(2000)
    assert len(loads) == 1  # it forgets once; then its page stays


# --- the pages themselves


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_of_the_pin_have_no_fault_that_axe_finds(page, theme):
    page.emulate_media(color_scheme=theme)
    page.goto("/phone/pin")
    expect(page.get_by_role("button", name="Bloquear ahora")).to_be_visible()
    assert Axe().run(page).response["violations"] == []

    page.get_by_role("button", name="Bloquear ahora").click()
    expect(asking(page)).to_be_visible()

    assert Axe().run(page).response["violations"] == []
    button = page.get_by_role("button", name="Abrir").bounding_box()
    assert button["height"] >= 48
