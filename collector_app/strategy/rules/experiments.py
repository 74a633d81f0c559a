"""Champion and challenger: who is in which arm, and what may be said of the result, and when.

RUNNING ──last day, and days to settle, over──> TOO_SMALL, NO_DIFFERENCE or a better arm
   └── stopped by a person before ──> STOPPED: nothing is ever concluded
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import blake2b

from collector_app.core.errors import InvalidInput, RuleBroken
from collector_app.strategy.rules.statistics import Difference

LEAST_CLIENTS = 100  # of an arm: below, the intervals of money do not hold what they promise
LEAST_DAYS, MOST_DAYS = 7, 180
LEAST_SHARE, MOST_SHARE = 5, 95  # percent of the clients that the challenger gets
LONGEST_NAME = 80
SETTLING_DAYS = 2  # promises have a day of grace, and phones without signal send late
_HASH_RANGE = 2**64


class Arm(StrEnum):
    """Which treatment a client of an experiment gets."""

    CHAMPION = "champion"  # the one in force
    CHALLENGER = "challenger"  # the one that is tried


class Measure(StrEnum):
    """What an experiment is judged by; chosen before it begins."""

    RECOVERED = "recovered"  # cents per client that came in from the first to the last day
    PAID = "paid"  # share of the clients who paid anything in these days
    KEPT = "kept"  # share of the clients who made a promise for these days and kept it


class Conclusion(StrEnum):
    """What may be said of an experiment."""

    RUNNING = "running"
    STOPPED = "stopped"
    TOO_SMALL = "too_small"
    NO_DIFFERENCE = "no_difference"
    CHAMPION_BETTER = "champion_better"
    CHALLENGER_BETTER = "challenger_better"


@dataclass(frozen=True, slots=True)
class ExperimentTerms:
    """What is fixed before an experiment begins; both days inclusive."""

    name: str
    share_percent: int
    measure: Measure
    starts_on: date
    ends_on: date


class BadExperiment(InvalidInput):
    """An experiment can't begin like that; the field is named."""

    code = "bad_experiment"


class AlreadyExperimenting(RuleBroken):
    """Another experiment runs with that segment at that stage."""

    code = "already_experimenting"


class NobodyToCompare(RuleBroken):
    """No client of that segment is at that stage, or all are in other experiments."""

    code = "nobody_to_compare"


def check_experiment(terms: ExperimentTerms) -> None:
    """Raise `BadExperiment` with the first field that can't be used; ranges speak any language."""
    days = (terms.ends_on - terms.starts_on).days + 1
    checks = (
        (0 < len(terms.name.strip()) <= LONGEST_NAME, "name", f"1–{LONGEST_NAME}"),
        (
            LEAST_SHARE <= terms.share_percent <= MOST_SHARE,
            "share_percent",
            f"{LEAST_SHARE}–{MOST_SHARE} %",
        ),
        (LEAST_DAYS <= days <= MOST_DAYS, "ends_on", f"{LEAST_DAYS}–{MOST_DAYS} d"),
    )
    for holds, field, expected in checks:
        if not holds:
            raise BadExperiment(field, expected)


def arm_of(experiment_id: int, client_id: int, share_percent: int) -> Arm:
    """Return the arm of a client: always the same, and unrelated to that of other experiments."""
    digest = blake2b(f"{experiment_id}:{client_id}".encode(), digest_size=8).digest()
    is_challenger = int.from_bytes(digest, "big") * 100 < share_percent * _HASH_RANGE
    return Arm.CHALLENGER if is_challenger else Arm.CHAMPION


def is_over(terms: ExperimentTerms, today: date) -> bool:
    """Tell whether the last day is over and everything of it has had time to arrive."""
    return today > terms.ends_on + timedelta(days=SETTLING_DAYS)


def is_too_small(champion: int, challenger: int) -> bool:
    """Tell whether an arm has too few clients for a winner, which is known when it begins."""
    return min(champion, challenger) < LEAST_CLIENTS


def conclusion(
    terms: ExperimentTerms, difference: Difference, today: date, *, is_stopped: bool
) -> Conclusion:
    """Return what may be said: never a winner before the end, nor of few clients.

    Looking every day and stopping at the first day that looks good would find a winner far more
    often than one time in twenty where there is none.
    """
    if is_stopped:
        return Conclusion.STOPPED
    if not is_over(terms, today):
        return Conclusion.RUNNING
    if is_too_small(difference.champion.clients, difference.challenger.clients):
        return Conclusion.TOO_SMALL
    if difference.low > 0:
        return Conclusion.CHALLENGER_BETTER
    return Conclusion.CHAMPION_BETTER if difference.high < 0 else Conclusion.NO_DIFFERENCE
