"""Calls and messages without signal: counted on the phone at once, told to the office later."""

import pytest
from playwright.sync_api import Page, expect

from collector_app.sync.rules import office_key
from tests.browser.badge import badge
from tests.browser.fake_office import FakeOffice, dead
from tests.factories import make_client, make_user
from tests.phone.factories import make_route
from tests.zones.factories import make_zone


@pytest.fixture
def collector(session):
    return make_user(session, full_name="Luis Gestor")


@pytest.fixture
def client(session, collector):
    client = make_client(session, name="Ana Ríos", phone="+525512345678", lat=-29.9, lon=-71.25)
    make_zone(session, [client], collector)
    return client


@pytest.fixture
def office(app) -> FakeOffice:
    return FakeOffice((office_key(app.config["SECRET_KEY"]),))


@pytest.fixture
def page(phone, session, collector, client, office, complaints) -> Page:
    """The contacts of a client of the route, with no network and no server behind it."""
    complaints.forgive(r"net::ERR")
    make_route(session, collector, [client])
    page = phone(collector)
    office.listen(page.context)
    page.goto("/phone/")
    page.locator("#signal[data-ready=yes]").wait_for(state="attached")
    office.always = dead
    page.context.set_offline(True)
    page.get_by_role("link", name="Registrar llamada o mensaje").tap()
    expect(page.get_by_role("heading", name="Ana Ríos")).to_be_visible()
    return page


def calls(page: Page):
    return page.locator("[data-law] [data-channel=call]")


def left(page: Page) -> int:
    """How many attempts are left before the first limit, as the page says it."""
    why = calls(page).locator("[data-why]")
    expect(why).to_contain_text("Quedan ")
    return int(why.inner_text().split("Quedan ")[1].split(" ")[0])


def tile(form, text: str) -> None:
    form.locator(".option").filter(has=form.page.get_by_text(text, exact=True)).tap()


def save_call(page: Page, who: str) -> None:
    form = page.locator("#done")
    tile(form, "Llamada")
    tile(form, who)
    form.get_by_role("button", name="Guardar contacto").tap()


def test_a_call_without_signal_is_saved_counts_at_once_and_reaches_the_office(page, office, client):
    before = left(page)

    save_call(page, "Nadie")

    expect(page.get_by_text("Guardado en este teléfono.")).to_be_visible()
    expect(calls(page).locator("[data-why]")).to_contain_text(f"Quedan {before - 1} de")
    office.always = None
    page.context.set_offline(False)
    expect(badge(page)).to_have_text("Todo enviado")
    (body,) = office.bodies("contact.recorded")
    assert (body["client_id"], body["channel"], body["person"], body["was_answered"]) == (
        client.id,
        "call",
        "nobody",
        False,
    )


def test_what_is_missing_is_said_and_nothing_is_saved(page):
    page.get_by_role("button", name="Guardar contacto").tap()

    expect(page.locator("#done [data-wrong]")).to_have_text("Elige qué fue.")
    expect(badge(page)).to_have_text("Todo enviado")


def test_a_message_of_the_house_is_filled_in_kept_and_opens_its_app(page, office):
    form = page.locator("#message")
    page.get_by_role("button", name="Saludo").tap()
    expect(form.get_by_label("Mensaje", exact=True)).to_have_value(
        "Hola, buen día. Soy Luis Gestor. ¿Tiene un momento, Ana Ríos?"
    )
    tile(form, "WhatsApp")
    tile(form, "Titular")
    form.get_by_role("button", name="Guardar y enviar").tap()

    link = page.locator("#told").get_by_role("link", name="Abrir")
    expect(link).to_have_attribute(
        "href",
        "https://wa.me/525512345678?text=Hola%2C%20buen%20d%C3%ADa.%20Soy%20Luis%20Gestor.%20%C2%BFTiene%20un%20momento%2C%20Ana%20R%C3%ADos%3F",
    )


def test_to_a_relative_a_message_about_the_debt_does_not_leave(page):
    form = page.locator("#message")
    form.get_by_label("Mensaje", exact=True).fill("Debe tres pagos")
    tile(form, "WhatsApp")
    tile(form, "Familiar")
    form.get_by_role("button", name="Guardar y enviar").tap()

    expect(form.locator("[data-wrong]")).to_contain_text("Con un familiar no se habla de la deuda")
    expect(badge(page)).to_have_text("Todo enviado")
