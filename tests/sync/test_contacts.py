"""Calls, messages and letters that a phone tells: kept once, within the law or not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from collector_app.contacts.models import Contact
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.promises.models import Promise
from tests.factories import make_client


def called(client_id: int, **values: object) -> dict:
    body = {
        "client_id": client_id,
        "channel": "call",
        "at": clock.now().isoformat(),
        "person": "nobody",
        "was_answered": False,
        "spoke_of_debt": False,
        "text": None,
        "note": None,
        "promise": None,
    }
    return body | values


def tell(phone, body: dict, **values: object) -> dict:
    return phone.send(phone.event(body, "contact.recorded"), **values)[0]


def test_a_call_is_kept_once_with_all_that_was_told(session, phone, route):
    event = phone.event(
        called(route.clients[0].id, person="holder", was_answered=True, note="Llamar el lunes"),
        "contact.recorded",
    )

    assert phone.states(event) == ["applied"]
    assert phone.states(event) == ["duplicate"]
    contact = session.scalars(select(Contact)).one()
    assert (contact.uuid, contact.made_by) == (event["id"], route.collector.id)
    assert (contact.channel.value, contact.person.value, contact.was_answered, contact.note) == (
        "call",
        "holder",
        True,
        "Llamar el lunes",
    )


def test_its_hour_is_put_right_by_our_clock_and_never_after_it_came(session, phone, route):
    slow = clock.now() - timedelta(hours=3)
    at = (slow - timedelta(minutes=10)).isoformat()

    tell(phone, called(route.clients[0].id, at=at), sent_at=slow.isoformat())

    contact = session.scalars(select(Contact)).one()
    assert abs(contact.at - (clock.now() - timedelta(minutes=10))) < timedelta(seconds=5)


def test_a_promise_made_on_the_phone_is_a_promise(session, phone, route):
    promise = {"amount_cents": 50_000, "due_on": "2026-03-13"}
    body = called(route.clients[0].id, person="holder", was_answered=True, promise=promise)

    assert tell(phone, body)["state"] == "applied"
    assert session.scalars(select(Promise.amount_cents)).one() == 50_000


def test_a_promise_that_nobody_made_waits_with_its_contact(session, phone, route):
    promise = {"amount_cents": 50_000, "due_on": "2026-03-13"}

    answer = tell(phone, called(route.clients[0].id, promise=promise))

    assert (answer["state"], answer["code"]) == ("waiting", "promise_unanswered")
    assert session.query(Contact).count() == 0


def test_of_a_client_who_is_not_theirs_it_waits_and_the_office_reads_it(session, phone, client_as):
    stranger = make_client(session, name="Dora Nueva")
    session.commit()

    assert tell(phone, called(stranger.id, note="No contesta"))["state"] == "waiting"

    page = client_as(Role.SUPERVISOR).get("/revision").text
    assert "Contacto: Dora Nueva" in page
    assert "No contesta" in page


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"channel": "visit"}, "channel"),
        ({"channel": "pigeon"}, "channel"),
        ({"was_answered": "yes"}, "was_answered"),
        ({"person": None}, "person"),
        ({"at": "yesterday"}, "at"),
        ({"text": "x" * 1001}, "text"),
        ({"promise": {"amount_cents": 0, "due_on": "2026-03-13"}}, "promise.amount_cents"),
    ],
)
def test_what_can_not_be_read_waits_and_names_the_field(phone, route, values, field):
    answer = tell(phone, called(route.clients[0].id, **values))

    assert (answer["state"], answer["field"]) == ("waiting", field)
