"""How long cash stays in the hands of collectors: first in, first out."""

from datetime import timedelta

import pytest

from collector_app.cash.carried import carried_cash
from collector_app.cash.models import CashDeposit, CashSession
from collector_app.cash.rules import left_hands_at
from collector_app.core import clock
from collector_app.payments.rules import PaymentMethod
from tests.factories import make_client, make_user
from tests.payments.factories import make_payment

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def now(stopped_clock):
    return clock.now()


def test_what_came_first_is_deposited_first_and_the_rest_handed_in(now):
    received = [(now, 300), (now + HOUR, 200), (now + 2 * HOUR, 100)]
    deposits = [(now + 3 * HOUR, 400), (now + 4 * HOUR, 100)]

    left = left_hands_at(received, deposits, now + 9 * HOUR)

    assert left == [now + 3 * HOUR, now + 4 * HOUR, now + 9 * HOUR]
    assert left_hands_at(received, deposits, None)[-1] is None


def test_a_deposit_of_the_float_takes_no_cash_that_came_later(now):
    assert left_hands_at([(now + HOUR, 300)], [(now, 300)], None) == [None]


def test_without_cash_there_is_nothing_to_follow(now):
    assert left_hands_at([], [(now, 300)], now) == []


def close(session, collector, *, days: float | None, is_confirmed: bool = True) -> CashSession:
    at = None if days is None else clock.now() - days * DAY
    made = CashSession(
        collector_id=collector.id,
        opened_at=clock.now() - 30 * DAY,
        float_cents=0,
        closed_at=at,
        confirmed_at=at + HOUR if at and is_confirmed else None,
    )
    session.add(made)
    session.flush()
    return made


def paid(session, collector, client, days: float, cents: int = 10_000, **values):
    made = make_payment(session, collector, client, cents)
    made.received_at = made.recorded_at = clock.now() - days * DAY
    for name, value in values.items():
        setattr(made, name, value)
    session.flush()
    return made


def days_carried(session, since: float = 20) -> list[float]:
    found = carried_cash(session, clock.now() - since * DAY, clock.now() + DAY)
    return [
        round(one.seconds(clock.now()) / 86_400, 2)
        for one in sorted(found, key=lambda one: one.received_at)
    ]


def test_each_payment_goes_with_the_count_after_it(session, now):
    ana, client = make_user(session), make_client(session)
    close(session, ana, days=25)
    close(session, ana, days=8)
    still_open = close(session, ana, days=None)
    for days in (26, 10, 9, 4, 1):
        paid(session, ana, client, days)
    session.add(
        CashDeposit(
            session_id=still_open.id, amount_cents=10_000, reference="F-1", made_at=now - 2 * DAY
        )
    )
    session.flush()

    # Ten and nine days ago: handed in an hour after the count of eight days ago. Four days ago:
    # deposited two days ago. The last is still carried; the first is not of the period.
    assert days_carried(session) == [2.04, 1.04, 2, 1]


def test_a_count_that_nobody_confirmed_has_not_left_their_hands(session, now):
    ana = make_user(session)
    close(session, ana, days=1, is_confirmed=False)
    paid(session, ana, make_client(session), 3)

    assert days_carried(session) == [3]


def test_only_cash_that_stands_of_who_keeps_a_cash_box_is_followed(session, now):
    ana, bea, client = make_user(session), make_user(session), make_client(session)
    close(session, ana, days=None)
    paid(session, bea, client, 5)
    paid(session, ana, client, 5, method=PaymentMethod.TRANSFER)
    paid(session, ana, client, 5, annulled_at=now)

    assert days_carried(session) == []
