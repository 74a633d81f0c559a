"""The life of a credit and what stands behind it in a real browser: readable, by keyboard alone."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from collector_app.core import clock
from collector_app.core.actor import Role
from tests.backing.factories import CONTRACT, make_document, make_guarantee, make_obligor
from tests.factories import make_client
from tests.stages.factories import make_pause

ZONE = ZoneInfo("America/Mexico_City")


@pytest.fixture
def debtor(session):
    client = make_client(session, days=40)
    make_pause(session, client, clock.today(ZONE) - timedelta(days=20))
    make_guarantee(session, client)
    make_obligor(session, client)
    make_document(session, client, CONTRACT)
    session.commit()
    return client


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/etapas/{}", "/respaldo/{}", "/cartera/{}/expediente"])
def test_everybody_can_read_the_pages(desk, debtor, address, scheme):
    page = desk(Role.SUPERVISOR)
    page.emulate_media(color_scheme=scheme)
    page.goto(address.format(debtor.id))

    found = Axe().run(page)

    assert not found.violations_count, found.generate_report()


def test_a_day_is_looked_at_and_a_pause_ended_by_keyboard(desk, debtor):
    page = desk(Role.SUPERVISOR)
    page.goto(f"/etapas/{debtor.id}")
    expect(page.get_by_text("40 días de atraso")).to_be_visible()

    page.get_by_label("A la fecha de").fill(str(clock.today(ZONE) - timedelta(days=30)))
    page.get_by_role("button", name="Ver").press("Enter")
    expect(page.get_by_text("10 días de atraso")).to_be_visible()

    page.get_by_role("link", name="Volver a hoy").press("Enter")
    page.get_by_role("button", name="Reanudar").first.press("Enter")
    page.get_by_label("Por qué se reanuda").fill("mostró el contrato")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Se reanudó la cobranza.")).to_be_visible()
