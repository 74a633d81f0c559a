"""The page of a client's file."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.planning.models import SkippedClient
from collector_app.planning.rules import SkipCause
from collector_app.portfolio.rules import AddressOrigin, VisitPlaceKind
from collector_app.portfolio.services import tell_visit_place
from collector_app.visits.models import Appointment
from collector_app.web.filters import fecha
from collector_app.web.words import label
from tests.agreements.factories import make_agreement
from tests.factories import actor_of, make_client, make_user, owes_in
from tests.live.factories import publish_route
from tests.payments.factories import make_payment
from tests.promises.factories import make_promise_row
from tests.visits.factories import make_visit

ZONE = ZoneInfo("America/Mexico_City")


def test_the_page_tells_debt_visits_and_payments(session, client_as):
    ana, client = make_user(session, full_name="Ana Mena"), make_client(session)
    make_visit(session, client, ana, lat=-29.9, lon=-71.25, accuracy_m=8, note="Volver el lunes")
    make_payment(session, ana, client)

    page = client_as(Role.SUPERVISOR).get(f"/cartera/{client.id}/expediente").text

    assert "$1,500.00" in page
    assert "Volver el lunes" in page
    assert "$350.00" in page
    assert "Domicilio y visitas del cliente" in page


def test_a_debt_in_dollars_is_never_called_pesos(session, client_as):
    ana, client = make_user(session), make_client(session)
    make_payment(session, ana, client)
    make_promise_row(session, client)
    owes_in(session, client, "USD")
    session.commit()

    page = client_as(Role.SUPERVISOR).get(f"/cartera/{client.id}/expediente").text

    assert {"USD1,500.00", "USD350.00"} <= set(re.findall(r"USD[0-9,]+\.[0-9]{2}", page))
    assert not re.search(r"\$[0-9]", page)


def test_what_is_to_come_stands_apart_from_what_has_happened(session, client_as):
    ana, client = make_user(session), make_client(session)
    make_visit(session, client, ana)
    hour = timedelta(hours=1)
    for days in (3, 1):
        at = clock.now() + timedelta(days=days)
        session.add(Appointment(client_id=client.id, starts_at=at, ends_at=at + hour))
    session.commit()

    page = client_as(Role.SUPERVISOR).get(f"/cartera/{client.id}/expediente").text

    coming, past = page.index("Lo que viene"), page.index("Lo que ha pasado")
    ahead = [one.start() for one in re.finditer('class="[^"]* ahead"', page)]
    assert len(ahead) == 2
    assert all(coming < place < past for place in ahead)
    tomorrow, later = (fecha(clock.now() + timedelta(days=n)) for n in (1, 3))
    assert coming < page.index(tomorrow, coming) < page.index(later, coming) < past


def test_without_anything_to_come_nothing_says_so(session, client_as):
    client = make_client(session)
    make_visit(session, client, make_user(session))

    page = client_as(Role.SUPERVISOR).get(f"/cartera/{client.id}/expediente").text

    assert "Lo que viene" not in page
    assert "Lo que ha pasado" in page


def test_promises_are_counted_in_whole_numbers(session, client_as):
    client = make_client(session)
    ended = clock.today(ZONE) - timedelta(days=20)
    make_promise_row(
        session, client, due_on=ended, made_at=clock.now() - timedelta(days=25), amount_cents=100
    )
    session.commit()

    page = client_as(Role.SUPERVISOR).get(f"/cartera/{client.id}/expediente").text

    assert "0 / 1" in page
    assert "0.0 / 1" not in page


def test_a_name_that_is_code_stays_text(session, client_as):
    client = make_client(session, name='<script>alert("x")</script>')

    page = client_as(Role.ADMIN).get(f"/cartera/{client.id}/expediente").text

    assert '<script>alert("x")' not in page


def test_a_client_without_place_or_history_says_so(session, client_as):
    client = make_client(session, lat=None, lon=None, overdue_cents=0)

    page = client_as(Role.DISPATCHER).get(f"/cartera/{client.id}/expediente").text

    assert "Aún no ha pasado nada" in page
    assert "Mapa de visitas" not in page


def test_nobody_is_not_found(session, client_as):
    assert client_as(Role.SUPERVISOR).get("/cartera/999/expediente").status_code == 404


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("2000-01-01", "2000-01-01"),
        ("1999-12-31", None),
        ("0001-01-01", None),
        ("2024-02-29", "2024-02-29"),
        ("2025-02-29", None),
        ("9999-12-31", None),
    ],
)
def test_a_day_that_can_not_be_asked_for_is_today(session, client_as, asked, told):
    client = make_client(session)
    session.commit()

    page = client_as(Role.SUPERVISOR).get(f"/cartera/{client.id}/expediente?al={asked}")

    assert page.status_code == 200
    assert f'value="{told or clock.today(ZONE).isoformat()}"' in page.text


@pytest.mark.parametrize(
    ("origin", "words"), [(AddressOrigin.CONTRACT, "Está en el contrato"), (None, "No se sabe")]
)
def test_who_told_the_address_is_said(session, client_as, origin, words):
    client, boss = make_client(session), actor_of(make_user(session, Role.SUPERVISOR))
    if origin is not None:
        home = VisitPlaceKind.HOME
        tell_visit_place(session, boss, client.id, home, is_authorised=False, origin=origin)
    session.commit()

    page = client_as(Role.SUPERVISOR).get(f"/cartera/{client.id}/expediente").text

    assert re.search(rf"Origen del domicilio</dt>\s*<dd[^>]*>{words}", page)


def weighed(page: str) -> str:
    card = re.search(r"Cómo lo pesó el último plan(.*?)Quién lo atiende", page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", card[1]))


def test_how_the_last_plan_weighed_a_client_is_told_in_parts(session, client_as):
    client, collector = make_client(session), make_user(session, full_name="Ana Paz")
    publish_route(session, collector, [client], clock.today(ZONE) - timedelta(days=1))
    (stop,) = publish_route(session, collector, [client], clock.today(ZONE))
    stop.reasons = [
        {
            "code": "chances",
            "contact": 0.4,
            "source": "client",
            "sample": 5,
            "worth_cents": 50_000,
            "parts": {"overdue": 30_000, "promise_due": 20_000},
        }
    ]
    session.commit()

    told = weighed(client_as(Role.SUPERVISOR).get(f"/cartera/{client.id}/expediente").text)

    assert f"Plan del {fecha(clock.today(ZONE))} · Ana Paz · parada 1" in told
    assert "Probabilidad de encontrarlo: 40%, según 5 visitas suyas" in told
    assert "En total $500.00" in told


def test_why_the_last_plan_left_a_client_out_is_told(session, client_as):
    client, collector = make_client(session), make_user(session, full_name="Ana Paz")
    publish_route(session, collector, [client], clock.today(ZONE))
    (stop,) = publish_route(
        session, collector, [make_client(session)], clock.today(ZONE) + timedelta(days=1)
    )
    skip = SkippedClient(
        plan_id=stop.route.plan_id,
        client_id=client.id,
        collector_id=collector.id,
        cause=SkipCause.NOTHING_OVERDUE,
        facts={},
    )
    session.add(skip)
    session.commit()
    supervisor = client_as(Role.SUPERVISOR)

    told = weighed(supervisor.get(f"/cartera/{client.id}/expediente").text)

    assert "quedó fuera" in told
    assert label(SkipCause.NOTHING_OVERDUE) in told
    before = (clock.today(ZONE) - timedelta(days=1)).isoformat()
    assert "Cómo lo pesó" not in supervisor.get(f"/cartera/{client.id}/expediente?al={before}").text


def test_agreements_stand_on_the_file_with_their_state(session, client_as):
    client, boss = make_client(session), actor_of(make_user(session, Role.SUPERVISOR))
    agreement = make_agreement(session, boss, client)
    session.commit()

    page = client_as(Role.SUPERVISOR).get(f"/cartera/{client.id}/expediente").text

    assert f'href="/convenios/{agreement.id}"' in page
