"""Importing a cartera: created once, changed only where the file says so, left alone otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from collector_app.audit.models import AuditEntry
from collector_app.audit.rules import SEALED
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.core.money import Cents
from collector_app.portfolio.facts import ImportConflict, PortfolioPart, Tally
from collector_app.portfolio.models import Client, Credit, Invoice, VisitPlace
from collector_app.portfolio.queries import told_places
from collector_app.portfolio.rules import (
    AddressOrigin,
    ClientKind,
    LocationQuality,
    VisitPlaceKind,
)
from collector_app.portfolio.services import import_clients, tell_visit_place
from tests.factories import actor_of, make_client, make_user
from tests.portfolio.factories import BALANCE_AT, a_row, rows_of_a_portfolio

ACTOR = Actor.system("import")


def bring(session, rows, balance_at=BALANCE_AT, **options):
    return import_clients(session, ACTOR, rows, balance_at=balance_at, **options)


def changed_fields(report):
    return {
        (one.part, change.field): (change.old, change.new)
        for one in report.differences
        if not one.is_new
        for change in one.changes
    }


def content_of(session):
    """Every value of every row of the cartera."""
    return [
        tuple(row)
        for table in (Client, Credit, Invoice)
        for row in session.execute(select(*table.__table__.columns).order_by(table.id))
    ]


@contextmanager
def counted_statements(session: Session) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_first_import_creates_client_credit_and_invoice(session):
    report = bring(session, [a_row(lat=19.43, lon=-99.13, currency="USD")])

    parts = (PortfolioPart.CLIENT, PortfolioPart.CREDIT, PortfolioPart.INVOICE)
    assert report.tallies == dict.fromkeys(parts, Tally(created=1))
    client = session.scalars(select(Client)).one()
    assert (client.external_id, client.name, client.kind) == (
        "C-1",
        "Rosa Díaz",
        ClientKind.PERSON,
    )
    assert client.location_quality is LocationQuality.GIVEN
    assert client.credits[0].currency == "USD"
    invoice = client.credits[0].invoices[0]
    assert (invoice.amount_cents, invoice.balance_cents) == (100_000, 80_000)
    assert invoice.balance_at == BALANCE_AT
    assert report.balance_cents == {"USD": 80_000}


def test_importing_the_same_rows_later_changes_nothing_at_all(session):
    rows = [a_row(lat=19.43, lon=-99.13, phone="+525512345678"), a_row(3, invoice_number="F-2")]
    bring(session, rows)
    before = content_of(session)

    report = bring(session, rows, BALANCE_AT + timedelta(days=1))

    assert content_of(session) == before
    assert not report.changes_something
    assert report.tallies[PortfolioPart.INVOICE] == Tally(unchanged=2)


def test_a_changed_balance_is_stored_with_the_instant_it_was_true(session):
    bring(session, [a_row()])
    later = BALANCE_AT + timedelta(days=7)

    report = bring(session, [a_row(balance_cents=Cents(30_000))], later)

    invoice = session.scalars(select(Invoice)).one()
    assert (invoice.balance_cents, invoice.balance_at) == (30_000, later)
    assert changed_fields(report) == {
        (PortfolioPart.INVOICE, "balance_cents"): (80_000, 30_000),
        (PortfolioPart.INVOICE, "balance_at"): (BALANCE_AT, later),
    }


def test_a_changed_phone_tells_the_old_one_and_leaves_the_balance_alone(session):
    bring(session, [a_row(phone="+525511111111")])

    later = BALANCE_AT + timedelta(days=7)
    report = bring(session, [a_row(phone="+525522222222")], later)

    assert changed_fields(report) == {
        (PortfolioPart.CLIENT, "phone"): ("+525511111111", "+525522222222")
    }
    assert report.tallies[PortfolioPart.CLIENT] == Tally(changed=1)
    assert session.scalars(select(Invoice)).one().balance_at == BALANCE_AT


def test_what_a_file_does_not_say_stays_as_it_was(session):
    bring(session, [a_row(phone="+525511111111", lat=19.43, lon=-99.13, kind=ClientKind.FIRM)])

    report = bring(session, [a_row()])

    client = session.scalars(select(Client)).one()
    assert not report.changes_something
    assert (client.phone, client.lat, client.kind) == ("+525511111111", 19.43, ClientKind.FIRM)


@pytest.mark.parametrize(("seconds", "taken"), [(-1, False), (0, True)])
def test_a_balance_of_an_earlier_instant_does_not_replace_a_later_one(session, seconds, taken):
    bring(session, [a_row()])

    report = bring(
        session, [a_row(balance_cents=Cents(1))], BALANCE_AT + timedelta(seconds=seconds)
    )

    conflicts = [finding.conflict for finding in report.findings]
    assert conflicts == ([] if taken else [ImportConflict.OLDER_BALANCE])
    assert session.scalars(select(Invoice)).one().balance_cents == (1 if taken else 80_000)


def test_coordinates_taken_at_the_door_outlive_those_of_a_file(session):
    bring(session, [a_row(lat=19.43, lon=-99.13)])
    session.scalars(select(Client)).one().location_quality = LocationQuality.SURVEYED
    session.flush()

    report = bring(session, [a_row(lat=19.99, lon=-99.99)])

    client = session.scalars(select(Client)).one()
    assert (client.lat, client.lon) == (19.43, -99.13)
    assert [finding.conflict for finding in report.findings] == [ImportConflict.SURVEYED_PLACE]
    assert not report.changes_something


def test_a_paid_invoice_may_come_without_a_due_date(session):
    bring(session, [a_row()])

    bring(session, [a_row(due_on=None, balance_cents=Cents(0))])

    invoice = session.scalars(select(Invoice)).one()
    assert invoice.balance_cents == 0
    assert invoice.due_on == a_row().due_on


def test_a_client_who_owes_nothing_is_created_without_an_invoice(session):
    report = bring(session, [a_row(due_on=None, balance_cents=Cents(0))])

    assert report.tallies[PortfolioPart.CLIENT].created == 1
    assert report.tallies[PortfolioPart.INVOICE] == Tally()
    assert session.scalars(select(Invoice)).all() == []


def test_an_amount_that_the_file_does_not_say_is_the_first_balance_and_then_stays(session):
    bring(session, [a_row(amount_cents=None)])
    bring(session, [a_row(amount_cents=None, balance_cents=Cents(1))])

    assert session.scalars(select(Invoice)).one().amount_cents == 80_000


def test_a_credit_of_another_client_is_found_and_nothing_of_its_row_is_written(session):
    bring(session, [a_row()])

    report = bring(session, [a_row(client_id="C-2", name="Otra", invoice_number="F-2")])

    assert [finding.conflict for finding in report.findings] == [
        ImportConflict.CREDIT_OF_OTHER_CLIENT
    ]
    assert session.scalars(select(Client.external_id)).all() == ["C-1"]


def test_clients_that_the_file_does_not_name_are_counted_and_stay(session):
    bring(session, rows_of_a_portfolio(3))

    report = bring(session, rows_of_a_portfolio(1))

    assert report.absent_count == 2
    assert len(session.scalars(select(Client)).all()) == 3


def test_a_dry_run_tells_the_same_and_writes_nothing(session):
    bring(session, rows_of_a_portfolio(2))
    rows = [*rows_of_a_portfolio(3), a_row(9, client_id="C-1", name="Otra")]
    rows[0] = replace(rows[0], balance_cents=Cents(5))
    before = content_of(session)

    foretold = bring(session, rows, dry_run=True)

    assert content_of(session) == before
    assert bring(session, rows) == foretold


def test_an_empty_file_changes_nothing(session):
    assert not bring(session, []).changes_something


def test_an_import_is_in_the_log_once_and_an_import_of_nothing_new_is_not(session):
    bring(session, [a_row()])
    bring(session, [a_row()])

    session.commit()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.event != SEALED)).all()
    assert [entry.event for entry in entries] == ["portfolio.imported"]
    assert entries[0].facts["client_created"] == 1


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.SUPERVISOR])
def test_only_dispatchers_and_admins_import(session, role):
    with pytest.raises(NotAllowed):
        import_clients(session, Actor(1, role), [a_row()], balance_at=BALANCE_AT)


def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(session):
    with counted_statements(session) as few:
        bring(session, rows_of_a_portfolio(10))
    session.rollback()
    with counted_statements(session) as many:
        bring(session, rows_of_a_portfolio(1_500))
    changed = [replace(row, balance_cents=Cents(1)) for row in rows_of_a_portfolio(1_500)]
    with counted_statements(session) as updates:
        bring(session, changed)

    # Inserts are cut into pages of parameters, so some statements repeat: never one per row.
    assert len(many) <= len(few) + 10
    assert len(updates) <= 12


def place_of(session, client_id: str = "C-1"):
    number = session.scalars(select(Client.id).where(Client.external_id == client_id)).one()
    told = told_places(session, [number]).get(number)
    return told and (told.kind, told.is_authorised)


def test_where_a_client_is_visited_comes_in_with_the_file_and_stays_as_told(session):
    at_work = a_row(place_kind=VisitPlaceKind.WORKPLACE, place_authorised=True)
    bring(session, [at_work])
    assert place_of(session) == (VisitPlaceKind.WORKPLACE, True)

    assert not bring(session, [at_work]).changes_something
    assert not bring(session, [a_row()]).changes_something  # says nothing of it
    assert place_of(session) == (VisitPlaceKind.WORKPLACE, True)

    report = bring(session, [a_row(place_kind=VisitPlaceKind.HOME)])
    assert changed_fields(report) == {
        (PortfolioPart.CLIENT, "place_kind"): (VisitPlaceKind.WORKPLACE, VisitPlaceKind.HOME)
    }
    assert place_of(session) == (VisitPlaceKind.HOME, True)
    assert session.scalar(select(func.count(VisitPlace.id))) == 2  # the word of before stays


def test_a_client_of_whose_place_nothing_is_told_has_none(session):
    bring(session, [a_row()])

    assert place_of(session) is None


def test_an_authorisation_ends_with_its_address(session):
    bring(session, [a_row(place_kind=VisitPlaceKind.WORKPLACE, place_authorised=True)])

    bring(session, [a_row(address="Calle Sur 9")])
    assert place_of(session) == (VisitPlaceKind.WORKPLACE, False)

    bring(session, [a_row(address="Calle Sur 10", place_authorised=True)])
    assert place_of(session) == (VisitPlaceKind.WORKPLACE, True)


def origin_of(session, client_id: str = "C-1"):
    number = session.scalars(select(Client.id).where(Client.external_id == client_id)).one()
    return told_places(session, [number])[number].origin


def test_who_told_an_address_ends_with_it(session):
    bring(session, [a_row(place_origin=AddressOrigin.FOUND)])
    assert origin_of(session) is AddressOrigin.FOUND

    assert not bring(session, [a_row()]).changes_something  # says nothing of it
    bring(session, [a_row(address="Calle Sur 9")])
    assert origin_of(session) is None

    bring(session, [a_row(address="Calle Sur 10", place_origin=AddressOrigin.CLIENT)])
    assert origin_of(session) is AddressOrigin.CLIENT


def test_a_dry_run_writes_no_place(session):
    bring(session, [a_row()])

    report = bring(session, [a_row(place_kind=VisitPlaceKind.WORKPLACE)], dry_run=True)

    assert report.changes_something
    assert place_of(session) is None


def test_the_desk_tells_a_place_once_and_the_log_knows(session):
    client, desk = make_client(session), actor_of(make_user(session, Role.DISPATCHER))

    assert tell_visit_place(session, desk, client.id, VisitPlaceKind.HOME, is_authorised=True)
    assert not tell_visit_place(session, desk, client.id, VisitPlaceKind.HOME, is_authorised=True)
    found = AddressOrigin.FOUND
    assert tell_visit_place(session, desk, client.id, None, is_authorised=False, origin=found)
    assert not tell_visit_place(session, desk, client.id, None, is_authorised=False, origin=found)

    session.flush()
    told = session.scalars(select(VisitPlace).order_by(VisitPlace.id)).all()
    assert [(one.kind, one.is_authorised, one.origin) for one in told] == [
        (VisitPlaceKind.HOME, True, None),
        (None, False, found),
    ]
    assert {one.told_by for one in told} == {desk.user_id}


def test_only_the_office_tells_of_places_and_only_of_clients_that_exist(session):
    client = make_client(session)
    with pytest.raises(NotAllowed):
        tell_visit_place(
            session,
            actor_of(make_user(session)),
            client.id,
            VisitPlaceKind.HOME,
            is_authorised=True,
        )
    with pytest.raises(NotFound):
        tell_visit_place(session, ACTOR, client.id + 999, None, is_authorised=True)
