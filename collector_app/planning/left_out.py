"""Who is left out of a day before any route is searched, and why: from the law to the clock."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from collector_app.agreements.queries import Standing
from collector_app.compliance.rules import Decision
from collector_app.payments.queries import PromiseRow
from collector_app.planning.prizes import instalment_due, promise_due
from collector_app.planning.queries import CandidateRow, DayRows
from collector_app.planning.rules import SkipCause
from collector_app.stages.promise_limits import waited_for
from collector_app.strategy.rules import lacks_notice, rests_until

# Rules about what was done to the client; the others are about the day itself.
_CONTACT_SENTENCES = ("cap_", "quiet", "one_channel", "pressure")


def left_out(
    row: CandidateRow, rows: DayRows, decision: Decision, working: Collection[int]
) -> tuple[SkipCause, dict[str, Any]] | None:
    """Return why a client can't be a candidate, the first cause from the law to the clock."""
    later, agreed = promise_to_wait_for(row, rows), agreement_to_wait_for(row, rows)
    rested = cadence_to_wait_for(row, rows)
    causes: Iterable[tuple[bool, SkipCause, dict[str, Any]]] = (
        (not has_cause(row, rows), SkipCause.NOTHING_OVERDUE, {}),
        (row.ban is not None, SkipCause.BANNED, block_facts(decision)),
        (not decision.allowed, _cause_of(decision), block_facts(decision)),
        (_is_contradicted(row), SkipCause.SETTLED, _letter_facts(row)),
        (later is not None, SkipCause.PROMISE_NOT_DUE, _promise_facts(later)),
        (agreed is not None, SkipCause.AGREEMENT_NOT_DUE, agreement_facts(agreed)),
        (_has_no_visits(row), SkipCause.NO_VISITS, _segment_facts(row)),
        (rested is not None, SkipCause.CADENCE, _segment_facts(row, rested)),
        (_lacks_notice(row, rows), SkipCause.NOTICE_FIRST, _notice_facts(row)),
        (row.lat is None or row.lon is None, SkipCause.NO_LOCATION, {}),
        (row.zone_id is None, SkipCause.NO_ZONE, {}),
        (row.collector_id not in working, SkipCause.NO_COLLECTOR, _absence_facts(row, rows)),
    )
    return next(((cause, facts) for holds, cause, facts in causes if holds), None)


def has_cause(row: CandidateRow, rows: DayRows) -> bool:
    """Tell whether anything speaks for a visit: arrears, an appointment, a promise that is due."""
    return (
        row.debt.overdue_cents > 0
        or bool(row.appointments)
        or promise_due(row, rows) is not None
        or instalment_due(row, rows) is not None
    )


def promise_to_wait_for(row: CandidateRow, rows: DayRows) -> PromiseRow | None:
    """Return the open promise of a later day that lets a client rest, unless they expect us."""
    if row.appointments:
        return None
    return waited_for(row.promises, row.stage, rows.day, rows.zone)


def agreement_to_wait_for(row: CandidateRow, rows: DayRows) -> Standing | None:
    """Return the agreement that a client keeps to and whose next payment is of a later day.

    Who expects us, or broke a promise beside it, is visited all the same.
    """
    one = row.agreement
    if one is None or row.appointments or promise_due(row, rows) is not None:
        return None
    return one if not one.is_broken and one.due_on > rows.day else None


def cadence_to_wait_for(row: CandidateRow, rows: DayRows) -> date | None:
    """Return the first day on which the treatment of a client's segment lets us come, if later.

    Who expects us is visited all the same, and so is whose promise or instalment is due: they
    named the day.
    """
    if row.applied is None or _is_expected(row, rows):
        return None
    history = row.contact_facts(rows.zone).history
    return rests_until(row.applied.treatment, history, rows.day, rows.zone)


def _is_expected(row: CandidateRow, rows: DayRows) -> bool:
    """Tell whether the client named the day: an appointment, a promise or an instalment."""
    return (
        bool(row.appointments)
        or promise_due(row, rows) is not None
        or instalment_due(row, rows) is not None
    )


def _lacks_notice(row: CandidateRow, rows: DayRows) -> bool:
    """Tell whether a message has to go first, as the treatment of the client's segment wants it."""
    if row.applied is None or _is_expected(row, rows):
        return False
    history = row.contact_facts(rows.zone).history
    return lacks_notice(row.applied.treatment, history, rows.day, rows.zone)


def _notice_facts(row: CandidateRow) -> dict[str, Any]:
    days = row.applied.treatment.notice_days if row.applied else 0
    return _segment_facts(row) | {"notice_days": days}


def _is_contradicted(row: CandidateRow) -> bool:
    """Tell whether a carta finiquito speaks against collecting; an appointment is kept."""
    return row.after_letter is not None and not row.appointments


def _letter_facts(row: CandidateRow) -> dict[str, Any]:
    one = row.after_letter
    if one is None:
        return {}
    return {"issued_on": one.issued_on.isoformat(), "owed_cents": one.owed_cents}


def _has_no_visits(row: CandidateRow) -> bool:
    """Tell whether a client's segment is not visited; an appointment is kept all the same."""
    return row.applied is not None and not row.applied.treatment.has_visits and not row.appointments


def _cause_of(decision: Decision) -> SkipCause:
    """Tell the day's own law apart from what was done to the client before."""
    is_about_contact = [one.sentence.startswith(_CONTACT_SENTENCES) for one in decision.blocks]
    return SkipCause.CONTACT_CAP if all(is_about_contact) else SkipCause.NO_LEGAL_WINDOW


def block_facts(decision: Decision) -> dict[str, Any]:
    """Return the rules that forbid a visit as they are stored with its cause."""
    return {"blocks": [asdict(block) for block in decision.blocks]} if decision.blocks else {}


def _absence_facts(row: CandidateRow, rows: DayRows) -> dict[str, Any]:
    kind = rows.absent.get(row.collector_id or 0)
    return {} if kind is None else {"absence": kind.value}


def _promise_facts(promise: PromiseRow | None) -> dict[str, Any]:
    if promise is None:
        return {}
    return {"due_on": promise.due_on.isoformat(), "amount_cents": promise.amount_cents}


def agreement_facts(agreed: Standing | None) -> dict[str, Any]:
    """Return when the next payment of an agreement is due, and how much it is."""
    if agreed is None:
        return {}
    return {"due_on": agreed.due_on.isoformat(), "amount_cents": agreed.amount_cents}


def _segment_facts(row: CandidateRow, rested: date | None = None) -> dict[str, Any]:
    facts: dict[str, Any] = {"segment": row.applied.segment} if row.applied else {}
    return facts if rested is None else facts | {"from_on": rested.isoformat()}
