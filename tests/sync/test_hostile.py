"""Whoever has a token may send anything: each gets a clear answer, and honest facts go on."""

import gzip
import json
from uuid import uuid4

import pytest
from sqlalchemy import select

from collector_app.sync.models import SyncEvent
from collector_app.visits.models import Visit
from tests.factories import make_user
from tests.sync.conftest import EVENTS, nobody_home, paid, promised

HUGE = 10**40


def deep(levels: int) -> str:
    return "[" * levels + "]" * levels


def raw_letter(phone, *events: str) -> bytes:
    """Write a request by hand, with what no encoder of JSON would write."""
    head = json.dumps(phone.letter())
    return head.replace('"events": []', f'"events": [{", ".join(events)}]').encode()


def raw_event(phone, **values: str) -> str:
    event = {name: json.dumps(value) for name, value in phone.event({}).items()}
    told = event | values
    return "{" + ", ".join(f'"{name}": {value}' for name, value in told.items()) + "}"


PROMISED = '"person_met": "holder", "outcome": "promised", "promise": '
PAID = '"person_met": "holder", "outcome": "paid_in_part", "payment": '
BODIES = {
    "an infinite latitude": ('"lat": 1e999', "lat"),
    "a huge number as client": (f'"client_id": {HUGE}', "client_id"),
    "a negative client": ('"client_id": -1', "client_id"),
    "a client that is true": ('"client_id": true', "client_id"),
    "a client in a text": ('"client_id": "1"', "client_id"),
    "a client that is a list": ('"client_id": [1]', "client_id"),
    "half a pair of surrogates": ('"note": "\\ud83d"', "note"),
    "a note that is an object": ('"note": {"a": 1}', "note"),
    "a very long note": (f'"note": "{"x" * 500_000}"', "note"),
    "an outcome of no list": ('"outcome": "gone"', "outcome"),
    "an outcome that is a list": ('"outcome": ["not_home"]', "outcome"),
    "a day that does not exist": ('"started_at": "2026-02-30T10:00:00Z"', "started_at"),
    "an instant without zone": ('"started_at": "2026-03-10T10:00:00"', "started_at"),
    "a year beyond all years": ('"ended_at": "9999-12-31T23:59:59-14:00"', "ended_at"),
    "photos that are a number": ('"photos": 7', "photos"),
    "a thousand photos": (f'"photos": [{", ".join(["{}"] * 1000)}]', "photos"),
    "a signature that is a list": ('"signature": []', "signature"),
    "a promise without amount": (PROMISED + '{"due_on": "2026-03-13"}', "promise.amount_cents"),
    "a promise of a huge amount": (
        PROMISED + f'{{"amount_cents": {HUGE}, "due_on": "2026-03-13"}}',
        "promise.amount_cents",
    ),
    "a payment of less than nothing": (
        PAID + '{"amount_cents": -5, "method": "cash"}',
        "payment.amount_cents",
    ),
    "a payment of half a cent": (
        PAID + '{"amount_cents": 0.5, "method": "cash"}',
        "payment.amount_cents",
    ),
    "a receipt that is a text": (
        PAID + '{"amount_cents": 5, "method": "cash", "receipt": "A"}',
        "payment.receipt",
    ),
}


@pytest.mark.parametrize(("change", "field"), BODIES.values(), ids=BODIES.keys())
def test_an_event_that_says_nonsense_waits_names_the_field_and_holds_nobody_up(
    phone, route, change, field
):
    told = json.dumps(nobody_home(route.clients[0].id))
    strange = raw_event(phone, body=f"{told[:-1]}, {change}}}")  # of two keys alike the last counts
    honest = json.dumps(phone.event(nobody_home(route.clients[0].id)))

    answer = phone.post(raw_letter(phone, strange, honest))

    assert answer.status_code == 200, answer.text
    first, second = answer.json["answers"]
    assert (first["state"], first["field"]) == ("waiting", field)
    assert field in first["sentence"]
    assert second["state"] == "applied"


@pytest.mark.parametrize("levels", [100, 300, 600, 900, 950, 980, 1_000, 5_000, 50_000])
def test_however_deep_a_body_is_it_is_answered(phone, route, levels):
    strange = raw_event(phone, body=f'{{"note": {deep(levels)}}}')
    honest = json.dumps(phone.event(nobody_home(route.clients[0].id)))

    answer = phone.post(raw_letter(phone, strange, honest))

    if answer.status_code == 200:
        first, second = answer.json["answers"]
        assert first["state"] in {"waiting", "rejected"}
        assert second["state"] == "applied"
    else:
        assert (answer.status_code, answer.json["field"]) == (422, "body")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seq", "-1"),
        ("seq", "1.0"),
        ("seq", "true"),
        ("seq", str(HUGE)),
        ("seq", '"1"'),
        ("id", "7"),
        ("id", '"\\ud83d"'),
        ("id", '"5b0f2c3e"'),
        ("type", '["visit.recorded"]'),
        ("type", '"\\ud83d"'),
        ("made_at", "1773158400"),
        ("made_at", '"\\ud83d"'),
        ("made_at", '"0001-01-01T00:00:00+14:00"'),
        ("body", "null"),
        ("body", '{"note": "\\u0000"}'),
    ],
)
def test_what_is_no_event_is_rejected_and_names_the_place(session, phone, name, value):
    strange = raw_event(phone, **{name: value})

    answer = phone.post(raw_letter(phone, strange))

    (told,) = answer.json["answers"]
    assert (told["state"], told["field"]) == ("rejected", f"events[0].{name}")
    assert session.scalar(select(SyncEvent.id)) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("last_seq", str(HUGE)),
        ("pending_events", "1e2"),
        ("pending_photos", "-0.5"),
        ("wrong_pins", '"10"'),
        ("build", '"\\ud83d"'),
        ("build", '"a\\nb"'),
        ("sent_at", '"9999-12-31T23:59:59-14:00"'),
        ("sent_at", "[]"),
        ("delivered", '[[5, 1, "a"]]'),
        ("delivered", f'[[1, {HUGE}, "a"]]'),
        ("delivered", "{}"),
        ("events", "{}"),
        ("events", "null"),
    ],
)
def test_a_report_that_says_nonsense_is_refused_and_names_the_field(session, phone, name, value):
    letter = json.dumps(phone.letter())[:-1] + f', "{name}": {value}}}'

    answer = phone.post(letter.encode())

    assert (answer.status_code, answer.json["field"]) == (422, name), answer.text
    assert session.scalar(select(SyncEvent.id)) is None


def test_numbers_with_more_digits_than_anybody_needs_are_no_json(phone):
    answer = phone.post(raw_letter(phone, raw_event(phone, seq="9" * 5_000)))

    assert (answer.status_code, answer.json["field"]) == (422, "body")


def test_of_two_keys_alike_the_last_counts_for_what_is_kept_and_for_what_is_compared(
    session, phone, route
):
    told = nobody_home(route.clients[0].id)
    event = phone.event(told | {"note": "la segunda"})
    doubled = json.dumps(event).replace('"note": ', '"note": "la primera", "note": ')

    (first,) = phone.post(raw_letter(phone, doubled)).json["answers"]
    (again,) = phone.send(event)

    assert (first["state"], again["state"]) == ("applied", "duplicate")
    assert session.scalar(select(Visit.note)) == "la segunda"


def test_bytes_after_the_end_of_the_gzip_are_refused(phone, route):
    event = phone.event(nobody_home(route.clients[0].id))
    data = gzip.compress(json.dumps(phone.letter(event)).encode()) + gzip.compress(b"{}")
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}

    answer = phone.client.post(EVENTS, data=data, headers=phone.headers | headers)

    assert (answer.status_code, answer.json["field"]) == (422, "body")


def test_the_clients_stops_and_visits_of_others_are_out_of_reach(session, phone, route, phone_of):
    other = phone_of(make_user(session, full_name="Otra Gestora"))
    own = phone.event(nobody_home(route.clients[0].id))
    phone.send(own)

    answers = other.send(
        other.event(nobody_home(route.clients[0].id, stop_id=route.stops[0].id)),
        other.event(promised(route.clients[0].id)),
        other.event(paid(route.clients[0].id)),
        other.event({"visit": own["id"], "reason": "mía"}, kind="visit.annulled"),
        {**other.event(nobody_home(route.clients[0].id)), "id": own["id"]},
    )

    assert [one["state"] for one in answers] == ["waiting"] * 4 + ["conflict"]
    assert {one["code"] for one in answers[:4]} == {"not_found"}
    assert session.scalars(select(Visit.uuid)).all() == [own["id"]]


def test_a_copied_token_that_replays_and_invents_is_seen_and_changes_nothing(session, phone, route):
    first = phone.event(nobody_home(route.clients[0].id))
    phone.send(first)
    invented = {**phone.event(nobody_home(route.clients[1].id)), "seq": first["seq"]}

    assert phone.states(first, first) == ["duplicate", "duplicate"]
    assert phone.states(invented) == ["conflict"]
    assert phone.states({**first, "id": str(uuid4())}) == ["conflict"]

    assert session.scalars(select(Visit.uuid)).all() == [first["id"]]
