"""A prize in parts: what each fact adds to what a visit is expected to bring in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from routing.scoring.chances import Chances, Source, assumed_chances
from routing.scoring.facts import VisitFacts
from routing.scoring.weights import PrizeWeights

OPTIMISM_SPREADS = 1.0  # standard deviations that an explored client gets the benefit of


class PrizeCode(StrEnum):
    """Where a part of a prize comes from."""

    OVERDUE = "overdue"
    PROMISE_DUE = "promise_due"
    APPOINTMENT = "appointment"
    LONG_SILENCE = "long_silence"
    EXPLORATION = "exploration"
    NEUTRAL = "neutral"
    WEIGHING = "weighing"  # the house weighs such visits more, or less: then it is below 0


# What is money; the others only move a client forward in the order.
MONEY = frozenset({PrizeCode.OVERDUE, PrizeCode.PROMISE_DUE, PrizeCode.APPOINTMENT})


@dataclass(frozen=True, slots=True)
class PrizePart:
    """What one fact adds, and the figures to tell it by.

    ``facts`` holds ``overdue_cents`` and ``days_past_due`` for OVERDUE, ``promise_cents`` and
    ``days_late`` for PROMISE_DUE, ``days`` for LONG_SILENCE (absent when never seen), nothing for
    the others.
    """

    code: PrizeCode
    cents: int
    facts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prize:
    """What a visit today is worth; the parts add up to the total, each but `WEIGHING` above 0.

    ``chances`` are those that it was made with; None for a neutral prize.
    """

    total: int
    parts: tuple[PrizePart, ...]
    chances: Chances | None = None

    @property
    def expected_cents(self) -> int:
        """Return the money alone, without what urgency and exploration add."""
        return sum(part.cents for part in self.parts if part.code in MONEY)

    @property
    def is_explored(self) -> bool:
        """Tell whether a part of it is there to learn."""
        return any(part.code is PrizeCode.EXPLORATION for part in self.parts)


def prize(
    facts: VisitFacts,
    weights: PrizeWeights | None = None,
    chances: Chances | None = None,
    *,
    explored: bool = False,
) -> Prize:
    """Return what visiting today is worth, in cents.

    The parts are what each fact adds to those before it: the debt alone, then a promise due, then
    the appointment, then the urgency of a long silence, then the benefit of the doubt.

    Parameters
    ----------
    chances : Chances, optional
        As learned; by default those that the weights assume.
    explored : bool
        Give the client the benefit of the doubt: chances one standard deviation better.
    """
    weights = weights or PrizeWeights()
    chances = chances or assumed_chances(facts, weights)
    urgency = 1 + weights.silence_gain * _silence(facts, weights)
    steps = _steps(facts, weights, chances, urgency)
    if explored:
        best = _steps(facts, weights, chances.raised(OPTIMISM_SPREADS), urgency)
        steps[PrizeCode.EXPLORATION] = best[PrizeCode.LONG_SILENCE]
    return _prize({code: int(cents) for code, cents in steps.items()}, facts, chances)


def weighed(prize: Prize, percent: int) -> Prize:
    """Return a prize as the house weighs it: 100 leaves it as it is, 50 halves it.

    What it is expected to bring in money stays the same.
    """
    change = prize.total * percent // 100 - prize.total
    if not change:
        return prize
    part = PrizePart(PrizeCode.WEIGHING, change, {"percent": percent})
    return Prize(prize.total + change, (*prize.parts, part), prize.chances)


def neutral_prize(cents: int) -> Prize:
    """Return the prize of a client who is not to be scored: the same for all of them."""
    return Prize(cents, (PrizePart(PrizeCode.NEUTRAL, cents),) if cents > 0 else ())


def _steps(
    facts: VisitFacts, weights: PrizeWeights, chances: Chances, urgency: float
) -> dict[PrizeCode, float]:
    contact = chances.contact.share
    sure_contact = max(contact, weights.appointment_contact_share * facts.has_appointment)
    debt_cents = _debt_brings(chances, facts.overdue_cents)
    promise_cents = min(facts.promise_due_cents, facts.overdue_cents)
    with_promise_cents = max(
        debt_cents,
        _promise_brings(facts, weights, chances, promise_cents)
        + _debt_brings(chances, facts.overdue_cents - promise_cents),
    )
    return {
        PrizeCode.OVERDUE: contact * debt_cents,
        PrizeCode.PROMISE_DUE: contact * with_promise_cents,
        PrizeCode.APPOINTMENT: sure_contact * with_promise_cents,
        PrizeCode.LONG_SILENCE: sure_contact * with_promise_cents * urgency,
    }


def _debt_brings(chances: Chances, cents: int) -> float:
    """Return what a contact brings of that much debt: paid now, or promised and kept."""
    now = chances.pays_now.share * chances.pay_part.share
    later = chances.promises.share * chances.keeps.share * chances.promise_part.share
    return min(1.0, now + later) * cents


def _promise_brings(
    facts: VisitFacts, weights: PrizeWeights, chances: Chances, cents: int
) -> float:
    """Return what a contact brings of a promise that is due.

    Learned chances know how this client keeps promises; what a visit on the very day adds is still
    assumed, as the ratio of the two weights.
    """
    if chances.keeps.source is not Source.ASSUMPTION:
        ratio = weights.due_promise_share / weights.keeps_share if weights.keeps_share else 1.0
        keeps = min(1.0, chances.keeps.share * ratio)
    else:
        keeps = weights.due_promise_share * weights.broken_promise_factor**facts.broken_promises
    late: float = weights.late_promise_factor**facts.promise_days_late
    return keeps * late * cents


def _silence(facts: VisitFacts, weights: PrizeWeights) -> float:
    """Return how much of the longest silence that counts has passed, 0..1."""
    if facts.days_since_contact is None:
        return 1.0
    return min(1.0, facts.days_since_contact / weights.silence_days)


def _prize(steps: Mapping[PrizeCode, int], facts: VisitFacts, chances: Chances) -> Prize:
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
        PrizeCode.LONG_SILENCE: silence,
    }
    parts, before = [], 0
    for code, cents in steps.items():
        if cents > before:
            parts.append(PrizePart(code, cents - before, figures.get(code, {})))
        before = max(before, cents)
    return Prize(before, tuple(parts), chances)
