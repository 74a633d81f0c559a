from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from collector_app.core import clock
from collector_app.payments.models import Payment
from collector_app.payments.queries import (
    collected_cents,
    debts,
    invoices_of,
    payments_of,
    promise_states,
)
from collector_app.payments.services import record_payment
from collector_app.portfolio.models import Credit
from collector_app.portfolio.rules import AgingBucket
from collector_app.promises.rules import PromiseState
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import make_invoice, payment_fact
from tests.promises.factories import make_promise_row
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)


@pytest.fixture
def collector(session):
    return make_user(session)


def pay(session, collector, client, cents: int, at: datetime | None = None) -> Payment:
    make_zone(session, [client], collector)
    fact = payment_fact(client, amount_cents=cents, received_at=at or clock.now())
    return record_payment(session, actor_of(collector), fact, zone=ZONE)


@pytest.mark.parametrize(
    ("due_on", "overdue", "days"),
    [(TODAY - DAY, 10_000, 1), (TODAY, 0, 0), (TODAY + DAY, 0, 0)],
    ids=["due yesterday", "due today", "due tomorrow"],
)
def test_an_invoice_is_overdue_from_the_day_after_it_was_due(session, due_on, overdue, days):
    client = make_client(session, overdue_cents=0)
    make_invoice(session, client, 10_000, due_on)

    debt = debts(session, TODAY, ZONE)[client.id]

    assert (debt.balance_cents, debt.overdue_cents, debt.days_past_due) == (10_000, overdue, days)


def test_arrears_count_from_the_oldest_invoice_that_is_unpaid(session, collector):
    client = make_client(session, overdue_cents=0)
    make_invoice(session, client, 10_000, TODAY - 70 * DAY)
    make_invoice(session, client, 20_000, TODAY - 40 * DAY)
    pay(session, collector, client, 10_000)

    debt = debts(session, TODAY, ZONE)[client.id]

    assert (debt.oldest_due_on, debt.days_past_due) == (TODAY - 40 * DAY, 40)
    assert (debt.balance_cents, debt.bucket) == (20_000, AgingBucket.D31_60)


def test_a_client_who_owes_nothing_is_absent(session, collector):
    client = make_client(session, overdue_cents=10_000)
    pay(session, collector, client, 10_000)

    assert debts(session, TODAY, ZONE) == {}


def test_a_new_balance_from_the_creditor_replaces_what_was_paid_before(session, collector):
    client = make_client(session, overdue_cents=0)
    invoice = make_invoice(session, client, 10_000, TODAY)
    pay(session, collector, client, 4_000, clock.now() - timedelta(hours=2))
    invoice.balance_cents, invoice.balance_at = 6_000, clock.now() - timedelta(hours=1)

    assert debts(session, TODAY, ZONE)[client.id].balance_cents == 6_000


def test_debts_of_some_clients_leave_the_others_out(session):
    asked, other = make_client(session), make_client(session)

    assert list(debts(session, TODAY, ZONE, [asked.id])) == [asked.id]
    assert debts(session, TODAY, ZONE, []) == {}
    assert set(debts(session, TODAY, ZONE)) == {asked.id, other.id}


@pytest.mark.parametrize("count", [1, 25])
def test_debts_take_two_statements_for_any_number_of_clients(session, statements, count):
    ids = [make_client(session).id for _ in range(count)]
    statements.clear()

    found = debts(session, TODAY, ZONE, ids)

    assert len(found) == count
    assert len(statements) == 2  # one asks for agreements


@pytest.mark.parametrize("count", [1, 25])
def test_promise_states_take_two_statements_for_any_number_of_clients(session, statements, count):
    clients = [make_client(session) for _ in range(count)]
    for client in clients:
        make_promise_row(session, client)
    statements.clear()

    found = promise_states(session, TODAY, [one.id for one in clients], zone=ZONE)

    assert len(found) == count
    assert len(statements) == 2


def test_invoices_are_listed_by_due_date_with_what_is_left(session, collector):
    client = make_client(session, overdue_cents=0)
    make_invoice(session, client, 10_000, TODAY)
    make_invoice(session, client, 20_000, TODAY - DAY)
    pay(session, collector, client, 5_000)

    rows = invoices_of(session, client.id, TODAY, ZONE)

    assert [(row.amount_cents, row.outstanding_cents) for row in rows] == [
        (20_000, 15_000),
        (10_000, 10_000),
    ]


def test_a_promise_is_kept_by_a_payment_that_came_after_it(session, collector):
    client = make_client(session)
    make_promise_row(session, client, amount_cents=5_000, made_at=clock.now() - 2 * DAY)
    pay(session, collector, client, 5_000)

    row = promise_states(session, TODAY, zone=ZONE)[client.id][0]

    assert (row.state, row.paid_cents) == (PromiseState.KEPT, 5_000)


def test_an_annulled_payment_keeps_no_promise(session, collector):
    client = make_client(session)
    make_promise_row(session, client, amount_cents=5_000, made_at=clock.now() - 2 * DAY)
    payment = pay(session, collector, client, 5_000)
    payment.annulled_at = clock.now()

    row = promise_states(session, TODAY, zone=ZONE)[client.id][0]

    assert (row.state, row.paid_cents) == (PromiseState.OPEN, 0)


def test_money_of_another_client_keeps_no_promise(session, collector):
    client, other = make_client(session), make_client(session)
    make_promise_row(session, client, amount_cents=5_000, made_at=clock.now() - 2 * DAY)
    pay(session, collector, other, 5_000)

    row = promise_states(session, TODAY, zone=ZONE)[client.id][0]

    assert row.paid_cents == 0


def test_money_late_in_the_evening_still_belongs_to_the_local_day(session, collector):
    # Due the 8th, one day of grace; 23:30 of the 9th in Mexico City is 05:30 of the 10th in UTC.
    client = make_client(session)
    make_promise_row(
        session, client, amount_cents=5_000, due_on=TODAY - 2 * DAY, made_at=clock.now() - 5 * DAY
    )
    late = datetime(2026, 3, 9, 23, 30, tzinfo=ZONE)
    make_invoice(session, client, 5_000, TODAY, balance_at=clock.now() - 9 * DAY)
    pay(session, collector, client, 5_000, late)

    row = promise_states(session, TODAY, zone=ZONE)[client.id][0]

    assert row.state is PromiseState.KEPT


def test_collected_money_is_of_one_collector_and_one_span(session, collector):
    hour_ago = clock.now() - timedelta(hours=1)
    pay(session, collector, make_client(session), 1_000, hour_ago)
    pay(session, collector, make_client(session), 2_000, clock.now())
    pay(session, make_user(session), make_client(session), 4_000, hour_ago)

    found = collected_cents(session, collector.id, hour_ago, clock.now())

    assert found == {"MXN": 1_000}


def test_annulled_payments_are_listed_but_not_collected(session, collector):
    client = make_client(session)
    payment = pay(session, collector, client, 1_000)
    payment.annulled_at = clock.now()
    session.flush()

    assert [row.is_annulled for row in payments_of(session, client.id)] == [True]
    assert collected_cents(session, collector.id, clock.now(), clock.now() + DAY) == {}


def test_dollars_never_add_up_with_pesos(session, collector):
    dollars, pesos = make_client(session), make_client(session)
    session.execute(update(Credit).where(Credit.client_id == dollars.id).values(currency="USD"))
    for client, cents in ((pesos, 1_300), (dollars, 20_000)):
        pay(session, collector, client, cents)

    found = collected_cents(session, collector.id, clock.now(), clock.now() + DAY)

    assert found == {"MXN": 1_300, "USD": 20_000}
