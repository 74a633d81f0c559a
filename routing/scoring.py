"""What a visit today is expected to bring in, and which facts that comes from.

A visit brings P(contact) x [P(pays now) x amount + P(promises) x P(keeps) x amount], more when it
is urgent. The numbers are assumptions until a company's own history replaces them; what is certain
is their direction: more debt, a promise due, an appointment or a long silence never lower a prize,
older debt, broken promises and doors that stayed shut never raise it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

from routing.errors import InvalidProblem


@dataclass(frozen=True, slots=True)
class PrizeWeights:
    """The numbers of the model; shares are 0..1.

    None of them was measured: each is an assumption of the authors, chosen so that the order of
    clients agrees with what collection courses and field products teach (promises due first, fresh
    debt before old, no door knocked on in vain again and again). Fit them to your own visits.

    Attributes
    ----------
    contact_share : share of visits
        That meet the client when the last visit did too.
    repeated_miss_factor : share
        By which each attempt without contact, since the last contact, lowers that.
    appointment_contact_share : share of visits
        That meet the client who gave an appointment for today.
    pays_now_share : share of contacts
        In which the client pays on the spot, for debt due today.
    promises_share : share of contacts
        In which the client promises, for debt due today.
    keeps_share : share of promises
        Kept by a client who never broke one.
    broken_promise_factor : share
        By which each broken promise lowers that.
    amount_share : share of the overdue debt
        That a payment or a promise covers on average.
    half_life_days : days > 0
        In which debt loses half of its chance to be paid or promised.
    due_promise_share : share of contacts
        In which a promise due today is collected, by a client who never broke one.
    late_promise_factor : share
        By which each day after its due date lowers that.
    silence_gain : share >= 0
        By which a visit gains when the client was not seen for `silence_days` or ever.
    silence_days : days > 0
        After which the gain is full; it grows evenly until then.
    """

    contact_share: float = 0.45
    repeated_miss_factor: float = 0.8
    appointment_contact_share: float = 0.85
    pays_now_share: float = 0.2
    promises_share: float = 0.4
    keeps_share: float = 0.6
    broken_promise_factor: float = 0.75
    amount_share: float = 0.25
    half_life_days: float = 90.0
    due_promise_share: float = 0.6
    late_promise_factor: float = 0.9
    silence_gain: float = 0.5
    silence_days: float = 30.0

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises
        ------
        InvalidProblem
            With the field as its place.
        """
        for one in fields(self):
            value = getattr(self, one.name)
            place = f"weights.{one.name}"
            if one.name.endswith("_days"):
                _expect(0 < value < float("inf"), place, f"expected days > 0, got {value}")
            elif one.name == "silence_gain":
                _expect(0 <= value < float("inf"), place, f"expected >= 0, got {value}")
            else:
                _expect(0 <= value <= 1, place, f"expected a share 0..1, got {value}")


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What is known about a client on the morning of a visit.

    Attributes
    ----------
    overdue_cents : int >= 0
        Past its due date, promised or not.
    days_past_due : int >= 0
        Of the oldest unpaid part.
    days_since_contact : int >= 0 or None
        Since anybody spoke with the client; None means never.
    attempts_without_contact : int >= 0
        Since then.
    broken_promises : int >= 0
        In the last six months.
    promise_due_cents : int >= 0
        Promised for today or before and not paid yet.
    promise_days_late : int >= 0
        0 when due today.
    has_appointment : bool
        The client expects us today.
    """

    overdue_cents: int
    days_past_due: int = 0
    days_since_contact: int | None = None
    attempts_without_contact: int = 0
    broken_promises: int = 0
    promise_due_cents: int = 0
    promise_days_late: int = 0
    has_appointment: bool = False

    def __post_init__(self) -> None:
        """Check that nothing is negative.

        Raises
        ------
        InvalidProblem
            With the field as its place.
        """
        for one in fields(self):
            value = getattr(self, one.name)
            _expect(value is None or value >= 0, f"facts.{one.name}", f"expected >= 0, got {value}")


class PrizeCode(StrEnum):
    """Where a part of a prize comes from."""

    OVERDUE = "overdue"
    PROMISE_DUE = "promise_due"
    APPOINTMENT = "appointment"
    LONG_SILENCE = "long_silence"


@dataclass(frozen=True, slots=True)
class PrizePart:
    """What one fact adds, and the figures to tell it by.

    ``facts`` holds ``overdue_cents`` and ``days_past_due`` for OVERDUE, ``promise_cents`` and
    ``days_late`` for PROMISE_DUE, ``days`` for LONG_SILENCE (absent when never seen), nothing for
    APPOINTMENT.
    """

    code: PrizeCode
    cents: int
    facts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prize:
    """Expected recovery of a visit today; the parts add up to the total, each of them above 0."""

    total: int
    parts: tuple[PrizePart, ...]


def prize(facts: VisitFacts, weights: PrizeWeights | None = None) -> Prize:
    """Return what visiting today is expected to bring in, in cents.

    The parts are what each fact adds to those before it: the debt alone, then a promise due, then
    the appointment, then the urgency of a long silence.
    """
    weights = weights or PrizeWeights()
    missed = weights.repeated_miss_factor**facts.attempts_without_contact
    contact = weights.contact_share * missed
    sure_contact = max(contact, weights.appointment_contact_share * facts.has_appointment)
    debt_cents = _debt_brings(facts, weights, facts.overdue_cents)
    promise_cents = min(facts.promise_due_cents, facts.overdue_cents)
    with_promise_cents = max(
        debt_cents,
        _promise_brings(facts, weights, promise_cents)
        + _debt_brings(facts, weights, facts.overdue_cents - promise_cents),
    )
    urgency = 1 + weights.silence_gain * _silence(facts, weights)
    steps = {
        PrizeCode.OVERDUE: contact * debt_cents,
        PrizeCode.PROMISE_DUE: contact * with_promise_cents,
        PrizeCode.APPOINTMENT: sure_contact * with_promise_cents,
        PrizeCode.LONG_SILENCE: sure_contact * with_promise_cents * urgency,
    }
    return _prize({code: int(cents) for code, cents in steps.items()}, facts)


def _debt_brings(facts: VisitFacts, weights: PrizeWeights, cents: int) -> float:
    """Return what a contact brings of that much debt: paid now, or promised and kept."""
    keeps = weights.keeps_share * weights.broken_promise_factor**facts.broken_promises
    willing = weights.pays_now_share + weights.promises_share * keeps
    freshness: float = 0.5 ** (facts.days_past_due / weights.half_life_days)
    return min(1.0, willing) * freshness * weights.amount_share * cents


def _promise_brings(facts: VisitFacts, weights: PrizeWeights, cents: int) -> float:
    """Return what a contact brings of a promise that is due."""
    keeps: float = weights.due_promise_share * weights.broken_promise_factor**facts.broken_promises
    return keeps * weights.late_promise_factor**facts.promise_days_late * cents


def _silence(facts: VisitFacts, weights: PrizeWeights) -> float:
    """Return how much of the longest silence that counts has passed, 0..1."""
    if facts.days_since_contact is None:
        return 1.0
    return min(1.0, facts.days_since_contact / weights.silence_days)


def _prize(steps: Mapping[PrizeCode, int], facts: VisitFacts) -> Prize:
    """Cut the steps, each at least the one before, into parts."""
    silence = {} if facts.days_since_contact is None else {"days": facts.days_since_contact}
    figures: Mapping[PrizeCode, Mapping[str, int]] = {
        PrizeCode.OVERDUE: {
            "overdue_cents": facts.overdue_cents,
            "days_past_due": facts.days_past_due,
        },
        PrizeCode.PROMISE_DUE: {
            "promise_cents": facts.promise_due_cents,
            "days_late": facts.promise_days_late,
        },
        PrizeCode.APPOINTMENT: {},
        PrizeCode.LONG_SILENCE: silence,
    }
    parts, before = [], 0
    for code, cents in steps.items():
        if cents > before:
            parts.append(PrizePart(code, cents - before, figures[code]))
        before = max(before, cents)
    return Prize(before, tuple(parts))


def _expect(holds: bool, place: str, expected: str) -> None:
    if not holds:
        raise InvalidProblem(place, expected)
