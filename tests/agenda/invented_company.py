"""A company whose truth is known: clients with their own reliability, and money nobody promised."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

import numpy as np

from collector_app.agenda.rules import Commitment, Said, forecast, history_of
from collector_app.agenda.rules.forecast import CashWeek
from collector_app.promises.rules import PromisePolicy, PromiseTerms, Receipt, last_day
from routing.scoring import Chance, Keeping, PrizeWeights, PromiseEnd

START = date(2026, 1, 5)
PAST_DAYS = 26 * 7
FUTURE_DAYS = 13 * 7
TODAY = START + timedelta(days=PAST_DAYS)
ZONE = ZoneInfo("America/Mexico_City")
POLICY = PromisePolicy()


@dataclass(frozen=True)
class Told:
    """A promise or an instalment, and whether it was going to be kept."""

    client: int
    agreement: int
    made_on: date
    due_on: date
    cents: int
    is_kept: bool
    is_instalment: bool

    def terms(self, number: int) -> PromiseTerms:
        made_at = datetime.combine(self.made_on, time(18), UTC)
        return PromiseTerms(number, self.cents, self.due_on, made_at, is_cancelled=False)

    def commitment(self, chance: Chance) -> Commitment:
        agreement = self.agreement if self.is_instalment else None
        return Commitment(
            self.client, self.due_on, self.cents, chance.share, chance.spread, agreement
        )


@dataclass
class Company:
    """What was promised and what came in, the future too."""

    seed: int
    clients: int = 250
    made: int = 0
    told: list[Told] = field(default_factory=list)
    receipts: dict[int, list[Receipt]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        """Play all days; what follows `TODAY` is the truth that a forecast is held against."""
        dice = np.random.default_rng(self.seed)
        rate = dice.uniform(0.35, 0.8)  # of this company; no assumption of ours
        reliability = dice.beta(4 * rate, 4 * (1 - rate), self.clients)
        for n in range(PAST_DAYS + FUTURE_DAYS):
            on = START + timedelta(days=n)
            for client in dice.choice(self.clients, dice.poisson(3), replace=False):
                self._promise(int(client), on, reliability[client], dice)
            for client in dice.choice(self.clients, dice.poisson(4), replace=False):
                self._receive(int(client), on, int(dice.lognormal(11, 0.6)))

    def _promise(self, client: int, on: date, chance: float, dice: np.random.Generator) -> None:
        """Promise one payment, or every sixth time eight weekly ones; whoever breaks one ends."""
        parts = 8 if dice.random() < 1 / 6 else 1
        cents, is_alive = int(dice.lognormal(11.5, 0.6)) // parts, True
        first_on = on + timedelta(days=int(dice.integers(1, 15)))
        self.made += 1
        for part in range(parts):
            due_on = first_on + timedelta(days=7 * part)
            is_alive = is_alive and bool(dice.random() < chance)
            self.told.append(Told(client, self.made, on, due_on, cents, is_alive, parts > 1))
            if is_alive:
                late = int(dice.choice([-1, 0, 0, 0, 1]))
                self._receive(client, max(on, due_on + timedelta(days=late)), cents)

    def _receive(self, client: int, on: date, cents: int) -> None:
        self.receipts[client].append(Receipt(datetime.combine(on, time(19), UTC), on, cents))

    def forecast(self) -> list[CashWeek]:
        """Foretell from what was known when today began."""
        known = [one for one in self.told if one.made_on < TODAY]
        over = [one for one in known if last_day(one.due_on, POLICY) < TODAY]
        broken = {one.agreement for one in over if not one.is_kept}
        ends = [PromiseEnd(one.client, 45, float(one.is_kept)) for one in over if self._counts(one)]
        keeping = Keeping(ends, PrizeWeights())
        past = {
            client: [one for one in some if one.on < TODAY]
            for client, some in self.receipts.items()
        }
        received: dict[date, int] = defaultdict(int)
        for one in chain.from_iterable(past.values()):
            received[one.on] += one.amount_cents
        terms: dict[int, list[PromiseTerms]] = defaultdict(list)
        for number, told in enumerate(known):
            terms[told.client].append(told.terms(number))
        history = history_of(
            TODAY,
            received,
            [Said(some, past.get(client, [])) for client, some in terms.items()],
            ahead=13,
            zone=ZONE,
            policy=POLICY,
        )
        alive = [one for one in known if one.due_on >= TODAY and one.agreement not in broken]
        commitments = [one.commitment(keeping.chance(one.client, 45)) for one in alive]
        return forecast(TODAY, commitments, history, promises_over=len(ends))

    def _counts(self, told: "Told") -> bool:
        """Tell whether an instalment was still awaited: none is, once one before it was broken."""
        return all(
            one.is_kept
            for one in self.told
            if one.agreement == told.agreement and one.due_on < told.due_on
        )

    def truth(self) -> list[int]:
        """Return what really came in during each of the thirteen weeks."""
        weeks = [0] * 13
        for some in self.receipts.values():
            for one in some:
                n = (one.on - TODAY).days // 7
                if 0 <= n < 13:
                    weeks[n] += one.amount_cents
        return weeks
