"""How far the ratio of two sums may be off, by linearising it at the cases that were added up.

Source: Cochran, Sampling Techniques, 3rd ed. (1977), chapter 6: the variance of a ratio is about
that of the residuals ``part - ratio * whole`` of its cases. For when no interval can be told:
Fieller, "Some problems in interval estimation", Journal of the Royal Statistical Society B 16
(1954).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from scipy.special import stdtrit

PARTS = 1_000_000_000  # errors are kept as whole numbers of this part of the value
_NOISE = 1e-12  # what sums of floats that should be nothing leave of what was added up


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over the cases of a ratio: both quantities, their squares and their product."""

    cases: int = 0
    part: float = 0.0
    whole: float = 0.0
    parts_squared: float = 0.0
    products: float = 0.0
    wholes_squared: float = 0.0

    @classmethod
    def of_pairs(cls, pairs: Iterable[tuple[float, float]]) -> "Moments":
        """Return the sums over cases that are given one by one."""
        known = list(pairs)
        return cls(
            len(known),
            sum(part for part, _ in known),
            sum(whole for _, whole in known),
            sum(float(part) ** 2 for part, _ in known),
            sum(float(part) * whole for part, whole in known),
            sum(float(whole) ** 2 for _, whole in known),
        )


def ratio_error(sums: Moments, *, is_share: bool) -> int | None:
    """Return the standard error of ``part / whole`` in `PARTS` of its value; None: not to be told.

    Not of less than two cases, of nothing, or of a share of all: there the cases seen don't lie
    apart, which says nothing of those not seen. Nor where the cases differ so much in size that
    their whole itself could be nothing (Fieller).

    Parameters
    ----------
    is_share : bool
        Whether no case can have more part than whole.
    """
    cases, whole = sums.cases, sums.whole
    if cases < 2 or whole <= 0 or not sums.part or (is_share and sums.part >= whole):
        return None
    scale = cases / (cases - 1) / whole**2
    apart = max(0.0, sums.wholes_squared - whole**2 / cases)
    if _students(cases) ** 2 * scale * apart >= 1:
        return None
    ratio = sums.part / whole
    residuals = sums.parts_squared - 2 * ratio * sums.products + ratio**2 * sums.wholes_squared
    if residuals < _NOISE * sums.parts_squared:
        return 0
    return round(sqrt(scale * residuals) / abs(ratio) * PARTS)


def ratio_interval(value: float, cases: int, error: int) -> tuple[float, float]:
    """Return the 95 % interval of a ratio by Student's t of its cases, given its `ratio_error`."""
    half = _students(cases) * abs(value) * error / PARTS
    return value - half, value + half


def _students(cases: int) -> float:
    return float(stdtrit(cases - 1, 0.975))
