"""What the list of the day weighs before the map, on a phone that opens it for the first time."""

import pytest
from playwright.sync_api import Request

from tests.browser.conftest import PHONE
from tests.factories import make_client, make_user
from tests.phone.factories import make_route

MOST_BYTES = 30_000  # on the wire: page, styles, scripts, icons
STOPS = 50


@pytest.fixture
def collector(session):
    collector = make_user(session)
    clients = [
        make_client(session, name=f"María Guadalupe Hernández {n}", address=f"Calle Matta {n}0")
        for n in range(STOPS)
    ]
    make_route(session, collector, clients)
    return collector


def test_the_list_of_a_long_day_weighs_30_kb_at_most(open_page, collector):
    page = open_page({**PHONE, "service_workers": "block"}, collector)  # it fetches the whole day
    came: list[Request] = []

    def note(request: Request) -> None:
        came.append(request)

    page.on("requestfinished", note)
    page.goto("/phone/", wait_until="networkidle")

    weights = {one.url: one.sizes()["responseBodySize"] for one in came}
    assert sum(one.resource_type == "script" for one in came) > 20
    assert sum(weights.values()) <= MOST_BYTES, weights
