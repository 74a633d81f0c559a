"""The page of a client's file."""

from zoneinfo import ZoneInfo

import pytest

from collector_app.core import clock
from collector_app.core.actor import Role
from tests.factories import make_client, make_user
from tests.payments.factories import make_payment
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
