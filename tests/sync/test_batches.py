"""Many events in one request cost the statements of a few, and each is answered as if alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, func, select

from collector_app.audit.models import AuditEntry
from collector_app.visits.models import Visit
from tests.sync.conftest import nobody_home, paid, promised


@contextmanager
def statements_of(session) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection, _cursor, statement, _parameters, _context, _is_many) -> None:
        seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def planned_visits(phone, route, count: int) -> list[dict]:
    stops = route.stops
    kinds = (nobody_home, promised, paid)
    return [
        phone.event(kinds[n % 3](stops[n % len(stops)].client_id, stop_id=stops[n % len(stops)].id))
        for n in range(count)
    ]


def test_ten_times_the_visits_take_the_same_statements(session, route, phone):
    first = phone.event(paid(route.clients[0].id))  # with it the collector's series begins
    few, many = planned_visits(phone, route, 10), planned_visits(phone, route, 100)
    session.commit()
    phone.send(first)

    with statements_of(session) as for_few:
        phone.send(*few)
    with statements_of(session) as for_many:
        assert set(phone.states(*many)) == {"applied"}

    assert len(for_many) <= len(for_few)  # later payments find nothing more to settle


def test_those_that_cannot_be_applied_do_not_hold_up_their_neighbours(session, route, phone):
    client = route.clients[0].id
    events = [
        phone.event(nobody_home(client)),
        phone.event(nobody_home(999_999)),
        phone.event(promised(client)),
        phone.event(nobody_home(client, outcome="paid")),
        phone.event(promised(client) | {"promise": {"amount_cents": 1, "due_on": "2001-03-13"}}),
        phone.event(paid(client)),
        phone.event({"visit": "nobody knows it", "reason": "error"}, kind="visit.annulled"),
        phone.event(nobody_home(client)),
    ]

    answers = phone.send(*events)

    assert [one["state"] for one in answers] == [
        "applied",
        "waiting",
        "applied",
        "waiting",
        "waiting",
        "applied",
        "waiting",
        "applied",
    ]
    codes = [one["code"] for one in answers if one["state"] == "waiting"]
    assert codes == ["not_found", "bad_body", "promise_in_past", "not_found"]
    applied = [event["id"] for event, one in zip(events, answers, strict=True) if not one["code"]]
    session.rollback()
    assert set(session.scalars(select(Visit.uuid))) >= set(applied)
    recorded = select(func.count()).where(AuditEntry.event == "visit.recorded")
    assert session.scalar(recorded.where(AuditEntry.hash.is_not(None))) >= len(applied)


def test_a_visit_that_is_taken_back_in_the_same_batch_counts_for_nothing(session, route, phone):
    visit = phone.event(nobody_home(route.clients[0].id))
    taken_back = phone.event({"visit": visit["id"], "reason": "otro"}, kind="visit.annulled")

    assert phone.states(visit, taken_back) == ["applied", "applied"]

    session.rollback()
    assert session.scalars(select(Visit).where(Visit.uuid == visit["id"])).all() == []
