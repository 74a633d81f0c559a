"""The board of today in a real browser: news as they come, two who watch, no stream, keys."""

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.payments.rules import PaymentFact, PaymentMethod
from collector_app.payments.services import record_payment
from collector_app.web.extensions import transaction
from tests.factories import actor_of, make_client, make_user
from tests.live.factories import publish_route
from tests.sync.factories import make_device
from tests.visits.factories import make_visit

MEXICO = ZoneInfo("America/Mexico_City")


@pytest.fixture
def troubled_day(session):
    """Ana skipped two stops and is far away, with visits on her phone; Beto never began."""
    ana, beto = make_user(session, full_name="Ana Mena"), make_user(session, full_name="Beto Ruiz")
    clients = [make_client(session, lat=-29.9, lon=-71.25) for _ in range(8)]
    today = clock.now().date()
    stops = publish_route(session, ana, clients[:4], today)
    stops += publish_route_of(session, stops[0].route.plan, beto, clients[4:])
    make_visit(session, clients[2], ana, lat=-29.95, lon=-71.25, ended_at=clock.now())
    device = make_device(session, ana)
    device.pending_events, device.last_seen_at = 3, clock.now() - timedelta(hours=1)
    session.commit()
    return clients


def publish_route_of(session, plan, collector, clients):
    """Another route of the same plan."""
    stops = publish_route(session, collector, clients, plan.day, published_at=None)
    route = stops[0].route
    route.plan = plan
    session.flush()
    return stops


def complaints_of_axe(page: Page) -> str:
    found = Axe().run(page)
    return "" if not found.violations_count else found.generate_report()


def pay(client):
    with transaction() as writing:
        fact = PaymentFact(
            str(uuid4()), client.id, None, PaymentMethod.TRANSFER, 123_400, clock.now()
        )
        record_payment(writing, actor_of(make_user(writing, Role.ADMIN)), fact, zone=MEXICO)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1366, 768), (820, 1180)])
def test_everybody_can_read_the_board_of_a_day_with_trouble(desk, troubled_day, scheme, size):
    page = desk(Role.DISPATCHER)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    page.goto("/tablero")

    expect(page.locator("#alerts .alert-row")).to_have_count(5)
    assert complaints_of_axe(page) == ""


def test_money_that_no_visit_brought_appears_by_itself(desk, troubled_day):
    page = desk(Role.SUPERVISOR)
    page.goto("/tablero")
    expect(page.locator("#live-state")).to_have_text("En vivo")

    pay(troubled_day[0])

    row = page.locator("#money").get_by_role("row").filter(has_text="$1,234.00")
    expect(row).to_contain_text("sin visita")


def refuse(route):
    route.fulfill(status=503)


def break_off(route):
    route.abort("connectionreset")


def hold_back(route):  # never answered, as by a proxy that waits for the end of a stream
    pass


@pytest.mark.parametrize("trouble", [refuse, break_off, hold_back])
def test_without_a_stream_the_board_asks_by_itself(desk, troubled_day, complaints, trouble):
    complaints.forgive("503")
    complaints.forgive("ERR_CONNECTION_RESET")
    page = desk(Role.SUPERVISOR)
    page.route("**/tablero/eventos*", trouble)
    page.goto("/tablero")
    expect(page.locator("#live-state")).to_have_text("Se actualiza cada 5 segundos", timeout=20_000)

    pay(troubled_day[0])

    expect(page.locator("#money")).to_contain_text("$1,234.00", timeout=15_000)


def test_what_one_supervisor_noted_the_other_sees_with_name_and_note(desk, troubled_day):
    one, other = desk(Role.SUPERVISOR), desk(Role.SUPERVISOR)
    one.goto("/tablero")
    other.goto("/tablero")
    silent = one.locator(".alert-row").filter(has_text="Sin noticias")

    silent.get_by_role("textbox").fill("Le llamé, va en camino")
    silent.get_by_role("textbox").press("Enter")

    expect(one.locator("#alerts .alert-row:visible")).to_have_count(4)
    expect(other.locator("#noted-alerts summary")).to_have_text("1 aviso con enterado")
    other.locator("#noted-alerts summary").press("Enter")
    expect(other.locator("#noted-alerts")).to_contain_text("Le llamé, va en camino")


def test_a_note_that_somebody_types_survives_the_news(desk, troubled_day):
    page = desk(Role.SUPERVISOR)
    page.goto("/tablero")
    expect(page.locator("#live-state")).to_have_text("En vivo")
    note = page.locator(".alert-row").first.get_by_role("textbox")
    note.type("Le estoy")

    pay(troubled_day[0])

    expect(page.locator("#money")).to_contain_text("$1,234.00")
    expect(note).to_have_value("Le estoy")
    expect(note).to_be_focused()


def test_two_clicks_lead_to_sharing_out_the_stops(desk, troubled_day):
    page = desk(Role.DISPATCHER)
    page.goto("/tablero")

    page.locator(".alert-row").filter(has_text="Beto Ruiz").filter(
        has_text="Sin noticias"
    ).get_by_role("link", name="Repartir").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Reparar")
