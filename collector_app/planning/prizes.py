"""What routing is told about a client's worth today: the facts and chances of `routing.scoring`.

Chances come from visits once there are enough of them, and from fixed assumptions before. Clients
whose scores a person switched off get what a middling client of the day is worth.
"""

from collections.abc import Mapping
from datetime import timedelta
from statistics import median_low

from collector_app.agreements.queries import Standing
from collector_app.payments.queries import PromiseRow
from collector_app.planning.queries import CandidateRow, DayRows
from collector_app.planning.rules import PlanPolicy
from collector_app.promises.rules import PromiseState
from collector_app.visits.rules import Outcome
from routing.problem import Window
from routing.scoring import (
    Chances,
    Learned,
    Prize,
    PrizeWeights,
    VisitFacts,
    is_explored,
    learn,
    neutral_prize,
    part_weights,
    prize,
    weighed,
)

WEIGHTS = PrizeWeights()
LATE_DAYS = 7  # a promise that ran out longer ago no longer makes a visit urgent
BROKEN_WITHIN_DAYS = 183  # six months, as `VisitFacts` counts them

_UNPAID = (PromiseState.OPEN, PromiseState.PARTIAL, PromiseState.BROKEN)


def prizes_of(
    rows: DayRows, starts: Mapping[int, tuple[Window, ...]], policy: PlanPolicy
) -> dict[int, Prize]:
    """Return what each client who may be visited is worth today.

    Parameters
    ----------
    starts : mapping of client id to windows
        When a visit may start; says whom to look at, and which hours count.
    """
    learned = learn(rows.experience, WEIGHTS)
    candidates = [row for row in rows.candidates if row.client_id in starts]
    scored = {
        row.client_id: prize_of(row, rows, starts[row.client_id], learned)
        for row in candidates
        if row.client_id not in rows.unscored
    }
    middle = median_low([one.total for one in scored.values()] or [policy.neutral_prize_cents])
    neutral = neutral_prize(middle)
    return {row.client_id: scored.get(row.client_id, neutral) for row in candidates}


def prize_of(
    row: CandidateRow,
    rows: DayRows,
    starts: tuple[Window, ...] = (),
    learned: Learned | None = None,
) -> Prize:
    """Return what visiting a client today is worth, with its parts.

    The treatment of their segment weighs it last: law and wishes were met before, whatever it says.
    """
    facts = visit_facts(row, rows)
    chances = chances_of(row, rows, facts, starts, learned) if learned else None
    explored = chances is not None and is_explored(rows.day, row.client_id)
    worth = prize(facts, WEIGHTS, chances, explored=explored)
    return weighed(worth, row.applied.treatment.visit_percent) if row.applied else worth


def chances_of(
    row: CandidateRow,
    rows: DayRows,
    facts: VisitFacts,
    starts: tuple[Window, ...],
    learned: Learned,
) -> Chances:
    """Return what visits taught about a client on this day, over the hours that are open."""
    return learned.chances(
        row.client_id,
        kind=row.kind.value,
        days_past_due=facts.days_past_due,
        owed_cents=facts.overdue_cents,
        weekday=rows.day.weekday(),
        hours=part_weights(tuple((one.start_s, one.end_s) for one in starts)),
        misses=facts.attempts_without_contact,
        broken=facts.broken_promises,
    )


def visit_facts(row: CandidateRow, rows: DayRows) -> VisitFacts:
    """Return the facts that decide about the worth of a visit.

    What was promised or agreed for today counts as due although its invoice may not be yet.
    """
    promised_cents, days_late = _promised(row, rows)
    days, attempts = _since_contact(row, rows)
    return VisitFacts(
        overdue_cents=max(row.debt.overdue_cents, promised_cents),
        days_past_due=row.debt.days_past_due,
        days_since_contact=days,
        attempts_without_contact=attempts,
        broken_promises=_broken_count(row, rows),
        promise_due_cents=promised_cents,
        promise_days_late=days_late,
        has_appointment=bool(row.appointments),
    )


def promise_due(row: CandidateRow, rows: DayRows) -> PromiseRow | None:
    """Return the unpaid promise of today, or the last one that ran out in the past days."""
    first = rows.day - timedelta(days=LATE_DAYS)
    due = [one for one in row.promises if one.state in _UNPAID and first <= one.due_on <= rows.day]
    return max(due, key=lambda one: (one.due_on, one.id), default=None)


def instalment_due(row: CandidateRow, rows: DayRows) -> Standing | None:
    """Return the agreement whose payment is due today, or was missed in the past days."""
    one = row.agreement
    first = rows.day - timedelta(days=LATE_DAYS)
    return one if one is not None and first <= one.due_on <= rows.day else None


def left_cents(promise: PromiseRow) -> int:
    """Return what is still missing of a promise."""
    return max(0, promise.amount_cents - promise.paid_cents)


def _promised(row: CandidateRow, rows: DayRows) -> tuple[int, int]:
    """Return what was promised or agreed for today or the past days, and how late it is.

    An instalment is a promise on paper; of both the larger counts, as one payment may serve both.
    """
    promise, instalment = promise_due(row, rows), instalment_due(row, rows)
    due = [(left_cents(promise), promise.due_on)] if promise else []
    if instalment:
        due.append((instalment.amount_cents, instalment.due_on))
    cents, due_on = max(due, default=(0, rows.day))
    return cents, (rows.day - due_on).days


def _since_contact(row: CandidateRow, rows: DayRows) -> tuple[int | None, int]:
    """Return the days since the last contact, None without any, and the attempts since then."""
    attempts = 0
    for one in reversed(row.contacts):
        if one.is_contact:
            days = (rows.day - one.at.astimezone(rows.zone).date()).days
            return max(0, days), attempts
        attempts += one.outcome is not Outcome.NOT_VISITED
    return None, attempts


def _broken_count(row: CandidateRow, rows: DayRows) -> int:
    first = rows.day - timedelta(days=BROKEN_WITHIN_DAYS)
    return sum(
        one.state is PromiseState.BROKEN and first <= one.due_on < rows.day for one in row.promises
    )
