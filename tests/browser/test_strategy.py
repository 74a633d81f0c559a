"""Segments in a real browser: what axe says, and a segment written with the keyboard alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from collector_app.core.actor import Role
from collector_app.strategy.rules import Trait
from tests.factories import make_client
from tests.strategy.factories import at_least, make_experiment, make_segment


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "/segmentos/nuevo", "/segmentos/1/early"])
def test_everybody_can_use_the_pages(desk, session, scheme, path):
    make_client(session)
    make_segment(session, at_least(Trait.BALANCE, 100_000))
    session.commit()
    page = desk(Role.SUPERVISOR)
    page.emulate_media(color_scheme=scheme)
    page.goto(f"/estrategia{path}")

    found = Axe().run(page)

    assert not found.violations_count, found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "/nuevo", "/1?avance=1"])
def test_everybody_can_use_the_pages_of_experiments(desk, session, scheme, path):
    make_client(session)
    make_experiment(session, make_segment(session))
    session.commit()
    page = desk(Role.SUPERVISOR)
    page.emulate_media(color_scheme=scheme)
    page.goto(f"/estrategia/experimentos{path}")

    found = Axe().run(page)

    assert not found.violations_count, found.generate_report()


def test_an_experiment_fits_a_narrow_screen(desk, session):
    make_client(session)
    make_experiment(session, make_segment(session))
    session.commit()
    page = desk(Role.SUPERVISOR)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/estrategia/experimentos/1?avance=1")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_segment_is_written_looked_at_and_kept(desk, session):
    make_client(session, overdue_cents=700_000)
    session.commit()
    page = desk(Role.SUPERVISOR)
    page.goto("/estrategia")
    page.get_by_role("link", name="Nuevo segmento").first.press("Enter")
    page.get_by_label("Nombre").fill("Grandes")
    first = page.get_by_role("group", name="Condición 1")
    first.get_by_label("Dato").select_option("balance")
    first.get_by_label("Valor").fill("5,000")
    page.get_by_role("button", name="Ver a quiénes toma").press("Enter")

    expect(page.get_by_text("deben $7,000.00")).to_be_visible()
    page.get_by_role("button", name="Guardar").press("Enter")

    row = page.get_by_role("row", name="1. Grandes")
    expect(row).to_contain_text("Saldo al menos $5,000")
    expect(row).to_contain_text("$7,000.00")
