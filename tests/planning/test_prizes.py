"""What routing is told about a client: read off the history, just inside and just outside."""

from datetime import UTC, datetime, timedelta

import pytest

from collector_app.payments.queries import NO_DEBT, PromiseRow
from collector_app.planning.prizes import prize_of, prizes_of, visit_facts
from collector_app.planning.problem_builder import build_day
from collector_app.planning.rules import PlanPolicy, SkipCause
from collector_app.promises.rules import PromiseState
from collector_app.scoring.queries import DecisionRow
from collector_app.strategy.queries import AppliedTreatment
from collector_app.visits.queries import AppointmentRow, ContactRow
from collector_app.visits.rules import Outcome, PersonMet
from routing.problem import Window
from routing.scoring import (
    MIN_ATTEMPTS,
    ContactCount,
    DayPart,
    Experience,
    PrizeCode,
    Source,
    at_hour,
)
from tests.planning.factories import TUESDAY, candidate_row, day_of, debt, hour
from tests.strategy.factories import treatment

DECISION = DecisionRow(1, False, "Lo pidió", "Delia", datetime(2026, 3, 1, tzinfo=UTC))


def ago(days: int):
    return TUESDAY - timedelta(days=days)


def visit(days_ago: int, outcome: Outcome, *, met: bool) -> ContactRow:
    person = PersonMet.HOLDER if met else PersonMet.NOBODY
    return ContactRow(hour(ago(days_ago), 12), outcome, person, met)


def promise(due_days_ago: int, state: PromiseState, paid: int = 0, number: int = 1) -> PromiseRow:
    return PromiseRow(number, 50_000, ago(due_days_ago), paid, state, hour(ago(30), 12))


def facts_of(**values):
    row = candidate_row(**values)
    return visit_facts(row, day_of(row))


def test_a_debt_alone_is_told_by_amount_and_age():
    facts = facts_of(debt=debt(200_000, 40))

    assert (facts.overdue_cents, facts.days_past_due) == (200_000, 40)
    assert facts.days_since_contact is None
    assert not facts.has_appointment


def test_attempts_are_counted_since_the_last_contact():
    contacts = (
        visit(20, Outcome.NOT_HOME, met=False),
        visit(15, Outcome.REFUSED, met=True),
        visit(8, Outcome.NOT_HOME, met=False),
        visit(6, Outcome.NOT_VISITED, met=False),
        visit(4, Outcome.NOT_HOME, met=False),
    )

    facts = facts_of(contacts=contacts)

    assert (facts.days_since_contact, facts.attempts_without_contact) == (15, 2)


def test_a_promise_of_today_is_told_by_what_is_missing():
    facts = facts_of(promises=(promise(0, PromiseState.OPEN, paid=20_000),))

    assert (facts.promise_due_cents, facts.promise_days_late) == (30_000, 0)


@pytest.mark.parametrize(("days_ago", "is_told"), [(7, True), (8, False)])
def test_a_promise_counts_as_due_for_a_week(days_ago, is_told):
    facts = facts_of(promises=(promise(days_ago, PromiseState.BROKEN),))

    assert (facts.promise_due_cents > 0) == is_told


@pytest.mark.parametrize("state", [PromiseState.KEPT, PromiseState.CANCELLED])
def test_a_kept_or_cancelled_promise_is_not_due(state):
    assert facts_of(promises=(promise(0, state),)).promise_due_cents == 0


@pytest.mark.parametrize(("days_ago", "count"), [(183, 1), (184, 0)])
def test_broken_promises_are_remembered_for_half_a_year(days_ago, count):
    assert facts_of(promises=(promise(days_ago, PromiseState.BROKEN),)).broken_promises == count


def test_what_was_promised_for_today_is_due_although_its_invoice_is_not():
    row = candidate_row(debt=NO_DEBT, promises=(promise(0, PromiseState.OPEN),))

    assert visit_facts(row, day_of(row)).overdue_cents == 50_000
    assert prize_of(row, day_of(row)).total > 0


def test_an_appointment_is_told():
    slot = AppointmentRow(1, 1, None, hour(TUESDAY, 10), hour(TUESDAY, 11))

    assert facts_of(appointments=(slot,)).has_appointment


# -- learned chances, exploration, and scores that are off


def taught(*counts: ContactCount, filler: int = 400) -> Experience:
    """Enough attempts on strangers, half of them met, beside those given."""
    strangers = tuple(
        ContactCount(10_000 + n, "person", n % 6, DayPart.MIDDAY, n % 2, 1) for n in range(filler)
    )
    return Experience(contacts=(*strangers, *counts))


def prizes(*rows, **values):
    open_hours = (Window(9 * 3600, 16 * 3600),)
    starts = {row.client_id: open_hours for row in rows}
    return prizes_of(day_of(*rows, **values), starts, PlanPolicy())


def test_with_few_visits_the_fixed_weights_decide():
    row = candidate_row()
    few = taught(filler=MIN_ATTEMPTS - 1)

    found = prizes(row, experience=few)[1]

    assert found == prize_of(row, day_of(row))
    assert found.chances.contact.source is Source.ASSUMPTION


def test_with_enough_visits_who_is_met_more_often_is_worth_more():
    met, missed = candidate_row(1), candidate_row(2)
    known = taught(
        ContactCount(1, "person", 1, DayPart.MIDDAY, 8, 8),
        ContactCount(2, "person", 1, DayPart.MIDDAY, 0, 8),
        filler=MIN_ATTEMPTS - 16,
    )

    found = prizes(met, missed, experience=known)

    assert found[1].chances.contact.source is Source.CLIENT
    assert found[1].chances.contact.share > 0.6
    assert found[2].chances.contact.share < 0.3
    assert found[1].expected_cents > 1.5 * found[2].expected_cents


def test_the_same_day_gives_the_same_prizes_whoever_else_is_in_it():
    rows = [candidate_row(n) for n in range(1, 60)]

    together = prizes(*rows, experience=taught())
    alone = prizes(rows[6], experience=taught())

    assert alone[7] == together[7]


def test_some_clients_are_explored_and_over_days_others():
    rows = [candidate_row(n) for n in range(1, 1000)]

    def explored(day) -> set[int]:
        found = prizes(*rows, experience=taught(), day=day)
        return {client for client, one in found.items() if one.is_explored}

    first, second = explored(TUESDAY), explored(TUESDAY + timedelta(days=1))

    assert 11 <= len(first) <= 29  # 2 % of 999 are 20, give or take two standard deviations
    assert first != second


def test_whose_score_is_off_gets_the_median_of_the_others():
    rows = [
        candidate_row(n, debt=debt(cents)) for n, cents in enumerate((10_000, 90_000, 50_000), 1)
    ]
    off = candidate_row(4, debt=debt(9_000_000))

    found = prizes(*rows, off, unscored={4: DECISION})

    assert found[4].total == sorted(found[n].total for n in (1, 2, 3))[1]
    assert found[4].chances is None
    assert found[4].expected_cents == 0


def test_two_clients_whose_scores_are_off_are_worth_the_same_whatever_is_known_of_them():
    scored = candidate_row(1)
    good, bad = candidate_row(2, debt=debt(900_000, 5)), candidate_row(3, debt=debt(1_000, 900))

    found = prizes(scored, good, bad, unscored={2: DECISION, 3: DECISION})

    assert found[2] == found[3]


def test_without_any_scored_client_the_house_says_what_a_visit_is_worth():
    found = prizes(candidate_row(1), unscored={1: DECISION})

    assert found[1].total == PlanPolicy().neutral_prize_cents


def test_only_the_hours_that_are_open_count():
    row = candidate_row(1)
    known = taught(
        ContactCount(1, "person", 1, DayPart.MORNING, 0, 12),
        ContactCount(1, "person", 1, DayPart.EVENING, 12, 12),
    )
    day = day_of(row, experience=known)

    early = prizes_of(day, {1: (Window(8 * 3600, 10 * 3600),)}, PlanPolicy())[1]
    late = prizes_of(day, {1: (Window(18 * 3600, 20 * 3600),)}, PlanPolicy())[1]

    assert late.expected_cents > 1.3 * early.expected_cents


# -- the treatment of a segment


def treated(percent: int, **values):
    applied = AppliedTreatment("Grandes", treatment(visit_percent=percent))
    return candidate_row(applied=applied, **values)


@pytest.mark.parametrize("percent", [10, 99, 100, 101, 300])
def test_a_treatment_weighs_a_visit_and_leaves_the_money_that_is_expected(percent):
    plain, weighed = candidate_row(), treated(percent)

    before, after = prize_of(plain, day_of(plain)), prize_of(weighed, day_of(weighed))

    assert after.total == before.total * percent // 100
    assert after.expected_cents == before.expected_cents
    assert sum(part.cents for part in after.parts) == after.total


def test_the_weight_holds_at_every_hour_and_is_told():
    row = treated(50)
    rows = day_of(row, experience=taught())
    built = build_day(rows, PlanPolicy())

    worth = built.prizes[1]

    for hour_s in (9 * 3600, 12 * 3600, 16 * 3600):
        at = at_hour(worth, hour_s)
        money = sum(part.cents for part in at.parts if part.code is not PrizeCode.WEIGHING)
        assert at.total == pytest.approx(money / 2, abs=3)
    assert {"code": "treatment", "segment": "Grandes", "percent": 50} in built.reasons[1]


def test_a_weight_opens_no_door_that_the_law_closes():
    sunday = TUESDAY + timedelta(days=5)
    row = treated(300)

    built = build_day(day_of(row, candidate_row(2), day=sunday), PlanPolicy())

    assert {one.cause for one in built.skipped} == {SkipCause.NO_LEGAL_WINDOW}
    assert built.problem.candidates == ()
