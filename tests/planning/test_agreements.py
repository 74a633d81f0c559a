"""Agreements in the plan: who keeps one is left alone, a payment that is due brings a visit."""

from datetime import timedelta

import pytest

from collector_app.agreements.queries import Standing, standings
from collector_app.agreements.services import propose, sign
from collector_app.core import clock
from collector_app.payments.models import Payment
from collector_app.payments.queries import NO_DEBT, PromiseRow
from collector_app.payments.rules import PaymentMethod
from collector_app.payments.services import record_payment
from collector_app.planning.prizes import prize_of
from collector_app.planning.problem_builder import build_day
from collector_app.planning.queries import day_rows
from collector_app.planning.reasons import reason_sentences, skip_sentences
from collector_app.planning.rules import PlanPolicy, SkipCause
from collector_app.portfolio.rules import Stage
from collector_app.promises.rules import PromiseState
from collector_app.visits.queries import AppointmentRow
from tests.agreements.factories import content, make_agreement, terms
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import make_invoice, payment_fact
from tests.planning.factories import TUESDAY, ZONE, candidate_row, day_of, hour
from tests.promises.factories import make_promise_row
from tests.zones.factories import make_zone

POLICY = PlanPolicy()


@pytest.fixture
def words(app):
    with app.test_request_context():
        yield


def agreed(days: int, *, broken: bool = False) -> Standing:
    """An agreement whose first open payment is due that many days from Tuesday."""
    return Standing(
        agreement_id=1,
        is_broken=broken,
        due_on=TUESDAY + timedelta(days=days),
        amount_cents=30_000,
    )


def planned(**values):
    """The built day, and the codes of the reasons of its one candidate, if there is one."""
    return build_day(day_of(candidate_row(**values)), POLICY)


def codes(built) -> list[str]:
    return [one["code"] for one in built.reasons.get(1, ())]


def test_who_keeps_an_agreement_is_left_alone_until_the_day_of_the_payment(words):
    [skipped] = planned(agreement=agreed(1)).skipped

    assert skipped.cause is SkipCause.AGREEMENT_NOT_DUE
    assert skip_sentences(skipped.cause, skipped.facts) == [
        "Cumple su convenio; el próximo pago de $300.00 vence el miércoles 11"
    ]


@pytest.mark.parametrize(
    ("days", "broken", "code"),
    [(0, False, "instalment_due"), (-1, False, "instalment_due"), (-2, True, "agreement_broken")],
)
def test_a_payment_that_is_due_or_missed_brings_a_visit_with_its_reason(days, broken, code):
    assert codes(planned(agreement=agreed(days, broken=broken)))[0] == code


def test_a_client_who_expects_us_is_visited_although_the_agreement_is_kept():
    appointment = AppointmentRow(1, 1, None, hour(TUESDAY, 10), hour(TUESDAY, 11))

    assert planned(agreement=agreed(9), appointments=(appointment,)).skipped == ()


@pytest.mark.parametrize("days", [0, -1, -7])
def test_a_due_or_broken_agreement_is_worth_more_than_the_debt_alone(days):
    row = candidate_row()
    with_it = candidate_row(agreement=agreed(days, broken=days < -1))
    rows = day_of(row)

    assert prize_of(with_it, rows).total > prize_of(row, rows).total


def test_an_agreement_that_was_broken_more_than_a_week_ago_makes_nothing_urgent():
    row, with_it = candidate_row(), candidate_row(agreement=agreed(-8, broken=True))
    rows = day_of(row)

    assert prize_of(with_it, rows).total == prize_of(row, rows).total


def test_a_promise_broken_yesterday_comes_back_with_higher_urgency():
    broken = PromiseRow(
        1, 50_000, TUESDAY - timedelta(days=2), 0, PromiseState.BROKEN, hour(TUESDAY, 8)
    )
    row, with_it = candidate_row(), candidate_row(promises=(broken,))
    rows = day_of(row)

    assert prize_of(with_it, rows).total > prize_of(row, rows).total


def test_the_reason_says_what_is_missing_in_words(words):
    built = planned(agreement=agreed(-3, broken=True))

    assert "Incumplió su convenio: faltan $300.00 del 7 de marzo" in reason_sentences(
        built.reasons[1]
    )


def test_standings_follow_the_money(session):
    collector = make_user(session)
    client = make_client(session)
    make_zone(session, [client], collector)
    # 150 down on Tuesday, then four payments of 300 every 15 days.
    made = make_agreement(session, actor_of(collector), client)
    assert standings(session, TUESDAY, ZONE) == {}  # nobody signed it yet

    sign(session, actor_of(collector), made.id, "Ana", b"\x89PNG\r\n\x1a\n")
    session.flush()
    down = standings(session, TUESDAY, ZONE)[client.id]
    assert (down.due_on, down.amount_cents, down.is_broken) == (TUESDAY, 15_000, False)
    assert standings(session, TUESDAY + timedelta(days=1), ZONE)[client.id].is_broken is False
    assert standings(session, TUESDAY + timedelta(days=2), ZONE)[client.id].is_broken is True

    session.add(
        Payment(
            uuid="p",
            client_id=client.id,
            method=PaymentMethod.CASH,
            amount_cents=20_000,
            received_at=hour(TUESDAY, 12),
            recorded_at=hour(TUESDAY, 12),
        )
    )
    session.flush()
    rest = standings(session, TUESDAY + timedelta(days=2), ZONE)[client.id]
    assert (rest.due_on, rest.amount_cents) == (TUESDAY + timedelta(days=15), 25_000)
    assert rest.is_broken is False


@pytest.mark.parametrize(("settles", "owed_cents"), [(True, 0), (False, 15_000)])
def test_what_a_kept_agreement_forgave_brings_nobody_to_the_door(session, settles, owed_cents):
    actor, client = settled_client(session, settles)

    with clock.frozen(clock.now() + timedelta(hours=1)):
        pay(session, actor, client, 120_000)
        assert debt_in_plan(session, client).overdue_cents == 30_000  # not kept yet
        pay(session, actor, client, 15_000)

    assert debt_in_plan(session, client).overdue_cents == owed_cents


@pytest.mark.parametrize(("due_after_days", "owed_cents"), [(0, 0), (1, 50_000)])
def test_what_comes_due_after_the_signature_is_owed_in_full(session, due_after_days, owed_cents):
    actor, client = settled_client(session, settles=True)
    make_invoice(session, client, 50_000, today() + timedelta(days=due_after_days))
    with clock.frozen(clock.now() + timedelta(hours=1)):
        pay(session, actor, client, 135_000)

    assert debt_in_plan(session, client).balance_cents == owed_cents


def settled_client(session, settles: bool):
    """A client who owes 1,500 pesos and signed to pay 1,350 of them."""
    collector = make_user(session)
    client = make_client(session, overdue_cents=150_000)
    make_zone(session, [client], collector)
    actor = actor_of(collector)
    paper = content(settles_debt=settles)
    made = propose(session, actor, client.id, terms(), paper, today=today(), zone=ZONE)
    sign(session, actor, made.id, "Ana", b"\x89PNG\r\n\x1a\n")
    session.flush()
    return actor, client


def test_a_plan_asks_for_the_stage_of_whoever_promised_a_later_day(session):
    """Else a promise in court would keep a collector away as long as one before any arrears."""
    early, judicial = make_client(session, days=5), make_client(session, days=300)
    for client in (early, judicial):
        make_promise_row(session, client, due_on=today() + timedelta(days=3))

    rows = day_rows(session, today(), ZONE, POLICY).candidates

    assert {one.client_id: one.stage for one in rows} == {
        early.id: Stage.EARLY,
        judicial.id: Stage.JUDICIAL,
    }


def pay(session, actor, client, cents: int) -> None:
    record_payment(session, actor, payment_fact(client, amount_cents=cents), zone=ZONE)
    session.flush()


def debt_in_plan(session, client):
    rows = day_rows(session, today(), ZONE, POLICY)
    found = next((one for one in rows.candidates if one.client_id == client.id), None)
    return found.debt if found else NO_DEBT


def today():
    return clock.now().astimezone(ZONE).date()
