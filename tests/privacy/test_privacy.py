"""A client's rights over their data, and what goes by itself when its time is over."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from collector_app.accounts.models import User
from collector_app.agreements.services import sign
from collector_app.audit.queries import faults
from collector_app.audit.rules import FaultKind
from collector_app.audit.services import log
from collector_app.complaints.rules import ComplaintData, ComplaintKind
from collector_app.complaints.services import take_complaint
from collector_app.compliance.services import choose_profile
from collector_app.contacts.models import Contact
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotAllowed
from collector_app.portfolio.models import Client
from collector_app.portfolio.queries import told_places
from collector_app.portfolio.rules import AddressOrigin, LocationQuality, VisitPlaceKind
from collector_app.portfolio.services import tell_visit_place
from collector_app.privacy.queries import everything_about, retention
from collector_app.privacy.rules import (
    ERASED,
    BadCorrection,
    Correction,
    DataStillNeeded,
    ErasureUnexplained,
)
from collector_app.privacy.services import apply_retention, correct, erase
from collector_app.schedules.models import Agreement
from collector_app.visits.models import Visit
from tests.agreements.factories import make_agreement
from tests.contacts.factories import make_contact
from tests.factories import actor_of, make_client, make_user
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
TODAY = date(2026, 3, 10)
SYSTEM = Actor.system("test")


@pytest.fixture
def admin(session):
    return actor_of(make_user(session, Role.ADMIN))


@pytest.fixture
def settled(session, collector, rosa):
    """Rosa with a visit and a message that say something of her."""
    make_visit(session, rosa, collector, note="vive con su hija", lat=-29.9, lon=-71.2)
    make_contact(session, rosa, collector, text="Hola, Rosa")
    return rosa


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 10), 72, date(2020, 3, 10)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
    ],
)
def test_months_before_a_day(day, months, before):
    assert clock.months_after(day, -months) == before


# -- correction

RIGHT = Correction("Rosa Núñez", "+525587654321", "Calle Nueva 2", "Roma", "Cuauhtémoc")


def test_a_correction_changes_what_differs_and_says_which_fields(session, admin, settled):
    assert correct(session, admin, settled.id, RIGHT) == [
        "name",
        "phone",
        "address",
        "neighbourhood",
        "municipality",
    ]
    assert correct(session, admin, settled.id, RIGHT) == []
    assert settled.name == "Rosa Núñez"


@pytest.mark.parametrize(
    ("quality", "is_kept"), [(LocationQuality.FOUND, False), (LocationQuality.SURVEYED, True)]
)
def test_a_place_that_came_from_the_old_address_goes_with_it(
    session, admin, settled, quality, is_kept
):
    settled.location_quality = quality

    correct(session, admin, settled.id, RIGHT)

    assert (settled.lat is not None) == is_kept


def test_an_authorisation_to_visit_goes_with_the_old_address(session, admin, settled):
    tell_visit_place(session, SYSTEM, settled.id, VisitPlaceKind.HOME, is_authorised=True)

    correct(session, admin, settled.id, RIGHT)

    told = told_places(session, [settled.id])[settled.id]
    assert (told.kind, told.is_authorised) == (VisitPlaceKind.HOME, False)
    assert told.origin is AddressOrigin.CLIENT  # who asked for the correction gave it
    assert len(everything_about(session, settled.id)["visit_place"]) == 2


@pytest.mark.parametrize(
    ("field", "value"), [("name", " "), ("address", ""), ("phone", "5512345678")]
)
def test_a_datum_that_cannot_be_is_refused_by_its_field(session, admin, settled, field, value):
    values = {name: getattr(RIGHT, name) for name in RIGHT.__slots__} | {field: value}

    with pytest.raises(BadCorrection) as refused:
        correct(session, admin, settled.id, Correction(**values))

    assert refused.value.field == field


# -- deletion


def test_deletion_takes_who_and_what_was_said_and_leaves_what_was_done(session, admin, settled):
    erase(session, admin, settled.id, "lo pidió", day=TODAY, zone=ZONE)
    session.flush()

    told = everything_about(session, settled.id)
    text = str(told)
    assert told["client"][0]["name"] == ERASED
    for trace in ("Rosa", "hija", "Hola", "+5255", "-29.9", "Los Carrera"):
        assert trace not in text
    assert len(told["visit"]) == len(told["contact"]) == 1
    assert told["contact"][0]["channel"] == "whatsapp"


def test_a_signature_goes_with_its_name(session, admin):
    collector = make_user(session)
    client = make_client(session)
    make_zone(session, [client], collector)
    made = make_agreement(session, actor_of(collector), client)
    sign(session, actor_of(collector), made.id, "Rosa", b"\x89PNG\r\n\x1a\n")
    for credit in client.credits:
        for invoice in credit.invoices:
            invoice.balance_cents = 0
    session.flush()

    erase(session, admin, client.id, "lo pidió", day=TODAY, zone=ZONE)

    stored = session.get(Agreement, made.id)
    assert (stored.signature, stored.signed_by) == (None, None)
    assert stored.signature_sha256


def test_the_log_still_answers_for_every_row_after_a_deletion(session, admin, settled):
    for row in (*session.scalars(select(Visit)), *session.scalars(select(Contact))):
        log(session, admin, "told", row)
    erase(session, admin, settled.id, "lo pidió", day=TODAY, zone=ZONE)
    session.commit()

    assert [one for one in faults(session) if one.kind is FaultKind.ALTERED] == []


def test_pages_of_somebody_who_was_erased_are_none_for_a_collector(
    client_as, session, admin, settled
):
    collector = session.scalars(select(User).where(User.role == Role.COLLECTOR)).first()
    session.commit()
    phone, desk = client_as(collector), client_as(Role.SUPERVISOR)
    paths = [
        f"/phone/cliente/{settled.id}/registrar",
        f"/guion/{settled.id}",
        f"/contactos/{settled.id}",
        f"/convenios/nuevo/{settled.id}",
    ]
    assert [phone.get(one).status_code for one in paths] == [200] * 4

    erase(session, admin, settled.id, "lo pidió", day=TODAY, zone=ZONE)
    session.commit()

    assert [phone.get(one).status_code for one in paths] == [404] * 4
    assert desk.get(f"/cartera/{settled.id}/expediente").status_code == 200


def test_who_still_owes_is_not_erased(session, admin):
    debtor = make_client(session, overdue_cents=1)

    with pytest.raises(DataStillNeeded):
        erase(session, admin, debtor.id, "lo pidió", day=TODAY, zone=ZONE)


def test_who_waits_for_an_answer_is_not_erased(session, admin, settled):
    data = ComplaintData(settled.id, ComplaintKind.DATA_DELETION, "bórrenme")
    take_complaint(session, admin, data, zone=ZONE)

    with pytest.raises(DataStillNeeded):
        erase(session, admin, settled.id, "lo pidió", day=TODAY, zone=ZONE)


def test_deletion_needs_a_reason_and_an_admin(session, admin, settled):
    with pytest.raises(ErasureUnexplained):
        erase(session, admin, settled.id, " ", day=TODAY, zone=ZONE)
    with pytest.raises(NotAllowed):
        erase(
            session,
            actor_of(make_user(session, Role.SUPERVISOR)),
            settled.id,
            "x",
            day=TODAY,
            zone=ZONE,
        )


# -- retention: 72 months in Mexico


def old_client(session, due_on: date, balance_cents: int) -> Client:
    client = make_client(session)
    [credit] = client.credits
    [invoice] = credit.invoices
    invoice.due_on, invoice.balance_cents = due_on, balance_cents
    session.flush()
    return client


@pytest.mark.parametrize(("days", "is_over"), [(0, False), (1, True)])
def test_data_goes_when_the_last_default_is_older_than_72_months(session, days, is_over):
    client = old_client(session, date(2020, 3, 10) - timedelta(days=days), 0)

    assert retention(session, TODAY, ZONE).over == ((client.id,) if is_over else ())


def test_who_still_owes_waits_for_a_decision(session):
    gone = old_client(session, date(2019, 1, 1), 0)
    owes = old_client(session, date(2019, 1, 1), 500)

    assert retention(session, TODAY, ZONE).owing == (owes.id,)
    assert apply_retention(session, SYSTEM, day=TODAY, zone=ZONE).count == 1
    assert gone.name == ERASED
    assert owes.name != ERASED
    assert retention(session, TODAY, ZONE).over == ()  # once is enough


def test_where_the_law_names_no_limit_nothing_goes(session):
    old_client(session, date(2010, 1, 1), 0)
    choose_profile(session, SYSTEM, "none", TODAY, "prueba", today=TODAY)

    assert retention(session, TODAY, ZONE).over == ()


def test_the_command_erases_only_when_told(app, session):
    client_id = old_client(session, date(2019, 1, 1), 0).id
    session.commit()
    runner = app.test_cli_runner()

    assert "1 clientes por borrar" in runner.invoke(args=["privacy", "retention"]).output
    session.expire_all()
    assert session.get(Client, client_id).name != ERASED
    assert "Borrados: 1" in runner.invoke(args=["privacy", "retention", "--apply"]).output
    session.expire_all()
    assert session.get(Client, client_id).name == ERASED


def test_the_desk_downloads_corrects_and_deletes(client_as, session, settled):
    desk = client_as(Role.ADMIN)
    assert f"/datos/{settled.id}.zip" in desk.get(f"/datos/{settled.id}").text
    form = {"name": "Rosa Núñez", "phone": "55", "address": "Calle 1"}
    assert desk.post(f"/datos/{settled.id}/corregir", data=form).status_code == 422
    good = desk.post(
        f"/datos/{settled.id}/corregir", data=form | {"phone": ""}, follow_redirects=True
    )
    assert "Rosa Núñez" in good.text

    assert desk.post(f"/datos/{settled.id}/borrar", data={"reason": ""}).status_code == 422
    gone = desk.post(
        f"/datos/{settled.id}/borrar", data={"reason": "lo pidió"}, follow_redirects=True
    )

    assert "Rosa" not in gone.text
    assert "72 meses" in desk.get("/datos").text
