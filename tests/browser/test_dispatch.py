"""The dispatch board in a browser: mouse, keyboard, undo, two people at once, a slow network."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from collector_app.core.actor import Role
from tests.browser.conftest import DESK
from tests.dispatch.boards import make_board
from tests.repairs.factories import make_collector, make_row

TABLET = {"width": 820, "height": 1180}
TALL = {"width": 1366, "height": 1100}


@pytest.fixture
def board(session):
    """Pedro visits three clients, Rosa three a little apart."""
    north, east = make_row(session, 3), make_row(session, 3, column=2)
    rosa = make_collector(session, "Rosa Vega", north)
    pedro = make_collector(session, "Pedro Luna", east)
    return make_board(session, [(rosa, north), (pedro, east)])


def open_board(page: Page, plan_id: int) -> None:
    page.goto(f"/planes/{plan_id}/tablero")
    expect(page.locator("#board")).to_be_visible()


def lane(page: Page, name: str):
    return page.get_by_role("region", name=name, exact=True)


def names(page: Page, name: str):
    return lane(page, name).locator(".board-stop .strong")


def answer_yes(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Sí", exact=True).click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [None, TABLET], ids=["desk", "tablet"])
def test_everybody_can_use_the_page(desk, board, scheme, size):
    page = desk(Role.DISPATCHER)
    page.emulate_media(color_scheme=scheme)
    if size:
        page.set_viewport_size(size)
    open_board(page, board)
    page.get_by_text("Cambiar una parada sin arrastrar").click()

    found = Axe().run(page)

    assert not found.violations_count, found.generate_report()


def test_a_stop_is_pulled_to_another_lane_and_undone(desk, board):
    page = desk(Role.DISPATCHER)
    page.set_viewport_size({"width": 1366, "height": 1100})
    open_board(page, board)

    moved = page.locator(".board-stop", has_text="Cliente 0-1")
    moved.drag_to(
        page.locator(".board-stop", has_text="Cliente 2-1"), target_position={"x": 30, "y": 4}
    )

    expect(page.get_by_role("status").first).to_contain_text(
        "pasó de Rosa Vega a Pedro Luna, parada 2"
    )
    expect(names(page, "Pedro Luna")).to_have_text(
        ["Cliente 2-0", "Cliente 0-1", "Cliente 2-1", "Cliente 2-2"]
    )
    page.locator("body").press("Control+z")
    expect(names(page, "Rosa Vega")).to_have_text(["Cliente 0-0", "Cliente 0-1", "Cliente 0-2"])
    page.locator("body").press("Control+y")
    expect(names(page, "Rosa Vega")).to_have_text(["Cliente 0-0", "Cliente 0-2"])


def touch(page: Page, start: tuple[float, float], goal: tuple[float, float], rests_ms: int) -> None:
    """Put a finger down, let it rest, draw it to the goal and lift it."""
    hand = page.context.new_cdp_session(page)
    hand.send("Input.dispatchTouchEvent", _finger("touchStart", start))
    page.wait_for_timeout(rests_ms)
    for place in ((start[0] + 20, start[1]), goal):
        hand.send("Input.dispatchTouchEvent", _finger("touchMove", place))
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def _finger(kind: str, place: tuple[float, float]) -> dict[str, object]:
    return {"type": kind, "touchPoints": [{"x": place[0], "y": place[1]}]}


def middle(locator) -> tuple[float, float]:
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 4


@pytest.mark.parametrize(("rests_ms", "is_moved"), [(600, True), (0, False)])
def test_a_finger_that_rests_on_a_stop_pulls_it_and_one_that_moves_at_once_does_not(
    open_page, board, rests_ms, is_moved
):
    page = open_page({**DESK, "viewport": TALL, "has_touch": True}, Role.DISPATCHER)
    open_board(page, board)
    start = middle(page.locator(".board-stop", has_text="Cliente 0-1"))
    goal = middle(page.locator(".board-stop", has_text="Cliente 2-1"))

    touch(page, start, goal, rests_ms)

    after = ["Cliente 2-0", "Cliente 0-1", "Cliente 2-1", "Cliente 2-2"]
    expect(names(page, "Pedro Luna")).to_have_text(
        after if is_moved else ["Cliente 2-0", "Cliente 2-1", "Cliente 2-2"]
    )


def test_a_stop_pulled_out_of_the_lanes_is_left_out(desk, board):
    page = desk(Role.DISPATCHER)
    page.set_viewport_size({"width": 1366, "height": 1100})
    open_board(page, board)

    page.locator(".board-stop", has_text="Cliente 0-2").drag_to(
        lane(page, "Sin asignar").locator("ol")
    )

    expect(names(page, "Sin asignar")).to_have_text(["Cliente 0-2"])


def test_the_keyboard_moves_marks_and_takes_off(desk, board):
    page = desk(Role.DISPATCHER)
    open_board(page, board)
    stop = page.locator(".board-stop", has_text="Cliente 0-0")
    button = stop.locator("button")
    button.focus()

    page.keyboard.press("Alt+ArrowDown")
    expect(names(page, "Rosa Vega")).to_have_text(["Cliente 0-1", "Cliente 0-0", "Cliente 0-2"])
    expect(button).to_be_focused()
    page.keyboard.press("f")
    expect(stop).to_contain_text("Fija")
    expect(button).to_be_focused()
    page.keyboard.press("f")
    expect(stop).not_to_contain_text("Fija")
    expect(button).to_be_focused()
    page.keyboard.press("Alt+ArrowLeft")  # Pedro's lane stands before Rosa's
    expect(lane(page, "Pedro Luna").locator(".board-stop", has_text="Cliente 0-0")).to_be_visible()
    expect(button).to_be_focused()
    page.keyboard.press("Delete")
    expect(names(page, "Sin asignar")).to_have_text(["Cliente 0-0"])


def test_the_map_shows_the_routes_as_they_are_now(desk, board):
    page = desk(Role.DISPATCHER)
    open_board(page, board)
    expect(page.locator(".mark.stop")).to_have_count(6)

    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "mapa.json" in one.url else None)

    page.locator(".board-stop", has_text="Cliente 0-0").locator("button").focus()
    page.keyboard.press("Delete")

    expect(page.locator(".mark.stop")).to_have_count(5)
    expect(page.locator(".leaflet-container[data-version='1']")).to_be_visible()
    assert len(asked) == 1


def test_all_routes_are_seen_at_a_glance_and_the_one_pointed_at_stands_out(desk, board, session):
    others = [make_collector(session, f"Gestora Número {n}", []) for n in range(1, 7)]
    plan_id = make_board(
        session, [(one, make_row(session, 2, column=n + 5)) for n, one in enumerate(others)]
    )
    page = desk(Role.DISPATCHER)
    page.set_viewport_size({"width": 1366, "height": 768})
    open_board(page, plan_id)
    overview = page.get_by_role("navigation", name="Todas las rutas de un vistazo")

    for link in overview.get_by_role("link").all():
        expect(link).to_be_in_viewport(ratio=1)
        assert link.bounding_box()["height"] >= 48
    last = overview.get_by_role("link", name="Gestora Número 6")
    last.hover()

    expect(page.locator(".mark.stop.g5").first).to_have_css("opacity", "1")
    expect(page.locator(".mark.stop.g0").first).to_have_css("opacity", "0.25")
    last.click()
    expect(lane(page, "Gestora Número 6")).to_be_in_viewport(ratio=0.3)


def test_two_dispatchers_do_not_overwrite_one_another(desk, board, complaints):
    complaints.forgive("409")  # the browser tells refusals to its console
    first, second = desk(Role.DISPATCHER), desk(Role.ADMIN)
    open_board(first, board)
    open_board(second, board)
    first.locator(".board-stop", has_text="Cliente 0-0").locator("button").focus()
    first.keyboard.press("Delete")
    expect(names(first, "Sin asignar")).to_have_text(["Cliente 0-0"])

    second.locator(".board-stop", has_text="Cliente 2-2").locator("button").focus()
    second.keyboard.press("Alt+ArrowUp")

    expect(second.get_by_role("alert").first).to_contain_text("Cliente 0-0 salió de la ruta")
    expect(names(second, "Sin asignar")).to_have_text(["Cliente 0-0"])
    expect(names(second, "Pedro Luna")).to_have_text(["Cliente 2-0", "Cliente 2-1", "Cliente 2-2"])


def test_what_another_withdrew_is_no_longer_called_published_after_the_next_edit(desk, board):
    page, other = desk(Role.DISPATCHER), desk(Role.ADMIN)
    open_board(page, board)
    answer_yes(page, "Publicar")
    standing = page.locator("#board-standing")
    expect(standing).to_contain_text("Publicado")
    open_board(other, board)
    answer_yes(other, "Retirar")
    expect(other.get_by_text("Retirado: los gestores ya no ven esta ruta.")).to_be_visible()

    page.locator(".board-stop", has_text="Cliente 0-0").locator("button").focus()
    page.keyboard.press("f")

    expect(standing).to_have_text(re.compile(r"^\s*Retirado\s*$"))


def test_on_a_slow_network_a_second_key_waits_for_the_first_edit(desk, board):
    page = desk(Role.DISPATCHER)
    open_board(page, board)
    asked: list[str] = []

    def slowly(route: Route) -> None:
        asked.append(route.request.post_data or "")
        page.wait_for_timeout(600)
        route.continue_()

    page.route("**/tablero", slowly)
    page.locator(".board-stop", has_text="Cliente 0-0").locator("button").focus()

    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#board[aria-busy=true]")).to_be_visible()
    page.keyboard.press("Alt+ArrowDown")

    expect(names(page, "Rosa Vega")).to_have_text(["Cliente 0-1", "Cliente 0-0", "Cliente 0-2"])
    assert len(asked) == 1


def test_on_a_tablet_the_fields_do_what_the_mouse_does(desk, board):
    page = desk(Role.DISPATCHER)
    page.set_viewport_size(TABLET)
    open_board(page, board)
    page.get_by_text("Cambiar una parada sin arrastrar").click()

    page.get_by_label("Cliente", exact=True).select_option(label="3. Cliente 0-2")
    page.get_by_label("Gestor", exact=True).select_option(label="Pedro Luna")
    page.get_by_role("button", name="Poner aquí").click()

    expect(names(page, "Rosa Vega")).to_have_text(["Cliente 0-0", "Cliente 0-1"])
    page.get_by_role("button", name="Publicar con mis cambios").click()
    page.get_by_role("dialog").get_by_role("button", name="Sí", exact=True).click()
    expect(page.get_by_text("Publicado: los gestores ya ven su ruta")).to_be_visible()


def test_an_edit_without_an_answer_is_told_and_leaves_the_page_usable(desk, board, complaints):
    complaints.forgive("ERR_CONNECTION_RESET")
    complaints.forgive("htmx:")
    page = desk(Role.DISPATCHER)
    open_board(page, board)
    button = page.locator(".board-stop", has_text="Cliente 0-0").locator("button")
    button.focus()
    page.keyboard.press("f")
    expect(page.get_by_role("status").first).to_contain_text("Cliente 0-0")
    page.route("**/tablero", lambda route: route.abort("connectionreset"))

    button.focus()
    page.keyboard.press("f")

    expect(page.get_by_role("alert").first).to_contain_text("no se sabe si tu cambio se guardó")
    expect(page.locator(".board-said .notice.good")).to_have_count(0)
    page.unroute("**/tablero")
    page.get_by_role("link", name="Ver el tablero como está ahora").click()
    expect(page.locator(".board-stop", has_text="Cliente 0-0")).to_contain_text("Fija")


def test_what_an_edit_did_is_in_sight_far_down_the_lanes(desk, board):
    page = desk(Role.DISPATCHER)
    page.set_viewport_size({"width": 1024, "height": 400})
    open_board(page, board)
    stop = page.locator(".board-stop", has_text="Cliente 0-2")
    stop.scroll_into_view_if_needed()
    stop.locator("button").focus()
    expect(page.get_by_role("heading", level=1)).not_to_be_in_viewport()

    page.keyboard.press("Delete")

    expect(page.locator(".board-said .notice")).to_be_in_viewport(ratio=1)


def test_the_fields_keep_what_was_chosen_and_the_button_its_focus(desk, board):
    page = desk(Role.DISPATCHER)
    open_board(page, board)
    page.get_by_text("Cambiar una parada sin arrastrar").click()
    client = page.get_by_label("Cliente", exact=True)
    client.select_option(label="2. Cliente 0-1")

    page.get_by_role("button", name="Fijar su lugar").click()

    stop = page.locator(".board-stop", has_text="Cliente 0-1")
    expect(stop).to_contain_text("Fija")
    expect(page.get_by_role("button", name="Fijar su lugar")).to_be_focused()
    page.get_by_role("button", name="Asegurar con su gestor").click()
    expect(stop).to_contain_text("Asegurada")
