"""What all pages share, used by hand, by keyboard and by axe, in both themes and sizes."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from collector_app.accounts.models import User
from collector_app.audit.models import AuditEntry
from collector_app.core.actor import Role
from tests.browser.conftest import DESK, PHONE
from tests.factories import PASSWORD, make_user

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LEAST_TARGET = 48  # CSS pixels, for thumbs
THEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
SCREENS = pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
TARGETS = """() => [...document.querySelectorAll("a, button, input, select, summary")]
  .filter(one => one.checkVisibility() && one.type !== "hidden" && !one.closest(".skip, p"))
  .map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
  .filter(([, box]) => box.height < %d && box.height > 0)
  .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
WHERE = "() => document.activeElement.textContent.trim() || document.activeElement.name"


def violations(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


@THEMES
@SCREENS
def test_axe_finds_nothing_wrong_with_the_login(open_page, screen, scheme):
    page = open_page({**screen, "color_scheme": scheme})
    page.goto("/entrar")

    assert violations(page) == []


@THEMES
def test_axe_finds_nothing_wrong_with_a_refused_login(open_page, complaints, scheme):
    complaints.forgive("status of 401")
    page = open_page({**PHONE, "color_scheme": scheme})
    page.goto("/entrar")
    page.fill("[name=username]", "nadie")
    page.fill("[name=password]", "nada")
    page.get_by_role("button", name="Entrar").click()
    page.wait_for_selector("[data-errors]")

    assert page.evaluate("document.activeElement.matches('[data-errors]')")
    assert violations(page) == []


@THEMES
@pytest.mark.parametrize("path", ["/usuarios", "/usuarios/nuevo", "/usuarios/{id}", "/contrasena"])
def test_axe_finds_nothing_wrong_with_the_desk(open_page, session, path, scheme):
    make_user(session, Role.COLLECTOR, active=False)
    somebody = make_user(session, Role.DISPATCHER, must_change_password=True)
    page = open_page({**DESK, "color_scheme": scheme}, Role.ADMIN)
    page.goto(path.format(id=somebody.id))

    assert violations(page) == []


@THEMES
def test_axe_finds_nothing_wrong_with_the_phone(open_page, scheme):
    page = open_page({**PHONE, "color_scheme": scheme}, Role.COLLECTOR)
    page.goto("/contrasena")
    page.get_by_label("Menú").click()

    assert violations(page) == []


@THEMES
@pytest.mark.parametrize(
    ("who", "screen"),
    [(Role.SUPERVISOR, DESK), (Role.COLLECTOR, PHONE), (None, PHONE)],
    ids=["desk", "phone", "nobody"],
)
def test_axe_finds_nothing_wrong_with_an_error(open_page, complaints, who, screen, scheme):
    complaints.forgive("status of 404")
    page = open_page({**screen, "color_scheme": scheme}, who)
    page.goto("/no-existe")

    assert violations(page) == []


@pytest.mark.parametrize("path", ["/entrar", "/contrasena", "/no-existe"])
def test_everything_on_the_phone_is_as_high_as_a_thumb(open_page, complaints, path):
    complaints.forgive("status of 404")
    page = open_page(PHONE, None if path == "/entrar" else Role.COLLECTOR)
    page.goto(path)
    menu = page.get_by_label("Menú")
    if menu.count():
        menu.click()

    assert page.evaluate(TARGETS % LEAST_TARGET) == []


@pytest.mark.parametrize("path", ["/entrar", "/contrasena"])
def test_nothing_on_the_phone_is_wider_than_the_phone_or_smaller_than_16_pixels(open_page, path):
    page = open_page(PHONE, None if path == "/entrar" else Role.COLLECTOR)
    page.goto(path)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    sizes = page.evaluate(
        "() => [...document.querySelectorAll('main p, main label, main input, main button')]"
        ".filter(one => one.checkVisibility() && one.type !== 'hidden')"
        ".map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 16


def test_the_theme_is_switched_by_hand_and_remembered(open_page):
    page = open_page({**DESK, "color_scheme": "light"}, Role.ADMIN)
    page.goto("/usuarios")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    switch = page.get_by_role("button", name="Modo oscuro")
    expect(switch).to_have_attribute("aria-pressed", "false")

    switch.click()

    expect(switch).to_have_attribute("aria-pressed", "true")
    page.goto("/usuarios/nuevo")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.get_by_role("button", name="Modo oscuro").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


def test_without_a_choice_the_system_decides_even_while_the_page_is_open(open_page):
    page = open_page({**DESK, "color_scheme": "light"}, Role.ADMIN)
    page.goto("/usuarios")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")

    page.emulate_media(color_scheme="dark")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    expect(page.get_by_role("button", name="Modo oscuro")).to_have_attribute("aria-pressed", "true")


def test_the_keyboard_skips_the_menu_and_sees_where_it_is(open_page):
    page = open_page(DESK, Role.ADMIN)
    page.goto("/usuarios")

    page.keyboard.press("Tab")
    assert page.evaluate(WHERE) == "Ir al contenido"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate(WHERE) == "Agregar persona"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"


def test_motion_stops_for_those_who_ask(open_page):
    page = open_page({**DESK, "reduced_motion": "reduce"})
    page.goto("/entrar")

    duration = page.evaluate(
        "getComputedStyle(document.querySelector('.button')).transitionDuration"
    )
    assert all(float(one.removesuffix("s")) < 0.001 for one in duration.split(", "))


def test_a_person_is_added_and_logs_in_with_the_password_shown_once(open_page, session):
    page = open_page(DESK, Role.ADMIN)
    page.goto("/usuarios/nuevo")
    page.get_by_label("Nombre completo").fill("Luis Rey")
    page.get_by_label("Usuario para entrar").fill("luis")
    page.get_by_role("button", name="Agregar").click()
    password = page.locator(".one-time").text_content()
    assert violations(page) == []

    page.get_by_role("link", name="Ya la anoté").click()
    expect(page.get_by_role("rowheader", name="Luis Rey")).to_have_count(1)
    assert password not in page.content()

    phone = open_page(PHONE)
    phone.goto("/entrar")
    phone.get_by_label("Usuario").fill("Luis")
    phone.get_by_label("Contraseña").fill(password)
    phone.get_by_role("button", name="Entrar").click()
    phone.wait_for_url("**/contrasena")
    phone.get_by_label("Contraseña actual").fill(password)
    phone.get_by_label("Contraseña nueva").fill("una-frase-solo-mia")
    phone.get_by_label("Otra vez la nueva").fill("una-frase-solo-mia")
    phone.get_by_role("button", name="Guardar contraseña").click()
    phone.wait_for_url("**/phone/")
    expect(phone.get_by_text("Listo, ya tienes contraseña nueva")).to_have_count(1)


def test_taking_access_away_is_asked_first(open_page, session):
    rosa = make_user(session, Role.COLLECTOR, full_name="Rosa Luna")
    page = open_page(DESK, Role.ADMIN)
    page.goto(f"/usuarios/{rosa.id}")
    button = page.get_by_role("button", name="Quitar acceso")

    button.click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("¿Quitar el acceso?")
    assert violations(page) == []
    page.get_by_role("button", name="No, volver").click()
    session.rollback()  # and look again
    assert session.get(User, rosa.id).active

    button.click()
    page.get_by_role("button", name="Sí").click()
    page.wait_for_selector(".notice.good")
    session.rollback()  # and look again
    assert not session.get(User, rosa.id).active


def test_a_question_can_be_left_with_escape(open_page, session):
    rosa = make_user(session, Role.COLLECTOR)
    page = open_page(DESK, Role.ADMIN)
    page.goto(f"/usuarios/{rosa.id}")

    page.get_by_role("button", name="Quitar acceso").click()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate(WHERE) == "Quitar acceso"


def test_two_taps_send_a_form_once(open_page, session):
    page = open_page(PHONE)
    user = make_user(session, Role.COLLECTOR)
    session.commit()
    page.goto("/entrar")
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", PASSWORD)

    page.evaluate(
        "() => { const b = document.querySelector('main form button'); b.click(); b.click(); }"
    )
    page.wait_for_url("**/phone/")

    session.rollback()  # and look again
    events = session.scalars(select(AuditEntry.event)).all()
    assert events.count("accounts.logged_in") == 1


def test_logging_out_from_the_phones_menu(open_page):
    page = open_page(PHONE, Role.COLLECTOR)
    page.goto("/contrasena")
    page.get_by_label("Menú").click()

    page.get_by_role("button", name="Salir").click()

    page.wait_for_url("**/entrar")
    expect(page.get_by_text("Saliste. Hasta pronto.")).to_have_count(1)


def test_the_phones_menu_closes_by_itself(open_page):
    page = open_page(PHONE, Role.COLLECTOR)
    page.goto("/contrasena")
    menu = page.locator("details.menu")

    page.get_by_label("Menú").click()
    page.mouse.click(10, 800)
    expect(menu).not_to_have_attribute("open", re.compile(".*"))

    page.get_by_label("Menú").click()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", re.compile(".*"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_menu_of_the_desk_fits_on_a_small_screen_and_opens_by_keyboard(open_page, scheme):
    page = open_page(DESK, Role.ADMIN)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto("/usuarios")
    side = page.locator(".side")

    expect(side.get_by_role("link", name="Personas")).to_have_attribute("aria-current", "page")
    groups = side.locator("summary")
    for n in range(groups.count()):
        groups.nth(n).focus()
        if groups.nth(n).locator("..").get_attribute("open") is None:
            page.keyboard.press("Enter")
        assert side.evaluate("box => box.scrollHeight <= box.clientHeight"), n
        assert side.locator("details[open]").count() == 1  # the one before closed by itself
    page.keyboard.press("Tab")  # Personas, the page itself
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/telefonos$"))


def test_the_desk_prints_its_content_without_the_menu(open_page):
    page = open_page(DESK, Role.ADMIN)
    page.goto("/usuarios")
    page.emulate_media(media="print")

    expect(page.locator(".side")).to_be_hidden()
    expect(page.get_by_role("table")).to_be_visible()
