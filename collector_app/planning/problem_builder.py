"""The only translator from the business to routing: rows of a day in, a problem out.

    overdue? -> the law? -> no later promise? -> a place? -> a zone? -> a collector? -> candidate

Whoever falls out on the way is told with the cause and its figures. Pure: no database, no clock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from collector_app.compliance.rules import Decision, HourWindow, decide, meet
from collector_app.core import clock
from collector_app.payments.queries import PromiseRow
from collector_app.planning.prizes import left_cents, prize_of, promise_due
from collector_app.planning.queries import CandidateRow, DayRows, WorkdayRow
from collector_app.planning.rules import (
    NoDebts,
    NoWorkdays,
    NoZones,
    PlanPolicy,
    ReasonCode,
    SkipCause,
)
from collector_app.portfolio.rules import ClientKind
from collector_app.promises.rules import PromiseState
from routing.geo import Point
from routing.problem import DAY_S, Candidate, Problem, Shift, Window
from routing.scoring import Prize, PrizeCode
from routing.travel.times import Profile

SILENT_DAYS = 14  # without a contact for that long, the silence is told as a reason

# Rules about what was done to the client; the others are about the day itself.
_CONTACT_SENTENCES = ("cap_", "quiet")


@dataclass(frozen=True, slots=True)
class PreSkipped:
    """A client who is left out before any route is searched."""

    client_id: int
    collector_id: int | None
    cause: SkipCause
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BuiltDay:
    """A problem, those left out before it, and what to say of each candidate.

    ``reasons`` holds codes with facts by client; those that depend on the route come later.
    """

    rows: DayRows
    problem: Problem
    skipped: tuple[PreSkipped, ...]
    reasons: Mapping[int, list[dict[str, Any]]]


def build_day(rows: DayRows, policy: PlanPolicy) -> BuiltDay:
    """Translate the rows of a day.

    Raises
    ------
    NoWorkdays, NoZones, NoDebts
        If there is nothing to plan at all; the class says what is missing.
    """
    _check_something_to_plan(rows)
    workdays = {one.collector_id: one for one in rows.workdays}
    skipped, candidates, reasons = [], [], {}
    for row in rows.candidates:
        worth = prize_of(row, rows)
        made = _candidate(row, rows, workdays, policy, worth.total)
        if isinstance(made, PreSkipped):
            skipped.append(made)
        else:
            candidates.append(made)
            reasons[row.client_id] = reasons_before_routing(row, rows, worth, policy)
    problem = Problem(
        shifts=tuple(_shift(one) for one in rows.workdays),
        candidates=tuple(candidates),
        travel_cost_per_hour=policy.travel_cost_cents_per_hour,
    )
    return BuiltDay(rows, problem, tuple(skipped), reasons)


def shift_id(collector_id: int) -> str:
    """Return the name of a collector's shift in the problem."""
    return str(collector_id)


def candidate_id(client_id: int) -> str:
    """Return the name of a client in the problem."""
    return str(client_id)


def _check_something_to_plan(rows: DayRows) -> None:
    day = rows.day.isoformat()
    if not rows.workdays:
        raise NoWorkdays(day=day)
    if not any(_has_cause(row, rows) for row in rows.candidates):
        raise NoDebts(day=day)
    if not any(row.collector_id is not None for row in rows.candidates):
        raise NoZones(day=day)


def _candidate(
    row: CandidateRow,
    rows: DayRows,
    workdays: Mapping[int, WorkdayRow],
    policy: PlanPolicy,
    prize_cents: int,
) -> Candidate | PreSkipped:
    decision = decide(rows.profile, row.contact_facts(rows.zone), rows.day)
    out = _left_out(row, rows, decision, workdays)
    if out is not None:
        return PreSkipped(row.client_id, row.collector_id, *out)
    assert row.lat is not None  # noqa: S101 - `_left_out` saw to the three of them
    assert row.lon is not None  # noqa: S101
    assert row.collector_id is not None  # noqa: S101
    service_s = _service_s(row, policy)
    windows = visit_starts(decision.windows, appointment_windows(row, rows), service_s)
    if not windows:
        facts = _appointment_facts(row, rows) or _block_facts(decision)
        return PreSkipped(row.client_id, row.collector_id, SkipCause.NO_LEGAL_WINDOW, facts)
    return Candidate(
        id=candidate_id(row.client_id),
        point=Point(row.lat, row.lon),
        service_s=service_s,
        prize=prize_cents,
        windows=windows,
        required=bool(row.appointments),
        shifts=frozenset({shift_id(row.collector_id)}),
    )


def _left_out(
    row: CandidateRow, rows: DayRows, decision: Decision, workdays: Mapping[int, WorkdayRow]
) -> tuple[SkipCause, dict[str, Any]] | None:
    """Return why a client can't be a candidate, the first cause from the law to the clock."""
    later = promise_to_wait_for(row, rows)
    causes: Iterable[tuple[bool, SkipCause, dict[str, Any]]] = (
        (not _has_cause(row, rows), SkipCause.NOTHING_OVERDUE, {}),
        (row.ban is not None, SkipCause.BANNED, _block_facts(decision)),
        (not decision.allowed, _cause_of(decision), _block_facts(decision)),
        (later is not None, SkipCause.PROMISE_NOT_DUE, _promise_facts(later)),
        (row.lat is None or row.lon is None, SkipCause.NO_LOCATION, {}),
        (row.zone_id is None, SkipCause.NO_ZONE, {}),
        (row.collector_id not in workdays, SkipCause.NO_COLLECTOR, {}),
    )
    return next(((cause, facts) for holds, cause, facts in causes if holds), None)


def _has_cause(row: CandidateRow, rows: DayRows) -> bool:
    """Tell whether anything speaks for a visit: arrears, an appointment, a promise that is due."""
    return (
        row.debt.overdue_cents > 0 or bool(row.appointments) or promise_due(row, rows) is not None
    )


def _cause_of(decision: Decision) -> SkipCause:
    """Tell the day's own law apart from what was done to the client before."""
    is_about_contact = [one.sentence.startswith(_CONTACT_SENTENCES) for one in decision.blocks]
    return SkipCause.CONTACT_CAP if all(is_about_contact) else SkipCause.NO_LEGAL_WINDOW


def _block_facts(decision: Decision) -> dict[str, Any]:
    return {"blocks": [asdict(block) for block in decision.blocks]} if decision.blocks else {}


def promise_to_wait_for(row: CandidateRow, rows: DayRows) -> PromiseRow | None:
    """Return the open promise of a later day that lets a client rest, unless they expect us."""
    if row.appointments:
        return None
    later = [
        one for one in row.promises if one.state is PromiseState.OPEN and one.due_on > rows.day
    ]
    return min(later, key=lambda one: one.due_on, default=None)


def _promise_facts(promise: PromiseRow | None) -> dict[str, Any]:
    if promise is None:
        return {}
    return {"due_on": promise.due_on.isoformat(), "amount_cents": promise.amount_cents}


def visit_starts(
    legal: Iterable[HourWindow], agreed: tuple[HourWindow, ...], service_s: int
) -> tuple[Window, ...]:
    """Return when a visit may start: it has to end, too, within the legal hours.

    Parameters
    ----------
    legal : windows of the day, both ends inclusive
        What the law leaves open for this client.
    agreed : windows of appointments
        The visit has to start in one of them; none means any time.
    """
    starts: tuple[HourWindow, ...] = tuple(
        HourWindow(one.start_s, one.end_s - service_s)
        for one in legal
        if one.start_s <= one.end_s - service_s
    )
    if agreed:
        starts = meet(starts, agreed)
    return tuple(Window(one.start_s, one.end_s) for one in starts)


def appointment_windows(row: CandidateRow, rows: DayRows) -> tuple[HourWindow, ...]:
    """Return the appointments of the day on the local clock, cut at midnight."""
    windows = []
    for one in row.appointments:
        start_s = clock.second_of_day(one.starts_at, rows.zone)
        is_same_day = one.ends_at.astimezone(rows.zone).date() == rows.day
        end_s = clock.second_of_day(one.ends_at, rows.zone) if is_same_day else DAY_S
        windows.append(HourWindow(start_s, max(start_s, end_s)))
    return tuple(windows)


def _appointment_facts(row: CandidateRow, rows: DayRows) -> dict[str, Any]:
    windows = appointment_windows(row, rows)
    return {"appointment_s": windows[0].start_s} if windows else {}


def _service_s(row: CandidateRow, policy: PlanPolicy) -> int:
    is_firm = row.kind is ClientKind.FIRM
    return policy.firm_service_s if is_firm else policy.person_service_s


def _shift(one: WorkdayRow) -> Shift:
    return Shift(
        id=shift_id(one.collector_id),
        start=Point(one.start_lat, one.start_lon),
        end=Point(one.end_lat, one.end_lon),
        window=Window(one.starts_s, one.ends_s),
        profile=Profile(one.vehicle.value),
        max_stops=one.max_stops,
    )


def reasons_before_routing(
    row: CandidateRow, rows: DayRows, worth: Prize, policy: PlanPolicy
) -> list[dict[str, Any]]:
    """Return why a client is worth a visit today, the most telling first."""
    reasons: list[dict[str, Any]] = [
        {"code": ReasonCode.APPOINTMENT.value, "starts_s": one.start_s, "ends_s": one.end_s}
        for one in appointment_windows(row, rows)
    ]
    promise = promise_due(row, rows)
    if promise is not None:
        reasons.append(_promise_reason(promise, rows))
    if row.debt.overdue_cents:
        reasons.append(
            {
                "code": ReasonCode.DEBT.value,
                "overdue_cents": row.debt.overdue_cents,
                "days": row.debt.days_past_due,
            }
        )
    silence = next((one for one in worth.parts if one.code is PrizeCode.LONG_SILENCE), None)
    if silence is not None:
        days = silence.facts.get("days", policy.history_days)
        if days >= SILENT_DAYS:
            reasons.append({"code": ReasonCode.LONG_SILENCE.value, "days": days})
    return reasons


def _promise_reason(promise: PromiseRow, rows: DayRows) -> dict[str, Any]:
    if promise.due_on == rows.day:
        return {"code": ReasonCode.PROMISE_TODAY.value, "amount_cents": left_cents(promise)}
    return {
        "code": ReasonCode.PROMISE_LATE.value,
        "amount_cents": left_cents(promise),
        "due_on": promise.due_on.isoformat(),
        "days": (rows.day - promise.due_on).days,
    }
