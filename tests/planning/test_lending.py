"""Lending clients over a border of zones: who may be lent, when, and what it gained."""

from dataclasses import replace

import pytest

from collector_app.accounts.models import User
from collector_app.core.actor import Actor, Role
from collector_app.planning import queries
from collector_app.planning.day_plan import PlanRequest, make_plan
from collector_app.planning.lending import gain_of, is_better, lent_clients, with_lending
from collector_app.planning.problem_builder import BuiltDay, build_day
from collector_app.planning.reasons import reason_sentences
from collector_app.planning.rules import PlanPolicy
from collector_app.planning.solving import solve_day
from collector_app.zones.queries import owners
from routing.travel.haversine import Haversine
from tests.factories import make_client, make_user
from tests.planning.factories import (
    CENTRE,
    TUESDAY,
    ZONE,
    candidate_row,
    day_of,
    make_workday,
    make_zone,
    workday_row,
)

POLICY = PlanPolicy()


def two_zones(*, border_km: float = 0.0) -> BuiltDay:
    """Six clients of collector 1 in the north and six of collector 2 in the south."""
    step = 0.004
    north = [
        candidate_row(n, lat=CENTRE[0] + n * step + border_km / 111, lon=CENTRE[1], collector_id=1)
        for n in range(1, 7)
    ]
    south = [
        candidate_row(10 + n, lat=CENTRE[0] - n * step, lon=CENTRE[1], collector_id=2)
        for n in range(1, 7)
    ]
    rows = day_of(*north, *south, workdays=(workday_row(1), workday_row(2)))
    return build_day(rows, POLICY)


def allowed(built: BuiltDay) -> dict[int, frozenset[str] | None]:
    return {int(one.id): one.shifts for one in built.problem.candidates}


def test_only_clients_beside_the_border_may_be_lent():
    built = with_lending(two_zones(), POLICY)

    may = allowed(built)
    assert may[1] == {"1", "2"}
    assert may[11] == {"1", "2"}
    assert may[6] == {"1"}
    assert may[16] == {"2"}


def test_zones_that_lie_far_apart_lend_nobody():
    may = allowed(with_lending(two_zones(border_km=5), POLICY))

    assert set(may.values()) == {frozenset({"1"}), frozenset({"2"})}


def test_one_client_alone_is_lent_to_nobody():
    built = build_day(day_of(candidate_row(1), workdays=(workday_row(1), workday_row(2))), POLICY)

    assert allowed(with_lending(built, POLICY)) == {1: frozenset({"1"})}


def test_a_visit_across_the_border_has_to_bring_more_than_its_price():
    built = two_zones()
    wider = with_lending(built, POLICY)
    plan = solve_day(wider.problem, Haversine(), seconds=0.3, seed=1, tell=lambda *_: None).plan

    assert wider.problem.prices.moved == POLICY.lending_cents
    assert not is_better(built, plan, plan, replace(POLICY, lending_cents=0))


@pytest.fixture
def unequal(session) -> tuple[User, User]:
    """Ana has room for two visits and ten clients; Beto, beside her, has one client and all day."""
    ana, beto = make_user(session, full_name="Ana Ríos"), make_user(session)
    make_workday(session, ana, max_stops=2)
    make_workday(session, beto)
    clients = [
        make_client(
            session, overdue_cents=900_000, lat=CENTRE[0] + n * 0.001, lon=CENTRE[1] + 0.001
        )
        for n in range(11)
    ]
    make_zone(session, ana, clients[:10])
    make_zone(session, beto, clients[10:])
    session.commit()
    return ana, beto


def planned(session, *, may_lend: bool) -> tuple[int, dict[str, int] | None]:
    asked = PlanRequest(TUESDAY, 1.0, 1, Actor.system("test"), may_lend=may_lend)
    plan_id = make_plan(asked, lambda _share, _note: None)
    return plan_id, queries.plan_row(session, plan_id).parameters.get("lending")


def test_without_leave_to_lend_everybody_is_visited_by_their_own(session, unequal):
    owner = {client: one.collector_id for client, one in owners(session, TUESDAY).items()}

    plan_id, gain = planned(session, may_lend=False)

    visited = [
        (stop.client_id, route.collector_id)
        for route in queries.routes_of_plan(session, plan_id)
        for stop in route.stops
    ]
    assert gain is None
    assert visited
    assert all(owner[client] == collector for client, collector in visited)


def test_a_lent_client_is_visited_told_and_counted(session, unequal):
    _ana, beto = unequal

    plan_id, gain = planned(session, may_lend=True)

    routes = {one.collector_id: one for one in queries.routes_of_plan(session, plan_id)}
    lent = [
        stop
        for stop in routes[beto.id].stops
        if "Prestado de la zona de Ana Ríos" in reason_sentences(stop.reasons)
    ]
    assert gain is not None
    assert gain["clients"] == len(lent) > 3
    assert gain["visits"] == len(lent)
    assert gain["expected_cents"] > 0
    assert queries.legality(session, plan_id, ZONE).breaches == ()


def test_where_lending_is_of_no_use_the_plan_says_so(session, client_as):
    ana, beto = make_user(session), make_user(session)
    for collector, lat in ((ana, CENTRE[0]), (beto, CENTRE[0] + 0.1)):
        make_workday(session, collector, start_lat=lat, end_lat=lat)
        clients = [
            make_client(session, overdue_cents=500_000, lat=lat + n * 0.001, lon=CENTRE[1])
            for n in range(3)
        ]
        make_zone(session, collector, clients)
    session.commit()

    plan_id, gain = planned(session, may_lend=True)

    assert gain == {"clients": 0, "visits": 0, "expected_cents": 0, "travel_s": 0}
    page = client_as(Role.DISPATCHER).get(f"/planes/{plan_id}").text
    assert "no convenía" in page


def test_the_page_of_the_plan_tells_money_and_minutes(session, unequal, client_as):
    plan_id, gain = planned(session, may_lend=True)

    page = client_as(Role.DISPATCHER).get(f"/planes/{plan_id}").text

    assert f"{gain['clients']} clientes se prestaron" in page
    assert "Frente al mejor plan sin prestar" in page


def test_lending_is_offered_and_off(session, client_as):
    make_workday(session, make_user(session))

    page = client_as(Role.DISPATCHER).get("/planes").text

    box = page[page.index('name="lend"') - 80 :][:200]
    assert "Prestar clientes" in page
    assert "checked" not in box


def test_the_gain_is_the_difference_of_two_plans():
    built = with_lending(two_zones(), POLICY)
    plan = solve_day(built.problem, Haversine(), seconds=0.3, seed=1, tell=lambda *_: None).plan
    nobody = replace(plan, routes=tuple(replace(one, stops=()) for one in plan.routes))

    gain = gain_of(built, plan, nobody)

    assert gain.visits == sum(len(route.stops) for route in plan.routes)
    assert gain.clients == len(lent_clients(built, plan))
    assert gain.travel_s == 0
