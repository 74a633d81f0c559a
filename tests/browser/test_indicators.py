"""The pages of indicators in a real browser: light and dark, by keyboard, readable by all."""

from datetime import timedelta
from itertools import count

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from collector_app.cash.models import CashSession
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.costs.rules import CostKind
from collector_app.costs.services import set_cost
from collector_app.figures import asking, renewal_job
from collector_app.figures.keeping import register_kept
from collector_app.indicators.rules import Dimension, Indicator
from collector_app.indicators.services import set_group_target
from tests.factories import actor_of, make_client, make_user
from tests.figures.large import Worker, say_that_sums_are_long
from tests.payments.factories import make_payment
from tests.visits.factories import make_visit

_DAYS = count(200)  # the store of the jobs outlives a test, so each asks for a period of its own


@pytest.fixture
def visits(session):
    ana, client = make_user(session, full_name="Ana Mena"), make_client(session)
    for days in range(10):
        at = clock.now() - timedelta(days=days)
        make_visit(session, client, ana, started_at=at, ended_at=at, received_at=at)
    day = clock.now().date() - timedelta(days=30)
    boss = actor_of(make_user(session, Role.ADMIN))
    set_cost(session, boss, CostKind.WAGE_PER_DAY, None, 45_000, "MXN", day)
    by = Dimension.COLLECTOR
    set_group_target(session, boss, Indicator.COST_PER_VISIT, by, ana.id, 40_000, day)
    make_payment(session, ana, client)
    count = {"opened_at": clock.now(), "float_cents": 0}
    session.add(CashSession(collector_id=ana.id, **count))
    told = {"closed_at": clock.now(), "expected_cents": 900, "counted_cents": 800}
    session.add(CashSession(collector_id=ana.id, **count, **told))
    session.flush()


def complaints_of_axe(page: Page) -> str:
    found = Axe().run(page)
    return "" if not found.violations_count else found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "",
        "/contact_rate",
        "/contact_rate?por=week",
        "/contact_rate/filas",
        "/cost_per_visit",
        "/cost_per_visit/filas",
        "/cash_difference_rate/filas",
        "/days_to_deposit",
        "/days_to_deposit/filas",
        "/confirmed_rate",
        "/cure_rate/filas",
        "/sales_outstanding?por=stage",
    ],
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


def test_a_target_of_one_collector_is_set_by_keyboard_and_judges_their_row(desk, visits):
    page = desk(Role.SUPERVISOR)
    page.goto("/indicadores/contact_rate?por=collector")

    page.get_by_label("De quién").select_option(label="Ana Mena")
    page.locator("[name=target]").fill("75")
    page.locator("[name=target]").press("Enter")

    row = page.get_by_role("row").filter(has_text="Ana Mena")
    expect(row).to_contain_text("Meta 75.0 %")


@pytest.fixture
def worker(app, session, visits, monkeypatch):
    """Who adds up what is asked for, in a cartera whose sums take 5 s each."""
    session.commit()
    monkeypatch.setattr(renewal_job, "is_worth_keeping", lambda _took_s: True)
    app.config["FIGURES_KEPT_S"] = 60
    register_kept(app)
    found = Worker(asking.jobs.last_run)
    monkeypatch.setattr(asking.jobs, "last_run", found.last_run)
    say_that_sums_are_long()
    yield found
    found.stop()
    app.config["FIGURES_KEPT_S"] = 0
    register_kept(app)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "/contact_rate"])
def test_who_waits_for_a_period_of_a_large_cartera_sees_it_without_loading_again(
    desk, session, worker, path, scheme
):
    page = desk(Role.SUPERVISOR)
    page.emulate_media(color_scheme=scheme)
    last = clock.now().date()
    first = last - timedelta(days=next(_DAYS))
    page.goto(f"/indicadores{path}?desde={first}&hasta={last}")
    expect(page.get_by_role("heading", name="Calculando las cifras")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Sumas hechas")).to_be_visible()
    assert complaints_of_axe(page) == ""
    page.evaluate("window.isTheSame = true")

    session.rollback()
    assert worker.work() > 0

    expect(page.get_by_role("heading", name="Calculando las cifras")).to_have_count(
        0, timeout=15000
    )
    expect(page.get_by_role("status").filter(has_text="Listo: ya están las cifras")).to_have_count(
        1
    )
    expect(page.locator("main")).to_contain_text("contacto")
    assert page.evaluate("window.isTheSame")
    assert complaints_of_axe(page) == ""
