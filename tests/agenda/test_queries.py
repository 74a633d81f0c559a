"""What the agenda reads: who is overdue, due and coming, and the facts of the forecast."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest

from collector_app.agenda.queries import cash_forecast, dues, dues_of, reminders
from collector_app.agenda.queries.cash import said_once
from collector_app.agenda.rules import Follow, total
from collector_app.agreements import services as agreements
from collector_app.agreements.queries import DueRow
from collector_app.core import clock
from tests.agreements.factories import TODAY, make_agreement
from tests.factories import actor_of, make_client, make_user, owes_in
from tests.payments.factories import make_payment
from tests.promises.factories import make_promise_row
from tests.zones.factories import make_zone

dues_module = import_module("collector_app.agenda.queries.dues")

ZONE = ZoneInfo("America/Mexico_City")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def collector(session):
    return make_user(session)


def promised(session, client, days, *, made_days_ago=10, **values):
    """A promise that is due in some days from today."""
    return make_promise_row(
        session,
        client,
        due_on=TODAY + timedelta(days=days),
        made_at=clock.now() - timedelta(days=made_days_ago),
        **values,
    )


@pytest.mark.parametrize(
    ("days", "follow"),
    [
        (-31, None),
        (-30, Follow.OVERDUE),
        (-2, Follow.OVERDUE),
        (-1, Follow.TODAY),  # its day of grace
        (0, Follow.TODAY),
        (1, Follow.COMING),
        (14, Follow.COMING),
        (15, None),
    ],
)
def test_a_promise_is_listed_by_its_day(session, days, follow):
    promised(session, make_client(session), days, made_days_ago=max(0, -days) + 1)

    assert [one.follow for one in dues(session, TODAY, ZONE)] == ([follow] if follow else [])


@pytest.mark.parametrize(("made_days_ago", "is_listed"), [(15, False), (16, True)])
def test_a_promise_of_a_day_far_away_is_listed_once_nobody_waits_for_it(
    session, made_days_ago, is_listed
):
    promised(session, make_client(session), 180, made_days_ago=made_days_ago)

    assert [one.is_too_far for one in dues(session, TODAY, ZONE)] == [True] * is_listed


def test_what_was_paid_or_taken_back_is_not_listed(session, collector):
    paid, taken_back, partly = (make_client(session) for _ in range(3))
    promised(session, paid, 3)
    make_payment(session, collector, paid, 50_000)
    promised(session, taken_back, 3, cancelled_at=clock.now())
    promised(session, partly, 3)
    make_payment(session, collector, partly, 20_000)

    found = dues(session, TODAY, ZONE)

    assert [(one.client_id, one.left_cents) for one in found] == [(partly.id, 30_000)]


def test_a_broken_promise_gives_way_to_the_one_made_after_it(session):
    client = make_client(session)
    promised(session, client, -5)
    promised(session, client, 4, made_days_ago=2)

    assert [one.follow for one in dues(session, TODAY, ZONE)] == [Follow.COMING]


def test_the_next_instalment_of_an_agreement_is_listed(session, collector):
    client = make_client(session)
    zone = make_zone(session, [client], collector)
    made = make_agreement(session, actor_of(collector), client)
    agreements.sign(session, actor_of(collector), made.id, "Rosa", PNG)

    (due,) = dues(session, TODAY, ZONE)

    assert (due.agreement_id, due.left_cents, due.follow) == (made.id, 15_000, Follow.TODAY)
    assert (due.collector_id, due.zone_id) == (collector.id, zone.id)


def test_who_broke_promises_is_less_likely_to_keep_the_next(session, collector):
    good, bad = make_client(session), make_client(session)
    for client in (good, bad):
        for n in range(6):
            promised(session, client, -40 - 5 * n, made_days_ago=50 + 5 * n)
    for n in range(6):
        payment = make_payment(session, collector, good, 50_000)
        payment.received_at = clock.now() - timedelta(days=40 + 5 * n)
        payment.recorded_at = payment.received_at
    promised(session, good, 3)
    promised(session, bad, 3)
    session.flush()

    share = {one.client_id: one.share for one in dues(session, TODAY, ZONE)}

    assert share[bad.id] < 0.35
    assert share[good.id] > 0.65


def test_of_some_clients_the_same_is_told_with_the_chances_that_were_learned_before(
    session, collector, monkeypatch
):
    mine, others = make_client(session), make_client(session)
    make_zone(session, [mine], collector)
    for client in (mine, others):
        promised(session, client, 0)
        promised(session, client, 3)
    whole = dues(session, TODAY, ZONE)
    monkeypatch.setattr(dues_module, "promise_chances", None)  # learned from everybody

    found = dues_of(session, TODAY, ZONE, {mine.id}, whole)

    assert found == tuple(one for one in whole if one.client_id == mine.id)
    assert len(found) == 2
    promised(session, mine, 5)
    assert len(dues_of(session, TODAY, ZONE, {mine.id}, whole)) == 3
    assert {one.share for one in dues_of(session, TODAY, ZONE, {mine.id}, ())} == {None}


def test_the_number_of_statements_does_not_grow_with_promises(session, statements):
    for n in range(3):
        promised(session, make_client(session), n)
    statements.clear()
    dues(session, TODAY, ZONE)
    few = len(statements)
    for n in range(9):
        promised(session, make_client(session), n)
    statements.clear()

    dues(session, TODAY, ZONE)

    assert len(statements) == few


def test_the_forecast_knows_agreements_and_promises(session, collector):
    signer, promiser = make_client(session), make_client(session)
    make_zone(session, [signer], collector)
    made = make_agreement(session, actor_of(collector), signer)
    agreements.sign(session, actor_of(collector), made.id, "Rosa", PNG)
    promised(session, promiser, 3, amount_cents=20_000)

    found = cash_forecast(session, TODAY, ZONE)

    assert len(found.weeks) == 13
    assert sum(week.said_cents for week in found.weeks) == 135_000 + 20_000
    assert 0 < sum(week.kept_cents for week in found.weeks) < 155_000
    assert found.weeks_known == 0


def test_money_that_nobody_promised_is_foretold_as_in_past_weeks(session, collector):
    for n in range(1, 11):
        payment = make_payment(session, collector, make_client(session), 70_000)
        payment.received_at = clock.now() - timedelta(days=7 * n)
    session.flush()

    found = cash_forecast(session, TODAY, ZONE)

    assert found.weeks_known == 10
    assert [week.unsaid_cents for week in found.weeks] == [70_000] * 13


def test_a_promise_about_an_instalment_is_not_counted_twice():
    agreed = DueRow(TODAY, 1, 15_000, 7)
    near = DueRow(TODAY + timedelta(days=7), 1, 20_000, None)
    far = DueRow(TODAY + timedelta(days=8), 1, 20_000, None)
    smaller = DueRow(TODAY, 1, 15_000, None)
    of_another = DueRow(TODAY, 2, 10_000, None)

    found = said_once([agreed, near, far, smaller, of_another])

    assert [one.amount_cents for one in found] == [15_000, 5_000, 20_000, 10_000]


def test_whom_nobody_may_write_to_now_is_told_before_anybody_tries(session):
    client = make_client(session)
    sunday = datetime(2026, 3, 8, 18, tzinfo=UTC)

    closed = reminders(session, [client.id], sunday, ZONE)[client.id]
    open_ = reminders(session, [client.id], clock.now(), ZONE)[client.id]

    assert not closed.decision.allowed
    assert open_.decision.allowed


def test_the_forecast_of_a_currency_knows_its_own_clients_alone(session, collector):
    make_client(session)
    for cents, currency in ((40_000, "MXN"), (500, "USD")):
        client = make_client(session)
        owes_in(session, client, currency)
        promised(session, client, 3, made_days_ago=1, amount_cents=cents)
        for weeks in range(1, 7):
            payment = make_payment(session, collector, client, cents)
            payment.received_at = clock.now() - timedelta(weeks=weeks)
    session.flush()

    pesos, dollars = (cash_forecast(session, TODAY, ZONE, one) for one in (None, "USD"))

    assert (pesos.weeks[0].said_cents, dollars.weeks[0].said_cents) == (40_000, 500)
    assert pesos.weeks[1].unsaid_cents == pytest.approx(40_000, rel=0.05)
    assert dollars.weeks[1].unsaid_cents == pytest.approx(500, rel=0.05)


def test_the_agenda_adds_up_each_currency_by_itself(session):
    for cents, currency in ((40_000, "MXN"), (500, "USD"), (10_000, "MXN")):
        client = make_client(session)
        owes_in(session, client, currency)
        promised(session, client, 3, amount_cents=cents)

    whole = total(dues(session, TODAY, ZONE))

    assert whole.left == {"MXN": 50_000, "USD": 500}
    assert whole.coming == 3


def test_weeks_of_which_nobody_knows_anything_are_not_called_zero(session):
    promised(session, make_client(session), 8)

    found = cash_forecast(session, TODAY, ZONE)

    assert [found.knows(one) for one in found.weeks[:4]] == [False, True, False, False]
    assert found.known == found.weeks[:2]
