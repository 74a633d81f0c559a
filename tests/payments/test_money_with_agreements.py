"""Payments, annulments, retries and agreements in any order: no cent appears and none is lost."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from collector_app.agreements.services import cancel, propose, sign
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import CollectorError
from collector_app.payments.models import Allocation, Payment
from collector_app.payments.queries import debts, invoices_of
from collector_app.payments.services import annul_payment, record_payment
from collector_app.promises.rules import PromisePolicy
from tests.agreements.factories import TODAY, ZONE, content, terms
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import make_invoice, payment_fact

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
CENTS = st.integers(1, 60_000)
COINS = PromisePolicy().tolerance_cents  # what may be missing of an agreement that is kept
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), CENTS),
        st.tuples(st.just("tell again"), st.integers(0, 30)),
        st.tuples(st.just("annul"), st.integers(0, 30)),
        st.tuples(st.just("agree"), st.integers(1, 6)),
        st.tuples(st.just("cancel"), st.just(0)),
    ),
    min_size=1,
    max_size=14,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(CENTS, min_size=1, max_size=4), DEEDS)
def test_no_cent_appears_or_is_lost_whatever_is_agreed_meanwhile(session, invoices, deeds):
    """An agreement without a quita lets go of a few coins: all else stays owed."""
    admin = actor_of(make_user(session, Role.ADMIN))
    debtor = make_client(session, overdue_cents=invoices[0])
    for cents in invoices[1:]:
        make_invoice(session, debtor, cents, TODAY)
    owed, told, live, agreed = sum(invoices), [], {}, []
    noon = clock.now()

    for second, (deed, n) in enumerate(deeds, start=1):
        # No two facts at the same instant: what came first decides what an agreement counted on.
        with clock.frozen(noon + timedelta(seconds=second)):
            if deed == "pay":
                fact = payment_fact(debtor, amount_cents=n, received_at=clock.now())
                told.append(fact)
                live[record_payment(session, admin, fact, zone=ZONE).id] = n
            elif deed == "tell again" and told:
                record_payment(session, admin, told[n % len(told)], zone=ZONE)
            elif deed == "annul" and live:
                payment_id = sorted(live)[n % len(live)]
                annul_payment(session, admin, payment_id, "error", zone=ZONE)
                del live[payment_id]
            elif deed == "agree":
                agreed += _agree(session, admin, debtor.id, n)
            elif deed == "cancel" and agreed:
                with suppress(CollectorError):  # it is kept by now, or was cancelled
                    cancel(session, admin, agreed[-1], "se fue", zone=ZONE)

            _check(session, debtor.id, owed, sum(live.values()))
    stored = select(func.count(Payment.id)).where(Payment.client_id == debtor.id)
    assert session.scalar(stored) == len(told)


def _agree(session, admin, client_id: int, count: int) -> list[int]:
    """Sign an agreement about all that is owed, where the house takes one now."""
    debt = debts(session, TODAY, ZONE, [client_id]).get(client_id)
    if debt is None:
        return []
    cents = debt.balance_cents
    offer = terms(debt_cents=cents, discount_basis=0, down_cents=cents // 5, count=count)
    parts = {"interest_cents": 0, "default_interest_cents": 0}
    paper = content(principal_cents=cents, **parts)
    with suppress(CollectorError):
        made = propose(session, admin, client_id, offer, paper, today=TODAY, zone=ZONE)
        sign(session, admin, made.id, "Rosa", PNG)
        return [made.id]
    return []


def _check(session, client_id: int, owed: int, paid: int) -> None:
    settled = session.scalar(
        select(func.coalesce(func.sum(Allocation.amount_cents), 0))
        .join(Payment)
        .where(Payment.annulled_at.is_(None), Payment.client_id == client_id)
    )
    debt = debts(session, TODAY, ZONE, [client_id]).get(client_id)
    balance = debt.balance_cents if debt else 0
    assert 0 <= owed - settled - balance <= COINS
    assert min(paid, owed) - COINS <= settled <= min(paid, owed)
    open_ones = invoices_of(session, client_id, TODAY, ZONE)
    assert sum(one.outstanding_cents for one in open_ones) == balance
    assert all(0 <= one.outstanding_cents <= one.amount_cents for one in open_ones)
