"""The chances that a prize is made of, each with where it comes from and how sure it is."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from routing.scoring.facts import VisitFacts
from routing.scoring.weights import PrizeWeights


class Source(StrEnum):
    """Whose visits an estimate mostly rests on."""

    CLIENT = "client"
    SEGMENT = "segment"  # clients of the same kind, age of debt, hour or weekday
    PORTFOLIO = "portfolio"
    ASSUMPTION = "assumption"  # nobody's: a number of `PrizeWeights`


class DayPart(StrEnum):
    """The part of a day in which a visit starts; contact differs between them.

    Source: working hours and meals in Mexico: early morning, midday, the meal, after work. The
    borders are assumptions; four parts leave each client some visits in each.
    """

    MORNING = "morning"  # before 11:00
    MIDDAY = "midday"  # 11:00 to 14:00
    AFTERNOON = "afternoon"  # 14:00 to 17:00
    EVENING = "evening"  # from 17:00 on


DAY_PARTS = tuple(DayPart)
PART_STARTS_S = (0, 11 * 3600, 14 * 3600, 17 * 3600)
DAY_S = 24 * 3600
TOP_SHARE = 1.0


def day_part(second_s: int) -> DayPart:
    """Return the part of the day of a second since local midnight."""
    return DAY_PARTS[sum(second_s >= start_s for start_s in PART_STARTS_S[1:])]


def part_weights(windows: tuple[tuple[int, int], ...]) -> dict[DayPart, float]:
    """Return how much of some windows lies in each part of the day; the shares add up to 1.

    Parameters
    ----------
    windows : tuple of (int, int)
        Seconds since local midnight, both ends inclusive. None at all: every part alike.
    """
    ends_s = (*PART_STARTS_S[1:], DAY_S)
    found = {}
    for part, start_s, end_s in zip(DAY_PARTS, PART_STARTS_S, ends_s, strict=True):
        # Windows include both ends, so that one of a single second still counts.
        overlaps = (min(b + 1, end_s) - max(a, start_s) for a, b in windows)
        found[part] = float(sum(one for one in overlaps if one > 0))
    total = sum(found.values())
    if not total:
        return dict.fromkeys(DAY_PARTS, 1 / len(DAY_PARTS))
    return {part: seconds / total for part, seconds in found.items() if seconds}


@dataclass(frozen=True, slots=True)
class Chance:
    """An estimated share.

    Attributes
    ----------
    share : float 0..1
        The estimate.
    spread : float >= 0
        Standard deviation of what it may really be; 0 for an assumption.
    sample : int
        Visits (contacts, promises, payments) of the source that it mostly rests on.
    source : Source
        Whose these are.
    """

    share: float
    spread: float = 0.0
    sample: int = 0
    source: Source = Source.ASSUMPTION

    def raised(self, spreads: float) -> "Chance":
        """Return the chance as it may be when we are wrong to its favour, at most 1."""
        return replace(self, share=min(TOP_SHARE, self.share + spreads * self.spread))


@dataclass(frozen=True, slots=True)
class Chances:
    """What a prize is made of.

    Attributes
    ----------
    contact : Chance
        A visit on that day reaches the client: the mean over the hours in which it may start.
    pays_now, promises : Chance
        Given contact.
    keeps : Chance
        Given a promise.
    pay_part, promise_part : Chance
        Share of the overdue debt that is paid on the spot, that is promised.
    by_part : mapping of DayPart to float
        Contact by part of the day, where it was learned.
    """

    contact: Chance
    pays_now: Chance
    promises: Chance
    keeps: Chance
    pay_part: Chance
    promise_part: Chance
    by_part: Mapping[DayPart, float] = field(default_factory=dict)

    @property
    def is_learned(self) -> bool:
        """Tell whether visits, not assumptions, say how likely a contact is."""
        return self.contact.source is not Source.ASSUMPTION

    def raised(self, spreads: float) -> "Chances":
        """Return the chances of meeting and of paying as they may be at their best."""
        return replace(
            self,
            contact=self.contact.raised(spreads),
            pays_now=self.pays_now.raised(spreads),
            promises=self.promises.raised(spreads),
        )


def assumed_chances(facts: VisitFacts, weights: PrizeWeights) -> Chances:
    """Return the chances that the fixed weights give."""
    missed: float = weights.repeated_miss_factor**facts.attempts_without_contact
    kept: float = weights.broken_promise_factor**facts.broken_promises
    fresh = freshness(facts.days_past_due, weights)
    part = Chance(weights.amount_share)
    return Chances(
        contact=Chance(weights.contact_share * missed),
        pays_now=Chance(weights.pays_now_share * fresh),
        promises=Chance(weights.promises_share * fresh),
        keeps=Chance(weights.keeps_share * kept),
        pay_part=part,
        promise_part=part,
    )


def freshness(days_past_due: float, weights: PrizeWeights) -> float:
    """Return the share that age leaves of the willingness to pay or to promise."""
    return math.pow(0.5, days_past_due / weights.half_life_days)
