"""The only translator from the business to routing: rows of a day in, a problem out.

    overdue? -> the law? -> no later promise? -> a place? -> a zone? -> a collector? -> candidate

Whoever falls out on the way is told with the cause and its figures. Pure: no database, no clock.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from collector_app.agreements.queries import Standing
from collector_app.compliance.rules import HourWindow, decide, meet
from collector_app.core import clock
from collector_app.payments.queries import PromiseRow
from collector_app.planning.left_out import agreement_facts, block_facts, has_cause, left_out
from collector_app.planning.prizes import (
    WEIGHTS,
    left_cents,
    prizes_of,
    promise_due,
)
from collector_app.planning.queries import CandidateRow, DayRows, WorkdayRow
from collector_app.planning.rules import (
    AIMS,
    AimWeights,
    NoDebts,
    NoWorkdays,
    NoZones,
    PlanAim,
    PlanPolicy,
    ReasonCode,
    SkipCause,
)
from collector_app.portfolio.rules import ClientKind
from routing.geo import Point
from routing.problem import DAY_S, Candidate, Measure, Prices, Problem, Shift, Window
from routing.scoring import (
    MARKEDLY,
    Chances,
    DayPart,
    Prize,
    PrizeCode,
    Source,
    at_hour,
    best_hours,
)
from routing.travel.times import Profile

SILENT_DAYS = 14  # without a contact for that long, the silence is told as a reason


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
    ``prizes`` is what each candidate is worth in the mean of its hours, with its parts and chances;
    ``scores`` says so in codes with facts.
    """

    rows: DayRows
    problem: Problem
    skipped: tuple[PreSkipped, ...]
    reasons: Mapping[int, list[dict[str, Any]]]
    prizes: Mapping[int, Prize]
    scores: Mapping[int, list[dict[str, Any]]]

    def prize_at(self, client_id: int, starts_s: int) -> Prize:
        """Return what a visit is worth that starts then, seconds since local midnight."""
        return at_hour(self.prizes[client_id], starts_s)


def build_day(
    rows: DayRows, policy: PlanPolicy, weights: AimWeights = AIMS[PlanAim.BALANCED]
) -> BuiltDay:
    """Translate the rows of a day.

    Raises
    ------
    NoWorkdays, NoZones, NoDebts
        If there is nothing to plan at all; the class says what is missing.
    """
    _check_something_to_plan(rows)
    workdays = {one.collector_id: one for one in rows.workdays}
    skipped: list[PreSkipped] = []
    candidates: dict[int, Candidate] = {}
    for row in rows.candidates:
        made = candidate_of(row, rows, workdays, policy)
        if isinstance(made, PreSkipped):
            skipped.append(made)
        else:
            candidates[row.client_id] = made
    prizes = prizes_of(rows, {id_: one.windows for id_, one in candidates.items()}, policy)
    chosen = [row for row in rows.candidates if row.client_id in candidates]
    reasons = {
        row.client_id: reasons_before_routing(row, rows, prizes[row.client_id], policy)
        for row in chosen
    }
    scores = {row.client_id: scoring_reasons(row, rows, prizes[row.client_id]) for row in chosen}
    problem = Problem(
        shifts=tuple(shift_of(one) for one in rows.workdays),
        candidates=tuple(with_prize(one, prizes[id_]) for id_, one in candidates.items()),
        travel_cost_per_hour=road_price(policy, weights),
        prices=_prices(policy, weights),
    )
    return BuiltDay(rows, problem, tuple(skipped), reasons, prizes, scores)


def with_prize(candidate: Candidate, worth: Prize) -> Candidate:
    """Return a candidate with its prize, more of it at the hours when the client is met."""
    found = best_hours(worth, [(one.start_s, one.end_s) for one in candidate.windows])
    if found is None:
        return replace(candidate, prize=worth.total)
    preferred = tuple(Window(start_s, end_s) for start_s, end_s in found.spans)
    return replace(
        candidate, prize=found.points, preferred=preferred, outside_price=found.outside_price
    )


def road_price(policy: PlanPolicy, weights: AimWeights) -> int:
    """Return what an hour on the road counts in the search, cents."""
    return policy.travel_cost_cents_per_hour * weights.travel_percent // 100


def _prices(policy: PlanPolicy, weights: AimWeights) -> Prices:
    per_hour = policy.travel_cost_cents_per_hour * weights.unfairness_percent // 100
    return Prices(unfairness=((Measure.HOURS, per_hour),)) if per_hour else Prices()


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
    if not any(has_cause(row, rows) for row in rows.candidates):
        raise NoDebts(day=day)
    if not any(row.collector_id is not None for row in rows.candidates):
        raise NoZones(day=day)


def candidate_of(
    row: CandidateRow,
    rows: DayRows,
    working: Collection[int],
    policy: PlanPolicy,
) -> Candidate | PreSkipped:
    """Return the candidate, whose prize comes later, or why there is none.

    `working` are the collectors who work that day.
    """
    decision = decide(rows.profile, row.contact_facts(rows.zone), rows.day)
    out = left_out(row, rows, decision, working)
    if out is not None:
        return PreSkipped(row.client_id, row.collector_id, *out)
    assert row.lat is not None  # noqa: S101 - `left_out` saw to the three of them
    assert row.lon is not None  # noqa: S101
    assert row.collector_id is not None  # noqa: S101
    service_s = service_s_of(row.kind, policy)
    windows = visit_starts(decision.windows, appointment_windows(row, rows), service_s)
    if not windows:
        facts = _appointment_facts(row, rows) or block_facts(decision)
        return PreSkipped(row.client_id, row.collector_id, SkipCause.NO_LEGAL_WINDOW, facts)
    return Candidate(
        id=candidate_id(row.client_id),
        point=Point(row.lat, row.lon),
        service_s=service_s,
        prize=0,
        windows=windows,
        required=bool(row.appointments),
        shifts=frozenset({shift_id(row.collector_id)}),
    )


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


def service_s_of(kind: ClientKind, policy: PlanPolicy) -> int:
    """Return how long a visit is expected to take."""
    return policy.firm_service_s if kind is ClientKind.FIRM else policy.person_service_s


def shift_of(one: WorkdayRow) -> Shift:
    """Return the day of a collector."""
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
    if row.agreement is not None and row.agreement.due_on <= rows.day:
        reasons.append(_agreement_reason(row.agreement, rows))
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
    weighing = next((one for one in worth.parts if one.code is PrizeCode.WEIGHING), None)
    if weighing is not None and row.applied is not None:
        facts = {"segment": row.applied.segment, "percent": weighing.facts["percent"]}
        reasons.append({"code": ReasonCode.TREATMENT.value, **facts})
    return reasons


def scoring_reasons(row: CandidateRow, rows: DayRows, worth: Prize) -> list[dict[str, Any]]:
    """Return what is said about the score: that it is off, or what it rests on."""
    off = rows.unscored.get(row.client_id)
    if off is not None:
        told = {"by": off.decided_by, "why": off.reason, "worth_cents": worth.total}
        return [{"code": ReasonCode.SCORING_OFF.value, **told}]
    if worth.chances is None:
        return []
    reasons = [chances_reason(worth, is_expected=bool(row.appointments))]
    part = best_part(worth.chances)
    if part is not None:
        reasons.append({"code": ReasonCode.BEST_HOUR.value, "part": part.value})
    if worth.is_explored:
        reasons.append({"code": ReasonCode.EXPLORING.value})
    return reasons


def chances_reason(worth: Prize, *, is_expected: bool) -> dict[str, Any]:
    """Return the chances that a prize was made with, as they were foretold, with its parts."""
    chances = worth.chances
    assert chances is not None  # noqa: S101 - a neutral prize has no chances to tell
    contact = chances.contact.share
    return {
        "code": ReasonCode.CHANCES.value,
        "contact": _rounded(max(contact, WEIGHTS.appointment_contact_share * is_expected)),
        "pays_now": _rounded(chances.pays_now.share),
        "promises": _rounded(chances.promises.share),
        "keeps": _rounded(chances.keeps.share),
        "pay_part": _rounded(chances.pay_part.share),
        "promise_part": _rounded(chances.promise_part.share),
        "by_part": {}
        if is_expected
        else {k.value: _rounded(v) for k, v in chances.by_part.items()},
        "source": chances.contact.source.value,
        "sample": chances.contact.sample,
        "worth_cents": worth.total,
        "parts": {one.code.value: one.cents for one in worth.parts},
    }


def best_part(chances: Chances) -> DayPart | None:
    """Return the part of the day in which this very client is met markedly more often."""
    if chances.contact.source is not Source.CLIENT or not chances.by_part:
        return None
    part = max(chances.by_part, key=lambda one: chances.by_part[one])
    mean = sum(chances.by_part.values()) / len(chances.by_part)
    return part if chances.by_part[part] >= MARKEDLY * mean else None


def _rounded(share: float) -> float:
    return round(share, 4)


def _agreement_reason(agreed: Standing, rows: DayRows) -> dict[str, Any]:
    code = ReasonCode.AGREEMENT_BROKEN if agreed.is_broken else ReasonCode.INSTALMENT_DUE
    facts = agreement_facts(agreed)
    return {"code": code.value, **facts, "days": (rows.day - agreed.due_on).days}


def _promise_reason(promise: PromiseRow, rows: DayRows) -> dict[str, Any]:
    if promise.due_on == rows.day:
        return {"code": ReasonCode.PROMISE_TODAY.value, "amount_cents": left_cents(promise)}
    return {
        "code": ReasonCode.PROMISE_LATE.value,
        "amount_cents": left_cents(promise),
        "due_on": promise.due_on.isoformat(),
        "days": (rows.day - promise.due_on).days,
    }
