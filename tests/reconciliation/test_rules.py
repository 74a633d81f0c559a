"""Which line of a creditor's file is which of our payments."""

from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.payments.rules import PaymentMethod
from collector_app.reconciliation.rules import (
    MOST_DAYS_APART,
    Movement,
    OwnPayment,
    Verdict,
    reconcile,
)

DAY = date(2026, 3, 10)
CLIENTS = {"client:C-1": 1, "client:C-2": 2, "credit:CR-1": 1}
_row = count(2)


def movement(cents: int = 35_000, days: int = 0, **values) -> Movement:
    return Movement(
        **{
            "sheet": "Pagos",
            "row": next(_row),
            "client_number": "C-1",
            "credit_number": None,
            "paid_on": DAY + timedelta(days=days),
            "amount_cents": cents,
            "reference": None,
            **values,
        }
    )


def own(number: int = 1, cents: int = 35_000, days: int = 0, **values) -> OwnPayment:
    return OwnPayment(
        **{
            "id": number,
            "client_id": 1,
            "paid_on": DAY + timedelta(days=days),
            "amount_cents": cents,
            "reference": None,
            "method": PaymentMethod.DEPOSIT,
            **values,
        }
    )


def verdicts(movements, payments):
    return [one.verdict for one in reconcile(movements, payments, CLIENTS).pairings]


def test_a_payment_that_nobody_told_us_is_new():
    assert verdicts([movement()], []) == [Verdict.NEW]


def test_a_client_is_known_by_the_number_of_a_credit_too():
    found = reconcile(
        [movement(client_number=None, credit_number="CR-1")], [own()], CLIENTS
    ).pairings

    assert (found[0].verdict, found[0].client_id) == (Verdict.MATCHED, 1)


def test_a_number_that_is_not_in_the_cartera_is_said():
    assert verdicts([movement(client_number="C-9")], [own()]) == [Verdict.UNKNOWN_CLIENT]


def test_the_same_amount_matches_just_inside_the_days_that_a_bank_takes():
    assert verdicts([movement(days=MOST_DAYS_APART)], [own()]) == [Verdict.MATCHED]
    assert verdicts([movement(days=MOST_DAYS_APART + 1)], [own()]) == [Verdict.NEW]
    assert verdicts([movement(days=-MOST_DAYS_APART)], [own()]) == [Verdict.MATCHED]


def test_references_that_agree_match_on_any_day():
    told = movement(days=9, reference="0045-77 a")
    assert verdicts([told], [own(reference="4577A")]) == [Verdict.MATCHED]


def test_the_same_amount_with_another_reference_is_doubtful():
    assert verdicts([movement(reference="111")], [own(reference="222")]) == [Verdict.DOUBTFUL]


def test_the_same_reference_with_another_amount_is_doubtful():
    found = verdicts([movement(35_000, reference="111")], [own(cents=53_000, reference="111")])

    assert found == [Verdict.DOUBTFUL]


def test_a_payment_of_another_client_never_matches():
    assert verdicts([movement()], [own(client_id=2)]) == [Verdict.NEW]


def test_two_equal_lines_need_two_payments_or_a_person():
    assert verdicts([movement(), movement()], [own()]) == [Verdict.MATCHED, Verdict.REPEATED]
    assert verdicts([movement(), movement()], [own(1), own(2)]) == [Verdict.MATCHED] * 2


@pytest.mark.parametrize("reference", [None, "SPEI 0001"])
def test_a_line_that_says_what_another_one_says_is_repeated(reference):
    told = [movement(reference=reference), movement(reference=reference)]

    assert verdicts(told, []) == [Verdict.NEW, Verdict.REPEATED]


@pytest.mark.parametrize(
    "other", [{"cents": 35_001}, {"days": 1}, {"reference": "2"}, {"client_number": "C-2"}]
)
def test_a_line_that_says_anything_else_is_a_payment_of_its_own(other):
    assert verdicts([movement(reference="1"), movement(**{"reference": "1", **other})], []) == [
        Verdict.NEW,
        Verdict.NEW,
    ]


def test_what_a_file_before_told_is_repeated_on_its_day_alone():
    told = own(was_told=True)

    assert [verdict_beside(told, days) for days in (0, 1)] == [Verdict.REPEATED, Verdict.NEW]


def test_what_we_had_may_have_been_confirmed_some_days_off():
    had = [verdict_beside(own(), days) for days in (0, MOST_DAYS_APART, MOST_DAYS_APART + 1)]

    assert had == [Verdict.REPEATED, Verdict.REPEATED, Verdict.NEW]


def test_another_reference_is_another_payment_though_one_like_it_was_told():
    found = reconcile([movement(reference="2")], [], CLIENTS, [own(reference="1", was_told=True)])

    assert [one.verdict for one in found.pairings] == [Verdict.NEW]


def verdict_beside(told: OwnPayment, days: int) -> Verdict:
    (found,) = reconcile([movement(days=days)], [], CLIENTS, [told]).pairings
    return found.verdict


def test_the_nearest_day_is_paired_first():
    found = reconcile([movement(days=1), movement(days=3)], [own(1, days=3), own(2)], CLIENTS)

    assert [one.payment.id for one in found.pairings] == [2, 1]


def test_what_we_say_was_deposited_and_the_file_lacks_is_unconfirmed():
    deposit, cash = own(1, 10_000), own(2, 20_000, method=PaymentMethod.CASH)
    outside = own(3, 30_000, days=-2)

    found = reconcile([movement(99)], [deposit, cash, outside], CLIENTS)

    assert found.unconfirmed == (deposit,)


lines = st.builds(
    movement,
    st.sampled_from([100, 200]),
    st.integers(0, 8),
    reference=st.sampled_from([None, "1", "2"]),
    client_number=st.sampled_from(["C-1", "C-2", "C-9"]),
)
payments = st.lists(
    st.tuples(
        st.sampled_from([100, 200]),
        st.integers(0, 8),
        st.sampled_from([None, "1", "2"]),
        st.sampled_from([1, 2]),
    ),
    max_size=8,
).map(
    lambda rows: [
        own(n, cents, days, reference=reference, client_id=client)
        for n, (cents, days, reference, client) in enumerate(rows)
    ]
)


@given(st.lists(lines, max_size=8), payments)
def test_no_payment_is_used_twice_and_no_line_is_lost(movements, ours):
    found = reconcile(movements, ours, CLIENTS)

    assert [one.movement for one in found.pairings] == movements
    used = [one.payment.id for one in found.pairings if one.payment]
    assert len(used) == len(set(used))
    for one in found.of(Verdict.MATCHED):
        assert one.payment.amount_cents == one.movement.amount_cents
        assert one.payment.client_id == one.client_id
    assert not {one.id for one in found.unconfirmed} & set(used)
