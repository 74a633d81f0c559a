"""Shares and means of many small groups, each drawn towards the group above it.

A client with two visits says little, so their share is a compromise between their own visits and
those of clients like them; those in turn lean on the whole portfolio, and that on an assumption.
How strongly a level leans on the one above is estimated from the data: where groups differ no more
than chance explains, they are drawn together; where they differ a lot, each stands for itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PAIRS_OF_DEFAULT = 200.0
"""How many pairs of visits to one group the default strength is worth when it is estimated."""
STRENGTHS = (0.5, 1000.0)
NEARLY = 1e-6  # a share is never certain
LOST_ASSUMED = (2.0, 38.0)
"""Lost clients are assumed to be 2 of 40: an assumption that as many clients outweigh."""
EM_STEPS = 30


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a hierarchy over rows of counts.

    Attributes
    ----------
    groups : int[rows]
        Which group each row belongs to, from 0.
    strength : float > 0
        Tries that the level above is worth beside a group's own; the default to estimate from.
    is_fixed : bool
        Take the strength as it is.
    """

    groups: Ints
    strength: float
    is_fixed: bool = False

    @property
    def count(self) -> int:
        """Return how many groups there are."""
        return int(self.groups.max()) + 1 if len(self.groups) else 0

    def sums(self, values: Floats) -> Floats:
        """Return the sum over the rows of each group."""
        return np.bincount(self.groups, values, self.count).astype(float)


@dataclass(frozen=True, slots=True)
class Fit:
    """What was found at one level: by group, how far it departs from the level above.

    Attributes
    ----------
    shift : float[groups]
        On the scale of the level: log odds of shares, or plain for means.
    tries : float[groups]
        What it rests on.
    strength : float
        As used.
    """

    shift: Floats
    tries: Floats
    strength: float


def fit_shares(
    hits: Floats, tries: Floats, logits: Floats, levels: Sequence[Level]
) -> tuple[list[Fit], Floats]:
    """Fit a hierarchy of shares from the top down.

    Each group is Beta-binomial: its share has the mean that the level above gives to its rows and
    the weight of `strength` tries; what its own tries make of it is kept as a shift of log odds,
    so that rows of different means (hours, ages of debt) can share a group.

    Parameters
    ----------
    hits, tries : float[rows]
        0 <= hits <= tries; fractions count.
    logits : float[rows]
        Log odds that the top level starts from: the assumption.

    Returns
    -------
    list of Fit, float[rows]
        One for each level, and the log odds of the rows at the end.
    """
    fits = []
    for level in levels:
        means = share_of(logits)
        spread = tries * means * (1 - means)
        hit = level.sums(hits)
        expected = level.sums(tries * means)
        tried = level.sums(tries)
        strength = level.strength
        if not level.is_fixed:
            chance = level.sums(spread)
            variance = float(spread.sum() / max(tried.sum(), NEARLY))
            strength = _strength(hit - expected, chance, tried, variance, strength)
        above = np.divide(expected, tried, out=np.full_like(tried, 0.5), where=tried > 0)
        own = (strength * above + hit) / (strength + tried)
        shift = np.where(tried > 0, log_odds(own) - log_odds(above), 0.0)
        logits = logits + shift[level.groups] if len(logits) else logits
        fits.append(Fit(shift, tried, strength))
    return fits, logits


def fit_means(values: Floats, start: float, levels: Sequence[Level]) -> list[Fit]:
    """Fit a hierarchy of means from the top down; shifts are on the scale of the values."""
    fits, left = [], values - start
    for level in levels:
        sums = level.sums(left)
        counts = level.sums(np.ones_like(left))
        strength = level.strength
        if not level.is_fixed:
            squares = level.sums(left**2)
            variance = float((left**2).mean()) if len(left) else 0.0
            strength = _strength(sums, squares, counts, variance, strength)
        shift = sums / (strength + np.maximum(counts, NEARLY))
        left = left - shift[level.groups] if len(left) else left
        fits.append(Fit(shift, counts, strength))
    return fits


def effective_weights(tries: Floats, groups: Ints, strength: float) -> Floats:
    """Return what each row weighs for the levels above its group.

    Ten visits to one client are not ten clients: with the correlation r = 1/(strength + 1) within
    a group, n tries weigh n / (1 + (n - 1) r). Without this, clients who are visited often would
    stand for those who never are. Source: Kleinman, JASA 68 (1973).
    """
    correlation = 1 / (1 + strength)
    tried = np.bincount(groups, tries)[groups] if len(groups) else tries
    weights: Floats = 1 / (1 + np.maximum(tried - 1, 0) * correlation)
    return weights


def lost_chances(
    hits: Floats, tries: Floats, expected: Floats, *, strength: float, contact: float
) -> tuple[Floats, float]:
    """Tell how likely each client is lost: not at the address at all, met with `contact`.

    The others are Beta-binomial as in `fit_shares`, and who was met once is none of the lost. The
    share of the lost is the mode under a Beta prior of `LOST_ASSUMED`, by expectation and
    maximisation.

    Parameters
    ----------
    hits, tries, expected : float[clients]
        ``expected`` is what a client of their hours who is not lost is hit.

    Returns
    -------
    float[clients], float
        The chance of each, and the share of clients of whom nothing is known.
    """
    alive, gone = unmet_chances(hits, tries, expected, strength=strength, contact=contact)
    successes, failures = LOST_ASSUMED
    share = successes / (successes + failures)
    lost = np.zeros_like(tries)
    for _ in range(EM_STEPS):
        lost = share * gone / np.maximum(share * gone + (1 - share) * alive, NEARLY)
        share = float((successes + lost.sum()) / (successes + failures + len(lost)))
    return lost, share


def unmet_chances(
    hits: Floats, tries: Floats, expected: Floats, *, strength: float, contact: float
) -> tuple[Floats, Floats]:
    """Return the chance of each client's tries without a hit: of the living, and of the lost.

    The second is 0 where there was a hit.
    """
    means = np.divide(expected, tries, out=np.full_like(tries, 0.5), where=tries > 0)
    alive = np.ones_like(tries)
    for k in range(int(tries.max(initial=0))):
        step = (strength * (1 - means) + k) / (strength + k)
        alive = np.where(k < tries, alive * step, alive)
    return alive, np.where(hits > 0, 0.0, (1 - contact) ** tries)


def share_of(logits: Floats) -> Floats:
    """Return the shares of log odds."""
    shares: Floats = 1 / (1 + np.exp(-logits))
    return shares


def log_odds(shares: Floats) -> Floats:
    """Return the log odds of shares, which are kept off 0 and 1."""
    inside = np.clip(shares, NEARLY, 1 - NEARLY)
    found: Floats = np.log(inside / (1 - inside))
    return found


def _strength(
    sums: Floats, squares: Floats, counts: Floats, variance: float, default: float
) -> float:
    """Estimate how many tries the level above is worth, by moments.

    Within a group the expected square of the summed departures is that of chance, `squares`, plus
    ``n (n - 1) variance r``, where r is the correlation between two tries of one group; a
    Beta-binomial of strength m has r = 1 / (m + 1). The default counts as `PAIRS_OF_DEFAULT`
    pairs, so that a handful of groups does not decide.
    """
    pairs = float(np.maximum(counts * (counts - 1), 0).sum())
    # Groups of one try hold no pair: their terms cancel in expectation and only add noise.
    told = counts > 1
    found = float((sums[told] ** 2 - squares[told]).sum())
    if variance <= 0:
        return default
    correlation = (found / variance + PAIRS_OF_DEFAULT / (1 + default)) / (pairs + PAIRS_OF_DEFAULT)
    least, most = (1 / (1 + one) for one in reversed(STRENGTHS))
    return 1 / min(max(correlation, least), most) - 1
