"""The cases of ratios as databases add them up, beside the rows that pages show."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from math import sqrt
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from collector_app.cash.models import CashSession
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.indicators.queries import (
    BehindRow,
    Grouping,
    groups_of,
    rows_behind,
    tallies,
    whole_tally,
)
from collector_app.indicators.queries.movement import BUCKETS
from collector_app.indicators.rules import (
    CATALOGUE,
    Count,
    Dimension,
    Indicator,
    Moments,
    Period,
    RowKind,
    figure,
    spread_of,
)
from collector_app.payments.models import Allocation, Payment
from collector_app.portfolio.models import Credit, Invoice
from collector_app.reconciliation.models import PaymentFile, PaymentFileLine
from tests.factories import make_client, make_user, owes_in
from tests.payments.factories import make_invoice, make_payment
from tests.promises.factories import make_promise_row
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
DAY = timedelta(days=1)


@pytest.fixture
def today(stopped_clock) -> date:
    return clock.today(ZONE)


def weeks(today: date, by: Dimension | None = None) -> Grouping:
    return Grouping(Period(today - 27 * DAY, today), ZONE, by)


def visit(session, client, collector, days: float, minutes: int = 8):
    at = clock.now() - days * DAY
    ended = at + timedelta(minutes=minutes)
    return make_visit(session, client, collector, started_at=at, ended_at=ended, received_at=ended)


def pay(session, collector, client, cents: int, days: float = 0) -> Payment:
    payment = make_payment(session, collector, client, cents)
    payment.received_at = payment.recorded_at = clock.now() - days * DAY
    invoice = session.scalars(
        select(Invoice).join(Credit).where(Credit.client_id == client.id).order_by(Invoice.id)
    ).first()
    session.add(
        Allocation(payment_id=payment.id, invoice_id=invoice.id, amount_cents=payment.amount_cents)
    )
    session.flush()
    return payment


@pytest.fixture
def cartera(session, today):
    """Twelve clients of two collectors who owe, pay, promise and are visited unequally."""
    ana, bea = make_user(session, full_name="Ana"), make_user(session, full_name="Bea")
    clients = [
        make_client(session, overdue_cents=50_000 + 7_000 * n, days=12 * n - 8) for n in range(12)
    ]
    for invoice in session.scalars(select(Invoice)):
        invoice.balance_at = clock.now() - 100 * DAY
    for n, client in enumerate(clients):
        collector = (ana, bea)[n % 2]
        for times in range(1 + n % 3):
            visit(session, client, collector, 1 + n + times / 50, 5 + 3 * n)
        if n % 3 == 0:
            pay(session, collector, client, 10_000 + 1_500 * n, n * 0.9)
        if n % 4 == 1:
            pay(session, collector, client, 50_000 + 7_000 * n, 2)  # all of it
            make_invoice(
                session, client, 9_000 + n, today + 10 * DAY, issued_on=today - 5 * DAY
            ).balance_at = clock.now() - 100 * DAY
        make_promise_row(
            session,
            client,
            due_on=today - (3 + n) * DAY,
            made_at=clock.now() - 26 * DAY,
            amount_cents=12_000 + 500 * n,
            collector_id=collector.id,
        )
        at = clock.now() - n * DAY
        session.add(
            CashSession(
                collector_id=collector.id,
                opened_at=at - DAY,
                closed_at=at,
                float_cents=0,
                expected_cents=20_000 + 900 * n,
                counted_cents=20_000 + 900 * n - (700 if n % 4 == 0 else 0),
            )
        )
    pay(session, ana, clients[0], 3_000, 4).collector_id = None  # a deposit that a file told
    make_zone(session, clients[:7], ana)
    make_zone(session, clients[7:], bea)
    file = PaymentFile(file_name="pagos.csv", file_sha256="0" * 64, uploaded_at=clock.now())
    session.add(file)
    session.flush()
    for n, payment in enumerate(session.scalars(select(Payment).order_by(Payment.id))):
        if n % 2 == 0:
            session.add(
                PaymentFileLine(
                    file_id=file.id, sheet="", row=n, payment_id=payment.id, is_new=False
                )
            )
    session.flush()
    return clients


Rows = Callable[[RowKind], list[BehindRow]]


def of_promises(rows: Rows):
    return [(one.paid_cents, one.amount_cents) for one in rows(RowKind.PROMISES)]


def of_payments(rows: Rows):
    found = rows(RowKind.PAYMENTS)
    return [(one.amount_cents * one.is_attributed, one.amount_cents) for one in found]


def of_cash_counts(rows: Rows):
    found = rows(RowKind.CASH_COUNTS)
    return [(abs(one.counted_cents - one.amount_cents), one.amount_cents) for one in found]


def of_overdue(rows: Rows):
    return [(one.overdue_cents, one.amount_cents) for one in rows(RowKind.CLIENTS)]


def of_risk(days: int):
    def pairs(rows: Rows):
        found = rows(RowKind.CLIENTS)
        return [(one.amount_cents * (one.days_past_due > days), one.amount_cents) for one in found]

    return pairs


def of_visited_clients(rows: Rows):
    found: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for one in rows(RowKind.PAYMENTS):
        found[one.client_id][0] += one.amount_cents
    for one in rows(RowKind.VISITS):
        found[one.client_id][1] += 1
    return list(found.values())


def of_workdays(rows: Rows):
    found: defaultdict[tuple[str, date], list[int]] = defaultdict(lambda: [0, 0])
    for one in rows(RowKind.PAYMENTS):
        found[one.collector_name, one.at.astimezone(ZONE).date()][0] += one.amount_cents
    for one in rows(RowKind.VISITS):
        found[one.collector_name, one.at.astimezone(ZONE).date()][1] = 1
    return list(found.values())


def number_of(bucket) -> int | None:
    return None if bucket is None else BUCKETS.index(bucket)


def of_cured(rows: Rows):
    return [
        (one.amount_cents * (not number_of(one.bucket_after)), one.amount_cents)
        for one in rows(RowKind.MOVEMENTS)
        if number_of(one.bucket_before)
    ]


def of_rolled(rows: Rows):
    found = [
        (number_of(one.bucket_before), number_of(one.bucket_after), one.amount_cents)
        for one in rows(RowKind.MOVEMENTS)
    ]
    return [
        (owed * (now is not None and now > was), owed)
        for was, now, owed in found
        if was is not None and was < len(BUCKETS) - 1
    ]


def of_lost(rows: Rows):
    last = len(BUCKETS) - 1
    return [
        (one.amount_cents * (number_of(one.bucket_after) == last), one.amount_cents)
        for one in rows(RowKind.MOVEMENTS)
        if (was := number_of(one.bucket_before)) is not None and was < last
    ]


def of_confirmed(rows: Rows):
    told: defaultdict[int, int] = defaultdict(int)
    for one in rows(RowKind.CONFIRMED):
        told[one.client_id] += one.amount_cents
    return [(told[one.client_id], one.amount_cents) for one in rows(RowKind.MOVEMENTS)]


FROM_ROWS = {
    Indicator.KEPT_AMOUNT_RATE: of_promises,
    Indicator.ATTRIBUTED_RATE: of_payments,
    Indicator.CASH_DIFFERENCE_SHARE: of_cash_counts,
    Indicator.DELINQUENCY_RATIO: of_overdue,
    Indicator.RISK_30: of_risk(30),
    Indicator.RISK_60: of_risk(60),
    Indicator.RISK_90: of_risk(90),
    Indicator.RECOVERED_PER_VISIT: of_visited_clients,
    Indicator.RECOVERED_PER_DAY: of_workdays,
    Indicator.CURE_RATE: of_cured,
    Indicator.ROLL_RATE: of_rolled,
    Indicator.LOSS_FLOW: of_lost,
    Indicator.CONFIRMED_RATE: of_confirmed,
}


@pytest.mark.parametrize("by", [None, Dimension.COLLECTOR, Dimension.ZONE])
@pytest.mark.parametrize("indicator", FROM_ROWS)
def test_the_interval_is_that_of_the_rows_behind_the_figure(session, cartera, today, indicator, by):
    kind, grouping = CATALOGUE[indicator], weeks(today, by)
    found = tallies(session, grouping) if by is None or by in kind.splits else {}

    for group, tally in found.items():

        def rows(of, its=None if by is None else group):
            return rows_behind(session, of, grouping, its, is_of_money=True)[1]

        pairs = [pair for pair in FROM_ROWS[indicator](rows) if any(pair)]
        expected = spread_of(indicator, Moments.of_pairs(pairs))
        assert tally[kind.cases] == expected[kind.cases]
        told, error = tally.get(kind.error), expected.get(kind.error)
        assert (told is None) == (error is None)
        assert (told or 0) == pytest.approx(error or 0, rel=1e-6, abs=50)


@pytest.mark.parametrize("indicator", [one for one in CATALOGUE if CATALOGUE[one].error])
def test_every_ratio_of_sums_has_an_interval_where_there_are_cases(
    session, cartera, today, indicator
):
    whole = figure(indicator, whole_tally(session, weeks(today)))

    assert whole.low is not None
    assert whole.high is not None
    assert whole.low < whole.value < whole.high


def test_hours_are_those_of_a_collectors_day_with_all_its_money(session, today):
    ana, client = make_user(session), make_client(session)
    for days, minutes, cents in ((1, 60, 30_000), (2, 120, 0), (3, 60, 10_000), (4, 60, 20_000)):
        visit(session, client, ana, days, minutes)
        if cents:
            pay(session, ana, client, cents, days)

    seen = figure(Indicator.RECOVERED_PER_HOUR, whole_tally(session, weeks(today)))

    # 60,000 in 5 hours: 12,000 an hour. Residuals 18,000, -24,000, -2,000 and 8,000.
    error = sqrt(4 / 3 * (18_000**2 + 24_000**2 + 2_000**2 + 8_000**2)) / 5
    assert (seen.value, seen.cases) == (12_000, 4)
    assert seen.low == 0
    assert seen.high == pytest.approx(12_000 + 3.18245 * error, rel=1e-4)


def test_time_with_clients_goes_by_days(session, today):
    ana, client = make_user(session), make_client(session)
    for days, minutes in ((1, 30), (2, 45), (3, 15), (4, 30)):
        visit(session, client, ana, days, minutes)
        visit(session, client, ana, days - 2 / 24, 60)  # begins two hours later

    seen = figure(Indicator.PRODUCTIVE_TIME, whole_tally(session, weeks(today)))

    # Of each day's three hours 90, 105, 75 and 90 minutes.
    error = sqrt(4 / 3 * 2 * 15**2) / (4 * 180)
    assert (seen.value, seen.cases) == (0.5, 4)
    assert seen.low == pytest.approx(0.5 - 3.18245 * error, rel=1e-4)


def test_effectiveness_goes_by_clients_with_what_they_were_invoiced(session, cartera, today):
    grouping = weeks(today)
    opening = whole_tally(session, grouping)
    seen = figure(Indicator.EFFECTIVENESS, opening)
    _count, rows = rows_behind(session, RowKind.MOVEMENTS, grouping)

    assert seen.cases == len(rows) == 12
    assert seen.low is not None
    assert seen.high is not None
    assert seen.low < seen.value < seen.high <= 1


def test_a_cartera_whose_squares_no_integer_holds_has_an_interval(session, today):
    fortune = 5 * 10**11  # squared it is beyond 64 bits
    for days in (10, 10, 50, 50):
        make_client(session, overdue_cents=fortune, days=days)

    seen = figure(Indicator.RISK_30, whole_tally(session, weeks(today)))

    assert (seen.value, seen.cases) == (0.5, 4)
    assert seen.high == pytest.approx(min(1, 0.5 + 3.18245 * sqrt(1 / 12)))
    assert seen.low == 0


def test_of_one_client_there_is_no_interval_and_of_equal_ones_no_width(session, today):
    ana = make_user(session)
    clients = [make_client(session) for _ in range(3)]
    visit(session, clients[0], ana, 1)
    pay(session, ana, clients[0], 10_000)
    alone = figure(Indicator.RECOVERED_PER_VISIT, whole_tally(session, weeks(today)))
    for client in clients[1:]:
        visit(session, client, ana, 1)
        pay(session, ana, client, 10_000)
    alike = figure(Indicator.RECOVERED_PER_VISIT, whole_tally(session, weeks(today)))

    assert (alone.value, alone.low, alone.cases) == (10_000, None, 1)
    assert (alike.low, alike.value, alike.high) == (10_000, 10_000, 10_000)


def test_what_no_collector_took_is_a_case_of_each_day(session, cartera, today):
    payments = session.scalars(select(Payment).where(Payment.annulled_at.is_(None))).all()
    days = {(one.collector_id, one.received_at.astimezone(ZONE).date()) for one in payments}
    tally = whole_tally(session, weeks(today))

    assert tally[Count.DAYS_WORKED] == tally[Count.WORKDAYS] + sum(
        who is None or not _worked(session, weeks(today), who, day) for who, day in days
    )


def _worked(session, grouping: Grouping, who: int, day: date) -> bool:
    by = replace(grouping, by=Dimension.COLLECTOR)
    _count, rows = rows_behind(session, RowKind.VISITS, by, who)
    return any(one.at.astimezone(ZONE).date() == day for one in rows)


def test_promises_in_another_currency_are_no_cases_of_money(session, today):
    make_client(session)
    here, there = make_client(session), make_client(session)
    owes_in(session, there, "USD")
    for client in (here, there):
        make_promise_row(session, client, due_on=today - 10 * DAY, made_at=clock.now() - 20 * DAY)

    tally = whole_tally(session, weeks(today))

    assert (tally[Count.DUE], tally[Count.PROMISES_OF_MONEY]) == (2, 1)


def test_counts_of_cash_tell_nothing_beside_another_currency(session, cartera, today):
    dollars = whole_tally(session, replace(weeks(today), currency="USD"))

    assert figure(Indicator.CASH_DIFFERENCE_SHARE, dollars).value is None
    assert Count.CASH_OFF_ERROR not in dollars


def test_the_page_of_an_indicator_tells_sample_and_interval(client_as, session, cartera):
    desk = client_as(Role.SUPERVISOR)

    page = desk.get("/indicadores/recovered_per_visit").text
    cost = desk.get("/indicadores/sales_outstanding").text

    assert "12 clientes visitados o que pagaron" in page
    assert "6 casos" in page
    assert "Ninguno." in cost


def test_a_row_without_an_interval_says_so_and_of_how_many_cases_it_is(client_as, session, today):
    ana, client = make_user(session, full_name="Ana"), make_client(session)
    visit(session, client, ana, 1)
    pay(session, ana, client, 10_000)
    desk = client_as(Role.SUPERVISOR)

    page = desk.get("/indicadores/recovered_per_visit").text

    assert "sin intervalo · 1 caso" in page
    assert "Con estos casos no se puede decir." in page
    assert "Pocos casos, y con ellos no hay intervalo." in desk.get("/indicadores").text


def test_kept_figures_keep_intervals(session, cartera, today):
    groups = groups_of(session, weeks(today, Dimension.ZONE))

    assert all(
        isinstance(number, int) for tally in groups.tallies.values() for number in tally.values()
    )
    assert all(
        abs(number) < 2**63 for tally in groups.tallies.values() for number in tally.values()
    )
