"""The timeline of a client, and when the law lets us visit them."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from collector_app.agreements.services import approve, cancel
from collector_app.client_file.queries import expediente, timeline
from collector_app.client_file.rules import EventKind
from collector_app.complaints.rules import ComplaintData, ComplaintKind, complaint_folio
from collector_app.complaints.services import take_complaint
from collector_app.compliance.client_terms import WishData, end_wish, honour_wish
from collector_app.compliance.models import ContactBan
from collector_app.compliance.services import ban_contact, lift_ban
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.payments.services import record_payment
from collector_app.promises.rules import PromiseFlag, PromiseState
from collector_app.visits.models import Appointment
from tests.agreements.factories import make_agreement
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import make_payment, payment_fact
from tests.promises.factories import make_promise_row
from tests.stages.factories import credit_of, make_pause
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
DAY = timedelta(days=1)


@pytest.fixture
def today(stopped_clock) -> date:
    return clock.today(ZONE)


def test_everything_that_happened_is_told_newest_first(session, today):
    ana, client = make_user(session), make_client(session)
    at = clock.now() - 3 * DAY
    visit = make_visit(session, client, ana, started_at=at, ended_at=at, received_at=at)
    make_promise_row(
        session, client, visit_id=visit.id, made_at=at + timedelta(minutes=1), collector_id=ana.id
    )
    payment = make_payment(session, ana, client)
    payment.received_at = clock.now() - DAY
    payment.annulled_at = clock.now()
    session.add(
        Appointment(
            client_id=client.id,
            starts_at=clock.now() + DAY,
            ends_at=clock.now() + DAY + timedelta(hours=1),
        )
    )
    session.flush()

    kinds = [event.kind for event in timeline(session, client.id, ZONE)]

    assert kinds == [
        EventKind.APPOINTMENT,
        EventKind.PAYMENT_ANNULLED,
        EventKind.PAYMENT,
        EventKind.PROMISE,
        EventKind.VISIT,
    ]


def test_what_happened_to_another_client_is_not_told(session, today):
    ana, client, other = make_user(session), make_client(session), make_client(session)
    make_visit(session, other, ana)
    make_payment(session, ana, other)
    make_promise_row(session, other)

    assert timeline(session, client.id, ZONE) == []


def test_an_answer_whose_words_were_erased_leaves_its_folio_alone(session, today):
    client, boss = make_client(session), actor_of(make_user(session, Role.SUPERVISOR))
    told = ComplaintData(client.id, ComplaintKind.OTHER, "llaman mucho")
    complaint = take_complaint(session, boss, told, zone=ZONE)
    complaint.answered_at = clock.now()
    session.flush()

    texts = {one.kind: one.text for one in expediente(session, client.id, today, ZONE).events}

    assert texts[EventKind.COMPLAINT_ANSWERED] == complaint_folio(complaint.id)


def test_the_zone_and_its_collector_are_told(session, today):
    ana, client = make_user(session, full_name="Ana Mena"), make_client(session)
    zone = make_zone(session, [client], ana, name="Centro")

    file = expediente(session, client.id, today, ZONE)

    assert file.zone.id == zone.id
    assert file.zone.collector_name == "Ana Mena"


def test_a_ban_closes_its_days_only(session, today):
    client = make_client(session)
    session.add(
        ContactBan(
            client_id=client.id,
            reason="Lo pidió por escrito",
            from_on=today + DAY,
            to_on=today + 2 * DAY,
            created_at=clock.now(),
        )
    )
    session.flush()

    file = expediente(session, client.id, today, ZONE)

    banned = [
        one.day
        for one in file.may_visit
        if any(block.sentence == "banned" for block in one.decision.blocks)
    ]
    assert banned == [today + DAY, today + 2 * DAY]


def test_the_weekend_is_closed_under_the_strict_profile(session, today):
    file = expediente(session, make_client(session).id, today, ZONE)

    closed = [one.day.weekday() for one in file.may_visit if not one.decision.allowed]
    assert set(closed) >= {5, 6}


def test_nobody_has_no_file(session, today):
    assert expediente(session, 999, today, ZONE) is None


def test_statements_do_not_grow_with_the_history(session, today, statements):
    ana, client = make_user(session), make_client(session)
    expediente(session, client.id, today, ZONE)
    few = len(statements)
    for n in range(20):
        at = clock.now() - n * DAY
        make_visit(session, client, ana, started_at=at, ended_at=at, received_at=at)
        make_payment(session, ana, client)
        make_promise_row(session, client)
    session.flush()
    statements.clear()

    expediente(session, client.id, today, ZONE)

    assert len(statements) <= few + 1


def test_the_law_of_the_days_ahead_is_asked_for_once(session, today, statements):
    """It takes 7 statements of some 60; day by day it took 42."""
    client = make_client(session)
    statements.clear()

    expediente(session, client.id, today, ZONE)

    assert len(statements) <= 67
    about_law = ("contact_ban", "contact_wish", "rule_override", "compliance_profile_choice")
    for table in about_law:
        assert sum(f"FROM {table}" in one for one in statements) <= 3, table


def test_an_earlier_day_is_told_as_if_all_had_been_known_then(session, today):
    boss = actor_of(make_user(session, Role.SUPERVISOR))
    client = make_client(session, overdue_cents=50_000, days=40)
    credit_of(session, client).invoices[0].balance_at = clock.now() - 35 * DAY
    make_visit(session, client, make_user(session))
    fact = payment_fact(client, amount_cents=20_000, received_at=clock.now() - 10 * DAY)
    record_payment(session, boss, fact, zone=ZONE)
    make_pause(session, client, today - 5 * DAY, today - 4 * DAY)
    session.expire_all()

    owed = {
        n: expediente(session, client.id, today - n * DAY, ZONE, today).debt.balance_cents
        for n in (11, 10, 0)
    }
    before = expediente(session, client.id, today - 11 * DAY, ZONE, today)

    assert owed == {11: 50_000, 10: 30_000, 0: 30_000}
    assert before.debt.days_past_due == 29
    assert before.may_visit == ()
    assert {event.kind for event in before.events} == {EventKind.INVOICE, EventKind.STAGE}
    now = expediente(session, client.id, today, ZONE, today)
    assert {EventKind.VISIT, EventKind.PAYMENT, EventKind.PAUSE, EventKind.RESUMED} <= {
        event.kind for event in now.events
    }


def test_the_line_goes_from_the_invoice_to_the_day_on_which_nothing_is_owed(session, today):
    boss = actor_of(make_user(session, Role.SUPERVISOR))
    client = make_client(session, overdue_cents=50_000, days=3)
    fact = payment_fact(client, amount_cents=50_000)
    record_payment(session, boss, fact, zone=ZONE)
    session.expire_all()

    events = expediente(session, client.id, today, ZONE, today).events

    of_debts = {EventKind.INVOICE, EventKind.STAGE, EventKind.PAYMENT, EventKind.SETTLED}
    told = [one.kind for one in reversed(events) if one.kind in of_debts]
    assert told == [
        EventKind.INVOICE,
        EventKind.STAGE,
        EventKind.STAGE,
        EventKind.PAYMENT,
        EventKind.SETTLED,
    ]


def test_who_granted_and_cancelled_an_agreement_and_what_is_to_be_paid_stand_in_the_line(
    session, today
):
    ana, boss = make_user(session, full_name="Ana"), make_user(session, Role.SUPERVISOR)
    client = make_client(session, overdue_cents=150_000)
    make_zone(session, [client], ana)
    made = make_agreement(session, actor_of(ana), client, discount_basis=1_500)
    approve(session, actor_of(boss), made.id)
    cancel(session, actor_of(boss), made.id, "se mudó", zone=ZONE)
    made.proposed_at -= timedelta(minutes=5)
    made.approved_at -= timedelta(minutes=4)
    session.flush()

    events = expediente(session, client.id, today, ZONE, today).events

    told = [one for one in reversed(events) if one.kind.value.startswith("agreement")]
    assert [(one.kind, one.who) for one in told] == [
        (EventKind.AGREEMENT_PROPOSED, "Ana"),
        (EventKind.AGREEMENT_APPROVED, boss.full_name),
        (EventKind.AGREEMENT_CANCELLED, boss.full_name),
    ]
    assert {one.amount_cents for one in told} == {127_500}


def test_a_promise_is_told_as_it_stood_on_the_day(session, today):
    client = make_client(session)
    promise = make_promise_row(session, client, made_at=clock.now() - 20 * DAY, due_on=today)
    payment = make_payment(session, make_user(session), client, promise.amount_cents)
    payment.received_at = clock.now() - 2 * DAY
    session.flush()

    states = {
        n: [
            one.state
            for one in expediente(session, client.id, today - n * DAY, ZONE, today).promises
        ]
        for n in (25, 5, 1)
    }

    assert states == {25: [], 5: [PromiseState.OPEN], 1: [PromiseState.KEPT]}


@pytest.mark.parametrize(
    ("days_ahead", "cents", "flags"),
    [
        (15, 15_000, ()),
        (15, 150_000, ()),
        (16, 15_000, (PromiseFlag.TOO_FAR_AHEAD,)),
        (15, 14_999, (PromiseFlag.TOO_SMALL,)),
        (15, 150_001, (PromiseFlag.MORE_THAN_DEBT,)),
    ],
)
def test_a_promise_beyond_the_rules_of_the_stage_is_told_as_such(
    session, today, days_ahead, cents, flags
):
    client = make_client(session, overdue_cents=150_000)
    terms = {"due_on": today + days_ahead * DAY, "amount_cents": cents}
    promise = make_promise_row(session, client, **terms)

    assert expediente(session, client.id, today, ZONE).promise_flags == {promise.id: flags}


def test_what_was_paid_of_a_promise_does_not_make_it_more_than_the_debt(session, today):
    client = make_client(session, overdue_cents=150_000)
    terms = {"due_on": today + DAY, "amount_cents": 150_000}
    promise = make_promise_row(session, client, made_at=clock.now() - DAY, **terms)
    pay = payment_fact(client, amount_cents=50_000)
    record_payment(session, actor_of(make_user(session, Role.SUPERVISOR)), pay, zone=ZONE)

    found = expediente(session, client.id, today, ZONE)

    assert (found.debt.balance_cents, found.promises[0].paid_cents) == (100_000, 50_000)
    assert found.promise_flags == {promise.id: ()}


def test_a_ban_that_was_lifted_keeps_the_end_it_had_and_says_who_lifted_it_when_and_why(
    session, today
):
    client, boss = make_client(session), make_user(session, Role.SUPERVISOR)
    ban = ban_contact(session, Actor.system("test"), client.id, "queja", today, today + 9 * DAY)
    session.flush()
    lift_ban(session, actor_of(boss), ban.id, "resuelta", today=today)
    session.flush()

    told = {one.kind: one for one in timeline(session, client.id, ZONE)}

    assert told[EventKind.BAN].until == today + 9 * DAY
    lifted = told[EventKind.BAN_LIFTED]
    assert (lifted.at, lifted.who, lifted.text) == (ban.lifted_at, boss.full_name, "resuelta")


def test_hours_that_a_client_asked_for_are_told_with_who_ended_them_and_why(session, today):
    client, boss = make_client(session), make_user(session, Role.DISPATCHER)
    data = WishData(client.id, "1100000", 15 * 3600, 18 * 3600, "carta")
    asked = honour_wish(session, actor_of(boss), data, today=today)
    session.flush()
    assert EventKind.WISH_ENDED not in {one.kind for one in timeline(session, client.id, ZONE)}

    end_wish(session, actor_of(boss), asked.id, "ya no lo pide", today=today)
    session.flush()

    told = {one.kind: one for one in timeline(session, client.id, ZONE)}
    assert (told[EventKind.WISH].wish, told[EventKind.WISH].until) == (asked, None)
    ended = told[EventKind.WISH_ENDED]
    assert (ended.at, ended.who, ended.text) == (asked.lifted_at, boss.full_name, "ya no lo pide")
