from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from collector_app.audit.models import AuditEntry
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.core.facts import FactConflict
from collector_app.promises.models import Promise
from collector_app.promises.rules import (
    AmountNotPositive,
    PromiseInPast,
    PromiseNotFromThem,
    ReasonMissing,
)
from collector_app.promises.services import cancel_promise, make_promise
from collector_app.visits.rules import PersonMet
from tests.factories import actor_of, make_client, make_user
from tests.promises.factories import make_promise_row, promise_fact
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def own_client(session, collector):
    client = make_client(session)
    make_zone(session, [client], collector)
    return client


def test_a_promise_told_twice_is_stored_once(session, collector, own_client):
    fact = promise_fact(own_client)
    first = make_promise(session, actor_of(collector), fact, zone=ZONE)

    second = make_promise(session, actor_of(collector), fact, zone=ZONE)

    assert first.id == second.id
    assert session.scalar(select(func.count()).select_from(Promise)) == 1
    session.commit()
    assert session.scalars(select(AuditEntry.event)).all() == ["promise.made"]


def test_the_same_uuid_with_another_amount_is_a_conflict(session, collector, own_client):
    fact = promise_fact(own_client)
    make_promise(session, actor_of(collector), fact, zone=ZONE)

    with pytest.raises(FactConflict):
        make_promise(session, actor_of(collector), replace(fact, amount_cents=1), zone=ZONE)


@pytest.mark.parametrize("cents", [0, -1])
def test_a_promise_of_nothing_is_refused_and_names_the_amount(
    session, collector, own_client, cents
):
    with pytest.raises(AmountNotPositive) as caught:
        make_promise(
            session, actor_of(collector), promise_fact(own_client, amount_cents=cents), zone=ZONE
        )

    assert caught.value.field == "amount"


def test_a_promise_for_yesterday_is_refused_and_names_the_day(session, collector, own_client):
    yesterday = clock.today(ZONE) - timedelta(days=1)

    with pytest.raises(PromiseInPast) as caught:
        make_promise(
            session, actor_of(collector), promise_fact(own_client, due_on=yesterday), zone=ZONE
        )

    assert caught.value.field == "due_on"


def test_a_promise_for_tonight_is_taken_although_greenwich_shows_tomorrow(
    session, collector, own_client
):
    # 03:00 of the 11th in Greenwich is 21:00 of the 10th in Mexico City.
    fact = promise_fact(
        own_client, due_on=date(2026, 3, 10), made_at=datetime(2026, 3, 11, 3, tzinfo=UTC)
    )

    assert make_promise(session, actor_of(collector), fact, zone=ZONE).due_on == date(2026, 3, 10)


def test_a_promise_of_more_than_the_debt_far_ahead_is_taken(session, collector, own_client):
    fact = promise_fact(
        own_client, amount_cents=10**11, due_on=clock.today(ZONE) + timedelta(days=400)
    )

    assert make_promise(session, actor_of(collector), fact, zone=ZONE).amount_cents == 10**11


@pytest.mark.parametrize("person", [PersonMet.HOLDER, PersonMet.GUARANTOR])
def test_the_holder_and_the_guarantor_may_promise(session, collector, own_client, person):
    visit = make_visit(session, own_client, collector, person_met=person)
    fact = promise_fact(own_client, visit_id=visit.id)

    assert make_promise(session, actor_of(collector), fact, zone=ZONE).visit_id == visit.id


@pytest.mark.parametrize("person", [PersonMet.MINOR, PersonMet.RELATIVE, PersonMet.NEIGHBOUR])
def test_nobody_else_may_promise(session, collector, own_client, person):
    visit = make_visit(session, own_client, collector, person_met=person)

    with pytest.raises(PromiseNotFromThem):
        make_promise(
            session, actor_of(collector), promise_fact(own_client, visit_id=visit.id), zone=ZONE
        )


def test_a_promise_stands_on_ones_own_visit(session, collector, own_client):
    visit = make_visit(session, own_client, make_user(session))

    with pytest.raises(NotFound):
        make_promise(
            session, actor_of(collector), promise_fact(own_client, visit_id=visit.id), zone=ZONE
        )


def test_a_client_of_another_zone_is_not_found(session, collector):
    with pytest.raises(NotFound):
        make_promise(session, actor_of(collector), promise_fact(make_client(session)), zone=ZONE)


def test_a_dispatcher_takes_no_promises(session, own_client):
    dispatcher = make_user(session, Role.DISPATCHER)

    with pytest.raises(NotAllowed):
        make_promise(session, actor_of(dispatcher), promise_fact(own_client), zone=ZONE)


def test_a_promise_is_taken_back_once_with_its_reason(session, collector, own_client):
    promise = make_promise_row(session, own_client)

    cancel_promise(
        session, actor_of(collector), promise.id, "Cambió la fecha", day=clock.today(ZONE)
    )
    cancel_promise(session, actor_of(collector), promise.id, "Otra vez", day=clock.today(ZONE))

    assert promise.cancelled_at == clock.now()
    session.commit()
    entry = session.scalars(select(AuditEntry)).one()
    assert entry.facts == {"reason": "Cambió la fecha"}


def test_taking_a_promise_back_needs_words(session, collector, own_client):
    promise = make_promise_row(session, own_client)

    with pytest.raises(ReasonMissing):
        cancel_promise(session, actor_of(collector), promise.id, "  ", day=clock.today(ZONE))


def test_nobody_takes_back_a_promise_of_another_zone(session, collector):
    promise = make_promise_row(session, make_client(session))

    with pytest.raises(NotFound):
        cancel_promise(session, actor_of(collector), promise.id, "x", day=clock.today(ZONE))
