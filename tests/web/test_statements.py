"""No page of the desk asks the database once for each row that it shows."""

from datetime import timedelta

import pytest

from collector_app.core import clock
from collector_app.core.actor import Role
from scripts.bench_desk import paths_of
from scripts.large_company import LAW
from tests.compliance.factories import give_credits, make_creditor
from tests.factories import make_client, make_user
from tests.live.factories import publish_route
from tests.payments.factories import make_invoice, make_payment
from tests.promises.factories import make_promise_row
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

DAY = timedelta(days=1)
DESK = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)


def grow(session, clients: int) -> None:
    """A collector more, with a zone, a route, and clients who are visited, promise and pay."""
    collector, now = make_user(session), clock.now()
    theirs = [make_client(session) for _ in range(clients)]
    make_zone(session, theirs, collector)
    shop = make_creditor(session, "mx_commercial")
    for one in theirs[::2]:
        give_credits(session, one, shop)
    for one in theirs:
        make_invoice(session, one, 300_000, due_on=(now - 45 * DAY).date())
        make_promise_row(session, one, due_on=(now + 2 * DAY).date(), made_at=now - DAY)
        make_payment(session, collector, one)
    publish_route(session, collector, theirs, now.date(), parameters=LAW)
    for one in theirs:
        make_visit(session, one, collector, started_at=now - DAY, ended_at=now - DAY)
    session.commit()


@pytest.fixture
def asked(app, session, client_as, statements):
    """Return how many statements each page of the desk takes, by address."""
    people = [client_as(role) for role in DESK]
    paths = [one for one in paths_of(app) if not one.startswith(("/phone", "/tablero/eventos"))]

    def count() -> dict[str, int]:
        found = {}
        for path in paths:
            for person in people:
                session.expunge_all()  # nothing is known from before
                del statements[:]
                if person.get(path).status_code == 200:
                    found[path] = len(statements)
                    break
        return found

    return count


def test_statements_do_not_grow_with_rows(session, asked):
    for clients in (3, 3):  # two plans, so that there is something to compare
        grow(session, clients)
    few = asked()
    for clients in (9, 9):
        grow(session, clients)
    many = asked()

    assert len(few) > 40
    assert {path: (few[path], many[path]) for path in few if many[path] > few[path]} == {}
