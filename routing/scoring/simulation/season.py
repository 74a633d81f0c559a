"""One season in one town: each day a policy orders the clients, the best fit in, dice decide.

The day is a budget of seconds that the visits of highest prize per second fill, detour and visit
counted: what a route does to a list, without its streets. House rules hold as in the application:
two attempts in seven days, never on two days running, and whoever promised is left alone until
the day has passed.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from routing.scoring.chances import DAY_PARTS, Chance, Chances, DayPart, Source
from routing.scoring.experience import (
    AmountTold,
    ContactCount,
    Experience,
    PromiseEnd,
    TalkCount,
)
from routing.scoring.exploration import is_explored
from routing.scoring.facts import VisitFacts
from routing.scoring.learning import Learned, learn
from routing.scoring.prizes import prize
from routing.scoring.simulation.towns import WEIGHTS, Nature, Townsman

FIRST_DAY = date(2026, 1, 5)  # a Monday
SUNDAY = 6
VISIT_S = 8 * 60
TRAVEL_CENTS_PER_HOUR = 150_00
ATTEMPTS_A_WEEK = 2
LATE_DAYS = 7
BROKEN_DAYS = 183
PROMISE_DAYS = (2, 8)
PART_SHARES = (0.25, 0.35, 0.25, 0.15)  # when the visits of a route take place
ROLLS = 6  # dice of one client on one day


class Policy(StrEnum):
    """Who decides whom to visit."""

    FIXED = "fixed"
    LEARNED = "learned"
    UNEXPLORED = "unexplored"  # learned, without exploration
    ORACLE = "oracle"  # knows the truth: as good as it gets


@dataclass(frozen=True, slots=True)
class Rules:
    """The size of a season; learned anew every so many days, where the application does daily."""

    days: int = 60
    budget_s: int = 7 * 3600  # one collector
    relearn_days: int = 7


@dataclass(slots=True)
class Account:
    """A client during a season; days are numbers from 0."""

    who: Townsman
    owed_cents: int
    attempts: deque[int] = field(default_factory=deque)
    contact_on: int | None = None
    misses: int = 0
    broken: list[int] = field(default_factory=list)
    promise: tuple[int, int, bool] | None = None  # due on, cents, will be kept
    broken_before: int = 0  # known when it was given
    late: tuple[int, int] | None = None  # was due on, cents

    def facts(self, day: int) -> VisitFacts:
        """Return what is known in the morning."""
        late = self.late if self.late and day - self.late[0] <= LATE_DAYS else None
        return VisitFacts(
            overdue_cents=self.owed_cents,
            days_past_due=self.who.days_past_due + day,
            days_since_contact=None if self.contact_on is None else day - self.contact_on,
            attempts_without_contact=self.misses,
            broken_promises=sum(day - one <= BROKEN_DAYS for one in self.broken),
            promise_due_cents=min(late[1], self.owed_cents) if late else 0,
            promise_days_late=day - late[0] if late else 0,
        )

    def may_be_visited(self, day: int) -> bool:
        """Tell whether the house rules allow a visit."""
        while self.attempts and self.attempts[0] <= day - 7:
            self.attempts.popleft()
        return (
            self.owed_cents > 0
            and self.promise is None
            and len(self.attempts) < ATTEMPTS_A_WEEK
            and (not self.attempts or self.attempts[-1] < day - 1)
        )


class Season:
    """A town and what has happened in it so far under one policy."""

    def __init__(self, town: Sequence[Townsman], policy: Policy, rules: Rules, seed: int) -> None:
        """Start with nothing known; seasons of the same seed roll the same dice."""
        self.policy, self.rules = policy, rules
        self.accounts = [Account(who, who.owed_cents) for who in town]
        dice = np.random.default_rng([seed, 1])
        self.rolls: NDArray[np.float64] = dice.random((rules.days, len(town), ROLLS))
        self.recovered_cents = 0
        self.visits = 0
        self.contacts: list[ContactCount] = []
        self.talks: list[TalkCount] = []
        self.ends: list[PromiseEnd] = []
        self.paid: list[AmountTold] = []
        self.promised: list[AmountTold] = []
        self.learned: Learned | None = None
        self.forecasts: list[tuple[float, bool]] = []  # of contact, with what came

    def play(self) -> int:
        """Play every day and return what was recovered, cents."""
        for day in range(self.rules.days):
            weekday = (FIRST_DAY + timedelta(days=day)).weekday()
            if weekday != SUNDAY:
                if day % self.rules.relearn_days == 0:
                    self._learn()
                for account, chances in self._route(day, weekday):
                    self._visit(account, day, weekday, chances)
            self._end(day)
        return self.recovered_cents

    def _learn(self) -> None:
        if self.policy in (Policy.LEARNED, Policy.UNEXPLORED):
            self.learned = learn(
                Experience(
                    tuple(self.contacts),
                    tuple(self.talks),
                    tuple(self.ends),
                    tuple(self.paid),
                    tuple(self.promised),
                ),
                WEIGHTS,
            )

    def _route(self, day: int, weekday: int) -> list[tuple[Account, Chances]]:
        """Return whom the day has room for, the best first."""
        found = []
        for account in self.accounts:
            if account.may_be_visited(day):
                facts, who = account.facts(day), account.who
                worth = prize(
                    facts,
                    WEIGHTS,
                    self._chances(who, facts, weekday),
                    explored=self.policy is Policy.LEARNED
                    and is_explored(FIRST_DAY + timedelta(days=day), who.id),
                )
                if worth.chances and worth.total * 3600 > who.detour_s * TRAVEL_CENTS_PER_HOUR:
                    value = worth.total / (who.detour_s + VISIT_S)
                    found.append((-value, who.id, account, worth.chances))
        chosen, left_s = [], self.rules.budget_s
        for _value, _id, account, chances in sorted(found, key=lambda one: one[:2]):
            cost_s = account.who.detour_s + VISIT_S
            if cost_s <= left_s:
                left_s -= cost_s
                chosen.append((account, chances))
        return chosen

    def _chances(self, who: Townsman, facts: VisitFacts, weekday: int) -> Chances | None:
        if self.policy is Policy.ORACLE:
            return _true_chances(who.truth(facts), weekday)
        if self.learned is None:
            return None
        return self.learned.chances(
            who.id,
            kind=who.kind,
            days_past_due=facts.days_past_due,
            owed_cents=facts.overdue_cents,
            weekday=weekday,
            hours=dict(zip(DAY_PARTS, PART_SHARES, strict=True)),
            misses=facts.attempts_without_contact,
            broken=facts.broken_promises,
        )

    def _visit(self, account: Account, day: int, weekday: int, chances: Chances) -> None:
        who, facts = account.who, account.facts(day)
        truth, rolls = who.truth(facts), self.rolls[day, who.id]
        part = _part_at(rolls[0])
        is_met = bool(rolls[1] < truth.met(weekday, part))
        self.visits += 1
        self.forecasts.append((chances.contact.share, is_met))
        self.contacts.append(
            ContactCount(who.id, who.kind, weekday, part, int(is_met), 1, account.misses)
        )
        account.attempts.append(day)
        if not is_met:
            account.misses += 1
            return
        account.misses, account.contact_on = 0, day
        self._talk(account, day, facts, truth, rolls)

    def _talk(
        self,
        account: Account,
        day: int,
        facts: VisitFacts,
        truth: Nature,
        rolls: NDArray[np.float64],
    ) -> None:
        who, owed = account.who, account.owed_cents
        late = truth.keeps * WEIGHTS.late_promise_factor**facts.promise_days_late
        brings_late = facts.promise_due_cents > 0 and rolls[5] < late
        pays = brings_late or rolls[2] < truth.pays
        promises = not pays and rolls[2] < truth.pays + truth.promises
        self.talks.append(
            TalkCount(who.id, who.kind, facts.days_past_due, 1, int(pays), int(promises))
        )
        part = min(1.0, truth.part * (0.5 + rolls[3]))
        cents = facts.promise_due_cents if brings_late else max(1, int(owed * part))
        if pays:
            self.paid.append(AmountTold(who.id, owed, cents))
            self._receive(account, cents)
            account.late = None
        elif promises:
            self.promised.append(AmountTold(who.id, owed, cents))
            first, last = PROMISE_DAYS
            due = day + first + int(rolls[4] * (last - first + 1))
            account.promise = (due, cents, bool(rolls[5] < truth.keeps))
            account.broken_before = facts.broken_promises
            account.late = None

    def _end(self, day: int) -> None:
        """Let the promises of the day be kept or broken."""
        for account in self.accounts:
            if account.promise and account.promise[0] == day:
                _due, cents, is_kept = account.promise
                account.promise = None
                age = account.who.days_past_due + day
                self.ends.append(
                    PromiseEnd(account.who.id, age, float(is_kept), account.broken_before)
                )
                if is_kept:
                    self._receive(account, cents)
                else:
                    account.broken.append(day)
                    account.late = (day, cents)

    def _receive(self, account: Account, cents: int) -> None:
        taken = min(cents, account.owed_cents)
        account.owed_cents -= taken
        self.recovered_cents += taken


def _part_at(roll: float) -> DayPart:
    return DAY_PARTS[int(np.searchsorted(np.cumsum(PART_SHARES)[:-1], roll, side="right"))]


def _true_chances(truth: Nature, weekday: int) -> Chances:
    contact = sum(
        share * truth.met(weekday, part) for part, share in zip(DAY_PARTS, PART_SHARES, strict=True)
    )
    # Marked as this client's own, as learned chances are.
    keeps = Chance(truth.keeps, source=Source.CLIENT)
    return Chances(
        contact=Chance(contact),
        pays_now=Chance(truth.pays),
        promises=Chance(truth.promises),
        keeps=keeps,
        pay_part=Chance(truth.part),
        promise_part=Chance(truth.part),
    )
