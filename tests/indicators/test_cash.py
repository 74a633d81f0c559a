"""Differences of cash and how long it is carried, as indicators."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from collector_app.cash.models import CashSession
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.indicators.queries import (
    NOBODY,
    Grouping,
    by_group,
    groups_of,
    rows_behind,
    whole_tally,
)
from collector_app.indicators.rules import Count, Dimension, Indicator, Period, RowKind, figure
from tests.factories import make_client, make_user, owes_in
from tests.payments.factories import make_payment
from tests.planning.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
DAY = timedelta(days=1)


@pytest.fixture
def weeks(stopped_clock) -> Grouping:
    today: date = clock.today(ZONE)
    return Grouping(Period(today - 27 * DAY, today), ZONE)


def count_cash(session, collector, days: float, expected: int, counted: int, confirmed=None):
    at = clock.now() - days * DAY
    made = CashSession(
        collector_id=collector.id,
        opened_at=at - DAY,
        closed_at=at,
        float_cents=0,
        expected_cents=expected,
        counted_cents=counted,
        confirmed_cents=confirmed,
        confirmed_at=None if confirmed is None else at,
        explanation="Se me cayó un billete" if counted != expected else None,
    )
    session.add(made)
    session.flush()
    return made


@pytest.fixture
def ana(session, weeks):
    return make_user(session, full_name="Ana Rojas")


@pytest.fixture
def counted(session, ana):
    """Three counts: one right, one 100 pesos short, one 50 over as the second person counted."""
    count_cash(session, ana, 1, 100_000, 100_000)
    count_cash(session, ana, 9, 100_000, 90_000)
    count_cash(session, make_user(session), 9, 50_000, 50_000, confirmed=55_000)
    count_cash(session, ana, 40, 100_000, 1)  # before the period


def test_what_is_over_does_not_pay_for_what_is_short(session, weeks, counted):
    tally = whole_tally(session, weeks)

    rate, share = (
        figure(one, tally)
        for one in (Indicator.CASH_DIFFERENCE_RATE, Indicator.CASH_DIFFERENCE_SHARE)
    )
    assert (rate.part, rate.whole) == (2, 3)
    assert (share.part, share.whole) == (15_000, 250_000)
    assert rate.low is not None
    assert rate.is_weak


def test_differences_are_told_by_collector_and_week_alone(session, weeks, ana, counted):
    by_collector = replace(weeks, by=Dimension.COLLECTOR)
    rows = by_group(Indicator.CASH_DIFFERENCE_RATE, groups_of(session, by_collector), by_collector)
    zones = groups_of(session, replace(weeks, by=Dimension.ZONE)).tallies

    of_ana = next(row for row in rows if row.group == ana.id)
    assert (of_ana.figure.part, of_ana.figure.whole) == (1, 2)
    assert all(Count.CASH_COUNTS not in tally for tally in zones.values())


def test_the_counts_behind_are_listed_the_largest_difference_first(session, weeks, ana, counted):
    count, rows = rows_behind(session, RowKind.CASH_COUNTS, weeks)
    of_ana, _rows = rows_behind(
        session, RowKind.CASH_COUNTS, replace(weeks, by=Dimension.COLLECTOR), ana.id
    )

    assert count == 3
    assert of_ana == 2
    assert [(row.amount_cents, row.counted_cents) for row in rows] == [
        (100_000, 90_000),
        (50_000, 55_000),
        (100_000, 100_000),
    ]
    assert rows[0].explanation == "Se me cayó un billete"


def test_notes_that_were_counted_are_of_one_currency(session, weeks, ana, counted):
    make_client(session)
    make_client(session)
    owes_in(session, make_client(session), "USD")

    tally = whole_tally(session, replace(weeks, currency="USD"))

    assert tally[Count.CASH_COUNTS] == 3
    assert Count.CASH_OFF_CENTS not in tally


def test_days_to_deposit_have_a_mean_its_interval_and_the_payments_behind(session, weeks, ana):
    client = make_client(session)
    for days in (5, 3):
        made = make_payment(session, ana, client)
        made.received_at = made.recorded_at = clock.now() - days * DAY
    count_cash(session, ana, 2, 70_000, 70_000, confirmed=70_000)
    carried = make_payment(session, ana, client)
    carried.received_at = carried.recorded_at = clock.now() - 1 * DAY
    session.flush()

    found = figure(Indicator.DAYS_TO_DEPOSIT, whole_tally(session, weeks))
    count, rows = rows_behind(session, RowKind.DEPOSITS, weeks, limit=2)

    assert found.whole == 3
    assert found.value == pytest.approx((3 + 1 + 1) / 3 * 86_400)
    assert found.low is not None
    assert found.low < found.value < (found.high or 0)
    assert count == 3
    assert [round((row.carried_s or 0) / 86_400) for row in rows] == [3, 1]


@pytest.fixture
def carried_in_zones(session, ana):
    """Cash of two clients of the north, of one of the south and of one of no zone: 1 to 4 days."""
    north, south = [make_client(session), make_client(session)], [make_client(session)]
    zones = [make_zone(session, ana, north), make_zone(session, ana, south)]
    for days, client in enumerate([*north, *south, make_client(session)], start=1):
        made = make_payment(session, ana, client)
        made.received_at = made.recorded_at = clock.now() - days * DAY
    count_cash(session, ana, 0, 140_000, 140_000, confirmed=140_000)
    session.flush()
    return [zone.id for zone in zones]


def test_days_to_deposit_are_told_by_the_zone_of_who_paid(session, weeks, carried_in_zones):
    by_zone = replace(weeks, by=Dimension.ZONE)
    rows = by_group(Indicator.DAYS_TO_DEPOSIT, groups_of(session, by_zone), by_zone)

    days = {row.group: (row.figure.part / 86_400, row.figure.whole) for row in rows}
    north, south = carried_in_zones
    assert days == {north: (3, 2), south: (3, 1), NOBODY: (4, 1)}


@pytest.mark.parametrize("by", [Dimension.ZONE, Dimension.STAGE, Dimension.SEGMENT])
def test_each_group_of_days_to_deposit_has_its_payments_behind(
    session, weeks, carried_in_zones, by
):
    split = replace(weeks, by=by)
    tallies = groups_of(session, split).tallies

    behind = {
        group: rows_behind(session, RowKind.DEPOSITS, split, group)[0]
        for group, tally in tallies.items()
        if tally.get(Count.CASH_PAYMENTS)
    }
    counted = {group: tally[Count.CASH_PAYMENTS] for group, tally in tallies.items()}
    assert behind == {group: count for group, count in counted.items() if count}
    assert sum(behind.values()) == 4


def test_cash_that_is_counted_is_of_no_zone_and_what_is_carried_of_any(client_as, carried_in_zones):
    desk = client_as(Role.SUPERVISOR)

    assert "Zona" not in splits_offered(desk.get("/indicadores/cash_difference_rate").text)
    assert "Zona" in splits_offered(desk.get("/indicadores/days_to_deposit").text)
    assert "Sin zona" in desk.get("/indicadores/days_to_deposit?por=zone").text


def splits_offered(page: str) -> str:
    return page.partition('name="por"')[2].partition("</select>")[0]


def test_the_pages_show_the_cash_and_what_is_still_carried(client_as, session, weeks, ana, counted):
    make_payment(session, ana, make_client(session, name="Rosa Luz"))
    desk = client_as(Role.SUPERVISOR)

    counts = desk.get("/indicadores/cash_difference_share/filas").text
    carried = desk.get("/indicadores/days_to_deposit/filas").text
    file = desk.get("/indicadores/cash_difference_rate/filas.csv").data.decode("utf-8-sig")

    assert "-$100.00" in counts
    assert "Ana Rojas" in counts
    assert "Aún lo trae" in carried
    assert "Rosa Luz" in carried
    assert file.splitlines()[0] == "Gestor,Cuándo,Importe,Contado,Moneda,Explicación"
    assert desk.get("/indicadores/days_to_deposit").status_code == 200
    assert desk.post("/indicadores/days_to_deposit/meta", data={"target": "1.5"}).status_code == 303
    assert "A lo más 1.5 días" in desk.get("/indicadores/days_to_deposit").text
