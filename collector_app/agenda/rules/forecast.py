"""Thirteen weeks of cash with an interval, by playing the coming weeks many times.

Two kinds of money come in. What clients said: each promise and instalment is kept with its own
chance; the chances of one client are drawn together (who breaks one instalment tends to break the
next), those of all share the doubt about the company's rate. What nobody said yet: as much as in
past weeks, seen from as far ahead, with the doubt about their mean. An agreement ends with its
first broken instalment: what is paid after that is money that nobody said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from collector_app.agenda.rules.history import CashHistory

WEEKS = 13
COVERAGE = 0.80  # of the weeks end inside the interval
DRAWS = 1_000
SEED = 20_261_128  # the same facts give the same forecast
LEAST_WEEKS = 4  # of history, before money that nobody said is foretold
ASSUMED_PROMISES = 30  # the assumed rate is worth so many, as in `routing.scoring`
CLIENT_STRENGTH = 3.0  # of one client, where nothing was learned: `keeping.CLIENT_PROMISES`
_AT_ONCE = 1_000  # commitments
_INSIDE = 1e-6

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Commitment:
    """Something that a client said they would pay: cents, when, and the chance that they will."""

    client_id: int
    due_on: date
    amount_cents: int
    share: float  # 0..1
    spread: float = 0.0  # standard deviation of what the share may really be
    agreement_id: int | None = None  # its instalments come one after the other


@dataclass(frozen=True, slots=True)
class CashWeek:
    """Seven days of the forecast, in cents; the interval holds `COVERAGE` of what may happen.

    ``total_*`` run from the first day of the forecast to the end of the week.
    """

    starts_on: date
    said_cents: int
    kept_cents: int  # what may be expected of it
    unsaid_cents: int  # what may be expected of those who said nothing yet
    low_cents: int
    high_cents: int
    total_cents: int
    total_low_cents: int
    total_high_cents: int

    @property
    def expected_cents(self) -> int:
        """Return all that may be expected in the week."""
        return self.kept_cents + self.unsaid_cents


def forecast(
    day: date,
    commitments: Sequence[Commitment],
    history: CashHistory,
    *,
    promises_over: int,
    weeks: int = WEEKS,
) -> list[CashWeek]:
    """Return the coming weeks; the first begins on `day`.

    Parameters
    ----------
    promises_over : int
        How many promises the chances were learned from: the fewer, the wider the interval.
    """
    dice = np.random.default_rng(SEED)
    kept = _kept(day, commitments, history.delays_days, promises_over, weeks, dice)
    unsaid = _unsaid(history, weeks, dice)
    together = kept + unsaid
    sums = together.cumsum(axis=1)
    edges = ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2)
    low, high = np.quantile(together, edges, axis=0)
    sum_low, sum_high = np.quantile(sums, edges, axis=0)
    said = _said(day, commitments, weeks)
    return [
        CashWeek(
            starts_on=day + timedelta(days=7 * n),
            said_cents=said[n],
            kept_cents=round(float(kept[:, n].mean())),
            unsaid_cents=round(float(unsaid[:, n].mean())),
            low_cents=round(float(low[n])),
            high_cents=round(float(high[n])),
            total_cents=round(float(sums[:, n].mean())),
            total_low_cents=round(float(sum_low[n])),
            total_high_cents=round(float(sum_high[n])),
        )
        for n in range(weeks)
    ]


def _said(day: date, commitments: Sequence[Commitment], weeks: int) -> list[int]:
    found = [0] * weeks
    for one in commitments:
        n = max(0, (one.due_on - day).days) // 7
        if n < weeks:
            found[n] += one.amount_cents
    return found


def _kept(
    day: date,
    commitments: Sequence[Commitment],
    delays_days: Sequence[int],
    promises_over: int,
    weeks: int,
    dice: np.random.Generator,
) -> Floats:
    """Return the money of commitments by draw and week."""
    found = np.zeros(DRAWS * (weeks + 1))  # the last column: after the forecast
    doubt = dice.standard_normal((DRAWS, 1))
    delays = np.array(delays_days or (0,))
    rows = np.arange(DRAWS)[:, None] * (weeks + 1)
    for some in _by_client(commitments):
        is_kept = dice.random((DRAWS, len(some))) < _chances(some, doubt, promises_over, dice)
        for n, (before, one) in enumerate(pairwise(some), start=1):
            if one.agreement_id is not None and one.agreement_id == before.agreement_id:
                is_kept[:, n] &= is_kept[:, n - 1]
        due = np.array([(one.due_on - day).days for one in some])
        came = np.maximum(0, due + dice.choice(delays, (DRAWS, len(some))))
        week = np.minimum(came // 7, weeks)
        cents = is_kept * np.array([float(one.amount_cents) for one in some])
        found += np.bincount((rows + week).ravel(), cents.ravel(), minlength=len(found))
    return found.reshape(DRAWS, weeks + 1)[:, :weeks]


def _by_client(commitments: Sequence[Commitment]) -> Iterator[list[Commitment]]:
    """Yield commitments in batches that part no client, instalments of an agreement in order."""
    batch: list[Commitment] = []
    in_order = sorted(
        commitments, key=lambda one: (one.client_id, one.agreement_id or 0, one.due_on)
    )
    for _client, some in groupby(in_order, key=lambda one: one.client_id):
        batch.extend(some)
        if len(batch) >= _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _chances(
    some: Sequence[Commitment], doubt: Floats, promises_over: int, dice: np.random.Generator
) -> Floats:
    """Draw the chance of each commitment: one per client, around a mean that all may be off by."""
    clients, numbers = np.unique([one.client_id for one in some], return_inverse=True)
    firsts = np.unique(numbers, return_index=True)[1]
    shares = np.clip([some[i].share for i in firsts], _INSIDE, 1 - _INSIDE)
    spreads = np.array([some[i].spread for i in firsts])
    whole = shares * (1 - shares)
    strengths = np.full(len(clients), CLIENT_STRENGTH)
    known = spreads > 0
    strengths[known] = np.maximum(_INSIDE, whole[known] / spreads[known] ** 2 - 1)
    middle = float(shares.mean())
    doubt_logits = doubt / np.sqrt((promises_over + ASSUMED_PROMISES) * middle * (1 - middle))
    odds = np.log(shares / (1 - shares)) + doubt_logits
    means = np.clip(1 / (1 + np.exp(-odds)), _INSIDE, 1 - _INSIDE)
    drawn: Floats = dice.beta(means * strengths, (1 - means) * strengths)[:, numbers]
    return drawn


def _unsaid(history: CashHistory, weeks: int, dice: np.random.Generator) -> Floats:
    """Return the money that nobody said, by draw and week: a doubted mean, a past week's luck."""
    n = len(history.unsaid_cents[0]) if history.unsaid_cents else 0
    if n < LEAST_WEEKS:
        return np.zeros((DRAWS, weeks))
    past = np.array(history.unsaid_cents[:weeks], dtype=float)
    means = past.mean(axis=1, keepdims=True)
    left = (past - means) * np.sqrt(n / (n - 1))
    doubt = dice.standard_t(n - 1, (DRAWS, 1)) * past.std(axis=1, ddof=1) / np.sqrt(n)
    luck = left[np.arange(weeks), dice.integers(0, n, (DRAWS, weeks))]
    drawn: Floats = np.maximum(0.0, means[:, 0] + doubt + luck)
    return drawn
