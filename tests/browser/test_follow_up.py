"""Follow-up of zones in a real browser: what axe says, the heat drawn, and the keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from collector_app.core.actor import Role
from tests.factories import make_client, make_user
from tests.zones.factories import make_zone


@pytest.fixture
def town(session):
    """A zone of four clients in two cells, none of them visited."""
    clients = [
        make_client(session, lat=-29.90 - n // 2 / 50, lon=-71.25, name=f"Vecina {n}")
        for n in range(4)
    ]
    make_zone(session, clients, make_user(session), name="Norte")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_page(desk, town, scheme):
    page = desk(Role.SUPERVISOR)
    page.emulate_media(color_scheme=scheme)
    page.goto("/zonas/seguimiento")

    found = Axe().run(page)

    assert not found.violations_count, found.generate_report()
    expect(page.locator("path.leaflet-interactive")).to_have_count(2)


def test_the_keyboard_reaches_whom_nobody_visited(desk, town):
    page = desk(Role.DISPATCHER)
    page.goto("/zonas/seguimiento")

    page.get_by_label("Mirar hacia atrás").select_option("90")
    page.get_by_role("button", name="Ver", exact=True).press("Enter")
    page.get_by_role("link", name="nunca visitados de Norte").press("Enter")

    expect(page.get_by_role("row").filter(has_text="Vecina")).to_have_count(4)
