"""A dispatcher repairs the day in a real browser; the phone sees what changed."""

import pytest
from playwright.sync_api import expect

from collector_app.core.actor import Role
from collector_app.planning.queries import published_plan
from tests.planning.factories import TUESDAY
from tests.repairs.factories import make_collector, make_row, publish_day


@pytest.fixture
def day(session):
    """Ana and Eva with five stops each, from half past ten on."""
    ana = make_collector(session, "Ana Gestora", first := make_row(session, 5))
    eva = make_collector(session, "Eva Gestora", second := make_row(session, 5, column=3))
    plan_id = publish_day(session, [(ana, first), (eva, second)], first_s=10 * 3600 + 1800)
    session.commit()
    return ana, eva, plan_id


def test_the_stops_of_who_is_sick_are_shared_seen_and_given_back(desk, phone, session, day):
    _ana, eva, plan_id = day
    page = desk(Role.DISPATCHER)

    page.goto("/reparar")
    page.get_by_role("link", name="Un gestor no puede seguir").click()
    page.get_by_label("Gestor", exact=True).select_option("Ana Gestora")
    page.get_by_role("button", name="Ver qué cambia").click()
    expect(
        page.get_by_role("heading", name="Así quedaría: Ana Gestora no puede seguir")
    ).to_be_visible()
    expect(page.get_by_text("pasa de Ana Gestora a Eva Gestora").first).to_be_visible()
    expect(page.get_by_text("están dentro de la ley")).to_be_visible()
    page.get_by_role("button", name="Aplicar y avisar a los gestores").click()
    expect(page.get_by_text("los gestores ya ven su nueva ruta")).to_be_visible()

    hers = phone(eva)
    hers.goto("/phone/")
    expect(hers.get_by_text("La oficina cambió tu ruta")).to_be_visible()
    hers.get_by_text("Ver los 5 cambios").click()
    expect(hers.get_by_text("Entra Cliente 0-0: quien iba no puede seguir")).to_be_visible()

    page.get_by_role("button", name="Deshacer").click()
    page.get_by_role("button", name="Sí", exact=True).click()
    expect(page.get_by_text("vale otra vez la ruta de antes")).to_be_visible()
    session.rollback()
    assert published_plan(session, TUESDAY).id == plan_id


def test_a_stop_is_pinned_from_the_preview_without_a_mouse(desk, day):
    page = desk(Role.DISPATCHER)

    page.goto(f"/reparar?cambio=late&gestor={day[0].id}&hasta=15%3A30&ver=1")
    page.get_by_text("Fijar paradas").focus()
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="Cliente 0-4").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Volver a calcular").press("Enter")

    expect(
        page.get_by_text("Fijar paradas: que no cambien de gestor ni salgan (1)")
    ).to_be_visible()


def test_several_things_are_put_on_a_list_and_applied_at_once_without_a_mouse(desk, session, day):
    page = desk(Role.DISPATCHER)

    def enter(role: str, name: str) -> None:
        page.get_by_role(role, name=name).focus()
        page.keyboard.press("Enter")

    page.goto("/reparar")
    enter("link", "Un gestor no puede seguir")
    page.get_by_label("Gestor", exact=True).select_option("Ana Gestora")
    enter("button", "Ver qué cambia")
    enter("link", "Pasó algo más")
    expect(page.get_by_role("heading", name="Lista de lo que pasó")).to_be_visible()
    enter("link", "Un cliente canceló")
    page.get_by_label("Cliente", exact=True).select_option(label="10:30 · Cliente 3-0")
    enter("button", "Ver qué cambia")
    expect(
        page.get_by_role(
            "heading", name="Así quedaría: Ana Gestora no puede seguir; Cliente 3-0 canceló"
        )
    ).to_be_visible()
    enter("button", "Aplicar y avisar a los gestores")

    expect(page.get_by_text("los gestores ya ven su nueva ruta")).to_be_visible()
    expect(page.get_by_text("Ana Gestora no puede seguir; Cliente 3-0 canceló")).to_be_visible()
    session.rollback()
    assert published_plan(session, TUESDAY).id != day[2]
