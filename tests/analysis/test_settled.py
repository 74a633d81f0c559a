"""What a kept agreement let go of in time was never late, whatever the creditor still tells."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from collector_app.agreements.services import propose, sign
from collector_app.analysis.queries import vintage_cells
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.payments.services import record_payment
from collector_app.portfolio.models import Credit, Invoice
from tests.agreements.factories import content, terms
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import make_invoice, payment_fact

ZONE = ZoneInfo("America/Mexico_City")
DAY = timedelta(days=1)
DUE_DAYS_AGO = 50


def settle(session, boss, client, *, days_after_due: int):
    """Sign about 1,500 pesos and pay the 1,350 that keep it, that long after they were due."""
    when = clock.now() - (DUE_DAYS_AGO - days_after_due) * DAY
    with clock.frozen(when):
        terms_ = terms(down_cents=100_000, count=1, first_on=clock.today(ZONE))
        made = propose(
            session, boss, client.id, terms_, content(), today=clock.today(ZONE), zone=ZONE
        )
        sign(session, boss, made.id, "Ana", b"\x89PNG\r\n\x1a\n")
    with clock.frozen(when + timedelta(hours=1)):
        record_payment(session, boss, payment_fact(client, amount_cents=135_000), zone=ZONE)
    session.flush()


@pytest.fixture
def boss(session, stopped_clock):
    return actor_of(make_user(session, Role.SUPERVISOR))


@pytest.fixture
def debtor(session, stopped_clock):
    client = make_client(session, days=DUE_DAYS_AGO, overdue_cents=150_000)
    credit = session.scalars(select(Credit).where(Credit.client_id == client.id)).one()
    credit.opened_on = date(2025, 11, 15)
    session.scalars(select(Invoice)).one().balance_at = clock.now() - (DUE_DAYS_AGO - 1) * DAY
    session.flush()
    return client


def ages(session) -> list[int | None]:
    return [one.age_months for one in vintage_cells(session, clock.today(ZONE), ZONE)]


def test_who_owes_for_more_than_a_month_is_late(session, debtor):
    assert ages(session) == [3]


@pytest.mark.parametrize(("days_after_due", "age"), [(29, None), (31, 3)])
def test_an_agreement_kept_within_the_month_of_grace_is_never_late(
    session, boss, debtor, days_after_due, age
):
    settle(session, boss, debtor, days_after_due=days_after_due)

    assert ages(session) == [age]


def test_what_came_due_after_a_kept_agreement_is_late_as_ever(session, boss, debtor):
    settle(session, boss, debtor, days_after_due=10)
    make_invoice(session, debtor, 20_000, clock.today(ZONE) - 35 * DAY)

    assert ages(session) == [4]


def test_who_settled_nothing_is_counted_beside_who_did(session, boss, debtor):
    settle(session, boss, debtor, days_after_due=10)
    other = make_client(session, days=DUE_DAYS_AGO, overdue_cents=10_000)
    credit = session.scalars(select(Credit).where(Credit.client_id == other.id)).one()
    credit.opened_on = date(2025, 11, 20)
    session.flush()

    assert sorted(ages(session), key=str) == [3, None]
