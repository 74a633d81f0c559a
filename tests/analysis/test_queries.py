"""What the cartera was on days that have passed, on carteras that people can work out by hand."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select

from collector_app.analysis.queries import aging, levers_now, receivables, rolls, vintage_cells
from collector_app.analysis.rules import Roll, VintageCell
from collector_app.core import clock
from collector_app.indicators.queries import Grouping
from collector_app.indicators.rules import usual_period
from collector_app.payments.models import Allocation
from collector_app.portfolio.models import Credit, Invoice
from collector_app.portfolio.rules import AgingBucket
from tests.factories import make_client, make_user, owes_in
from tests.payments.factories import make_payment
from tests.promises.factories import make_promise_row
from tests.visits.factories import make_visit

ZONE = ZoneInfo("America/Mexico_City")
DAY = timedelta(days=1)


@pytest.fixture
def today(stopped_clock) -> date:
    return clock.today(ZONE)


def invoice_of(session, client) -> Invoice:
    return session.scalars(select(Invoice).join(Credit).where(Credit.client_id == client.id)).one()


def pay(session, client, cents: int, days_ago: float):
    """Money that settles the client's invoice, received some days ago."""
    payment = make_payment(session, make_user(session), client, cents)
    payment.received_at = clock.now() - days_ago * DAY
    invoice = invoice_of(session, client)
    session.add(Allocation(payment_id=payment.id, invoice_id=invoice.id, amount_cents=cents))
    session.flush()
    return payment


def told(session, client, days_ago: float, **values):
    """The creditor told the balance that long ago."""
    invoice = invoice_of(session, client)
    invoice.balance_at = clock.now() - days_ago * DAY
    for name, value in values.items():
        setattr(invoice, name, value)
    session.flush()
    return invoice


def balance(session, day) -> int:
    return sum(row.balance_cents for row in aging(session, day, ZONE))


def test_aging_puts_the_whole_client_where_the_oldest_debt_is(session, today):
    make_client(session, days=40, overdue_cents=10_000)
    make_client(session, days=30, overdue_cents=20_000)
    make_client(session, days=-5, overdue_cents=30_000)
    make_client(session, days=300, overdue_cents=40_000)

    found = {row.bucket: (row.clients, row.balance_cents) for row in aging(session, today, ZONE)}

    assert found == {
        AgingBucket.CURRENT: (1, 30_000),
        AgingBucket.D1_30: (1, 20_000),
        AgingBucket.D31_60: (1, 10_000),
        AgingBucket.D61_90: (0, 0),
        AgingBucket.D90_PLUS: (1, 40_000),
    }


def test_a_payment_lowers_the_balance_from_its_day_on(session, today):
    client = make_client(session, days=40, overdue_cents=10_000)
    told(session, client, 20)
    pay(session, client, 4_000, 5)

    assert balance(session, today - 6 * DAY) == 10_000
    assert balance(session, today - 5 * DAY) == 6_000
    assert balance(session, today) == 6_000


def test_a_balance_told_later_gives_back_what_it_already_counts(session, today):
    client = make_client(session, days=40, overdue_cents=10_000)
    told(session, client, 20)
    pay(session, client, 4_000, 5)
    told(session, client, 1, balance_cents=6_000)

    assert balance(session, today - 6 * DAY) == 10_000
    assert balance(session, today) == 6_000


def test_a_payment_that_is_entered_late_changes_history(session, today):
    client = make_client(session, days=40, overdue_cents=10_000)
    told(session, client, 20)
    assert balance(session, today - 7 * DAY) == 10_000

    pay(session, client, 10_000, 8)

    assert balance(session, today - 7 * DAY) == 0


def test_an_annulled_payment_counts_on_no_day(session, today):
    client = make_client(session, days=40, overdue_cents=10_000)
    told(session, client, 20)
    pay(session, client, 4_000, 5).annulled_at = clock.now()
    session.flush()

    assert balance(session, today) == 10_000


def test_an_invoice_does_not_exist_before_it_was_issued(session, today):
    client = make_client(session, days=40, overdue_cents=10_000)
    told(session, client, 20, issued_on=today - 10 * DAY)

    assert balance(session, today - 11 * DAY) == 0
    assert balance(session, today - 10 * DAY) == 10_000


def test_rolls_tell_where_each_client_went(session, today):
    stays = make_client(session, days=40, overdue_cents=10_000)
    pays = make_client(session, days=40, overdue_cents=20_000)
    for one in (stays, pays):
        told(session, one, 35, issued_on=today - 60 * DAY)
    pay(session, pays, 20_000, 3)

    found = rolls(session, today - 30 * DAY, today, ZONE)

    assert sorted(found, key=lambda one: one.opening_cents) == [
        Roll(AgingBucket.D1_30, AgingBucket.D31_60, 1, 10_000),
        Roll(AgingBucket.D1_30, None, 1, 20_000),
    ]


def test_receivables_hold_both_ends_and_what_was_invoiced(session, today):
    old = make_client(session, days=40, overdue_cents=10_000)
    told(session, old, 35, issued_on=today - 60 * DAY)
    new = make_client(session, days=-10, overdue_cents=7_000)
    told(session, new, 3, issued_on=today - 5 * DAY)
    pay(session, old, 2_500, 2)

    found = receivables(session, today - 30 * DAY, today, ZONE)

    assert (found.days, found.opening_cents, found.invoiced_cents) == (30, 10_000, 7_000)
    assert (found.closing_cents, found.closing_current_cents) == (14_500, 7_000)


def test_a_credit_is_late_when_an_invoice_stays_unpaid_for_more_than_thirty_days(session, today):
    late, kept = (make_client(session, days=50, overdue_cents=10_000) for _ in range(2))
    for one in (late, kept):
        invoice = told(session, one, 49)
        session.get(Credit, invoice.credit_id).opened_on = date(2025, 11, 15)
    pay(session, kept, 10_000, 25)  # 25 days after it was due
    pay(session, late, 10_000, 5)  # paid by now, but too late
    session.flush()

    found = vintage_cells(session, today, ZONE)

    due_on = invoice_of(session, late).due_on
    age = (due_on.year - 2025) * 12 + due_on.month - 11 + 1
    assert sorted(found, key=str) == [
        VintageCell((2025, 11), age, 1, 10_000),
        VintageCell((2025, 11), None, 1, 10_000),
    ]


def test_an_invoice_that_may_still_be_paid_in_time_is_not_late(session, today):
    client = make_client(session, days=30, overdue_cents=10_000)
    session.get(Credit, told(session, client, 29).credit_id).opened_on = date(2025, 12, 15)
    session.flush()

    assert [one.age_months for one in vintage_cells(session, today, ZONE)] == [None]


def test_the_levers_are_those_of_the_last_weeks(session, today):
    ana, client = make_user(session), make_client(session)
    at = clock.now() - 3 * DAY
    visit = make_visit(session, client, ana, started_at=at, ended_at=at, received_at=at)
    make_promise_row(
        session,
        client,
        visit_id=visit.id,
        amount_cents=90_000,
        made_at=at,
        due_on=today + 11 * DAY,
    )
    payment = make_payment(session, ana, client, 20_000)
    payment.visit_id = visit.id
    session.flush()

    levers = levers_now(session, Grouping(usual_period(today), ZONE))

    assert (levers.collectors, levers.visits_a_day) == (1, 1)
    assert levers.days_a_month == pytest.approx(365 / 12 / 28, abs=0.05)  # out on one day
    assert (levers.contact_rate, levers.pays_now_rate, levers.promise_rate) == (1, 1, 1)
    assert (levers.payment_cents, levers.promise_cents) == (20_000, 90_000)
    assert levers.promise_lag_weeks == 2


def test_the_number_of_statements_does_not_grow_with_the_cartera(session, today):
    def statements() -> int:
        seen = []
        listener = lambda *_args: seen.append(1)  # noqa: E731
        event.listen(session.get_bind(), "before_cursor_execute", listener)
        try:
            aging(session, today, ZONE)
            rolls(session, today - 30 * DAY, today, ZONE)
            receivables(session, today - 30 * DAY, today, ZONE)
            vintage_cells(session, today, ZONE)
        finally:
            event.remove(session.get_bind(), "before_cursor_execute", listener)
        return len(seen)

    make_client(session)
    few = statements()
    for _ in range(20):
        make_client(session)

    assert statements() == few


def test_the_cartera_of_another_currency_has_figures_of_its_own(session, today):
    for cents, currency in ((10_000, "MXN"), (20_000, "MXN"), (700, "USD")):
        client = make_client(session, days=40, overdue_cents=cents, external_id=f"{cents}")
        told(session, client, 20, issued_on=today - 10 * DAY)
        session.scalars(select(Credit).where(Credit.client_id == client.id)).one().opened_on = (
            today - 90 * DAY
        )
        owes_in(session, client, currency)
        make_payment(session, make_user(session), client, cents).visit_id = visit_of(
            session, client
        )
        make_promise_row(session, client, amount_cents=cents, made_at=clock.now() - DAY)
    opening = today - 15 * DAY

    def figures(currency):
        grouping = Grouping(usual_period(today), ZONE, currency=currency)
        levers = levers_now(session, grouping)
        ends = receivables(session, opening, today, ZONE, currency)
        return {
            "aging": sum(one.balance_cents for one in aging(session, today, ZONE, currency)),
            "rolls": sum(one.opening_cents for one in rolls(session, today, today, ZONE, currency)),
            "owed and sold": (ends.closing_cents, ends.invoiced_cents),
            "lent": sum(one.lent_cents for one in vintage_cells(session, today, ZONE, currency)),
            "levers": (levers.payment_cents, levers.promise_cents),
        }

    assert figures(None) == {
        "aging": 30_000,
        "rolls": 30_000,
        "owed and sold": (30_000, 30_000),
        "lent": 30_000,
        "levers": (15_000, 15_000),
    }
    assert figures("USD") == {
        "aging": 700,
        "rolls": 700,
        "owed and sold": (700, 700),
        "lent": 700,
        "levers": (700, 700),
    }


def visit_of(session, client) -> int:
    return make_visit(session, client, make_user(session)).id
