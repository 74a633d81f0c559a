"""The pages of law, money and words in a real browser: usable by everybody, signed by hand."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from collector_app.core.actor import Role
from collector_app.payments.models import Receipt
from collector_app.payments.services import record_payment
from collector_app.violations.queries import judge
from collector_app.violations.services import keep_verdict
from tests.agreements.factories import make_agreement
from tests.compliance.factories import make_creditor
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import payment_fact
from tests.violations.test_judging import SYSTEM, TUESDAY, ZONE, local, visited
from tests.zones.factories import make_zone


@pytest.fixture
def collector(session):
    return make_user(session, full_name="Luis Gestor")


@pytest.fixture
def debtor(session, collector):
    client = make_client(session, name="Rosa Muñoz")
    make_zone(session, [client], collector)
    return client


@pytest.fixture
def receipt(session, collector, debtor):
    record_payment(session, actor_of(collector), payment_fact(debtor), zone=ZONE)
    return session.query(Receipt).one()


def assert_everybody_can_use(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert found == [], [(one["id"], one["nodes"][0]["html"]) for one in found]
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not wide, f"{page.url} scrolls sideways"


def test_everybody_can_use_the_pages_of_the_office(session, desk, collector, debtor, receipt):
    visited(session, debtor, collector, local(5))
    keep_verdict(session, SYSTEM, judge(session, TUESDAY, TUESDAY, ZONE), TUESDAY, TUESDAY, ZONE)
    make_agreement(session, actor_of(collector), debtor, discount_basis=2_000)
    shop = make_creditor(session, "mx_commercial", "Tiendas del Norte")
    session.commit()
    page = desk(Role.SUPERVISOR)

    for address in (
        "/cumplimiento",
        "/cumplimiento/acreedores",
        f"/cumplimiento/acreedores/{shop.id}",
        "/faltas",
        "/recibos",
        f"/recibos/{receipt.id}",
        f"/recibos/verificar/{receipt.code}",
        "/caja/cierres",
        "/quejas",
        "/quejas/nueva",
        "/convenios",
        f"/convenios/nuevo/{debtor.id}",
        "/guion",
    ):
        page.goto(address)
        expect(page.locator("h1").first).to_be_visible()
        assert_everybody_can_use(page)


def test_everybody_can_use_the_pages_of_the_phone(phone, collector, debtor, receipt):
    page = phone(collector)

    for address in (
        "/recibos",
        f"/recibos/{receipt.id}",
        "/caja",
        "/quejas/nueva",
        "/convenios",
        f"/convenios/nuevo/{debtor.id}",
        f"/guion/{debtor.id}",
        f"/contactos/{debtor.id}",
    ):
        page.goto(address)
        expect(page.locator("h1").first).to_be_visible()
        assert_everybody_can_use(page)


def test_a_client_signs_with_a_finger(session, phone, collector, debtor):
    made = make_agreement(session, actor_of(collector), debtor)
    page = phone(collector)
    page.goto(f"/convenios/{made.id}")
    assert_everybody_can_use(page)
    page.get_by_label("Nombre de quien firma").fill("Rosa Muñoz")
    canvas = page.locator("[data-signature]")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 90, steps=8)
    page.mouse.up()
    page.get_by_role("button", name="Firmar", exact=True).click()

    expect(page.get_by_text("Vigente", exact=True)).to_be_visible()
    session.rollback()  # look anew
    assert made.signature.startswith(b"\x89PNG")


def test_the_cash_of_a_day_is_counted_by_keyboard(session, phone, collector):
    page = phone(collector)
    page.goto("/caja")
    page.get_by_label("Fondo que te entregaron").fill("100")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Caja abierta.")).to_be_visible()
    page.get_by_label("$100.00").fill("1")
    page.keyboard.press("Enter")

    expect(page.get_by_text("otra persona la confirma")).to_be_visible()


def test_the_kind_of_place_is_told_by_keyboard(session, desk, debtor):
    page = desk(Role.SUPERVISOR)
    page.goto(f"/cartera/{debtor.id}")
    place = page.get_by_label("¿Qué lugar es?")
    authorised = page.get_by_label("El cliente autorizó que se le visite aquí")

    place.focus()
    page.keyboard.type("Trabajo")
    page.keyboard.press("Tab")
    page.keyboard.type("Está en el contrato")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Lugar de visita guardado.")).to_be_visible()
    expect(place).to_have_value("workplace")
    expect(page.get_by_label("¿De dónde salió el domicilio?")).to_have_value("contract")
    expect(authorised).to_be_checked()
    assert_everybody_can_use(page)
    page.get_by_role("button", name="Guardar lugar").click()
    expect(page.get_by_text("Ya se sabía así.")).to_be_visible()
