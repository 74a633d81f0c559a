"""A person puts a client on the map, decides about visits, and takes it back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from collector_app.audit.models import AuditEntry
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotAllowed, NotFound, StaleData
from collector_app.locations.queries import proposed_moves, recent_decisions
from collector_app.locations.rules import BadPosition, NothingToUndo
from collector_app.locations.services import (
    Pin,
    accept_move,
    dismiss_move,
    pin_client,
    undo_decision,
)
from collector_app.portfolio.rules import LocationQuality
from collector_app.visits.rules import Outcome, PersonMet
from collector_app.zones.queries import owners
from tests.factories import actor_of, make_client, make_user
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

NOWHERE = {"lat": None, "lon": None, "location_quality": LocationQuality.NONE}
AWAY = {"lat": -29.9050, "lon": -71.2519, "accuracy_m": 10}  # 256 m south of where clients are


@pytest.fixture
def today(session):
    return clock.now().date()


@pytest.fixture
def dispatcher(session):
    return actor_of(make_user(session, Role.DISPATCHER))


@pytest.fixture
def collector(session):
    return make_user(session, Role.COLLECTOR)


def position(client):
    return client.lat, client.lon, client.location_quality


def moves(session):
    session.flush()
    return proposed_moves(session, clock.now())


def test_a_pinned_client_is_where_the_person_said_and_the_log_has_both_places(
    session, dispatcher, today
):
    client = make_client(session, **NOWHERE)

    pin_client(session, dispatcher, client.id, Pin(-29.91, -71.26, None), today=today)

    assert position(client) == (-29.91, -71.26, LocationQuality.PINNED)
    session.commit()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "location.pinned")).one()
    assert entry.facts["old"] == [None, None, "none"]
    assert entry.facts["new"] == [-29.91, -71.26, "pinned"]


def test_a_client_with_a_location_at_last_joins_a_zone(session, dispatcher, collector, today):
    make_zone(session, [make_client(session)], collector)
    client = make_client(session, **NOWHERE)

    pin_client(session, dispatcher, client.id, Pin(-29.9027, -71.2518, None), today=today)

    assert owners(session, today)[client.id].collector_id == collector.id


@pytest.mark.parametrize("place", [(91, 0), (0, 181), (0, 0), (float("nan"), 1)])
def test_a_place_that_is_none_is_refused(session, dispatcher, today, place):
    client = make_client(session, **NOWHERE)

    with pytest.raises(BadPosition):
        pin_client(session, dispatcher, client.id, Pin(*place, None), today=today)


def test_whoever_looked_at_an_old_place_must_look_again(session, dispatcher, today):
    client = make_client(session)

    with pytest.raises(StaleData):
        pin_client(session, dispatcher, client.id, Pin(-29.91, -71.26, None), today=today)

    assert client.location_quality is LocationQuality.GIVEN


def test_a_collector_decides_nothing(session, collector, today):
    client = make_client(session, **NOWHERE)

    with pytest.raises(NotAllowed):
        pin_client(session, actor_of(collector), client.id, Pin(-29.9, -71.2, None), today=today)


def test_nobody_who_is_not_there_is_pinned(session, dispatcher, today):
    with pytest.raises(NotFound):
        pin_client(session, dispatcher, 404, Pin(-29.9, -71.2, None), today=today)


def test_undoing_a_pin_puts_back_what_was_there(session, dispatcher, today):
    client = make_client(
        session, location_quality=LocationQuality.APPROXIMATE, location_confidence=0.7
    )
    was = (client.lat, client.lon)
    pinned = pin_client(session, dispatcher, client.id, Pin(-29.91, -71.26, was), today=today)

    undo_decision(session, dispatcher, client.id, pinned.id, today=today)

    assert position(client) == (*was, LocationQuality.APPROXIMATE)
    assert client.location_confidence == 0.7


def test_an_undoing_is_not_undone(session, dispatcher, today):
    client = make_client(session, **NOWHERE)
    pinned = pin_client(session, dispatcher, client.id, Pin(-29.91, -71.26, None), today=today)
    undone = undo_decision(session, dispatcher, client.id, pinned.id, today=today)

    for decision in (pinned, undone):
        with pytest.raises(NothingToUndo):
            undo_decision(session, dispatcher, client.id, decision.id, today=today)


def test_what_an_import_changed_since_is_not_undone(session, dispatcher, today):
    client = make_client(session, **NOWHERE)
    pinned = pin_client(session, dispatcher, client.id, Pin(-29.91, -71.26, None), today=today)
    client.lat = -29.95

    with pytest.raises(NothingToUndo):
        undo_decision(session, dispatcher, client.id, pinned.id, today=today)


def test_a_visit_elsewhere_proposes_and_changes_nothing_by_itself(session, collector):
    client = make_client(session)

    make_visit(session, client, collector, **AWAY)

    found = moves(session)
    assert [(one.card.id, one.proposal.distance_m) for one in found] == [(client.id, 256)]
    assert client.lat == -29.9027


@pytest.mark.parametrize(
    "values",
    [
        {"accuracy_m": 51},  # 50 is still good
        {"accuracy_m": None},
        {"lat": None, "lon": None},
        {"person_met": PersonMet.NOBODY, "outcome": Outcome.NOT_HOME},
        {"person_met": PersonMet.NEIGHBOUR, "outcome": Outcome.NOT_HOME},
    ],
)
def test_visits_without_contact_or_without_a_good_fix_say_nothing(session, collector, values):
    make_visit(session, make_client(session), collector, **{**AWAY, **values})

    assert moves(session) == []


def test_a_visit_of_more_than_a_year_ago_says_nothing(session, collector):
    client = make_client(session)

    make_visit(
        session, client, collector, **AWAY, started_at=clock.now() - timedelta(days=365, hours=1)
    )

    assert moves(session) == []


def test_accepting_moves_the_client_and_ends_the_proposal(session, dispatcher, collector, today):
    client = make_client(session)
    visit = make_visit(session, client, collector, **AWAY)

    accept_move(session, dispatcher, client.id, visit.id, today=today)

    assert position(client) == (AWAY["lat"], AWAY["lon"], LocationQuality.SURVEYED)
    assert moves(session) == []


def test_after_accepting_a_visit_at_another_place_is_no_news(session, dispatcher, collector, today):
    client = make_client(session)
    make_visit(session, client, collector, lat=-29.99, lon=-71.2, accuracy_m=10)
    make_visit(session, client, collector, **AWAY)
    last = make_visit(session, client, collector, **AWAY)

    accept_move(session, dispatcher, client.id, last.id, today=today)

    assert moves(session) == []


def test_dismissing_keeps_the_client_until_a_later_visit(session, dispatcher, collector, today):
    client = make_client(session)
    visit = make_visit(session, client, collector, **AWAY)

    dismiss_move(session, dispatcher, client.id, visit.id, today=today)

    assert position(client) == (-29.9027, -71.2519, LocationQuality.GIVEN)
    assert moves(session) == []
    make_visit(session, client, collector, **AWAY)
    assert [one.proposal.visit_count for one in moves(session)] == [1]


def test_undoing_a_dismissal_proposes_again(session, dispatcher, collector, today):
    client = make_client(session)
    visit = make_visit(session, client, collector, **AWAY)
    dismissed = dismiss_move(session, dispatcher, client.id, visit.id, today=today)

    undo_decision(session, dispatcher, client.id, dismissed.id, today=today)

    assert [one.proposal.last_visit_id for one in moves(session)] == [visit.id]


def test_what_changed_since_it_was_shown_is_not_accepted(session, dispatcher, collector, today):
    client = make_client(session)
    shown = make_visit(session, client, collector, **AWAY)
    make_visit(session, client, collector, lat=-29.99, lon=-71.2, accuracy_m=10)

    for service in (accept_move, dismiss_move):
        with pytest.raises(StaleData):
            service(session, dispatcher, client.id, shown.id, today=today)


def test_where_more_visits_agree_comes_first(session, collector):
    once, twice = make_client(session), make_client(session)
    make_visit(session, once, collector, lat=-29.95, lon=-71.25, accuracy_m=10)
    for _ in range(2):
        make_visit(session, twice, collector, **AWAY)

    assert [one.card.id for one in moves(session)] == [twice.id, once.id]


def test_only_the_latest_decision_about_a_client_may_be_undone(session, dispatcher, today):
    client = make_client(session, **NOWHERE)
    first = pin_client(session, dispatcher, client.id, Pin(-29.91, -71.26, None), today=today)
    second = pin_client(
        session, dispatcher, client.id, Pin(-29.92, -71.26, (-29.91, -71.26)), today=today
    )
    session.flush()

    found = {one.id: one.may_be_undone for one in recent_decisions(session)}

    assert found == {first.id: False, second.id: True}
