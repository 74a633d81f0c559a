"""What a visit today is expected to bring in, and which facts that comes from.

A visit brings P(contact) x [P(pays now) x amount + P(promises) x P(keeps) x amount], more when it
is urgent. The chances are assumptions (`PrizeWeights`) until a company's own visits replace them
(`learn`); what is certain of the assumptions is their direction: more debt, a promise due, an
appointment or a long silence never lower a prize, older debt, broken promises and doors that
stayed shut never raise it. docs/scoring.md tells the formulas.
"""

from routing.scoring.chances import (
    DAY_PARTS,
    Chance,
    Chances,
    DayPart,
    Source,
    assumed_chances,
    day_part,
    part_weights,
)
from routing.scoring.experience import (
    AmountTold,
    ContactCount,
    Experience,
    PromiseEnd,
    TalkCount,
)
from routing.scoring.exploration import EXPLORATION_SHARE, is_explored
from routing.scoring.facts import VisitFacts
from routing.scoring.hours import MARKEDLY, BestHours, at_hour, best_hours
from routing.scoring.keeping import Keeping
from routing.scoring.learning import MIN_ATTEMPTS, Learned, learn
from routing.scoring.prizes import Prize, PrizeCode, PrizePart, neutral_prize, prize, weighed
from routing.scoring.weights import PrizeWeights

__all__ = [
    "DAY_PARTS",
    "EXPLORATION_SHARE",
    "MARKEDLY",
    "MIN_ATTEMPTS",
    "AmountTold",
    "BestHours",
    "Chance",
    "Chances",
    "ContactCount",
    "DayPart",
    "Experience",
    "Keeping",
    "Learned",
    "Prize",
    "PrizeCode",
    "PrizePart",
    "PrizeWeights",
    "PromiseEnd",
    "Source",
    "TalkCount",
    "VisitFacts",
    "assumed_chances",
    "at_hour",
    "best_hours",
    "day_part",
    "is_explored",
    "learn",
    "neutral_prize",
    "part_weights",
    "prize",
    "weighed",
]
