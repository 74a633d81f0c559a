"""What visits teach is counted by the database, on the local clock, and never from the future."""

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from collector_app.core import clock
from collector_app.payments.models import Payment
from collector_app.payments.rules import PaymentMethod
from collector_app.portfolio.rules import ClientKind
from collector_app.promises.models import Promise
from collector_app.scoring.queries import HISTORY_DAYS, experience, record_of
from collector_app.visits.rules import Outcome, PersonMet
from routing.scoring import AmountTold, ContactCount, DayPart, PromiseEnd
from tests.factories import make_client, make_user
from tests.visits.factories import make_visit

MEXICO = ZoneInfo("America/Mexico_City")
SANTIAGO = ZoneInfo("America/Santiago")
TUESDAY = date(2026, 3, 10)
MORNING = clock.at_second(TUESDAY, 8 * 3600, MEXICO)


@pytest.fixture
def collector(session):
    return make_user(session)


def at(day: date, hour: int, minute: int = 0, zone: ZoneInfo = MEXICO) -> datetime:
    return clock.at_second(day, hour * 3600 + minute * 60, zone)


def ago(days: int) -> date:
    return TUESDAY - timedelta(days=days)


def visited(session, client, collector, when: datetime, **values):
    told = {"started_at": when, "ended_at": when, "received_at": when, **values}
    return make_visit(session, client, collector, **told)


def missed(session, client, collector, when: datetime):
    values = {"person_met": PersonMet.NOBODY, "outcome": Outcome.NOT_HOME}
    return visited(session, client, collector, when, **values)


def paid(session, client, cents: int, when: datetime, **values) -> Payment:
    payment = Payment(
        **{
            "uuid": str(uuid4()),
            "client_id": client.id,
            "method": PaymentMethod.CASH,
            "amount_cents": cents,
            "received_at": when,
            "recorded_at": when,
            **values,
        }
    )
    session.add(payment)
    session.flush()
    return payment


def promised(session, client, cents: int, made_at: datetime, due_on: date, **values) -> Promise:
    promise = Promise(
        **{
            "uuid": str(uuid4()),
            "client_id": client.id,
            "amount_cents": cents,
            "due_on": due_on,
            "made_at": made_at,
            **values,
        }
    )
    session.add(promise)
    session.flush()
    return promise


def known(session, before: datetime = MORNING, zone: ZoneInfo = MEXICO):
    return experience(session, before, zone)


# -- contacts


@pytest.mark.parametrize(
    ("hour", "minute", "part"),
    [
        (10, 59, DayPart.MORNING),
        (11, 0, DayPart.MIDDAY),
        (13, 59, DayPart.MIDDAY),
        (14, 0, DayPart.AFTERNOON),
        (16, 59, DayPart.AFTERNOON),
        (17, 0, DayPart.EVENING),
        (20, 30, DayPart.EVENING),
    ],
)
def test_attempts_are_counted_by_weekday_and_part_of_the_local_day(
    session, collector, hour, minute, part
):
    client = make_client(session)
    missed(session, client, collector, at(ago(1), hour, minute))

    # The evening of Monday in Mexico is Tuesday in UTC.
    assert known(session).contacts == (ContactCount(client.id, "person", 0, part, 0, 1),)


def test_attempts_come_in_the_order_in_which_they_were_made(session, collector):
    client = make_client(session, kind=ClientKind.FIRM)
    missed(session, client, collector, at(ago(7), 12))
    visited(session, client, collector, at(ago(14), 12, 30))
    visited(session, client, collector, at(ago(14), 9))

    assert known(session).contacts == (
        ContactCount(client.id, "firm", 1, DayPart.MORNING, 1, 1),
        ContactCount(client.id, "firm", 1, DayPart.MIDDAY, 1, 1),
        ContactCount(client.id, "firm", 1, DayPart.MIDDAY, 0, 1),
    )


def test_hours_are_those_of_the_clock_of_their_day_when_clocks_change(session, collector):
    client = make_client(session)
    # Santiago turns its clocks on 5 April 2026, from UTC-3 to UTC-4.
    summer, winter = date(2026, 4, 1), date(2026, 4, 8)
    for day in (summer, winter):
        visited(session, client, collector, at(day, 10, 30, SANTIAGO))

    found = known(session, at(date(2026, 4, 20), 8, zone=SANTIAGO), SANTIAGO).contacts

    assert found == (ContactCount(client.id, "person", 2, DayPart.MORNING, 1, 1),) * 2


def test_money_left_with_a_relative_reaches_the_client(session, collector):
    client = make_client(session)
    values = {"person_met": PersonMet.RELATIVE, "outcome": Outcome.PAID_IN_PART}
    visited(session, client, collector, at(ago(1), 12), **values)

    (count,) = known(session).contacts
    (talk,) = known(session).talks

    assert (count.reached, talk.contacts, talk.paid) == (1, 1, 1)


def test_a_visit_that_was_not_made_teaches_nothing(session, collector):
    client = make_client(session)
    values = {"person_met": PersonMet.NOBODY, "outcome": Outcome.NOT_VISITED}
    visited(session, client, collector, at(ago(1), 12), **values)

    assert known(session).contacts == ()


# -- what came of them


def test_contacts_are_told_with_the_age_of_the_debt_at_the_time(session, collector):
    client = make_client(session, days=100)  # due 100 days before the stopped clock
    today = clock.now()
    visited(session, client, collector, today - timedelta(days=5), outcome=Outcome.PROMISED)
    visited(session, client, collector, today - timedelta(days=40))

    talks = {one.days_past_due: one for one in experience(session, today, MEXICO).talks}

    # 100 days today: in the middle of the last month 85, of the one before 55.
    assert set(talks) == {85, 55}
    assert (talks[85].contacts, talks[85].promised) == (1, 1)
    assert (talks[55].contacts, talks[55].promised) == (1, 0)


def test_who_paid_everything_is_not_forgotten(session, collector):
    client = make_client(session, overdue_cents=0)
    visited(session, client, collector, at(ago(1), 12), outcome=Outcome.PAID_IN_FULL)

    (talk,) = known(session).talks

    assert (talk.client_id, talk.paid) == (client.id, 1)


# -- promises


def test_a_promise_counts_when_its_day_of_grace_is_over(session):
    client = make_client(session)
    promised(session, client, 10_000, at(ago(9), 12), ago(2))
    promised(session, client, 10_000, at(ago(9), 12), ago(1))  # grace until today

    assert [one.kept_share for one in known(session).promises] == [0.0]


def test_kept_partly_kept_and_cancelled_promises(session):
    kept, partly, gone = (make_client(session) for _ in range(3))
    for client, cents in ((kept, 10_000), (partly, 2_500)):
        promised(session, client, 10_000, at(ago(9), 12), ago(5))
        paid(session, client, cents, at(ago(6), 12))
    promised(session, gone, 10_000, at(ago(9), 12), ago(5), cancelled_at=at(ago(7), 12))

    shares = {one.client_id: one.kept_share for one in known(session).promises}

    assert shares == {kept.id: 1.0, partly.id: 0.25}


def test_a_promise_kept_early_waits_for_its_day(session):
    client = make_client(session)
    promised(session, client, 10_000, at(ago(3), 12), TUESDAY + timedelta(days=5))
    paid(session, client, 10_000, at(ago(1), 12))

    assert known(session).promises == ()


# -- amounts


def test_amounts_are_told_beside_what_was_owed_just_before(session, collector):
    client = make_client(session, overdue_cents=100_000)
    visit = visited(session, client, collector, at(ago(5), 12), outcome=Outcome.PAID_IN_PART)
    paid(session, client, 20_000, at(ago(5), 12), visit_id=visit.id)
    paid(session, client, 5_000, at(ago(2), 12))  # by bank, later

    # Owed now 100,000 (nothing was settled in these rows), and 25,000 came in since.
    assert known(session).paid == (AmountTold(client.id, 125_000, 20_000),)


def test_promised_amounts_are_told_beside_the_debt_of_their_day(session):
    client = make_client(session, overdue_cents=100_000)
    promised(session, client, 30_000, at(ago(9), 12), ago(5))
    paid(session, client, 30_000, at(ago(6), 12))

    assert known(session).promised == (AmountTold(client.id, 130_000, 30_000),)


# -- nothing from the future


def test_what_becomes_known_later_changes_nothing(session, collector):
    client = make_client(session)
    visited(session, client, collector, at(ago(20), 12), outcome=Outcome.PROMISED)
    promise = promised(session, client, 10_000, at(ago(20), 12), ago(10))
    visit = visited(session, client, collector, at(ago(5), 12), outcome=Outcome.PAID_IN_PART)
    money = paid(session, client, 4_000, at(ago(5), 12), visit_id=visit.id)
    before = known(session)

    later = MORNING + timedelta(minutes=1)
    visited(session, client, collector, later, outcome=Outcome.PAID_IN_FULL)
    # Made yesterday, but the phone had no signal until today.
    visited(session, client, collector, at(ago(1), 12), received_at=later)
    paid(session, client, 6_000, at(ago(11), 12), recorded_at=later)
    paid(session, client, 9_000, later)
    promised(session, client, 7_000, later, TUESDAY)
    promise.cancelled_at = money.annulled_at = later
    session.flush()

    assert known(session) == before
    assert known(session, later + timedelta(minutes=1)) != before


def test_half_a_year_is_remembered(session, collector):
    client = make_client(session)
    first = MORNING - timedelta(days=HISTORY_DAYS)
    missed(session, client, collector, first)
    missed(session, client, collector, first - timedelta(seconds=1))

    assert known(session).attempt_count == 1


# -- one client, and the cost


def test_the_record_of_a_client_leaves_the_others_out(session, collector):
    client, other = make_client(session), make_client(session)
    missed(session, client, collector, at(ago(3), 12))
    visited(session, client, collector, at(ago(2), 12), outcome=Outcome.PROMISED)
    promised(session, client, 10_000, at(ago(9), 12), ago(5))
    visited(session, other, collector, at(ago(2), 12), outcome=Outcome.PAID_IN_FULL)

    record = record_of(session, client.id, MORNING, MEXICO)

    assert (record.attempts, record.reached, record.paid, record.promised) == (2, 1, 0, 1)
    assert (record.promises_over, record.promises_kept) == (1, 0.0)


def test_the_number_of_statements_does_not_grow(session, collector, statements):
    for _ in range(3):
        missed(session, make_client(session), collector, at(ago(3), 12))
    statements.clear()
    known(session)
    few = len(statements)
    for _ in range(20):
        missed(session, make_client(session), collector, at(ago(3), 12))
    statements.clear()

    known(session)

    assert len(statements) == few <= 8


def test_ends_carry_the_age_of_the_debt_when_due(session):
    client = make_client(session, days=50)
    today = clock.now()
    due_on = today.astimezone(MEXICO).date() - timedelta(days=10)
    promised(session, client, 10_000, today - timedelta(days=15), due_on)

    found = experience(session, today, MEXICO).promises

    assert found == (PromiseEnd(client.id, 40, 0.0),)


def test_each_attempt_knows_the_misses_since_the_last_contact(session, collector):
    client, other = make_client(session), make_client(session)
    days = (9, 8, 7, 6, 5)
    for day in (9, 8, 6):
        missed(session, client, collector, at(ago(day), 9))
    visited(session, client, collector, at(ago(7), 9))
    missed(session, client, collector, at(ago(5), 9))
    missed(session, other, collector, at(ago(9), 9))

    told = {ago(day).weekday(): misses for day, misses in zip(days, (0, 1, 2, 0, 1), strict=True)}
    found = [one for one in known(session).contacts if one.client_id == client.id]
    assert {one.weekday: one.misses for one in found} == told
    assert [one.reached for one in found if one.misses == 2] == [1]


def test_a_promise_knows_how_many_had_been_broken_when_it_was_given(session):
    client = make_client(session)
    promised(session, client, 10_000, at(ago(40), 12), ago(38))
    promised(session, client, 10_000, at(ago(37), 12), ago(30))  # given in the days of grace
    promised(session, client, 10_000, at(ago(20), 12), ago(15))

    assert sorted(one.broken for one in known(session).promises) == [0, 0, 2]
