"""Photos of the other version of a visit: they come, are shown to who decides, and go with it."""

import hashlib
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.portfolio.models import Invoice
from collector_app.privacy.erased_files import delete_erased_files
from collector_app.privacy.services import erase
from collector_app.sync import queries
from collector_app.sync.evidence_files import evidence_store
from collector_app.sync.models import Evidence, SyncConflict
from collector_app.sync.rules import run_digest
from tests.sync.conftest import Phone, nobody_home

ZONE = ZoneInfo("America/Mexico_City")

FIRST = b"\xff\xd8\xff\xe0" + b"a door, told first" * 20
OTHER = b"\xff\xd8\xff\xe0" + b"a door, told otherwise" * 20


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def told(*photos: bytes) -> list[dict]:
    return [{"sha256": sha(one), "bytes": len(one), "width": 8, "height": 8} for one in photos]


def url(data: bytes) -> str:
    return f"/revision/fotos/{sha(data)}"


@pytest.fixture(autouse=True)
def no_photo_is_here(session) -> None:
    """Forget the photos of the test before: all share one folder."""
    for one in (FIRST, OTHER):
        evidence_store().delete(sha(one))


@pytest.fixture
def first(route, phone) -> dict:
    """A visit with a photo, which came."""
    event = phone.event(nobody_home(route.clients[0].id, photos=told(FIRST)))
    assert phone.states(event) == ["applied"]
    phone.upload(sha(FIRST), FIRST)
    return event


@pytest.fixture
def other(first) -> dict:
    """The same visit, told otherwise and with another photo."""
    return first | {"body": first["body"] | {"note": "Salió", "photos": told(FIRST, OTHER)}}


def conflict_of(session) -> SyncConflict:
    session.expire_all()
    return session.scalars(select(SyncConflict)).one()


def let_it_count(session, client_as) -> None:
    url = f"/revision/conflictos/{conflict_of(session).id}/aplicar"
    client_as(Role.SUPERVISOR).post(url, data={"reason": "Se corrigió en la puerta"})
    assert conflict_of(session).settled_at is not None


def test_what_the_other_version_lacks_is_asked_for_until_it_is_here(session, phone, other):
    answers = [phone.send(other)[0] for _ in range(2)]

    assert [(one["state"], one["missing"]) for one in answers] == [("conflict", [sha(OTHER)])] * 2
    assert phone.upload(sha(OTHER), OTHER).status_code == 201
    assert phone.send(other)[0]["missing"] == []
    noted = select(Evidence).where(Evidence.conflict_id == conflict_of(session).id)
    assert {(one.sha256, one.stored_at) for one in session.scalars(noted)} == {
        (sha(FIRST), clock.now()),
        (sha(OTHER), clock.now()),
    }


def test_who_decides_sees_the_photos_of_both_versions(phone, other, client_as):
    phone.send(other)
    supervisor = client_as(Role.SUPERVISOR)
    before = supervisor.get("/revision").text
    assert before.count(f'<img src="{url(FIRST)}"') == 2
    assert "La foto aún no llega del teléfono." in before
    assert supervisor.get(url(OTHER)).status_code == 404

    phone.upload(sha(OTHER), OTHER)

    assert f'<img src="{url(OTHER)}"' in supervisor.get("/revision").text
    picture = supervisor.get(url(OTHER))
    assert (picture.data, picture.headers["Content-Type"]) == (OTHER, "image/jpeg")
    assert picture.headers["Cache-Control"] == "no-store"


def test_photos_of_an_event_that_waits_are_shown_as_well(phone, client_as):
    phone.send(phone.event(nobody_home(999_999, photos=told(FIRST))))
    phone.upload(sha(FIRST), FIRST)
    supervisor = client_as(Role.SUPERVISOR)

    assert f'<img src="{url(FIRST)}"' in supervisor.get("/revision").text
    assert supervisor.get(url(FIRST)).data == FIRST


def test_a_photo_of_what_nobody_has_to_decide_is_not_shown_there(phone, first, client_as):
    assert client_as(Role.SUPERVISOR).get(url(FIRST)).status_code == 404


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.DISPATCHER])
def test_only_who_decides_may_look(phone, other, client_as, role):
    phone.send(other)

    assert client_as(role).get(url(FIRST)).status_code == 403


def test_the_file_of_the_client_shows_the_photos_of_the_version_that_counts(
    session, route, phone, other, client_as
):
    phone.send(other)
    phone.upload(sha(OTHER), OTHER)
    client = route.clients[0]
    address = f"/cartera/{client.id}/expediente/fotos/{sha(OTHER)}"
    supervisor = client_as(Role.SUPERVISOR)
    assert supervisor.get(address).status_code == 404

    let_it_count(session, client_as)

    assert supervisor.get(address).data == OTHER
    assert f'<img src="{address}"' in supervisor.get(f"/cartera/{client.id}/expediente").text
    assert supervisor.get(url(OTHER)).status_code == 404  # it waits no more


def test_photos_of_the_other_version_count_among_what_its_phone_owes(
    session, route, phone, phone_of, first
):
    cloned = phone_of(route.collector)
    cloned.send(first | {"body": first["body"] | {"photos": told(OTHER)}})

    rows = sorted(queries.devices(session, clock.now()), key=lambda row: row.id)

    assert [row.missing_photos for row in rows] == [0, 1]


def test_a_version_that_was_compared_is_no_conflict_any_more(session, phone, other, client_as):
    phone.send(other)
    let_it_count(session, client_as)

    answer = phone.send(other)[0]

    assert (answer["state"], answer["missing"]) == ("duplicate", [sha(OTHER)])
    assert conflict_of(session).settled_reason == "Se corrigió en la puerta"


@pytest.mark.parametrize("holds", ["what came first", "what came second"])
def test_a_phone_and_its_copy_are_asked_for_nothing_once_their_versions_were_compared(
    session, route, phone: Phone, client_as, holds
):
    one = phone.event(nobody_home(route.clients[0].id))
    two = phone.event(nobody_home(route.clients[1].id)) | {"seq": one["seq"]}
    phone.send(one)
    phone.send(two)
    run = [one["seq"], one["seq"], run_digest([(one if "first" in holds else two)["id"]])]
    others = [[one["seq"], one["seq"], run_digest([two["id"]])]]
    assert phone.post(phone.letter(delivered=others)).json["lost"] == [run[:2]]

    let_it_count(session, client_as)

    assert phone.post(phone.letter(delivered=[run])).json["lost"] == []


def test_photos_of_both_versions_go_with_an_erased_client(session, route, phone, other, client_as):
    phone.send(other)
    phone.upload(sha(OTHER), OTHER)
    let_it_count(session, client_as)
    session.execute(Invoice.__table__.update().values(balance_cents=0))

    erase(
        session,
        Actor.system("test"),
        route.clients[0].id,
        "lo pidió",
        day=clock.now().date(),
        zone=ZONE,
    )
    session.commit()

    assert delete_erased_files() == 2
    assert not any(evidence_store().holds(sha(one)) for one in (FIRST, OTHER))
    assert "Salió" not in conflict_of(session).statement
