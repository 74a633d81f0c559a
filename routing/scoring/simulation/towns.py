"""Invented portfolios: how each client really behaves, which no policy may look at.

Each family is one way in which the world may be. The chances are invented; what matters is that
they differ from the fixed weights in a known way, or do not.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from routing.scoring.chances import DAY_PARTS, Chances, DayPart, assumed_chances, freshness
from routing.scoring.facts import VisitFacts
from routing.scoring.weights import PrizeWeights

Dice = np.random.Generator
WEIGHTS = PrizeWeights()
WORKDAYS = 6  # Monday to Saturday


@dataclass(frozen=True, slots=True)
class Nature:
    """How one client behaves; chances 0..1, of paying and promising given contact."""

    contact: float
    pays: float
    promises: float
    keeps: float
    part: float = WEIGHTS.amount_share
    by_part: Mapping[DayPart, float] | None = None  # shifts of the log odds of contact
    by_weekday: tuple[float, ...] = (0.0,) * WORKDAYS

    def met(self, weekday: int, part: DayPart) -> float:
        """Return the chance to meet them then."""
        shift = self.by_weekday[weekday] + (self.by_part or {}).get(part, 0.0)
        odds = self.contact / (1 - self.contact) * math.exp(shift)
        return odds / (1 + odds)


@dataclass(frozen=True, slots=True)
class Townsman:
    """A client as a policy sees one, and their nature; None: as the fixed weights assume."""

    id: int
    kind: str
    owed_cents: int
    days_past_due: int
    detour_s: int
    nature: Nature | None

    def truth(self, facts: VisitFacts) -> Nature:
        """Return how they behave on a morning of which these facts are known."""
        if self.nature is not None:
            return self.nature
        chances: Chances = assumed_chances(facts, WEIGHTS)
        return Nature(
            contact=chances.contact.share,
            pays=chances.pays_now.share,
            promises=chances.promises.share,
            keeps=chances.keeps.share,
        )


def assumed(dice: Dice, kind: str, age: int) -> Nature | None:
    """Everything is as the fixed weights say: nothing to gain, something to lose."""
    return None


def alike(dice: Dice, kind: str, age: int) -> Nature | None:
    """Everybody of an age is alike, at the levels of the fixed weights: only noise to learn."""
    fresh = freshness(age, WEIGHTS)
    return Nature(
        WEIGHTS.contact_share,
        WEIGHTS.pays_now_share * fresh,
        WEIGHTS.promises_share * fresh,
        WEIGHTS.keeps_share,
    )


def segments(dice: Dice, kind: str, age: int) -> Nature | None:
    """Businesses are easily met and persons are not; old debt pays as well as fresh debt."""
    if kind == "firm":
        return Nature(0.75, 0.12, 0.35, 0.75, part=0.15)
    return Nature(0.30, 0.10, 0.35, 0.45, part=0.30)


def hours(dice: Dice, kind: str, age: int) -> Nature | None:
    """When somebody can be met differs: by kind, and from client to client."""
    is_away = kind == "person" and dice.random() < 0.6  # works on weekdays
    if is_away:
        shifts = dict(zip(DAY_PARTS, (-1.0, -1.5, -1.0, 1.5), strict=True))
        weekdays = (-0.6, -0.6, -0.6, -0.6, -0.3, 2.2)
    else:
        shifts = dict(zip(DAY_PARTS, (1.0, 1.0, -0.5, -1.0), strict=True))
        weekdays = (0.4, 0.2, 0.2, 0.2, 0.0, -2.0)
    fresh = freshness(age, WEIGHTS)
    return Nature(0.45, 0.2 * fresh, 0.4 * fresh, 0.6, by_part=shifts, by_weekday=weekdays)


def stale(dice: Dice, kind: str, age: int) -> Nature | None:
    """One address in three is stale; the others are met more often than assumed."""
    fresh = freshness(age, WEIGHTS)
    contact = 0.02 if dice.random() < 1 / 3 else 0.6
    return Nature(contact, 0.2 * fresh, 0.4 * fresh, 0.6)


def tempers(dice: Dice, kind: str, age: int) -> Nature | None:
    """Clients differ in whether they are met, pay, promise and keep their word."""
    share = dice.random()
    if share < 0.25:
        return Nature(0.60, 0.30, 0.50, 0.85, part=0.35)
    if share < 0.60:
        return Nature(0.48, 0.10, 0.50, 0.50)
    if share < 0.85:
        return Nature(0.28, 0.03, 0.40, 0.15, part=0.15)
    return Nature(0.06, 0.02, 0.20, 0.15, part=0.15)


FAMILIES: Mapping[str, Callable[[Dice, str, int], Nature | None]] = {
    "segments": segments,
    "hours": hours,
    "stale": stale,
    "tempers": tempers,
    "alike": alike,
    "assumed": assumed,
}


def town(family: str, clients: int, dice: Dice) -> tuple[Townsman, ...]:
    """Return the clients of an invented portfolio.

    Debts are lognormal around 3,000 pesos (90 % between 700 and 13,000), ages exponential around
    70 days, detours around 6 minutes: assumptions that look like a city portfolio of microcredit.
    """
    nature = FAMILIES[family]
    found = []
    for number in range(clients):
        kind = "firm" if dice.random() < 0.3 else "person"
        age = 1 + int(dice.exponential(70))
        found.append(
            Townsman(
                id=number,
                kind=kind,
                owed_cents=int(math.exp(dice.normal(math.log(300_000), 0.9))),
                days_past_due=age,
                detour_s=60 + int(dice.exponential(300)),
                nature=nature(dice, kind, age),
            )
        )
    return tuple(found)
