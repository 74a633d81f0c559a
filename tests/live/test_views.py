"""The supervisor's page and what it asks for by itself."""

from datetime import date

import pytest

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.web.extensions import transaction
from tests.factories import make_client, make_user
from tests.live.factories import publish_route
from tests.planning.factories import make_workday
from tests.visits.factories import make_visit

TODAY = date(2026, 3, 10)


def test_a_day_without_a_plan_says_what_to_do(client_as):
    page = client_as(Role.DISPATCHER).get("/tablero")

    assert page.status_code == 200
    assert "Hoy no hay rutas publicadas" in page.text


def test_the_board_names_collectors_and_shows_their_route(client_as, session):
    collector = make_user(session, full_name="Mariana Cruz")
    publish_route(session, collector, [make_client(session), make_client(session)], TODAY)

    page = client_as(Role.SUPERVISOR).get("/tablero")

    assert "Mariana Cruz" in page.text
    assert "0 / 2" in page.text


def test_a_name_that_looks_like_code_is_only_text(client_as, session):
    collector = make_user(session)
    publish_route(
        session, collector, [make_client(session, name="<script>alert(1)</script>")], TODAY
    )

    page = client_as(Role.SUPERVISOR).get("/tablero")

    assert "<script>alert(1)" not in page.text


def test_nothing_new_answers_without_a_page(client_as, session):
    client = client_as(Role.SUPERVISOR)
    address = client.get("/tablero").text.partition('hx-get="')[2].partition('"')[0]

    answer = client.get(address.replace("&amp;", "&"))

    assert answer.status_code == 204


def test_a_visit_that_arrives_is_shown_as_new(client_as, session):
    client = client_as(Role.SUPERVISOR)
    address = client.get("/tablero").text.partition('hx-get="')[2].partition('"')[0]
    with transaction() as writing:
        make_visit(writing, make_client(writing, name="Rosa Soto"), make_user(writing))

    answer = client.get(address.replace("&amp;", "&"))

    assert answer.status_code == 200
    assert "Rosa Soto" in answer.text
    assert 'class="new"' in answer.text


def test_the_map_is_told_where_each_collector_was_last_seen(client_as, session):
    collector = make_user(session, full_name="Ana Luz Ríos")
    make_visit(
        session, make_client(session), collector, lat=-29.9, lon=-71.25, ended_at=clock.now()
    )

    news = client_as(Role.SUPERVISOR).get("/tablero/mapa.json").json

    assert [(one["initials"], one["lat"], one["lon"]) for one in news["people"]] == [
        ("AL", -29.9, -71.25)
    ]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.DISPATCHER])
def test_two_clicks_share_out_the_stops_of_who_cannot_go_on(session, client_as, role):
    collector = make_user(session)
    make_workday(session, collector)
    publish_route(session, collector, [make_client(session)], clock.now().date())

    watcher = client_as(role)
    page = watcher.get("/tablero").text

    address = f"/reparar?cambio=sick&gestor={collector.id}&ver=1"
    assert address.replace("&", "&amp;") in page
    assert watcher.get(address).status_code == 200
