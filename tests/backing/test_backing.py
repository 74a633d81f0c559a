"""What stands behind a credit: kept, shown, judged by the law in force, and gone when it must."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import current_app

from collector_app.audit.queries import faults
from collector_app.audit.rules import FaultKind
from collector_app.audit.services import log
from collector_app.backing.document_files import document_store
from collector_app.backing.models import CreditDocument, Guarantee, Obligor
from collector_app.backing.queries import backing_of
from collector_app.backing.rules import (
    BackingIncomplete,
    DocumentKind,
    GuaranteeState,
    NotADocument,
    ObligorKind,
    contact_blocks,
    document_type,
)
from collector_app.backing.services import (
    add_guarantee,
    add_obligor,
    change_guarantee,
    end_obligor,
)
from collector_app.compliance.profile_files import law_profiles
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.privacy.queries import everything_about
from collector_app.privacy.retention_job import run_retention
from collector_app.privacy.rules import ERASED
from collector_app.privacy.services import erase
from tests.audit.factories import seal_made
from tests.backing.factories import CONTRACT, TESTER, make_document, make_guarantee, make_obligor
from tests.factories import actor_of, make_client, make_user
from tests.live.factories import publish_route
from tests.stages.factories import credit_of

ZONE = ZoneInfo("America/Mexico_City")

DAY = timedelta(days=1)


@pytest.mark.parametrize("profile", ["mx_financial_strict", "cl", "co"])
def test_who_answers_for_the_debt_may_be_contacted_and_a_reference_may_not(profile):
    law = law_profiles()[profile]

    assert contact_blocks(law, ObligorKind.GUARANTOR) == ()
    assert contact_blocks(law, ObligorKind.CO_DEBTOR) == ()
    (block,) = contact_blocks(law, ObligorKind.REFERENCE)
    assert block.article


def test_where_no_law_speaks_of_persons_everybody_may_be_contacted():
    assert contact_blocks(law_profiles()["none"], ObligorKind.REFERENCE) == ()


@pytest.mark.parametrize("head", [b"", b"MZ\x90", b"<html>", b"%PD"])
def test_only_papers_are_taken(head):
    with pytest.raises(NotADocument):
        document_type(head)
    assert document_type(CONTRACT) == "application/pdf"


def test_a_guarantee_counts_while_it_is_in_force(session):
    debtor, boss = make_client(session), actor_of(make_user(session, Role.SUPERVISOR))
    today = clock.now().date()
    kept, lost = (make_guarantee(session, debtor, given_on=today - 9 * DAY) for _ in range(2))

    change_guarantee(session, boss, lost.id, GuaranteeState.RELEASED, today=today)

    assert backing_of(session, debtor.id, today, ZONE).value_cents == kept.value_cents
    before = backing_of(session, debtor.id, today - DAY, ZONE)
    assert before.value_cents == 2 * kept.value_cents
    assert backing_of(session, debtor.id, today - 10 * DAY, ZONE).guarantees == ()


def test_what_is_incomplete_or_of_another_is_refused(session):
    debtor, other = make_client(session), make_client(session)
    for values in ({"description": " "}, {"value_cents": 0}):
        with pytest.raises(BackingIncomplete):
            make_guarantee(session, debtor, **values)
    with pytest.raises(BackingIncomplete):
        make_obligor(session, debtor, name="")
    foreign = credit_of(session, other).id
    with pytest.raises(NotFound):
        make_obligor(session, debtor, credit_id=foreign)
    ana = actor_of(make_user(session))
    with pytest.raises(NotAllowed):
        add_guarantee(session, ana, None)
    with pytest.raises(NotAllowed):
        add_obligor(session, ana, None)


def test_the_desk_notes_all_three_and_reads_the_paper_again(session, client_as):
    debtor = make_client(session)
    session.commit()
    credit, today = str(credit_of(session, debtor).id), clock.now().date().isoformat()
    page, address = client_as(Role.DISPATCHER), f"/respaldo/{debtor.id}"

    answers = [
        page.post(
            f"{address}/garantias",
            data={
                "guarantee_kind": "pledge",
                "guarantee_credit": credit,
                "description": "Moto Italika 2021",
                "value": "15,000",
                "given_on": today,
            },
        ),
        page.post(
            f"{address}/obligados",
            data={"obligor_kind": "reference", "obligor_credit": "", "name": "Luz Vera"},
        ),
        page.post(
            f"{address}/documentos",
            data={
                "document_kind": "promissory_note",
                "document_credit": credit,
                "number": "P-7",
                "dated_on": today,
                "file": (BytesIO(CONTRACT), "pagaré.pdf"),
            },
        ),
    ]

    assert [one.status_code for one in answers] == [303, 303, 303]
    assert session.query(Guarantee).one().value_cents == 1_500_000
    shown = page.get(address).text
    assert "No se le contacta" in shown
    assert "DOF 7-oct-2014" in shown
    paper = page.get(f"/respaldo/documentos/{session.query(CreditDocument).one().id}")
    assert paper.data == CONTRACT
    assert paper.headers["Content-Disposition"].startswith("attachment")
    file = page.get(f"/cartera/{debtor.id}/expediente").text
    assert "Garantías por $15,000.00" in file
    assert "Pagaré" in file


def test_a_file_that_is_no_paper_is_said_to_be_wrong(session, client_as):
    debtor = make_client(session)
    session.commit()
    form = {
        "document_kind": "contract",
        "document_credit": str(credit_of(session, debtor).id),
        "dated_on": clock.now().date().isoformat(),
        "file": (BytesIO(b"MZ"), "contrato.pdf.exe"),
    }

    answer = client_as(Role.ADMIN).post(f"/respaldo/{debtor.id}/documentos", data=form)

    assert answer.status_code == 422
    assert "PDF, JPG o PNG" in answer.text
    assert session.query(CreditDocument).count() == 0


def test_the_phone_says_whom_the_law_lets_it_contact(session, client_as):
    ana, debtor = make_user(session), make_client(session)
    make_obligor(session, debtor)
    make_obligor(session, debtor, ObligorKind.REFERENCE, name="Beto Paz", phone="+525599990000")
    (stop,) = publish_route(session, ana, [debtor], clock.now().date())
    session.commit()

    page = client_as(ana).get(f"/phone/parada/{stop.id}").text

    assert "tel:+525512340000" in page
    assert "Se le puede contactar" in page
    assert "tel:+525599990000" not in page
    assert "De la deuda no se habla con quien no responde por ella" in page


def test_a_client_is_told_of_it_and_it_goes_with_their_data(session):
    debtor = make_client(session, overdue_cents=0)
    make_obligor(session, debtor)
    make_guarantee(session, debtor)
    make_document(session, debtor, CONTRACT)

    told = everything_about(session, debtor.id)
    admin = actor_of(make_user(session, Role.ADMIN))
    erase(session, admin, debtor.id, "lo pidió", day=clock.now().date(), zone=ZONE)

    assert [len(told[one]) for one in ("obligor", "guarantee", "credit_document")] == [1, 1, 1]
    person = session.query(Obligor).one()
    assert (person.name, person.phone, person.address) == (ERASED, None, None)


def test_papers_of_an_erased_client_go_with_their_bytes(session, client_as):
    debtor, other = make_client(session, overdue_cents=0), make_client(session)
    own = make_document(session, debtor, CONTRACT).sha256
    shared = make_document(session, debtor, CONTRACT + b" marco").sha256
    make_document(session, other, CONTRACT + b" marco")
    paper_id = session.query(CreditDocument).filter_by(sha256=own).one().id
    store = document_store(Path(current_app.instance_path))
    admin = client_as(Role.ADMIN)
    session.commit()

    admin.post(f"/datos/{debtor.id}/borrar", data={"reason": "lo pidió"})

    assert not store.holds(own)
    assert store.holds(shared)  # the paper of somebody else with the same bytes
    assert admin.get(f"/respaldo/documentos/{paper_id}").status_code == 404
    assert "contrato.pdf" not in str(everything_about(session, debtor.id))
    assert [one for one in faults(session) if one.kind is FaultKind.ALTERED] == []


def test_files_that_were_missed_go_with_the_daily_chore(session):
    debtor = make_client(session, overdue_cents=0)
    own = make_document(session, debtor, CONTRACT).sha256
    admin = actor_of(make_user(session, Role.ADMIN))
    erase(session, admin, debtor.id, "lo pidió", day=clock.now().date(), zone=ZONE)
    session.commit()
    store = document_store(Path(current_app.instance_path))
    assert store.holds(own)

    run_retention({}, lambda share, note: None)

    assert not store.holds(own)


def test_whose_part_ended_is_called_no_more_and_stays_in_the_file(session):
    debtor, boss = make_client(session), actor_of(make_user(session, Role.SUPERVISOR))
    today = clock.now().date()
    person = make_obligor(session, debtor, since_on=today - 9 * DAY)

    end_obligor(session, boss, person.id, "firmó otro aval", today=today)
    end_obligor(session, boss, person.id, "otra vez", today=today + DAY)

    now, before = (backing_of(session, debtor.id, day, ZONE) for day in (today, today - DAY))
    assert now.obligors == ()
    assert [(one.name, one.ended_on) for one in now.former_obligors] == [("Luz Vera", today)]
    assert [one.name for one in before.obligors] == ["Luz Vera"]
    assert person.end_reason == "firmó otro aval"
    with pytest.raises(BackingIncomplete):
        end_obligor(session, boss, person.id, " ", today=today)


def test_a_guarantee_keeps_every_state_it_was_in(session):
    debtor, boss = make_client(session), actor_of(make_user(session, Role.SUPERVISOR))
    today = clock.now().date()
    row = make_guarantee(session, debtor, given_on=today - 9 * DAY)
    for days, state in ((6, GuaranteeState.ENFORCED), (3, GuaranteeState.RELEASED)):
        change_guarantee(session, boss, row.id, state, today=today - days * DAY)

    def state_on(day):
        return backing_of(session, debtor.id, day, ZONE).guarantees[0].state

    assert [state_on(today - days * DAY) for days in (7, 6, 4, 3, 0)] == [
        GuaranteeState.IN_FORCE,
        GuaranteeState.ENFORCED,
        GuaranteeState.ENFORCED,
        GuaranteeState.RELEASED,
        GuaranteeState.RELEASED,
    ]
    assert len(backing_of(session, debtor.id, today, ZONE).guarantees[0].past) == 3


def test_the_desk_ends_a_person_and_shows_who_it_was(session, client_as):
    debtor = make_client(session)
    person = make_obligor(session, debtor)
    desk = client_as(Role.SUPERVISOR)
    session.commit()

    desk.post(f"/respaldo/obligados/{person.id}/terminar", data={"reason": "firmó otro"})

    page = desk.get(f"/respaldo/{debtor.id}").text
    assert "Quienes ya no responden" in page
    assert "Nadie más responde por lo que debe" in page


def test_the_file_of_a_paper_that_was_only_named_is_brought_later(session, client_as):
    debtor = make_client(session)
    seal_made(session)
    credit, today = credit_of(session, debtor).id, clock.now().date()
    named = CreditDocument(
        credit_id=credit,
        kind=DocumentKind.CONTRACT,
        number="K-1",
        dated_on=today,
        created_at=clock.now(),
    )
    session.add(named)
    log(session, TESTER, "document.added", named)
    session.commit()
    desk = client_as(Role.DISPATCHER)
    page = f"/respaldo/{debtor.id}"

    assert "Falta el archivo" in desk.get(page).text
    assert desk.get(f"/respaldo/documentos/{named.id}").status_code == 404

    brought = make_document(session, debtor, CONTRACT)
    session.commit()

    assert brought.id == named.id
    assert desk.get(f"/respaldo/documentos/{named.id}").data == CONTRACT
    assert "Falta el archivo" not in desk.get(page).text
    assert list(faults(session)) == []
    assert make_document(session, debtor, b"%PDF-1.7 otro").id != named.id
