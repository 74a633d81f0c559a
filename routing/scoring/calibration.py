"""Whether what was foretold came true: reliability curve and Brier score."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z_95 = 1.959964
MOST_BINS = 10
FEW = 30
"""Forecasts below which nothing is said about calibration."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts of about the same share, and what came of them.

    Attributes
    ----------
    predicted : float 0..1
        Mean of the forecasts.
    observed : float 0..1
        Share that came true.
    low, high : float 0..1
        95 % Wilson interval of the observed share.
    count : int
    """

    predicted: float
    observed: float
    low: float
    high: float
    count: int

    @property
    def holds(self) -> bool:
        """Tell whether the forecast lies within what chance explains."""
        return self.low <= self.predicted <= self.high


@dataclass(frozen=True, slots=True)
class Calibration:
    """How good some forecasts were.

    ``brier`` is the mean squared error, 0 is perfect. ``baseline`` is what always foretelling the
    observed share would have got (the uncertainty of the decomposition), a hard one to beat, as it
    is only known afterwards. ``brier = reliability - resolution + baseline + rest``: how far the
    bins are off, how much they tell apart, and what bins of unequal forecasts leave over.
    """

    count: int
    happened: int
    brier: float
    baseline: float
    reliability: float
    resolution: float
    bins: tuple[Bin, ...]

    @property
    def rest(self) -> float:
        """Return what is left of the score because forecasts within a bin differ."""
        return self.brier - self.reliability + self.resolution - self.baseline

    @property
    def skill(self) -> float:
        """Return the share of the baseline's error that is avoided; below 0 it is worse."""
        return 1 - self.brier / self.baseline if self.baseline else 0.0

    @property
    def is_enough(self) -> bool:
        """Tell whether there are enough forecasts to say anything."""
        return self.count >= FEW


def calibrate(
    predicted: Sequence[float], happened: Sequence[bool], *, bins: int = MOST_BINS
) -> Calibration | None:
    """Compare forecasts with what happened; None when there are none.

    Bins hold about equally many forecasts; equal forecasts are never parted.

    Parameters
    ----------
    predicted : sequence of float 0..1
    happened : sequence of bool
        Of the same length, in the same order.
    """
    pairs = sorted(zip(predicted, happened, strict=True))
    if not pairs:
        return None
    count = len(pairs)
    rate = sum(came for _, came in pairs) / count
    found = tuple(_bin(one) for one in _cut(pairs, bins))
    return Calibration(
        count=count,
        happened=sum(came for _, came in pairs),
        brier=sum((share - came) ** 2 for share, came in pairs) / count,
        baseline=rate * (1 - rate),
        reliability=sum(one.count * (one.predicted - one.observed) ** 2 for one in found) / count,
        resolution=sum(one.count * (one.observed - rate) ** 2 for one in found) / count,
        bins=found,
    )


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """Return the 95 % interval of a share; 0 to 1 without tries. Source: Wilson, JASA 22 (1927)."""
    if tries == 0:
        return 0.0, 1.0
    share, square = hits / tries, Z_95**2
    middle = share + square / (2 * tries)
    half = Z_95 * math.sqrt(share * (1 - share) / tries + square / (4 * tries**2))
    scale = 1 + square / tries
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


Pairs = list[tuple[float, bool]]


def _cut(pairs: Pairs, bins: int) -> list[Pairs]:
    """Cut sorted pairs into about equal parts, never between equal forecasts."""
    size = math.ceil(len(pairs) / bins)
    parts: list[Pairs] = [[]]
    for pair in pairs:
        if len(parts[-1]) >= size and parts[-1][-1][0] != pair[0]:
            parts.append([])
        parts[-1].append(pair)
    return parts


def _bin(pairs: Pairs) -> Bin:
    hits = sum(came for _, came in pairs)
    low, high = wilson(hits, len(pairs))
    predicted = sum(share for share, _ in pairs) / len(pairs)
    return Bin(predicted, hits / len(pairs), low, high, len(pairs))
