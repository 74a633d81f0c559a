"""Whose a credit is, as files, the API and the desk tell it: every word stays, the newest holds."""

from datetime import date

import pytest
from sqlalchemy import select

from collector_app.audit.models import AuditEntry
from collector_app.audit.queries import faults
from collector_app.compliance.creditor_book import creditor_laws
from collector_app.compliance.creditor_choices import add_creditor
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.exchange.rules import Issue
from collector_app.exchange.wording import field_title, issue_sentence
from collector_app.portfolio.facts import ImportConflict, PortfolioPart
from collector_app.portfolio.models import Client, Credit, CreditorWord
from collector_app.portfolio.services import import_clients, tell_creditor
from collector_app.web.filters import local_zone
from tests.compliance.factories import make_creditor
from tests.factories import actor_of, make_client, make_user
from tests.portfolio.factories import BALANCE_AT, a_row

ACTOR = Actor.system("import")
TODAY = date(2026, 3, 10)


@pytest.fixture
def shop(session):
    return make_creditor(session, "mx_commercial", "Tiendas del Norte")


def bring(session, *rows, **options):
    return import_clients(session, ACTOR, rows, balance_at=BALANCE_AT, **options)


def words(session) -> list[tuple[str, int | None]]:
    found = session.execute(
        select(Credit.external_id, CreditorWord.creditor_id)
        .join(Credit, Credit.id == CreditorWord.credit_id)
        .order_by(CreditorWord.id)
    )
    return [tuple(row) for row in found]


@pytest.mark.parametrize("written", ["Tiendas del Norte", "TIENDAS DEL NORTE", "tiendas-del nórte"])
def test_a_file_names_the_creditor_of_a_credit_however_it_is_written(app, session, shop, written):
    bring(session, a_row(creditor=written))
    again = bring(session, a_row(creditor="Tiendas del Norte"))

    assert words(session) == [("CR-1", shop.id)]
    assert not again.changes_something
    client_id = session.scalars(select(Client.id)).one()
    with app.app_context():
        laws = creditor_laws(session, clock.today(local_zone()), local_zone(), [client_id])
    assert [one.id for one in laws[client_id].profiles] == ["mx_commercial"]


def test_a_file_that_names_no_creditor_leaves_it_as_it_was(session, shop):
    bring(session, a_row(creditor="Tiendas del Norte"))

    assert not bring(session, a_row()).changes_something
    assert words(session) == [("CR-1", shop.id)]


def test_a_credit_that_is_sold_is_a_change_and_both_words_stay(session, shop):
    bank = make_creditor(session, "cl", "Banco Austral")
    bring(session, a_row(creditor="Tiendas del Norte"))

    report = bring(session, a_row(creditor="banco austral"))

    (change,) = [one for one in report.differences if one.part is PortfolioPart.CREDIT]
    assert [(one.field, one.old, one.new) for one in change.changes] == [
        ("creditor", "Tiendas del Norte", "Banco Austral")
    ]
    assert words(session) == [("CR-1", shop.id), ("CR-1", bank.id)]


def test_a_creditor_that_nobody_knows_refuses_its_row_and_no_other(session, shop):
    report = bring(
        session,
        a_row(2, creditor="Tienda del Sur"),
        a_row(3, client_id="C-2", credit_id="CR-2", creditor="Tiendas del Norte"),
    )

    (finding,) = report.findings
    assert finding.conflict is ImportConflict.UNKNOWN_CREDITOR
    assert finding.is_refused
    assert (finding.place.row, field_title(finding.field), finding.value) == (
        2,
        "Acreedor",
        "Tienda del Sur",
    )
    assert words(session) == [("CR-2", shop.id)]
    assert session.scalars(select(Client.external_id)).all() == ["C-2"]


@pytest.mark.parametrize(
    ("written", "conflict", "nearest"),
    [
        ("Tiendas de Norte", ImportConflict.LIKE_CREDITOR, "Tiendas del Norte"),
        ("TIENDA DEL NORTE S", ImportConflict.LIKE_CREDITOR, "Tiendas del Norte"),
        ("Tiendas del Sur", ImportConflict.UNKNOWN_CREDITOR, None),
    ],
)
def test_a_slip_in_a_name_is_refused_and_names_the_creditor_there_is(
    app, session, shop, written, conflict, nearest
):
    report = bring(session, a_row(7, creditor=written))

    (finding,) = report.findings
    assert (finding.conflict, finding.place.row, finding.field) == (conflict, 7, "creditor")
    assert finding.is_refused
    assert finding.facts.get("nearest") == nearest
    issue = Issue("", 7, "", "", finding.value, finding.conflict, finding.facts, is_refused=True)
    with app.test_request_context():
        assert (nearest or "Un administrador lo agrega") in issue_sentence(issue)
    assert words(session) == []


def test_one_credit_has_one_creditor(session, shop):
    make_creditor(session, "cl", "Banco Austral")

    report = bring(
        session,
        a_row(2, creditor="Tiendas del Norte"),
        a_row(3, invoice_number="F-2", creditor="Banco Austral"),
        a_row(4, invoice_number="F-3"),
    )

    (finding,) = report.findings
    assert finding.conflict is ImportConflict.OTHER_CREDITOR
    assert finding.facts["first_value"] == "Tiendas del Norte"
    assert words(session) == [("CR-1", shop.id)]


def test_a_preview_writes_nothing(session, shop):
    bring(session, a_row(creditor="Tiendas del Norte"), dry_run=True)

    assert words(session) == []


def test_words_of_a_file_are_sealed(session):
    add_creditor(session, ACTOR, "Tiendas del Norte", None, "contrato", today=TODAY)
    bring(session, a_row(creditor="Tiendas del Norte"))
    session.commit()
    assert list(faults(session)) == []

    word = session.scalars(select(CreditorWord)).one()
    word.creditor_id = None
    session.commit()

    (fault,) = faults(session)
    assert fault.row == f"creditor_word {word.id}"


def test_the_desk_tells_whose_a_credit_is_and_gives_it_back_to_the_house(session, shop):
    dispatcher = actor_of(make_user(session, Role.DISPATCHER))
    credit = make_client(session).credits[0]

    told = [
        tell_creditor(session, dispatcher, credit.id, owner)
        for owner in (shop.id, shop.id, None, None)
    ]

    session.commit()
    assert told == [True, False, True, False]
    assert [owner for _credit, owner in words(session)] == [shop.id, None]
    events = session.scalars(select(AuditEntry.event)).all()
    assert events == ["credit.creditor_told"] * 2


def test_who_may_not_and_what_is_not_there_is_refused(session, shop):
    credit = make_client(session).credits[0]

    with pytest.raises(NotAllowed):
        tell_creditor(session, actor_of(make_user(session)), credit.id, shop.id)
    with pytest.raises(NotFound):
        tell_creditor(session, ACTOR, credit.id + 1, shop.id)
    with pytest.raises(NotFound):
        tell_creditor(session, ACTOR, credit.id, shop.id + 1)
