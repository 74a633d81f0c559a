"""From the creditor's file to payments: read, compared, accepted once, taken back."""

import html
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from collector_app.core import clock, jobs
from collector_app.core.actor import Role
from collector_app.payments.models import Allocation, Payment
from collector_app.payments.rules import PaymentMethod
from collector_app.portfolio.models import Credit, Invoice
from collector_app.reconciliation.models import PaymentFile, PaymentFileLine
from collector_app.reconciliation.reconcile_job import run_reconciliation
from collector_app.worker import HANDLERS
from tests.factories import make_client, make_user, owes_in
from tests.payments.factories import make_payment

HEADINGS = "Fecha;No. cliente;Importe;Referencia"


def silent(_share: float, _note: str) -> None:
    """Tell nobody how far the job is."""


def text_of(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.fixture
def desk(client_as, stopped_clock):
    return client_as(Role.SUPERVISOR)


@pytest.fixture
def upload(desk, session):
    def send(*lines: str, headings: str = HEADINGS):
        session.commit()
        data = "\n".join((headings, *lines)).encode()
        return desk.post("/conciliacion", data={"file": (io.BytesIO(data), "pagos.csv")})

    return send


def accept(desk, page: str, **data):
    answer = desk.post(f"{page}/aceptar", data=data)
    job = jobs.status(answer.location.rpartition("/")[2])
    assert HANDLERS[job.kind] is run_reconciliation
    return job.arguments


def payments_of(session, client) -> list[Payment]:
    session.expire_all()
    return list(session.scalars(select(Payment).where(Payment.client_id == client.id)))


def test_a_payment_of_the_file_is_recorded_and_settles_the_debt(desk, session, upload):
    client = make_client(session, overdue_cents=150_000)
    invoice = session.scalars(
        select(Invoice).join(Credit).where(Credit.client_id == client.id)
    ).one()
    invoice.balance_at = clock.now() - timedelta(days=9)
    page = upload(f"09/03/2026;{client.external_id};350.50;A1").location

    assert "Nuevos" in text_of(desk.get(page))
    run_reconciliation(accept(desk, page), silent)

    (payment,) = payments_of(session, client)
    assert (payment.amount_cents, payment.method) == (35_050, PaymentMethod.DEPOSIT)
    settled = session.scalar(select(func.sum(Allocation.amount_cents)))
    assert settled == 35_050


def test_the_job_run_again_records_nothing_twice(desk, session, upload):
    client = make_client(session)
    page = upload(
        f"09/03/2026;{client.external_id};350;", f"09/03/2026;{client.external_id};360;"
    ).location
    arguments = accept(desk, page)

    run_reconciliation(arguments, silent)
    run_reconciliation(arguments, silent)

    assert len(payments_of(session, client)) == 2


def test_a_file_is_accepted_once(desk, session, upload):
    page = upload(f"09/03/2026;{make_client(session).external_id};350;").location
    accept(desk, page)

    assert desk.post(f"{page}/aceptar").status_code == 409


def test_a_payment_that_we_have_is_confirmed_and_not_recorded_again(desk, session, upload):
    client = make_client(session)
    make_payment(session, make_user(session), client, 35_000).method = PaymentMethod.TRANSFER
    page = upload(f"10/03/2026;{client.external_id};350;").location

    run_reconciliation(accept(desk, page), silent)

    assert len(payments_of(session, client)) == 1
    assert [one.is_new for one in session.scalars(select(PaymentFileLine))] == [False]
    again = upload(f"10/03/2026;{client.external_id};350;").location
    assert "Repetidos 1" in text_of(desk.get(again)), "a confirmed payment confirms no second file"


def test_the_same_list_sent_again_records_nothing_twice(desk, session, upload):
    client = make_client(session)
    lines = [f"09/03/2026;{client.external_id};350;A1", f"10/03/2026;{client.external_id};350;A2"]
    run_reconciliation(accept(desk, upload(*lines[:1]).location), silent)

    page = upload(*lines).location
    assert "Repetidos 1" in text_of(desk.get(page))
    run_reconciliation(accept(desk, page), silent)

    assert sorted(one.reference for one in payments_of(session, client)) == ["A1", "A2"]


def test_a_line_told_twice_in_a_file_is_recorded_once_unless_a_person_says_so(
    desk, session, upload
):
    client = make_client(session)
    line = f"09/03/2026;{client.external_id};350;A1"
    page = upload(line, line).location
    key = html.unescape(re.search(r'name="chosen" value="([^"]+)"', desk.get(page).text)[1])
    arguments = accept(desk, page)

    run_reconciliation(arguments, silent)
    assert len(payments_of(session, client)) == 1

    run_reconciliation({**arguments, "chosen": [key]}, silent)
    assert len(payments_of(session, client)) == 2


def test_a_payment_of_a_day_that_has_not_come_is_named_and_left_out(desk, session, upload):
    client = make_client(session)
    today = clock.now().date()
    days = (
        f"{day:%d/%m/%Y};{client.external_id};350;{day.day}"
        for day in (today, today + timedelta(2))
    )

    shown = text_of(desk.get(upload(*days).location))

    assert "3 · A Ese día todavía no llega" in shown
    assert "Nuevos 1" in shown


def test_a_doubtful_line_is_recorded_only_when_a_person_says_so(desk, session, upload):
    client = make_client(session)
    ours = make_payment(session, make_user(session), client, 35_000)
    ours.method, ours.reference = PaymentMethod.TRANSFER, "111"
    line = f"10/03/2026;{client.external_id};350;222"

    run_reconciliation(accept(desk, upload(line).location), silent)
    assert len(payments_of(session, client)) == 1

    page = upload(line).location
    key = html.unescape(re.search(r'name="chosen" value="([^"]+)"', desk.get(page).text)[1])
    run_reconciliation(accept(desk, page, chosen=key), silent)
    assert len(payments_of(session, client)) == 2


def test_a_deposit_that_the_file_lacks_is_listed(desk, session, upload):
    client, other = make_client(session), make_client(session, name="Señora Sin Respaldo")
    make_payment(session, make_user(session), other, 10_000).method = PaymentMethod.DEPOSIT

    page = upload(f"10/03/2026;{client.external_id};350;").location

    assert "Señora Sin Respaldo" in text_of(desk.get(page)).partition("sin respaldo:")[2]


def test_what_a_file_recorded_can_be_taken_back(desk, session, upload):
    client = make_client(session)
    page = upload(f"09/03/2026;{client.external_id};350;").location
    run_reconciliation(accept(desk, page), silent)

    assert desk.post(f"{page}/deshacer", data={"reason": ""}).status_code == 422
    assert desk.post(f"{page}/deshacer", data={"reason": "era de otro mes"}).status_code == 303

    (payment,) = payments_of(session, client)
    assert payment.annulled_at is not None


def test_rows_that_cannot_be_read_are_named_and_the_others_taken(desk, session, upload):
    client = make_client(session)
    page = upload(
        f"09/03/2026;{client.external_id};mucho;",
        f"31/02/2026;{client.external_id};350;",
        "09/03/2026;;350;",
        f"09/03/2026;{client.external_id};0;",
        "09/03/2026;C-NADIE;350;",
        f"09/03/2026;{client.external_id};120;",
        ";;470;",
    ).location

    shown = text_of(desk.get(page))

    assert "2 · C" in shown
    assert "3 · A" in shown
    assert "4 · B" in shown
    assert "5 · C" in shown
    assert "Ese cliente o crédito no está en la cartera. C-NADIE" in shown
    assert "$120.00" in shown
    assert "$470.00" not in shown, "a line that adds up is no payment"


@pytest.mark.parametrize("headings", ["Nombre;Importe", "Fecha;Importe;Nombre", ""])
def test_a_file_without_the_columns_is_refused_and_not_kept(session, upload, headings):
    answer = upload("a;b;c", headings=headings)

    assert answer.status_code == 422
    assert session.scalar(select(func.count(PaymentFile.id))) == 0


def test_no_file_at_all_is_said(desk):
    assert "Elige el archivo de pagos" in desk.post("/conciliacion", data={}).text


def test_a_despachador_does_not_record_money(client_as, stopped_clock):
    assert client_as(Role.DISPATCHER).get("/conciliacion").status_code == 403


def test_a_file_adds_up_each_currency_by_itself(desk, session, upload):
    here, there = make_client(session), make_client(session)
    owes_in(session, there, "USD")
    page = upload(
        f"09/03/2026;{here.external_id};350;", f"09/03/2026;{there.external_id};70;"
    ).location

    assert "Nuevos 2 $350.00 · USD70.00" in text_of(desk.get(page))
    run_reconciliation(accept(desk, page), silent)

    assert "2 registrados por $350.00 · USD70.00" in text_of(desk.get(page))
    assert "$350.00 · USD70.00" in text_of(desk.get("/conciliacion"))


def test_money_of_an_unknown_client_has_no_currency(desk, session, upload):
    page = upload("09/03/2026;nobody;1350;").location

    assert "nobody · 1,350.00" in text_of(desk.get(page))
