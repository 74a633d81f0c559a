"""Whatever is lost, repeated or reordered on the way: each fact is stored exactly once."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from collector_app.payments.models import Payment, Receipt
from collector_app.promises.models import Promise
from collector_app.sync.models import Device, SyncConflict, SyncEvent
from collector_app.visits.models import Visit
from tests.sync.conftest import nobody_home, paid, promised

EVENTS = 6
# Which events a request carries, in which order, with repeats: what a retrying phone can send.
requests = st.lists(st.lists(st.integers(0, EVENTS - 1), max_size=8), max_size=6)


def stored(session, uuids: list[str], table, column) -> int:
    return session.scalar(select(func.count()).select_from(table).where(column.in_(uuids)))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=requests)
def test_any_mix_of_resends_and_orders_stores_each_fact_once(session, route, phone_of, sent):
    phone = phone_of(route.collector)
    clients = [client.id for client in route.clients]
    events = [
        phone.event((promised if n % 2 else nobody_home)(clients[n % len(clients)]))
        for n in range(EVENTS)
    ]
    uuids = [event["id"] for event in events]
    promises_before = session.scalar(select(func.count()).select_from(Promise))

    for request in sent:  # each of these answers is lost
        phone.send(*(events[n] for n in request))
    final = phone.send(*events)

    first = {n for request in sent for n in request}
    expected = ["duplicate" if n in first else "applied" for n in range(EVENTS)]
    assert [one["state"] for one in final] == expected
    session.rollback()
    assert stored(session, uuids, Visit, Visit.uuid) == EVENTS
    assert stored(session, uuids, SyncEvent, SyncEvent.uuid) == EVENTS
    promises = session.scalar(select(func.count()).select_from(Promise))
    assert promises - promises_before == EVENTS // 2
    assert session.scalar(select(func.count()).select_from(SyncConflict)) == 0


def test_two_connections_that_send_the_same_batch_at_once_store_it_once(session, route, phone):
    events = [phone.event(nobody_home(route.clients[0].id)) for _ in range(10)]
    letter = phone.letter(*events)
    session.rollback()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: phone.post(letter), range(4)))

    assert [answer.status_code for answer in answers] == [200] * 4
    states = [tuple(one["state"] for one in answer.json["answers"]) for answer in answers]
    assert sorted(states) == [("applied",) * 10] + [("duplicate",) * 10] * 3
    assert session.scalar(select(func.count()).select_from(Visit)) == 10


def test_eight_connections_with_the_same_money_receive_it_once(session, route, phone):
    series = session.scalars(select(Device.receipt_series)).one()
    receipts = [{"series": series, "number": n, "code": "abcdef"[n] * 16} for n in range(1, 6)]
    events = [phone.event(paid(route.clients[0].id, receipt)) for receipt in receipts]
    letter = phone.letter(*events)
    session.rollback()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: phone.post(letter), range(8)))

    states = [{one["state"] for one in answer.json["answers"]} for answer in answers]
    assert sorted(states, key=str) == [{"applied"}] + [{"duplicate"}] * 7
    assert len(session.scalars(select(Payment.id)).all()) == 5
    assert sorted(session.scalars(select(Receipt.number))) == [1, 2, 3, 4, 5]


def test_two_phones_that_send_one_id_at_once_store_one_and_keep_the_other(
    session, route, phone, phone_of
):
    other = phone_of(route.collector)
    uuid = str(uuid4())
    one = phone.letter(phone.event(nobody_home(route.clients[0].id), id=uuid))
    two = other.letter(other.event(nobody_home(route.clients[1].id), id=uuid))
    session.rollback()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda pair: pair[0].post(pair[1]), [(phone, one), (other, two)]))

    assert sorted(answer.json["answers"][0]["state"] for answer in answers) == [
        "applied",
        "conflict",
    ]
    assert session.scalar(select(func.count()).select_from(SyncConflict)) == 1
