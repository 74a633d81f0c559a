"""A file does not bring back whose data was erased, unless an administrator lets them in."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from collector_app.audit.queries import faults
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.portfolio.facts import ImportConflict
from collector_app.portfolio.models import Client, ErasedPerson
from collector_app.portfolio.services import addresses_to_find, import_clients
from collector_app.privacy.rules import ERASED, ErasureUnexplained
from collector_app.privacy.services import erase, readmit
from tests.factories import actor_of, make_client, make_user
from tests.portfolio.factories import BALANCE_AT, a_row

ZONE = ZoneInfo("America/Mexico_City")

SYSTEM = Actor.system("test")
TODAY = date(2026, 3, 10)
ROSA = {"name": "Rosa Muñoz", "phone": "+525512345678", "address": "Av. Juárez 12"}


@pytest.fixture
def admin(session):
    return actor_of(make_user(session, Role.ADMIN))


@pytest.fixture
def rosa(session):
    """Somebody who asked to be forgotten, and was."""
    client = make_client(session, overdue_cents=0, **ROSA)
    erase(session, SYSTEM, client.id, "lo pidió", day=TODAY, zone=ZONE)
    session.commit()
    return client


def bring(session, **told):
    row = a_row(2, **{"client_id": "C-NUEVO", "lat": None, "lon": None, **told})
    report = import_clients(session, SYSTEM, [row], balance_at=BALANCE_AT)
    session.flush()
    session.expire_all()
    return report


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"name": "ROSA MUNOZ", "phone": ROSA["phone"], "address": "Otra calle 1"}, "phone"),
        ({"name": "Rosa  Muñoz", "phone": None, "address": "AV JUAREZ 12"}, "address"),
    ],
)
def test_under_another_number_she_is_known_by_name_with_phone_or_address(
    session, rosa, told, field
):
    report = bring(session, **told)

    assert [(one.conflict, one.field) for one in report.findings] == [
        (ImportConflict.ERASED_PERSON, field)
    ]
    assert report.findings[0].is_refused
    assert session.scalars(select(Client.name)).all() == [ERASED]


def test_under_her_own_number_she_stays_erased_whatever_the_row_says(session, rosa):
    report = bring(session, client_id=rosa.external_id, name="Otro Nombre", address="Otra calle 1")

    assert [one.field for one in report.findings] == ["client_id"]
    assert rosa.name == ERASED


@pytest.mark.parametrize(
    "told",
    [
        {"name": "Rosa Muñiz", "phone": ROSA["phone"], "address": ROSA["address"]},  # the house
        {"name": ROSA["name"], "phone": "+525512345679", "address": "Av. Juárez 13"},  # a namesake
    ],
)
def test_somebody_else_comes_in(session, rosa, told):
    assert bring(session, **told).findings == ()
    assert session.scalars(select(Client).where(Client.external_id == "C-NUEVO")).one()


def test_nothing_that_is_kept_tells_who_she_was(session, rosa):
    kept = session.scalars(select(ErasedPerson)).one()

    told = " ".join(str(getattr(kept, one.name)) for one in ErasedPerson.__table__.columns)
    assert "osa" not in told
    assert "5512345678" not in told
    assert len(kept.phone_digest) == len(kept.address_digest) == 64


def test_the_same_person_has_other_hashes_in_another_house(session, rosa):
    kept = session.scalars(select(ErasedPerson)).one()
    first = kept.phone_digest
    session.delete(kept)
    other = make_client(session, overdue_cents=0, **ROSA)
    session.flush()

    erase(session, SYSTEM, other.id, "lo pidió", day=TODAY, zone=ZONE)
    session.flush()

    assert session.get(ErasedPerson, other.id).phone_digest != first


def test_her_address_is_not_searched_again(session, rosa):
    row = a_row(2, client_id=rosa.external_id, lat=None, lon=None)

    assert addresses_to_find(session, [row]) == []


def test_an_administrator_lets_her_back_in_with_a_reason(session, rosa, admin):
    with pytest.raises(ErasureUnexplained):
        readmit(session, admin, rosa.id, " ")
    with pytest.raises(NotAllowed):
        readmit(session, actor_of(make_user(session, Role.SUPERVISOR)), rosa.id, "sí")
    with pytest.raises(NotFound):
        readmit(session, admin, make_client(session).id, "nunca se borró")

    readmit(session, admin, rosa.id, "pidió un crédito nuevo")
    session.commit()

    assert bring(session, client_id=rosa.external_id, **ROSA).findings == ()
    assert rosa.name == ROSA["name"]
    assert [one for one in faults(session) if one.row.startswith("erased")] == []


def test_erased_again_she_is_kept_out_again(session, rosa, admin):
    readmit(session, admin, rosa.id, "pidió un crédito nuevo")
    rosa.name = ROSA["name"]

    erase(session, admin, rosa.id, "lo pidió otra vez", day=TODAY, zone=ZONE)
    session.flush()

    assert [one.field for one in bring(session, client_id=rosa.external_id).findings] == [
        "client_id"
    ]


def test_the_page_says_it_and_only_an_administrator_has_the_button(client_as, session, rosa):
    page = f"/datos/{rosa.id}"
    boss = client_as(Role.SUPERVISOR)
    assert "se quedan fuera y lo dicen" in boss.get(page).text
    assert "Volver a admitir" not in boss.get(page).text
    assert "Guardar corrección" not in boss.get(page).text
    assert boss.post(f"{page}/readmitir", data={"reason": "sí"}).status_code == 403

    desk = client_as(Role.ADMIN)
    assert "Por qué se borran" not in desk.get(page).text  # they are to be let in again
    assert desk.post(f"{page}/readmitir", data={"reason": " "}).status_code == 422
    done = desk.post(f"{page}/readmitir", data={"reason": "crédito nuevo"}, follow_redirects=True)

    assert "puede volver a traer sus datos" in done.text
    assert "Volver a admitir" not in done.text
