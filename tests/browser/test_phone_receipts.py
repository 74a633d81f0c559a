"""Receipts that a phone gives by itself without signal: at once, no folio twice, none left out."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from collector_app.sync.rules import office_key
from tests.browser.badge import badge
from tests.browser.fake_office import FakeOffice, dead
from tests.browser.test_phone_day import Thumb
from tests.factories import make_client, make_user
from tests.phone.factories import make_route
from tests.zones.factories import make_zone

SAVE_MANY = """async ([person, count]) => {
  const { enqueue } = await import("/static/phone/outbox/store.js");
  const payment = { amount_cents: 100, method: "cash", reference: null };
  const body = { stop_id: null, payment };
  const save = () => enqueue({ id: crypto.randomUUID(), type: "visit.recorded", body }, person);
  await Promise.all(Array.from({ length: count }, save));
}"""
NUMBERS = """async (person) => {
  const { eventsOf } = await import("/static/phone/outbox/store.js");
  return (await eventsOf(person)).map(({ body }) => body.payment.receipt.number);
}"""
SERIES = """async (person) => {
  const { foliosOf } = await import("/static/phone/outbox/folios.js");
  return (await foliosOf(person)).series;
}"""
LOSE_RECEIPTS = (
    """async (person) => (await caches.open(`sealed-${person}`)).delete("/phone/recibos")"""
)
# As a copy of the phone's storage of before brings the counter back.
REWIND = """async ([person, last]) => {
  const { transact, got } = await import("/static/phone/outbox/database.js");
  await transact(["meta"], "readwrite", async ({ meta }) => {
    const key = `folios:${person}`;
    meta.put({ ...(await got(meta.get(key))), last }, key);
  });
}"""


@pytest.fixture
def collector(session):
    return make_user(session, full_name="Luis Gestor")


@pytest.fixture
def stops(session, collector):
    clients = [
        make_client(session, name=name, phone="+525512345678")
        for name in ("Ana Ríos", "Beto Cortés")
    ]
    make_zone(session, clients, collector)
    return make_route(session, collector, clients)


@pytest.fixture
def office(app: Flask) -> FakeOffice:
    return FakeOffice((office_key(app.config["SECRET_KEY"]),))


@pytest.fixture
def page(phone, collector, stops, office, complaints) -> Page:
    """Today's list on a phone that has all it needs for the day."""
    complaints.forgive(r"net::ERR")
    page = phone(collector)
    office.listen(page.context)
    page.goto("/phone/")
    page.locator("#signal[data-ready=yes]").wait_for(state="attached")
    return page


@pytest.fixture
def lost_signal(page: Page, office) -> None:
    """No network, and no server behind it."""
    office.always = dead
    page.context.set_offline(True)


def save_payment(page: Page, stop, amount: str) -> None:
    page.goto(f"/phone/parada/{stop.id}/registrar")
    thumb = Thumb(page)
    thumb.tile("Titular")
    thumb.tile("Dio un abono")
    thumb.tile("Otra cantidad")
    page.get_by_label("Cantidad que recibiste").fill(amount)
    thumb.tile("Efectivo")
    thumb.on(".dock", "Guardar visita")
    expect(page.locator("#folio")).to_be_visible()


def folio(page: Page):
    return page.locator("#folio")


def person(page: Page) -> str:
    return page.locator("body").get_attribute("data-user")


def test_a_payment_without_signal_shows_its_receipt_at_once_and_the_office_gets_the_same(
    page,
    office,
    stops,
    lost_signal,
):
    save_payment(page, stops[0], "350")

    expect(folio(page)).to_have_text(re.compile(r"^T[A-Z2-9]{4}-000001$"))
    shown = folio(page).inner_text()
    card = page.locator("#receipt")
    expect(card).to_contain_text("$350.00")
    expect(card).to_contain_text("Ana Ríos")
    expect(card).to_contain_text("Efectivo")
    expect(card).to_contain_text("En el teléfono")
    expect(card.locator(".qr path")).to_be_attached()
    expect(page.get_by_text("Guardado: recibiste $350.00.")).to_be_visible()
    code = card.locator("[data-code]").inner_text()
    link = card.get_by_role("link", name="Enviar por WhatsApp").get_attribute("href")
    assert link.startswith("https://wa.me/")
    assert code in link

    save_payment(page, stops[1], "200")
    expect(folio(page)).to_have_text(shown.replace("000001", "000002"))

    office.always = None
    page.context.set_offline(False)
    expect(badge(page)).to_have_text("Todo enviado")
    expect(page.locator("#receipt [data-state]")).to_have_text("Recibido en la oficina")
    receipts = [body["payment"]["receipt"] for body in office.bodies()]
    assert [one["number"] for one in receipts] == [1, 2]
    assert (f"{receipts[0]['series']}-000001", receipts[0]["code"]) == (shown, code)


def test_an_earlier_receipt_is_opened_from_the_list(page, stops, lost_signal):
    save_payment(page, stops[0], "350")
    save_payment(page, stops[1], "200")
    page.get_by_role("link", name="Seguir con mi ruta").tap()
    page.get_by_role("link", name="Recibos", exact=True).tap()
    expect(page.locator("#receipt")).to_be_hidden()

    page.locator("#receipts a").nth(1).tap()

    expect(page.locator("#receipt")).to_contain_text("Ana Ríos")
    expect(folio(page)).to_be_focused()


def test_a_payment_that_is_undone_keeps_its_folio_and_says_that_it_is_not_worth_anything(
    page,
    stops,
    lost_signal,
):
    save_payment(page, stops[0], "350")
    expect(folio(page)).to_have_text(re.compile("000001$"))

    page.get_by_role("button", name="Deshacer").tap()

    expect(page.locator("#receipt [data-state]")).to_have_text("Deshecho: no vale")
    expect(page.locator("#receipt .qr")).to_be_hidden()
    save_payment(page, stops[0], "350")
    expect(folio(page)).to_have_text(re.compile("000002$"))


def test_two_tabs_that_save_at_once_use_each_folio_once_and_leave_none_out(page, lost_signal):
    other = page.context.new_page()
    other.goto("/phone/")
    me = person(page)
    page.evaluate(
        "args => { window.saving = (" + SAVE_MANY + ")(args); }",
        [me, 12],
    )
    other.evaluate(SAVE_MANY, [me, 12])
    page.evaluate("() => window.saving")

    numbers = page.evaluate(NUMBERS, me)

    assert sorted(numbers) == list(range(1, 25))


def test_a_restored_database_goes_on_after_the_last_folio_that_the_office_heard_of(
    page,
    office,
    stops,
):
    me = person(page)
    page.evaluate(REWIND, [me, 3])
    office.folios = {"series": page.evaluate(SERIES, me), "last": 41}
    page.evaluate(SAVE_MANY, [me, 1])
    page.goto("/phone/pendientes")
    page.get_by_role("button", name="Enviar ahora").tap()
    expect(badge(page)).to_have_text("Todo enviado")

    save_payment(page, stops[0], "350")

    expect(folio(page)).to_have_text(re.compile("000042$"))


def test_the_list_leads_to_the_receipt_where_its_page_was_not_yet_here(
    page, office, stops, lost_signal
):
    page.goto(f"/phone/parada/{stops[0].id}/registrar")
    page.evaluate(LOSE_RECEIPTS, person(page))
    thumb = Thumb(page)
    thumb.tile("Titular")
    thumb.tile("Dio un abono")
    thumb.tile("Todo · $1,500.00")
    thumb.tile("Efectivo")
    thumb.on(".dock", "Guardar visita")

    saved = page.locator("#saved")
    expect(saved).to_contain_text("Guardado: recibiste $1,500.00.")
    link = saved.get_by_role("link", name="Ver recibo")
    expect(link).to_have_attribute("href", re.compile(r"/phone/recibos#[0-9a-f-]{36}$"))
