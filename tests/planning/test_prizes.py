"""What routing is told about a client: read off the history, just inside and just outside."""

from datetime import timedelta

import pytest

from collector_app.payments.queries import NO_DEBT, PromiseRow
from collector_app.planning.prizes import prize_of, visit_facts
from collector_app.promises.rules import PromiseState
from collector_app.visits.queries import AppointmentRow, ContactRow
from collector_app.visits.rules import Outcome, PersonMet
from tests.planning.factories import TUESDAY, candidate_row, day_of, debt, hour


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
