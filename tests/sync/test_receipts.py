"""Folios that phones give out by themselves: one series each, no gap, none of them used twice."""

import pytest
from sqlalchemy import func, select, update

from collector_app.compliance.services import choose_profile
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.payments.models import Payment, Receipt, VoidFolio
from collector_app.payments.receipts import broken_series, repeated_folios
from collector_app.payments.rules import is_phone_series
from collector_app.sync.models import Device, SyncConflict, SyncEvent
from collector_app.sync.rules import EventState
from collector_app.violations.judging_job import run_judging_arrivals
from collector_app.violations.models import ViolationCase
from collector_app.violations.rules import FactKind
from tests.factories import make_user
from tests.sync.conftest import Phone, nobody_home, paid
from tests.zones.factories import make_zone

SYSTEM = Actor.system("test")
CODES = [letter * 16 for letter in "abcdefg"]


@pytest.fixture
def series(session, phone) -> str:
    return session.scalars(select(Device.receipt_series)).one()


@pytest.fixture
def supervisor(client_as):
    return client_as(Role.SUPERVISOR)


def given(series: str, number: int, **values: object) -> dict:
    return {"series": series, "number": number, "code": CODES[number], **values}


def receipts(session) -> list[tuple[str, int, str]]:
    session.expire_all()
    found = session.scalars(select(Receipt).order_by(Receipt.id))
    return [(one.series, one.number, one.code) for one in found]


def folios(phone: Phone, **values: object) -> dict:
    return phone.post(phone.letter(**values)).json["folios"]


def test_a_phone_is_told_its_series_when_it_is_registered_and_no_two_have_the_same(
    session, route, phone_of
):
    phone_of(route.collector)
    phone_of(route.collector)

    one, other = session.scalars(select(Device.receipt_series)).all()
    assert is_phone_series(one)
    assert one != other


def test_a_payment_keeps_the_receipt_that_the_phone_gave(session, phone, route, series):
    told = paid(route.clients[0].id, given(series, 1))

    (answer,) = phone.send(phone.event(told))

    assert answer["state"] == "applied"
    assert receipts(session) == [(series, 1, CODES[1])]


def test_a_payment_without_a_receipt_gets_the_next_of_its_collector(session, phone, route, series):
    phone.send(
        phone.event(paid(route.clients[0].id, given(series, 1))),
        phone.event(paid(route.clients[1].id)),
    )

    assert [one[:2] for one in receipts(session)] == [(series, 1), (f"G{route.collector.id}", 1)]


def test_the_office_tells_the_last_folio_that_it_heard_of(phone, route, series):
    assert folios(phone) == {"series": series, "last": 0}
    phone.send(phone.event(paid(route.clients[0].id, given(series, 2))))

    assert folios(phone) == {"series": series, "last": 2}


def test_a_folio_counts_as_heard_of_also_when_its_visit_waits(phone, route, series):
    event = phone.event(paid(999_999, given(series, 3)))

    assert phone.states(event) == ["waiting"]
    assert folios(phone)["last"] == 3


def test_the_same_event_again_gives_no_second_receipt(session, phone, route, series):
    event = phone.event(paid(route.clients[0].id, given(series, 1)))

    assert phone.states(event) == ["applied"]
    assert phone.states(event) == ["duplicate"]
    assert len(receipts(session)) == 1


def test_a_folio_that_another_receipt_has_waits_for_a_person_and_stands_twice_once_let_in(
    session, phone, route, series, supervisor
):
    phone.send(phone.event(paid(route.clients[0].id, given(series, 1))))
    other = phone.event(paid(route.clients[1].id, given(series, 1, code=CODES[2])))

    (answer,) = phone.send(other)

    assert (answer["state"], answer["code"]) == ("waiting", "folio_taken")
    page = supervisor.get("/revision").text
    assert f"{series}-000001" in page
    assert "hay dos copias de este teléfono" in page
    waiting = session.scalars(select(SyncEvent).where(SyncEvent.uuid == other["id"])).one()
    supervisor.post(f"/revision/{waiting.id}/aplicar")
    assert [one[1:] for one in receipts(session)] == [(1, CODES[1]), (1, CODES[2])]
    assert repeated_folios(session) == [f"{series}-000001"]
    assert "Más de un recibo" in supervisor.get("/recibos").text


def test_two_of_one_request_under_one_folio_are_not_both_applied(session, phone, route, series):
    one, two = (
        phone.event(paid(client.id, given(series, 1, code=CODES[n])))
        for n, client in enumerate(route.clients[:2])
    )

    assert phone.states(one, two) == ["applied", "waiting"]
    assert len(receipts(session)) == 1


def test_a_code_that_another_receipt_has_is_never_let_in(session, phone, route, series):
    phone.send(phone.event(paid(route.clients[0].id, given(series, 1))))
    other = phone.event(paid(route.clients[1].id, given(series, 2, code=CODES[1])))

    assert phone.states(other) == ["waiting"]


def test_a_clone_that_reuses_numbers_shows_as_a_conflict_and_both_receipts_can_count(
    session, phone, route, series, supervisor
):
    first = phone.event(paid(route.clients[0].id, given(series, 1)))
    phone.send(first)
    clone = phone.event(paid(route.clients[1].id, given(series, 1, code=CODES[2])))
    clone["seq"] = first["seq"]

    assert phone.states(clone) == ["conflict"]

    conflict = session.scalars(select(SyncConflict)).one()
    supervisor.post(f"/revision/conflictos/{conflict.id}/aplicar", data={"reason": "Se cobró"})
    assert repeated_folios(session) == [f"{series}-000001"]
    assert session.query(Payment).count() == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"series": "G12"}, "payment.receipt.series"),
        ({"number": 0}, "payment.receipt.number"),
        ({"number": 1_000_000}, "payment.receipt.number"),
        ({"code": "short"}, "payment.receipt.code"),
        ({"code": "A" * 16}, "payment.receipt.code"),
    ],
)
def test_a_receipt_that_can_not_be_read_makes_its_event_wait(phone, route, series, values, field):
    event = phone.event(paid(route.clients[0].id, given(series, 1) | values))

    (answer,) = phone.send(event)

    assert (answer["state"], answer["field"]) == ("waiting", field)


def test_a_series_of_somebody_elses_phone_waits_and_one_that_was_forgotten_counts(
    session, phone, route, series, phone_of
):
    other = make_user(session)
    make_zone(session, [], other)
    session.commit()
    phone_of(other)
    theirs = session.scalars(select(Device.receipt_series).where(Device.user_id == other.id)).one()
    stolen = phone.event(paid(route.clients[0].id, given(theirs, 1)))
    (answer,) = phone.send(stolen)
    assert (answer["state"], answer["field"]) == ("waiting", "payment.receipt.series")

    session.execute(update(Device).where(Device.user_id == other.id).values(receipt_series="TZZZZ"))
    session.commit()
    forgotten = phone.event(paid(route.clients[0].id, given(theirs, 2)))

    assert phone.states(forgotten) == ["applied"]


def test_a_gap_is_told_until_its_event_comes_or_is_dismissed_which_voids_its_folio_for_ever(
    session, phone, route, series, supervisor
):
    lost = phone.event(paid(999_999, given(series, 1)))
    phone.send(lost, phone.event(paid(route.clients[0].id, given(series, 2))))
    assert broken_series(session) == {series: [1]}
    waiting = session.scalars(select(SyncEvent).where(SyncEvent.uuid == lost["id"])).one()

    supervisor.post(f"/revision/{waiting.id}/descartar", data={"reason": "Era una prueba"})

    session.expire_all()
    assert waiting.state is EventState.DISMISSED
    assert session.scalars(select(VoidFolio.reason)).one() == "Era una prueba"
    assert broken_series(session) == {}
    again = phone.event(paid(route.clients[1].id, given(series, 1, code=CODES[3])))
    assert phone.states(again) == ["waiting"]


def test_a_folio_of_somebody_elses_phone_is_not_void_when_whoever_told_of_it_is_dismissed(
    session, phone, route, series, supervisor, phone_of
):
    hostile = phone_of(make_user(session))
    forged = hostile.event(paid(route.clients[0].id, given(series, 1)))
    hostile.send(forged)
    other = {**forged, "body": paid(route.clients[0].id, given(series, 2), note="otra")}
    assert hostile.states(other) == ["conflict"]
    waiting = session.scalars(select(SyncEvent).where(SyncEvent.uuid == forged["id"])).one()
    conflict = session.scalars(select(SyncConflict)).one()

    for path in (f"{waiting.id}", f"conflictos/{conflict.id}"):
        supervisor.post(f"/revision/{path}/descartar", data={"reason": "Folio ajeno"})

    session.expire_all()
    assert waiting.state is EventState.DISMISSED
    assert conflict.settled_at is not None
    honest = [
        phone.event(paid(route.clients[n].id, given(series, n + 1, code=CODES[n])))
        for n in range(2)
    ]
    assert phone.states(*honest) == ["applied", "applied"]


def test_a_visit_without_money_voids_nothing_when_it_is_dismissed(session, phone, supervisor):
    phone.send(phone.event(nobody_home(999_999)))
    waiting = session.scalars(select(SyncEvent)).one()

    supervisor.post(f"/revision/{waiting.id}/descartar", data={"reason": "Era una prueba"})

    assert session.query(VoidFolio).count() == 0


def test_whoever_holds_a_receipt_of_the_phone_verifies_it(phone, route, series, app):
    phone.send(phone.event(paid(route.clients[0].id, given(series, 1))))

    page = app.test_client().get(f"/recibos/verificar/{CODES[1]}").text

    assert f"{series}-000001" in page
    assert "Es válido" in page


def test_one_that_has_not_arrived_is_not_called_false_at_once(app):
    page = app.test_client().get(f"/recibos/verificar/{CODES[1]}").text

    assert "sin señal" in page


def test_cash_that_the_law_forbids_is_accepted_and_shown_as_a_falta(
    app, session, phone, route, client_as
):
    day = clock.now().date()
    choose_profile(session, SYSTEM, "mx_financial_agency", day, "Despacho", today=day)
    session.commit()
    debtor, other = route.clients[:2]
    transfer = paid(other.id)
    transfer["payment"]["method"] = "transfer"

    assert phone.states(phone.event(paid(debtor.id)), phone.event(transfer)) == ["applied"] * 2
    with app.test_request_context():
        run_judging_arrivals({}, lambda share, note="": None)

    assert session.scalar(select(func.sum(Payment.amount_cents))) == 70_000
    page = client_as(Role.SUPERVISOR).get("/faltas").text
    assert debtor.name in page
    assert other.name not in page
    assert "DOF 7-oct-2014" in page
    cases = session.execute(select(ViolationCase.kind, ViolationCase.client_id)).all()
    assert [tuple(one) for one in cases] == [(FactKind.PAYMENT, debtor.id)]
