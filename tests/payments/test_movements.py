"""Movements told again from the facts: nothing created, nothing lost, whenever a fact was heard."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.payments.movements import (
    Charge,
    MovementKind,
    Receipt,
    ToldBalance,
    ledger_of,
    owed_after,
    replay,
)
from collector_app.payments.queries import debts
from collector_app.payments.services import annul_payment, record_payment
from collector_app.portfolio.models import Client
from collector_app.portfolio.services import import_clients
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import make_invoice, payment_fact
from tests.portfolio.factories import a_row

ZONE = ZoneInfo("America/Mexico_City")
START = datetime(2026, 1, 1, tzinfo=UTC)
END = START + timedelta(days=400)
DAY = timedelta(days=1)


def charge(number: int, cents: int, day: int = 0) -> Charge:
    at = START + day * DAY
    return Charge(number, at.date() + 30 * DAY, cents, at)


def receipt(number: int, cents: int, day: int) -> Receipt:
    return Receipt(number, cents, START + day * DAY)


def test_a_payment_that_is_told_late_changes_what_was_owed_in_between():
    charges = [charge(1, 10_000), charge(2, 8_000, 5)]
    late, known = receipt(1, 10_000, 10), receipt(2, 4_000, 20)

    before = replay(charges, (), [known])
    after = replay(charges, (), [known, late])

    assert owed_after(before, START + 15 * DAY) == {1: 10_000, 2: 8_000}
    assert owed_after(after, START + 15 * DAY) == {1: 0, 2: 8_000}
    assert owed_after(after, END) == {1: 0, 2: 4_000}


def test_a_told_balance_knows_of_what_was_paid_until_then():
    charges, told = [charge(1, 10_000)], [ToldBalance(1, 7_000, START + 20 * DAY)]

    movements = replay(charges, told, [receipt(1, 2_000, 20), receipt(2, 500, 21)])

    assert [(one.kind, one.cents) for one in movements] == [
        (MovementKind.CHARGE, 10_000),
        (MovementKind.PAYMENT, -2_000),
        (MovementKind.TOLD, -1_000),
        (MovementKind.PAYMENT, -500),
    ]


def test_money_before_any_debt_settles_nothing():
    movements = replay([charge(1, 10_000, 5)], (), [receipt(1, 3_000, 4)])

    assert [(one.kind, one.cents) for one in movements] == [
        (MovementKind.UNALLOCATED, -3_000),
        (MovementKind.CHARGE, 10_000),
    ]


cents = st.integers(1, 50_000)
a_day = st.integers(0, 300)
charges = st.lists(st.tuples(cents, a_day), min_size=1, max_size=5).map(
    lambda found: [charge(n, *one) for n, one in enumerate(found, start=1)]
)
receipts = st.lists(st.tuples(cents, a_day), max_size=8).map(
    lambda found: [receipt(n, *one) for n, one in enumerate(found, start=1)]
)
balances = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 50_000), a_day), max_size=5)


@st.composite
def facts(draw):
    """Charges, balances told of them once they exist, and money."""
    owed, paid = draw(charges), draw(receipts)
    at = {one.invoice_id: one.at for one in owed}
    told = {
        (number, at[number] + day * DAY): ToldBalance(number, told_cents, at[number] + day * DAY)
        for number, told_cents, day in draw(balances)
        if number in at
    }
    return owed, list(told.values()), paid


@given(facts(), st.randoms())
def test_the_order_in_which_facts_are_heard_changes_nothing(found, random):
    owed, told, paid = found
    expected = replay(owed, told, paid)
    for some in (owed, told, paid):
        random.shuffle(some)

    assert replay(owed, told, paid) == expected


@given(facts())
def test_each_payment_is_in_its_movements_to_the_cent(found):
    owed, told, paid = found

    movements = replay(owed, told, paid)

    for one in paid:
        assert sum(m.cents for m in movements if m.payment_id == one.payment_id) == (
            -one.amount_cents
        )


@given(facts(), st.integers(0, 310))
def test_no_debt_is_ever_below_zero_and_all_of_it_comes_from_charges(found, day):
    owed, told, paid = found
    movements = replay(owed, told, paid)
    at = START + day * DAY

    balance = owed_after(movements, at)

    assert all(one >= 0 for one in balance.values())
    by_kind = {
        kind: sum(m.cents for m in movements if m.kind is kind and m.at < at)
        for kind in MovementKind
    }
    assert sum(balance.values()) == (
        by_kind[MovementKind.CHARGE] + by_kind[MovementKind.PAYMENT] + by_kind[MovementKind.TOLD]
    )


@given(facts(), st.tuples(cents, a_day))
def test_a_late_payment_never_changes_what_was_owed_before_it(found, late):
    owed, told, paid = found
    one = receipt(99, *late)

    before, after = replay(owed, told, paid), replay(owed, told, [*paid, one])

    assert owed_after(before, one.at) == owed_after(after, one.at)
    assert sum(owed_after(after, END).values()) <= sum(owed_after(before, END).values())


# -- with a database


def test_movements_end_where_the_debts_of_today_are(session):
    admin = actor_of(make_user(session, Role.ADMIN))
    debtor = make_client(session, overdue_cents=50_000)
    today = clock.today(ZONE)
    make_invoice(session, debtor, 30_000, today + 5 * DAY)
    now = clock.now()
    for hours, amount in ((1, 20_000), (20, 5_000), (3, 40_000)):  # heard in no order of time
        fact = payment_fact(debtor, amount_cents=amount, received_at=now - timedelta(hours=hours))
        record_payment(session, admin, fact, zone=ZONE)
    mistaken = record_payment(session, admin, payment_fact(debtor), zone=ZONE)
    annul_payment(session, admin, mistaken.id, "error", zone=ZONE)

    owed = ledger_of(session, debtor.id, ZONE).owed_on(today)

    assert sum(owed.values()) == 15_000
    assert debts(session, today, ZONE, [debtor.id])[debtor.id].balance_cents == 15_000


def test_what_the_creditor_said_before_is_kept_for_the_days_before(session):
    actor = actor_of(make_user(session, Role.ADMIN))
    first, second = START + 10 * DAY, START + 40 * DAY
    row = {"due_on": START.date(), "amount_cents": 100_000}
    import_clients(session, actor, [a_row(balance_cents=80_000, **row)], balance_at=first)
    import_clients(session, actor, [a_row(balance_cents=30_000, **row)], balance_at=second)
    session.flush()

    ledger = ledger_of(session, session.scalars(select(Client.id)).one(), ZONE)

    days = [START.date() + n * DAY for n in (5, 20, 50)]
    assert [sum(ledger.owed_on(day).values()) for day in days] == [100_000, 80_000, 30_000]
