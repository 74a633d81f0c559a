"""A small company for measurements: collectors with a route of today, and a plan to compute."""

import json
import random
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from flask_security.utils import hash_password
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.app import create_app
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.demo.people import PASSWORD
from collector_app.planning.models import Plan, Route, Stop
from collector_app.planning.rules import Vehicle
from collector_app.portfolio.models import Client, Credit, Invoice
from collector_app.portfolio.rules import LocationQuality
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.zones.models import Zone, ZoneAssignment, ZoneMembership
from config import DevConfig

COLLECTORS, CLIENTS_EACH = 8, 40
CENTRE = (-29.9027, -71.2519)
_OUTLINE = {
    "type": "Polygon",
    "coordinates": [[[-71.3, -29.95], [-71.2, -29.95], [-71.2, -29.85], [-71.3, -29.95]]],
}
Routes = dict[str, list[tuple[int, int]]]  # stops with their clients, by user name


def create_company(collectors: int = COLLECTORS) -> Routes:
    """Store collectors, their clients with a debt, zones and routes in the configured database."""
    app = create_app(DevConfig())
    with app.app_context(), transaction() as session:
        password = hash_password(PASSWORD)
        today = clock.today(local_zone())
        plan = Plan(
            day=today,
            created_at=clock.now(),
            published_at=clock.now(),
            travel_source="haversine",
            is_estimate=True,
            parameters={},
        )
        session.add(plan)
        routes: Routes = {}
        for n in range(1, collectors + 1):
            collector = _person(session, f"gestor{n}", password)
            clients = [_client(session, f"{n}-{k}") for k in range(CLIENTS_EACH)]
            _zone(session, collector, clients)
            stops = _route(session, plan, collector, clients)
            routes[collector.username] = [(stop.id, stop.client_id) for stop in stops]
    with app.app_context():
        db.engine.dispose()  # the file may be replaced by a backup
    return routes


def write_problem(path: Path) -> None:
    """Write the day of these collectors as `python -m routing solve` reads it."""
    dice = random.Random(1)

    def point() -> dict[str, float]:
        return {
            "lat": CENTRE[0] + dice.uniform(-0.05, 0.05),
            "lon": CENTRE[1] + dice.uniform(-0.05, 0.05),
        }

    hours = {"start_s": 8 * 3600, "end_s": 18 * 3600}
    problem = {
        "shifts": [
            {"id": f"gestor{n}", "start": point(), "end": None, "window": hours}
            for n in range(COLLECTORS)
        ],
        "candidates": [
            {"id": f"c{n}", "point": point(), "service_s": 600, "prize": 20_000, "windows": [hours]}
            for n in range(COLLECTORS * CLIENTS_EACH)
        ],
    }
    path.write_text(json.dumps(problem))


def _person(session: Session, username: str, password: str) -> User:
    user = User(
        username=username,
        full_name=username.title(),
        role=Role.COLLECTOR,
        password=password,
        fs_uniquifier=uuid4().hex,
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()
    return user


def _client(session: Session, number: str) -> Client:
    client = Client(
        external_id=f"C-{number}",
        name=f"Clienta {number}",
        phone="+525512345678",
        address=f"Calle {number}",
        neighbourhood="Centro",
        municipality="La Serena",
        lat=CENTRE[0],
        lon=CENTRE[1],
        location_quality=LocationQuality.GIVEN,
        created_at=clock.now(),
    )
    credit = Credit(client=client, external_id=f"CR-{number}", product="Microcrédito")
    long_ago = clock.now() - timedelta(days=60)
    invoice = Invoice(
        credit=credit,
        number=f"F-{number}",
        issued_on=long_ago.date(),
        due_on=(long_ago + timedelta(days=20)).date(),
        amount_cents=10**8,
        balance_cents=10**8,
        balance_at=long_ago,
    )
    session.add_all([client, credit, invoice])
    session.flush()
    return client


def _zone(session: Session, collector: User, clients: list[Client]) -> None:
    since = clock.now().date() - timedelta(days=30)
    zone = Zone(name=collector.full_name, colour="#4477aa", outline=_OUTLINE, from_on=since)
    session.add(zone)
    session.flush()
    session.add(ZoneAssignment(zone_id=zone.id, collector_id=collector.id, from_on=since))
    session.add_all(
        [ZoneMembership(zone_id=zone.id, client_id=one.id, from_on=since) for one in clients]
    )


def _route(session: Session, plan: Plan, collector: User, clients: list[Client]) -> list[Stop]:
    session.flush()
    begins_s, stop_s = 9 * 3600, 720
    route = Route(
        plan_id=plan.id,
        collector_id=collector.id,
        vehicle=Vehicle.MOTORCYCLE,
        start_lat=CENTRE[0],
        start_lon=CENTRE[1],
        end_lat=CENTRE[0],
        end_lon=CENTRE[1],
        leaves_s=begins_s,
        returns_s=begins_s + stop_s * len(clients),
        travel_s=60 * len(clients),
        travel_m=300 * len(clients),
        path="",
    )
    session.add(route)
    session.flush()
    stops = [
        Stop(
            route_id=route.id,
            position=n,
            client_id=client.id,
            arrives_s=begins_s + stop_s * n,
            starts_s=begins_s + stop_s * n,
            leaves_s=begins_s + stop_s * n + 600,
            travel_s=60,
            travel_m=300,
            detour_s=60,
            prize_cents=20_000,
            reasons=[{"code": "debt", "overdue_cents": 10**8, "days": 40}],
        )
        for n, client in enumerate(clients, start=1)
    ]
    session.add_all(stops)
    session.flush()
    return stops
