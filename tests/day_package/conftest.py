"""A collector with clients in a zone of their own, and the phone that fetches their day."""

import pytest

from tests.factories import make_client, make_user
from tests.phone.factories import make_route
from tests.zones.factories import make_zone

URL = "/phone/api/v1/day"


@pytest.fixture
def collector(session):
    return make_user(session, full_name="Luis Gestor")


@pytest.fixture
def clients(session, collector):
    """Four clients of the collector's zone, on a line away from where the day starts."""
    names = ("Ana Rojas", "Beto Cortés", "Carla Díaz", "Diego Fuera")
    found = [
        make_client(session, name=name, lat=-29.9 - n / 500, lon=-71.25)
        for n, name in enumerate(names)
    ]
    make_zone(session, found, collector)
    return found


@pytest.fixture
def phone_of(app, client_as):
    """A phone that was registered for who is logged in on it: ``phone_of(user)``."""

    def register(user):
        told = {"name": "Moto G", "installed": True, "build": "b1"}
        phone = client_as(user)
        token = phone.post("/phone/api/v1/devices", json=told).get_json()["token"]
        phone.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return phone

    return register


@pytest.fixture
def package(session, phone_of, collector, clients):
    """Fetch the package of a route to the first three clients, as it stands when asked."""
    make_route(session, collector, clients[:3])
    browser = phone_of(collector)
    return lambda: browser.get(URL).get_json()
