"""Back after a form was refused, or answered with a page: nothing is sent twice or lost."""

import pytest
from playwright.sync_api import Page, expect

from collector_app.core.actor import Role


@pytest.fixture
def page(desk, complaints) -> Page:
    complaints.forgive("422")
    return desk(Role.ADMIN)


@pytest.fixture
def sent(page) -> list[str]:
    found: list[str] = []
    page.on("request", lambda one: found.append(one.url) if one.method == "POST" else None)
    return found


def refuse(page: Page) -> None:
    page.goto("/webhooks")
    page.get_by_label("Dirección que recibe").fill("ftp://ruta.example/aviso")
    page.get_by_label("visita anulada").check()
    page.get_by_role("button", name="Agregar").click()
    expect(page.locator("[data-errors]")).to_be_visible()


@pytest.mark.parametrize("elsewhere", [None, "/claves"], ids=["at once", "from another page"])
def test_back_from_a_refused_form_keeps_what_was_typed_and_sends_nothing(page, sent, elsewhere):
    refuse(page)
    if elsewhere:
        page.goto(elsewhere)

    page.go_back()

    expect(page.locator("[data-errors]")).to_have_count(0)
    expect(page.get_by_label("Dirección que recibe")).to_have_value("ftp://ruta.example/aviso")
    expect(page.get_by_label("visita anulada")).to_be_checked()
    assert len(sent) == 1


def test_back_leads_to_the_page_of_a_form_that_is_sent_to_an_address_of_its_own(page, sent):
    page.goto("/informes")
    page.get_by_label("Hora").fill("09:15")
    for day in ("lunes", "martes", "miércoles", "jueves", "viernes"):
        page.get_by_label(day, exact=True).uncheck()
    page.get_by_role("button", name="Programar").click()
    expect(page.locator("[data-errors]")).to_be_visible()
    page.goto("/claves")

    page.go_back()

    expect(page).to_have_url("/informes")
    expect(page.get_by_label("Hora")).to_have_value("09:15")
    expect(page.get_by_label("lunes", exact=True)).not_to_be_checked()
    assert len(sent) == 1


def test_a_form_opened_anew_is_empty(page):
    refuse(page)

    page.goto("/webhooks")

    expect(page.get_by_label("Dirección que recibe")).to_have_value("")


def test_back_to_a_secret_that_is_shown_once_makes_no_second_key(page, sent):
    page.goto("/claves")
    page.locator("input[name=name]").fill("ERP")
    page.locator("input[name=scopes]").first.check()
    page.get_by_role("button", name="Dar clave").click()
    expect(page.get_by_text("Copia la clave ahora")).to_be_visible()
    page.goto("/webhooks")

    page.go_back()

    expect(page.get_by_text("Copia la clave ahora")).to_have_count(0)
    expect(page).to_have_url("/claves")
    assert len(sent) == 1
