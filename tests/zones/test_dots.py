"""Clients in columns: what the map of a large company reads."""

from datetime import date

import numpy as np
import pytest

from collector_app.core.actor import Role
from collector_app.zones import maps
from collector_app.zones.queries import zone_dots
from collector_app.zones.queries.dots import NO_ZONE, STEPS_PER_DEGREE
from tests.factories import make_client
from tests.zones.factories import make_zone

TODAY = date(2026, 3, 10)


def read(columns):
    """The (lat, lon, zone or None) of each client, as static/maps/cloud.js reads them."""
    zone_count, count = np.frombuffer(columns, "<u4", 2)
    zones = np.frombuffer(columns, "<u4", zone_count, 8).tolist()
    at = 8 + 4 * int(zone_count)
    lats, lons = (
        np.frombuffer(columns, "<i4", count, at + 4 * n * int(count)) / STEPS_PER_DEGREE
        for n in (0, 1)
    )
    whose = np.frombuffer(columns, "<u2", count, at + 8 * int(count)).tolist()
    return [
        (lat, lon, None if one == NO_ZONE else zones[one])
        for lat, lon, one in zip(lats.tolist(), lons.tolist(), whose, strict=True)
    ]


def test_every_client_is_told_with_place_and_zone(session):
    north = make_zone(session, [make_client(session, lat=-29.9, lon=-71.25)])
    south = make_zone(session, [make_client(session, lat=-29.95123, lon=-71.26)])
    make_client(session, lat=-29.97, lon=-71.2)
    make_client(session, lat=None, lon=None)

    dots = zone_dots(session, TODAY)

    assert sorted(read(dots.columns), key=lambda one: -one[0]) == [
        (-29.9, -71.25, north.id),
        (-29.95123, -71.26, south.id),
        (-29.97, -71.2, None),
    ]
    assert dots.corners == ((-29.97, -71.26), (-29.9, -71.2))


def test_without_clients_there_are_no_dots(session):
    dots = zone_dots(session, TODAY)

    assert dots.corners == ()
    assert read(dots.columns) == []


@pytest.fixture
def many(monkeypatch):
    """Two clients are more than a page shows one by one."""
    monkeypatch.setattr(maps, "MOST_NAMED_DOTS", 1)


def test_a_large_company_s_page_asks_for_its_dots_and_does_not_hold_them(many, session, client_as):
    make_zone(session, [make_client(session, name="Ana Uno"), make_client(session)])
    desk = client_as(Role.SUPERVISOR)

    assert "/zonas/puntos" in (page := desk.get("/zonas").text)
    assert "Ana Uno" not in page
    assert len(read(desk.get("/zonas/puntos").data)) == 2


def test_who_has_the_dots_is_not_told_them_again_until_a_client_moves(session, client_as):
    client = make_client(session)
    desk = client_as(Role.SUPERVISOR)
    tag = desk.get("/zonas/puntos").headers["ETag"]

    again = desk.get("/zonas/puntos", headers={"If-None-Match": tag})
    client.lat += 0.01
    session.flush()
    moved = desk.get("/zonas/puntos", headers={"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")
    assert moved.status_code == 200
