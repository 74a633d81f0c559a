"""The border of the phone's API: tokens, limits, photos; every refusal names the place."""

import gzip
import hashlib
import json
import sqlite3
import zlib

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError

from collector_app.audit.queries import faults
from collector_app.audit.rules import FaultKind
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.sync.access import CALLS_PER_MINUTE
from collector_app.sync.models import Device, Evidence, SyncEvent
from collector_app.sync.rules import MOST_BYTES, MOST_PHOTO_BYTES
from tests.sync.conftest import EVENTS, nobody_home

JPEG = b"\xff\xd8\xff\xe0" + b"a picture of a door" * 20
SHA = hashlib.sha256(JPEG).hexdigest()


def revoke(session, phone) -> None:
    device = session.scalars(select(Device).where(Device.uuid == phone.device)).one()
    device.revoked_at = clock.now()
    session.commit()


def with_photo(client_id: int, sha256: str = SHA) -> dict:
    photo = {"sha256": sha256, "bytes": len(JPEG), "width": 8, "height": 8, "taken_at": None}
    return nobody_home(client_id, photos=[photo])


# --- who calls


def test_a_phone_is_registered_by_who_is_logged_in_and_its_token_is_kept_as_a_hash(session, phone):
    device = session.scalars(select(Device)).one()

    assert (device.uuid, device.name, device.is_installed) == (phone.device, "Moto G", True)
    assert phone.token not in device.token_hash


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", "Basic abc", "Bearer " * 3])
def test_without_a_token_of_ours_nothing_is_taken(anonymous, header):
    headers = {"Authorization": header} if header else {}

    answer = anonymous.post(EVENTS, json={"events": []}, headers=headers)

    assert (answer.status_code, answer.json["code"]) == (401, "device_unknown")


def test_the_cookie_of_a_login_opens_nothing_here(client_as):
    assert client_as(Role.COLLECTOR).post(EVENTS, json={}).status_code == 401


def test_what_a_phone_tells_that_was_shut_out_is_kept_but_not_believed(session, phone, route):
    revoke(session, phone)

    answer = phone.post(phone.letter(phone.event(nobody_home(route.clients[0].id))))

    assert answer.json["answers"][0]["state"] == "waiting"
    assert answer.json["answers"][0]["code"] == "device_revoked"
    assert answer.json["wipe"] is True


@pytest.mark.parametrize("left", [{"pending_events": 2}, {"pending_photos": 1}])
def test_a_phone_with_more_to_tell_is_not_wiped_yet(session, phone, route, left):
    revoke(session, phone)
    event = phone.event(nobody_home(route.clients[0].id))

    assert phone.post(phone.letter(event, **left)).json["wipe"] is False


def test_a_collector_who_left_is_not_believed_any_more(session, phone, route):
    route.collector.active = False
    session.commit()

    assert phone.send(phone.event(nobody_home(route.clients[0].id)))[0]["code"] == "device_revoked"


def test_the_office_hears_how_the_phone_is(session, phone):
    phone.send(last_seq=9, pending_events=4, pending_photos=2, installed=False, build="b2")

    device = session.scalars(select(Device)).one()
    told = (device.last_seq, device.pending_events, device.pending_photos)
    assert told == (9, 4, 2)
    assert (device.is_installed, device.build) == (False, "b2")


# --- limits and wrong forms


def test_compressed_requests_are_opened(phone, route):
    event = phone.event(nobody_home(route.clients[0].id))

    answer = phone.post(phone.letter(event), is_zipped=True)

    assert answer.json["answers"][0]["state"] == "applied"


@pytest.mark.parametrize(
    ("letter", "field"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"[]", "body"),
        (b"\xff\xfe", "body"),
        (b"[" * 100_000, "body"),
        (b'{"sent_at": NaN}', "body"),
        ({"events": "none"}, "events"),
        ({"events": [1] * 101}, "events"),
        ({"events": []}, "sent_at"),
        ({"events": [], "sent_at": "2026-03-10T10:00"}, "sent_at"),
        ({"events": [], "sent_at": "2026-03-10T10:00Z", "last_seq": -1}, "last_seq"),
        ({"events": [], "sent_at": "2026-03-10T10:00Z", "pending_events": True}, "pending_events"),
        ({"events": [], "sent_at": "2026-03-10T10:00Z", "installed": "yes"}, "installed"),
        ({"events": [], "sent_at": "2026-03-10T10:00Z", "build": 7}, "build"),
        (b" " * (MOST_BYTES + 1), "body"),
    ],
)
def test_a_request_that_cannot_be_read_names_the_place(phone, letter, field):
    answer = phone.post(letter)

    assert answer.status_code == 422, answer.text
    assert (answer.json["code"], answer.json["field"]) == ("bad_envelope", field)
    assert field in answer.json["sentence"]


def test_a_bomb_is_opened_only_as_far_as_allowed(phone):
    bomb = gzip.compress(b" " * (200 * MOST_BYTES), compresslevel=9)
    assert len(bomb) < MOST_BYTES

    headers = phone.headers | {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = phone.client.post(EVENTS, data=bomb, headers=headers)

    assert (answer.status_code, answer.json["field"]) == (422, "body")


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("gzip", b"{}"),
        ("gzip", gzip.compress(b"{}", mtime=0)[:-4]),
        ("br", b"{}"),
        ("deflate", zlib.compress(b"{}")),
    ],
)
def test_what_is_not_the_gzip_it_says_is_refused(phone, encoding, data):
    headers = phone.headers | {"Content-Type": "application/json", "Content-Encoding": encoding}

    answer = phone.client.post(EVENTS, data=data, headers=headers)

    assert (answer.status_code, answer.json["code"]) == (422, "bad_envelope")


def test_another_type_of_content_is_refused(phone):
    headers = phone.headers | {"Content-Type": "text/plain"}

    answer = phone.client.post(EVENTS, data=json.dumps({}), headers=headers)

    assert answer.json["field"] == "Content-Type"


def test_a_phone_that_never_stops_calling_is_asked_to_wait(phone):
    answers = [phone.post(b"{}").status_code for _ in range(CALLS_PER_MINUTE)]
    assert set(answers) == {422}

    answer = phone.post(b"{}")

    assert (answer.status_code, answer.json["code"]) == (429, "too_many_requests")
    assert answer.headers["Retry-After"] == "60"


# --- photos


def test_photos_are_asked_for_until_their_bytes_are_here(session, phone, route):
    event = phone.event(with_photo(route.clients[0].id))
    assert phone.send(event)[0]["missing"] == [SHA]
    assert phone.send(event)[0]["missing"] == [SHA]

    assert phone.upload(SHA, JPEG).status_code == 201
    assert phone.upload(SHA, JPEG).status_code == 200

    assert phone.send(event)[0]["missing"] == []
    stored = session.scalars(select(Evidence)).one()
    assert (stored.media_type, stored.stored_at) == ("image/jpeg", clock.now())


def test_a_photo_that_came_is_no_longer_counted_as_waiting_on_the_phone(session, phone, route):
    data = JPEG + b"counted"
    sha256 = hashlib.sha256(data).hexdigest()
    event = phone.event(with_photo(route.clients[0].id, sha256))
    phone.send(event, pending_events=0, pending_photos=2)

    phone.upload(sha256, data)
    phone.upload(sha256, data)  # its answer was lost

    assert session.scalars(select(Device)).one().pending_photos == 1


def test_the_log_answers_for_each_photo_by_its_hash(session, phone, route):
    def touched() -> list[tuple[FaultKind, str]]:
        session.expire_all()
        found = faults(session)
        return [(one.kind, one.row) for one in found if one.row.startswith("evidence ")]

    event = phone.event(with_photo(route.clients[0].id))
    phone.send(event)
    assert touched() == []
    phone.upload(SHA, JPEG)
    phone.upload(SHA, JPEG)
    assert touched() == []
    id_, event_id = session.execute(select(Evidence.id, Evidence.event_id)).one()

    session.execute(update(Evidence).values(sha256="f" * 64))
    assert touched() == [(FaultKind.ALTERED, f"evidence {id_}")]
    session.execute(delete(Evidence))
    forged = Evidence(id=999, event_id=event_id, sha256=SHA, is_signature=False, size_bytes=3)
    session.add(forged)
    session.flush()
    assert touched() == [
        (FaultKind.INSERTED, "evidence 999"),
        (FaultKind.REMOVED, f"evidence {id_}"),
    ]
    session.rollback()


def test_a_photo_may_come_before_its_event(phone, route):
    data = JPEG + b"first"
    sha256 = hashlib.sha256(data).hexdigest()
    phone.upload(sha256, data)

    assert phone.send(phone.event(with_photo(route.clients[0].id, sha256)))[0]["missing"] == []


def test_photos_of_an_event_that_waits_are_kept_too(session, phone):
    answer = phone.send(phone.event(with_photo(999_999, "a" * 64)))[0]

    assert (answer["state"], answer["missing"]) == ("waiting", ["a" * 64])
    assert session.scalars(select(SyncEvent)).one().facts == {}


@pytest.mark.parametrize(
    ("sha256", "data", "media_type", "code"),
    [
        ("0" * 64, JPEG, "image/jpeg", "not_a_photo"),
        (SHA.upper(), JPEG, "image/jpeg", "not_a_photo"),
        (SHA, JPEG, "image/png", "not_a_photo"),
        (hashlib.sha256(b"<svg/>").hexdigest(), b"<svg/>", "image/svg+xml", "not_a_photo"),
        (hashlib.sha256(b"").hexdigest(), b"", "image/jpeg", "not_a_photo"),
        ("x", JPEG + b"0" * MOST_PHOTO_BYTES, "image/jpeg", "photo_too_large"),
    ],
)
def test_what_is_not_the_photo_it_says_is_refused(phone, sha256, data, media_type, code):
    answer = phone.upload(sha256, data, media_type)

    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_a_database_that_stays_locked_asks_the_phone_to_come_again(
    session, route, phone, monkeypatch
):
    def locked(*_args: object, **_facts: object) -> None:
        raise OperationalError("BEGIN IMMEDIATE", {}, sqlite3.OperationalError("locked"))

    event = phone.event(nobody_home(route.clients[0].id))
    with monkeypatch.context() as patched:
        patched.setattr("collector_app.sync.services.push", locked)
        refused = phone.post(phone.letter(event))

    assert refused.status_code == 503
    assert refused.json["code"] == "unavailable"
    assert int(refused.headers["Retry-After"]) > 0
    assert phone.states(event) == ["applied"]
