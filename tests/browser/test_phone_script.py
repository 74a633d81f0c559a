"""What to say and what may be offered at a door, with no network and no server behind it."""

from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from collector_app.agreements.services import cancel
from collector_app.core.actor import Role
from collector_app.schedules.models import Agreement
from collector_app.visits.models import Visit
from tests.browser.badge import badge
from tests.browser.test_phone_day import Thumb
from tests.compliance.factories import give_credits, make_creditor
from tests.factories import actor_of, make_client, make_user
from tests.phone.factories import make_route
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")


@pytest.fixture
def page(phone, session, complaints) -> Page:
    """The script of the first stop."""
    return script_of(phone, session, complaints)


def script_of(phone, session, complaints, creditor=None) -> Page:
    complaints.forgive(r"net::ERR")
    collector = make_user(session, full_name="Luis Gestor")
    client = make_client(session, name="Ana Ríos", lat=-29.9, lon=-71.25)
    give_credits(session, client, creditor)
    make_zone(session, [client], collector)
    (stop,) = make_route(session, collector, [client])
    page = phone(collector)
    page.goto("/phone/")
    page.locator("#signal[data-ready=yes]").wait_for(state="attached")
    page.context.set_offline(True)
    page.goto(f"/phone/parada/{stop.id}")
    page.get_by_role("link", name="Qué decir y qué ofrecer").tap()
    return page


def test_the_notice_for_a_third_party_names_the_client_and_no_debt(page):
    notice = page.locator("section, .card").filter(has_text="Si abre otra persona").first

    expect(notice).to_contain_text("Ana Ríos")
    expect(notice).to_contain_text("Luis Gestor")
    expect(page.locator("[data-opening]")).not_to_be_empty()


def test_what_a_creditor_asks_for_is_said_at_the_door_of_their_client_alone(
    phone, session, complaints
):
    shop = make_creditor(session, "mx_commercial", "Tiendas del Norte")
    page = script_of(phone, session, complaints, shop)

    expect(page.locator("[data-duties]")).to_contain_text("Constancia de que encargó el cobro")
    expect(page.locator("[data-creditors]")).to_contain_text("El gestor no puede recibir dinero")
    expect(page.locator("[data-creditors]")).to_contain_text("acreedor: Tiendas del Norte")


def test_a_client_of_the_house_has_no_notice_of_creditors(page):
    expect(page.locator("[data-opening]")).not_to_be_empty()

    expect(page.locator("[data-duties]")).to_be_hidden()
    expect(page.locator("[data-creditors]")).to_be_hidden()


def test_the_card_of_an_objection_says_what_to_show_and_what_never_to_say(page):
    page.locator("summary").filter(has_text="Ya pagué").first.tap()

    card = page.locator("details[open]")
    expect(card).to_contain_text("Muestra")
    expect(card).to_contain_text("Nunca")


def test_an_offer_within_the_ladder_is_the_collectors_and_one_above_is_not(page):
    page.get_by_text("Calcular una oferta").tap()
    page.get_by_label("Quita (%)").fill("10")
    page.get_by_label("Enganche", exact=True).fill("300")
    page.get_by_label("Número de pagos").fill("3")

    expect(page.get_by_text("Lo puedes ofrecer tú.")).to_be_visible()
    expect(page.get_by_text("Paga en total $1,350.00")).to_be_visible()
    expect(page.locator("#result li .number")).to_have_text(
        ["$300.00", "$350.00", "$350.00", "$350.00"]
    )

    page.get_by_label("Quita (%)").fill("10.01")

    expect(page.get_by_text("Pasa de lo que puedes otorgar")).to_be_visible()
    expect(page.get_by_text("Lo puedes ofrecer tú.")).to_be_hidden()


def test_terms_that_can_not_be_are_said(page):
    page.get_by_text("Calcular una oferta").tap()
    page.get_by_label("Enganche", exact=True).fill("10")

    expect(page.locator("#result [data-wrong]")).to_have_text(
        "El enganche es al menos 5 % y menos que todo."
    )


def test_an_offer_above_is_asked_for_without_signal_and_the_answer_comes_back(page, session, desk):
    page.get_by_text("Calcular una oferta").tap()
    page.get_by_label("Quita (%)").fill("20")
    page.get_by_label("Enganche", exact=True).fill("300")
    page.get_by_role("button", name="Pedir autorización").tap()
    expect(page.get_by_text("Solicitud guardada en este teléfono")).to_be_visible()
    expect(page.get_by_role("button", name="Pedir autorización")).to_be_hidden()
    page.context.set_offline(False)
    expect(badge(page)).to_have_text("Todo enviado")

    office = desk(Role.SUPERVISOR)
    office.goto("/convenios")
    office.get_by_role("link", name="Ana Ríos").click()
    office.get_by_label("Acreedor (razón social)").fill("Financiera X")
    office.get_by_label("Cuenta del acreedor, nunca de una persona").fill("0123")
    office.get_by_label("Referencia del pago").fill("C-1")
    office.get_by_role("button", name="Aprobar").click()
    expect(office.get_by_text("Aprobado. Falta la firma del cliente.")).to_be_visible()

    granted = (
        "Tu supervisor autorizó 20 % de quita y 4 pagos: paga en total $1,200.00."
        " Con señal, fírmalo en Convenios."
    )
    page.reload()
    expect(page.locator("[data-asked]")).to_have_text(granted, timeout=30_000)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-asked]")).to_have_text(granted, timeout=30_000)


def test_a_refused_offer_is_told_with_the_reason(page, session):
    page.get_by_text("Calcular una oferta").tap()
    page.get_by_label("Quita (%)").fill("20")
    page.get_by_role("button", name="Pedir autorización").tap()
    expect(page.get_by_text("Solicitud guardada en este teléfono")).to_be_visible()
    page.context.set_offline(False)
    expect(badge(page)).to_have_text("Todo enviado")
    session.rollback()
    asked = session.scalars(select(Agreement)).one()
    supervisor = actor_of(make_user(session, Role.SUPERVISOR))
    cancel(session, supervisor, asked.id, "Ya tiene el 10 % & más no", zone=ZONE)
    session.commit()

    page.reload()

    refused = "Tu supervisor no autorizó 20 % de quita y 4 pagos. No lo ofrezcas."
    expect(page.locator("[data-asked]")).to_have_text(
        f"{refused} Motivo: Ya tiene el 10 % & más no", timeout=30_000
    )


@pytest.mark.parametrize(("said", "is_opened"), [("Ya pagué", True), ("No tengo dinero", False)])
def test_the_office_learns_whether_the_card_of_what_was_said_was_opened(
    page, session, said, is_opened
):
    page.locator("summary").filter(has_text="Ya pagué").first.tap()
    page.go_back()
    thumb = Thumb(page)
    thumb.on(".dock", "Registrar visita")
    thumb.tile("Titular")
    thumb.tile("Sin acuerdo")
    thumb.tile(said)
    thumb.on(".dock", "Guardar visita")
    expect(badge(page)).to_have_text("Sin señal: 1 guardada")
    page.context.set_offline(False)
    expect(badge(page)).to_have_text("Todo enviado")

    session.rollback()
    visit = session.scalars(select(Visit)).one()
    assert (visit.objection is not None, visit.card_opened) == (True, is_opened)
