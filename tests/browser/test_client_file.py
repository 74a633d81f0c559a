"""The client's file in a real browser: readable by all, light, dark and on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from collector_app.core.actor import Role
from tests.factories import make_client, make_user
from tests.payments.factories import make_payment
from tests.promises.factories import make_promise_row
from tests.visits.factories import make_visit

EVIL = '"><img src=x onerror=alert(1)>${alert(2)}`alert(3)`'


@pytest.fixture
def client(session):
    ana, client = make_user(session), make_client(session, name=EVIL)
    make_visit(session, client, ana, lat=-29.9021, lon=-71.2512, note=EVIL)
    make_payment(session, ana, client)
    make_promise_row(session, client)
    return client


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_the_page(desk, client, scheme):
    page = desk(Role.SUPERVISOR)
    page.emulate_media(color_scheme=scheme)
    page.goto(f"/cartera/{client.id}/expediente")

    found = Axe().run(page)

    assert not found.violations_count, found.generate_report()


def test_a_visit_on_the_map_says_what_came_of_it(desk, client):
    page = desk(Role.SUPERVISOR)
    page.goto(f"/cartera/{client.id}/expediente")

    page.locator(".mark.stop").press("Enter")

    expect(page.locator(".leaflet-popup")).to_contain_text("Sin acuerdo")


def test_on_paper_the_events_are_there_and_the_menu_is_not(desk, client):
    page = desk(Role.SUPERVISOR)
    page.goto(f"/cartera/{client.id}/expediente")
    page.emulate_media(media="print")

    expect(page.locator(".timeline li").first).to_be_visible()
    expect(page.locator(".side")).to_be_hidden()


def test_pictures_within_an_event_have_no_mark_of_the_timeline(desk, client):
    page = desk(Role.SUPERVISOR)
    page.goto(f"/cartera/{client.id}/expediente")
    event = page.locator(".timeline > li").first
    expect(event).to_be_visible()

    marks = event.evaluate("""(one) => {
      const list = one.appendChild(document.createElement("ul"));
      const picture = list.appendChild(document.createElement("li"));
      return [one, picture].map((li) => getComputedStyle(li, "::before").content);
    }""")

    assert marks == ['""', "none"]


def test_on_paper_headings_stay_with_what_follows_and_rows_stay_whole(desk, client):
    page = desk(Role.SUPERVISOR)
    page.goto(f"/cartera/{client.id}/expediente")
    page.emulate_media(media="print")

    expect(page.locator("main h2").first).to_have_css("break-after", "avoid")
    expect(page.locator("main tr").first).to_have_css("break-inside", "avoid")
    expect(page.locator(".map")).to_have_css("break-inside", "avoid")


def test_on_paper_the_agenda_does_not_say_who_may_be_written_to_just_then(desk, client):
    page = desk(Role.SUPERVISOR)
    page.goto("/promesas")
    message = page.get_by_role("columnheader", name="Mensaje", include_hidden=True)
    expect(message).to_be_visible()
    page.emulate_media(media="print")

    expect(message).to_be_hidden()
    expect(page.get_by_role("columnheader", name="Vence")).to_be_visible()
