"""The clients and credits behind the figures of analysis, as pages and files."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.payments.models import Allocation
from collector_app.portfolio.models import Credit, Invoice
from tests.factories import make_client, make_user, owes_in
from tests.payments.factories import make_payment

DAY = timedelta(days=1)


@pytest.fixture
def desk(client_as, stopped_clock):
    return client_as(Role.DISPATCHER)


def debtor(session, name: str, cents: int, days: int):
    """Somebody whose only invoice, told long ago, fell due so many days ago."""
    client = make_client(session, name=name, overdue_cents=cents, days=days)
    for invoice in invoices_of(session, client):
        invoice.balance_at = clock.now() - 100 * DAY
    session.flush()
    return client


def invoices_of(session, client) -> list[Invoice]:
    found = select(Invoice).join(Credit).where(Credit.client_id == client.id)
    return list(session.scalars(found))


@pytest.fixture
def cartera(session, stopped_clock):
    paid = debtor(session, "Paula Paga", 100_000, 40)
    debtor(session, "Petra Peor", 200_000, 50)
    debtor(session, "Nora Nueva", 300_000, 5)
    payment = make_payment(session, make_user(session), paid, 100_000)
    payment.received_at = clock.now() - 2 * DAY
    [invoice] = invoices_of(session, paid)
    session.add(Allocation(payment_id=payment.id, invoice_id=invoice.id, amount_cents=100_000))
    session.flush()


def named(page: str) -> set[str]:
    return {one for one in ("Paula Paga", "Petra Peor", "Nora Nueva") if one in page}


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("", {"Paula Paga", "Petra Peor", "Nora Nueva"}),
        ("de=d1_30", {"Paula Paga", "Petra Peor"}),
        ("de=d1_30&a=paid_up", {"Paula Paga"}),
        ("a=d31_60", {"Petra Peor"}),
        ("de=current&a=d1_30", {"Nora Nueva"}),
        ("de=d61_90", set()),
        ("de=ayer&a=nunca", {"Paula Paga", "Petra Peor", "Nora Nueva"}),
    ],
)
def test_the_clients_of_a_bucket_or_of_a_way_between_two(desk, cartera, query, who):
    assert named(desk.get(f"/analisis/clientes?{query}").text) == who
    assert named(desk.get(f"/analisis/clientes.csv?{query}").data.decode("utf-8-sig")) == who


def test_the_overview_leads_to_the_clients_of_each_figure(desk, cartera):
    page = desk.get("/analisis").text

    assert "/analisis/clientes?a=d31_60&" in page.replace("&amp;", "&")
    assert "/analisis/clientes?de=d1_30&a=paid_up&" in page.replace("&amp;", "&")
    assert "/indicadores/sales_outstanding?por=zone" in page.replace("&amp;", "&")


def test_the_file_says_both_ends_in_pesos(desk, cartera):
    lines = desk.get("/analisis/clientes.csv?de=d1_30&a=d31_60").data.decode("utf-8-sig")

    first, row = lines.splitlines()
    assert first == "Cliente,Saldo al inicio,Tramo al inicio,Saldo al cierre,Tramo al cierre,Moneda"
    assert row.startswith("Petra Peor,2000.0,")
    assert row.endswith(",MXN")


def test_debts_in_another_currency_are_on_a_page_of_their_own(desk, session, cartera):
    owes_in(session, debtor(session, "Dora Dólar", 50_000, 40), "USD")

    assert "Dora Dólar" not in desk.get("/analisis/clientes").text
    in_dollars = desk.get("/analisis/clientes?moneda=USD").text
    assert "Dora Dólar" in in_dollars
    assert named(in_dollars) == set()


@pytest.fixture
def opened(session, stopped_clock):
    for name, on, days in (("Vera Vieja", date(2025, 12, 31), 60), ("Ema Enero", None, 10)):
        client = debtor(session, name, 100_000, days)
        credit = session.scalars(select(Credit).where(Credit.client_id == client.id)).one()
        credit.opened_on = on or date(2026, 1, 1)
    session.flush()


def test_the_credits_of_a_quarter_say_when_they_were_first_late(desk, opened):
    before = desk.get("/analisis/cosechas/creditos?trimestre=2025-4").text
    after = desk.get("/analisis/cosechas/creditos?trimestre=2026-1").text

    assert "Vera Vieja" in before
    assert "Ema Enero" not in before
    assert "venció el" in before
    assert "Ema Enero" in after
    assert "nunca" in after
    assert "trimestre=2025-4" in desk.get("/analisis/cosechas").text


@pytest.mark.parametrize("asked", ["", "trimestre=2026-5", "trimestre=x", "trimestre=0000-1"])
def test_a_quarter_that_is_none_shows_the_present_one_or_nothing(desk, opened, asked):
    page = desk.get(f"/analisis/cosechas/creditos?{asked}")

    assert page.status_code == 200
    assert ("Ema Enero" in page.text) == (asked != "trimestre=0000-1")


def test_the_file_of_a_vintage_has_its_credits(desk, opened):
    lines = desk.get("/analisis/cosechas/creditos.csv?trimestre=2025-4").data.decode("utf-8-sig")

    _head, row = lines.splitlines()
    assert row.startswith("Vera Vieja,")
    assert ",2025-12-31,1000.0,MXN," in row
