"""What the work of some days cost, worked out by hand."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.costs.rules import CostKind
from collector_app.costs.services import set_cost
from collector_app.indicators.queries import (
    NOBODY,
    Grouping,
    by_group,
    groups_of,
    rows_behind,
    whole_tally,
)
from collector_app.indicators.rules import Count, Dimension, Indicator, Period, RowKind, figure
from tests.factories import actor_of, make_client, make_user, owes_in
from tests.live.factories import publish_route
from tests.payments.factories import make_payment
from tests.visits.factories import make_visit

ZONE = ZoneInfo("America/Mexico_City")
DAY = timedelta(days=1)
MADE_LONG_AGO = timedelta(days=400)


@pytest.fixture
def today() -> date:
    return clock.today(ZONE)


@pytest.fixture
def ana(session, stopped_clock):
    return make_user(session, full_name="Ana", created_at=clock.now() - MADE_LONG_AGO)


@pytest.fixture
def cost(session, today):
    admin = actor_of(make_user(session, Role.ADMIN))

    def told(kind: CostKind, amount: int | None, *, who=None, days: int = 27, currency="MXN"):
        who_id = None if who is None else who.id
        set_cost(session, admin, kind, who_id, amount, currency, today - days * DAY)
        session.flush()

    return told


def weeks(today: date, by: Dimension | None = None) -> Grouping:
    return Grouping(Period(today - 27 * DAY, today), ZONE, by)


def visit(session, client, collector, days: float):
    at = clock.now() - days * DAY
    return make_visit(session, client, collector, started_at=at, ended_at=at, received_at=at)


def cents(session, grouping: Grouping) -> int | None:
    return whole_tally(session, grouping).get(Count.COST_CENTS)


def test_without_costs_nothing_is_made_up(session, ana, today):
    client = make_client(session)
    visit(session, client, ana, 1)
    make_payment(session, ana, client)

    tally = whole_tally(session, weeks(today))

    assert figure(Indicator.COST_PER_VISIT, tally).value is None
    assert figure(Indicator.COST_PER_PESO, tally).value is None


def test_a_daily_wage_is_paid_once_for_each_day_with_visits(session, ana, cost, today):
    client = make_client(session)
    for days in (1, 1, 2):
        visit(session, client, ana, days)
    make_payment(session, ana, client, 400_000)
    cost(CostKind.WAGE_PER_DAY, 60_000)

    tally = whole_tally(session, weeks(today))

    assert tally[Count.COST_CENTS] == 120_000
    assert figure(Indicator.COST_PER_VISIT, tally).value == 40_000
    assert figure(Indicator.COST_PER_PESO, tally).value == pytest.approx(30)  # 30 cents a peso


def test_a_wage_that_rose_is_paid_as_it_was_on_each_day(session, ana, cost, today):
    client = make_client(session)
    for days in (9, 3):
        visit(session, client, ana, days)
    cost(CostKind.WAGE_PER_DAY, 50_000)
    cost(CostKind.WAGE_PER_DAY, 70_000, days=5)

    assert cents(session, weeks(today)) == 120_000


def test_a_monthly_wage_counts_by_days_and_not_for_who_left(session, ana, cost, today):
    left = make_user(session, created_at=clock.now() - MADE_LONG_AGO, active=False)
    visit(session, make_client(session), left, 20)
    make_user(session, created_at=clock.now() - 2 * DAY)  # paid since they came
    cost(CostKind.WAGE_PER_MONTH, 3_100_000)
    ten_days_of_march = Grouping(Period(today - 9 * DAY, today), ZONE)

    # A day of March is 1,000 pesos: ten of Ana, three of who came, none of who left before.
    assert cents(session, ten_days_of_march) == 13 * 100_000


def test_kilometres_are_those_of_routes_on_days_with_visits(session, ana, cost, today):
    client = make_client(session)
    publish_route(session, ana, [client], today - DAY)  # 20 km with the way home
    publish_route(session, ana, [client], today - 2 * DAY)  # nobody went
    visit(session, client, ana, 1)
    cost(CostKind.PER_KM, 350)

    assert cents(session, weeks(today)) == 7_000


def test_a_commission_is_of_what_each_collector_recovered_and_was_not_annulled(
    session, ana, cost, today
):
    bea, client = make_user(session), make_client(session)
    make_payment(session, ana, client, 100_000)
    make_payment(session, bea, client, 100_000)
    make_payment(session, ana, client, 900_000).annulled_at = clock.now()
    cost(CostKind.COMMISSION, 1_000)
    cost(CostKind.COMMISSION, 2_000, who=bea)

    assert cents(session, weeks(today)) == 10_000 + 20_000


def test_what_is_paid_each_month_belongs_to_no_collector(session, ana, cost, today):
    visit(session, make_client(session), ana, 1)
    cost(CostKind.FIXED_PER_MONTH, 3_000_000)
    cost(CostKind.WAGE_PER_DAY, 60_000)

    grouping = weeks(today, Dimension.COLLECTOR)
    rows = {
        row.group: row.figure.part
        for row in by_group(Indicator.COST_PER_VISIT, groups_of(session, grouping), grouping)
    }

    assert rows[ana.id] == 60_000
    assert rows[ana.id] + rows[NOBODY] == cents(session, weeks(today))


def test_weeks_add_up_to_the_period(session, ana, cost, today):
    visit(session, make_client(session), ana, 1)
    cost(CostKind.FIXED_PER_MONTH, 3_000_001)
    cost(CostKind.WAGE_PER_DAY, 60_000)

    by_week = groups_of(session, weeks(today, Dimension.WEEK)).tallies

    assert sum(tally.get(Count.COST_CENTS, 0) for tally in by_week.values()) == cents(
        session, weeks(today)
    )


def test_days_before_the_first_cost_and_days_to_come_cost_nothing(session, ana, cost, today):
    cost(CostKind.FIXED_PER_MONTH, 3_000_000, days=1)
    ahead = Grouping(Period(today - 27 * DAY, today + 20 * DAY), ZONE)

    two_days = cents(session, ahead)

    assert two_days is not None
    assert two_days < 2 * 3_000_000 / 27


def test_costs_of_another_currency_are_not_added_up(session, ana, cost, today):
    client = make_client(session)
    make_client(session)
    owes_in(session, make_client(session), "USD")
    visit(session, client, ana, 1)
    cost(CostKind.WAGE_PER_DAY, 60_000)
    cost(CostKind.WAGE_PER_DAY, 3_000, currency="USD")

    assert cents(session, weeks(today)) == 60_000
    assert cents(session, replace(weeks(today), currency="USD")) == 3_000


def test_the_rows_add_up_to_the_figure_by_thing_person_and_rate(session, ana, cost, today):
    client = make_client(session)
    for days in (9, 8, 3):
        visit(session, client, ana, days)
    make_payment(session, ana, client, 100_000)
    cost(CostKind.WAGE_PER_DAY, 50_000)
    cost(CostKind.WAGE_PER_DAY, 70_000, days=5)
    cost(CostKind.COMMISSION, 1_000)
    cost(CostKind.FIXED_PER_MONTH, 3_000_000)

    count, rows = rows_behind(session, RowKind.COSTS, weeks(today))
    _count, of_ana = rows_behind(
        session, RowKind.COSTS, weeks(today, Dimension.COLLECTOR), ana.id, limit=2
    )

    assert count == len(rows) == 4
    assert sum(row.amount_cents or 0 for row in rows) == cents(session, weeks(today))
    assert [(row.cost_kind, row.quantity, row.rate) for row in of_ana] == [
        (CostKind.WAGE_PER_DAY, 2, 50_000),
        (CostKind.WAGE_PER_DAY, 1, 70_000),
    ]


def test_the_page_says_where_costs_are_typed_in_until_there_are_some(client_as, session, ana, cost):
    visit(session, make_client(session), ana, 1)
    desk = client_as(Role.SUPERVISOR)

    empty = desk.get("/indicadores/cost_per_visit").text
    cost(CostKind.WAGE_PER_DAY, 60_000, days=5)
    partly = desk.get("/indicadores/cost_per_visit").text

    assert "Aún no hay costos anotados" in empty
    assert 'href="/costos"' in empty
    assert "$600.00" in partly
    assert "la cifra queda corta" in partly
    assert "Faltan los costos" not in desk.get("/indicadores").text


def test_a_dispatcher_sees_the_figure_and_no_wages(client_as, session, ana, cost):
    visit(session, make_client(session), ana, 1)
    cost(CostKind.WAGE_PER_DAY, 60_000)
    desk = client_as(Role.DISPATCHER)

    page = desk.get("/indicadores/cost_per_visit?por=collector").text
    assert "Ana" not in page
    assert "semana" in page
    assert "/indicadores/cost_per_visit/filas" not in page
    assert "Ana" in client_as(Role.SUPERVISOR).get("/indicadores/cost_per_visit?por=collector").text
    assert desk.get("/indicadores/cost_per_visit/filas").status_code == 403
    assert desk.get("/indicadores/cost_per_visit/filas.csv").status_code == 403
    assert desk.get("/costos").status_code == 403


def test_the_file_of_costs_is_in_days_kilometres_and_pesos(client_as, session, ana, cost):
    client = make_client(session)
    visit(session, client, ana, 1)
    make_payment(session, ana, client, 100_000)
    cost(CostKind.WAGE_PER_DAY, 60_000)
    cost(CostKind.COMMISSION, 1_000)

    answer = client_as(Role.ADMIN).get("/indicadores/cost_per_peso/filas.csv")

    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Qué se paga,Gestor,Día,Hasta")
    assert lines[1].startswith("Sueldo por día,Ana")
    assert lines[1].endswith(",1.0,600.0,MXN")
    assert lines[2].endswith(",1000.0,100.0,MXN")
