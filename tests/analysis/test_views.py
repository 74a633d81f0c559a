"""The pages of the cartera's movement."""

import csv
import io
from dataclasses import fields

import pytest

from collector_app.analysis.rules import Levers
from collector_app.core.actor import Role
from tests.factories import make_client, owes_in


@pytest.fixture
def desk(client_as, session, stopped_clock):
    make_client(session, days=40, overdue_cents=150_000)
    return client_as(Role.SUPERVISOR)


def test_the_overview_shows_how_old_the_debt_is(desk):
    page = desk.get("/analisis").text

    assert "Antigüedad de saldos" in page
    assert "$1,500.00" in page
    assert "Rodamiento" in page


def test_an_empty_cartera_says_what_to_do(client_as, stopped_clock):
    assert "Nadie debe nada" in client_as(Role.ADMIN).get("/analisis").text


@pytest.mark.parametrize(
    "query",
    [
        "desde=ayer",
        "desde=2026-03-10&hasta=2026-03-10",
        "hasta=2030-01-01",
        "desde=2001-01-01",
        "hasta=0001-01-01",
        "desde=0001-01-01&hasta=0001-01-02",
    ],
)
def test_days_that_cannot_be_compared_are_said_and_replaced(desk, query):
    answer = desk.get(f"/analisis?{query}")

    assert answer.status_code == 200
    assert "notice warn" in answer.text


def test_the_matrix_can_be_downloaded(desk):
    text = desk.get("/analisis/rodamiento.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))

    assert len(rows) == 5 * 6
    assert desk.get("/analisis/rodamiento.xlsx").data[:2] == b"PK"


def test_vintages_say_what_column_they_need(desk):
    assert "fecha de otorgamiento" in desk.get("/analisis/cosechas").text


def test_the_simulator_begins_with_what_is_and_follows_its_levers(desk):
    first = desk.get("/analisis/simulador")
    assert first.status_code == 200

    page = desk.get(
        "/analisis/simulador?collectors=2&days_a_month=20&visits_a_day=25&contact_rate=40"
        "&pays_now_rate=10&payment_cents=500&promise_rate=50&kept_rate=60&promise_cents=800"
        "&promise_lag_weeks=2&day_cost_cents=600&km_a_visit=1.5&km_cost_cents=4"
    ).text

    assert "$116,000.00" in page  # 40 payments of 500 and 120 promises of 800
    assert "$30,000.00" in page
    assert "0.26" in page


@pytest.mark.parametrize("wrong", ["contact_rate=101", "visits_a_day=-1", "collectors=muchos"])
def test_a_lever_that_cannot_be_is_named(desk, wrong):
    name, _, value = wrong.partition("=")
    levers = dict.fromkeys((one.name for one in fields(Levers)), "1")
    answer = desk.get("/analisis/simulador", query_string=levers | {name: value})

    assert answer.status_code == 422
    assert f'id="{name}-error"' in answer.text


def test_a_collector_does_not_see_the_cartera_s_movement(client_as, stopped_clock):
    assert client_as(Role.COLLECTOR).get("/analisis").status_code in {302, 403, 404}


@pytest.fixture
def dollars(desk, session):
    for cents in (1, 90_000_000):
        client = make_client(session, days=40, overdue_cents=cents)
    owes_in(session, client, "USD")


def test_every_page_tells_what_is_owed_in_other_currencies(desk, dollars):
    for path in ("/analisis", "/analisis/cosechas", "/analisis/simulador"):
        page = desk.get(path).text
        assert "En USD debe 1 cliente USD900,000.00, que no entra en ellas." in page, path
        assert "$1,500.01" in page or path != "/analisis"

    other = desk.get("/analisis?moneda=USD").text
    assert "USD900,000.00" in other
    assert "/analisis/simulador?moneda=USD" in other
    assert "USD,1.0" in desk.get("/analisis/rodamiento.csv?moneda=USD").text


def test_the_simulator_of_another_currency_begins_with_what_holds_there(desk, dollars):
    page = desk.get("/analisis/simulador?moneda=USD")

    assert page.status_code == 200  # the currency is no lever
    assert "USD0.00" in page.text
    assert 'name="moneda" value="USD"' in page.text
