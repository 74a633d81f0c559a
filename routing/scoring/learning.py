"""Chances learned from visits: by client, drawn towards clients like them, drawn to the portfolio.

contact     assumption > portfolio > kind > part of day > weekday > client > client's part of day
pays, promises (given contact)  assumption by age > portfolio > age of debt > kind > client
keeps       assumption > portfolio > age of debt > client
part of the debt that is paid, promised   assumption > portfolio > size of debt > client
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence

import numpy as np

from routing.scoring.chances import DAY_PARTS, Chance, Chances, DayPart, freshness
from routing.scoring.experience import AmountTold, Experience
from routing.scoring.hierarchy import Found, Table, fit_table, fit_values, logit
from routing.scoring.weights import PrizeWeights

MIN_ATTEMPTS = 200
"""Attempts before chances are learned at all; with fewer, the fixed weights stay.

Source: at 200 attempts of an even chance the share of the portfolio is known to 3.5 points
(one standard error), closer than the assumption can claim to be.
"""

CLIENT_PROMISES = 3.0
"""What the fixed factor says: one broken promise lowers the keeping of the next by 0.75 = 3/4."""

AGE_LIMITS = (0, 30, 60, 90, 180, 360)  # days past due, the last of each step
AGE_MIDDLES = (0.0, 15.0, 45.0, 75.0, 135.0, 270.0, 540.0)


def age_step(days_past_due: int) -> int:
    """Return the step of `AGE_LIMITS` that an age lies in, the oldest last."""
    return sum(days_past_due > limit for limit in AGE_LIMITS)


def size_step(owed_cents: int) -> int:
    """Return the size of a debt in steps of about three times (half decades)."""
    return math.floor(2 * math.log10(max(owed_cents, 1)))


class Learned:
    """Chances of any client on any day, from what was known before a moment."""

    def __init__(self, experience: Experience, weights: PrizeWeights) -> None:
        """Fit everything; about a second for 100,000 rows."""
        self.weights = weights
        self.attempts = experience.attempt_count
        self._contact = _contacts(experience, weights)
        self._pays = _talks(experience, weights.pays_now_share, weights, is_promise=False)
        self._promises = _talks(experience, weights.promises_share, weights, is_promise=True)
        self._keeps = _keeps(experience, weights)
        self._paid_part = _amounts(experience.paid, weights)
        self._promised_part = _amounts(experience.promised, weights)
        self._curves: dict[tuple[str, str], tuple[float, ...]] = {}
        self._met: dict[tuple[str, int], tuple[float, ...]] = {}

    def chances(
        self,
        client_id: int,
        *,
        kind: str,
        days_past_due: int,
        owed_cents: int,
        weekday: int,
        hours: Mapping[DayPart, float],
    ) -> Chances:
        """Return the chances of visiting a client on a day.

        Parameters
        ----------
        kind : str
            As in the experience.
        weekday : int
            Monday is 0.
        hours : mapping of DayPart to float
            How much of the time in which the visit may start lies in each part; adds up to 1.
        """
        age = age_step(days_past_due)
        by_part = self.contact_by_part(client_id, kind, weekday)
        size = (size_step(owed_cents),)
        start = self.weights.amount_share
        return Chances(
            contact=self._mean_contact(client_id, kind, weekday, by_part, hours),
            pays_now=self._pays.share(
                client_id, (age, kind), self._at_age("pays", kind, days_past_due)
            ),
            promises=self._promises.share(
                client_id, (age, kind), self._at_age("promises", kind, days_past_due)
            ),
            keeps=self._keeps.share(client_id, (age,), self._at_age("keeps", "", days_past_due)),
            pay_part=self._paid_part.mean(client_id, size, start),
            promise_part=self._promised_part.mean(client_id, size, start),
            by_part=by_part,
        )

    def contact_by_part(self, client_id: int, kind: str, weekday: int) -> dict[DayPart, float]:
        """Return the chance to meet a client on a weekday, by part of the day."""
        found = self._met.get((kind, weekday))
        if found is None:
            start = logit(self.weights.contact_share)
            paths = [(kind, part, weekday) for part in DAY_PARTS]
            found = tuple(start + self._contact.segment(path) for path in paths)
            self._met[kind, weekday] = found
        return {
            part: self._contact.expected(client_id, odds, part)
            for part, odds in zip(DAY_PARTS, found, strict=True)
        }

    def _mean_contact(
        self,
        client_id: int,
        kind: str,
        weekday: int,
        by_part: Mapping[DayPart, float],
        hours: Mapping[DayPart, float],
    ) -> Chance:
        share = sum(by_part[part] * weight for part, weight in hours.items())
        longest = max(hours, key=lambda part: hours[part])
        return self._contact.chance(client_id, (kind, longest, weekday), share)

    def _at_age(self, name: str, kind: str, days_past_due: int) -> float:
        """Return the log odds of a segment at an age, on a line between the middles of steps."""
        curve = self._curves.get((name, kind))
        if curve is None:
            curve = self._curves[name, kind] = self._curve(name, kind)
        i = bisect_right(AGE_MIDDLES, days_past_due)
        if i == len(AGE_MIDDLES):
            return curve[-1]
        low, high = AGE_MIDDLES[i - 1], AGE_MIDDLES[i]
        along = (days_past_due - low) / (high - low)
        return curve[i - 1] + along * (curve[i] - curve[i - 1])

    def _curve(self, name: str, kind: str) -> tuple[float, ...]:
        found = {"pays": self._pays, "promises": self._promises, "keeps": self._keeps}[name]
        steps = range(len(AGE_MIDDLES))
        if name == "keeps":
            start = logit(self.weights.keeps_share)
            return tuple(start + found.segment((step,)) for step in steps)
        assumed = {"pays": self.weights.pays_now_share, "promises": self.weights.promises_share}
        return tuple(
            logit(assumed[name] * freshness(AGE_MIDDLES[step], self.weights))
            + found.segment((step, kind))
            for step in steps
        )


def learn(experience: Experience, weights: PrizeWeights | None = None) -> Learned | None:
    """Return what the visits taught, or None while there are fewer than `MIN_ATTEMPTS`."""
    if experience.attempt_count < MIN_ATTEMPTS:
        return None
    return Learned(experience, weights or PrizeWeights())


def _contacts(experience: Experience, weights: PrizeWeights) -> Found:
    rows = experience.contacts
    table = Table(
        hits=np.array([one.reached for one in rows], dtype=float),
        tries=np.array([one.attempts for one in rows], dtype=float),
        logits=np.full(len(rows), logit(weights.contact_share)),
        paths=[(one.kind, one.part, one.weekday) for one in rows],
        clients=[one.client_id for one in rows],
        cells=[one.part for one in rows],
    )
    return fit_table(table, may_be_lost=True)


def _talks(
    experience: Experience, share: float, weights: PrizeWeights, *, is_promise: bool
) -> Found:
    rows = [one for one in experience.talks if one.contacts]
    steps = [age_step(one.days_past_due) for one in rows]
    by_step = [logit(share * freshness(middle, weights)) for middle in AGE_MIDDLES]
    table = Table(
        hits=np.array([one.promised if is_promise else one.paid for one in rows], dtype=float),
        tries=np.array([one.contacts for one in rows], dtype=float),
        logits=np.array([by_step[step] for step in steps], dtype=float),
        paths=[(step, one.kind) for step, one in zip(steps, rows, strict=True)],
        clients=[one.client_id for one in rows],
    )
    return fit_table(table)


def _keeps(experience: Experience, weights: PrizeWeights) -> Found:
    rows = experience.promises
    table = Table(
        hits=np.array([one.kept_share for one in rows], dtype=float),
        tries=np.ones(len(rows)),
        logits=np.full(len(rows), logit(weights.keeps_share)),
        paths=[(age_step(one.days_past_due),) for one in rows],
        clients=[one.client_id for one in rows],
    )
    return fit_table(table, client_tries=CLIENT_PROMISES)


def _amounts(rows: Sequence[AmountTold], weights: PrizeWeights) -> Found:
    rows = [one for one in rows if one.owed_cents > 0]
    return fit_values(
        np.array([min(1.0, one.amount_cents / one.owed_cents) for one in rows], dtype=float),
        weights.amount_share,
        [(size_step(one.owed_cents),) for one in rows],
        [one.client_id for one in rows],
    )
