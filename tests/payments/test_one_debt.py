"""What is owed is one figure: on the file, the phone, in plans, stages, indicators and analysis."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from collector_app.agreements.rules import DebtNotSettled
from collector_app.agreements.services import propose, sign
from collector_app.agreements.settlements import issue_letter
from collector_app.analysis.queries import aging, receivables
from collector_app.client_file.queries import expediente
from collector_app.client_file.rules import EventKind
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.indicators.queries import Grouping, tallies
from collector_app.indicators.rules import Count, Dimension, Period
from collector_app.payments.models import Allocation
from collector_app.payments.movements import (
    Charge,
    MovementKind,
    Receipt,
    Settlement,
    ToldBalance,
    ledger_of,
    owed_after,
    replay,
)
from collector_app.payments.queries import NO_DEBT, debts, invoices_of
from collector_app.payments.services import annul_payment, record_payment
from collector_app.stages.queries import client_stages
from tests.agreements.factories import TODAY, content, make_agreement, terms
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import make_invoice, payment_fact
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PNG = b"\x89PNG\r\n\x1a\n"
START = datetime(2026, 1, 1, tzinfo=UTC)


# -- pure

cents = st.integers(1, 50_000)
a_day = st.integers(0, 120)


@st.composite
def lives(draw):
    """Invoices, balances told of them, money, and an agreement kept somewhere in between."""
    charges = [
        Charge(n, START.date() + due * DAY, amount, START + at * DAY)
        for n, (amount, at, due) in enumerate(
            draw(st.lists(st.tuples(cents, a_day, a_day), min_size=1, max_size=4)), start=1
        )
    ]
    told = [
        ToldBalance(one.invoice_id, amount, one.at + after * DAY)
        for one in charges
        for amount, after in draw(st.lists(st.tuples(st.integers(0, 50_000), a_day), max_size=2))
    ]
    told = list({(one.invoice_id, one.at): one for one in told}.values())
    received = [
        Receipt(n, amount, START + at * DAY)
        for n, (amount, at) in enumerate(
            draw(st.lists(st.tuples(cents, a_day), max_size=5)), start=1
        )
    ]
    signed_at, kept_after = START + draw(a_day) * DAY, draw(a_day)
    settled = Settlement(
        signed_at.date(), signed_at + kept_after * DAY, signed_at, draw(st.integers(1, 200_000))
    )
    return charges, told, received, settled


@given(lives(), st.integers(0, 260))
def test_from_the_agreement_on_nothing_old_is_owed_and_before_it_nothing_changed(life, after):
    charges, told, received, settled = life
    at = START + after * DAY

    without = owed_after(replay(charges, told, received), at)
    owed = owed_after(replay(charges, told, received, settlements=[settled]), at)

    if at <= settled.at:
        assert owed == without
    else:
        old = {one.invoice_id for one in charges if one.due_on <= settled.due_until}
        assert all(owed.get(one, 0) == 0 for one in old)


@given(lives())
def test_no_cent_appears_or_is_lost_where_some_are_let_go(life):
    charges, told, received, settled = life

    movements = replay(charges, told, received, settlements=[settled])

    owed = owed_after(movements, datetime.max.replace(tzinfo=UTC))
    assert all(one >= 0 for one in owed.values())
    assert sum(owed.values()) == sum(
        one.cents for one in movements if one.kind is not MovementKind.UNALLOCATED
    )
    assert all(one.cents < 0 for one in movements if one.kind is MovementKind.LET_GO)
    for one in received:
        parts = [moved.cents for moved in movements if moved.payment_id == one.payment_id]
        assert sum(parts) == -one.amount_cents


# -- with a database


@pytest.fixture
def boss(session, stopped_clock):
    return actor_of(make_user(session, Role.SUPERVISOR))


@pytest.fixture
def debtor(session, boss):
    """Owes 1,500 pesos for forty days and signed to pay 1,350 of them."""
    client = make_client(session, overdue_cents=150_000, days=40)
    make_zone(session, [client], make_user(session))
    made = make_agreement(session, boss, client)
    sign(session, boss, made.id, "Ana", PNG)
    session.flush()
    return client


def pay(session, boss, debtor, amount: int, *, after: timedelta = HOUR) -> None:
    with clock.frozen(clock.now() + after):
        fact = payment_fact(debtor, amount_cents=amount)
        record_payment(session, boss, fact, zone=ZONE)
    session.flush()


def told_everywhere(session, debtor, day: date) -> set[int]:
    """Return the balances that the parts of the program tell of a client: one, if they agree."""
    file = expediente(session, debtor.id, day, ZONE)
    office = tallies(session, Grouping(Period(TODAY, TODAY), ZONE, Dimension.ZONE))
    return {
        debts(session, day, ZONE, [debtor.id]).get(debtor.id, NO_DEBT).balance_cents,
        sum(one.outstanding_cents for one in invoices_of(session, debtor.id, day, ZONE)),
        file.debt.balance_cents,
        sum(ledger_of(session, debtor.id, ZONE).owed_on(day).values()),
        sum(one.balance_cents for one in aging(session, day, ZONE)),
        receivables(session, day - DAY, day, ZONE).closing_cents,
        sum(one.get(Count.BALANCE_CENTS, 0) for one in office.values()),
    }


@pytest.mark.parametrize(("paid", "owed"), [(134_899, 15_101), (134_900, 0), (135_000, 0)])
def test_every_part_of_the_program_tells_the_same_balance(session, boss, debtor, paid, owed):
    pay(session, boss, debtor, paid)

    assert told_everywhere(session, debtor, TODAY) == {owed}
    assert (debtor.id in client_stages(session, TODAY, ZONE)) is bool(owed)


@pytest.mark.parametrize("told", [0, 15_000, 99_999])
def test_whatever_the_creditor_tells_of_it_afterwards_the_paper_holds(session, boss, debtor, told):
    pay(session, boss, debtor, 135_000)
    invoice = debtor.credits[0].invoices[0]
    invoice.balance_cents, invoice.balance_at = told, clock.now() + 5 * HOUR
    session.flush()

    assert told_everywhere(session, debtor, TODAY) == {0}


def test_money_that_comes_after_it_pays_what_came_due_later_and_not_what_was_let_go(
    session, boss, debtor
):
    old = debtor.credits[0].invoices[0]
    pay(session, boss, debtor, 135_000)
    later = make_invoice(session, debtor, 60_000, TODAY + DAY)
    assert told_everywhere(session, debtor, TODAY) == {60_000}

    pay(session, boss, debtor, 40_000, after=2 * HOUR)

    assert told_everywhere(session, debtor, TODAY) == {20_000}
    shares = dict(session.execute(select(Allocation.invoice_id, Allocation.amount_cents)).all())
    assert shares == {old.id: 135_000, later.id: 40_000}


# Of 2,100 pesos that are owed 1,500 are due; a paper about all of it settles what is not due, too.
@pytest.mark.parametrize(("debt", "is_all"), [(210_000, True), (209_999, False)])
def test_a_paper_about_all_that_is_owed_settles_what_is_not_due_yet(session, boss, debt, is_all):
    debtor = make_client(session, overdue_cents=150_000, days=40)
    make_zone(session, [debtor], make_user(session))
    make_invoice(session, debtor, 60_000, TODAY + 9 * DAY)
    paper = content(principal_cents=debt, interest_cents=0, default_interest_cents=0)
    made = propose(session, boss, debtor.id, terms(debt_cents=debt), paper, today=TODAY, zone=ZONE)
    sign(session, boss, made.id, "Ana", PNG)
    session.flush()

    pay(session, boss, debtor, debt * 9 // 10)

    rest = 0 if is_all else 210_000 - debt * 9 // 10
    assert told_everywhere(session, debtor, TODAY) == {rest}
    later = make_invoice(session, debtor, 5_000, TODAY + 10 * DAY, balance_at=clock.now() + DAY)
    assert told_everywhere(session, debtor, TODAY + 2 * DAY) == {rest + later.amount_cents}


def test_no_letter_says_that_nothing_is_owed_while_something_is(session, boss, debtor):
    pay(session, boss, debtor, 135_000)
    assert issue_letter(session, boss, debtor.id, today=TODAY, zone=ZONE)
    make_invoice(session, debtor, 60_000, TODAY + DAY)

    with pytest.raises(DebtNotSettled):
        issue_letter(session, boss, debtor.id, today=TODAY, zone=ZONE)


def test_what_the_last_payment_has_over_goes_to_the_old_debt_first(session, boss, debtor):
    """The payment that keeps an agreement is settled before the rest is let go of."""
    make_invoice(session, debtor, 60_000, TODAY + DAY)

    pay(session, boss, debtor, 155_000)

    assert told_everywhere(session, debtor, TODAY) == {55_000}


def test_the_file_as_of_a_day_before_the_last_payment_shows_the_whole_debt(session, boss, debtor):
    debtor.credits[0].invoices[0].balance_at -= 60 * DAY
    pay(session, boss, debtor, 15_000)
    pay(session, boss, debtor, 120_000, after=3 * DAY)

    def owed_on(day: date) -> int:
        return expediente(session, debtor.id, day, ZONE, today=TODAY + 9 * DAY).debt.balance_cents

    assert [owed_on(TODAY + n * DAY) for n in (-1, 0, 2, 3, 8)] == [
        150_000,
        135_000,
        135_000,
        0,
        0,
    ]
    events = expediente(session, debtor.id, TODAY + 3 * DAY, ZONE).events
    (let_go,) = [one for one in events if one.kind is EventKind.LET_GO]
    assert let_go.amount_cents == -15_000


def test_a_payment_that_is_told_late_or_taken_back_changes_what_is_owed(session, boss, debtor):
    pay(session, boss, debtor, 15_000)
    last = payment_fact(debtor, amount_cents=120_000, received_at=clock.now() + 2 * HOUR)
    with clock.frozen(clock.now() + 9 * DAY):
        made = record_payment(session, boss, last, zone=ZONE)
        session.flush()
        assert told_everywhere(session, debtor, TODAY + 9 * DAY) == {0}

        annul_payment(session, boss, made.id, "el cheque no tenía fondos", zone=ZONE)
        session.flush()
        assert told_everywhere(session, debtor, TODAY + 9 * DAY) == {135_000}


@pytest.mark.parametrize("seed", range(6))
def test_the_figures_agree_whatever_is_paid_told_twice_and_annulled(session, boss, debtor, seed):
    random = Random(seed)
    for n in range(random.randint(0, 3)):
        make_invoice(session, debtor, random.randint(1, 60_000), TODAY + n * DAY)
    live: list[int] = []

    for n in range(12):
        with clock.frozen(clock.now() + (n + 1) * HOUR / 2):
            if live and random.random() < 0.3:
                taken = live.pop(random.randrange(len(live)))
                annul_payment(session, boss, taken, "error", zone=ZONE)
            else:
                at = clock.now() - random.choice([0, 0, 1, 7]) * HOUR / 4  # some are told late
                fact = payment_fact(debtor, amount_cents=random.randint(1, 80_000), received_at=at)
                live.append(record_payment(session, boss, fact, zone=ZONE).id)
                record_payment(session, boss, fact, zone=ZONE)
            session.flush()

            (owed,) = told_everywhere(session, debtor, TODAY)
            assert owed >= 0
