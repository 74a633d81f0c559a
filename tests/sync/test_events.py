"""What becomes of the events of a phone: each is stored once, applied once, answered by itself."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from collector_app.audit.models import AuditEntry
from collector_app.core import clock
from collector_app.payments.models import Payment, Receipt
from collector_app.promises.models import Promise
from collector_app.sync.models import Device, SyncConflict, SyncEvent, SyncRepeat
from collector_app.sync.rules import EventState
from collector_app.visits.annulments import WITH_ANNULLED
from collector_app.visits.models import Appointment, Visit, VisitAnnulment
from tests.factories import make_client, make_user
from tests.sync.conftest import nobody_home, paid, promised


def count(session, table) -> int:
    return session.scalar(
        select(func.count()).select_from(table).execution_options(**WITH_ANNULLED)
    )


def test_a_visit_is_applied_with_its_stop_and_both_clocks(session, phone, route):
    event = phone.event(nobody_home(route.clients[0].id, route.stops[0].id))

    assert phone.states(event) == ["applied"]

    visit = session.scalars(select(Visit)).one()
    assert (visit.uuid, visit.stop_id) == (event["id"], route.stops[0].id)
    stored = session.scalars(select(SyncEvent)).one()
    assert (stored.seq, stored.state) == (1, EventState.APPLIED)


def test_a_promise_a_payment_and_an_appointment_come_through_the_same_door(session, phone, route):
    appointment = {"starts_at": "2026-03-12T10:30"}
    one, two, three = (client.id for client in route.clients)
    met = nobody_home(three, person_met="holder", outcome="appointment", appointment=appointment)

    states = phone.states(phone.event(promised(one)), phone.event(paid(two)), phone.event(met))

    assert states == ["applied"] * 3
    assert session.scalars(select(Promise.amount_cents)).one() == 50_000
    assert session.scalars(select(Payment.amount_cents)).one() == 35_000
    assert count(session, Receipt) == 1
    starts_at = session.scalars(select(Appointment.starts_at)).one()
    assert starts_at == datetime(2026, 3, 12, 16, 30, tzinfo=UTC)


def test_the_same_bytes_again_are_a_duplicate_for_ever(session, phone, route):
    event = phone.event(promised(route.clients[0].id))

    assert phone.states(event) == ["applied"]
    assert [phone.states(event) for _ in range(3)] == [["duplicate"]] * 3
    assert (count(session, Visit), count(session, Promise)) == (1, 1)


def test_the_same_event_twice_in_one_request_is_stored_once(session, phone, route):
    event = phone.event(nobody_home(route.clients[0].id))

    assert phone.states(event, event) == ["applied", "duplicate"]
    assert count(session, Visit) == 1


def test_the_order_of_keys_makes_no_other_event(phone, route):
    event = phone.event(nobody_home(route.clients[0].id))
    phone.send(event)

    turned = event | {"body": dict(reversed(event["body"].items()))}

    assert phone.states(turned) == ["duplicate"]


def test_other_bytes_under_the_same_id_are_kept_as_a_conflict_once(session, phone, route):
    event = phone.event(nobody_home(route.clients[0].id))
    phone.send(event)
    other = event | {"body": event["body"] | {"note": "no estaba"}}

    assert phone.states(other) == phone.states(other) == ["conflict"]

    assert session.scalars(select(Visit.note)).one() is None
    conflict = session.scalars(select(SyncConflict)).one()
    assert "no estaba" in conflict.statement


def test_a_copied_phone_that_uses_a_number_again_is_a_conflict(session, phone, route):
    phone.send(phone.event(nobody_home(route.clients[0].id)))

    assert phone.states(phone.event(nobody_home(route.clients[1].id), seq=1)) == ["conflict"]

    assert count(session, SyncConflict) == 1
    assert count(session, Visit) == 1


def test_a_conflict_does_not_hold_up_the_events_around_it(phone, route):
    first = phone.event(nobody_home(route.clients[0].id))
    phone.send(first)
    other = first | {"body": first["body"] | {"note": "otra"}}

    states = phone.states(other, phone.event(nobody_home(route.clients[1].id)))

    assert states == ["conflict", "applied"]


def test_a_phone_registered_anew_tells_again_under_other_numbers(session, phone, phone_of, route):
    phone.send(phone.event(nobody_home(route.clients[0].id)))
    event = phone.event(nobody_home(route.clients[1].id))
    phone.send(event)
    anew = phone_of(route.collector)

    assert anew.states(event | {"seq": 1}) == ["duplicate"]
    assert anew.states(event | {"seq": 1}) == ["duplicate"]

    repeat = session.scalars(select(SyncRepeat)).one()
    assert repeat.seq == 1


def test_the_id_of_anothers_event_tells_nothing_and_changes_nothing(
    session, phone, phone_of, route
):
    event = phone.event(nobody_home(route.clients[0].id))
    phone.send(event)

    assert phone_of(make_user(session)).states(event) == ["conflict"]
    assert count(session, Visit) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"outcome": "danced"}, "outcome"),
        ({"started_at": "yesterday"}, "started_at"),
        ({"client_id": "7"}, "client_id"),
        ({"client_id": True}, "client_id"),
        ({"client_id": 2**40}, "client_id"),
        ({"lat": "north"}, "lat"),
        ({"note": ["a"]}, "note"),
        ({"note": "x" * 2001}, "note"),
        ({"promise": {"amount_cents": 0, "due_on": "2026-03-13"}}, "promise.amount_cents"),
        ({"promise": {"amount_cents": 1.5, "due_on": "2026-03-13"}}, "promise.amount_cents"),
        ({"payment": {"amount_cents": 10**11, "method": "cash"}}, "payment.amount_cents"),
        ({"payment": {"amount_cents": 100, "method": "shells"}}, "payment.method"),
        ({"photos": [{"sha256": "../../etc", "bytes": 5}]}, "photos[0].sha256"),
        ({"person_met": "holder", "outcome": "promised"}, "promise"),
    ],
)
def test_what_cannot_be_applied_waits_and_names_the_field(session, phone, route, change, field):
    bad = phone.event(nobody_home(route.clients[0].id) | change)
    good = phone.event(nobody_home(route.clients[1].id))

    answers = phone.send(bad, good)

    assert [one["state"] for one in answers] == ["waiting", "applied"]
    assert (answers[0]["code"], answers[0]["field"]) == ("bad_body", field)
    kept = session.scalars(select(SyncEvent).where(SyncEvent.uuid == bad["id"])).one()
    assert kept.state is EventState.WAITING
    assert count(session, Visit) == 1
    assert phone.states(bad) == ["duplicate"]


@pytest.mark.parametrize("who", ["nobody", "another"])
def test_a_client_that_is_not_theirs_waits_and_says_no_more(session, phone, who):
    stranger = 999_999 if who == "nobody" else make_client(session).id
    session.commit()

    answer = phone.send(phone.event(nobody_home(stranger)))[0]

    assert (answer["state"], answer["code"]) == ("waiting", "not_found")
    assert count(session, Visit) == 0


def test_half_an_event_is_never_stored(session, phone, route):
    """A minor can't promise: then the visit waits too, with all that was told."""
    body = promised(route.clients[0].id) | {"person_met": "minor", "outcome": "minor_answered"}

    assert phone.states(phone.event(body)) == ["waiting"]
    assert (count(session, Visit), count(session, Promise)) == (0, 0)


@pytest.mark.parametrize("days_wrong", [-3, 3])
def test_a_phone_whose_clock_is_days_off_promises_on_the_right_day(
    session, phone, route, days_wrong
):
    made = clock.now() - timedelta(hours=2)
    wrong = timedelta(days=days_wrong)
    event = phone.event(promised(route.clients[0].id), made_at=(made + wrong).isoformat())

    answer = phone.send(event, sent_at=(clock.now() + wrong).isoformat())

    assert answer[0]["state"] == "applied"
    assert session.scalars(select(Promise.made_at)).one() == made
    assert session.scalars(select(SyncEvent.made_at)).one() == made + wrong
    assert session.scalars(select(Device.clock_offset_ms)).one() == -days_wrong * 86_400_000


def test_a_visit_taken_back_is_left_out_and_its_promise_is_cancelled(session, phone, route):
    visit = phone.event(promised(route.clients[0].id))
    phone.send(visit)
    body = {"visit": visit["id"], "reason": "Me equivoqué de cliente"}
    back = phone.event(body, "visit.annulled")

    assert phone.states(back) == ["applied"]

    assert session.scalars(select(Visit)).all() == []
    assert count(session, Visit) == 1
    assert session.scalars(select(VisitAnnulment.reason)).one() == "Me equivoqué de cliente"
    assert session.scalars(select(Promise.cancelled_at)).one() is not None
    assert phone.states(visit, back) == ["duplicate", "duplicate"]


def test_a_visit_and_its_undoing_may_come_together_in_any_order(session, phone, route):
    visit = phone.event(nobody_home(route.clients[0].id))
    back = phone.event({"visit": visit["id"], "reason": "Error"}, "visit.annulled")

    assert phone.states(back, visit) == ["applied", "applied"]
    assert session.scalars(select(Visit)).all() == []


def test_a_visit_with_a_receipt_waits_to_be_taken_back_until_the_money_is(session, phone, route):
    visit = phone.event(paid(route.clients[0].id))
    phone.send(visit)
    back = phone.event({"visit": visit["id"], "reason": "Error"}, "visit.annulled")

    answer = phone.send(back)[0]

    assert (answer["state"], answer["code"]) == ("waiting", "payment_stands")
    assert count(session, VisitAnnulment) == 0
    assert session.scalars(select(Payment.annulled_at)).one() is None


def test_nobody_takes_back_the_visit_of_another(session, phone, phone_of, route):
    visit = phone.event(nobody_home(route.clients[0].id))
    phone.send(visit)
    stranger = phone_of(make_user(session))
    back = stranger.event({"visit": visit["id"], "reason": "Broma"}, "visit.annulled")

    assert stranger.send(back)[0]["code"] == "not_found"
    assert count(session, VisitAnnulment) == 0


def test_an_order_of_the_route_is_kept(session, phone, route):
    stops = [stop.id for stop in reversed(route.stops)]
    body = {"day": "2026-03-10", "stops": stops, "cause": "late", "note": None}

    assert phone.states(phone.event(body, "route.reordered")) == ["applied"]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "route.reordered")).one()
    assert entry.facts["stops"] == stops


def test_an_order_with_stops_of_others_waits(phone, route):
    body = {"day": "2026-03-10", "stops": [route.stops[0].id, 999], "cause": "late"}

    assert phone.send(phone.event(body, "route.reordered"))[0]["code"] == "not_found"


def test_what_is_no_event_is_rejected_alone(session, phone, route):
    good = phone.event(nobody_home(route.clients[0].id))
    broken = [
        "text",
        {"id": "7"},
        good | {"id": str(uuid4()), "seq": 0},
        good | {"id": str(uuid4()), "seq": 7, "made_at": "noon"},
        good | {"id": str(uuid4()), "seq": 8, "type": "visit.deleted"},
        good | {"id": str(uuid4()), "seq": 9, "body": []},
    ]

    answers = phone.send(*broken, good)

    assert [one["state"] for one in answers] == ["rejected"] * 6 + ["applied"]
    assert answers[3]["field"] == "events[3].made_at"
    assert count(session, SyncEvent) == 1


def test_every_applied_event_is_in_the_log(session, phone, route):
    phone.send(*(phone.event(nobody_home(client.id)) for client in route.clients))

    entries = session.scalars(select(AuditEntry).where(AuditEntry.event == "visit.recorded")).all()
    assert len(entries) == 3
    assert {entry.actor_id for entry in entries} == {route.collector.id}
    assert all(entry.hash for entry in entries)
