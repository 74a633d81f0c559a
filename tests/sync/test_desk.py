"""What the office sees of the phones, and what a supervisor does with what waits."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, text

from collector_app.audit.models import AuditEntry
from collector_app.audit.queries import faults
from collector_app.client_file.queries import timeline
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.payments.models import Payment
from collector_app.promises.models import Promise
from collector_app.sync.models import Device, SyncConflict, SyncEvent
from collector_app.sync.queries import devices
from collector_app.sync.rules import DeviceAlert, DeviceState, EventState, device_alerts
from collector_app.visits.annulments import WITH_ANNULLED
from collector_app.visits.models import Visit, VisitAnnulment
from collector_app.visits.rules import Outcome
from collector_app.web.filters import local_zone
from tests.conftest import NOON
from tests.factories import make_client, make_user
from tests.sync.conftest import nobody_home, paid, promised
from tests.sync.factories import make_device, make_event
from tests.zones.factories import make_zone

HOURS = timedelta(hours=1)


def state(**values: object) -> DeviceState:
    return DeviceState(
        **{
            "last_seen_at": clock.now(),
            "pending_events": 0,
            "missing_numbers": 0,
            "oldest_missing_photo_at": None,
            "is_installed": True,
            "clock_offset_ms": 0,
            "is_revoked": False,
            **values,
        }
    )


# --- when a phone needs a look


@pytest.mark.parametrize(
    ("values", "alerts"),
    [
        ({}, []),
        ({"missing_numbers": 1}, [DeviceAlert.GAPS]),
        ({"is_installed": False}, [DeviceAlert.NOT_INSTALLED]),
        ({"is_installed": False, "is_revoked": True}, []),
        ({"clock_offset_ms": 120_000}, []),
        ({"clock_offset_ms": -120_001}, [DeviceAlert.CLOCK_OFF]),
        ({"wrong_pins": 2, "wrong_pins_at": NOON}, []),
        ({"wrong_pins": 3, "wrong_pins_at": NOON}, [DeviceAlert.WRONG_PINS]),
        ({"wrong_pins": 3, "wrong_pins_at": NOON - 25 * HOURS}, []),
        ({"copy_seen_at": NOON - 24 * 30 * HOURS}, [DeviceAlert.DUPLICATED]),
        ({"copy_seen_at": NOON - 24 * 31 * HOURS}, []),
        ({"copy_seen_at": NOON, "is_revoked": True}, []),
    ],
)
def test_what_is_wrong_with_a_phone(stopped_clock, values, alerts):
    assert list(device_alerts(state(**values), clock.now())) == alerts


@pytest.mark.parametrize(("hours", "is_wrong"), [(4, False), (4.01, True)])
def test_what_is_pending_for_more_than_four_hours_is_an_alert(stopped_clock, hours, is_wrong):
    then = clock.now() - hours * HOURS
    silent = device_alerts(state(pending_events=2, last_seen_at=then), clock.now())
    photo = device_alerts(state(oldest_missing_photo_at=then), clock.now())

    assert (DeviceAlert.EVENTS_PENDING in silent) == is_wrong
    assert (DeviceAlert.PHOTOS_MISSING in photo) == is_wrong


@pytest.mark.parametrize(
    ("numbers", "last", "gaps"),
    [
        ([], 0, []),
        ([1, 2, 3], 3, []),
        ([1, 4, 5, 9], 10, [(2, 3), (6, 8), (10, 10)]),
        ([3, 1, 2], 2, []),
        ([], 2, [(1, 2)]),
    ],
)
def test_the_numbers_that_never_came_are_named(session, numbers, last, gaps):
    device = make_device(session, make_user(session), last_seq=last)
    other = make_device(session, make_user(session))
    make_event(session, other, seq=2)
    for seq in numbers:
        make_event(session, device, seq=seq)

    found = next(row for row in devices(session, clock.now()) if row.id == device.id)

    assert list(found.gaps) == gaps


# --- wrong PINs and copies


def greet(phone, **values):
    return phone.post(phone.letter(**values))


def test_wrong_pins_are_shown_until_a_right_one(phone, client_as):
    greet(phone, wrong_pins=4)
    page = client_as(Role.SUPERVISOR).get("/telefonos").text
    assert "Alguien prueba PIN equivocados" in page
    assert "4 PIN equivocados seguidos" in page

    greet(phone, wrong_pins=0)

    assert "PIN equivocado" not in client_as(Role.SUPERVISOR).get("/telefonos").text


@pytest.mark.parametrize(("wrong", "status"), [(9, 200), (10, 302)])
def test_the_tenth_wrong_pin_ends_the_logins_of_the_collector(
    phone, route, client_as, wrong, status
):
    browser = client_as(route.collector)
    assert browser.get("/phone/").status_code == 200

    greet(phone, wrong_pins=wrong)

    assert browser.get("/phone/").status_code == status


def test_wrong_pins_stand_in_the_log_when_they_grow(session, phone):
    for wrong in (2, 2, 3, 0):
        greet(phone, wrong_pins=wrong)

    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.event == "device.wrong_pins").order_by(AuditEntry.id)
    )
    assert [one.facts["count"] for one in entries] == [2, 3]


def test_two_copies_that_use_one_number_are_told_to_the_office(phone, route, client_as):
    phone.send(phone.event(nobody_home(route.clients[0].id)))
    assert "duplicado" not in client_as(Role.SUPERVISOR).get("/telefonos").text
    phone.seq = 0  # the copy goes on where it was copied

    phone.send(phone.event(nobody_home(route.clients[1].id)))

    assert "Este teléfono está duplicado" in client_as(Role.SUPERVISOR).get("/telefonos").text


def test_numbers_that_go_back_are_those_of_an_older_copy(phone, client_as):
    greet(phone, last_seq=9)
    greet(phone, last_seq=9)
    assert "duplicado" not in client_as(Role.SUPERVISOR).get("/telefonos").text

    greet(phone, last_seq=8)

    assert "Este teléfono está duplicado" in client_as(Role.SUPERVISOR).get("/telefonos").text


def test_the_same_visit_told_in_two_ways_is_no_copy(phone, route, client_as):
    event = phone.event(nobody_home(route.clients[0].id))
    phone.send(event)

    phone.send({**event, "body": nobody_home(route.clients[1].id)})

    assert "duplicado" not in client_as(Role.SUPERVISOR).get("/telefonos").text


# --- the page of phones


def test_a_number_that_never_came_is_shown(phone, route, client_as):
    phone.send(phone.event(nobody_home(route.clients[0].id)))
    phone.send(phone.event(nobody_home(route.clients[1].id), seq=4), last_seq=4, pending_events=0)

    page = client_as(Role.SUPERVISOR).get("/telefonos").text

    assert "Faltan registros" in page
    assert "2–3" in page


def test_numbers_that_the_phone_says_it_still_has_are_no_gap(phone, route, client_as):
    phone.send(phone.event(nobody_home(route.clients[0].id)), last_seq=3, pending_events=3)

    page = client_as(Role.SUPERVISOR).get("/telefonos").text

    assert "Faltan registros" not in page
    assert "2 registros, 0 fotos" in page


def test_what_has_just_come_is_not_pending_any_more(session, phone, route):
    phone.send(phone.event(nobody_home(route.clients[0].id)), pending_events=1)

    assert session.scalars(select(Device.pending_events)).one() == 0


def test_a_phone_registered_anew_has_no_gap_for_what_it_told_before(
    phone, phone_of, route, client_as
):
    event = phone.event(nobody_home(route.clients[0].id))
    phone.send(event)
    anew = phone_of(route.collector)
    anew.send(event | {"seq": 1}, last_seq=1, pending_events=0)

    assert "Faltan registros" not in client_as(Role.SUPERVISOR).get("/telefonos").text


def test_an_order_of_the_route_is_shown_to_the_dispatcher(phone, route, client_as):
    stops = [stop.id for stop in reversed(route.stops)]
    body = {"day": "2026-03-10", "stops": stops, "cause": "late", "note": None}
    phone.send(phone.event(body, "route.reordered"))

    page = client_as(Role.DISPATCHER).get("/telefonos").text

    assert "Carla Díaz → Beto Cortés → Ana Rojas" in page
    assert "Va tarde" in page


def test_the_logins_of_a_lost_phone_end_wherever_they_are(session, route, phone, client_as):
    at_work = client_as(route.collector)
    device = session.scalars(select(Device)).one()
    assert at_work.get("/phone/").status_code == 200

    client_as(Role.SUPERVISOR).post(f"/telefonos/{device.id}/baja")

    assert at_work.get("/phone/").status_code == 302


def test_a_phone_is_shut_out_by_a_supervisor(session, phone, client_as):
    device = session.scalars(select(Device)).one()

    client_as(Role.SUPERVISOR).post(f"/telefonos/{device.id}/baja")

    assert phone.post(phone.letter()).json["wipe"] is True
    events = session.scalars(select(AuditEntry.event)).all()
    assert "device.revoked" in events


def test_without_phones_the_page_says_how_they_come(client_as):
    assert "Aún no hay teléfonos" in client_as(Role.ADMIN).get("/telefonos").text


# --- the page of what waits


def test_an_event_waits_with_its_reason_and_is_applied_after_mending(
    session, phone, route, client_as
):
    stranger = make_client(session, name="Dora Nueva")
    session.commit()
    phone.send(phone.event(nobody_home(stranger.id)))
    supervisor = client_as(Role.SUPERVISOR)
    assert "Dora Nueva" in supervisor.get("/revision").text
    event = session.scalars(select(SyncEvent)).one()

    supervisor.post(f"/revision/{event.id}/aplicar")
    session.expire_all()
    assert event.state is EventState.WAITING

    make_zone(session, [stranger], route.collector)
    session.commit()
    supervisor.post(f"/revision/{event.id}/aplicar")

    session.expire_all()
    assert event.state is EventState.APPLIED
    visit = session.scalars(select(Visit)).one()
    assert (visit.uuid, visit.collector_id) == (event.uuid, route.collector.id)
    assert "Nada espera" in supervisor.get("/revision").text


def test_a_visit_is_taken_back_once_its_payment_was_annulled(session, phone, route, client_as):
    visit = phone.event(paid(route.clients[0].id))
    back = phone.event({"visit": visit["id"], "reason": "Error"}, "visit.annulled")
    phone.send(visit, back)
    supervisor = client_as(Role.SUPERVISOR)
    assert "Primero se cancela el pago" in supervisor.get("/revision").text
    session.scalars(select(Payment)).one().annulled_at = clock.now()
    session.commit()
    waiting = session.scalars(select(SyncEvent).where(SyncEvent.uuid == back["id"])).one()

    supervisor.post(f"/revision/{waiting.id}/aplicar")

    assert session.scalars(select(VisitAnnulment.reason)).one() == "Error"


def test_an_event_is_dismissed_with_a_reason_and_stays(session, client_as):
    event = make_event(session, make_device(session, make_user(session)))
    session.commit()
    supervisor = client_as(Role.SUPERVISOR)

    assert (
        supervisor.post(f"/revision/{event.id}/descartar", data={"reason": " "}).status_code == 422
    )
    supervisor.post(f"/revision/{event.id}/descartar", data={"reason": "Era una prueba"})

    session.expire_all()
    assert (event.state, event.settled_reason) == (EventState.DISMISSED, "Era una prueba")
    again = supervisor.post(f"/revision/{event.id}/aplicar")
    assert again.status_code == 409


def test_both_versions_of_a_conflict_are_shown_and_stay(session, phone, route, client_as):
    event = phone.event(nobody_home(route.clients[0].id))
    phone.send(event)
    phone.send(event | {"body": event["body"] | {"note": "Salió a comprar"}})
    supervisor = client_as(Role.SUPERVISOR)
    page = supervisor.get("/revision").text
    assert "Dos versiones de visita" in page
    assert "Salió a comprar" in page
    conflict = session.scalars(select(SyncConflict)).one()

    url = f"/revision/conflictos/{conflict.id}/descartar"
    supervisor.post(url, data={"reason": "Vale la primera"})

    session.expire_all()
    assert conflict.settled_reason == "Vale la primera"
    assert "Nada espera" in supervisor.get("/revision").text


def test_the_other_version_counts_when_a_person_says_so(session, phone, route, client_as):
    event = phone.event(nobody_home(route.clients[0].id))
    phone.send(event)
    phone.send(event | {"body": promised(route.clients[0].id)})
    conflict = session.scalars(select(SyncConflict)).one()
    session.commit()

    url = f"/revision/conflictos/{conflict.id}/aplicar"
    client_as(Role.SUPERVISOR).post(url, data={"reason": "Se corrigió en la puerta"})

    session.expire_all()
    assert session.scalars(select(Visit.outcome)).all() == [Outcome.PROMISED]
    assert session.scalars(select(Promise.amount_cents)).all() == [50_000]
    every_visit = select(Visit.outcome).execution_options(**WITH_ANNULLED)
    assert set(session.scalars(every_visit)) == {Outcome.NOT_HOME, Outcome.PROMISED}
    assert conflict.settled_reason == "Se corrigió en la puerta"
    assert client_as(Role.SUPERVISOR).post(url, data={"reason": "Otra vez"}).status_code == 409


def test_two_visits_under_one_number_of_a_phone_may_both_count(session, phone, route, client_as):
    event = phone.event(nobody_home(route.clients[0].id))
    phone.send(event)
    cloned = phone.event(nobody_home(route.clients[1].id)) | {"seq": event["seq"]}
    assert phone.states(cloned) == ["conflict"]
    conflict = session.scalars(select(SyncConflict)).one()
    session.commit()

    url = f"/revision/conflictos/{conflict.id}/aplicar"
    client_as(Role.SUPERVISOR).post(url, data={"reason": "Teléfono clonado"})

    assert set(session.scalars(select(Visit.uuid))) == {event["id"], cloned["id"]}


def test_another_version_that_cannot_be_applied_changes_nothing(session, phone, route, client_as):
    event = phone.event(nobody_home(route.clients[0].id))
    phone.send(event)
    phone.send(event | {"body": nobody_home(999_999)})
    conflict = session.scalars(select(SyncConflict)).one()
    session.commit()

    url = f"/revision/conflictos/{conflict.id}/aplicar"
    page = client_as(Role.SUPERVISOR).post(
        url, data={"reason": "Otro cliente"}, follow_redirects=True
    )

    session.expire_all()
    assert "nada cambió" in page.text
    assert session.scalars(select(Visit.uuid)).all() == [event["id"]]
    assert conflict.settled_at is None


def test_what_a_phone_told_is_sealed_word_for_word(session, phone, route, client_as):
    event = phone.event(nobody_home(route.clients[0].id))
    waits = phone.event(nobody_home(999_999))
    phone.send(event, waits)
    phone.send(event | {"body": event["body"] | {"note": "Salió a comprar"}})
    other_id = session.scalars(select(SyncConflict.id)).one()
    ids = dict(session.execute(select(SyncEvent.uuid, SyncEvent.id)).all())
    supervisor = client_as(Role.SUPERVISOR)
    supervisor.post(f"/revision/{ids[waits['id']]}/descartar", data={"reason": "Era una prueba"})
    supervisor.post(f"/revision/conflictos/{other_id}/descartar", data={"reason": "La primera"})

    def broken() -> set[tuple[str, str]]:
        session.expire_all()
        told = {SyncEvent.__tablename__, SyncConflict.__tablename__}
        return {(f.kind.value, f.row) for f in faults(session) if f.row.split()[0] in told}

    assert broken() == set()
    first, other = ids[event["id"]], ids[waits["id"]]
    session.execute(text("UPDATE sync_event SET statement = '{}' WHERE id = :id"), {"id": first})
    session.execute(text("UPDATE sync_event SET state = 'applied' WHERE id = :id"), {"id": other})
    session.execute(text("UPDATE sync_conflict SET settled_reason = 'La otra'"))
    assert broken() == {
        ("altered", f"sync_event {first}"),
        ("altered", f"sync_event {other}"),
        ("altered", f"sync_conflict {other_id}"),
    }
    session.rollback()
    session.execute(delete(SyncConflict))
    make_event(session, session.scalars(select(Device)).one(), seq=900)
    inserted = session.scalars(select(func.max(SyncEvent.id))).one()
    assert broken() == {
        ("removed", f"sync_conflict {other_id}"),
        ("inserted", f"sync_event {inserted}"),
    }


def test_what_a_phone_sends_is_escaped(phone, route, client_as):
    phone.send(phone.event(nobody_home(999_999, note="<script>alert(1)</script>")))

    assert "<script>alert(1)" not in client_as(Role.SUPERVISOR).get("/revision").text


# --- a visit that was taken back


def test_a_visit_taken_back_is_crossed_out_in_the_file_and_counts_nowhere(
    session, app, phone, route, client_as
):
    client = route.clients[0]
    visit = phone.event(nobody_home(client.id, route.stops[0].id))
    back = phone.event({"visit": visit["id"], "reason": "Otra puerta"}, "visit.annulled")
    phone.send(visit, back)

    happened = [one for one in timeline(session, client.id, local_zone()) if one.visit]
    page = client_as(Role.SUPERVISOR).get(f"/cartera/{client.id}/expediente").text

    assert [one.annulled for one in happened] == ["Otra puerta"]
    assert "<s>Visita" in page
    assert "0 / 0" not in page
    assert (
        "Registrar visita"
        in client_as(route.collector).get(f"/phone/parada/{route.stops[0].id}").text
    )
