"""The page of a client's score: what it rests on, and its switch."""

from datetime import timedelta

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.scoring.queries import switched_off
from tests.factories import make_client, make_user
from tests.visits.factories import make_visit


def test_the_page_tells_the_clients_own_visits(session, client_as):
    client, collector = make_client(session), make_user(session)
    for days in (1, 2, 3):
        at = clock.now() - timedelta(days=days)
        make_visit(session, client, collector, started_at=at, received_at=at)

    page = client_as(Role.SUPERVISOR).get(f"/puntuacion/{client.id}").text

    assert "3 de 3 visitas" in page
    assert "Encendida" in page


def test_a_client_without_visits_says_so(session, client_as):
    client = make_client(session)

    page = client_as(Role.ADMIN).get(f"/puntuacion/{client.id}").text

    assert "Aún no lo hemos visitado" in page


def test_the_switch_turns_scores_off_and_tells_it(session, client_as):
    client, desk = make_client(session), client_as(Role.DISPATCHER)

    answer = desk.post(
        f"/puntuacion/{client.id}",
        data={"state": "off", "reason": "Lo pidió por escrito"},
        follow_redirects=True,
    )

    assert "Puntuación apagada por" in answer.text
    assert "Lo pidió por escrito" in answer.text
    assert client.id in switched_off(session)


def test_without_a_reason_nothing_is_switched(session, client_as):
    client, desk = make_client(session), client_as(Role.DISPATCHER)

    answer = desk.post(f"/puntuacion/{client.id}", data={"state": "off", "reason": " "})

    assert answer.status_code == 422
    assert "Escribe por qué" in answer.text
    assert switched_off(session) == {}


def test_a_state_that_is_none_is_refused(session, client_as):
    client, desk = make_client(session), client_as(Role.DISPATCHER)

    answer = desk.post(f"/puntuacion/{client.id}", data={"state": "quizá", "reason": "x"})

    assert answer.status_code == 422
    assert switched_off(session) == {}


def test_the_clients_file_leads_there(session, client_as):
    client = make_client(session)

    page = client_as(Role.DISPATCHER).get(f"/cartera/{client.id}").text

    assert f"/puntuacion/{client.id}" in page
