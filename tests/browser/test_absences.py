"""Absences and the comparison of two plans in a real browser: readable by all."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from collector_app.absences.rules import AbsenceKind
from collector_app.absences.services import record_absence
from collector_app.core import clock
from collector_app.core.actor import Role
from tests.dispatch.boards import make_board
from tests.factories import actor_of, make_user
from tests.repairs.factories import make_collector, make_row

SIZES = [{"width": 1366, "height": 768}, {"width": 820, "height": 1180}]
everywhere = pytest.mark.parametrize("size", SIZES, ids=["desk", "tablet"])
both = pytest.mark.parametrize("scheme", ["light", "dark"])


def open_page(page: Page, path: str, scheme, size) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    page.goto(path)


def complaints_of_axe(page: Page) -> str:
    found = Axe().run(page)
    return "" if not found.violations_count else found.generate_report()


@both
@everywhere
def test_everybody_can_read_absences(desk, session, scheme, size):
    dispatcher = make_user(session, Role.DISPATCHER)
    collector = make_user(session, full_name="Ana Mena")
    session.flush()
    today = clock.now().date()
    for kind, days in ((AbsenceKind.VACATION, 5), (AbsenceKind.SICKNESS, 20)):
        first = today + timedelta(days=days)
        record_absence(session, actor_of(dispatcher), collector.id, kind, first, first)
    page = desk(dispatcher)
    open_page(page, "/ausencias", scheme, size)

    assert complaints_of_axe(page) == ""


@both
@everywhere
def test_everybody_can_compare_two_plans(desk, session, scheme, size):
    north, east = make_row(session, 3), make_row(session, 3, column=2)
    rosa = make_collector(session, "Rosa Vega", north)
    pedro = make_collector(session, "Pedro Luna", east)
    first = make_board(session, [(rosa, north), (pedro, east)])
    second = make_board(session, [(rosa, north[:2]), (pedro, [*east, north[2]])])
    page = desk(Role.DISPATCHER)
    open_page(page, f"/planes/{first}/comparar?con={second}", scheme, size)

    assert complaints_of_axe(page) == ""
