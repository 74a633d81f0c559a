"""The phone's outbox in a real browser: what was saved reaches the office once."""

import json
import os
import signal
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from collector_app.core.actor import Role
from collector_app.sync.rules import office_key
from collector_app.visits.models import Visit
from tests.browser.badge import badge
from tests.browser.conftest import FLAGS, PHONE, chromium_path
from tests.browser.fake_office import FakeOffice, broken, captive_portal, dead, nothing_wrong
from tests.browser.test_phone_day import Thumb
from tests.factories import PASSWORD, make_client, make_user
from tests.phone.factories import make_route
from tests.zones.factories import make_zone

NO_ANSWER = r"net::ERR|status of (401|500)"


# Saves visits with a photo each, one after another, and says of each when it is saved.
KEEP_SAVING = """async (person) => {
  const { enqueue, keepPhoto } = await import("/static/phone/outbox/store.js");
  (async () => {
    for (;;) {
      const id = crypto.randomUUID();
      const data = crypto.getRandomValues(new Uint8Array(60_000)).buffer;
      const taken_at = new Date().toISOString();
      await keepPhoto({ visit: id, sha256: id, person, type: "image/jpeg", data, taken_at });
      await enqueue({ id, type: "visit.recorded", body: { stop_id: null } }, person);
      await said(id);
    }
  })();
}"""
READ_ALL = """async (person) => {
  const { eventsOf, photosOf } = await import("/static/phone/outbox/store.js");
  return Promise.all((await eventsOf(person)).map(async ({ id, seq }) => (
    { id, seq, photos: (await photosOf(id)).filter(({ state }) => state === "kept").length })));
}"""


NO_PHOTO_WAITS = """async (visit) => {
  const { photosOf } = await import("/static/phone/outbox/store.js");
  return (await photosOf(visit)).every(({ state }) => state === "delivered");
}"""


def kill_all_of(profile: Path) -> None:
    """Kill every process of the browser that uses a profile, without a word before."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes().decode(errors="replace")
            if f"--user-data-dir={profile}" in command:
                os.kill(int(entry.name), signal.SIGKILL)
        except (ProcessLookupError, FileNotFoundError, PermissionError):
            continue
    for lock in profile.glob("Singleton*"):
        lock.unlink()


@pytest.fixture
def collector(session):
    return make_user(session, full_name="Luis Gestor")


@pytest.fixture
def stops(session, collector):
    names = ("María Hernández", "Beto Cortés", "Carla Díaz")
    clients = [
        make_client(session, name=name, lat=-29.9 - n / 1000, lon=-71.25)
        for n, name in enumerate(names)
    ]
    make_zone(session, clients, collector)
    return make_route(session, collector, clients)


@pytest.fixture
def office(app: Flask) -> FakeOffice:
    return FakeOffice((office_key(app.config["SECRET_KEY"]),))


@pytest.fixture
def page(phone, collector, stops, office, complaints) -> Page:
    """Today's list on a phone whose calls to the office pass through the fake one."""
    complaints.forgive(NO_ANSWER)
    page = phone(collector)
    office.listen(page.context)
    page.goto("/phone/")
    page.locator("#signal[data-ready=yes]").wait_for(state="attached")
    return page


def save_nobody_home(page: Page, stop, note: str = "") -> None:
    page.goto(f"/phone/parada/{stop.id}/registrar")
    thumb = Thumb(page)
    thumb.tile("Nadie")
    thumb.tile("No estaba")
    if note:
        page.get_by_label("Nota").fill(note)
    thumb.on(".dock", "Guardar visita")
    expect(page.get_by_text("Guardado: No estaba.")).to_be_visible()


def send_now(page: Page) -> None:
    page.goto("/phone/pendientes")
    page.get_by_role("button", name="Enviar ahora").tap()


def test_a_saved_visit_reaches_the_office_once_with_all_that_was_told(page, office, stops):
    save_nobody_home(page, stops[0], "Perro bravo")

    expect(badge(page)).to_have_text("Todo enviado")
    (body,) = office.bodies()
    assert (body["client_id"], body["stop_id"]) == (stops[0].client_id, stops[0].id)
    assert (body["person_met"], body["outcome"], body["note"]) == (
        "nobody",
        "not_home",
        "Perro bravo",
    )
    assert (body["lat"], body["lon"], body["accuracy_m"]) == (-29.9027, -71.2519, 12)
    (event,) = office.events
    assert event["seq"] == 1


def test_without_signal_it_is_saved_at_once_and_marked_with_one_tick(page, office, stops):
    office.always = dead
    page.context.set_offline(True)

    save_nobody_home(page, stops[0])

    expect(badge(page)).to_have_text("Sin señal: 1 guardada")
    row = page.locator(f".stops [data-stop='{stops[0].id}']")
    expect(row.locator("[data-ticks=one]")).to_be_visible()
    expect(row).to_contain_text("No estaba")
    expect(page.locator(".stop-card .name")).to_have_text("Beto Cortés")
    expect(page.locator(".dock .primary")).to_have_attribute(
        "href", f"/phone/parada/{stops[1].id}/registrar"
    )
    assert office.events == []

    office.always = None
    page.context.set_offline(False)

    expect(badge(page)).to_have_text("Todo enviado")
    expect(row.locator("[data-ticks=two]")).to_be_visible()
    assert len(office.events) == 1


def test_from_the_moment_of_saving_the_badge_no_longer_vouches_for_what_it_said(page, office):
    """Whoever hears "Guardado" never reads "Todo enviado" beside it, however slow the phone is."""
    office.always = dead
    page.context.set_offline(True)
    expect(badge(page)).to_have_text("Todo enviado")

    busy = page.evaluate(
        """async () => {
          const { enqueue } = await import("/static/phone/outbox/store.js");
          const body = { client_id: 1 };
          await enqueue({ id: crypto.randomUUID(), type: "contact.recorded", body },
            document.body.dataset.user);
          return document.getElementById("outbox").ariaBusy;
        }"""
    )

    assert busy == "true"
    expect(badge(page)).to_have_text("Sin señal: 1 guardada")


@pytest.mark.parametrize("fault", [dead, broken, captive_portal], ids=lambda one: one.__name__)
def test_what_the_network_does_instead_of_answering_loses_nothing(page, office, stops, fault):
    office.always = fault
    save_nobody_home(page, stops[0])
    expect(badge(page)).to_have_text("Sin señal: 1 guardada")
    assert office.events == []

    office.always = None
    send_now(page)

    expect(badge(page)).to_have_text("Todo enviado")
    assert len(office.events) == 1


def test_an_answer_that_was_lost_makes_no_second_visit(page, office, stops):
    office.deaf = True
    save_nobody_home(page, stops[0])
    expect(badge(page)).to_have_text("Sin señal: 1 guardada")
    assert len(office.events) == 1

    office.deaf = False
    send_now(page)

    expect(badge(page)).to_have_text("Todo enviado")
    assert len(office.events) == 1
    assert len(office.letters) > 1


A_WHILE_AGO = """async (person) => {
  const { noteAttempt } = await import("/static/phone/outbox/attempts.js");
  await noteAttempt(person, (before) => ({ ...before, at: before.at - 16 * 60_000 }));
}"""


def test_a_phone_greets_by_itself_after_a_while_and_tells_again_what_the_office_lost(
    page, office, stops, collector
):
    save_nobody_home(page, stops[0])
    expect(badge(page)).to_have_text("Todo enviado")
    (event,) = office.events
    office.events.clear()  # its database came from a backup
    office.lost = [[event["seq"], event["seq"]]]
    page.goto("/phone/")
    expect(badge(page)).to_have_text("Todo enviado")
    assert office.events == []  # it has just been heard

    page.evaluate(A_WHILE_AGO, str(collector.id))
    with page.expect_response("**/phone/api/v1/events"):
        page.goto("/phone/")
    expect(badge(page)).to_have_text("Todo enviado")

    page.wait_for_timeout(500)
    assert [one["id"] for one in office.events] == [event["id"]]
    assert [letter["delivered"][0][:2] for letter in office.letters if letter.get("delivered")] == [
        [1, 1]
    ]


def test_what_a_person_compares_at_the_office_is_told_again_when_the_office_lost_it(
    page, office, stops, collector
):
    office.verdicts["visit.recorded"] = {"state": "conflict"}
    save_nobody_home(page, stops[0])
    expect(badge(page)).to_have_text("1 con problema")
    (event,) = office.events
    office.events.clear()  # its database came from a backup
    office.lost = [[event["seq"], event["seq"]]]

    page.evaluate(A_WHILE_AGO, str(collector.id))
    with page.expect_response("**/phone/api/v1/events"):
        page.goto("/phone/")

    page.wait_for_timeout(500)
    assert [one["id"] for one in office.events] == [event["id"]]
    assert [letter["compared"][0][:2] for letter in office.letters if letter.get("compared")] == [
        [1, 1]
    ]


def test_a_token_that_the_office_forgot_keeps_the_queue_and_registers_again(page, office, stops):
    office.tokens.clear()
    save_nobody_home(page, stops[0])

    send_now(page)
    page.goto("/phone/")

    expect(badge(page)).to_have_text("Todo enviado")
    assert len(office.events) == 1
    assert office.events[0]["seq"] == 1


def test_a_phone_that_the_office_forgot_tells_everything_again_although_nothing_waits(
    page, office, stops, collector
):
    save_nobody_home(page, stops[0])
    expect(badge(page)).to_have_text("Todo enviado")
    (event,) = office.events
    office.events.clear()  # its database came from a backup of before this phone was registered
    office.tokens.clear()
    page.evaluate(A_WHILE_AGO, str(collector.id))
    with page.expect_response("**/phone/api/v1/events"):
        send_now(page)
    assert office.events == []  # that it is unknown is all that it hears

    with page.expect_response(lambda one: one.ok and one.url.endswith("/phone/api/v1/events")):
        page.get_by_role("button", name="Enviar ahora").tap()

    expect(badge(page)).to_have_text("Todo enviado")
    assert [one["id"] for one in office.events] == [event["id"]]


def test_a_contradiction_is_told_again_to_an_office_that_forgot_the_phone(
    page, office, stops, collector
):
    office.verdicts["visit.recorded"] = {"state": "conflict", "sentence": "No es lo mismo."}
    save_nobody_home(page, stops[0])
    expect(badge(page)).to_have_text("1 con problema")
    (event,) = office.events
    office.events.clear()  # its database came from a backup of before this phone was registered
    office.tokens.clear()
    office.verdicts.clear()
    page.evaluate(A_WHILE_AGO, str(collector.id))
    with page.expect_response("**/phone/api/v1/events"):
        send_now(page)

    page.goto("/phone/")

    expect(badge(page)).to_have_text("Todo enviado")
    assert [(one["id"], one["seq"]) for one in office.events] == [(event["id"], 1)]


def test_an_event_that_the_office_cannot_read_does_not_hold_up_the_others(page, office, stops):
    office.verdicts["visit.annulled"] = {"state": "rejected", "sentence": "No se entiende."}
    save_nobody_home(page, stops[0])
    page.get_by_role("button", name="Deshacer").tap()
    expect(badge(page)).to_have_text("1 con problema")
    save_nobody_home(page, stops[1])
    expect(page.locator(f".stops [data-stop='{stops[1].id}'] [data-ticks=two]")).to_be_visible()
    expect(badge(page)).to_have_text("1 con problema")
    assert len(office.bodies()) == 2

    page.locator("#outbox a").tap()

    expect(page.get_by_text("No se entiende.")).to_be_visible()
    office.verdicts.clear()
    page.get_by_role("button", name="Intentar otra vez").tap()
    expect(badge(page)).to_have_text("Todo enviado")


def test_taking_a_visit_back_is_a_fact_of_its_own(page, office, stops):
    save_nobody_home(page, stops[0])
    expect(page.locator(".stop-card .name")).to_have_text("Beto Cortés")

    page.get_by_role("button", name="Deshacer").tap()

    expect(page.get_by_text("Visita deshecha.")).to_be_visible()
    expect(page.locator(".stop-card .name")).to_have_text("María Hernández")
    expect(badge(page)).to_have_text("Todo enviado")
    (annulment,) = office.bodies("visit.annulled")
    assert annulment["visit"] == office.events[0]["id"]
    assert annulment["reason"] == "Deshecho por el gestor al guardar"


def test_undo_is_offered_for_ten_seconds(page, stops):
    page.clock.install()
    save_nobody_home(page, stops[0])
    undo = page.get_by_role("button", name="Deshacer")
    expect(undo).to_be_visible()

    page.clock.run_for(10_000)

    expect(undo).to_have_count(0)


def test_two_tabs_send_everything_once(page, office, stops):
    office.always = dead
    for stop in stops:
        save_nobody_home(page, stop)
    other = page.context.new_page()
    other.goto("/phone/pendientes")
    page.goto("/phone/pendientes")
    office.always = None

    for tab in (page, other):
        tab.evaluate("document.querySelector('[data-send]').click()")

    for tab in (page, other):
        expect(badge(tab)).to_have_text("Todo enviado")
    assert sorted(one["seq"] for one in office.events) == [1, 2, 3]
    assert sum(len(letter["events"]) for letter in office.letters) == 3


@pytest.mark.parametrize("days_off", [-3, 3])
def test_a_phone_with_a_wrong_clock_promises_for_the_days_of_the_office(
    page, office, stops, days_off
):
    page.add_init_script(f"""{{
      const true_now = Date.now, off = {days_off} * 86400000, Real = Date;
      Date = class extends Real {{
        constructor(...told) {{ told.length ? super(...told) : super(true_now() + off); }}
        static now() {{ return true_now() + off; }}
      }};
    }}""")
    page.goto(f"/phone/parada/{stops[0].id}/registrar")
    thumb = Thumb(page)
    for tile in ("Titular", "Prometió pagar", "Todo · $1,500.00", "Hoy"):
        thumb.tile(tile)
    thumb.on(".dock", "Guardar visita")

    expect(page.get_by_text("Guardado: prometió $1,500.00 para el mar 10 mar.")).to_be_visible()
    expect(badge(page)).to_have_text("Todo enviado")
    assert office.bodies()[0]["promise"] == {"amount_cents": 150_000, "due_on": "2026-03-10"}


def test_a_mistake_is_told_without_asking_the_office(page, office, stops):
    office.always = dead
    page.context.set_offline(True)
    page.goto(f"/phone/parada/{stops[0].id}/registrar")
    thumb = Thumb(page)
    thumb.tile("Titular")
    thumb.tile("Dio un abono")
    thumb.on(".dock", "Guardar visita")

    summary = page.locator("[data-errors]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("¿Cuánto recibiste?: Elige la cantidad.")
    expect(page.locator("#payment_choice-error")).to_have_text("Elige la cantidad.")

    thumb.tile("Todo · $1,500.00")
    thumb.on(".dock", "Guardar visita")
    expect(page.get_by_text("Guardado: recibiste $1,500.00.")).to_be_visible()
    page.get_by_role("link", name="Seguir con mi ruta").tap()
    expect(page.locator("#collected")).to_have_text("$1,500.00")


def test_a_visit_that_an_earlier_version_kept_joins_the_outbox(page, office, stops, collector):
    uuid = "3f0c5f6e-1111-4222-8333-944445555666"
    fields = [["uuid", uuid], ["started_at", "2026-03-10T15:00:00Z"], ["person_met", "nobody"]]
    page.evaluate(
        "([k, d]) => localStorage.setItem(k, JSON.stringify(d))",
        [
            f"draft:{collector.id}:{uuid}",
            {
                "uuid": uuid,
                "path": f"/phone/parada/{stops[0].id}/registrar",
                "title": "María",
                "at": "2026-03-10T15:01:00Z",
                "tried": "2026-03-10T15:02:00Z",
                "fields": [*fields, ["outcome", "not_home"], ["note", "De ayer"]],
            },
        ],
    )

    page.goto("/phone/")

    expect(page.locator(f".stops [data-stop='{stops[0].id}'] [data-ticks=two]")).to_be_visible()
    (event,) = office.events
    assert (event["id"], event["body"]["note"]) == (uuid, "De ayer")
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('draft:'))") == []


def test_everything_can_be_taken_to_the_office_as_a_file_without_signal(
    page, office, stops, desk, session
):
    office.always = dead
    page.context.set_offline(True)
    page.add_init_script("navigator.canShare = () => false")
    save_nobody_home(page, stops[0], "Perro bravo")
    page.goto("/phone/pendientes")
    expect(page.get_by_text("En el teléfono")).to_be_visible()
    page.get_by_text("Si algo anda mal").tap()

    with page.expect_download() as download:
        page.get_by_role("button", name="Guardar una copia de todo").tap()

    copy = json.loads(download.value.path().read_text())
    assert [one["body"]["note"] for one in copy["events"]] == ["Perro bravo"]
    review = desk(Role.SUPERVISOR)
    review.goto("/revision")
    review.get_by_text("Recibir la copia que guardó un teléfono").click()
    review.get_by_label("Archivo (pendientes-….json)").set_input_files(download.value.path())
    review.get_by_role("button", name="Recibir la copia").click()
    expect(review.get_by_text("Copia de Luis Gestor: 1 registro nuevo")).to_be_visible()
    session.rollback()
    assert session.scalars(select(Visit.note)).all() == ["Perro bravo"]


def test_without_a_database_on_the_phone_the_form_goes_to_the_office_itself(
    page, session, stops, complaints
):
    complaints.forgive("SecurityError")
    page.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); }"
    )
    page.goto(f"/phone/parada/{stops[0].id}/registrar")
    expect(badge(page)).to_have_text("Este teléfono no puede guardar visitas")
    thumb = Thumb(page)
    thumb.tile("Nadie")
    thumb.tile("No estaba")
    thumb.on(".dock", "Guardar visita")

    expect(page.get_by_text("Guardado: No estaba.")).to_be_visible()
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Visit)) == 1


def test_the_browser_is_asked_to_wake_the_service_worker_when_there_is_signal(page, office, stops):
    page.context.grant_permissions(["geolocation", "background-sync"])
    office.always = dead

    save_nobody_home(page, stops[0])

    expect(badge(page)).to_have_text("Sin señal: 1 guardada")
    tags = page.evaluate("navigator.serviceWorker.ready.then((one) => one.sync.getTags())")
    assert tags == ["outbox"]


def test_what_waits_is_hidden_from_who_comes_next_and_sent_all_the_same(
    page, office, session, stops, complaints
):
    complaints.forgive("status of 403 .*/phone/api/v1/day")  # asked for between the two logins
    office.always = dead
    save_nobody_home(page, stops[0])
    session.rollback()
    other = make_user(session, full_name="Eva Nueva")
    session.commit()
    page.context.clear_cookies()
    page.goto("/phone/")
    page.fill("[name=username]", other.username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/phone/")
    expect(badge(page)).to_have_text("Todo enviado")
    page.goto("/phone/pendientes")
    expect(page.get_by_text("María Hernández")).to_have_count(0)

    office.always = None
    page.get_by_role("button", name="Enviar ahora").tap()

    page.wait_for_timeout(500)
    assert len(office.events) == 1


# --- photos and the signature

LARGE_PHOTO = """async () => {
  const canvas = new OffscreenCanvas(4000, 3000);
  const pen = canvas.getContext("2d");
  for (let n = 0; n < 400; n += 1) {
    pen.fillStyle = `hsl(${n * 37} 80% 50%)`;
    pen.fillRect((n * 997) % 4000, (n * 613) % 3000, 300, 200);
  }
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 });
  return [...new Uint8Array(await blob.arrayBuffer())];
}"""


def take_photo(page: Page) -> None:
    photo = bytes(page.evaluate(LARGE_PHOTO))
    page.locator("[data-camera]").set_input_files(
        {"name": "puerta.jpg", "mimeType": "image/jpeg", "buffer": photo}
    )


def open_visit(page: Page, stop) -> Thumb:
    page.goto(f"/phone/parada/{stop.id}/registrar")
    thumb = Thumb(page)
    thumb.tile("Nadie")
    thumb.tile("No estaba")
    return thumb


def test_a_photo_is_made_small_and_follows_its_visit(page, office, stops):
    thumb = open_visit(page, stops[0])
    take_photo(page)
    expect(page.get_by_alt_text("Foto de esta visita")).to_be_visible()
    thumb.on(".dock", "Guardar visita")

    expect(page.get_by_text("Guardado: No estaba.")).to_be_visible()
    expect(badge(page)).to_have_text("Todo enviado")
    (photo,) = office.bodies()[0]["photos"]
    assert (photo["width"], photo["height"]) == (1280, 960)
    assert photo["bytes"] == len(office.photos[photo["sha256"]]) < 400_000
    assert office.photos[photo["sha256"]].startswith(b"\xff\xd8")


def test_a_photo_that_could_not_be_sent_waits_and_is_told(page, office, stops):
    thumb = open_visit(page, stops[0])
    take_photo(page)
    expect(page.get_by_alt_text("Foto de esta visita")).to_be_visible()
    office.faults = [nothing_wrong, broken]
    thumb.on(".dock", "Guardar visita")

    expect(badge(page)).to_have_text("1 foto por enviar")
    send_now(page)
    expect(badge(page)).to_have_text("Todo enviado")
    assert len(office.photos) == 1


def test_the_photo_of_a_version_that_contradicts_another_reaches_the_office(page, office, stops):
    thumb = open_visit(page, stops[0])
    take_photo(page)
    expect(page.get_by_alt_text("Foto de esta visita")).to_be_visible()
    office.verdicts["visit.recorded"] = {"state": "conflict"}

    thumb.on(".dock", "Guardar visita")

    expect(badge(page)).to_have_text("1 con problema")
    (visit,) = office.events
    page.wait_for_function(NO_PHOTO_WAITS, arg=visit["id"])
    assert list(office.photos) == [photo["sha256"] for photo in visit["body"]["photos"]]


def test_a_photo_that_was_taken_away_is_not_sent(page, office, stops):
    thumb = open_visit(page, stops[0])
    take_photo(page)
    page.get_by_role("button", name="Quitar esta foto").tap()
    expect(page.get_by_alt_text("Foto de esta visita")).to_have_count(0)
    thumb.on(".dock", "Guardar visita")

    expect(page.get_by_text("Guardado: No estaba.")).to_be_visible()
    expect(badge(page)).to_have_text("Todo enviado")
    assert office.bodies()[0]["photos"] == []


def test_a_form_that_the_camera_killed_comes_back_with_its_photo(page, office, stops):
    thumb = open_visit(page, stops[0])
    take_photo(page)
    expect(page.get_by_alt_text("Foto de esta visita")).to_be_visible()
    uuid = page.locator("[name=uuid]").input_value()

    page.goto("/phone/")  # no word was said to the page before
    page.goto(f"/phone/parada/{stops[0].id}/registrar")

    expect(page.get_by_text("Recuperamos lo que ya habías escrito")).to_be_visible()
    expect(page.get_by_alt_text("Foto de esta visita")).to_be_visible()
    thumb.on(".dock", "Guardar visita")
    expect(page.get_by_text("Guardado: No estaba.")).to_be_visible()
    expect(badge(page)).to_have_text("Todo enviado")
    assert office.events[0]["id"] == uuid
    assert len(office.photos) == 1


@pytest.mark.parametrize("how", ["drawn", "written"])
def test_a_client_signs_with_a_finger_or_by_name(page, office, stops, how):
    thumb = open_visit(page, stops[0])
    page.get_by_role("button", name="Firma").tap()
    dialog = page.get_by_role("dialog")
    if how == "drawn":
        box = dialog.locator("canvas").bounding_box()
        page.mouse.move(box["x"] + 30, box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + 200, box["y"] + 90, steps=8)
        page.mouse.up()
    else:
        dialog.get_by_label("O escribe el nombre de quien firma").fill("María Hernández")
    dialog.get_by_role("button", name="Guardar firma").tap()
    expect(page.get_by_alt_text("Firma del cliente")).to_be_visible()
    thumb.on(".dock", "Guardar visita")

    expect(page.get_by_text("Guardado: No estaba.")).to_be_visible()
    expect(badge(page)).to_have_text("Todo enviado")
    body = office.bodies()[0]
    assert body["photos"] == []
    picture = office.photos[body["signature"]["sha256"]]
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 20_000


def test_on_a_full_phone_the_visit_is_saved_and_the_photo_is_not(page, office, stops):
    """Every write of something large fails, as on a disk without space."""
    page.add_init_script("""{
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (value, ...key) {
        const size = value?.byteLength ?? value?.data?.byteLength ?? 0;
        if (size > 1000) throw new DOMException("", "QuotaExceededError");
        return put.call(this, value, ...key);
      };
    }""")
    page.evaluate("indexedDB.deleteDatabase('outbox')")
    thumb = open_visit(page, stops[0])
    take_photo(page)
    expect(page.get_by_text("Este teléfono no tiene espacio para fotos.")).to_be_visible()
    thumb.on(".dock", "Guardar visita")

    expect(page.get_by_text("Guardado: No estaba.")).to_be_visible()
    expect(badge(page)).to_have_text("Todo enviado")
    assert office.bodies()[0]["photos"] == []


# --- killed in the middle of it


def test_a_browser_killed_in_mid_write_keeps_what_it_said_it_saved(
    app, session, server, collector, stops, tmp_path, chromium
):
    """Writes one after another; the whole browser is killed at any moment, four times."""
    session.commit()
    said: set[str] = set()
    profile = tmp_path / "profile"

    def reopened() -> tuple[BrowserContext, Page]:
        context = chromium.browser_type.launch_persistent_context(
            profile, executable_path=chromium_path(), args=FLAGS, **PHONE
        )
        context.pages[0].goto(f"{server}/entrar")
        return context, context.pages[0]

    for _ in range(4):
        context, tab = reopened()
        tab.expose_function("said", lambda uuid: said.add(uuid))  # noqa: PLW0108
        tab.evaluate(KEEP_SAVING, str(collector.id))
        tab.wait_for_timeout(700)
        kill_all_of(profile)
    context, tab = reopened()
    kept = tab.evaluate(READ_ALL, str(collector.id))
    context.close()

    assert len(said) > 20
    assert said <= {one["id"] for one in kept}
    assert all(one["photos"] == 1 for one in kept)
    assert [one["seq"] for one in kept] == list(range(1, len(kept) + 1))
