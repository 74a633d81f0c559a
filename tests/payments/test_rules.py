from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.payments.allocation_order import InvalidOrder, house_order, read_order
from collector_app.payments.rules import OpenInvoice, OrderKey, Share, allocate

FIRST = date(2026, 1, 10)


def invoice(number: int, cents: int, days: int = 0) -> OpenInvoice:
    return OpenInvoice(number, FIRST + timedelta(days=days), cents)


def test_the_invoice_due_first_is_settled_first():
    shares = allocate(15_000, [invoice(1, 10_000, days=30), invoice(2, 10_000, days=0)])

    assert shares == (Share(2, 10_000), Share(1, 5_000))


def test_what_exceeds_the_debt_stays_unallocated():
    assert allocate(15_000, [invoice(1, 10_000)]) == (Share(1, 10_000),)


def test_exactly_the_debt_leaves_nothing():
    assert allocate(10_000, [invoice(1, 10_000)]) == (Share(1, 10_000),)


def test_a_settled_invoice_gets_nothing():
    assert allocate(100, [invoice(1, 0), invoice(2, 50, days=1)]) == (Share(2, 50),)


def test_without_invoices_nothing_is_allocated():
    assert allocate(100, []) == ()


cents = st.integers(0, 10**12)
invoices = st.lists(st.tuples(cents, st.integers(0, 400)), max_size=12).map(
    lambda found: [invoice(i, amount, days) for i, (amount, days) in enumerate(found)]
)


orders = st.permutations(list(OrderKey)).flatmap(
    lambda keys: st.integers(1, len(keys)).map(lambda n: keys[:n])
)


@given(st.integers(1, 10**12), invoices, orders)
def test_no_money_is_created_or_lost_whatever_the_order(amount, owed, order):
    shares = allocate(amount, owed, order)

    allocated = sum(share.amount_cents for share in shares)
    assert allocated == min(amount, sum(one.outstanding_cents for one in owed))


@given(st.integers(1, 10**12), invoices, orders)
def test_no_invoice_gets_more_than_it_owes(amount, owed, order):
    limits = {one.id: one.outstanding_cents for one in owed}

    shares = allocate(amount, owed, order)

    assert len({share.invoice_id for share in shares}) == len(shares)
    assert all(0 < share.amount_cents <= limits[share.invoice_id] for share in shares)


@given(st.integers(1, 10**12), invoices)
def test_an_invoice_gets_money_only_when_all_that_were_due_before_are_settled(amount, owed):
    shares = allocate(amount, owed)

    limits = {one.id: one for one in owed}
    assert all(
        share.amount_cents == limits[share.invoice_id].outstanding_cents for share in shares[:-1]
    )
    due_dates = [limits[share.invoice_id].due_on for share in shares]
    assert due_dates == sorted(due_dates)


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ([OrderKey.OLDEST_DUE], 1),
        ([OrderKey.NEWEST_DUE], 3),
        ([OrderKey.SMALLEST], 2),
        ([OrderKey.LARGEST, OrderKey.NEWEST_DUE], 3),  # 1 and 3 are equally large
    ],
)
def test_the_order_says_which_invoice_is_settled_first(order, first):
    owed = [invoice(1, 900, 0), invoice(2, 100, 10), invoice(3, 900, 20)]

    assert allocate(50, owed, order) == (Share(first, 50),)


def test_the_house_settles_the_oldest_first():
    assert house_order() == (OrderKey.OLDEST_DUE,)


@pytest.mark.parametrize(
    "text", ["order: []", "order: [oldest_due, oldest_due]", "order: [richest]", "keys: []"]
)
def test_a_faulty_order_is_refused(text):
    with pytest.raises(InvalidOrder):
        read_order(text.encode())
