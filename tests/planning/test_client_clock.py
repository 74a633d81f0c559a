"""A company on the clock of Mexico City with clients in Tijuana, two hours behind it in winter."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from collector_app.compliance.profile_files import law_profile
from collector_app.compliance.rules import ContactFacts
from collector_app.contacts.queries import faults_of_visit
from collector_app.contacts.rules import MessageRefused
from collector_app.contacts.services import send_message
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.day_package.rules import client_law
from collector_app.planning import queries
from collector_app.planning.day_plan import PlanRequest, make_plan
from collector_app.planning.models import Stop
from collector_app.visits.rules import PersonMet
from tests.contacts.factories import contact_fact
from tests.factories import actor_of, make_client, make_user
from tests.planning.factories import ZONE, make_workday, make_zone
from tests.visits.factories import make_visit

HOUR_S = 3600
TIJUANA = (32.5149, -117.0382)
JANUARY = datetime(2026, 1, 13, tzinfo=UTC)  # a Tuesday; 8:00 UTC is midnight in Tijuana
SYSTEM = Actor.system("test")


@pytest.fixture
def collector(session):
    """A collector in Tijuana who works from five in the morning there."""
    collector = make_user(session)
    place = dict(zip(("start_lat", "start_lon"), TIJUANA, strict=True))
    end = dict(zip(("end_lat", "end_lon"), TIJUANA, strict=True))
    make_workday(session, collector, starts_s=7 * HOUR_S, ends_s=14 * HOUR_S, **place, **end)
    clients = [
        make_client(session, lat=TIJUANA[0] + n / 500, lon=TIJUANA[1], days=100) for n in range(5)
    ]
    make_zone(session, collector, clients)
    session.commit()
    return collector


def test_nobody_is_planned_before_seven_of_their_own_clock(session, collector):
    with clock.frozen(JANUARY):
        plan_id = make_plan(
            PlanRequest(JANUARY.date(), 0.5, seed=1, actor=SYSTEM), lambda share, note: None
        )

        starts = session.scalars(select(Stop.starts_s)).all()
        assert len(starts) == 5
        assert min(starts) >= 9 * HOUR_S  # of Mexico City
        assert queries.legality(session, plan_id, ZONE).breaches == ()
        session.execute(update(Stop).values(starts_s=9 * HOUR_S - 60))
        assert len(queries.legality(session, plan_id, ZONE).breaches) == 5


@pytest.mark.parametrize(("utc", "goes_out"), [((14, 59), False), ((15, 0), True)])
def test_a_message_leaves_from_seven_of_their_clock_on(session, collector, utc, goes_out):
    client = make_client(session, lat=TIJUANA[0], lon=TIJUANA[1])
    make_zone(session, collector, [client])
    with clock.frozen(JANUARY.replace(hour=utc[0], minute=utc[1])):
        fact = replace(contact_fact(client), text="Hola, buen día.", person=PersonMet.HOLDER)
        if goes_out:
            send_message(session, actor_of(collector), fact, zone=ZONE)
        else:
            with pytest.raises(MessageRefused):
                send_message(session, actor_of(collector), fact, zone=ZONE)


@pytest.mark.parametrize(("minute", "is_fault"), [(59, True), (60, False)])
def test_a_visit_before_seven_of_their_clock_is_a_fault(session, collector, minute, is_fault):
    client = make_client(session, lat=TIJUANA[0], lon=TIJUANA[1])
    at = JANUARY.replace(hour=14 + minute // 60, minute=minute % 60)

    visit = make_visit(session, client, collector, started_at=at)

    broken = {one.rule_id for one in faults_of_visit(session, visit, ZONE)}
    assert any("hours" in one for one in broken) is is_fault, broken


def test_the_phone_is_told_the_same_instants():
    facts = ContactFacts(ZoneInfo("America/Tijuana"), asked_in=ZONE)
    day = JANUARY.date()

    law = client_law(law_profile("mx_financial_strict", day), facts, day)

    window = law.windows[-1]  # the first is ten at night of the day before, to the second
    assert window.from_s == JANUARY.replace(hour=15).timestamp()
    assert window.to_s == JANUARY.replace(day=14, hour=6).timestamp() - 1
