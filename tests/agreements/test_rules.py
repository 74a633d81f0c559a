"""Schedules that add up to the cent, and each limit just inside and just outside."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.agreements.rules import (
    MOST_INSTALMENTS,
    PERIODS_DAYS,
    BadTerms,
    ContentMissing,
    check_content,
    check_terms,
    may_grant,
    own_discount_basis,
)
from collector_app.core.actor import Role
from collector_app.promises.rules import PromisePolicy, Receipt
from collector_app.schedules.rules import AgreementState, Terms, paid_state, schedule
from tests.agreements.factories import TODAY, content, terms
from tests.strategy.factories import treatment

POLICY = PromisePolicy(grace_days=1, tolerance_cents=100)


@st.composite
def any_terms(draw) -> Terms:
    debt = draw(st.integers(10_000, 10**12))
    discount = draw(st.integers(0, 9_000))
    count = draw(st.integers(1, MOST_INSTALMENTS))
    total = debt - debt * discount // 10_000
    down = draw(st.integers(-(-total * 5 // 100), total - count))
    ramp = count * (count - 1) // 2
    step = draw(st.integers(0, (total - down - count) // ramp if ramp else 0))
    return Terms(debt, discount, down, count, draw(st.sampled_from(PERIODS_DAYS)), TODAY, step)


@pytest.mark.parametrize(("percent", "basis"), [(5, 500), (10, 1_000), (20, 1_000)])
def test_a_collector_offers_at_most_their_own_and_what_the_segment_lets(percent, basis):
    assert own_discount_basis(treatment(most_discount_percent=percent)) == basis
    assert own_discount_basis(None) == 1_000


@given(any_terms())
def test_a_schedule_adds_up_and_never_falls(one):
    check_terms(one, TODAY)
    parts = schedule(one)

    assert sum(part.amount_cents for part in parts) == one.total_cents
    assert one.total_cents + one.discount_cents == one.debt_cents
    amounts = [part.amount_cents for part in parts[1:]]
    assert amounts == sorted(amounts)
    assert min(amounts) > 0
    assert max(amounts) - min(amounts) <= one.step_cents * (one.count - 1) + 1
    assert [part.due_on for part in parts] == [
        TODAY + timedelta(days=one.every_days * n) for n in range(one.count + 1)
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"debt_cents": 0}, "debt"),
        ({"discount_basis": 10_000}, "discount"),
        ({"count": 0}, "count"),
        ({"count": MOST_INSTALMENTS + 1}, "count"),
        ({"every_days": 10}, "every_days"),
        ({"first_on": TODAY - timedelta(days=1)}, "first_on"),
        ({"first_on": TODAY + timedelta(days=91)}, "first_on"),
        ({"down_cents": 6_749}, "down"),
        ({"down_cents": 135_000}, "down"),
        ({"step_cents": 20_000}, "step"),
    ],
)
def test_terms_without_a_schedule_are_refused_at_their_field(values, field):
    with pytest.raises(BadTerms) as caught:
        check_terms(terms(**values), TODAY)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "values", [{"count": MOST_INSTALMENTS}, {"down_cents": 6_750}, {"step_cents": 19_999}]
)
def test_terms_just_inside_are_taken(values):
    check_terms(terms(**values), TODAY)


@pytest.mark.parametrize(
    ("role", "basis", "may"),
    [
        (Role.COLLECTOR, 1_000, True),
        (Role.COLLECTOR, 1_001, False),
        (Role.SUPERVISOR, 2_500, True),
        (Role.SUPERVISOR, 2_501, False),
        (Role.ADMIN, 9_999, True),
        (Role.DISPATCHER, 0, False),
    ],
)
def test_each_role_grants_up_to_its_rung(role, basis, may):
    assert may_grant(role, basis) is may


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"principal_cents": 119_999}, "principal"),
        ({"interest_cents": -1}, "principal"),
        ({"creditor": " "}, "creditor"),
        ({"creditor_account": ""}, "creditor_account"),
        ({"reference": ""}, "reference"),
    ],
)
def test_what_the_law_wants_on_the_paper_is_asked_for(values, field):
    check_content(content(), 150_000)
    with pytest.raises(ContentMissing) as caught:
        check_content(content(**values), 150_000)
    assert caught.value.field == field


def money(cents: int, on: date) -> Receipt:
    return Receipt(datetime(on.year, on.month, on.day, 18, tzinfo=UTC), on, cents)


@pytest.mark.parametrize(
    ("receipts", "days_later", "state"),
    [
        ([], 1, AgreementState.ACTIVE),  # the last day of grace of the down payment
        ([], 2, AgreementState.BROKEN),
        ([(15_000, 0)], 16, AgreementState.ACTIVE),
        ([(15_000, 0)], 17, AgreementState.BROKEN),
        ([(15_000, 0), (29_900, 16)], 17, AgreementState.ACTIVE),  # only coins are missing
        ([(15_000, 0), (30_000, 17)], 17, AgreementState.BROKEN),  # one day late
        ([(45_000, 0)], 17, AgreementState.ACTIVE),  # paid ahead
        ([(135_000, 1)], 200, AgreementState.KEPT),
        ([(134_900, 1)], 2, AgreementState.KEPT),
    ],
)
def test_an_agreement_stands_or_falls_with_the_money_in_time(receipts, days_later, state):
    received = [money(cents, TODAY + timedelta(days=n)) for cents, n in receipts]
    today = TODAY + timedelta(days=days_later)

    assert paid_state(schedule(terms()), received, today, POLICY) is state
