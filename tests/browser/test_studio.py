"""The studio of zones in a real browser: the lasso, the keyboard, undo, and what axe says."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from collector_app.core.actor import Role
from tests.browser.conftest import Finger
from tests.factories import make_client, make_user
from tests.studio.drafts import make_draft
from tests.zones.factories import make_zone

FIRST_DIVISION_MS = 30_000  # of a process: its loops are loaded, or compiled, before


@pytest.fixture
def draft(session):
    """Two zones, kilometres apart: six clients in the north, four in the south."""
    up = [make_client(session, lat=-29.90 - n / 2000, lon=-71.25) for n in range(6)]
    down = [make_client(session, lat=-29.94 - n / 2000, lon=-71.29) for n in range(4)]
    make_zone(session, up, make_user(session, full_name="Rosa Vega"), name="Norte")
    make_zone(session, down, name="Sur")
    return make_draft(session)


def open_draft(page: Page, draft) -> None:
    page.goto(f"/zonas/borradores/{draft.id}")
    expect(page.locator(".leaflet-container[data-version]")).to_be_visible()


def clients_of(page: Page, name: str):
    return page.get_by_role("row").filter(has_text=name).get_by_role("cell").nth(1)


def draw_around_everything(page: Page) -> None:
    """Pull the lasso once around the whole map."""
    page.get_by_role("button", name="Lazo", exact=True).click()
    box = page.get_by_role("region", name="Mapa del borrador", exact=True).last.bounding_box()
    left, top = box["x"] + 6, box["y"] + 6
    right, bottom = box["x"] + box["width"] - 8, box["y"] + box["height"] - 8
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top + 12)):
        page.mouse.move(x, y, steps=4)
    page.mouse.up()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_page(desk, draft, scheme):
    page = desk(Role.DISPATCHER)
    page.emulate_media(color_scheme=scheme)
    open_draft(page, draft)

    found = Axe().run(page)

    assert not found.violations_count, found.generate_report()


def test_the_lasso_moves_who_is_inside_and_undo_takes_it_back(desk, draft):
    page = desk(Role.DISPATCHER)
    page.set_viewport_size({"width": 1366, "height": 1500})
    open_draft(page, draft)

    draw_around_everything(page)
    expect(page.locator("[data-count]")).to_have_text("10 clientes elegidos")
    page.locator("#studio-target").select_option(label="Norte")
    page.get_by_role("button", name="Mover aquí").click()

    expect(clients_of(page, "Norte")).to_have_text("10")
    expect(clients_of(page, "Sur")).to_have_text("0")
    page.locator("body").press("Control+z")
    expect(clients_of(page, "Norte")).to_have_text("6")
    expect(clients_of(page, "Sur")).to_have_text("4")


def test_a_finger_pulls_the_lasso_and_touches_one_client(tablet, draft):
    page = tablet(Role.DISPATCHER)
    page.set_viewport_size({"width": 820, "height": 1600})
    open_draft(page, draft)
    lasso = page.get_by_role("button", name="Lazo", exact=True)
    lasso.tap()
    assert lasso.bounding_box()["height"] >= 48
    chart = page.get_by_role("region", name="Mapa del borrador", exact=True).last
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    left, top = box["x"] + 6, box["y"] + 6
    right, bottom = box["x"] + box["width"] - 8, box["y"] + box["height"] - 8

    Finger(page).draw((left, top), (right, top), (right, bottom), (left, bottom), (left, top + 12))

    expect(page.locator("[data-count]")).to_have_text("10 clientes elegidos")
    expect(lasso).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Soltar").tap()
    expect(page.locator("[data-count]")).to_have_text("0 clientes elegidos")
    x, y = page.evaluate(
        """() => { const [map] = window.fieldMap.maps.keys();
        const { x, y } = map.latLngToContainerPoint([-29.90, -71.25]); return [x, y]; }"""
    )
    box = chart.bounding_box()
    page.touchscreen.tap(box["x"] + x + 16, box["y"] + y)  # a fingertip is no arrow's tip
    expect(page.locator("[data-count]")).to_have_text("1 clientes elegidos")


def test_the_keyboard_alone_makes_zones_even_and_compares_them(desk, draft):
    page = desk(Role.DISPATCHER)
    open_draft(page, draft)

    page.get_by_label("Cuántas zonas").fill("3")
    page.get_by_role("button", name="Proponer esas zonas").press("Enter")
    said = page.get_by_role("status").first
    expect(said).to_contain_text("Repartir en zonas nuevas", timeout=FIRST_DIVISION_MS)
    expect(page.locator("[data-zone-row]")).to_have_count(3)
    page.get_by_role("link", name="Comparar con hoy").press("Enter")

    expect(page.get_by_role("row").filter(has_text="Rosa Vega")).to_contain_text("6 hoy")
    expect(page.locator(".leaflet-container")).to_have_count(2)
    found = Axe().run(page)
    assert not found.violations_count, found.generate_report()


def test_each_list_stays_at_what_was_chosen_after_an_edit(desk, draft):
    page = desk(Role.DISPATCHER)
    open_draft(page, draft)
    zone, into = page.locator("#studio-key"), page.locator("#studio-into")
    second = zone.locator("option").nth(1).get_attribute("value")
    zone.select_option(second)
    into.select_option(second)

    page.get_by_role("button", name="Bloquear", exact=True).click()

    expect(page.get_by_text("Bloqueada", exact=True)).to_be_visible()
    expect(zone).to_have_value(second)
    expect(into).to_have_value(second)
    expect(page.locator("#studio-border-zone")).not_to_have_value(second)


def test_the_keyboard_goes_on_where_it_was_after_each_edit(desk, draft):
    page = desk(Role.DISPATCHER)
    open_draft(page, draft)
    lock = page.get_by_role("button", name="Bloquear", exact=True)
    undo = page.get_by_role("button", name="Deshacer")

    lock.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Bloqueada", exact=True)).to_be_visible()
    expect(lock).to_be_focused()

    undo.focus()
    page.keyboard.press("Enter")
    expect(undo).to_be_disabled()
    expect(page.locator("#studio")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Rehacer")).to_be_focused()


def test_who_presses_two_buttons_at_once_is_not_told_of_somebody_else(desk, draft):
    page = desk(Role.DISPATCHER)
    open_draft(page, draft)

    page.evaluate(
        """() => { for (const kind of ["lock", "rebalance"])
        document.querySelector(`#studio button[value=${kind}]`).click(); }"""
    )

    expect(page.get_by_role("status").first).to_contain_text("Bloquear la zona")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("Otra persona cambió")).to_have_count(0)
    expect(page.locator("#studio")).to_have_attribute("data-version", "1")


def test_every_action_of_the_map_is_reached_with_the_tab_key(desk, draft):
    page = desk(Role.DISPATCHER)
    open_draft(page, draft)
    page.locator("#studio").focus()

    reached = []
    for _step in range(80):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("(e => e.id || e.value || e.textContent.trim())(document.activeElement)")
        )

    # To choose clients there is the list; the others stand in the panel beside the map.
    for action in ("lock", "unlock", "split", "merge", "assign", "rename", "redraw", "barrier"):
        assert action in reached
    assert "studio-border-corners" in reached
    assert "studio-line-corners" in reached
    assert reached[-1] != reached[-2]  # nothing holds the focus


def test_clients_are_moved_from_the_list_with_the_keyboard(desk, draft):
    page = desk(Role.DISPATCHER)
    open_draft(page, draft)
    page.get_by_role("link", name="Elegir clientes en lista").press("Enter")

    page.get_by_role("checkbox").first.press("Space")
    found = Axe().run(page)
    assert not found.violations_count, found.generate_report()
    page.get_by_role("button", name="Mover").first.press("Enter")

    expect(page.locator("[data-zone-row]").first).to_be_visible()


def test_borders_of_a_file_become_a_draft_and_leave_again(desk, draft, tmp_path):
    page = desk(Role.DISPATCHER)
    open_draft(page, draft)
    page.get_by_role("button", name="Exportar").press("Enter")
    with page.expect_download() as download:
        page.get_by_role("link", name="KML").press("Enter")
    download.value.save_as(tmp_path / "zonas.kml")

    page.goto("/zonas/borradores/de-poligonos")
    found = Axe().run(page)
    assert not found.violations_count, found.generate_report()
    page.get_by_label("Archivo").set_input_files(tmp_path / "zonas.kml")
    page.get_by_role("button", name="Empezar con el archivo").press("Enter")

    expect(clients_of(page, "Norte")).to_have_text("6")
    expect(clients_of(page, "Sur")).to_have_text("4")


def test_escape_lets_go_of_everybody(desk, draft):
    page = desk(Role.DISPATCHER)
    page.set_viewport_size({"width": 1366, "height": 1500})
    open_draft(page, draft)
    draw_around_everything(page)

    page.keyboard.press("Escape")

    expect(page.locator("[data-count]")).to_have_text("0 clientes elegidos")
    expect(page.get_by_role("button", name="Mover aquí")).to_be_disabled()


def test_two_people_do_not_overwrite_one_another(desk, draft, complaints):
    complaints.forgive("409")  # the browser tells refusals to its console
    first, second = desk(Role.DISPATCHER), desk(Role.SUPERVISOR)
    open_draft(first, draft)
    open_draft(second, draft)
    first.get_by_role("button", name="Bloquear", exact=True).click()
    expect(first.get_by_text("Bloqueada", exact=True)).to_be_visible()

    second.get_by_role("button", name="Dividir en dos").click()

    expect(second.get_by_role("alert")).to_contain_text("cambió")
    expect(second.get_by_text("Bloqueada", exact=True)).to_be_visible()


def test_one_click_takes_everybody_of_a_cell_and_another_lets_them_go(desk, session):
    door = [make_client(session, lat=-29.90, lon=-71.25) for _ in range(3)]
    far = make_client(session, lat=-29.94, lon=-71.29)
    make_zone(session, door, name="Norte")
    make_zone(session, [far], name="Sur")
    draft = make_draft(session)
    page = desk(Role.DISPATCHER)
    page.set_viewport_size({"width": 1366, "height": 1500})
    open_draft(page, draft)
    at = page.evaluate(
        """() => {
            const [map] = window.fieldMap.maps.keys();
            const { x, y } = map.latLngToContainerPoint([-29.90, -71.25]);
            const box = map.getContainer().getBoundingClientRect();
            return [box.x + x, box.y + y];
        }"""
    )

    page.get_by_role("button", name="Por cuadra").click()
    page.mouse.click(*at)
    expect(page.locator("[data-count]")).to_have_text("3 clientes elegidos")
    page.mouse.click(*at)
    expect(page.locator("[data-count]")).to_have_text("0 clientes elegidos")
