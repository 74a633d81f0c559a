"""What plans foretold is compared as it was stored, with the visits that came of it."""

import json
from datetime import timedelta

import pytest

from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.planning.models import Stop
from collector_app.planning.queries import Foretold, forecast_quality
from collector_app.planning.services import publish, store_plan
from collector_app.visits.rules import Outcome, PersonMet
from tests.factories import make_client, make_user
from tests.planning.factories import TUESDAY, ZONE, hour, new_plan
from tests.visits.factories import make_visit

SYSTEM = Actor.system("test")
CHANCES = {
    "code": "chances",
    "contact": 0.5,
    "pays_now": 0.2,
    "promises": 0.4,
    "source": "client",
    "sample": 9,
}


@pytest.fixture
def collector(session):
    return make_user(session)


def planned(session, collector, contacts: list[float], *, published: bool = True) -> list[Stop]:
    """A plan with one stop for each chance of contact, 20 minutes apart."""
    plan = new_plan(collector, [make_client(session) for _ in contacts], first_s=9 * 3600)
    plan_id = store_plan(session, SYSTEM, plan)
    session.flush()
    if published:
        publish(session, SYSTEM, plan_id, today=TUESDAY, zone=ZONE)
    stops = session.query(Stop).order_by(Stop.id).all()[-len(contacts) :]
    for stop, contact in zip(stops, contacts, strict=True):
        stop.reasons = [*stop.reasons, CHANCES | {"contact": contact}]
    session.flush()
    return stops


def visit(session, collector, stop: Stop, outcome: Outcome, person=PersonMet.HOLDER):
    client = session.get_one(type(make_client(session)), stop.client_id)
    at = hour(TUESDAY, 10)
    values = {"started_at": at, "ended_at": at, "received_at": at}
    return make_visit(
        session, client, collector, stop_id=stop.id, outcome=outcome, person_met=person, **values
    )


def quality(session):
    return forecast_quality(session, TUESDAY, TUESDAY)


def test_each_visit_is_compared_with_its_own_forecast(session, collector):
    met, missed, paid = planned(session, collector, [0.9, 0.1, 0.5])
    visit(session, collector, met, Outcome.PROMISED)
    visit(session, collector, missed, Outcome.NOT_HOME, PersonMet.NOBODY)
    visit(session, collector, paid, Outcome.PAID_IN_PART, PersonMet.RELATIVE)

    found = quality(session)

    contact, payment = found.by_kind[Foretold.CONTACT], found.by_kind[Foretold.PAYMENT]
    # (0.1² + 0.1² + 0.5²) / 3: who left the money with a relative was reached.
    assert contact.brier == pytest.approx((0.01 + 0.01 + 0.25) / 3)
    # Contact times 0.2: 0.18, 0.02 and 0.10, of which the last came true.
    assert payment.brier == pytest.approx((0.18**2 + 0.02**2 + 0.9**2) / 3)
    assert found.by_kind[Foretold.PROMISE].happened == 1
    assert (found.count, found.assumed_count) == (3, 0)


def test_stops_without_a_visit_and_visits_not_made_are_left_out(session, collector):
    gone, _waiting = planned(session, collector, [0.9, 0.9])
    visit(session, collector, gone, Outcome.NOT_VISITED, PersonMet.NOBODY)

    assert quality(session).count == 0
    assert quality(session).by_kind == {}


def test_drafts_foretell_nothing(session, collector):
    (stop,) = planned(session, collector, [0.9], published=False)
    visit(session, collector, stop, Outcome.PROMISED)

    assert quality(session).count == 0


def test_clients_whose_scores_are_off_are_left_out(session, collector):
    (stop,) = planned(session, collector, [0.9])
    stop.reasons = [{"code": "scoring_off", "by": "Ana", "why": "lo pidió"}]
    visit(session, collector, stop, Outcome.PROMISED)

    assert quality(session).count == 0


@pytest.mark.parametrize(("first", "last", "count"), [(0, 0, 1), (1, 2, 0), (-2, -1, 0)])
def test_both_days_of_the_period_count(session, collector, first, last, count):
    (stop,) = planned(session, collector, [0.9])
    visit(session, collector, stop, Outcome.PROMISED)
    days = (TUESDAY + timedelta(days=first), TUESDAY + timedelta(days=last))

    assert forecast_quality(session, *days).count == count


# -- the page and the command


def test_the_page_shows_curve_table_and_baseline(session, collector, client_as):
    stops = planned(session, collector, [0.9, 0.1])
    visit(session, collector, stops[0], Outcome.PROMISED)
    visit(session, collector, stops[1], Outcome.NOT_HOME, PersonMet.NOBODY)

    with clock.frozen(hour(TUESDAY, 20)):
        page = client_as(Role.SUPERVISOR).get("/planes/calibracion").text

    assert '<svg class="curve"' in page
    assert "0.0100" in page  # Brier of contact
    assert "0.2500" in page  # of the average
    assert "Muy pocas visitas para decir algo" in page
    assert " style=" not in page.split("<main", 1)[1]


def test_without_visits_the_page_says_so(session, client_as):
    page = client_as(Role.DISPATCHER).get("/planes/calibracion?dias=900").text

    assert "Aún no hay con qué comparar" in page


def test_the_command_prints_the_same(session, collector, app):
    stops = planned(session, collector, [0.9, 0.1])
    visit(session, collector, stops[0], Outcome.PROMISED)
    visit(session, collector, stops[1], Outcome.NOT_HOME, PersonMet.NOBODY)
    session.commit()
    runner = app.test_cli_runner()

    with clock.frozen(hour(TUESDAY, 20)):
        text = runner.invoke(args=["plan", "calibration", "--days", "7"])
        told = runner.invoke(args=["plan", "calibration", "--days", "7", "--json"])

    assert text.exit_code == 0, text.output
    assert "Encontrar al cliente: Brier 0.0100, sin plan 0.2500" in text.output
    assert json.loads(told.output)["by_kind"]["contact"]["brier"] == pytest.approx(0.01)
