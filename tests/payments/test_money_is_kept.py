"""Whatever is paid, told twice and annulled, in any order: no cent appears and none is lost."""

from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.payments.models import Allocation, Payment, Receipt
from collector_app.payments.queries import debts
from collector_app.payments.receipts import broken_series
from collector_app.payments.services import annul_payment, record_payment
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import make_invoice, payment_fact

ZONE = ZoneInfo("America/Mexico_City")


@pytest.mark.parametrize("seed", range(4))
def test_no_cent_appears_or_is_lost(session, seed):
    random, admin = Random(seed), actor_of(make_user(session, Role.ADMIN))
    debtor, today = make_client(session, overdue_cents=50_000), clock.now().date()
    owed = 50_000
    for _ in range(random.randint(0, 3)):
        cents = random.randint(1, 60_000)
        make_invoice(session, debtor, cents, today)
        owed += cents
    told, live = [], {}

    for _ in range(25):
        deed = random.random()
        if deed < 0.5 or not told:
            fact = payment_fact(debtor, amount_cents=random.randint(1, 40_000))
            told.append(fact)
            live[record_payment(session, admin, fact, zone=ZONE).id] = fact.amount_cents
        elif deed < 0.75:
            record_payment(session, admin, random.choice(told), zone=ZONE)  # told again
        elif live:
            payment_id = random.choice(sorted(live))
            annul_payment(session, admin, payment_id, "error", zone=ZONE)
            del live[payment_id]

        paid = sum(live.values())
        settled = session.scalar(
            select(func.coalesce(func.sum(Allocation.amount_cents), 0))
            .join(Payment)
            .where(Payment.annulled_at.is_(None))
        )
        debt = debts(session, today, ZONE, [debtor.id]).get(debtor.id)
        assert settled == min(paid, owed)
        assert (debt.balance_cents if debt else 0) == owed - settled
    assert session.scalar(select(func.count(Receipt.id))) == len(told)
    assert broken_series(session) == {}
