"""Cure, roll, DSO, CEI and what the creditor confirmed, on a cartera worked out by hand."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from collector_app.analysis.queries import receivables, rolls
from collector_app.analysis.rules import roll_matrix
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.indicators.queries import Grouping, by_group, groups_of, rows_behind, whole_tally
from collector_app.indicators.rules import (
    Count,
    Dimension,
    Indicator,
    Period,
    RowKind,
    Section,
    adds_up,
    figure,
    mean_interval,
)
from collector_app.payments.models import Allocation
from collector_app.portfolio.models import Credit, Invoice
from collector_app.portfolio.rules import AgingBucket
from collector_app.reconciliation.models import PaymentFile, PaymentFileLine
from tests.factories import make_client, make_user
from tests.payments.factories import make_invoice, make_payment
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
DAY = timedelta(days=1)


@pytest.fixture
def today(stopped_clock) -> date:
    return clock.today(ZONE)


@pytest.fixture
def month(today) -> Grouping:
    return Grouping(Period(today - 29 * DAY, today), ZONE)  # balances of 30 days ago and of today


def debtor(session, cents: int, days: int, **values):
    """Somebody whose only invoice, told long ago, fell due so many days ago."""
    client = make_client(session, overdue_cents=cents, days=days, **values)
    invoice = invoice_of(session, client)
    invoice.balance_at = clock.now() - 100 * DAY
    session.flush()
    return client


def invoice_of(session, client) -> Invoice:
    return session.scalars(
        select(Invoice).join(Credit).where(Credit.client_id == client.id).order_by(Invoice.id)
    ).first()


def pay(session, collector, client, cents: int, days: float):
    payment = make_payment(session, collector, client, cents)
    payment.received_at = payment.recorded_at = clock.now() - days * DAY
    session.add(
        Allocation(
            payment_id=payment.id, invoice_id=invoice_of(session, client).id, amount_cents=cents
        )
    )
    session.flush()
    return payment


@pytest.fixture
def cartera(session, today):
    """Of four: one paid all, one is as old as the month, one is beyond, one was up to date."""
    ana, bea = make_user(session, full_name="Ana"), make_user(session, full_name="Bea")
    cured = debtor(session, 100_000, 40, name="Curada")  # 10 days late then
    worse = debtor(session, 200_000, 50, name="Peor")  # 20 days late then, 50 now
    oldest = debtor(session, 400_000, 200, name="Vieja")
    fresh = debtor(session, 300_000, 5, name="Al día")  # not due then, 5 days late now
    paid = pay(session, ana, cured, 100_000, 3)
    pay(session, ana, oldest, 50_000, 2)
    make_invoice(session, fresh, 60_000, today + 10 * DAY, issued_on=today - 4 * DAY)
    make_zone(session, [cured, worse], ana)
    make_zone(session, [oldest, fresh], bea)
    file = PaymentFile(file_name="pagos.csv", file_sha256="0" * 64, uploaded_at=clock.now())
    session.add(file)
    session.flush()
    session.add(PaymentFileLine(file_id=file.id, sheet="", row=1, payment_id=paid.id, is_new=False))
    session.flush()
    return {"ana": ana, "bea": bea, "cured": cured}


def value(session, indicator: Indicator, grouping: Grouping):
    found = figure(indicator, whole_tally(session, grouping))
    return found.part, found.whole


def test_cure_and_roll_go_by_what_was_owed_at_the_beginning(session, month, cartera):
    assert value(session, Indicator.CURE_RATE, month) == (100_000, 700_000)
    assert value(session, Indicator.CURED_CLIENTS_RATE, month) == (1, 3)
    # All but the oldest could grow worse; two did.
    assert value(session, Indicator.ROLL_RATE, month) == (500_000, 600_000)


@pytest.mark.parametrize(
    ("days", "lost_cents"),
    [(90, 0), (91, 100_000), (120, 100_000), (121, 0)],  # 60, 61, 90 and 91 days late at the start
)
def test_flow_to_loss_is_what_came_to_more_than_90_days(session, month, days, lost_cents):
    debtor(session, 100_000, days)
    debtor(session, 300_000, 10)

    younger_cents = 400_000 if days <= 120 else 300_000
    assert value(session, Indicator.LOSS_FLOW, month) == (lost_cents, younger_cents)


def test_who_paid_before_90_days_was_no_loss(session, month, cartera):
    assert value(session, Indicator.LOSS_FLOW, month) == (0, 600_000)


def test_who_was_up_to_date_at_both_ends_was_not_cured(session, month):
    debtor(session, 100_000, -20)  # not due yet
    debtor(session, 200_000, 40)

    assert value(session, Indicator.CURE_RATE, month) == (0, 200_000)
    assert value(session, Indicator.CURED_CLIENTS_RATE, month) == (0, 1)


def test_dso_and_cei_are_those_of_their_formulas(session, month, cartera):
    tally = whole_tally(session, month)
    closing = 200_000 + 350_000 + 300_000 + 60_000

    dso = figure(Indicator.SALES_OUTSTANDING, tally)
    cei = figure(Indicator.EFFECTIVENESS, tally)

    assert dso.value == pytest.approx(closing / 60_000 * 30)
    assert (cei.part, cei.whole) == (150_000, 1_000_000)  # of 1,060,000 less 60,000 not due yet


def test_they_say_what_the_pages_of_analysis_say(session, month, today, cartera):
    span = (today - 30 * DAY, today, ZONE)
    told, tally = receivables(session, *span), whole_tally(session, month)
    matrix = roll_matrix(rolls(session, *span))

    overdue = sum(row.opening_cents for row in matrix[1:])
    cured = sum(row.cured * row.opening_cents for row in matrix)
    assert figure(Indicator.SALES_OUTSTANDING, tally).value == told.sales_outstanding_days
    assert figure(Indicator.EFFECTIVENESS, tally).value == told.effectiveness
    assert figure(Indicator.CURE_RATE, tally).value == pytest.approx(cured / overdue)


def test_without_invoices_of_the_period_there_is_no_dso(session, month):
    debtor(session, 100_000, 40)

    assert figure(Indicator.SALES_OUTSTANDING, whole_tally(session, month)).value is None


def test_only_what_the_creditor_confirmed_counts_over_what_was_owed(session, month, cartera):
    assert value(session, Indicator.CONFIRMED_RATE, month) == (100_000, 1_000_000)
    _count, rows = rows_behind(session, RowKind.CONFIRMED, month)
    assert [row.client_name for row in rows] == ["Curada"]


def test_without_any_file_of_the_creditor_nothing_is_known_of_it(client_as, session, month):
    debtor(session, 100_000, 40)

    assert figure(Indicator.CONFIRMED_RATE, whole_tally(session, month)).value is None
    assert "se sube en Conciliación" in client_as(Role.SUPERVISOR).get("/indicadores").text


def test_a_confirmed_payment_that_was_annulled_is_none(session, month, cartera):
    for row in session.scalars(select(Allocation)):
        row.payment.annulled_at = clock.now()
    session.flush()

    assert value(session, Indicator.CONFIRMED_RATE, month)[0] == 0


def test_who_answers_for_a_client_answers_for_how_their_debt_moved(session, month, cartera):
    grouping = replace(month, by=Dimension.COLLECTOR)
    groups = groups_of(session, grouping)

    cure = by_group(Indicator.CURE_RATE, groups, grouping)
    confirmed = by_group(Indicator.CONFIRMED_RATE, groups, grouping)

    assert [(row.name, row.figure.part, row.figure.whole) for row in cure] == [
        ("Ana", 100_000, 300_000),
        ("Bea", 0, 400_000),
    ]
    assert [(row.name, row.figure.part) for row in confirmed] == [("Ana", 100_000), ("Bea", 0)]


def test_the_clients_behind_say_where_they_were_and_are(session, month, cartera):
    count, rows = rows_behind(session, RowKind.MOVEMENTS, month)
    of_ana, _rows = rows_behind(
        session, RowKind.MOVEMENTS, replace(month, by=Dimension.COLLECTOR), cartera["ana"].id
    )

    said = {
        row.client_name: (row.bucket_before, row.bucket_after, row.closing_cents) for row in rows
    }
    assert count == 4
    assert of_ana == 2
    assert said == {
        "Curada": (AgingBucket.D1_30, None, 0),
        "Peor": (AgingBucket.D1_30, AgingBucket.D31_60, 200_000),
        "Vieja": (AgingBucket.D90_PLUS, AgingBucket.D90_PLUS, 350_000),
        "Al día": (AgingBucket.CURRENT, AgingBucket.D1_30, 360_000),
    }
    assert sum(row.invoiced_cents or 0 for row in rows) == 60_000


def test_a_week_compares_its_own_two_ends(session, month, today, cartera):
    split = replace(month, by=Dimension.WEEK)
    rows = by_group(Indicator.CURE_RATE, groups_of(session, split), split)

    # "Curada" paid in the fourth week; "Peor" and "Vieja" owed at its beginning as well.
    told = [(row.name, row.figure.part, row.figure.whole) for row in rows]
    first_days = [today - days * DAY for days in (29, 22, 15, 8, 1)]
    assert told[:4] == [
        (first_days[0], 0, 700_000),
        (first_days[1], 0, 700_000),
        (first_days[2], 0, 700_000),
        (first_days[3], 100_000, 700_000),
    ]
    assert told[4] == (first_days[4], 0, 910_000)  # "Al día" is late by then, "Vieja" paid a part


def test_each_week_says_what_its_days_alone_say(session, month, cartera):
    split = replace(month, by=Dimension.WEEK)
    tallies = groups_of(session, split, Section.MOVEMENT).tallies

    assert list(tallies) == [0, 1, 2, 3, 4]
    for week, tally in tallies.items():
        first = split.first_day_of(week)
        days = Period(first, min(first + 6 * DAY, month.period.to_on))
        assert tally == whole_tally(session, Grouping(days, ZONE), Section.MOVEMENT)


def test_what_was_invoiced_collected_and_confirmed_adds_up_over_the_weeks(session, month, cartera):
    tallies = groups_of(session, replace(month, by=Dimension.WEEK)).tallies
    whole = whole_tally(session, month)

    for count in (Count.INVOICED_CENTS, Count.COLLECTED_CENTS, Count.CONFIRMED_CENTS):
        assert adds_up(count, Dimension.WEEK)
        assert sum(tally[count] for tally in tallies.values()) == whole[count] > 0
    for count in (Count.OPEN_OVERDUE_CENTS, Count.CLOSING_CENTS, Count.CLIENTS_OVERDUE):
        assert not adds_up(count, Dimension.WEEK)
        assert sum(tally[count] for tally in tallies.values()) > whole[count]


def test_the_rows_behind_a_week_are_those_of_its_days(session, month, cartera):
    split = replace(month, by=Dimension.WEEK)

    _count, moved = rows_behind(session, RowKind.MOVEMENTS, split, 4)
    confirmed = [rows_behind(session, RowKind.CONFIRMED, split, week)[0] for week in range(5)]

    assert {row.client_name: row.bucket_before for row in moved} == {
        "Peor": AgingBucket.D31_60,
        "Vieja": AgingBucket.D90_PLUS,
        "Al día": AgingBucket.D1_30,
    }
    assert confirmed == [0, 0, 0, 1, 0]
    assert rows_behind(session, RowKind.MOVEMENTS, split, 5) == (0, [])
    assert rows_behind(session, RowKind.CONFIRMED, split, -1) == (0, [])


def test_weeks_that_have_not_begun_tell_nothing_of_balances(session, today, cartera):
    split = Grouping(Period(today - 6 * DAY, today + 20 * DAY), ZONE, Dimension.WEEK)

    assert list(groups_of(session, split, Section.MOVEMENT).tallies) == [0]


def test_the_page_tells_movement_by_week_and_the_rows_behind(client_as, session, cartera):
    desk = client_as(Role.SUPERVISOR)

    page = desk.get("/indicadores/cure_rate?por=week").text
    rows = desk.get("/indicadores/cure_rate/filas?por=week&grupo=3").text
    beyond = desk.get("/indicadores/cure_rate/filas?por=week&grupo=99").text

    assert page.count("desde el") >= 4
    assert "Curada" in rows
    assert "Curada" not in beyond
    assert "Vieja" not in beyond


def test_balances_get_targets_and_files(client_as, session, cartera):
    desk = client_as(Role.SUPERVISOR)

    desk.post("/indicadores/sales_outstanding/meta", data={"target": "45"})
    page = desk.get("/indicadores/sales_outstanding?por=zone").text
    file = desk.get("/indicadores/effectiveness/filas.csv").data.decode("utf-8-sig")

    assert "A lo más 45.0 días" in page
    assert "días del periodo" in page
    assert file.splitlines()[0].startswith("Cliente,Importe,Tramo al inicio,Facturado")
    assert desk.get("/indicadores/roll_rate/filas?por=zone").status_code == 200


def test_the_interval_of_a_mean_is_students():
    # 4, 6 and 8: mean 6, deviation 2, t of two degrees 4.303.
    low, high = mean_interval(18, 3, 16 + 36 + 64)

    assert low == pytest.approx(6 - 4.3027 * 2 / 3**0.5, abs=1e-3)
    assert high == pytest.approx(6 + 4.3027 * 2 / 3**0.5, abs=1e-3)


def test_of_one_case_there_is_no_interval_and_of_equal_ones_no_width():
    assert mean_interval(5, 1, 25) == (None, None)
    assert mean_interval(10, 2, 50) == (5, 5)
