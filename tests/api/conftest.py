"""A system that calls, and something that it can read."""

from itertools import count

import pytest

from collector_app.absences.rules import AbsenceKind
from collector_app.absences.services import record_absence
from collector_app.api.rules import Scope
from collector_app.api.services import create_key
from collector_app.core import clock
from collector_app.core.actor import Role
from tests.factories import actor_of, make_client, make_user
from tests.live.factories import publish_route
from tests.payments.factories import make_payment
from tests.promises.factories import make_promise_row
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone


@pytest.fixture
def admin(session):
    return actor_of(make_user(session, Role.ADMIN))


@pytest.fixture
def call(session, admin, anonymous):
    """Call as a system that may read everything, or with the scopes or the key that are given."""
    _row, whole = create_key(session, admin, "ERP", list(Scope))
    session.commit()

    def ask(path: str, *, key: str = whole, scopes=None, accept: str | None = None):
        if scopes is not None:
            key = create_key(session, admin, "otra", scopes)[1]
            session.commit()
        headers = {"Authorization": f"Bearer {key}"} | ({"Accept": accept} if accept else {})
        return anonymous.get(f"/api/v1/{path}", headers=headers)

    return ask


@pytest.fixture
def key(session, admin):
    """A key that may do everything."""
    whole = create_key(session, admin, "ERP", list(Scope))[1]
    session.commit()
    return whole


@pytest.fixture
def tell(key, anonymous):
    """Write as a system that may do everything; each call gets a name of its own, or `call_key`."""
    names = count(1)

    def send(method: str, path: str, told=None, *, key: str = key, call_key: str | None = ""):
        headers = {"Authorization": f"Bearer {key}"}
        if call_key is not None:
            headers["Idempotency-Key"] = call_key or f"call-{next(names)}"
        return anonymous.open(f"/api/v1/{path}", method=method, json=told, headers=headers)

    return send


@pytest.fixture
def field(session, admin, stopped_clock):
    """A client of a zone with all that is told of them, and an absence of their collector."""
    collector = make_user(session)
    client = make_client(session, overdue_cents=150_000, days=40)
    zone = make_zone(session, [client], collector)
    stop = publish_route(session, collector, [client], clock.now().date())[0]
    visit = make_visit(session, client, collector, stop_id=stop.id)
    make_promise_row(session, client, visit_id=visit.id, amount_cents=40_000)
    make_payment(session, collector, client, 35_000)
    day = clock.now().date()
    record_absence(session, admin, collector.id, AbsenceKind.TRAINING, day, day)
    session.commit()
    return client, zone, visit
