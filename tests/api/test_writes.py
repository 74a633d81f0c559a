"""What other systems tell: stored through the doors of desk and phone, once, and written down."""

from datetime import date, timedelta
from threading import Thread

import pytest
from sqlalchemy import func, select

from collector_app.absences.models import Absence
from collector_app.api.models import ApiAnswer
from collector_app.api.rules import Scope
from collector_app.api.services import create_key
from collector_app.api.services.answers import KEPT
from collector_app.api.writes import WRITES
from collector_app.audit.models import AuditEntry
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.payments.models import Payment
from collector_app.planning.models import Plan
from collector_app.planning.services import store_plan
from collector_app.portfolio.models import Client, CreditorWord, Invoice
from collector_app.portfolio.queries import told_places
from collector_app.portfolio.rules import AddressOrigin
from collector_app.promises.models import Promise
from collector_app.visits.models import Visit
from collector_app.zones.models import ZoneMembership
from tests.compliance.factories import make_creditor
from tests.factories import make_client, make_user
from tests.planning.factories import new_plan
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

TODAY = date(2026, 3, 10)


def a_client(**changed):
    invoice = {"number": "F-1", "balance_cents": 90_000, "due_on": "2026-02-01"}
    credit = {"number": "K-1", "product": "microcrédito", "invoices": [invoice]}
    return {
        "name": "Ana Ruiz",
        "address": "Av. Juárez 10",
        "lat": 19.43,
        "lon": -99.13,
        "credits": [credit],
    } | changed


@pytest.fixture
def street(session, stopped_clock):
    """A collector with a zone of one client, who owes 1,500 pesos."""
    collector = make_user(session)
    client = make_client(session, overdue_cents=150_000, days=40)
    zone = make_zone(session, [client], collector)
    session.commit()
    return collector, client, zone


def a_visit(collector, client, **changed):
    return {
        "collector_id": collector.id,
        "client_number": client.external_id,
        "started_at": "2026-03-10T15:30:00Z",
        "ended_at": "2026-03-10T15:40:00Z",
        "person_met": "holder",
        "outcome": "promised",
        "promise": {"amount_cents": 50_000, "due_on": "2026-03-13"},
    } | changed


def count_of(session, model) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(model))


# -- each resource


@pytest.mark.parametrize(("told", "status"), [("found", 201), ("neighbour", 422)])
def test_who_told_an_address_comes_in_or_is_named_as_none(tell, session, street, told, status):
    answer = tell("PUT", "clients/C-9", a_client(place_origin=told))

    assert answer.status_code == status
    if status == 422:
        assert "place_origin" in answer.text
    else:
        client_id = session.scalar(select(Client.id).where(Client.external_id == "C-9"))
        assert told_places(session, [client_id])[client_id].origin is AddressOrigin.FOUND


@pytest.mark.parametrize(("named", "status"), [("banco austral", 201), ("Banco Boreal", 422)])
def test_the_creditor_of_a_credit_comes_in_or_is_named_as_unknown(
    tell, session, street, named, status
):
    bank = make_creditor(session, "cl", "Banco Austral")
    session.commit()
    body = a_client()
    body["credits"][0]["creditor"] = named

    answer = tell("PUT", "clients/C-9", body)

    assert answer.status_code == status
    owners = session.scalars(select(CreditorWord.creditor_id)).all()
    assert owners == ([bank.id] if status == 201 else [])
    assert ("credits[0].creditor" in answer.text) == (status == 422)


def test_a_client_is_made_with_credits_and_invoices_and_joins_a_zone(tell, session, street):
    near = {"lat": street[1].lat + 0.001, "lon": street[1].lon}

    answer = tell("PUT", "clients/C-77", a_client(**near))

    assert answer.status_code == 201
    assert (answer.json["number"], answer.json["balance_cents"]) == ("C-77", 90_000)
    assert answer.json["zone_id"] == street[2].id
    assert session.scalars(select(ZoneMembership.client_id)).all().count(answer.json["id"]) == 1


def test_the_same_client_again_changes_what_is_told_and_keeps_the_rest(tell, session, street):
    tell("PUT", "clients/C-77", a_client(phone="+525512345678"))

    answer = tell("PUT", "clients/C-77", a_client(address="Otra calle 3"))

    assert answer.status_code == 200
    assert answer.json["address"] == "Otra calle 3"
    assert answer.json["phone"] == "+525512345678"
    assert count_of(session, Invoice) == 2  # that of the street, and this one once


def test_many_clients_are_taken_at_once_and_counted(tell, session, street):
    second = a_client(number="C-2", credits=[a_client()["credits"][0] | {"number": "K-2"}])

    answer = tell("POST", "clients", {"clients": [a_client(number="C-1"), second]})

    assert answer.status_code == 200
    assert (answer.json["clients_created"], answer.json["invoices_created"]) == (2, 2)


def test_of_many_clients_one_that_contradicts_is_named_and_none_is_taken(tell, session, street):
    second = a_client(number="C-2")  # the credit of C-1

    answer = tell("POST", "clients", {"clients": [a_client(number="C-1"), second]})

    assert (answer.status_code, answer.json["code"]) == (422, "clients_contradict")
    assert answer.json["errors"][0]["field"] == "clients[1].credits[0].number"
    assert count_of(session, Client) == 1


def test_a_client_who_owes_needs_a_day(tell, street):
    invoice = {"number": "F-1", "balance_cents": 5}

    answer = tell("PUT", "clients/C-9", a_client(credits=[{"number": "K", "invoices": [invoice]}]))

    assert answer.json["errors"][0]["field"] == "credits[0].invoices[0].due_on"


def test_a_visit_is_stored_as_its_collector_would_tell_it(tell, session, street):
    collector, client, _zone = street

    answer = tell("POST", "visits", a_visit(collector, client))

    assert answer.status_code == 201
    visit = session.scalars(select(Visit)).one()
    promise = session.scalars(select(Promise)).one()
    assert (visit.collector_id, visit.client_id, answer.json["id"]) == (
        collector.id,
        client.id,
        visit.id,
    )
    assert (promise.visit_id, promise.amount_cents) == (visit.id, 50_000)


def test_a_visit_with_money_settles_the_debt(tell, session, street):
    collector, client, _zone = street
    told = a_visit(
        collector,
        client,
        outcome="paid_in_part",
        promise=None,
        payment={"amount_cents": 30_000, "method": "cash"},
    )

    assert tell("POST", "visits", told).status_code == 201
    assert tell("GET", "clients").json["rows"][0]["balance_cents"] == 120_000


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"promise": None}, "promise"),
        ({"person_met": "minor"}, "outcome"),
        ({"started_at": "2026-03-10T15:30:00"}, "started_at"),
        ({"started_at": "2026-03-10T17:30:00Z"}, "started_at"),
        ({"client_number": "nobody"}, "client_number"),
        ({"collector_id": 999_999}, "collector_id"),
        ({"outcome": "danced"}, "outcome"),
        ({"promise": {"amount_cents": 0, "due_on": "2026-03-13"}}, "promise.amount_cents"),
        ({"promise": {"amount_cents": 5, "due_on": "9999-03-13"}}, "promise.due_on"),
        ({"colour": "red"}, "colour"),
        ({"note": "a\x00b"}, "note"),
    ],
)
def test_what_is_wrong_with_a_visit_is_named_and_nothing_is_stored(
    tell, session, street, changed, field
):
    collector, client, _zone = street

    answer = tell("POST", "visits", a_visit(collector, client, **changed))

    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.json["errors"][0]["field"] == field
    assert count_of(session, Visit) == 0


def test_a_visit_to_somebody_elses_client_is_refused_as_on_the_phone(tell, session, street):
    other = make_user(session)
    session.commit()

    answer = tell("POST", "visits", a_visit(other, street[1]))

    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_a_promise_of_nobodys_visit_is_taken(tell, session, street):
    told = {"client_number": street[1].external_id, "amount_cents": 9_000, "due_on": "2026-03-15"}

    answer = tell("POST", "promises", told)

    assert (answer.status_code, answer.json["state"]) == (201, "open")
    assert (answer.json["collector_id"], answer.json["visit_id"]) == (None, None)


def test_a_promise_of_a_visit_needs_its_collector(tell, session, street):
    collector, client, _zone = street
    visit = make_visit(session, client, collector)
    session.commit()
    told = {"client_number": client.external_id, "amount_cents": 9_000, "due_on": "2026-03-15"}

    without = tell("POST", "promises", told | {"visit_id": visit.id})
    with_them = tell(
        "POST", "promises", told | {"visit_id": visit.id, "collector_id": collector.id}
    )

    assert without.json["errors"][0]["field"] == "collector_id"
    assert (with_them.status_code, with_them.json["visit_id"]) == (201, visit.id)


def test_a_payment_is_stored_and_settles(tell, session, street):
    told = {
        "client_number": street[1].external_id,
        "amount_cents": 150_000,
        "method": "transfer",
        "reference": "SPEI 123",
        "received_at": "2026-03-10T15:00:00Z",
    }

    answer = tell("POST", "payments", told)

    assert (answer.status_code, answer.json["reference"]) == (201, "SPEI 123")
    assert tell("GET", f"clients/{street[1].id}").json["balance_cents"] == 0


def test_money_of_tomorrow_is_refused(tell, session, street):
    told = {
        "client_number": street[1].external_id,
        "amount_cents": 5,
        "method": "cash",
        "received_at": (clock.now() + timedelta(hours=1)).isoformat(),
    }

    assert tell("POST", "payments", told).json["errors"][0]["field"] == "received_at"


# -- what is taken back


def test_a_payment_is_taken_back_once_and_its_debt_is_owed_again(tell, session, street):
    told = {"client_number": street[1].external_id, "amount_cents": 150_000, "method": "transfer"}
    made = tell("POST", "payments", told).json
    path = f"payments/{made['id']}/annulment"

    first = tell("PUT", path, {"reason": "Era de otro cliente"})
    again = tell("PUT", path, {"reason": "Otra vez"})

    assert first.status_code == again.status_code == 200
    assert first.json["annulled_at"] == again.json["annulled_at"] is not None
    assert tell("GET", f"clients/{street[1].id}").json["balance_cents"] == 150_000
    taken_back = session.scalars(
        select(AuditEntry.facts).where(AuditEntry.event == "payment.annulled")
    ).all()
    assert [one["reason"] for one in taken_back] == ["Era de otro cliente"]


def test_a_promise_is_taken_back(tell, session, street):
    told = {"client_number": street[1].external_id, "amount_cents": 50_000, "due_on": "2026-03-14"}
    made = tell("POST", "promises", told).json

    answer = tell("PUT", f"promises/{made['id']}/cancellation", {"reason": "Se apuntó dos veces"})

    assert (answer.status_code, answer.json["state"]) == (200, "cancelled")


def test_a_visit_is_taken_back_with_its_promise_and_no_list_shows_it(tell, session, street):
    promise = {"amount_cents": 20_000, "due_on": "2026-03-14"}
    told = a_visit(*street[:2], person_met="holder", outcome="promised", promise=promise)
    made = tell("POST", "visits", told).json

    answer = tell("PUT", f"visits/{made['id']}/annulment", {"reason": "Casa equivocada"})

    assert (answer.status_code, answer.json["reason"]) == (200, "Casa equivocada")
    assert tell("GET", "visits").json["rows"] == []
    assert [one["state"] for one in tell("GET", "promises").json["rows"]] == ["cancelled"]


def test_a_visit_whose_payment_counts_is_not_taken_back(tell, session, street):
    payment = {"amount_cents": 20_000, "method": "cash"}
    told = a_visit(*street[:2], person_met="holder", outcome="paid_in_part", payment=payment)
    made = tell("POST", "visits", told).json

    answer = tell("PUT", f"visits/{made['id']}/annulment", {"reason": "Casa equivocada"})

    assert (answer.status_code, answer.json["code"]) == (409, "payment_stands")
    assert [one["id"] for one in tell("GET", "visits").json["rows"]] == [made["id"]]


@pytest.mark.parametrize(
    "path", ["visits/9/annulment", "promises/9/cancellation", "payments/9/annulment"]
)
def test_what_is_not_there_is_not_taken_back(tell, street, path):
    assert tell("PUT", path, {"reason": "No existe"}).status_code == 404


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "  "}])
def test_nothing_is_taken_back_without_a_reason(tell, session, street, body):
    told = {"client_number": street[1].external_id, "amount_cents": 5, "method": "cash"}
    made = tell("POST", "payments", told).json

    answer = tell("PUT", f"payments/{made['id']}/annulment", body)

    assert (answer.status_code, answer.json["code"]) == (422, "invalid_input")
    assert tell("GET", f"payments/{made['id']}").json["annulled_at"] is None


def test_an_absence_is_told_and_cancelled(tell, session, street):
    told = {
        "collector_id": street[0].id,
        "kind": "vacation",
        "from_on": "2026-03-20",
        "to_on": "2026-03-27",
    }

    made = tell("POST", "absences", told)
    again = tell("POST", "absences", told)
    cancelled = tell("DELETE", f"absences/{made.json['id']}")

    assert (made.status_code, again.json["code"]) == (201, "absence_overlaps")
    assert cancelled.json["cancelled_at"] is not None
    session.expire_all()
    assert session.scalars(select(Absence)).one().cancelled_at is not None


def test_a_plan_is_published_and_withdrawn(tell, session, street):
    collector, client, _zone = street
    new = new_plan(collector, [client], day=TODAY, first_s=14 * 3600)
    store_plan(session, Actor.system("test"), new)
    session.commit()
    assert tell("GET", "plans").json["rows"] == []
    (draft,) = tell("GET", "plans?state=draft").json["rows"]

    published = tell("PUT", f"plans/{draft['id']}/publication")
    withdrawn = tell("DELETE", f"plans/{draft['id']}/publication")

    assert published.json["published_at"]
    assert published.json["withdrawn_at"] is None
    assert withdrawn.json["withdrawn_at"]


def test_a_plan_of_a_day_that_is_over_stays_unpublished(tell, session, street):
    collector, client, _zone = street
    plan_id = store_plan(
        session, Actor.system("test"), new_plan(collector, [client], day=TODAY - timedelta(days=1))
    )
    session.commit()

    answer = tell("PUT", f"plans/{plan_id}/publication")

    assert (answer.status_code, answer.json["code"]) == (409, "plan_day_past")
    session.expire_all()
    assert session.get(Plan, plan_id).published_at is None


def test_a_zone_gets_another_collector(tell, session, street):
    other = make_user(session)
    session.commit()

    answer = tell(
        "PUT",
        f"zones/{street[2].id}/collector",
        {"collector_id": other.id, "from_on": "2026-03-10"},
    )

    assert (answer.status_code, answer.json["collector_id"]) == (200, other.id)


# -- twice


def test_the_same_call_again_is_answered_the_same_and_done_once(tell, session, street):
    told = a_visit(*street[:2])

    first = tell("POST", "visits", told, call_key="one")
    again = tell("POST", "visits", dict(reversed(told.items())), call_key="one")

    assert (first.status_code, first.data) == (again.status_code, again.data)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert count_of(session, Visit) == 1


def test_the_name_of_a_call_is_not_used_for_another(tell, session, street):
    tell("POST", "visits", a_visit(*street[:2]), call_key="one")

    answer = tell("POST", "visits", a_visit(*street[:2], note="otra"), call_key="one")

    assert (answer.status_code, answer.json["code"]) == (422, "call_key_reused")
    assert count_of(session, Visit) == 1


def test_two_keys_may_name_their_calls_alike(tell, session, admin, street):
    other = create_key(session, admin, "otro", [Scope.VISITS_WRITE])[1]
    session.commit()

    tell("POST", "visits", a_visit(*street[:2]), call_key="one")
    answer = tell("POST", "visits", a_visit(*street[:2]), call_key="one", key=other)

    assert answer.status_code == 201
    assert count_of(session, Visit) == 2


def test_a_call_that_was_refused_may_be_put_right_under_its_name(tell, session, street):
    refused = tell("POST", "visits", a_visit(*street[:2], promise=None), call_key="one")

    answer = tell("POST", "visits", a_visit(*street[:2]), call_key="one")

    assert (refused.status_code, answer.status_code) == (422, 201)


def test_answers_are_forgotten_but_a_fact_never_comes_twice(tell, session, street):
    told = a_visit(*street[:2])
    first = tell("POST", "visits", told, call_key="one")
    with clock.frozen(clock.now() + KEPT + timedelta(minutes=1)):
        tell("POST", "visits", a_visit(*street[:2]), call_key="two")
        same = tell("POST", "visits", told, call_key="one")
        other = tell("POST", "visits", told | {"note": "otra"}, call_key="three")
        with clock.frozen(clock.now() + KEPT + timedelta(minutes=1)):
            tell("POST", "visits", a_visit(*street[:2]), call_key="four")
            conflict = tell("POST", "visits", told | {"note": "otra"}, call_key="one")

    assert same.json["id"] == first.json["id"]
    assert other.status_code == 201
    assert (conflict.status_code, conflict.json["code"]) == (409, "fact_conflict")
    assert session.scalar(select(func.count()).where(AuditEntry.event == "visit.conflict")) == 1


def test_the_same_call_at_the_same_time_is_done_once(app, tell, session, street):
    told = a_visit(*street[:2])
    session.rollback()
    answers = []

    def send():
        answers.append(tell("POST", "visits", told, call_key="one").status_code)

    threads = [Thread(target=send) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert answers == [201] * 4
    assert count_of(session, Visit) == 1
    assert count_of(session, ApiAnswer) == 1


# -- who may, and what a body may be


def test_a_key_that_only_reads_changes_nothing(tell, session, admin, street):
    reading = [one for one in Scope if not one.writes]
    key = create_key(session, admin, "lectura", reading)[1]
    session.commit()

    for write in WRITES:
        path = write.path.lstrip("/").replace("<number>", "C-1").replace("<int:id>", "1")
        answer = tell(write.method, path, {}, key=key)

        assert (answer.status_code, answer.json["code"]) == (403, "scope_missing"), write.name
    assert count_of(session, ApiAnswer) == 0


def test_each_write_asks_for_its_own_scope_alone(tell, session, admin, street):
    for write in WRITES:
        others = create_key(session, admin, "otras", set(Scope) - {write.scope})[1]
        session.commit()
        path = write.path.lstrip("/").replace("<number>", "C-1").replace("<int:id>", "1")

        assert tell(write.method, path, {}, key=others).status_code == 403, write.name


def test_what_makes_something_needs_a_name_for_the_call(tell, session, street):
    answer = tell("POST", "visits", a_visit(*street[:2]), call_key=None)

    assert (answer.status_code, answer.json["code"]) == (400, "call_key_missing")
    assert count_of(session, Visit) == 0


@pytest.mark.parametrize("call_key", [" ", "ñ", "x" * 201])
def test_a_name_that_cannot_be_kept_is_refused(tell, street, call_key):
    answer = tell("POST", "visits", a_visit(*street[:2]), call_key=call_key)

    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "bad_call"),
        (b"\xff", "application/json", 400, "bad_call"),
        (b"[" * 100_000, "application/json", 422, "invalid_input"),
        (b"[]", "application/json", 422, "invalid_input"),
        (b"{}", "text/plain", 415, "not_json"),
        (b" " * (1024 * 1024 + 1), "application/json", 413, "call_too_large"),
    ],
)
def test_what_is_no_body_is_told_so(anonymous, key, street, body, kind, status, code):
    answer = anonymous.post(
        "/api/v1/visits",
        data=body,
        headers={
            "Authorization": f"Bearer {key}",
            "Idempotency-Key": "one",
            "Content-Type": kind,
        },
    )

    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_what_the_api_does_not_have_is_a_problem_too(anonymous, street):
    for method, path, status in (("GET", "nothing", 404), ("PATCH", "visits", 405)):
        answer = anonymous.open(f"/api/v1/{path}", method=method)

        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_every_write_and_every_file_is_written_down_with_its_key(tell, session, street):
    tell("POST", "visits", a_visit(*street[:2]), call_key="one")
    tell("POST", "visits", a_visit(*street[:2]), call_key="one")
    tell("GET", "clients?format=csv")

    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.event.in_(["api.wrote", "list.downloaded"]))
        .order_by(AuditEntry.id)
    ).all()
    wrote, taken = entries
    assert (wrote.subject_type, wrote.facts["operation"]) == ("api_key", "create_visit")
    assert (taken.subject_id, taken.facts["format"]) == ("clients", "csv")
    assert str(taken.facts["api_key"]) == wrote.subject_id


def test_a_login_writes_nothing_here(client_as, session, street):
    answer = client_as(Role.ADMIN).post("/api/v1/payments", json={})

    assert answer.status_code == 401
    assert count_of(session, Payment) == 0
