"""Chances learned from visits: by client, drawn towards clients like them, drawn to the portfolio.

contact     assumption > portfolio > kind > part of day > weekday > client > client's part of day
pays, promises (given contact)  assumption by age > portfolio > age of debt > kind > client
keeps       assumption > portfolio > age of debt > client
part of the debt that is paid, promised   assumption > portfolio > size of debt > client

Each is foretold by rivals (`routing.scoring.rivals`), believed as far as they foretold: the fixed
weights as they are, what was learned beside them and, of contact and keeping, on top of them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from routing.scoring.chances import DAY_PARTS, Chance, Chances, DayPart, freshness
from routing.scoring.experience import AmountTold, Experience
from routing.scoring.hierarchy import Found, Table, fit_table, fit_values, logit
from routing.scoring.keeping import AGE_MIDDLES, Keeping, age_step, at_age
from routing.scoring.rivals import LEAST_WEIGHT, Rival, mean_rivals_of, most_believed, rivals_of
from routing.scoring.weights import PrizeWeights

MIN_ATTEMPTS = 200
"""Attempts before chances are learned at all; with fewer, the fixed weights stay.

Source: at 200 attempts of an even chance the share of the portfolio is known to 3.5 points
(one standard error), closer than the assumption can claim to be.
"""

HALF = 0.5


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
        self._assumed = {"pays": weights.pays_now_share, "promises": weights.promises_share}
        self._talks = {
            name: _talks(experience, share, weights, is_promise=name == "promises")
            for name, share in self._assumed.items()
        }
        self.keeping = Keeping(experience.promises, weights)
        self._paid_part = _amounts(experience.paid, weights)
        self._promised_part = _amounts(experience.promised, weights)
        self._curves: dict[tuple[str, str], tuple[float, ...]] = {}
        self._met: dict[tuple[int, str, int], tuple[float, ...]] = {}

    def chances(  # noqa: PLR0913 - each is a fact of the visit, told by name
        self,
        client_id: int,
        *,
        kind: str,
        days_past_due: int,
        owed_cents: int,
        weekday: int,
        hours: Mapping[DayPart, float],
        misses: int = 0,
        broken: int = 0,
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
        misses, broken : int
            Attempts without contact since the last one; promises broken in the last six months.
        """
        by_part = self.contact_by_part(client_id, kind, weekday, misses)
        size = (size_step(owed_cents),)
        start = self.weights.amount_share
        return Chances(
            contact=self._mean_contact(client_id, kind, weekday, by_part, hours),
            pays_now=self._talk("pays", client_id, kind, days_past_due),
            promises=self._talk("promises", client_id, kind, days_past_due),
            keeps=self.keeping.chance(client_id, days_past_due, broken),
            pay_part=_part(self._paid_part, client_id, size, start),
            promise_part=_part(self._promised_part, client_id, size, start),
            by_part=by_part,
        )

    def contact_by_part(
        self, client_id: int, kind: str, weekday: int, misses: int = 0
    ) -> dict[DayPart, float]:
        """Return the chance to meet a client on a weekday, by part of the day."""
        found = dict.fromkeys(DAY_PARTS, 0.0)
        for number, rival in enumerate(self._contact):
            start = met_share(self.weights, misses if rival.remembers else 0)
            if rival.found is None:
                for part in DAY_PARTS:
                    found[part] += rival.weight * start
            elif rival.weight > LEAST_WEIGHT:
                odds = logit(start)
                shifts = self._met_shifts(number, rival.found, kind, weekday)
                for part, shift in zip(DAY_PARTS, shifts, strict=True):
                    share = rival.found.expected(client_id, odds + shift, part)
                    found[part] += rival.weight * share
        return found

    def _met_shifts(self, number: int, found: Found, kind: str, weekday: int) -> tuple[float, ...]:
        """Return how far the hours of a weekday depart from the assumption, by part of the day."""
        key = (number, kind, weekday)
        shifts = self._met.get(key)
        if shifts is None:
            shifts = tuple(found.segment((kind, part, weekday)) for part in DAY_PARTS)
            self._met[key] = shifts
        return shifts

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
        best = most_believed(self._contact)
        if best.found is None:
            return Chance(share)
        return best.found.chance(client_id, (kind, longest, weekday), share)

    def _talk(self, name: str, client_id: int, kind: str, days_past_due: int) -> Chance:
        """Return the chance that a contact pays or promises, mixed as the rivals are believed."""
        fixed, learned = self._talks[name]
        assert learned.found is not None  # noqa: S101 - the second rival is what was learned
        share = fixed.weight * self._assumed[name] * freshness(days_past_due, self.weights)
        path = (age_step(days_past_due), kind)
        odds = self._at_age(name, kind, days_past_due)
        share += learned.weight * learned.found.expected(client_id, odds)
        return (
            Chance(share) if fixed.weight > HALF else learned.found.chance(client_id, path, share)
        )

    def _at_age(self, name: str, kind: str, days_past_due: int) -> float:
        """Return the log odds of a segment at an age, on a line between the middles of steps."""
        curve = self._curves.get((name, kind))
        if curve is None:
            curve = self._curves[name, kind] = self._curve(name, kind)
        return at_age(curve, days_past_due)

    def _curve(self, name: str, kind: str) -> tuple[float, ...]:
        steps = range(len(AGE_MIDDLES))
        found = self._talks[name][1].found
        assert found is not None  # noqa: S101 - the second rival is what was learned
        return tuple(
            logit(self._assumed[name] * freshness(AGE_MIDDLES[step], self.weights))
            + found.segment((step, kind))
            for step in steps
        )


def learn(experience: Experience, weights: PrizeWeights | None = None) -> Learned | None:
    """Return what the visits taught, or None while there are fewer than `MIN_ATTEMPTS`."""
    if experience.attempt_count < MIN_ATTEMPTS:
        return None
    return Learned(experience, weights or PrizeWeights())


def met_share(weights: PrizeWeights, misses: int) -> float:
    """Return the contact that the fixed weights foretell after so many misses."""
    lowered: float = weights.repeated_miss_factor**misses
    return weights.contact_share * lowered


def _contacts(experience: Experience, weights: PrizeWeights) -> tuple[Rival, ...]:
    rows = experience.contacts
    steady = Table(
        hits=np.array([one.reached for one in rows], dtype=float),
        tries=np.array([one.attempts for one in rows], dtype=float),
        logits=np.full(len(rows), logit(weights.contact_share)),
        paths=[(one.kind, one.part, one.weekday) for one in rows],
        clients=[one.client_id for one in rows],
        cells=[one.part for one in rows],
    )
    assumed = [logit(met_share(weights, one.misses)) for one in rows]
    remembering = replace(steady, logits=np.array(assumed, dtype=float))
    return rivals_of(
        remembering,
        (fit_table(steady, may_be_lost=True), steady, False),
        (fit_table(remembering, may_be_lost=True), remembering, True),
    )


def _talks(
    experience: Experience, share: float, weights: PrizeWeights, *, is_promise: bool
) -> tuple[Rival, ...]:
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
    return rivals_of(table, (fit_table(table), table, False))


def _amounts(rows: Sequence[AmountTold], weights: PrizeWeights) -> tuple[Rival, ...]:
    rows = [one for one in rows if one.owed_cents > 0]
    values = np.array([min(1.0, one.amount_cents / one.owed_cents) for one in rows], dtype=float)
    paths = [(size_step(one.owed_cents),) for one in rows]
    clients = [one.client_id for one in rows]
    found = fit_values(values, weights.amount_share, paths, clients)
    return mean_rivals_of(values, weights.amount_share, found, paths, clients)


def _part(rivals: Sequence[Rival], client_id: int, size: tuple[int], start: float) -> Chance:
    """Return the part of a debt that is paid or promised, mixed as the rivals are believed."""
    fixed, learned = rivals
    assert learned.found is not None  # noqa: S101 - the second rival is what was learned
    mean = learned.found.mean(client_id, size, start)
    share = fixed.weight * start + learned.weight * mean.share
    return Chance(share) if fixed.weight > HALF else replace(mean, share=share)
