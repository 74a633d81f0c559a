"""The list of turns on the phone follows the order chosen there, with signal or without."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_offline import NO_ANSWER
from tests.factories import make_client, make_user
from tests.phone.factories import make_route
from tests.routing.travel.towns import at
from tests.zones.factories import make_zone

DOORS = {"Ana Rojas": at(308, 250), "Beto Cortés": at(450, 408), "Carla Díaz": at(150, 100)}
STREETS_LOAD_MS = 60_000  # the first to ask waits for the city and the kernels
CHOSEN = ["Ana Rojas", "Carla Díaz", "Beto Cortés"]


@pytest.fixture
def page(session, phone, complaints, with_streets) -> Page:
    """The page on which the day is changed, with all of the day on the phone."""
    complaints.forgive(NO_ANSWER)
    collector = make_user(session, full_name="Luis Gestor")
    clients = [
        make_client(session, name=name, lat=door.lat, lon=door.lon) for name, door in DOORS.items()
    ]
    make_zone(session, clients, collector)
    start = at(50, 2)
    ends = {"start_lat": start.lat, "start_lon": start.lon}
    make_route(session, collector, clients, **ends, end_lat=start.lat, end_lon=start.lon)
    page = phone(collector)
    page.goto("/phone/")
    page.locator("#signal[data-ready=yes]").wait_for(state="attached", timeout=STREETS_LOAD_MS)
    page.goto("/phone/cambiar")
    expect(page.locator("#order [data-name]")).to_have_text(list(DOORS))
    return page


def swap(page: Page) -> None:
    page.get_by_role("button", name="Subir a Carla Díaz").click()
    expect(page.locator("#order [data-name]")).to_have_text(CHOSEN)


def test_without_signal_rides_stand_in_the_chosen_order_and_what_is_not_known_is_said(page):
    page.context.set_offline(True)
    swap(page)
    page.goto("/phone/ruta")

    legs = page.locator(".leg")
    expect(page.get_by_text("En el orden que elegiste en este teléfono.")).to_be_visible()
    expect(legs.locator(".name")).to_have_text([*CHOSEN, "Regreso"])
    expect(legs.locator(".position")).to_contain_text(["1", "2", "3", ""])
    expect(legs.nth(0).locator("ol.turns")).to_be_visible()  # as the office planned it
    legs.nth(1).locator("summary").click()
    expect(legs.nth(1)).to_contain_text("Desde Ana Rojas")
    expect(legs.nth(1)).to_contain_text("Sin señal no hay vuelta por vuelta de este tramo")
    expect(legs.nth(3)).to_contain_text("min")  # back, from another door than the office thought


def test_with_signal_the_office_is_asked_for_the_turns_of_a_new_order(page):
    swap(page)
    page.goto("/phone/ruta")

    second = page.locator(".leg").nth(1)
    second.locator("summary").click()
    expect(second.locator("ol.turns li").last).to_contain_text("Llegas")
    expect(second).not_to_contain_text("Sin señal")
