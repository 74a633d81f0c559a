"""A collector with a published route of three stops."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.planning.models import Stop
from collector_app.portfolio.models import Client
from tests.factories import make_client, make_user
from tests.phone.factories import make_route
from tests.zones.factories import make_zone


@dataclass(frozen=True)
class RouteOfToday:
    collector: User
    clients: list[Client]
    stops: list[Stop]


@pytest.fixture
def route(session: Session) -> RouteOfToday:
    collector = make_user(session, full_name="Luis Gestor")
    names = ("Ana Rojas", "Beto Cortés", "Carla Díaz")
    clients = [make_client(session, name=name, overdue_cents=150_000) for name in names]
    make_zone(session, clients, collector)
    return RouteOfToday(collector, clients, make_route(session, collector, clients))
