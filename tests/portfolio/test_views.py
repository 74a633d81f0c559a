"""The desk's pages of the cartera."""

import html
import re

import pytest

from collector_app.core.actor import Role
from collector_app.portfolio.queries import told_places
from collector_app.portfolio.rules import AddressOrigin, LocationQuality, VisitPlaceKind
from tests.factories import make_client


def text_of(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.fixture
def desk(client_as):
    return client_as(Role.DISPATCHER)


def test_an_empty_cartera_says_what_to_do(desk):
    page = desk.get("/cartera")

    assert "Todavía no hay clientes" in text_of(page)
    assert 'href="/cartera/importar"' in page.text


def test_a_supervisor_of_an_empty_cartera_is_not_sent_to_a_page_he_may_not_open(client_as):
    page = client_as(Role.SUPERVISOR).get("/cartera")

    assert "Cuando un despachador importe la cartera" in text_of(page)
    assert 'href="/cartera/importar"' not in page.text


def test_clients_are_listed_and_lead_to_their_page(desk, session):
    client = make_client(session, name="Rosa Díaz")
    session.commit()

    page = desk.get("/cartera")

    assert f'<a href="/cartera/{client.id}">Rosa Díaz</a>' in page.text
    assert "Rosa Díaz" in text_of(desk.get(f"/cartera/{client.id}"))


def test_a_search_without_result_says_so(desk, session):
    make_client(session, name="Rosa")
    session.commit()

    assert "Nadie coincide" in text_of(desk.get("/cartera?q=xyz"))
    assert "Rosa" in text_of(desk.get("/cartera?q=rosa&tipo=nada&ubicacion=quizas"))


def test_filters_come_from_the_address(desk, session):
    make_client(session, name="Con Lugar")
    make_client(
        session, name="Sin Lugar", lat=None, lon=None, location_quality=LocationQuality.NONE
    )
    session.commit()

    page = text_of(desk.get("/cartera?ubicacion=no"))

    assert "Sin Lugar" in page
    assert "Con Lugar" not in page


def test_a_long_list_has_pages(desk, session):
    for number in range(51):
        make_client(session, name=f"Clienta {number:03d}")
    session.commit()

    assert "1 a 50 de 51" in text_of(desk.get("/cartera"))
    assert "Clienta 050" in text_of(desk.get("/cartera?page=2"))


def test_clients_without_a_place_are_found_and_told_what_they_miss(desk, session):
    make_client(session, name="Con Lugar")
    make_client(
        session, name="Sin Lugar", lat=None, lon=None, location_quality=LocationQuality.NONE
    )
    session.commit()

    page = text_of(desk.get("/cartera/sin-ubicacion"))

    assert "1 cliente no tiene ubicación y no entra en las rutas." in text_of(desk.get("/cartera"))
    assert "Sin Lugar" in page
    assert "Con Lugar" not in page
    assert "Nadie coincide" in text_of(desk.get("/cartera/sin-ubicacion?q=xyz"))


def test_when_everybody_has_a_place_the_page_says_so(desk, session):
    make_client(session)
    session.commit()

    assert "Todos tienen ubicación" in text_of(desk.get("/cartera/sin-ubicacion"))


def test_a_client_page_shows_what_the_creditor_told(desk, session):
    client = make_client(session, overdue_cents=123_450, note="Portón verde")
    session.commit()

    page = text_of(desk.get(f"/cartera/{client.id}"))

    assert "Portón verde" in page
    assert "$1,234.50" in page
    assert client.credits[0].external_id in page


def test_a_name_is_never_code(desk, session):
    client = make_client(session, name="<script>alert(1)</script>", note='"><img src=x>')
    session.commit()

    for address in ("/cartera", f"/cartera/{client.id}"):
        page = desk.get(address).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_client_that_is_not_there_is_not_found(desk):
    assert desk.get("/cartera/999").status_code == 404


@pytest.mark.parametrize("address", ["/cartera", "/cartera/sin-ubicacion", "/cartera/1"])
def test_collectors_do_not_see_the_whole_cartera(client_as, address):
    assert client_as(Role.COLLECTOR).get(address).status_code == 403


def test_the_desk_says_what_kind_of_place_a_client_is_visited_at(desk, session):
    client = make_client(session)
    session.commit()
    path = f"/cartera/{client.id}"
    assert "No se sabe" in text_of(desk.get(path))

    told = {"place_kind": "workplace", "origin": "contract", "is_authorised": "y"}
    answer = desk.post(f"{path}/lugar", data=told, follow_redirects=True)

    assert "Lugar de visita guardado." in text_of(answer)
    page = desk.get(path).text
    assert re.search(r'<option[^>]*selected[^>]*value="workplace"', page)
    place = told_places(session, [client.id])[client.id]
    assert (place.kind, place.is_authorised) == (VisitPlaceKind.WORKPLACE, True)
    assert place.origin is AddressOrigin.CONTRACT
    assert "Está en el contrato o lo dio la entidad" in text_of(desk.get(path))


def test_a_kind_of_place_that_there_is_not_is_refused(desk, session):
    client = make_client(session)
    session.commit()

    answer = desk.post(f"/cartera/{client.id}/lugar", data={"place_kind": "prison"})

    assert answer.status_code == 422
    assert told_places(session, [client.id]) == {}
