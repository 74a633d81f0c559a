from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.promises.policy_file import policy_for
from collector_app.promises.rules import (
    PromiseFlag,
    PromisePolicy,
    PromiseState,
    PromiseTerms,
    Receipt,
    history_flags,
    is_waited_for,
    paid_shares,
    promise_flags,
    promise_state,
)
from collector_app.stages.policy_file import house_stages

POLICY = PromisePolicy(max_days_ahead=15, min_share=0.10, grace_days=1, tolerance_cents=100)
MADE = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
DUE = date(2026, 3, 6)
DAY = timedelta(days=1)


def promise(**values) -> PromiseTerms:
    return PromiseTerms(
        **{
            "id": 1,
            "amount_cents": 50_000,
            "due_on": DUE,
            "made_at": MADE,
            "is_cancelled": False,
            **values,
        }
    )


def money(cents: int, day: date) -> Receipt:
    return Receipt(datetime(day.year, day.month, day.day, 18, tzinfo=UTC), day, cents)


@pytest.mark.parametrize(
    ("paid", "today", "state"),
    [
        (0, DUE, PromiseState.OPEN),
        (0, DUE + DAY, PromiseState.OPEN),
        (0, DUE + 2 * DAY, PromiseState.BROKEN),
        (1, DUE + DAY, PromiseState.OPEN),
        (1, DUE + 2 * DAY, PromiseState.PARTIAL),
        (49_899, DUE + 2 * DAY, PromiseState.PARTIAL),
        (49_900, DUE + 2 * DAY, PromiseState.KEPT),
        (50_000, DUE - 3 * DAY, PromiseState.KEPT),
    ],
)
def test_a_promise_is_judged_when_its_grace_is_over(paid, today, state):
    assert promise_state(promise(), paid, today, POLICY) is state


def test_a_promise_for_the_end_of_the_calendar_is_open():
    assert promise_state(promise(due_on=date.max), 0, DUE, POLICY) is PromiseState.OPEN


def test_a_cancelled_promise_stays_cancelled_whatever_is_paid():
    cancelled = promise(is_cancelled=True)

    assert promise_state(cancelled, 50_000, DUE, POLICY) is PromiseState.CANCELLED


def test_a_promise_of_coins_is_not_kept_by_paying_nothing():
    coins = promise(amount_cents=80)

    assert promise_state(coins, 0, DUE + 2 * DAY, POLICY) is PromiseState.BROKEN


@pytest.mark.parametrize(
    ("receipt", "paid"),
    [
        (money(20_000, DUE), 20_000),
        (money(20_000, DUE + DAY), 20_000),
        (money(20_000, DUE + 2 * DAY), 0),
        (Receipt(MADE, MADE.date(), 20_000), 0),
        (Receipt(MADE + timedelta(seconds=1), MADE.date(), 20_000), 20_000),
        (money(90_000, DUE), 50_000),
    ],
    ids=[
        "on the day",
        "on the last day of grace",
        "a day too late",
        "at the visit where it was promised",
        "right after",
        "more than promised",
    ],
)
def test_money_counts_from_after_the_promise_to_the_end_of_its_grace(receipt, paid):
    assert paid_shares([promise()], [receipt], POLICY) == {1: paid}


def test_money_fills_the_promise_due_first():
    later = promise(id=1, due_on=DUE + DAY)
    first = promise(id=2, due_on=DUE)

    assert paid_shares([later, first], [money(70_000, DUE)], POLICY) == {2: 50_000, 1: 20_000}


def test_a_cancelled_promise_takes_no_money_from_the_others():
    cancelled = promise(id=1, is_cancelled=True)

    paid = paid_shares([cancelled, promise(id=2)], [money(50_000, DUE)], POLICY)

    assert paid == {1: 0, 2: 50_000}


days = st.integers(0, 12).map(lambda n: MADE.date() + timedelta(days=n))
cents = st.integers(1, 10**7)
promises = st.lists(
    st.builds(
        promise,
        amount_cents=cents,
        due_on=days,
        is_cancelled=st.booleans(),
        made_at=st.integers(0, 12).map(lambda n: MADE + timedelta(days=n)),
    ),
    max_size=5,
).map(lambda found: [promise_with(one, i) for i, one in enumerate(found)])


def promise_with(one: PromiseTerms, number: int) -> PromiseTerms:
    return PromiseTerms(number, one.amount_cents, one.due_on, one.made_at, one.is_cancelled)


@given(promises, st.lists(st.builds(money, cents, days), max_size=6))
def test_no_cent_counts_for_two_promises(made, received):
    paid = paid_shares(made, received, POLICY)

    assert set(paid) == {one.id for one in made}
    assert all(0 <= paid[one.id] <= one.amount_cents for one in made)
    assert sum(paid.values()) <= sum(one.amount_cents for one in received)


@pytest.mark.parametrize(
    ("amount", "days_ahead", "flags"),
    [
        (100_000, 15, ()),
        (100_001, 15, (PromiseFlag.MORE_THAN_DEBT,)),
        (100_000, 16, (PromiseFlag.TOO_FAR_AHEAD,)),
        (10_000, 0, ()),
        (9_999, 0, (PromiseFlag.TOO_SMALL,)),
    ],
)
def test_an_unusual_promise_is_flagged(amount, days_ahead, flags):
    assert promise_flags(amount, days_ahead, 100_000, POLICY) == flags


@pytest.mark.parametrize(
    ("days_past_due", "days_ahead", "flags"),
    [
        (0, 30, ()),
        (0, 31, (PromiseFlag.TOO_FAR_AHEAD,)),
        (30, 15, ()),
        (31, 16, (PromiseFlag.TOO_FAR_AHEAD,)),
        (180, 10, ()),
        (181, 8, (PromiseFlag.TOO_FAR_AHEAD,)),
    ],
)
def test_the_older_the_debt_the_nearer_a_promise(days_past_due, days_ahead, flags):
    policy = policy_for(house_stages().by_days(days_past_due))
    assert promise_flags(50_000, days_ahead, 100_000, policy) == flags


@pytest.mark.parametrize(
    ("states", "flags"),
    [
        ([], ()),
        ([PromiseState.KEPT, PromiseState.CANCELLED], ()),
        ([PromiseState.OPEN], (PromiseFlag.SECOND_OPEN,)),
        ([PromiseState.BROKEN] * 2, ()),
        ([PromiseState.BROKEN] * 3, (PromiseFlag.TOO_MANY_BROKEN,)),
    ],
)
def test_what_was_promised_before_counts_against_one_more(states, flags):
    assert history_flags(states, POLICY) == flags


@pytest.mark.parametrize(
    ("days_ahead", "days_later", "is_left_alone"),
    [
        (15, 14, True),
        (15, 15, False),  # the day itself
        (16, 15, True),  # the last day that the house allows
        (16, 16, False),
        (180, 15, True),
        (180, 16, False),
    ],
)
def test_a_promise_keeps_a_collector_away_no_longer_than_the_house_allows(
    days_ahead, days_later, is_left_alone
):
    made = date(2026, 3, 2)

    asked = made + days_ahead * DAY, made, made + days_later * DAY, POLICY

    assert is_waited_for(*asked) is is_left_alone


def test_the_last_day_there_is_can_be_promised():
    assert is_waited_for(date.max, date.max - DAY, date.max - DAY, POLICY)
