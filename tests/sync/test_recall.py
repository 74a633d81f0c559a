"""After the database came from a backup: the office asks phones again for what is gone."""

import hashlib
import json
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from collector_app.audit.models import AuditEntry
from collector_app.core import clock
from collector_app.sync.models import Device, Evidence, SyncConflict, SyncEvent
from collector_app.sync.rules import BadEnvelope, read_envelope, run_digest
from collector_app.visits.models import Visit
from tests.sync.conftest import Phone, nobody_home

JPEG = b"\xff\xd8\xff\xe0 a photo"
SHA = hashlib.sha256(JPEG).hexdigest()
OTHER_JPEG = b"\xff\xd8\xff\xe0 another photo"  # files of one test are there in the next
SHA_OF_OTHER = hashlib.sha256(OTHER_JPEG).hexdigest()


def greet(phone: Phone, *delivered: object) -> dict:
    return phone.post(phone.letter(delivered=list(delivered))).json


def run(*events: dict) -> list:
    return [events[0]["seq"], events[-1]["seq"], run_digest(one["id"] for one in events)]


def forget(session, event: dict) -> None:
    """As a database from a backup has forgotten an event and what it became."""
    ids = select(SyncEvent.id).where(SyncEvent.uuid == event["id"])
    session.execute(delete(Evidence).where(Evidence.event_id.in_(ids)))
    session.execute(delete(SyncEvent).where(SyncEvent.uuid == event["id"]))
    session.execute(delete(Visit).where(Visit.uuid == event["id"]))
    session.commit()


@pytest.fixture
def events(phone: Phone, route) -> list[dict]:
    told = [phone.event(nobody_home(client.id)) for client in route.clients]
    phone.send(*told)
    return told


def test_nothing_is_asked_for_when_all_that_was_acknowledged_is_here(phone, events):
    answer = greet(phone, run(*events))

    assert (answer["lost"], answer["missing"]) == ([], [])


def test_what_was_acknowledged_and_is_gone_is_asked_for_and_counts_again(session, phone, events):
    forget(session, events[-1])

    assert greet(phone, run(*events))["lost"] == [[1, len(events)]]

    assert phone.states(*events) == ["duplicate"] * (len(events) - 1) + ["applied"]
    assert greet(phone, run(*events))["lost"] == []


def test_a_run_that_is_whole_is_not_asked_for_again(session, phone, events):
    forget(session, events[-1])

    assert greet(phone, run(*events[:-1]), run(events[-1]))["lost"] == [[len(events)] * 2]


def test_another_event_under_the_same_number_is_not_taken_for_the_one_that_was_acknowledged(
    phone, events
):
    other = [1, len(events), run_digest(["5b0f2c3e-0000-4000-8000-000000000000"] * len(events))]

    assert greet(phone, other)["lost"] == [[1, len(events)]]


def test_the_numbers_of_a_new_registration_count_for_what_it_told_again(
    phone, phone_of, route, events
):
    anew = phone_of(route.collector)
    again = [one | {"seq": n} for n, one in enumerate(events, start=1)]
    assert set(anew.states(*again)) == {"duplicate"}

    assert greet(anew, run(*again))["lost"] == []


def test_what_another_phone_told_counts_for_nothing(session, phone, phone_of, route, events):
    anew = phone_of(route.collector)

    assert greet(anew, run(*events))["lost"] == [[1, len(events)]]


def test_that_a_phone_was_asked_again_is_in_the_log(session, phone, events):
    forget(session, events[0])

    greet(phone, run(*events))

    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.event == "device.asked_again")
    ).one()
    device = session.scalars(select(Device)).one()
    assert entry.subject_id == str(device.id)


@pytest.fixture
def other(phone: Phone, events) -> dict:
    """What the phone told under an id that was taken, with a photo; a person compares the two."""
    photos = [{"sha256": SHA_OF_OTHER, "bytes": len(OTHER_JPEG)}]
    event = events[0] | {"body": events[0]["body"] | {"note": "otra", "photos": photos}}
    assert phone.states(event) == ["conflict"]
    return event


def keeps(phone: Phone, *compared: object) -> dict:
    return phone.post(phone.letter(compared=list(compared))).json


def test_what_is_kept_to_be_compared_is_not_asked_for_again(session, phone, other):
    assert keeps(phone, run(other))["lost"] == []

    session.execute(update(SyncConflict).values(settled_at=clock.now()))
    session.commit()
    assert keeps(phone, run(other))["lost"] == []


def test_what_was_to_be_compared_and_is_gone_is_asked_for_and_kept_again(session, phone, other):
    phone.upload(SHA_OF_OTHER, OTHER_JPEG)
    session.execute(delete(Evidence))
    session.execute(delete(SyncConflict))
    session.commit()

    assert keeps(phone, run(other))["lost"] == [[other["seq"]] * 2]

    assert phone.states(other) == ["conflict"]
    assert keeps(phone, run(other))["lost"] == []
    photo = session.scalars(select(Evidence)).one()  # its bytes were on the disk all the time
    assert photo.conflict_id is not None
    assert photo.stored_at is not None


@pytest.fixture
def with_photo(phone: Phone, route) -> dict:
    body = nobody_home(route.clients[0].id, photos=[{"sha256": SHA, "bytes": len(JPEG)}])
    event = phone.event(body)
    phone.send(event)
    return event


def test_a_photo_that_never_came_is_asked_for_by_its_hash(phone, with_photo):
    assert greet(phone, run(with_photo))["missing"] == [SHA]

    phone.upload(SHA, JPEG)

    assert greet(phone, run(with_photo))["missing"] == []


def test_a_photo_that_the_database_forgot_is_found_on_the_disk(app, session, phone, with_photo):
    phone.upload(SHA, JPEG)
    session.execute(update(Evidence).values(stored_at=None))
    session.commit()

    assert greet(phone, run(with_photo))["missing"] == []

    session.expire_all()
    assert session.scalars(select(Evidence.stored_at)).one() == clock.now()


def test_a_photo_of_what_another_phone_told_first_is_found_on_the_disk_too(
    session, phone, phone_of, route, with_photo
):
    phone.upload(SHA, JPEG)
    anew = phone_of(route.collector)
    assert anew.states(with_photo) == ["duplicate"]
    session.execute(update(Evidence).values(stored_at=None))
    session.commit()

    assert greet(anew, run(with_photo))["missing"] == []

    session.expire_all()
    assert session.scalars(select(Evidence.stored_at)).one() == clock.now()


def test_a_photo_on_the_disk_is_not_asked_for_when_its_visit_is_told_again(
    session, phone, with_photo
):
    phone.upload(SHA, JPEG)
    session.execute(update(Evidence).values(stored_at=None))
    session.commit()

    (answer,) = phone.post(phone.letter(with_photo)).json["answers"]

    assert (answer["state"], answer["missing"]) == ("duplicate", [])
    session.expire_all()
    assert session.scalars(select(Evidence.stored_at)).one() == clock.now()


def test_a_photo_that_is_on_no_disk_any_more_is_asked_for(app, session, phone, with_photo):
    phone.upload(SHA, JPEG)
    session.execute(update(Evidence).values(stored_at=None))
    session.commit()
    (Path(app.instance_path) / "evidence" / SHA[:2] / SHA).unlink()

    assert greet(phone, run(with_photo))["missing"] == [SHA]


@pytest.mark.parametrize(
    "runs",
    [
        "1-7",
        [[1, 2]],
        [[0, 2, "x"]],
        [[3, 2, "x"]],
        [[1, 2, 3]],
        [[1, 2**40, "x"]],
        [[True, 2, "x"]],
        [[1, 1, "x"]] * 101,
    ],
)
@pytest.mark.parametrize("name", ["delivered", "compared"])
def test_runs_that_are_none_are_refused_with_what_was_expected(runs, name):
    letter = {"sent_at": "2026-03-10T10:00:00Z", "events": [], name: runs}
    with pytest.raises(BadEnvelope) as refused:
        read_envelope(json.dumps(letter).encode())

    assert refused.value.facts["field"] == name


def test_a_run_of_all_numbers_that_there_are_costs_nothing(phone, events):
    answer = greet(phone, [1, 2**31 - 1, "x"])

    assert answer["lost"] == [[1, 2**31 - 1]]
