"""How to get there, turn by turn, as the phone shows it."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest

from collector_app.accounts.models import User
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.planning.models import Stop
from collector_app.portfolio.models import Client
from tests.factories import make_client, make_user
from tests.phone.factories import make_plan, make_route
from tests.routing.travel.towns import at
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ROUTE_PAGE = "/phone/ruta"


@dataclass
class RouteInTown:
    collector: User
    clients: list[Client]
    stops: list[Stop]


@pytest.fixture
def route(session) -> RouteInTown:
    """From the south-west along Calle 0 and Avenida 3, then Calle 4, and back to the start."""
    collector = make_user(session, full_name="Luis Gestor")
    doors = {"Ana Rojas": at(308, 250), "Beto Cortés": at(450, 408)}
    clients = [
        make_client(session, name=name, lat=door.lat, lon=door.lon) for name, door in doors.items()
    ]
    make_zone(session, clients, collector)
    start = at(50, 2)
    ends = {
        f"{end}_{axis}": value
        for end in ("start", "end")
        for axis, value in zip(("lat", "lon"), start, strict=True)
    }
    return RouteInTown(collector, clients, make_route(session, collector, clients, **ends))


def way_url(stop: Stop) -> str:
    return f"/phone/parada/{stop.id}/como-llegar"


def lines(page: str) -> list[str]:
    """Return what the list of turns says, tags aside."""
    rows = re.findall(r"<li><svg.*?</svg><span>(.*?)</span></li>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_the_way_to_the_first_stop_begins_at_the_start_of_the_day(client_as, with_streets, route):
    page = client_as(route.collector).get(way_url(route.stops[0])).text

    assert "Desde tu salida" in page
    assert lines(page) == [
        "Sal hacia el este por Calle 0",
        "En 250 m Da vuelta a la izquierda en Avenida 3",
        "En 250 m Llegas: queda a tu derecha",
    ]


def test_the_way_to_the_next_stop_begins_at_the_stop_before_it(client_as, with_streets, route):
    page = client_as(route.collector).get(way_url(route.stops[1])).text

    assert "Desde la parada 1, Ana Rojas" in page
    assert lines(page) == [
        "Sal hacia el norte por Avenida 3",
        "En 150 m Da vuelta a la derecha en Calle 4",
        "En 150 m Llegas: queda a tu izquierda",
    ]


def test_whoever_changed_the_order_is_led_from_the_door_they_left_last(
    client_as, session, with_streets, route
):
    first, second = route.stops
    make_visit(session, route.clients[1], route.collector, stop_id=second.id)

    page = client_as(route.collector).get(way_url(first)).text

    assert "Desde la parada 2, Beto Cortés" in page
    assert lines(page)[0] == "Sal hacia el oeste por Calle 4"


def test_visits_made_in_another_order_are_followed_in_the_order_they_were_made(
    client_as, session, with_streets, route
):
    now = clock.now()
    for minutes, index in ((20, 1), (10, 0)):
        make_visit(
            session,
            route.clients[index],
            route.collector,
            stop_id=route.stops[index].id,
            started_at=now - timedelta(minutes=minutes),
        )

    pages = [client_as(route.collector).get(way_url(stop)).text for stop in route.stops]

    assert "Desde la parada 2, Beto Cortés" in pages[0]
    assert "Desde tu salida" in pages[1]


def test_the_way_from_where_the_phone_is_can_be_asked_for(client_as, with_streets, route):
    here = at(500, 250)

    page = client_as(route.collector).get(
        f"{way_url(route.stops[0])}?desde={here.lat:.6f},{here.lon:.6f}"
    )

    assert "Desde donde estás" in page.text
    assert lines(page.text) == [
        "Sal hacia el sur por Avenida 5",
        "En 50 m Da vuelta a la derecha en Calle 2",
        "En 200 m Da vuelta a la derecha en Avenida 3",
        "En 50 m Llegas: queda a tu derecha",
    ]


@pytest.mark.parametrize("place", ["", "nonsense", "1", "91,0", "0,181", "nan,nan", "1,2,3"])
def test_a_place_that_is_none_is_left_aside(client_as, with_streets, route, place):
    page = client_as(route.collector).get(way_url(route.stops[0]), query_string={"desde": place})

    assert page.status_code == 200
    assert "Desde tu salida" in page.text


def test_the_whole_route_has_every_ride_left_and_the_way_back(client_as, with_streets, route):
    page = client_as(route.collector).get(ROUTE_PAGE).text

    assert re.findall(r'<span class="name">(.*?)</span>', page) == [
        "Ana Rojas",
        "Beto Cortés",
        "Regreso",
    ]
    assert page.count('class="leg" open') == 1
    assert [line for line in lines(page) if line.startswith("Sal ")] == [
        "Sal hacia el este por Calle 0",
        "Sal hacia el norte por Avenida 3",
        "Sal hacia el oeste por Calle 4",
    ]
    assert "Desde la parada 2, Beto Cortés" in page


def test_stops_that_were_visited_leave_the_whole_route(client_as, session, with_streets, route):
    make_visit(session, route.clients[0], route.collector, stop_id=route.stops[0].id)

    page = client_as(route.collector).get(ROUTE_PAGE).text

    assert re.findall(r'<span class="name">(.*?)</span>', page) == ["Beto Cortés", "Regreso"]
    assert "Desde la parada 1, Ana Rojas" in page


def test_without_a_city_the_pages_say_that_there_are_no_streets(client_as, route):
    phone = client_as(route.collector)

    for url in (ROUTE_PAGE, way_url(route.stops[0])):
        page = phone.get(url)
        assert page.status_code == 200
        assert "todavía no tiene el mapa de calles" in page.text
        assert 'class="turns"' not in page.text


def test_an_unreadable_city_is_no_city(client_as, app, tmp_path, route):
    (tmp_path / "cities" / "broken").mkdir(parents=True)
    (tmp_path / "cities" / "in_use").write_text("broken")
    phone = client_as(route.collector)
    before, app.instance_path = app.instance_path, str(tmp_path)

    page = phone.get(ROUTE_PAGE)

    app.instance_path = before
    assert page.status_code == 200
    assert "todavía no tiene el mapa de calles" in page.text


def test_without_a_route_the_page_says_what_to_wait_for(client_as):
    page = client_as(Role.COLLECTOR).get(ROUTE_PAGE)

    assert page.status_code == 200
    assert "Tu ruta de hoy aún no está lista" in page.text


def test_a_stop_whose_place_is_gone_is_found_by_its_address(
    client_as, session, with_streets, route
):
    route.clients[0].lat = route.clients[0].lon = None
    session.flush()

    phone = client_as(route.collector)
    first, second = (phone.get(way_url(stop)).text for stop in route.stops)

    assert "Falta la ubicación de esta parada o de la anterior" in first
    assert "geo:" not in first
    assert "Falta la ubicación de esta parada o de la anterior" in second


def test_a_place_beyond_the_streets_has_no_way(client_as, session, with_streets, route):
    far = at(9_000, 9_000)
    route.clients[0].lat, route.clients[0].lon = far
    session.flush()

    page = client_as(route.collector).get(way_url(route.stops[0])).text

    assert "No hay camino por las calles del mapa" in page


def test_another_app_gets_the_place_and_no_name(client_as, with_streets, route):
    page = client_as(route.collector).get(way_url(route.stops[0])).text
    door = at(308, 250)

    link = re.search(r'href="(geo:[^"]+)"', page)[1]
    place = f"{door.lat:.6f},{door.lon:.6f}"
    assert link == f"geo:{place}?q={place}(Parada%201)"


def test_a_route_planned_over_other_streets_says_so(client_as, session, with_streets, route):
    phone = client_as(route.collector)
    assert "El mapa de calles cambió" in phone.get(ROUTE_PAGE).text


def test_a_route_planned_over_these_streets_has_nothing_to_add(client_as, session, with_streets):
    collector = make_user(session)
    door = at(308, 250)
    client = make_client(session, lat=door.lat, lon=door.lon)
    make_route(
        session, collector, [client], make_plan(session, parameters={"travel": with_streets})
    )

    assert "El mapa de calles cambió" not in client_as(collector).get(ROUTE_PAGE).text


def test_somebody_elses_stop_and_one_of_yesterday_are_not_found(client_as, session, route):
    yesterday = make_plan(session, day=clock.now().date() - timedelta(days=1))
    old = make_route(session, route.collector, route.clients[:1], yesterday)[0]

    assert client_as(route.collector).get(way_url(old)).status_code == 404
    assert client_as(make_user(session)).get(way_url(route.stops[0])).status_code == 404


def test_a_stop_of_a_route_that_was_replaced_is_not_found(client_as, session, route):
    withdrawn = make_plan(session, withdrawn_at=clock.now())
    former = make_route(session, route.collector, route.clients[:1], withdrawn)[0]

    assert client_as(route.collector).get(way_url(former)).status_code == 404


@pytest.mark.parametrize("page", ["/phone/", "/phone/parada/{}"])
def test_the_way_is_one_tap_from_the_list_and_from_the_stop(client_as, route, page):
    text = client_as(route.collector).get(page.format(route.stops[0].id)).text

    assert f'href="{way_url(route.stops[0])}"' in text
