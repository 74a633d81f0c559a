"""A web process looks at what people open first before they come."""

import logging
import runpy
import threading
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError

from collector_app import first_looks
from collector_app.audit.kept import KeptUntilDone
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.planning import services
from tests.factories import make_client, make_user
from tests.planning.factories import TUESDAY, ZONE, new_plan

SYSTEM = Actor.system("test")
ROOT = Path(__file__).parent.parent


def store_plan(session) -> int:
    plan = new_plan(make_user(session), [make_client(session)])
    plan_id = services.store_plan(session, SYSTEM, plan)
    session.commit()
    return plan_id


@pytest.fixture
def looked_before(app, session):
    """Let a process that starts take its first looks."""

    def look() -> None:
        KeptUntilDone.forget_all()
        first_looks.take_first_looks(app)

    return look


@pytest.mark.parametrize("days_before", [0, 1])
def test_the_plan_of_today_and_of_tomorrow_are_there_when_somebody_comes(
    session, client_as, statements, looked_before, days_before
):
    plan_id = store_plan(session)
    with clock.frozen(clock.at_second(TUESDAY - timedelta(days=days_before), 8 * 3600, ZONE)):
        desk = client_as(Role.DISPATCHER)
        looked_before()
        before = len(statements)
        for page in (f"/planes/{plan_id}", f"/planes/{plan_id}/tablero"):
            assert desk.get(page).status_code == 200

    asked = [one for one in statements[before:] if "skipped_client" in one and "count(" in one]
    assert asked == []


def test_a_database_that_does_not_answer_stops_nobody(app, session, monkeypatch, caplog):
    def fail(_session):
        raise OperationalError("SELECT name FROM client", {}, Exception("gone"))

    monkeypatch.setattr(first_looks, "_look_at_today", fail)
    with caplog.at_level(logging.WARNING):
        first_looks.take_first_looks(app)

    assert "a first look failed: OperationalError" in caplog.text
    assert "client" not in caplog.text


def test_an_empty_company_has_nothing_to_look_at(app, session):
    first_looks.take_first_looks(app)


def test_the_server_takes_them_beside_the_first_requests(monkeypatch):
    seen = []
    monkeypatch.setattr(first_looks, "take_first_looks", seen.append)
    server = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    server["post_worker_init"](SimpleNamespace(wsgi="the application"))
    for one in threading.enumerate():
        if one is not threading.current_thread() and one.daemon:
            one.join(0.5)

    assert seen == ["the application"]
