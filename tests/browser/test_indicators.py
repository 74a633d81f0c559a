"""The pages of indicators in a real browser: light and dark, by keyboard, readable by all."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from collector_app.core import clock
from collector_app.core.actor import Role
from tests.factories import make_client, make_user
from tests.visits.factories import make_visit


@pytest.fixture
def visits(session):
    ana, client = make_user(session, full_name="Ana Mena"), make_client(session)
    for days in range(10):
        at = clock.now() - timedelta(days=days)
        make_visit(session, client, ana, started_at=at, ended_at=at, received_at=at)


def complaints_of_axe(page: Page) -> str:
    found = Axe().run(page)
    return "" if not found.violations_count else found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["", "/contact_rate", "/contact_rate?por=week", "/contact_rate/filas"]
)
def test_everybody_can_read_the_pages(desk, visits, scheme, path):
    page = desk(Role.SUPERVISOR)
    page.emulate_media(color_scheme=scheme)
    page.goto(f"/indicadores{path}")

    assert complaints_of_axe(page) == ""


def test_a_supervisor_gets_from_a_figure_to_its_rows_by_keyboard(desk, visits):
    page = desk(Role.SUPERVISOR)
    page.goto("/indicadores")

    page.get_by_role("link", name="Efectividad de contacto").press("Enter")
    row = page.get_by_role("row").filter(has_text="Ana Mena")
    expect(row).to_contain_text("100.0 %")
    row.get_by_role("link", name="Filas").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Visitas de Efectividad de contacto")
    expect(page.get_by_role("row")).to_have_count(11)
