"""Folios without a gap, receipts that anybody may verify and that tell nobody's data."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update

from collector_app.contacts.models import Contact
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.payments.models import Receipt
from collector_app.payments.receipt_pdf import in_letters
from collector_app.payments.receipts import broken_series
from collector_app.payments.rules import folio, missing_numbers
from collector_app.payments.services import annul_payment, record_payment
from collector_app.portfolio.models import Credit
from collector_app.web.extensions import transaction
from tests.contacts.factories import make_contact
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import payment_fact
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def debtor(session, collector):
    client = make_client(session, name="Rosa Muñoz")
    make_zone(session, [client], collector)
    return client


def pay(session, who, debtor, **values):
    return record_payment(session, actor_of(who), payment_fact(debtor, **values), zone=ZONE)


def folios(session) -> list[str]:
    return [folio(one.series, one.number) for one in session.query(Receipt).order_by(Receipt.id)]


def test_each_collector_has_a_series_and_the_office_its_own(session, collector, debtor):
    office = make_user(session, Role.SUPERVISOR)
    for who in (collector, office, collector):
        pay(session, who, debtor)

    mine = f"G{collector.id}"
    assert folios(session) == [f"{mine}-000001", "OF-000001", f"{mine}-000002"]


def test_a_payment_told_twice_has_one_folio_and_an_annulled_one_keeps_its_own(
    session, collector, debtor
):
    fact = payment_fact(debtor)
    first = record_payment(session, actor_of(collector), fact, zone=ZONE)
    record_payment(session, actor_of(collector), fact, zone=ZONE)
    annul_payment(
        session, actor_of(make_user(session, Role.ADMIN)), first.id, "capturado doble", zone=ZONE
    )
    pay(session, collector, debtor)

    assert [one[-6:] for one in folios(session)] == ["000001", "000002"]


def test_payments_at_once_get_folios_without_gap_or_repeat(app, session, collector, debtor):
    """Every third one fails after it was given a folio, and takes it back with it."""
    actor = actor_of(collector)
    facts = [payment_fact(debtor, amount_cents=1_000) for _ in range(12)]
    session.commit()

    def send(n: int) -> None:
        with app.app_context():
            try:
                with transaction() as other:
                    record_payment(other, actor, facts[n], zone=ZONE)
                    if n % 3 == 0:
                        raise ConnectionError
            except ConnectionError:
                pass

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(send, range(12)))

    assert sorted(one[-6:] for one in folios(session)) == [f"{n:06d}" for n in range(1, 9)]
    assert broken_series(session) == {}


@pytest.mark.parametrize("gone", [[1], [3], [2, 3], [1, 2, 3]])
def test_folios_of_the_office_that_were_taken_away_are_missed_to_the_last(
    session, collector, debtor, gone
):
    for _ in range(3):
        pay(session, collector, debtor)
    session.execute(delete(Receipt).where(Receipt.number.in_(gone)))

    assert broken_series(session) == {f"G{collector.id}": gone}


def test_a_folio_that_was_taken_away_is_missed(session, collector, debtor):
    for _ in range(3):
        pay(session, collector, debtor)
    session.delete(session.query(Receipt).filter_by(number=2).one())
    session.flush()

    assert broken_series(session) == {f"G{collector.id}": [2]}


@given(st.sets(st.integers(1, 40)))
def test_what_a_series_lacks_and_has_are_all_its_numbers(numbers):
    assert sorted({*missing_numbers(sorted(numbers)), *numbers}) == list(
        range(1, max(numbers, default=0) + 1)
    )


@pytest.mark.parametrize(
    ("cents", "letters"),
    [
        (100, "UNO PESOS 00/100"),
        (123_450, "MIL DOSCIENTOS TREINTA Y CUATRO PESOS 50/100"),
        (5, "CERO PESOS 05/100"),
    ],
)
def test_amounts_stand_in_letters(cents, letters):
    assert in_letters(cents) == letters


def test_whoever_holds_the_code_verifies_receipt_and_collector_and_sees_no_client(
    session, client_as, anonymous, collector, debtor
):
    payment = pay(session, collector, debtor)
    receipt = session.query(Receipt).one()
    admin = actor_of(make_user(session, Role.ADMIN))
    session.commit()
    address = f"/recibos/verificar/{receipt.code}"

    page = anonymous.get(address).text
    assert "Es válido" in page
    assert "Trabaja con nosotros" in page
    assert collector.full_name in page
    assert debtor.name not in page
    assert debtor.external_id not in page

    annul_payment(session, admin, payment.id, "error", zone=ZONE)
    collector.active = False
    session.commit()
    page = anonymous.get(address).text
    assert "Anulado: no vale" in page
    assert "Ya no trabaja con nosotros" in page
    unknown = anonymous.get("/recibos/verificar/abcdefgh")
    assert (unknown.status_code, "No lo tenemos" in unknown.text) == (404, True)


def test_the_receipt_is_a_pdf_and_a_message(session, client_as, collector, debtor):
    pay(session, collector, debtor)
    receipt = session.query(Receipt).one()
    client = client_as(collector)

    pdf = client.get(f"/recibos/{receipt.id}.pdf")
    page = client.get(f"/recibos/{receipt.id}").text

    assert pdf.content_type == "application/pdf"
    assert pdf.data.startswith(b"%PDF-")
    assert "10 de marzo de 2026" in page
    assert "wa.me" not in page
    gate = f"/contactos/{debtor.id}?canal=whatsapp&amp;mensaje=Recibo+G{collector.id}-000001"
    assert gate in page
    assert "Anular" not in page
    assert f"G{collector.id}-000001" in client.get("/recibos").text


def test_a_supervisor_annuls_with_a_reason(session, client_as, collector, debtor):
    pay(session, collector, debtor)
    receipt = session.query(Receipt).one()
    client = client_as(supervisor := make_user(session, Role.SUPERVISOR))
    assert "Enviar por WhatsApp" in client.get(f"/recibos/{receipt.id}").text

    assert client.post(f"/recibos/{receipt.id}/anular", data={"reason": " "}).status_code == 422
    page = client.post(
        f"/recibos/{receipt.id}/anular", data={"reason": "doble"}, follow_redirects=True
    )

    told = page.text.partition("Anulado")[2]
    assert supervisor.full_name in told
    assert "doble" in told
    assert "Enviar por WhatsApp" not in page.text


def test_a_receipt_leaves_as_a_message_through_the_law_and_counts(
    session, client_as, collector, debtor
):
    pay(session, collector, debtor)
    client = client_as(collector)
    receipt = session.query(Receipt).one()
    page = client.get(f"/recibos/{receipt.id}").text
    [gate] = re.findall(rf'href="(/contactos/{debtor.id}[^"#]*)', page)

    opened = client.get(unescape(gate)).text

    assert f"Recibo G{collector.id}-000001" in opened
    form = {
        "uuid": str(uuid4()),
        "channel": "whatsapp",
        "person": "holder",
        "text": f"Recibo G{collector.id}-000001",
    }
    yesterday = clock.now() - timedelta(days=1)
    make_contact(session, debtor, collector, at=yesterday)
    session.commit()
    assert client.post(f"/contactos/{debtor.id}/mensaje", data=form).status_code == 303
    assert session.query(Contact).filter_by(client_id=debtor.id).count() == 2

    make_contact(session, debtor, collector, at=yesterday)
    session.commit()
    again = client.post(f"/contactos/{debtor.id}/mensaje", data=form | {"uuid": str(uuid4())})
    assert again.status_code == 422
    assert "regla de la casa" in again.text  # two messages in seven days were the most


def test_a_receipt_is_in_the_currency_of_the_credit(session, client_as, collector, debtor):
    session.execute(update(Credit).where(Credit.client_id == debtor.id).values(currency="USD"))
    pay(session, collector, debtor, amount_cents=25_050)
    receipt = session.query(Receipt).one()
    session.commit()
    client = client_as(collector)

    for address in ("/recibos", f"/recibos/{receipt.id}", f"/recibos/verificar/{receipt.code}"):
        page = client.get(address).text
        assert "USD250.50" in page
        assert "$250.50" not in page
    page = client.get(f"/recibos/{receipt.id}").text
    assert "DOSCIENTOS CINCUENTA DÓLARES ESTADOUNIDENSES 50/100" in page
