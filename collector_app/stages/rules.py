"""How far the collection of a credit has come on a day: days, pauses and decisions, nothing else.

Everything is worked out from facts, so that a fact that comes late changes the past as well.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from collector_app.core.errors import InvalidInput, NotFound, RuleBroken
from collector_app.portfolio.rules import Stage, days_past_due
from collector_app.schedules.rules import AgreementState

_ORDER = {stage: n for n, stage in enumerate(Stage)}
DAY = timedelta(days=1)


class PauseCause(StrEnum):
    """Why collecting is suspended; `AGREEMENT` follows from one in force, the rest is chosen."""

    DISPUTE = "dispute"
    COMPLAINT = "complaint"
    DECEASED = "deceased"
    AGREEMENT = "agreement"
    DISASTER = "disaster"
    HARDSHIP = "hardship"


CHOSEN_PAUSES = tuple(one for one in PauseCause if one is not PauseCause.AGREEMENT)


class MoveCause(StrEnum):
    """Why a person puts a credit into another stage than its days do."""

    REFUSES = "refuses"
    UNLOCATABLE = "unlocatable"
    ASSETS_AT_RISK = "assets_at_risk"
    CREDITOR_ORDER = "creditor_order"
    AGREED = "agreed"
    CORRECTION = "correction"


class StageCause(StrEnum):
    """Why a stretch of a credit's history begins."""

    BEGAN = "began"  # the credit is owed from here on
    DAYS = "days"  # time went by
    MONEY = "money"  # a payment, what it let go of, or another balance told by the creditor
    MOVED = "moved"  # a person decided
    PAUSED = "paused"
    RESUMED = "resumed"


class MoveRefused(RuleBroken):
    """The policy knows no such move from this stage, or not for this cause."""

    code = "stage_move_refused"


class PauseEndsBeforeItBegins(InvalidInput):
    """A pause ends before its first day, or begins in days to come."""

    code = "pause_days_wrong"


class NoPause(NotFound):
    """There is no such pause that still goes on."""

    code = "no_pause"


@dataclass(frozen=True, slots=True)
class PauseEffect:
    """What a pause does besides being noted."""

    stops_clock: bool
    forbids_visits: bool


@dataclass(frozen=True, slots=True)
class StagePolicy:
    """The house's stages: first counted day of each, moves that a person may make, pauses."""

    first_days: tuple[tuple[int, Stage], ...]  # in order; the first is 0
    moves: Mapping[tuple[Stage, Stage], frozenset[MoveCause]]
    pauses: Mapping[PauseCause, PauseEffect]

    def by_days(self, counted_days: int) -> Stage:
        """Return the stage of a debt that many counted days past due."""
        return [stage for first, stage in self.first_days if first <= counted_days][-1]


@dataclass(frozen=True, slots=True)
class Pause:
    """Collecting is suspended from day to day, both inclusive; None is until somebody resumes.

    One that follows from an agreement has its number, and says how the agreement ended.
    """

    id: int
    cause: PauseCause
    from_on: date
    to_on: date | None
    agreement: AgreementState | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether a day is one of its days."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, slots=True)
class Move:
    """A person put a credit into a stage."""

    id: int
    stage: Stage
    cause: MoveCause
    from_on: date


Decision = TypeVar("Decision", Pause, Move)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a credit stands when a day ends; without debt it has no stage."""

    day: date
    oldest_due_on: date | None
    days_past_due: int
    counted_days: int  # days past due without those of pauses that stop the clock
    stage: Stage | None
    pause: Pause | None
    move: Move | None  # the decision that its stage comes from, unless days went beyond it


@dataclass(frozen=True, slots=True)
class StageSpan:
    """A stretch of days (both inclusive) in one stage, and why it began.

    ``resumed`` is the pause after which it began, when a pause has ended.
    """

    from_on: date
    to_on: date
    cause: StageCause
    first: Standing
    resumed: Pause | None = None

    @property
    def days(self) -> int:
        """Return how many days it is long."""
        return (self.to_on - self.from_on).days + 1


def counted_days(due_on: date, day: date, pauses: Iterable[Pause], policy: StagePolicy) -> int:
    """Return the days past due that count: each day after the due date that no pause stops."""
    stopping = [one for one in pauses if policy.pauses[one.cause].stops_clock]
    stopped, reached = 0, due_on
    for one in sorted(stopping, key=lambda pause: pause.from_on):
        first = max(one.from_on, reached + DAY)
        last = day if one.to_on is None else min(one.to_on, day)
        if first <= last:
            stopped += (last - first).days + 1
            reached = last
    return days_past_due(due_on, day) - stopped


def standing(
    oldest_due_on: date | None,
    day: date,
    pauses: Collection[Pause],
    moves: Iterable[Move],
    policy: StagePolicy,
) -> Standing:
    """Return how a credit stands whose oldest unpaid debt was due on a day.

    A move holds until all that was due before it is paid. Days go on from there: the stage changes
    when the days alone would lead further than both the move and the stage they had led to then.
    """
    pause = next((one for one in _newest_first(pauses) if one.holds_on(day)), None)
    if oldest_due_on is None:
        return Standing(day, None, 0, 0, None, pause, None)
    days = counted_days(oldest_due_on, day, pauses, policy)
    stage, by_move = policy.by_days(days), None
    move = next((one for one in _newest_first(moves) if one.from_on <= day), None)
    if move is not None and oldest_due_on < move.from_on:
        then = policy.by_days(counted_days(oldest_due_on, move.from_on, pauses, policy))
        if stage is then or _ORDER[stage] <= _ORDER[move.stage]:
            stage, by_move = move.stage, move
    late = days_past_due(oldest_due_on, day)
    return Standing(day, oldest_due_on, late, days, stage, pause, by_move)


def history(
    oldest_due: Mapping[date, date | None],
    until: date,
    pauses: Collection[Pause],
    moves: Collection[Move],
    policy: StagePolicy,
) -> list[StageSpan]:
    """Return the stages of a credit from its first day on, oldest first.

    Parameters
    ----------
    oldest_due
        Day -> due date of the oldest debt that is unpaid when it ends; only days on which that
        may have changed. The first one begins the history.
    until
        The last day looked at.
    """
    spans: list[StageSpan] = []
    before: Standing | None = None
    for one in _daily(oldest_due, until, pauses, moves, policy):
        if before is not None and _same(before, one):
            last = spans[-1]
            spans[-1] = replace(last, to_on=one.day)
        else:
            cause = _cause(before, one)
            resumed = before.pause if before and cause is StageCause.RESUMED else None
            spans.append(StageSpan(one.day, one.day, cause, one, resumed))
        before = one
    return spans


def check_move(now: Stage | None, to: Stage, cause: MoveCause, policy: StagePolicy) -> None:
    """Raise `MoveRefused` unless a person may put a credit from one stage into another."""
    if now is None or cause not in policy.moves.get((now, to), frozenset()):
        raise MoveRefused(stage=now.value if now else "", to=to.value, cause=cause.value)


def _daily(
    oldest_due: Mapping[date, date | None],
    until: date,
    pauses: Collection[Pause],
    moves: Collection[Move],
    policy: StagePolicy,
) -> Iterator[Standing]:
    changes: Sequence[date] = sorted(oldest_due)
    if not changes:
        return
    day, due_on = changes[0], None
    while day <= until:
        due_on = oldest_due.get(day, due_on)
        yield standing(due_on, day, pauses, moves, policy)
        day += DAY


def _same(before: Standing, now: Standing) -> bool:
    return (before.stage, before.pause, before.move) == (now.stage, now.pause, now.move)


def _cause(before: Standing | None, now: Standing) -> StageCause:
    """Return why a stretch begins; of two reasons on one day, what a person did comes first."""
    if before is None:
        return StageCause.BEGAN
    if now.move is not None and now.move != before.move:
        return StageCause.MOVED
    if now.pause != before.pause:
        return StageCause.RESUMED if now.pause is None else StageCause.PAUSED
    return StageCause.DAYS if now.oldest_due_on == before.oldest_due_on else StageCause.MONEY


def _newest_first(facts: Iterable[Decision]) -> list[Decision]:
    return sorted(facts, key=lambda one: (one.from_on, one.id), reverse=True)
