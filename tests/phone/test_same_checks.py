"""The phone saves without asking: what it takes must be what the office takes, field by field."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict

from collector_app.core.money import parse_pesos
from collector_app.doors.queries import own_stop
from collector_app.doors.services import log_visit
from collector_app.phone.forms import VisitForm
from collector_app.phone.offer import offer_for, said_words
from collector_app.phone.queries import door_of_stop
from collector_app.phone.rules import plain
from collector_app.promises.rules import PromiseInPast
from collector_app.stages.promise_limits import promise_limits
from collector_app.visits.rules import AppointmentInPast, Objection, Outcome, PersonMet
from collector_app.web.filters import local_zone
from tests.factories import actor_of
from tests.javascript.test_node import node
from tests.phone.factories import TODAY

ZONE = ZoneInfo("America/Mexico_City")

READER = Path(__file__).parent.parent / "javascript" / "read_visits.mjs"
STARTED = "2026-03-10T16:00:00+00:00"  # 10:00 in Mexico City, when the stopped clock stands
CASES = 600

AMOUNTS = ["", "350", "1,250.50", "1.250,50", "0", "-5", "abc", "99999999999", "$ 20", "(5)", " "]
CHIPS = ["", "other", "150000", "x", "0"]
DAYS = ["", "other", "2026-03-10", "2026-03-09", "2026-03-13", "1999-01-01", "mañana"]
DATES = ["", "2026-03-20", "2026-03-01", "2150-01-01"]
TIMES = ["", "16:30", "09:00", "10:00"]
NOTES = ["", "  ", "Perro bravo", "x" * 2001]
REFERENCES = ["", "A-1", "x" * 61]


def some_form(dice: Random) -> dict[str, str]:
    """What somebody might tap and type: mostly what fits, sometimes anything."""
    person = dice.choice([*PersonMet, "", "ghost"])
    return {
        "uuid": str(uuid4()),
        "started_at": STARTED,
        "ended_at": STARTED,
        "lat": dice.choice(["", "-29.9", "x"]),
        "lon": dice.choice(["", "-71.25"]),
        "accuracy_m": dice.choice(["", "12", "12.4"]),
        "no_gps_reason": dice.choice(["", "denied"]),
        "person_met": person,
        "outcome": dice.choice([*Outcome, "", "ghost"]),
        "objection": dice.choice([*Objection, "", "ghost"]),
        "promise_choice": dice.choice(CHIPS),
        "promise_amount": dice.choice(AMOUNTS),
        "promise_day": dice.choice(DAYS),
        "promise_date": dice.choice(DATES),
        "payment_choice": dice.choice(CHIPS),
        "payment_amount": dice.choice(AMOUNTS),
        "payment_method": dice.choice(["cash", "transfer", "", "shells"]),
        "also_promises": dice.choice(["", "y", "false"]),
        "payment_reference": dice.choice(REFERENCES),
        "appointment_day": dice.choice(DAYS),
        "appointment_date": dice.choice(DATES),
        "appointment_time": dice.choice(TIMES),
        "note": dice.choice(NOTES),
    }


def some_visit(dice: Random) -> dict[str, str]:
    """A form whose person and outcome fit, so that the rest is what decides."""
    values = some_form(dice)
    values["person_met"] = PersonMet.HOLDER
    values["outcome"] = dice.choice(
        [
            Outcome.PROMISED,
            Outcome.PAID_IN_PART,
            Outcome.APPOINTMENT,
            Outcome.NO_AGREEMENT,
            Outcome.REFUSED,
            Outcome.OTHER,
        ]
    )
    return values


@pytest.fixture
def forms() -> list[dict[str, str]]:
    dice = Random(20260310)
    return [some_form(dice) if n % 3 == 0 else some_visit(dice) for n in range(CASES)]


@pytest.fixture
def door(app, session, route):
    planned = own_stop(session, route.collector.id, route.stops[0].id)
    return door_of_stop(session, planned, TODAY, ZONE)


def read_by_phone(app, session, door, forms) -> list[dict]:
    with app.test_request_context():
        limits = promise_limits(session, door.client.id, TODAY, local_zone())
        offer = offer_for(door, limits, local_zone(), 10) | {
            "today": "2026-03-10",
            "started": "2026-03-10T10:00",
        }
    asked = json.dumps({"offer": offer, "forms": forms})
    run = subprocess.run([node(), READER], input=asked, capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def read_by_office(app, session, route, door, values) -> tuple[set[str], object]:
    """Return the fields that the office blames and, when there are none, what it understood."""
    with app.test_request_context(method="POST"):
        form = VisitForm(MultiDict(values), meta={"csrf": False})
        form.offer(door.debt, TODAY)
        if not form.validate():
            return set(form.errors), None
        report = form.to_report(door.client.id, door.stop_id, local_zone())
        try:
            with session.begin_nested():
                log_visit(session, actor_of(route.collector), report, zone=local_zone())
        except (PromiseInPast, AppointmentInPast) as refused:
            form.blame(refused.field, "refused")
            return set(form.errors), None
        return set(), report


def test_the_phone_blames_the_fields_that_the_office_blames(app, session, route, door, forms):
    taken = 0
    for values, read in zip(forms, read_by_phone(app, session, door, forms), strict=True):
        blamed, report = read_by_office(app, session, route, door, values)

        assert {one["field"] for one in read["wrongs"]} == blamed, values
        taken += report is not None
    assert taken > CASES / 20  # the dice also make visits that both take


def test_what_both_take_means_the_same(app, session, route, door, forms):
    for values, read in zip(forms, read_by_phone(app, session, door, forms), strict=True):
        _blamed, report = read_by_office(app, session, route, door, values)
        if report is None:
            continue
        visit, body = report.visit, read["body"]
        told = {"lat": visit.lat, "lon": visit.lon, "accuracy_m": visit.accuracy_m}
        told |= {"objection": visit.objection, "note": visit.note, "outcome": visit.outcome}
        assert {name: body[name] for name in told} == told, values
        assert (body["promise"] is None) == (report.promise is None), values
        if report.promise:
            promise = {
                "amount_cents": report.promise.amount_cents,
                "due_on": report.promise.due_on.isoformat(),
            }
            assert body["promise"] == promise
        if report.payment:
            payment = {
                "amount_cents": report.payment.amount_cents,
                "method": report.payment.method,
                "reference": report.payment.reference,
            }
            assert body["payment"] == payment
        if report.appointment_at:
            wall = datetime.fromisoformat(body["appointment"]["starts_at"])
            assert wall.replace(tzinfo=local_zone()).astimezone(UTC) == report.appointment_at


@pytest.mark.parametrize("text", ["1,234.50", "1.234,50", "1234.5000", "1 234", ".5", "MX$ 20"])
def test_amounts_are_read_as_the_office_reads_them(app, session, door, text):
    values = some_visit(Random(1)) | {
        "outcome": "paid_in_part",
        "payment_choice": "other",
        "payment_amount": text,
    }

    (read,) = read_by_phone(app, session, door, [values])

    assert read["body"]["payment"]["amount_cents"] == parse_pesos(text)


def test_a_payment_and_a_promise_for_the_rest_go_into_one_visit(app, session, route, door):
    values = some_visit(Random(1)) | {
        "outcome": "paid_in_part",
        "payment_choice": "other",
        "payment_amount": "350",
        "payment_method": "cash",
        "also_promises": "y",
        "promise_choice": "other",
        "promise_amount": "1150",
        "promise_day": "2026-03-13",
        "note": "",
        "payment_reference": "",
    }

    (read,) = read_by_phone(app, session, door, [values])
    blamed, report = read_by_office(app, session, route, door, values)

    assert (read["wrongs"], blamed) == ([], set())
    assert read["body"]["promise"] == {"amount_cents": 115_000, "due_on": "2026-03-13"}
    assert report.payment.received_at == report.promise.made_at  # it keeps nothing of the promise


@pytest.mark.parametrize("locale", ["es_MX", "es_CL"])
def test_what_a_note_tells_is_looked_for_by_words_of_the_table(app, locale):
    with app.test_request_context(), force_locale(locale):
        said = said_words()

    assert set(said) == {"debt", "vague", "discount"}
    for words in said.values():
        assert all(words)
        assert len({plain(one) for one in words}) == len(words)
    assert "deuda" in said["debt"]
    assert "condonación" in said["discount"]
