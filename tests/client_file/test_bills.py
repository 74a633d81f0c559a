"""From the invoice and its delivery note to each instalment and what moved it, as of any day."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from collector_app.backing.models import CreditDocument
from collector_app.backing.queries import backing_of
from collector_app.backing.rules import DocumentKind
from collector_app.client_file.queries import bills_of
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.payments.movements import MovementKind
from collector_app.portfolio.models import Invoice
from collector_app.stages.queries import client_life
from tests.backing.factories import CONTRACT, make_document
from tests.factories import make_client, make_user
from tests.payments.factories import make_payment
from tests.stages.factories import credit_of

ZONE = ZoneInfo("America/Mexico_City")
DAY = timedelta(days=1)


def sold(session):
    """A client who bought for 3,000 pesos ten days ago, to be paid in two parts."""
    client, today = make_client(session, overdue_cents=0), clock.now().date()
    credit = credit_of(session, client)
    for part in (1, 2):
        session.add(
            Invoice(
                credit_id=credit.id,
                number=f"F-7/{part}",
                bill_number="F-7",
                issued_on=today - 10 * DAY,
                due_on=today + (part - 2) * 5 * DAY,
                amount_cents=150_000,
                balance_cents=150_000,
                balance_at=clock.now() - 9 * DAY,
            )
        )
    session.add(
        CreditDocument(
            credit_id=credit.id,
            kind=DocumentKind.DELIVERY_NOTE,
            number="R-3",
            bill_number="f 7",
            dated_on=today - 10 * DAY,
            created_at=clock.now(),
        )
    )
    session.flush()
    return client


def bill_of(session, client, day):
    life = client_life(session, client.id, day, ZONE)
    backing = backing_of(session, client.id, day, ZONE)
    (credit,) = bills_of(life, backing, day)
    return credit, next(one for one in credit.bills if one.number == "F-7")


def test_a_payment_pays_the_oldest_part_of_the_invoice_and_stands_there(session):
    client = sold(session)
    make_payment(session, make_user(session), client, cents=200_000)
    today = clock.today(ZONE)

    _, bill = bill_of(session, client, today)

    assert (bill.amount_cents, bill.owed_cents) == (300_000, 100_000)
    first, second = bill.instalments
    assert [one.owed_cents for one in (first, second)] == [0, 100_000]
    assert [(one.kind, one.cents) for one in second.movements] == [
        (MovementKind.CHARGE, 150_000),
        (MovementKind.PAYMENT, -50_000),
    ]
    _, before = bill_of(session, client, today - DAY)
    assert before.owed_cents == 300_000


def test_papers_stand_with_their_invoice_and_others_with_the_credit(session):
    client = sold(session)
    make_document(session, client, CONTRACT)

    credit, bill = bill_of(session, client, clock.today(ZONE))

    assert [one.number for one in bill.papers] == ["R-3"]
    assert [one.kind for one in credit.papers] == [DocumentKind.CONTRACT]


def test_the_page_shows_them_and_nobody_is_not_found(session, client_as):
    client = sold(session)
    make_payment(session, make_user(session), client, cents=200_000)
    session.commit()
    desk = client_as(Role.SUPERVISOR)

    page = desk.get(f"/cartera/{client.id}/expediente/facturas")

    for words in ("Factura F-7", "Remisión R-3", "Falta el archivo", "F-7/2", "debe $1,000.00"):
        assert words in page.text
    long_ago = (clock.now().date() - 60 * DAY).isoformat()
    then = desk.get(f"/cartera/{client.id}/expediente/facturas?al={long_ago}").text
    assert "Factura F-7" not in then
    assert desk.get("/cartera/999/expediente/facturas").status_code == 404
