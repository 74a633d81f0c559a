"""The whole demo, smaller: from an empty database to routes that are being ridden."""

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from collector_app.accounts.models import User
from collector_app.audit.queries import faults
from collector_app.city.packs import pack_folder, use_pack
from collector_app.compliance.queries import law_in_force
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.demo.load import (
    CITY,
    DemoPlace,
    DemoScale,
    is_loaded,
    load_company,
    play_morning,
    publish_today,
)
from collector_app.demo.people import STAFF
from collector_app.payments.models import Payment
from collector_app.planning.queries import legality, published_plan, routes_of_plan
from collector_app.portfolio.models import Client
from collector_app.promises.models import Promise
from collector_app.strategy.queries import experiments, segment_board, trait_columns
from collector_app.visits.models import Visit
from collector_app.web.extensions import db
from collector_app.zones.queries import zones_on

MEXICO = ZoneInfo("America/Mexico_City")
SATURDAY = date(2026, 3, 14)
AT_NOON = datetime(2026, 3, 14, 18, tzinfo=UTC)
SMALL = DemoScale(clients=200, days_back=3, plan_s=2.0)


def quiet(share, note):
    assert 0 <= share <= 1
    assert note


@pytest.fixture
def place(app, session, demo_city, tmp_path):
    """The demo of a small company on a Saturday at noon, loaded."""
    instance = tmp_path
    (instance / "cities").mkdir()
    pack_folder(instance, CITY).symlink_to(demo_city.files.extract.parent / CITY)
    use_pack(instance, CITY)
    (instance / "demo").mkdir()
    (instance / "demo" / "zones.geojson").symlink_to(demo_city.files.zones)
    place = DemoPlace(instance, MEXICO, SATURDAY, SMALL)
    with clock.frozen(AT_NOON):
        load_company(place, quiet)
        yield place


def test_the_past_fills_every_page_and_keeps_the_house_rules(place, session):
    attempts = Counter(session.scalars(select(Visit.client_id)))

    assert is_loaded(session)
    assert session.scalar(select(func.count(Client.id))) == 200
    assert len(zones_on(session, SATURDAY)) == 8
    assert all(zone.collector_name for zone in zones_on(session, SATURDAY))
    assert session.scalar(select(func.count(Visit.id))) > 100
    assert session.scalar(select(func.count(Promise.id))) > 10
    assert session.scalar(select(func.count(Payment.id))) > 5
    assert max(attempts.values()) <= 2
    segments, rest = segment_board(session, trait_columns(session, SATURDAY, MEXICO))
    assert sum(row.share.clients for row in segments) > 10
    assert rest.clients == 0
    assert [sum(one.clients.values()) > 20 for one in experiments(session, MEXICO)] == [True]
    assert list(faults(session)) == []  # everything came in through the services, sealed


def test_today_is_planned_once_within_the_law_and_under_way_by_noon(place, app, monkeypatch):
    monkeypatch.setitem(app.config, "TRAVEL", "haversine")

    plan_id = publish_today(place, quiet)
    play_morning(place, plan_id, quiet)

    session = db.session()
    routes = routes_of_plan(session, plan_id)
    stops = {stop.id: route for route in routes for stop in route.stops}
    visited = session.scalars(select(Visit.stop_id).where(Visit.stop_id.is_not(None))).all()
    names = dict(session.execute(select(User.id, User.username)).all())
    riding = {names[stops[stop_id].collector_id] for stop_id in visited}
    assert law_in_force(session, SATURDAY).id == "mx_financial_literal"
    assert len(stops) > 40
    assert legality(session, plan_id, MEXICO).breaches == ()
    assert published_plan(session, SATURDAY).id == plan_id
    assert "gestor1" not in riding  # left for whoever tries the demo
    assert len(riding) >= 5
    assert publish_today(place, quiet) is None


def test_the_demo_is_refused_in_production(app, monkeypatch):
    monkeypatch.delenv("COLLECTOR_ENV", raising=False)
    app.testing = False

    answer = app.test_cli_runner().invoke(args=["demo", "load"])
    app.testing = True

    assert answer.exit_code == 1
    assert "COLLECTOR_ENV=development" in answer.output


def test_the_logins_are_of_every_role():
    assert Counter(one.role for one in STAFF) == {
        Role.COLLECTOR: 8,
        Role.SUPERVISOR: 2,
        Role.DISPATCHER: 2,
        Role.ADMIN: 1,
    }
