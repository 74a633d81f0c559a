"""What phones seal to the office: the boxes of the real script, opened by the real server."""

import base64
import hashlib
import json
import subprocess
from pathlib import Path

import pytest

from collector_app.sync.office_keys import office_keys
from collector_app.sync.rules import BrokenSeal, office_key, open_box
from collector_app.visits.models import Visit
from tests.javascript.test_node import node
from tests.sync.conftest import nobody_home
from tests.sync.test_api import with_photo

SEALER = Path(__file__).parent.parent / "javascript" / "seal_each.mjs"
JPEG = b"\xff\xd8\xff\xe0" + b"a picture that was sealed" * 20
SHA = hashlib.sha256(JPEG).hexdigest()
SECRET = "a secret of the application, long enough"


def text_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def sealed(public: bytes, data: bytes, about: str) -> str:
    """Seal as a phone does; returns the box as base64url."""
    told = {"public": text_of(public), "boxes": [{"bytes": text_of(data), "about": about}]}
    run = subprocess.run(
        [node(), SEALER], input=json.dumps(told), check=True, capture_output=True, text=True
    )
    (box,) = json.loads(run.stdout)
    return box


def box_of(public: bytes, data: bytes, about: str) -> bytes:
    return base64.urlsafe_b64decode(sealed(public, data, about) + "==")


@pytest.fixture
def office(app):
    with app.app_context():
        return office_keys()[0]


def hide(event: dict, public: bytes) -> dict:
    """Replace the body of an event by its box."""
    body = event.pop("body")
    return event | {"sealed": sealed(public, json.dumps(body).encode(), event["id"])}


# --- boxes


def test_the_office_opens_what_a_phone_sealed_and_only_as_the_fact_that_it_is():
    key = office_key(SECRET)
    box = box_of(key.public, "Perro bravo, señora".encode(), "fact-1")

    assert open_box(box, [office_key("another secret"), key], "fact-1").decode() == (
        "Perro bravo, señora"
    )
    with pytest.raises(BrokenSeal, match="another fact"):
        open_box(box, [key], "fact-2")
    with pytest.raises(BrokenSeal, match="another key"):
        open_box(box, [office_key("another secret")], "fact-1")


def test_the_key_is_the_same_on_every_machine_that_has_the_secret():
    assert office_key(SECRET).public == office_key(SECRET).public
    assert office_key(SECRET).name != office_key(SECRET + "!").name


@pytest.mark.parametrize("cut", [0, 1, 2, 40, 67, 100, 178, 190])
def test_half_a_box_is_refused_and_nothing_falls(cut):
    key = office_key(SECRET)
    box = box_of(key.public, b"x", "fact-1")

    with pytest.raises(BrokenSeal):
        open_box(box[:cut], [key], "fact-1")


# --- the API


def test_a_sealed_visit_is_the_same_fact_as_an_open_one(session, phone, route, office):
    event = phone.event(nobody_home(route.clients[0].id))

    assert phone.states(hide(dict(event), office.public)) == ["applied"]
    assert phone.states(event) == ["duplicate"]
    assert session.query(Visit).count() == 1


def test_a_box_that_nobody_opens_is_refused_alone_and_named(phone, route, office):
    stranger = office_key("another secret").public
    events = [phone.event(nobody_home(one.id)) for one in route.clients[:2]]
    other = hide(dict(events[0]), office.public) | {"id": events[1]["id"], "seq": 9}

    answers = phone.send(hide(events[0], stranger), events[1], other)

    assert [one["state"] for one in answers] == ["rejected", "applied", "rejected"]
    assert answers[0]["field"] == "events[0].sealed"


@pytest.mark.parametrize("told", ["", "ñ", "A", "AQ", "x" * 5000])
def test_what_is_no_box_is_refused_alone(phone, route, told):
    event = phone.event(nobody_home(route.clients[0].id))
    del event["body"]

    assert phone.states(event | {"sealed": told}) == ["rejected"]


def test_a_sealed_photo_is_kept_under_the_hash_of_the_picture(phone, route, office):
    (answer,) = phone.send(phone.event(with_photo(route.clients[0].id, SHA)))
    box = box_of(office.public, JPEG, SHA)

    assert answer["missing"] == [SHA]
    assert phone.upload(SHA, box, "application/octet-stream").status_code == 201
    assert phone.upload(SHA, JPEG).status_code == 200


def test_a_photo_sealed_for_another_key_is_refused(phone):
    box = box_of(office_key("another secret").public, JPEG, SHA)

    answer = phone.upload(SHA, box, "application/octet-stream")

    assert (answer.status_code, answer.json["code"], answer.json["field"]) == (
        422,
        "not_a_photo",
        "body",
    )


def test_after_a_new_secret_boxes_of_the_former_one_are_opened(app, phone, route, office):
    event = hide(phone.event(nobody_home(route.clients[0].id)), office.public)
    former = app.config["SECRET_KEY"]
    app.config.update(SECRET_KEY="the new secret " * 3, SECRET_KEY_FALLBACKS=[former])
    try:
        assert phone.states(event) == ["applied"]
    finally:
        app.config.update(SECRET_KEY=former, SECRET_KEY_FALLBACKS=None)
