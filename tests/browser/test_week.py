"""The week at a glance in a real browser: readable by all, light and dark, desk and tablet."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from collector_app.core import clock
from collector_app.core.actor import Role
from tests.factories import make_client, make_user
from tests.live.factories import publish_route
from tests.planning.factories import make_workday

SIZES = [{"width": 1366, "height": 768}, {"width": 820, "height": 1180}]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=["desk", "tablet"])
def test_everybody_can_read_the_week(desk, session, scheme, size):
    today = clock.now().date()
    for n in range(4):
        collector = make_user(session)
        make_workday(session, collector)
        day = today + timedelta(days=n)
        bound = {"made_cents": 95, "upper_cents": 100}
        bounds = {"bounds": {str(collector.id): bound}}
        publish_route(session, collector, [make_client(session)], day, parameters=bounds)
    page = desk(Role.DISPATCHER)
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    page.goto("/planes/semana")

    found = Axe().run(page)

    assert not found.violations_count, found.generate_report()
