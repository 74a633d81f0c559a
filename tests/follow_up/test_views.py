"""The page of follow-up on zones with clients visited, not visited, and paying."""

import json
from datetime import timedelta

import pytest

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.follow_up.maps import ARREARS, heat_map
from collector_app.follow_up.queries import client_facts, follow_up
from collector_app.follow_up.rules import ClientFacts, outlines
from collector_app.web.filters import local_zone
from collector_app.zones.models import ZoneMembership
from collector_app.zones.queries import imbalance_then_and_now
from tests.factories import make_client, make_user, owes_in
from tests.payments.factories import make_payment
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone
from tests.zones.test_views import TODAY, text_of

PAGE = "/zonas/seguimiento"


@pytest.fixture
def rosa(session):
    return make_user(session, full_name="Rosa Vega")


@pytest.fixture
def town(session, rosa):
    """Two zones of two clients each that began even; nobody was visited."""
    up = [
        make_client(session, lat=-29.90, lon=-71.25 - n / 1000, name=f"Vecina {n}")
        for n in range(2)
    ]
    down = [make_client(session, lat=-29.95, lon=-71.25 - n / 1000) for n in range(2)]
    return make_zone(session, up, rosa, name="Norte"), make_zone(session, down, name="Sur"), up


def test_every_zone_is_told_with_who_was_never_visited(town, client_as):
    page = text_of(client_as(Role.SUPERVISOR).get(PAGE).text)

    assert "Norte 2 2 nunca visitados de Norte 0" in page
    assert "siguen casi tan parejas" in page
    assert "Centro 4" in page


def test_visits_and_payments_count_from_the_first_day_looked_back_to(app, session, town, rosa):
    visited, paying = town[2]
    make_visit(session, visited, rosa)
    make_payment(session, rosa, paying, 35_000)
    today = clock.today(local_zone())

    facts = {
        one.id: one
        for one in client_facts(session, today, today - timedelta(days=30), local_zone())
    }

    assert facts[visited.id].visited_on is not None
    assert facts[paying.id].visited_on is None
    assert facts[paying.id].collected_cents == 35_000
    late = client_facts(session, today, today + timedelta(days=2), local_zone())
    assert all(one.collected_cents == 0 for one in late)


def test_the_clients_behind_a_number_are_listed(town, client_as):
    office = client_as(Role.DISPATCHER)

    never = text_of(office.get(f"{PAGE}/clientes?zona={town[0].id}&lista=nunca").text)
    stale = office.get(f"{PAGE}/clientes?lista=viejas&dias=15").text

    assert "Vecina 0 Centro Norte nunca" in never
    assert "Sur nunca" not in never
    assert "Todos tienen una visita." in stale


def test_zones_that_lost_their_balance_come_with_a_suggestion(session, town, client_as):
    for n in range(4):
        newcomer = make_client(session, lat=-29.90, lon=-71.26 - n / 1000)
        session.add(ZoneMembership(zone_id=town[0].id, client_id=newcomer.id, from_on=TODAY))
    session.flush()

    page = text_of(client_as(Role.DISPATCHER).get(f"{PAGE}?mapa=recuperacion&dias=90").text)

    assert imbalance_then_and_now(session, TODAY)[1] < 0.4
    assert "se desemparejaron desde que empezaron" in page


def test_without_clients_the_page_says_what_to_do(client_as):
    assert "Importa la cartera" in client_as(Role.ADMIN).get(f"{PAGE}?dias=no").text


def test_the_heat_can_be_told_by_colonia(town, client_as):
    page = client_as(Role.SUPERVISOR).get(PAGE, query_string={"por": "colonia"}).text

    assert "Cada figura encierra a los clientes de una colonia" in page
    assert '"Centro"' in page


def test_without_being_asked_the_heat_is_told_by_hexagon(town, client_as):
    page = client_as(Role.SUPERVISOR).get(PAGE).text

    assert "Cada hexágono mide" in page


def test_a_colonia_is_drawn_around_its_clients():
    def living(n: int, lat: float, colonia: str | None) -> ClientFacts:
        return ClientFacts(n, "", None, lat, -71.25, colonia, None, None, 1000, 0)

    around = outlines(
        [living(1, -29.90, "Centro"), living(2, -29.91, "Centro"), living(3, -29.95, None)]
    )

    assert set(around) == {"Centro"}
    lats = [lat for lat, _lon in around["Centro"]]
    assert min(lats) < -29.91
    assert max(lats) > -29.90
    assert max(lats) < -29.89


def test_the_map_draws_what_was_asked_for(session, town):
    today = clock.today(local_zone())
    page = follow_up(session, today, 30, local_zone())

    colonias, cells = (
        json.loads(layer.data)["cells"]
        for by_colonia in (True, False)
        for layer in heat_map(page, ARREARS, by_colonia=by_colonia)._children.values()
        if getattr(layer, "function", "") == "cells"
    )

    assert len(colonias) == 1
    assert len(colonias[0]["corners"]) > len(cells[0]["corners"])


def test_what_is_overdue_in_another_currency_is_not_added_up(session, town, rosa, client_as):
    other = town[2][0]
    owes_in(session, other, "USD")
    make_payment(session, rosa, other, 700)
    make_visit(session, other, rosa)
    desk = client_as(Role.SUPERVISOR)

    page = text_of(desk.get(PAGE).text)
    dollars = text_of(desk.get(f"{PAGE}?moneda=USD").text)

    assert "Centro 4 $4,500.00 $0.00" in page
    assert "En USD debe 1 cliente USD1,500.00" in page
    assert "Centro 4 USD1,500.00 USD7.00" in dollars
    assert ",4500.0,0.0,0.0,MXN" in desk.get(f"{PAGE}/colonias.csv").text
    assert ",1500.0,7.0,0.005,USD" in desk.get(f"{PAGE}/colonias.csv?moneda=USD").text
    stale = desk.get(f"{PAGE}/clientes?lista=nunca").text
    assert "$1,500.00" in stale


def test_who_was_never_visited_owes_in_their_own_currency(session, town, client_as):
    owes_in(session, town[2][0], "USD")

    desk = client_as(Role.SUPERVISOR)

    assert "USD1,500.00" in desk.get(f"{PAGE}/clientes").text
    assert ",1500.0,USD" in desk.get(f"{PAGE}/clientes/lista.csv").text
