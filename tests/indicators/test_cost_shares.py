"""Costs told by what clients are: they go with the visits, and no cent is lost on the way."""

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    tallies,
    whole_tally,
)
from collector_app.indicators.queries.cost_shares import WorkOfGroups, in_parts
from collector_app.indicators.queries.costing import DayCost
from collector_app.indicators.rules import Count, Dimension, Indicator, Period, RowKind
from tests.factories import actor_of, make_client, make_user
from tests.live.factories import publish_route
from tests.payments.factories import make_payment
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
DAY = timedelta(days=1)
FIRST = date(2026, 3, 2)


@pytest.fixture
def today(stopped_clock) -> date:
    return clock.today(ZONE)


@pytest.fixture
def ana(session, today):
    return make_user(session, full_name="Ana", created_at=clock.now() - 400 * DAY)


@pytest.fixture
def cost(session, today):
    admin = actor_of(make_user(session, Role.ADMIN))

    def told(kind: CostKind, amount: int, *, days: int = 27):
        set_cost(session, admin, kind, None, amount, "MXN", today - days * DAY)
        session.flush()

    return told


def weeks(today: date, by: Dimension | None = None) -> Grouping:
    return Grouping(Period(today - 27 * DAY, today), ZONE, by)


def visit(session, client, collector, days: float):
    at = clock.now() - days * DAY
    return make_visit(session, client, collector, started_at=at, ended_at=at, received_at=at)


@pytest.fixture
def zones(session, ana):
    """One client in each of two zones, and one in none."""
    clients = [make_client(session) for _ in range(3)]
    north, south = (make_zone(session, [client], ana) for client in clients[:2])
    return {"clients": clients, "north": north.id, "south": south.id}


def cost_of(session, today, by=Dimension.ZONE) -> dict[int, int]:
    found = tallies(session, weeks(today, by))
    return {
        group: tally[Count.COST_CENTS]
        for group, tally in found.items()
        if Count.COST_CENTS in tally
    }


def test_a_day_is_shared_by_its_visits_one_as_much_as_another(session, ana, zones, cost, today):
    north, south, nowhere = zones["clients"]
    for client in (north, north, south, nowhere):
        visit(session, client, ana, 1)
    visit(session, south, ana, 2)  # a whole day of its own
    cost(CostKind.WAGE_PER_DAY, 60_000)

    assert cost_of(session, today) == {
        zones["north"]: 30_000,
        zones["south"]: 15_000 + 60_000,
        NOBODY: 15_000,
    }


def test_kilometres_go_with_the_visits_and_not_with_the_stops_of_the_day(
    session, ana, zones, cost, today
):
    north, south, _nowhere = zones["clients"]
    publish_route(session, ana, [north], today - DAY)  # 20 km with the way home
    visit(session, south, ana, 1)
    cost(CostKind.PER_KM, 350)

    assert cost_of(session, today) == {zones["south"]: 7_000}


def test_a_commission_goes_with_its_payment(session, ana, zones, cost, today):
    north, south, _nowhere = zones["clients"]
    visit(session, north, ana, 0)
    make_payment(session, ana, south, 100_000)
    make_payment(session, ana, north, 300_000)
    cost(CostKind.COMMISSION, 1_000)

    assert cost_of(session, today) == {zones["north"]: 30_000, zones["south"]: 10_000}


def test_a_month_is_shared_by_the_visits_of_the_period(session, ana, zones, cost, today):
    bea = make_user(session, created_at=clock.now() - 400 * DAY)
    idle = make_user(session, created_at=clock.now() - 400 * DAY)
    north, south, _nowhere = zones["clients"]
    for days in (1, 2, 3):
        visit(session, north, ana, days)
    visit(session, south, bea, 4)
    cost(CostKind.WAGE_PER_MONTH, 3_100_000, days=9)  # a day of March is 1,000 pesos
    cost(CostKind.FIXED_PER_MONTH, 310_000, days=9)

    assert idle.active
    assert cost_of(session, today) == {
        zones["north"]: 1_000_000 + 75_000,  # Ana's wage and three visits of four
        zones["south"]: 1_000_000 + 25_000,
        NOBODY: 1_000_000,  # of whoever visited nobody
    }


def test_where_nobody_was_visited_costs_are_nobodys(session, ana, zones, cost, today):
    cost(CostKind.FIXED_PER_MONTH, 310_000, days=9)

    assert cost_of(session, today) == {NOBODY: 100_000}


@pytest.mark.parametrize("by", [Dimension.ZONE, Dimension.STAGE, Dimension.SEGMENT])
def test_groups_and_their_rows_add_up_to_the_whole(session, ana, zones, cost, today, by):
    for days in (1, 1, 2, 5):
        for client in zones["clients"]:
            visit(session, client, ana, days)
            make_payment(session, ana, client, 33_333)
    for kind, amount in (
        (CostKind.WAGE_PER_DAY, 50_001),
        (CostKind.WAGE_PER_MONTH, 1_000_003),
        (CostKind.COMMISSION, 777),
        (CostKind.FIXED_PER_MONTH, 2_000_003),
    ):
        cost(kind, amount)
    grouping = weeks(today, by)

    groups = cost_of(session, today, by)
    behind = {group: rows_behind(session, RowKind.COSTS, grouping, group)[1] for group in groups}
    _count, everything = rows_behind(session, RowKind.COSTS, grouping)

    whole = whole_tally(session, weeks(today))[Count.COST_CENTS]
    assert sum(groups.values()) == whole == sum(row.amount_cents for row in everything)
    assert {
        group: sum(row.amount_cents for row in rows) for group, rows in behind.items()
    } == groups
    (wage,) = [row for row in everything if row.cost_kind is CostKind.WAGE_PER_DAY]
    assert (wage.quantity, wage.amount_cents) == (3, 150_003)  # once, not once for each group


def test_an_indicator_of_costs_has_groups_of_what_clients_are(session, ana, zones, cost, today):
    visit(session, zones["clients"][0], ana, 1)
    cost(CostKind.WAGE_PER_DAY, 60_000)
    grouping = weeks(today, Dimension.ZONE)

    (row,) = by_group(Indicator.COST_PER_VISIT, groups_of(session, grouping), grouping)

    assert (row.group, row.figure.value) == (zones["north"], 60_000)


DAYS = st.integers(0, 6).map(lambda n: FIRST + n * DAY)
COLLECTORS = st.integers(1, 3)
WEIGHTS = st.dictionaries(st.integers(-1, 4), st.integers(1, 9), min_size=1).map(Counter)
WORK = st.dictionaries(st.tuples(COLLECTORS, DAYS), WEIGHTS, max_size=8)
COSTS = st.builds(
    DayCost,
    kind=st.sampled_from(list(CostKind)),
    collector_id=st.none() | COLLECTORS,
    day=DAYS,
    rate=st.just(1),
    quantity=st.just(1),
    cents=st.integers(0, 1_000_000),
)


@given(st.lists(COSTS, max_size=20), WORK, WORK)
def test_the_parts_of_costs_add_up_to_the_cent_whatever_the_work(costs, visits, paid):
    parts = list(in_parts(costs, WorkOfGroups(visits, paid)))

    by_kind: Counter[CostKind] = Counter()
    for _group, one in parts:
        by_kind[one.kind] += one.cents
    expected: Counter[CostKind] = Counter()
    for one in costs:
        expected[one.kind] += one.cents
    assert by_kind == expected


@pytest.mark.parametrize("by", ["zone", "stage", "segment", "collector"])
def test_who_may_not_know_wages_sees_no_split_that_tells_them(
    client_as, session, ana, zones, cost, by
):
    visit(session, zones["clients"][0], ana, 1)
    cost(CostKind.WAGE_PER_DAY, 61_700)
    desk, boss = client_as(Role.DISPATCHER), client_as(Role.SUPERVISOR)

    page = desk.get(f"/indicadores/cost_per_visit?por={by}").text

    assert f'value="{by}"' not in page
    assert 'value="week" selected' in page
    assert (
        f'<option value="{by}" selected' in boss.get(f"/indicadores/cost_per_visit?por={by}").text
    )
    for rest in ("filas", "filas.csv"):
        assert desk.get(f"/indicadores/cost_per_visit/{rest}?por={by}&grupo=1").status_code == 403


def test_the_rows_of_a_zone_say_that_the_cost_is_its_part(client_as, session, ana, zones, cost):
    for client in zones["clients"]:
        visit(session, client, ana, 1)
    cost(CostKind.WAGE_PER_DAY, 60_000)
    desk = client_as(Role.SUPERVISOR)

    part = desk.get(f"/indicadores/cost_per_visit/filas?por=zone&grupo={zones['north']}").text
    whole = desk.get("/indicadores/cost_per_visit/filas?por=zone").text

    assert "$200.00" in part
    assert "El costo es la parte de esta fila" in part
    assert "El costo es la parte" not in whole
    assert "se reparten por igual entre las visitas" in desk.get("/costos").text
