"""The list of clients without location, the map on which one is put, and the search."""

import html
import re

import pytest

from collector_app.city.limits import SearchPace, TooManySearches
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.portfolio.models import Client
from collector_app.portfolio.rules import LocationQuality
from tests.factories import make_client, make_user
from tests.routing.travel.towns import at
from tests.visits.factories import make_visit

NOWHERE = {"lat": None, "lon": None, "location_quality": LocationQuality.NONE}
PRIVADA = {"address": "Privada Hidalgo 2", "neighbourhood": "Santa Ana", "municipality": None}


def text_of(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.fixture
def desk(client_as):
    return client_as(Role.DISPATCHER)


def unplaced(session, **values):
    client = make_client(session, **{**NOWHERE, **PRIVADA, **values})
    session.commit()
    return client


def test_the_list_offers_the_best_guess_with_its_confidence_and_doubts(desk, session, city):
    unplaced(session, address="Benito Juárez", neighbourhood="Colonia Centro")

    page = text_of(desk.get("/cartera/sin-ubicacion"))

    assert "Calle Benito Juárez, Colonia Centro" in page
    assert "confianza 70 %" in page


def test_without_addresses_the_list_says_so_and_still_leads_to_the_map(desk, session):
    client = unplaced(session)

    page = desk.get("/cartera/sin-ubicacion")

    assert "La ciudad en uso no tiene direcciones" in text_of(page)
    assert f'href="/cartera/{client.id}/ubicacion"' in page.text
    assert desk.get(f"/cartera/{client.id}/ubicacion").status_code == 200


def test_the_page_of_a_client_begins_with_the_pin_at_the_best_guess(desk, session, city):
    client = unplaced(session)

    page = desk.get(f"/cartera/{client.id}/ubicacion")

    # The middle of the street, which begins at 2,100 m and runs 100 m north.
    assert re.search(rf'name="lon"[^>]*value="{at(2100, 50).lon:.4f}', page.text)


def test_a_place_chosen_without_scripts_is_where_the_pin_begins(desk, session, city):
    client = unplaced(session)

    page = desk.get(f"/cartera/{client.id}/ubicacion?lat=-29.5&lon=-71.5")

    assert re.search(r'name="lat"[^>]*value="-29.5"', page.text)


def test_saving_puts_the_client_there(desk, session):
    client = unplaced(session)

    answer = desk.post(
        f"/cartera/{client.id}/ubicacion", data={"lat": "-29.9", "lon": "-71.25", "was": ""}
    )

    assert answer.status_code == 303
    session.expire_all()
    stored = session.get(Client, client.id)
    assert (stored.lat, stored.lon) == (-29.9, -71.25)
    assert stored.location_quality is LocationQuality.PINNED
    assert "Puesta en el mapa" in text_of(desk.get(f"/cartera/{client.id}"))


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"lat": "abc", "lon": "-71"},
        {"lat": "-91", "lon": "-71"},
        {"lat": "0", "lon": "0"},
        {"lat": "nan", "lon": "1"},
    ],
)
def test_degrees_that_are_none_are_asked_for_again(desk, session, data):
    client = unplaced(session)

    answer = desk.post(f"/cartera/{client.id}/ubicacion", data=data)

    assert answer.status_code == 422
    session.expire_all()
    assert session.get(Client, client.id).lat is None


def test_somebody_who_was_slower_is_told(desk, session):
    client = make_client(session)
    session.commit()

    answer = desk.post(
        f"/cartera/{client.id}/ubicacion", data={"lat": "-29.9", "lon": "-71.25", "was": "1.0,2.0"}
    )

    assert "Alguien lo cambió mientras tanto" in text_of(desk.get(answer.location))


def test_a_pin_is_undone_from_the_list(desk, session):
    client = unplaced(session)
    desk.post(f"/cartera/{client.id}/ubicacion", data={"lat": "-29.9", "lon": "-71.2", "was": ""})
    page = desk.get("/cartera/sin-ubicacion").text
    about = re.search(r'ubicacion/deshacer".*?name="about" value="(\d+)"', page, re.S)[1]

    desk.post(f"/cartera/{client.id}/ubicacion/deshacer", data={"about": about})

    session.expire_all()
    assert session.get(Client, client.id).lat is None


def test_what_a_visit_proposes_is_shown_and_accepted(desk, session):
    client = make_client(session)
    visit = make_visit(
        session, client, make_user(session), lat=-29.9050, lon=-71.2519, accuracy_m=10
    )
    session.commit()

    page = text_of(desk.get("/cartera/sin-ubicacion"))
    answer = desk.post(f"/cartera/{client.id}/ubicacion/aceptar", data={"about": visit.id})

    assert "El gestor estuvo a 256 m de este punto: ¿mover?" in page
    assert answer.status_code == 303
    session.expire_all()
    assert session.get(Client, client.id).location_quality is LocationQuality.SURVEYED


def test_what_a_visit_proposes_is_dismissed(desk, session):
    client = make_client(session)
    visit = make_visit(
        session, client, make_user(session), lat=-29.9050, lon=-71.2519, accuracy_m=10
    )
    session.commit()

    desk.post(f"/cartera/{client.id}/ubicacion/descartar", data={"about": visit.id})

    assert "¿mover?" not in text_of(desk.get("/cartera/sin-ubicacion"))


@pytest.mark.parametrize("action", ["aceptar", "descartar", "deshacer"])
@pytest.mark.parametrize("data", [{}, {"about": "x"}, {"about": "999999"}])
def test_an_answer_about_nothing_is_told(desk, session, action, data):
    client = unplaced(session)

    answer = desk.post(f"/cartera/{client.id}/ubicacion/{action}", data=data)

    assert answer.status_code == 303
    session.expire_all()
    assert session.get(Client, client.id).lat is None


def test_a_client_that_is_not_there_is_not_found(desk):
    assert desk.get("/cartera/404/ubicacion").status_code == 404


# -- the search


def test_a_street_typed_by_a_collector_is_found(client_as, city):
    page = client_as(Role.COLLECTOR).get("/ciudad/buscar?q=priv hidalgo 2")

    assert "Privada Hidalgo 2, Santa Ana" in text_of(page)
    assert 'data-lat="-29.8995' in page.text


def test_the_search_answers_in_json(client_as, city):
    answer = client_as(Role.COLLECTOR).get(
        "/ciudad/buscar?q=juarez&cerca=-29.9,-71.229", headers={"Accept": "application/json"}
    )

    first = answer.json["matches"][0]
    assert first["label"] == "Calle Benito Juárez, Santa Ana"
    assert first["kind"] == "street"
    assert set(first) == {"lat", "lon", "label", "kind", "confidence", "reach_m", "doubts"}


@pytest.mark.parametrize(
    "query", ["", "q=", "q=%20", "q=" + "x" * 5000, "q=a&cerca=x,y", "cerca=1"]
)
def test_questions_without_sense_find_nothing(client_as, city, query):
    answer = client_as(Role.SUPERVISOR).get(f"/ciudad/buscar?{query}")

    assert answer.status_code == 200
    assert "data-lat" not in answer.text


@pytest.mark.parametrize("near", ["inf,1", "1e400,0", "nan,nan", "91,0", "0,181"])
def test_a_place_that_is_none_on_earth_changes_no_search(client_as, city, near):
    collector = client_as(Role.COLLECTOR)

    answer = collector.get(f"/ciudad/buscar?q=juarez&cerca={near}")

    assert (answer.status_code, "data-lat" in answer.text) == (200, True)


def test_without_addresses_the_search_says_so(client_as):
    desk = client_as(Role.ADMIN)

    assert "no tiene direcciones" in text_of(desk.get("/ciudad/buscar?q=juarez"))
    answer = desk.get("/ciudad/buscar?q=juarez", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "no_address_book")


def test_names_of_the_map_reach_the_page_as_text(desk, city):
    page = desk.get("/ciudad/buscar?q=pasaje img src")

    assert "Pasaje &lt;img src=x" in page.text
    assert "<img" not in page.text


def test_names_of_clients_reach_the_pages_as_text(desk, session, city):
    evil = '<img src=x onerror="alert(1)">'
    client = unplaced(session, name=evil, address="Privada Hidalgo 2")

    for address in ("/cartera/sin-ubicacion", f"/cartera/{client.id}/ubicacion"):
        assert evil not in desk.get(address).text


def test_a_person_searches_so_often_in_a_minute_and_no_more(stopped_clock):
    pace = SearchPace(per_minute=2)
    pace.count(1, clock.now())
    pace.count(1, clock.now())

    with pytest.raises(TooManySearches):
        pace.count(1, clock.now())
    pace.count(2, clock.now())  # others are not held up
