"""The file that a phone saves when it can't send, taken in by a supervisor."""

import base64
import io
import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from collector_app.audit.models import AuditEntry
from collector_app.audit.queries import faults
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.sync.models import Device, Evidence, SyncEvent
from collector_app.visits.models import Visit
from tests.sync.conftest import nobody_home
from tests.sync.test_api import JPEG, SHA, revoke, with_photo
from tests.sync.test_sealing import hide, office, sealed

__all__ = ["office"]


def copy_of(phone, *events: object, photos: list[dict] | None = None, **values: object) -> dict:
    copy = {"person": "1", "device": phone.device, "made_at": clock.now().isoformat()}
    return copy | {"events": list(events), "photos": photos or []} | values


def open_photo(visit_id: str, data: bytes = JPEG, sha256: str = SHA) -> dict:
    text = base64.urlsafe_b64encode(data).decode().rstrip("=")
    return {"visit": visit_id, "sha256": sha256, "type": "image/jpeg", "base64url": text}


@pytest.fixture
def hand_in(client_as):
    """Upload a file as a supervisor, and show the page that follows."""
    desk = client_as(Role.SUPERVISOR)

    def send(copy: object):
        data = copy if isinstance(copy, bytes) else json.dumps(copy).encode()
        file = {"file": (io.BytesIO(data), "pendientes.json")}
        return desk.post("/revision/copia", data=file, follow_redirects=True)

    return send


def count(session, table) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table))


def test_a_visit_and_its_photo_count_as_if_the_phone_had_sent_them(session, phone, route, hand_in):
    event = phone.event(with_photo(route.clients[0].id))

    page = hand_in(copy_of(phone, event, photos=[open_photo(event["id"])]))

    assert "1 registro nuevo, 0 ya estaban, 1 foto." in page.text
    visit = session.scalars(select(Visit)).one()
    assert (visit.uuid, visit.collector_id) == (event["id"], route.collector.id)
    assert session.scalars(select(Evidence)).one().stored_at is not None
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "device.copy_taken")).one()
    assert (entry.facts["events"], entry.facts["photos"]) == ({"applied": 1}, 1)
    assert entry.actor_id != route.collector.id
    ours = ("sync_event", "evidence", "visit", "device")
    assert not [one for one in faults(session) if one.row.startswith(ours)]


def test_the_same_file_twice_and_the_phone_afterwards_count_once(session, phone, route, hand_in):
    events = [phone.event(nobody_home(client.id)) for client in route.clients[:2]]
    copy = copy_of(phone, *events)

    hand_in(copy)
    again = hand_in(copy)

    assert "0 registros nuevos, 2 ya estaban" in again.text
    assert phone.states(*events) == ["duplicate", "duplicate"]
    assert count(session, Visit) == 2


def test_more_events_than_a_request_may_have_are_taken_from_one_file(phone, route, hand_in):
    events = [phone.event(nobody_home(route.clients[0].id)) for _ in range(101)]

    assert "101 registros nuevos" in hand_in(copy_of(phone, *events)).text


def test_what_the_phone_can_not_open_any_more_the_office_opens(phone, route, office, hand_in):
    event = hide(phone.event(with_photo(route.clients[0].id)), office.public)
    photo = {"sha256": SHA, "sealed": sealed(office.public, JPEG, SHA)}

    page = hand_in(copy_of(phone, event, photos=[photo]))

    assert "1 registro nuevo, 0 ya estaban, 1 foto." in page.text


def test_of_a_phone_that_was_shut_out_all_waits_for_a_decision(session, phone, route, hand_in):
    revoke(session, phone)

    page = hand_in(copy_of(phone, phone.event(nobody_home(route.clients[0].id))))

    assert "0 registros nuevos, 0 ya estaban, 1 esperan aquí tu decisión" in page.text
    assert count(session, Visit) == 0
    assert count(session, SyncEvent) == 1


def test_what_can_not_be_read_keeps_nothing_else_back(session, phone, route, hand_in):
    good = phone.event(nobody_home(route.clients[0].id))
    broken = open_photo(good["id"], b"\xff\xd8\xff\xe0 another picture")

    page = hand_in(copy_of(phone, {"seq": "x"}, "nothing", good, photos=[broken, 7]))

    assert "1 registro nuevo, 0 ya estaban, 2 no se pudieron leer, 0 fotos" in page.text
    assert "2 fotos dañadas" in page.text
    assert count(session, Visit) == 1


def test_the_clock_of_the_phone_is_taken_as_it_was_last_known(session, phone, route, hand_in):
    device = session.scalars(select(Device)).one()
    device.clock_offset_ms = 90_000
    session.commit()

    hand_in(copy_of(phone, phone.event(nobody_home(route.clients[0].id))))

    session.rollback()
    event = session.scalars(select(SyncEvent)).one()
    assert timedelta(milliseconds=event.clock_offset_ms) == timedelta(seconds=90)


@pytest.mark.parametrize(
    ("copy", "place"),
    [
        (b"\x89PNG", "en file se esperaba JSON"),
        ([1], "en file se esperaba {…}"),
        ({"events": [], "photos": []}, "en device"),
        ({"device": "x", "events": 3, "photos": []}, "en events"),
        ({"device": "x", "events": [], "photos": None}, "en photos"),
        (b'{"a":' * 100_000, "en file se esperaba JSON"),
        ({"device": "x", "events": [], "photos": []}, "Ningún teléfono dado de alta aquí"),
    ],
    ids=["no JSON", "no object", "no phone", "no events", "no photos", "too deep", "unknown phone"],
)
def test_a_file_that_is_no_copy_is_refused_beside_its_field(session, hand_in, copy, place):
    answer = hand_in(copy)

    assert answer.status_code == 422
    assert place in answer.text
    assert count(session, SyncEvent) == 0


def test_without_a_file_the_page_asks_for_one(client_as):
    answer = client_as(Role.SUPERVISOR).post("/revision/copia", data={})

    assert answer.status_code == 422
    assert "Elige el archivo que guardó el teléfono." in answer.text


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.DISPATCHER])
def test_only_who_reviews_takes_a_copy_in(client_as, role):
    assert client_as(role).post("/revision/copia", data={}).status_code == 403
