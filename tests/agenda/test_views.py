"""The pages of the agenda: whose promises each person sees, files, and the way to a reminder."""

from datetime import timedelta

import pytest

from collector_app.core.actor import Role
from tests.agreements.factories import TODAY
from tests.factories import make_client, make_user, owes_in
from tests.promises.factories import make_promise_row
from tests.zones.factories import make_zone


@pytest.fixture
def two_collectors(session):
    """Each with a client who promised something for tomorrow."""
    found = []
    for name in ("Ana Robles", "Beto Ruiz"):
        collector = make_user(session)
        client = make_client(session, name=name)
        make_zone(session, [client], collector)
        make_promise_row(session, client, due_on=TODAY + timedelta(days=1))
        found.append((collector, client))
    return found


def test_the_desk_sees_all_and_filters_by_collector_and_zone(client_as, two_collectors):
    desk = client_as(Role.SUPERVISOR)
    (ana_collector, _ana), _beto = two_collectors

    everything = desk.get("/promesas").text
    of_one = desk.get(f"/promesas?gestor={ana_collector.id}&por=gestor").text

    assert "Ana Robles" in everything
    assert "Beto Ruiz" in everything
    assert "Ana Robles" in of_one
    assert "Beto Ruiz" not in of_one


def test_a_collector_sees_their_own_clients_alone(client_as, two_collectors):
    (collector, _client), _other = two_collectors

    page = client_as(collector).get("/promesas").text

    assert "Ana Robles" in page
    assert "Beto Ruiz" not in page


def test_tabs_show_what_they_say(client_as, two_collectors):
    desk = client_as(Role.SUPERVISOR)

    assert "Ana Robles" not in desk.get("/promesas?ver=vencidas").text
    assert "Ana Robles" in desk.get("/promesas?ver=proximas").text


def test_a_reminder_begins_with_what_was_promised_and_passes_the_gate(client_as, two_collectors):
    (collector, client), _other = two_collectors
    phone = client_as(collector)
    assert f'href="/contactos/{client.id}?texto=promise#text"' in phone.get("/promesas").text

    page = phone.get(f"/contactos/{client.id}?texto=promise").text

    assert "Le recuerdo lo que acordamos: $500.00" in page
    assert f'action="/contactos/{client.id}/mensaje"' in page


def test_without_a_promise_no_reminder_of_one_is_offered(session, client_as):
    client = make_client(session)

    assert (
        "Recordatorio de promesa"
        not in client_as(Role.SUPERVISOR).get(f"/contactos/{client.id}").text
    )


def test_the_list_and_the_forecast_come_as_files(client_as, two_collectors):
    desk = client_as(Role.SUPERVISOR)

    listed = desk.get("/promesas/lista.csv").data.decode("utf-8-sig").splitlines()
    weeks = desk.get("/promesas/pronostico.csv").data.decode("utf-8-sig").splitlines()

    assert len(listed) == 3
    assert "Ana Robles" in listed[1] + listed[2]
    assert len(weeks) == 14
    assert weeks[1].split(",")[1] == "1000.0"
    for name in ("lista", "pronostico"):
        assert desk.get(f"/promesas/{name}.xlsx").data[:2] == b"PK"


def test_the_forecast_shows_thirteen_weeks(client_as, two_collectors):
    page = client_as(Role.SUPERVISOR).get("/promesas/pronostico").text

    assert page.count('<th scope="row">') == 13
    assert "solo se pronostica lo que los clientes dijeron" in page


def test_money_of_two_currencies_stands_side_by_side(client_as, session, two_collectors):
    for _ in range(2):
        make_client(session)
    owes_in(session, two_collectors[1][1], "USD")
    desk = client_as(Role.SUPERVISOR)

    page, sheet = desk.get("/promesas").text, desk.get("/promesas/lista.csv").text
    forecast = desk.get("/promesas/pronostico").text
    other = desk.get("/promesas/pronostico.csv?moneda=USD").text

    assert "$500.00 · USD500.00" in page
    assert "500.0,MXN," in sheet
    assert "500.0,USD," in sheet
    assert "En USD debe 1 cliente USD1,500.00" in forecast
    assert any(",500.0," in one and one.endswith(",USD") for one in other.splitlines())


def test_weeks_without_anything_to_go_by_say_so(client_as, two_collectors):
    desk = client_as(Role.SUPERVISOR)

    page, sheet = desk.get("/promesas/pronostico").text, desk.get("/promesas/pronostico.csv").text

    assert page.count("sin datos suficientes") == 12
    assert "$0.00 – $0.00" not in page
    assert sheet.splitlines()[-1].endswith(",0.0,,,,,,,,MXN")
