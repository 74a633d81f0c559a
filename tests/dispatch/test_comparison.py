"""Two plans side by side, and what the aims of a plan weigh."""

import pytest

from collector_app.core.actor import Role
from collector_app.dispatch.comparison import compare
from collector_app.planning.problem_builder import build_day
from collector_app.planning.queries import routes_of_plan
from collector_app.planning.rules import AIMS, PlanAim, PlanPolicy
from collector_app.portfolio.models import Client
from routing.problem import Measure
from tests.dispatch.boards import make_board
from tests.factories import make_user, owes_in
from tests.planning.factories import candidate_row, day_of, make_workday
from tests.repairs.factories import make_collector, make_row


@pytest.fixture
def plans(session):
    """The same three clients, all with Rosa, and shared with Pedro but for one."""
    clients = make_row(session, 3)
    rosa = make_collector(session, "Rosa Vega", clients)
    pedro = make_user(session, full_name="Pedro Luna")
    make_workday(session, pedro)
    one = make_board(session, [(rosa, clients)])
    other = make_board(session, [(rosa, clients[:1]), (pedro, clients[1:2])])
    return one, other, [client.id for client in clients]


def test_each_collector_is_compared_also_without_a_route(session, plans):
    one, other, _clients = plans

    found = compare(routes_of_plan(session, one), routes_of_plan(session, other))

    stops = {row.name: (row.one.stops, row.other.stops) for row in found.routes}
    assert stops == {"Pedro Luna": (0, 1), "Rosa Vega": (3, 1)}
    assert (found.one.expected, found.other.expected) == ({"MXN": 93_000}, {"MXN": 62_000})
    assert found.one.length_s == 3 * 1800 + 300


def test_money_of_two_currencies_is_compared_each_by_itself(session, plans, client_as):
    one, other, clients = plans
    owes_in(session, session.get_one(Client, clients[2]), "USD")
    session.commit()

    found = compare(routes_of_plan(session, one), routes_of_plan(session, other))
    page = client_as(Role.SUPERVISOR).get(f"/planes/{one}/comparar?con={other}").text

    assert found.one.expected == {"MXN": 62_000, "USD": 31_000}
    assert found.other.expected == {"MXN": 62_000}
    assert "$620.00 · USD" in page
    assert "$930.00" not in page


def test_clients_who_change_hands_are_told_with_both_names(session, plans):
    one, other, clients = plans

    found = compare(routes_of_plan(session, one), routes_of_plan(session, other))

    assert [(row.client_id, row.one, row.other) for row in found.moved] == [
        (clients[1], "Rosa Vega", "Pedro Luna"),
        (clients[2], "Rosa Vega", None),
    ]


def test_the_page_shows_both_plans(session, plans, client_as):
    one, other, _clients = plans

    page = client_as(Role.SUPERVISOR).get(f"/planes/{one}/comparar?con={other}").text

    assert "2 clientes cambian" in page
    assert "$930.00" in page
    assert "$620.00" in page


def test_a_day_with_one_plan_says_what_to_do(session, client_as):
    rosa = make_collector(session, "Rosa Vega", clients := make_row(session, 1))
    plan_id = make_board(session, [(rosa, clients)])

    page = client_as(Role.SUPERVISOR).get(f"/planes/{plan_id}/comparar").text

    assert "Ese día solo hay un plan" in page


@pytest.mark.parametrize(
    ("aim", "per_hour_cents", "unfairness"),
    [
        (PlanAim.BALANCED, 150_00, ()),
        (PlanAim.MONEY, 75_00, ()),
        (PlanAim.KILOMETRES, 450_00, ()),
        (PlanAim.FAIR, 150_00, ((Measure.HOURS, 300_00),)),
    ],
)
def test_an_aim_weighs_the_road_and_unfairness(aim, per_hour_cents, unfairness):
    problem = build_day(day_of(candidate_row()), PlanPolicy(), AIMS[aim]).problem

    assert problem.travel_cost_per_hour == per_hour_cents
    assert problem.prices.unfairness == unfairness
