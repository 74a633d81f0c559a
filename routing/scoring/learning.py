"""Chances learned from visits: by client, drawn towards clients like them, drawn to the portfolio.

contact     assumption > portfolio > kind > part of day > weekday > client > client's part of day
pays, promises (given contact)  assumption by age > portfolio > age of debt > kind > client
keeps       assumption > portfolio > age of debt > client
part of the debt that is paid, promised   assumption > portfolio > size of debt > client
"""

import math
from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from routing.scoring.chances import DAY_PARTS, Chance, Chances, DayPart, Source, freshness
from routing.scoring.experience import AmountTold, Experience
from routing.scoring.shrinkage import (
    Fit,
    Floats,
    Ints,
    Level,
    effective_weights,
    fit_means,
    fit_shares,
    log_odds,
)
from routing.scoring.weights import PrizeWeights

MIN_ATTEMPTS = 200
"""Attempts before chances are learned at all; with fewer, the fixed weights stay.

Source: at 200 attempts of an even chance the share of the portfolio is known to 3.5 points
(one standard error), closer than the assumption can claim to be.
"""

# Tries that the level above is worth before the data say; estimated from there.
ASSUMED_TRIES = 30.0  # the assumption against the whole portfolio: fixed
SEGMENT_TRIES = 30.0
# What the fixed factors say: one miss lowers contact by 0.8 = 4/5, one broken promise the keeping
# of the next by 0.75 = 3/4; a strength of m is lowered by m / (m + 1).
CLIENT_TRIES = 4.0
CLIENT_PROMISES = 3.0
HOUR_TRIES = 10.0

AGE_LIMITS = (0, 30, 60, 90, 180, 360)  # days past due, the last of each step
AGE_MIDDLES = (0.0, 15.0, 45.0, 75.0, 135.0, 270.0, 540.0)

Path = tuple[Hashable, ...]
NONE = (0.0, 0.0)  # the shift and the tries of whom nothing is known


def age_step(days_past_due: int) -> int:
    """Return the step of `AGE_LIMITS` that an age lies in, the oldest last."""
    return sum(days_past_due > limit for limit in AGE_LIMITS)


def size_step(owed_cents: int) -> int:
    """Return the size of a debt in steps of about three times (half decades)."""
    return math.floor(2 * math.log10(max(owed_cents, 1)))


@dataclass(frozen=True, slots=True)
class Found:
    """A hierarchy after fitting: shifts by path of segments, by client and by client's cell."""

    start: Fit
    segments: Mapping[Path, tuple[float, float]]  # shift, tries
    clients: Mapping[int, tuple[float, float]]
    cells: Mapping[tuple[int, Hashable], float]
    segment_strengths: tuple[float, ...]
    client_strength: float

    def segment(self, path: Path) -> float:
        """Return the shift of a path of segments with all above it."""
        shift = float(self.start.shift[0])
        for depth in range(1, len(path) + 1):
            shift += self.segments.get(path[:depth], NONE)[0]
        return shift

    def source(self, client_id: int, path: Path) -> tuple[Source, int]:
        """Return the deepest level whose own tries weigh at least half, and how many they are."""
        own = self.clients.get(client_id, NONE)[1]
        if own >= self.client_strength:
            return Source.CLIENT, round(own)
        for depth in range(len(path), 0, -1):
            told = self.segments.get(path[:depth])
            if told and told[1] >= self.segment_strengths[depth - 1]:
                return Source.SEGMENT, round(told[1])
        tries = float(self.start.tries[0])
        return (
            (Source.PORTFOLIO, round(tries))
            if tries >= self.start.strength
            else (Source.ASSUMPTION, round(tries))
        )

    def share(self, client_id: int, path: Path, logit: float) -> Chance:
        """Return the chance of a client where their segment gives these log odds."""
        return self.chance(client_id, path, _share(logit + self.clients.get(client_id, NONE)[0]))

    def chance(self, client_id: int, path: Path, share: float) -> Chance:
        """Return a share of a client with its spread and what it rests on."""
        tries = self.clients.get(client_id, NONE)[1]
        spread = math.sqrt(share * (1 - share) / (self.client_strength + tries + 1))
        source, sample = self.source(client_id, path)
        return Chance(share, spread, sample, source)

    def mean(self, client_id: int, path: Path, start: float) -> Chance:
        """Return the mean of a client, kept within 0..1."""
        shift = self.clients.get(client_id, NONE)[0]
        source, sample = self.source(client_id, path)
        return Chance(min(1.0, max(0.0, start + self.segment(path) + shift)), 0.0, sample, source)


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
            start = _logit(self.weights.contact_share)
            paths = [(kind, part, weekday) for part in DAY_PARTS]
            found = tuple(start + self._contact.segment(path) for path in paths)
            self._met[kind, weekday] = found
        own, _tries = self._contact.clients.get(client_id, NONE)
        cells = self._contact.cells
        return {
            part: _share(logit + own + cells.get((client_id, part), 0.0))
            for part, logit in zip(DAY_PARTS, found, strict=True)
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
            start = _logit(self.weights.keeps_share)
            return tuple(start + found.segment((step,)) for step in steps)
        assumed = {"pays": self.weights.pays_now_share, "promises": self.weights.promises_share}
        return tuple(
            _logit(assumed[name] * freshness(AGE_MIDDLES[step], self.weights))
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
    return _found(
        hits=np.array([one.reached for one in rows], dtype=float),
        tries=np.array([one.attempts for one in rows], dtype=float),
        logits=np.full(len(rows), _logit(weights.contact_share)),
        paths=[(one.kind, one.part, one.weekday) for one in rows],
        clients=[one.client_id for one in rows],
        cells=[(one.client_id, one.part) for one in rows],
    )


def _talks(
    experience: Experience, share: float, weights: PrizeWeights, *, is_promise: bool
) -> Found:
    rows = [one for one in experience.talks if one.contacts]
    steps = [age_step(one.days_past_due) for one in rows]
    by_step = [_logit(share * freshness(middle, weights)) for middle in AGE_MIDDLES]
    return _found(
        hits=np.array([one.promised if is_promise else one.paid for one in rows], dtype=float),
        tries=np.array([one.contacts for one in rows], dtype=float),
        logits=np.array([by_step[step] for step in steps], dtype=float),
        paths=[(step, one.kind) for step, one in zip(steps, rows, strict=True)],
        clients=[one.client_id for one in rows],
    )


def _keeps(experience: Experience, weights: PrizeWeights) -> Found:
    rows = experience.promises
    return _found(
        hits=np.array([one.kept_share for one in rows], dtype=float),
        tries=np.ones(len(rows)),
        logits=np.full(len(rows), _logit(weights.keeps_share)),
        paths=[(age_step(one.days_past_due),) for one in rows],
        clients=[one.client_id for one in rows],
        client_tries=CLIENT_PROMISES,
    )


def _amounts(rows: Sequence[AmountTold], weights: PrizeWeights) -> Found:
    rows = [one for one in rows if one.owed_cents > 0]
    values = np.array([min(1.0, one.amount_cents / one.owed_cents) for one in rows], dtype=float)
    paths = [(size_step(one.owed_cents),) for one in rows]
    segments, numbers = _grouped(paths)
    clients, client_groups = _grouped([one.client_id for one in rows])
    levels = (
        Level(np.zeros(len(rows), dtype=np.int64), ASSUMED_TRIES, is_fixed=True),
        Level(numbers, SEGMENT_TRIES),
        Level(client_groups, CLIENT_TRIES),
    )
    top, by_size, by_client = fit_means(values, weights.amount_share, levels)
    return Found(
        start=_never_empty(top),
        segments=_told(segments, by_size),
        clients=_told(clients, by_client),
        cells={},
        segment_strengths=(by_size.strength,),
        client_strength=by_client.strength,
    )


def _found(
    *,
    hits: Floats,
    tries: Floats,
    logits: Floats,
    paths: Sequence[Path],
    clients: Sequence[int],
    cells: Sequence[tuple[int, Hashable]] = (),
    client_tries: float = CLIENT_TRIES,
) -> Found:
    """Fit portfolio, segments, clients and cells; twice, as weights need the first strength."""
    depth = len(paths[0]) if paths else 1
    grouped = [_grouped([path[: d + 1] for path in paths]) for d in range(depth)]
    top = Level(np.zeros(len(tries), dtype=np.int64), ASSUMED_TRIES, is_fixed=True)
    upper = [top, *(Level(numbers, SEGMENT_TRIES) for _keys, numbers in grouped)]
    client_keys, client_groups = _grouped(clients)
    client = Level(client_groups, client_tries)
    first, _logits = fit_shares(hits, tries, logits, [*upper, client])
    weights = effective_weights(tries, client_groups, first[-1].strength)
    fits, above = fit_shares(hits * weights, tries * weights, logits, upper)
    cell_keys, cell_groups = _grouped(cells)
    lower = [client, *([Level(cell_groups, HOUR_TRIES)] if cells else [])]
    own, _logits = fit_shares(hits, tries, above, lower)
    return Found(
        start=_never_empty(fits[0]),
        segments={
            key: told
            for (keys, _numbers), fit in zip(grouped, fits[1:], strict=True)
            for key, told in _told(keys, fit).items()
        },
        clients=_told(client_keys, own[0]),
        cells={
            key: shift
            for key, (shift, _tries) in (_told(cell_keys, own[1]) if cells else {}).items()
        },
        segment_strengths=tuple(fit.strength for fit in fits[1:]),
        client_strength=own[0].strength,
    )


def _grouped(keys: Sequence[Hashable]) -> tuple[list[Hashable], Ints]:
    """Return the distinct keys, and for each row the number of its key."""
    numbers: dict[Hashable, int] = {}
    groups = [numbers.setdefault(key, len(numbers)) for key in keys]
    return list(numbers), np.array(groups, dtype=np.int64)


def _told(keys: Sequence[Hashable], fit: Fit) -> dict:  # type: ignore[type-arg]  # keys differ by use
    pairs = zip(fit.shift.tolist(), fit.tries.tolist(), strict=True)
    return dict(zip(keys, pairs, strict=True))


def _never_empty(fit: Fit) -> Fit:
    """Return the top level, with nothing found when there was no row."""
    return fit if len(fit.shift) else Fit(np.zeros(1), np.zeros(1), fit.strength)


def _logit(share: float) -> float:
    return float(log_odds(np.array(share)))


def _share(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))
