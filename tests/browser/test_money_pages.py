"""Pages of sums in a real browser, of a cartera in two currencies: also on a tablet."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from collector_app.core import clock
from collector_app.core.actor import Role
from tests.factories import make_client, make_user, owes_in
from tests.promises.factories import make_promise_row
from tests.zones.factories import make_zone

TABLET = {"width": 820, "height": 1180}
PAGES = ("/analisis", "/analisis/cosechas", "/analisis/simulador", "/promesas/pronostico")


@pytest.fixture
def cartera(session):
    """Two clients with promises; one owes dollars."""
    ana, tomorrow = make_user(session, full_name="Ana Mena"), clock.now().date() + timedelta(days=1)
    clients = [make_client(session, name=f"María Guadalupe Hernández {n}") for n in range(3)]
    make_zone(session, clients, ana, name="Zona Centro y colonias vecinas")
    for client in clients:
        make_promise_row(session, client, due_on=tomorrow)
    owes_in(session, clients[0], "USD")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/promesas", *PAGES])
def test_everybody_can_read_the_pages_on_a_tablet(desk, cartera, scheme, path):
    page = desk(Role.SUPERVISOR)
    page.set_viewport_size(TABLET)
    page.emulate_media(color_scheme=scheme)
    page.goto(path)

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= TABLET["width"], "the page itself scrolls sideways"


def test_the_keyboard_leads_to_the_sums_of_the_other_currency(desk, cartera):
    page = desk(Role.SUPERVISOR)
    page.goto("/analisis")
    expect(page.locator(".notice")).to_contain_text("En USD debe 1 cliente USD1,500.00")

    page.get_by_role("link", name="Ver en USD").press("Enter")

    expect(page.locator(".notice")).to_contain_text("Las sumas de dinero son en USD.")
    expect(page.locator(".kpi").first).to_contain_text("USD1,500.00")
