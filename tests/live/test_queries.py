"""The supervisor's day: what each collector planned, did and brought in."""

from contextlib import contextmanager
from datetime import date, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import event, select

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.live.queries import live_version, today_board
from collector_app.live.rules import StopState
from collector_app.payments.rules import PaymentFact, PaymentMethod
from collector_app.payments.services import record_payment
from collector_app.portfolio.models import Credit
from collector_app.promises.rules import PromiseFact, PromiseFlag
from collector_app.promises.services import make_promise
from collector_app.visits.rules import Outcome, PersonMet, VisitFlag
from collector_app.visits.services import record_visit
from collector_app.web.extensions import db
from tests.factories import actor_of, make_client, make_user
from tests.live.factories import publish_route
from tests.visits.factories import visit_fact

MEXICO = ZoneInfo("America/Mexico_City")
TODAY = date(2026, 3, 10)  # the clock of the tests stands at ten in the morning of this Tuesday


def visit(session, collector, client, outcome=Outcome.NOT_HOME, stop=None, **values):
    fact = visit_fact(
        client,
        stop_id=stop.id if stop else None,
        person_met=PersonMet.NOBODY if outcome is Outcome.NOT_HOME else PersonMet.HOLDER,
        outcome=outcome,
        **values,
    )
    return record_visit(session, actor_of(collector), fact, zone=MEXICO, has_checked_stop=True)


def promise(session, collector, of_visit, cents):
    fact = PromiseFact(
        str(uuid4()), of_visit.client_id, of_visit.id, cents, TODAY + timedelta(days=3), clock.now()
    )
    return make_promise(session, actor_of(collector), fact, zone=MEXICO)


def pay(session, collector, of_visit, cents):
    fact = PaymentFact(
        str(uuid4()), of_visit.client_id, of_visit.id, PaymentMethod.CASH, cents, clock.now()
    )
    return record_payment(session, actor_of(collector), fact, zone=MEXICO)


def test_before_anything_happens_everybody_is_at_zero(session):
    collector = make_user(session, full_name="Mariana Cruz")

    today = today_board(session, TODAY, MEXICO)

    assert [(row.name, row.planned, row.visits) for row in today.collectors] == [
        (collector.full_name, 0, 0)
    ]
    assert not today.has_plan
    assert today.totals.contact_rate is None


def test_a_visit_to_a_stop_moves_the_route_on(session):
    collector = make_user(session)
    clients = [make_client(session) for _ in range(4)]
    stops = publish_route(session, collector, clients, TODAY)
    visit(session, collector, clients[0], stop=stops[0])

    row = today_board(session, TODAY, MEXICO).collectors[0]

    assert (row.done, row.planned, row.contacts) == (1, 4, 0)


def test_a_stop_counts_as_done_when_its_client_was_visited_before_the_plan_came_out(session):
    collector = make_user(session)
    client = make_client(session)
    visit(session, collector, client)
    publish_route(session, collector, [client], TODAY)

    today = today_board(session, TODAY, MEXICO)

    assert today.totals.done == 1
    assert today.stops[0].state is StopState.ATTEMPTED


def test_money_of_the_day_is_counted_for_who_brought_it(session):
    diligent, other = make_user(session, full_name="Ana"), make_user(session, full_name="Beto")
    clients = [make_client(session) for _ in range(2)]
    publish_route(session, diligent, clients, TODAY)
    promise(session, diligent, visit(session, diligent, clients[0], Outcome.PROMISED), 50_000)
    pay(session, diligent, visit(session, diligent, clients[1], Outcome.PAID_IN_PART), 20_000)

    today = today_board(session, TODAY, MEXICO)

    ana, beto = today.collectors
    assert (ana.promised, ana.promises, ana.paid) == ({"MXN": 50_000}, 1, {"MXN": 20_000})
    assert (beto.promised, beto.paid) == ({}, {})
    assert other.full_name == beto.name
    assert [stop.state for stop in today.stops] == [StopState.PROMISED, StopState.PAID]


def test_an_annulled_payment_is_not_counted(session):
    collector = make_user(session)
    paid = pay(
        session,
        collector,
        visit(session, collector, make_client(session), Outcome.PAID_IN_PART),
        20_000,
    )
    paid.annulled_at = clock.now()
    session.flush()

    assert today_board(session, TODAY, MEXICO).totals.paid == {}


def test_money_of_two_currencies_is_not_added_up(session):
    collector, peso, peso_too, sol = make_user(session), *(make_client(session) for _ in range(3))
    for client, currency in ((peso, "MXN"), (peso_too, "MXN"), (sol, "PEN")):
        session.scalars(
            select(Credit).where(Credit.client_id == client.id)
        ).one().currency = currency
        pay(session, collector, visit(session, collector, client, Outcome.PAID_IN_PART), 20_000)

    today = today_board(session, TODAY, MEXICO)

    assert today.totals.paid == {"MXN": 40_000, "PEN": 20_000}
    assert {row.currency for row in today.money if row.client_id == sol.id} == {"PEN"}


def test_yesterdays_visit_is_not_of_today(session):
    collector = make_user(session)
    client = make_client(session)
    yesterday = clock.now() - timedelta(days=1)
    visit(session, collector, client, started_at=yesterday, ended_at=yesterday)

    today = today_board(session, TODAY, MEXICO)

    assert today.totals.visits == 0
    assert today.activity == ()


def test_a_stop_twenty_minutes_past_its_time_is_late_and_a_later_one_is_pending(session):
    collector = make_user(session)
    clients = [make_client(session) for _ in range(3)]  # leave at 9:10, 9:40 and 10:10; it is 10:00
    publish_route(session, collector, clients, TODAY)

    today = today_board(session, TODAY, MEXICO)

    assert [stop.state for stop in today.stops] == [
        StopState.LATE,
        StopState.PENDING,
        StopState.PENDING,
    ]
    assert today.collectors[0].late == 1


def test_who_left_an_hour_ago_without_a_word_is_silent_until_a_visit_comes(session):
    collector = make_user(session)
    clients = [make_client(session) for _ in range(3)]
    publish_route(session, collector, clients, TODAY)
    assert today_board(session, TODAY, MEXICO).collectors[0].silent_s >= 45 * 60

    visit(session, collector, clients[0])

    assert today_board(session, TODAY, MEXICO).collectors[0].silent_s is None


def test_the_activity_is_newest_first_and_says_what_deserves_a_look(session):
    collector = make_user(session)
    near, far = make_client(session), make_client(session)
    visit(session, collector, near)
    visit(session, collector, far, lat=far.lat + 0.01)

    rows = today_board(session, TODAY, MEXICO).activity

    assert [row.client_id for row in rows] == [far.id, near.id]
    assert VisitFlag.FAR_FROM_ADDRESS in rows[0].flags
    assert VisitFlag.FAR_FROM_ADDRESS not in rows[1].flags


def test_a_promise_beyond_the_debt_deserves_a_look_and_a_usual_one_does_not(session):
    collector = make_user(session)
    clients = [make_client(session, overdue_cents=100_000) for _ in range(2)]
    promise(session, collector, visit(session, collector, clients[0], Outcome.PROMISED), 100_001)
    promise(session, collector, visit(session, collector, clients[1], Outcome.PROMISED), 100_000)

    rows = {row.client_id: row.flags for row in today_board(session, TODAY, MEXICO).activity}

    assert PromiseFlag.MORE_THAN_DEBT in rows[clients[0].id]
    assert PromiseFlag.MORE_THAN_DEBT not in rows[clients[1].id]


def test_a_withdrawn_plan_is_not_shown(session):
    collector = make_user(session)
    publish_route(session, collector, [make_client(session)], TODAY, withdrawn_at=clock.now())

    assert not today_board(session, TODAY, MEXICO).has_plan


def test_an_inactive_collector_is_not_shown(session):
    make_user(session, active=False)

    assert today_board(session, TODAY, MEXICO).collectors == ()


def test_the_version_changes_with_each_fact(session):
    collector = make_user(session)
    client = make_client(session)
    before = live_version(session)
    made = visit(session, collector, client, Outcome.PROMISED)
    after_visit = live_version(session)
    promise(session, collector, made, 10_000)

    assert len({before, after_visit, live_version(session)}) == 3


@contextmanager
def counted_statements():
    seen = []

    def keep(_connection, _cursor, statement, *_others):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", keep)
    yield seen
    event.remove(db.engine, "before_cursor_execute", keep)


def statements_of_a_day(session, collectors):
    for _ in range(collectors):
        collector = make_user(session, Role.COLLECTOR)
        clients = [make_client(session) for _ in range(3)]
        stops = publish_route(session, collector, clients, TODAY)
        visit(session, collector, clients[0], stop=stops[0])
    session.flush()
    with counted_statements() as seen:
        today_board(session, TODAY, MEXICO)
    return len(seen)


def test_the_number_of_queries_does_not_grow_with_the_collectors(session):
    few = statements_of_a_day(session, 1)

    assert statements_of_a_day(session, 5) == few
