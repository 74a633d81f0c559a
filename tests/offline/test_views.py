"""What the server tells the phone to keep, and whom each page was made for."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from collector_app.core.actor import Role
from collector_app.portfolio.models import Client
from collector_app.visits.models import Visit
from tests.factories import make_client, make_user
from tests.phone.factories import TODAY, make_plan, make_route
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def route(session, collector):
    clients = [make_client(session), make_client(session)]
    make_zone(session, clients, collector)
    return make_route(session, collector, clients)


def is_there(client, url) -> bool:
    with client.get(url) as answer:
        return answer.status_code == 200


def test_the_worker_serves_the_phone_alone_and_is_always_asked_for_again(anonymous):
    answer = anonymous.get("/phone/sw.js")

    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/phone/"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_every_file_that_the_worker_keeps_exists(anonymous):
    told = re.search(r"start\((.*)\);", anonymous.get("/phone/sw.js").text)[1]

    assert [url for url in json.loads(told)["shell"] if not is_there(anonymous, url)] == []


@pytest.mark.parametrize("path", ["/promesas", "/caja", "/convenios/12", "/contrasena"])
def test_the_way_to_pages_that_need_signal_leads_through_the_phones_scope(
    client_as, collector, path
):
    answer = client_as(collector).get("/phone/ir", query_string={"a": path})

    assert (answer.status_code, answer.location) == (302, path)


@pytest.mark.parametrize(
    "asked",
    ["", "//evil.example", "https://evil.example", "/\\evil.example", "/caja\r\nX-A: b", "caja"],
)
def test_the_way_leads_nowhere_else(client_as, collector, asked):
    answer = client_as(collector).get("/phone/ir", query_string={"a": asked})

    assert (answer.status_code, answer.location) == (302, "/phone/")


def test_the_menu_of_the_phone_leads_out_of_its_scope_that_way_only(client_as, collector, route):
    page = client_as(collector).get("/phone/").text

    menu = re.search(r'<details class="menu">.*?</details>', page, re.DOTALL)[0]
    links = re.findall(r'<a href="([^"]*)"', menu)
    assert len(links) > 5
    assert [url for url in links if not url.startswith("/phone/")] == []
    assert "/phone/ir?a=/caja" in links


def test_the_manifest_opens_the_phone_with_icons_that_exist(anonymous):
    answer = anonymous.get("/phone/app.webmanifest")
    manifest = json.loads(answer.text)

    assert answer.mimetype == "application/manifest+json"
    assert (manifest["scope"], manifest["start_url"]) == ("/phone/", "/phone/")
    assert {one["sizes"] for one in manifest["icons"]} == {"192x192", "512x512"}
    assert all(is_there(anonymous, one["src"]) for one in manifest["icons"])


def test_pages_say_for_whom_they_are_and_other_answers_do_not(client_as, collector, route):
    client = client_as(collector)

    assert client.get("/phone/").headers["Kept-For"] == str(collector.id)
    assert "Kept-For" not in client.get("/phone/parada/999").headers
    assert "Kept-For" not in client.get("/phone/copias").headers
    assert "Kept-For" not in client_as(Role.ADMIN).get("/usuarios").headers


def test_the_list_names_every_page_of_today_and_each_opens(client_as, collector, route):
    client = client_as(collector)

    pages = client.get("/phone/copias").json["pages"]

    wanted = {"/phone/", "/phone/?ver=all", "/phone/mapa"}
    for stop in route:
        wanted |= {f"/phone/parada/{stop.id}", f"/phone/parada/{stop.id}/registrar"}
    assert wanted <= set(pages)
    assert {client.get(url).status_code for url in pages} == {200}


def test_without_a_route_only_pages_that_need_none_are_kept(client_as, collector):
    pages = client_as(collector).get("/phone/copias").json["pages"]

    assert set(pages) == {
        "/phone/",
        "/phone/manana",
        "/phone/cambiar",
        "/phone/listo",
        "/phone/pendientes",
        "/phone/pin",
        "/phone/recibos",
        "/phone/contacto",
        "/phone/guion",
    }


def test_tomorrows_stops_are_kept_once_its_route_is_published(session, client_as, collector):
    client = make_client(session)
    plan = make_plan(session, TODAY + timedelta(days=1))
    (stop,) = make_route(session, collector, [client], plan)

    browser = client_as(collector)

    pages = browser.get("/phone/copias").json["pages"]
    wanted = {f"/phone/parada/{stop.id}", f"/phone/parada/{stop.id}/registrar"}
    assert wanted <= set(pages)
    assert {browser.get(url).status_code for url in wanted} == {200}


def test_a_visit_makes_the_list_and_its_own_stop_new_and_no_other(
    client_as, session, collector, route
):
    client = client_as(collector)
    before = client.get("/phone/copias").json["pages"]
    make_visit_at(session, route[0], collector)
    session.commit()

    after = client.get("/phone/copias").json["pages"]

    changed = {url for url in after if after[url] != before[url]}
    assert {"/phone/", f"/phone/parada/{route[0].id}"} <= changed
    assert f"/phone/parada/{route[1].id}" not in changed


def make_visit_at(session, stop, collector):
    make_visit(session, session.get(Client, stop.client_id), collector, stop_id=stop.id)


def test_only_visits_of_ones_own_are_told_as_stored(client_as, session, collector, route):
    make_visit_at(session, route[0], collector)
    session.commit()
    uuid = session.scalars(select(Visit.uuid)).one()
    other = make_user(session, Role.COLLECTOR)

    assert client_as(collector).get(f"/phone/guardadas?uuid={uuid}&uuid=x").json == {
        "stored": [uuid]
    }
    assert client_as(other).get(f"/phone/guardadas?uuid={uuid}").json == {"stored": []}
