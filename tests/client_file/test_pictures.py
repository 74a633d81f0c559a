"""Photos and signatures of visits in the client's file: only there, and only as pictures."""

import hashlib
import os
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from collector_app.audit.models import AuditEntry
from collector_app.audit.queries import faults
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.portfolio.models import Invoice
from collector_app.privacy.erased_files import (
    UNTOLD_FOR,
    delete_erased_files,
    delete_untold_pictures,
)
from collector_app.privacy.services import erase
from collector_app.sync.evidence_files import evidence_store
from collector_app.sync.models import SyncEvent
from collector_app.visits.models import Visit
from tests.factories import make_client
from tests.sync.conftest import nobody_home, phone, phone_of, route

ZONE = ZoneInfo("America/Mexico_City")

__all__ = ["phone", "phone_of", "route"]

JPEG = b"\xff\xd8\xff\xe0" + b"a picture of a door in a file" * 20
PNG = b"\x89PNG\r\n\x1a\n" + b"a signature" * 20


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def told(data: bytes) -> dict:
    return {"sha256": sha(data), "bytes": len(data), "width": 8, "height": 8, "taken_at": None}


@pytest.fixture
def client(route, phone):
    """A client whose visit told of a photo, which came, and of a signature, which did not."""
    found = route.clients[0]
    visit = nobody_home(found.id, route.stops[0].id, photos=[told(JPEG)], signature=told(PNG))
    assert phone.states(phone.event(visit)) == ["applied"]
    assert phone.upload(sha(JPEG), JPEG).status_code < 300
    return found


def url(client, data: bytes = JPEG) -> str:
    return f"/cartera/{client.id}/expediente/fotos/{sha(data)}"


def test_the_file_shows_what_came_and_says_what_did_not(client, client_as):
    page = client_as(Role.SUPERVISOR).get(f"/cartera/{client.id}/expediente").text

    assert f'<img src="{url(client)}"' in page
    assert "La firma aún no llega del teléfono." in page
    assert url(client, PNG) not in page


def test_on_the_map_a_visit_shows_its_photo_and_no_signature(client, client_as, session):
    visit = session.scalars(select(Visit)).one()
    visit.lat, visit.lon = client.lat, client.lon
    session.commit()

    page = client_as(Role.SUPERVISOR).get(f"/cartera/{client.id}/expediente").text

    assert re.findall(r'"picture":"([^"]*)"', page) == [url(client)]


def test_a_picture_is_answered_as_what_its_bytes_are_and_nothing_keeps_or_runs_it(
    client, client_as
):
    answer = client_as(Role.DISPATCHER).get(url(client))

    assert answer.data == JPEG
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_picture_is_of_its_own_client_alone(client, route, session, client_as):
    desk = client_as(Role.SUPERVISOR)

    assert desk.get(url(route.clients[1])).status_code == 404
    assert desk.get(url(make_client(session))).status_code == 404


@pytest.mark.parametrize("name", ["0" * 64, "..%2f..%2fsecret_key", "x"])
def test_what_no_visit_told_of_is_not_found(client, client_as, name):
    desk = client_as(Role.SUPERVISOR)

    assert desk.get(f"/cartera/{client.id}/expediente/fotos/{name}").status_code == 404
    assert desk.get(url(client, PNG)).status_code == 404  # told of, and not here


def test_a_collector_may_not_look(client, route, client_as):
    assert client_as(route.collector).get(url(client)).status_code == 403


def test_pictures_and_words_of_an_erased_client_go_and_their_hashes_stay_as_proof(
    session, client, client_as, phone
):
    session.execute(Invoice.__table__.update().values(balance_cents=0))
    before = session.scalars(select(SyncEvent)).one().statement_hash
    erase(session, Actor.system("test"), client.id, "lo pidió", day=clock.now().date(), zone=ZONE)
    session.commit()

    assert delete_erased_files() == 1

    assert not evidence_store().holds(sha(JPEG))
    assert client_as(Role.SUPERVISOR).get(url(client)).status_code == 404
    session.expire_all()
    event = session.scalars(select(SyncEvent)).one()
    assert sha(JPEG) not in event.statement
    assert event.statement_hash == before
    proof = session.scalars(select(AuditEntry).where(AuditEntry.event == "evidence.erased"))
    assert {entry.facts["sha256"] for entry in proof} == {sha(JPEG), sha(PNG)}
    assert [one for one in faults(session) if "visit" in one.row] == []
    # The signature that was still to come goes when it comes all the same.
    phone.upload(sha(PNG), PNG)
    delete_erased_files()
    assert not evidence_store().holds(sha(PNG))


def age(data: bytes, by: timedelta) -> None:
    came = (clock.now() - by).timestamp()
    os.utime(evidence_store().path(sha(data)), (came, came))


def test_a_picture_that_no_event_tells_of_waits_for_it_90_days_and_no_longer(client, phone, app):
    alone, waits = JPEG + b"of no visit", JPEG + b"of a visit that may come"
    for one in (alone, waits):
        assert phone.upload(sha(one), one).status_code == 201
    age(JPEG, 10 * UNTOLD_FOR)  # told of
    age(alone, UNTOLD_FOR + timedelta(seconds=1))
    age(waits, UNTOLD_FOR - timedelta(seconds=1))

    assert delete_untold_pictures() == 1

    assert not evidence_store().holds(sha(alone))
    assert evidence_store().holds(sha(waits))
    assert evidence_store().holds(sha(JPEG))
    assert delete_untold_pictures() == 0


def test_a_picture_that_was_deleted_is_asked_for_when_its_event_comes_after_all(
    client, route, phone
):
    late = JPEG + b"of a phone that lay in a drawer"
    assert phone.upload(sha(late), late).status_code == 201
    age(late, 2 * UNTOLD_FOR)
    assert delete_untold_pictures() == 1
    visit = nobody_home(route.clients[1].id, route.stops[1].id, photos=[told(late)])

    answer = phone.send(phone.event(visit))[0]

    assert (answer["state"], answer["missing"]) == ("applied", [sha(late)])
