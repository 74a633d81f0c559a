"""Each page of the desk that needs no name of anything: readable by all, and no wider than tablets.

Pages about one client, plan or zone are read by the tests of their own areas.
"""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.costs.rules import CostKind
from collector_app.costs.services import set_cost
from scripts.screens import NO_PICTURE
from scripts.site_walk import rules_of
from tests.agreements.factories import make_agreement
from tests.factories import actor_of, make_client, make_user, owes_in
from tests.live.factories import publish_route
from tests.payments.factories import make_payment
from tests.promises.factories import make_promise_row
from tests.visits.factories import make_visit

NOT_OF_THE_DESK = ("/phone", "/r/")
TABLETS = ({"width": 1024, "height": 768}, {"width": 820, "height": 1180})
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def house(session):
    """A little of everything, some of it in dollars."""
    ana, boss = make_user(session, full_name="Ana Mena"), make_user(session, Role.SUPERVISOR)
    clients = [make_client(session) for _ in range(3)]
    owes_in(session, clients[2], "USD")
    publish_route(session, ana, clients, clock.now().date())
    for days, client in enumerate(clients):
        at = clock.now() - timedelta(days=days)
        make_visit(session, client, ana, started_at=at, ended_at=at, received_at=at)
        make_payment(session, ana, client)
        make_promise_row(session, client)
    make_agreement(session, actor_of(boss), clients[0])
    set_cost(session, actor_of(boss), CostKind.COMMISSION, ana.id, 500, "MXN", clock.now().date())


def pages_of(app, page: Page) -> list[str]:
    rules = (rule for rule in sorted(rules_of(app)) if "<" not in rule and rule not in NO_PICTURE)
    asked = [one for one in rules if not one.startswith(NOT_OF_THE_DESK)]
    answers = ((one, page.request.get(one)) for one in asked)
    return [
        path
        for path, answer in answers
        if answer.ok and "<html" in answer.text()[:500] and answer.url.endswith(path)
    ]


def unread(page: Page, path: str, **options) -> list[str]:
    return [
        f"{path}: {one['id']} {one['nodes'][0]['html'][:120]}"
        for one in Axe().run(page, options=options).response["violations"]
    ]


def faults_of(page: Page, path: str) -> list[str]:
    page.emulate_media(color_scheme="light")
    page.goto(path)
    found = unread(page, path)
    page.emulate_media(color_scheme="dark")
    page.reload()  # colours that change under the eyes take their time
    found += unread(page, path, runOnly=["color-contrast"])
    for tablet in TABLETS:
        page.set_viewport_size(tablet)
        if page.evaluate(TOO_WIDE) > 0:
            found.append(f"{path}: wider than {tablet['width']} pixels")
    page.set_viewport_size({"width": 1366, "height": 768})
    return found


def test_every_page_can_be_read_by_everybody_and_fits_a_tablet(app, desk, house):
    page = desk(Role.ADMIN)
    paths = pages_of(app, page)

    faults = [fault for path in paths for fault in faults_of(page, path)]

    assert {"/analisis/clientes", "/analisis/cosechas/creditos", "/costos"} <= set(paths)
    assert {"/analisis", "/promesas", "/indicadores"} <= set(paths)
    assert len(paths) > 40
    assert faults == []
