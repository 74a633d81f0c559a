"""An agreement in pages: calculate, put on paper, sign; the office approves and follows up."""

import base64
import re
from datetime import timedelta

from collector_app.agreements.services import request_offer
from collector_app.core.actor import Role
from collector_app.portfolio.rules import Stage
from collector_app.strategy.rules import Trait
from collector_app.strategy.services import set_treatment
from tests.agreements.factories import TODAY, ZONE, make_agreement, terms
from tests.compliance.factories import give_credits, make_creditor
from tests.conventions.pdf import pdf_text
from tests.factories import actor_of, make_client, make_user, owes_in
from tests.promises.factories import make_promise_row
from tests.strategy.factories import SYSTEM, at_least, make_segment, treatment
from tests.zones.factories import make_zone

# One transparent point.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
OFFER = {
    "debt": "1500",
    "discount": "10",
    "down": "150",
    "count": "4",
    "every_days": "15",
    "step": "0",
    "first_on": "2026-03-10",
    "principal": "1500",
    "creditor": "Financiera de Prueba",
    "creditor_account": "012180001234567899",
    "reference": "C-1",
    "settles_debt": "y",
}


def own_client(session):
    collector = make_user(session)
    client = make_client(session, name="Rosa Muñoz")
    make_zone(session, [client], collector)
    return collector, client


def test_the_paper_begins_with_the_creditor_of_the_client_where_there_is_one(session, client_as):
    collector, debtor = own_client(session)
    bank, shop = (make_creditor(session, None, name) for name in ("Banco Austral", "Tiendas"))
    phone = client_as(collector)

    def begun() -> str:
        session.commit()
        page = phone.get(f"/convenios/nuevo/{debtor.id}").text
        return re.search(r'name="creditor"[^>]*value="([^"]*)"', page)[1]

    assert begun() == ""
    give_credits(session, debtor, bank)
    assert begun() == "Banco Austral"
    other = make_client(session)
    give_credits(session, other, shop)
    for credit in other.credits:
        credit.client_id = debtor.id
    assert begun() == ""  # of two, somebody says which


def test_an_offer_is_calculated_before_anything_is_kept(session, client_as):
    collector, debtor = own_client(session)
    phone = client_as(collector)
    address = f"/convenios/nuevo/{debtor.id}"
    assert "1500.00" in phone.get(address).text

    page = phone.post(address, data=OFFER | {"calculate": "1"}).text

    assert page.count("$300.00") == 4
    assert "Total $1,350.00" in page
    assert "No hay convenios" in phone.get("/convenios").text
    beyond = phone.post(address, data=OFFER | {"calculate": "1", "discount": "10.01"}).text
    assert "espera aprobación" in beyond


def test_what_the_treatment_of_a_segment_refuses_is_told_with_the_calculation(session, client_as):
    collector, debtor = own_client(session)
    segment = make_segment(session, at_least(Trait.BALANCE, 0), name="Chicos")
    for stage in Stage:
        given = treatment(most_discount_percent=9, most_instalments=4)
        set_treatment(session, SYSTEM, segment.id, stage, given, day=TODAY)
    session.commit()
    address = f"/convenios/nuevo/{debtor.id}"

    def calculated(role_or_user, **offer: str) -> str:
        data = OFFER | {"calculate": "1"} | offer
        return client_as(role_or_user).post(address, data=data).text

    refused = calculated(collector)
    assert "permite hasta 9 % de quita y 4 pagos" in refused
    assert "espera aprobación" not in refused
    assert "permite hasta" not in calculated(collector, discount="9")
    assert "permite hasta" not in calculated(Role.SUPERVISOR)


def test_what_is_missing_is_told_at_its_field(session, client_as):
    collector, debtor = own_client(session)
    phone = client_as(collector)
    for wrong in ({"principal": "1499"}, {"creditor_account": " "}, {"down": "1"}, {"debt": "x"}):
        answer = phone.post(f"/convenios/nuevo/{debtor.id}", data=OFFER | wrong)
        assert answer.status_code == 422, wrong


def test_a_debt_told_too_small_is_refused_with_what_is_due(session, client_as):
    collector, debtor = own_client(session)
    small = OFFER | {"debt": "1499.99", "principal": "1499.99"}

    answer = client_as(collector).post(f"/convenios/nuevo/{debtor.id}", data=small)

    assert answer.status_code == 422
    assert "al menos todo lo vencido: $1,500.00" in answer.text


def test_it_is_signed_at_the_door_and_printed(session, client_as):
    collector, debtor = own_client(session)
    phone = client_as(collector)
    made = phone.post(f"/convenios/nuevo/{debtor.id}", data=OFFER)
    address = made.headers["Location"]
    unsigned = pdf_text(phone.get(address + ".pdf").data)
    assert "10 de marzo de 2026" in unsigned
    assert f"acuerdan que {debtor.name} pague $" in " ".join(unsigned.split())  # nobody else pays
    assert "Firmado el" not in unsigned
    assert phone.post(f"{address}/firmar", data={"name": "Rosa"}).status_code == 422

    drawn = "data:image/png;base64," + base64.b64encode(PNG).decode()
    signed = phone.post(
        f"{address}/firmar", data={"name": "Rosa", "signature": drawn}, follow_redirects=True
    )

    assert "Vigente" in signed.text
    assert phone.get(address + ".pdf").data.startswith(b"%PDF-")
    paper = pdf_text(phone.get(address + ".pdf").data)
    assert "Firmado el 10 de marzo de 2026" in paper
    assert "vale todav" not in paper


def test_what_only_begins_as_a_picture_is_no_signature(session, client_as):
    collector, debtor = own_client(session)
    phone = client_as(collector)
    made = phone.post(f"/convenios/nuevo/{debtor.id}", data=OFFER)
    address = made.headers["Location"]

    for broken in (PNG[:8], PNG[:8] + b"drawn", PNG[:40], PNG[:20] + b"\xff" * 20, b"GIF89a", b""):
        drawn = "data:image/png;base64," + base64.b64encode(broken).decode()
        answer = phone.post(f"{address}/firmar", data={"name": "Rosa", "signature": drawn})
        assert answer.status_code == 422, broken

    assert phone.get(address + ".pdf").status_code == 200


def test_a_paper_that_does_not_hold_says_so(session, client_as):
    collector, debtor = own_client(session)
    boss = client_as(Role.SUPERVISOR)
    address = f"/convenios/nuevo/{debtor.id}"
    made = client_as(collector).post(address, data=OFFER | {"discount": "15"}).headers["Location"]

    assert "No vale todav" in pdf_text(boss.get(made + ".pdf").data)
    boss.post(f"{made}/aprobar")
    assert "vale" not in pdf_text(boss.get(made + ".pdf").data).replace("deja de valer", "")
    boss.post(f"{made}/cancelar", data={"reason": "Se retiró"})
    assert "se cancel" in pdf_text(boss.get(made + ".pdf").data)


def test_an_agreement_over_dollars_tells_dollars_on_its_page_its_list_and_its_paper(
    session, client_as
):
    collector, debtor = own_client(session)
    owes_in(session, debtor, "USD")
    session.commit()
    made = client_as(collector).post(f"/convenios/nuevo/{debtor.id}", data=OFFER)
    address, boss = made.headers["Location"], client_as(Role.SUPERVISOR)

    paper = pdf_text(boss.get(address + ".pdf").data)

    assert "USD1,350.00" in paper
    assert "PESOS" not in paper
    assert "$" not in paper
    for page in (address, "/convenios"):
        assert "USD1,350.00" in boss.get(page).text


def test_the_office_approves_follows_up_and_cancels(session, client_as):
    collector, debtor = own_client(session)
    made = client_as(collector).post(
        f"/convenios/nuevo/{debtor.id}", data=OFFER | {"discount": "20"}
    )
    boss = make_user(session, Role.SUPERVISOR)
    desk, address = client_as(boss), made.headers["Location"]

    assert "Espera aprobación" in desk.get("/convenios").text
    assert "Aprobado por" not in desk.get(address).text
    approved = desk.post(f"{address}/aprobar", follow_redirects=True).text
    assert "Falta la firma" in approved
    assert boss.full_name in approved.partition("Aprobado por")[2][:200]
    assert "Cancelado el" not in approved
    assert desk.post(f"{address}/cancelar", data={"reason": ""}).status_code == 422
    page = desk.post(f"{address}/cancelar", data={"reason": "Se mudó"}, follow_redirects=True).text
    assert "Cancelado el" in page
    assert boss.full_name in page.partition("Cancelado por")[2][:200]
    assert "Se mudó" in page.partition("Motivo")[2]


def test_a_request_from_a_phone_is_granted_with_what_its_paper_lacks(session, client_as):
    collector, debtor = own_client(session)
    asked = request_offer(session, actor_of(collector), debtor.id, terms(), day=TODAY, zone=ZONE)
    session.commit()
    desk, address = client_as(Role.SUPERVISOR), f"/convenios/{asked.id}"
    paper = {"creditor": "Financiera X", "creditor_account": "0123", "reference": "C-1"}

    assert "Solicitud del gestor" in desk.get(address).text
    lacking = desk.post(f"{address}/aprobar", data=paper | {"creditor": ""})
    assert lacking.status_code == 422
    assert "la ley lo pide" in lacking.text
    assert desk.post(f"{address}/aprobar").status_code == 422
    granted = desk.post(f"{address}/aprobar", data=paper, follow_redirects=True).text
    assert "Falta la firma" in granted
    assert "Solicitud del gestor" not in granted


def test_of_what_comes_due_the_first_are_shown_and_all_are_counted(session, client_as):
    debtors = [make_client(session, name=f"Deudora {n:02d}") for n in range(60)]
    for n, one in enumerate(debtors):
        make_promise_row(session, one, due_on=TODAY + timedelta(days=1 + n // 20))
    make_promise_row(session, debtors[0], due_on=TODAY + timedelta(days=9))

    page = client_as(Role.SUPERVISOR).get("/convenios").text

    assert "Se ven 20 de 60" in page
    assert "Deudora 19" in page
    assert "Deudora 20" not in page


def test_agreements_come_page_by_page(session, client_as):
    supervisor = make_user(session, role=Role.SUPERVISOR)
    for n in range(51):
        debtor = make_client(session, name=f"Deudora {n:02d}")
        make_agreement(session, actor_of(supervisor), debtor)
    desk = client_as(supervisor)

    assert "Deudora 00" not in desk.get("/convenios").text
    assert "Deudora 00" in desk.get("/convenios?page=2").text


def test_who_may_not_approve_is_told_who_may(session, client_as):
    addresses = []
    for discount in ("25", "25.01"):
        collector, debtor = own_client(session)
        phone = client_as(collector)
        made = phone.post(f"/convenios/nuevo/{debtor.id}", data=OFFER | {"discount": discount})
        addresses.append(made.headers["Location"])
    within, beyond = addresses
    desk = client_as(Role.SUPERVISOR)

    page = desk.get(within).text
    assert f'action="{within}/aprobar"' in page
    assert "la puede otorgar" not in page
    page = desk.get(beyond).text
    assert "/aprobar" not in page
    assert "la puede otorgar: Administrador." in page
    assert "/aprobar" in client_as(Role.ADMIN).get(beyond).text
    assert "la puede otorgar: Administrador." in phone.get(beyond).text
