"""Putting a client on the map: with a click, with the keyboard alone, and from the search."""

import re

import pytest
from playwright.sync_api import expect

from collector_app.core.actor import Role
from collector_app.portfolio.models import Client
from collector_app.portfolio.rules import LocationQuality
from tests.factories import make_client
from tests.routing.travel.towns import at


@pytest.fixture
def client(session):
    return make_client(
        session,
        address="Privada Hidalgo 2",
        neighbourhood="Santa Ana",
        municipality=None,
        lat=None,
        lon=None,
        location_quality=LocationQuality.NONE,
    )


@pytest.fixture
def page(desk, client, city):
    page = desk(Role.DISPATCHER)
    page.goto(f"/cartera/{client.id}/ubicacion")
    expect(page.locator(".client-pin span")).to_be_visible()
    return page


def place_of(session, client):
    session.rollback()  # ends the reading that began before the page was saved
    stored = session.get(Client, client.id)
    return stored.lat, stored.lon, stored.location_quality


def test_a_click_on_the_map_moves_the_pin_and_saving_keeps_it(page, session, client):
    before = page.get_by_label("Latitud").input_value()

    page.locator(".map").click(position={"x": 120, "y": 100})
    after = page.get_by_label("Latitud").input_value()
    page.get_by_role("button", name="Guardar ubicación").click()

    expect(page.get_by_text("Listo: quedó en el mapa.")).to_be_visible()
    assert after != before
    lat, _, quality = place_of(session, client)
    assert lat == pytest.approx(float(after))
    assert quality is LocationQuality.PINNED


def test_the_pin_is_dragged(page):
    before = page.get_by_label("Longitud").input_value()
    box = page.locator(".client-pin span").bounding_box()

    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 60, steps=5)
    page.mouse.up()

    assert float(page.get_by_label("Longitud").input_value()) > float(before)


def test_without_a_mouse_the_search_puts_the_pin_and_enter_saves(page, session, client):
    page.get_by_label("Calle y número, o dos calles").focus()
    page.keyboard.type("Benito Juarez 10")
    found = page.locator("#matches").get_by_role("link", name=re.compile("Benito Juárez 10"))
    expect(found).to_be_visible()

    found.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Latitud").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Listo: quedó en el mapa.")).to_be_visible()
    lat, lon, _ = place_of(session, client)
    assert (lat, lon) == pytest.approx(tuple(at(20, 10)), abs=1e-6)


def test_degrees_that_are_typed_move_the_pin(page):
    page.get_by_label("Latitud").fill("-29.9")
    page.get_by_label("Longitud").fill("-71.25")
    page.keyboard.press("Tab")

    centre = page.evaluate(
        "(() => { const [map] = fieldMap.maps.keys(); return map.getCenter(); })()"
    )
    assert (centre["lat"], centre["lng"]) == pytest.approx((-29.9, -71.25), abs=1e-3)


def test_a_proposal_of_the_address_puts_the_pin(page):
    page.get_by_label("Latitud").fill("")

    page.get_by_role("link", name=re.compile("Privada Hidalgo 2")).first.click()

    expect(page.get_by_label("Latitud")).to_have_value(re.compile(r"^-29\.89"))
