"""Costs: what holds on which day, who may tell them, and the page."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from collector_app.audit.queries import faults
from collector_app.core.actor import Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.costs.models import CostRate
from collector_app.costs.rules import (
    CostKind,
    CostOfOne,
    Rate,
    Rates,
    WrongCost,
    apportioned,
    of_kilometres,
    of_recovered,
    part_of_month,
)
from collector_app.costs.services import set_cost
from tests.factories import actor_of, make_user, owes_in
from tests.factories import make_client as make_debtor

ANA, BEA = 1, 2
FIRST, LATER = date(2026, 2, 1), date(2026, 2, 15)


def wage(amount: int | None, from_on: date, collector_id: int | None = None) -> Rate:
    return Rate(CostKind.WAGE_PER_DAY, collector_id, amount, from_on)


def told(rates: Rates, day: date, who: int = ANA) -> int | None:
    found = rates.on(day, CostKind.WAGE_PER_DAY, who)
    return None if found is None else found.amount


def test_a_cost_holds_from_its_day_until_the_next():
    rates = Rates([wage(45_000, LATER), wage(40_000, FIRST)])

    assert told(rates, date(2026, 1, 31)) is None
    assert told(rates, FIRST) == told(rates, date(2026, 2, 14)) == 40_000
    assert told(rates, LATER) == 45_000


def test_of_two_costs_from_the_same_day_the_one_told_last_holds():
    assert told(Rates([wage(40_000, FIRST), wage(41_000, FIRST)]), FIRST) == 41_000


def test_the_cost_of_one_person_holds_instead_of_that_of_all():
    rates = Rates([wage(40_000, FIRST), wage(50_000, FIRST, ANA), wage(60_000, LATER)])

    assert told(rates, LATER, ANA) == 50_000
    assert told(rates, LATER, BEA) == 60_000


def test_a_cost_that_ended_is_none_also_where_all_others_have_it():
    rates = Rates([wage(40_000, FIRST), wage(None, LATER, ANA)])

    assert told(rates, LATER, ANA) is None
    assert told(rates, LATER, BEA) == 40_000
    assert rates.kinds(LATER) == {CostKind.WAGE_PER_DAY}


@pytest.mark.parametrize(("month", "days"), [(2, 28), (11, 30), (12, 31)])
def test_the_days_of_a_month_add_up_to_its_amount_to_the_cent(month, days):
    parts = [part_of_month(1_000_001, date(2026, month, n + 1)) for n in range(days)]

    assert sum(parts) == 1_000_001
    assert max(parts) - min(parts) <= 1


def test_kilometres_and_commissions_are_rounded_to_the_nearest_cent():
    assert of_kilometres(350, 1_500) == 525
    assert of_kilometres(1, 499) == 0
    assert of_recovered(1_250, 100_000) == 12_500  # 12.5 %
    assert of_recovered(1, 4_999) == 0


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.DISPATCHER])
def test_who_may_not_know_wages_tells_none(session, role):
    with pytest.raises(NotAllowed):
        set_cost(
            session, actor_of(make_user(session, role)), CostKind.PER_KM, None, 350, "MXN", FIRST
        )


@pytest.mark.parametrize(
    ("kind", "amount"),
    [(CostKind.PER_KM, -1), (CostKind.COMMISSION, 10_001), (CostKind.WAGE_PER_DAY, 10**10)],
)
def test_a_cost_that_cannot_be_is_refused(session, kind, amount):
    with pytest.raises(WrongCost):
        set_cost(
            session, actor_of(make_user(session, Role.ADMIN)), kind, None, amount, "MXN", FIRST
        )


def test_what_is_paid_each_month_is_no_cost_of_one_person(session):
    admin, ana = actor_of(make_user(session, Role.ADMIN)), make_user(session)

    with pytest.raises(CostOfOne):
        set_cost(session, admin, CostKind.FIXED_PER_MONTH, ana.id, 1, "MXN", FIRST)
    with pytest.raises(NotFound):
        set_cost(session, admin, CostKind.WAGE_PER_DAY, admin.user_id, 1, "MXN", FIRST)


def test_a_cost_changed_behind_the_log_is_named(session):
    admin = actor_of(make_user(session, Role.ADMIN))
    row = set_cost(session, admin, CostKind.PER_KM, None, 350, "MXN", FIRST)
    row_id = row.id
    session.commit()
    assert f"cost_rate {row_id}" not in [fault.row for fault in faults(session)]

    session.execute(CostRate.__table__.update().values(amount=1))
    session.commit()

    assert f"cost_rate {row_id}" in [fault.row for fault in faults(session)]


@pytest.fixture
def form():
    return {"kind": "commission", "collector_id": "0", "amount": "12.5", "from_on": "2026-02-01"}


def test_a_cost_is_written_down_with_its_day_and_shown(client_as, session, stopped_clock, form):
    desk = client_as(Role.ADMIN)
    assert "Aún no hay costos" in desk.get("/costos").text

    answer = desk.post("/costos", data=form)

    row = session.scalars(select(CostRate)).one()
    assert answer.status_code == 303
    assert (row.amount, row.currency, row.from_on) == (1_250, "MXN", FIRST)
    page = desk.get("/costos").text
    assert "12.5 %" in page
    assert "Vigente" in page


def test_an_empty_amount_ends_a_cost(client_as, session, stopped_clock, form):
    desk = client_as(Role.SUPERVISOR)
    desk.post("/costos", data=form)

    desk.post("/costos", data={**form, "amount": "", "from_on": "2026-02-15"})

    page = desk.get("/costos").text
    assert "ninguno" in page
    assert "Terminó" in page
    assert "Vigente" not in page
    assert [row.amount for row in session.scalars(select(CostRate).order_by(CostRate.id))] == [
        1_250,
        None,
    ]


def test_a_form_sent_twice_tells_a_cost_once(client_as, session, stopped_clock, form):
    desk = client_as(Role.SUPERVISOR)

    for amount in ("12.5", "12.5", "13", "12.5", "", ""):
        assert desk.post("/costos", data={**form, "amount": amount}).status_code == 303

    assert [row.amount for row in session.scalars(select(CostRate).order_by(CostRate.id))] == [
        *(1_250, 1_300, 1_250, None),
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"amount": "mucho"}, "Escribe un importe"),
        ({"amount": "100.01"}, "100 % como mucho"),
        ({"from_on": ""}, "Elige desde qué día vale"),
        ({"kind": "propina"}, "Falta corregir algo"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    client_as, session, stopped_clock, form, changed, said
):
    answer = client_as(Role.ADMIN).post("/costos", data={**form, **changed})

    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalars(select(CostRate)).all() == []


def test_a_fixed_cost_of_one_person_is_refused_on_the_page(client_as, session, stopped_clock, form):
    ana = make_user(session)

    answer = client_as(Role.ADMIN).post(
        "/costos", data={**form, "kind": "fixed_per_month", "collector_id": str(ana.id)}
    )

    assert answer.status_code == 422
    assert "El gasto fijo es de la empresa" in answer.text


def test_where_debts_are_in_two_currencies_a_cost_says_of_which(
    client_as, session, stopped_clock, form
):
    make_debtor(session)
    make_debtor(session)
    owes_in(session, make_debtor(session), "USD")
    desk = client_as(Role.ADMIN)
    assert 'name="currency"' in desk.get("/costos").text

    desk.post("/costos", data={**form, "currency": "USD"})

    assert session.scalars(select(CostRate)).one().currency == "USD"


@given(
    st.integers(0, 10**12),
    st.dictionaries(st.integers(-1, 50), st.integers(1, 10**9), min_size=1, max_size=12),
)
def test_parts_of_a_cost_add_up_to_the_cent_and_are_fair_to_one(cents, weights):
    parts = apportioned(cents, weights)

    whole = sum(weights.values())
    assert sum(parts.values()) == cents
    assert parts.keys() == weights.keys()
    assert all(abs(parts[key] * whole - cents * weights[key]) < whole for key in weights)


def test_of_equal_remainders_the_smallest_key_gets_the_cent():
    assert apportioned(100, {3: 1, 1: 1, 2: 1}) == {1: 34, 2: 33, 3: 33}
