"""The chance that a promise is kept: by client, drawn towards debts of their age and the portfolio.

Three rivals foretell it (`routing.scoring.rivals`): the fixed weights, the learned share of each
client, and that share lowered for each promise the client has broken.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from routing.scoring.chances import Chance
from routing.scoring.experience import PromiseEnd
from routing.scoring.hierarchy import Table, fit_table, logit
from routing.scoring.rivals import LEAST_WEIGHT, Rival, most_believed, rivals_of
from routing.scoring.weights import PrizeWeights

CLIENT_PROMISES = 3.0
"""What the fixed factor says: one broken promise lowers the keeping of the next by 0.75 = 3/4."""

AGE_LIMITS = (0, 30, 60, 90, 180, 360)  # days past due, the last of each step
AGE_MIDDLES = (0.0, 15.0, 45.0, 75.0, 135.0, 270.0, 540.0)


def age_step(days_past_due: int) -> int:
    """Return the step of `AGE_LIMITS` that an age lies in, the oldest last."""
    return sum(days_past_due > limit for limit in AGE_LIMITS)


def at_age(curve: Sequence[float], days_past_due: int) -> float:
    """Return the value at an age, on a line between the middles of the steps of a curve."""
    i = bisect_right(AGE_MIDDLES, days_past_due)
    if i == len(AGE_MIDDLES):
        return curve[-1]
    low, high = AGE_MIDDLES[i - 1], AGE_MIDDLES[i]
    along = (days_past_due - low) / (high - low)
    return curve[i - 1] + along * (curve[i] - curve[i - 1])


class Keeping:
    """What promises that are over taught about those that are open."""

    def __init__(self, ends: Sequence[PromiseEnd], weights: PrizeWeights) -> None:
        """Fit the rivals; without any promise the fixed weights and nothing else speak."""
        self.weights = weights
        self.rivals = _rivals(ends, weights)
        steps = range(len(AGE_MIDDLES))
        self._curves = [
            [rival.found.segment((step,)) for step in steps] if rival.found else []
            for rival in self.rivals
        ]

    def chance(self, client_id: int, days_past_due: int, broken: int = 0) -> Chance:
        """Return the chance that a client keeps a promise, mixed as the rivals are believed.

        Parameters
        ----------
        days_past_due : int
            Age of the client's debt.
        broken : int
            Promises that the client broke in the last six months.
        """
        share = 0.0
        for rival, curve in zip(self.rivals, self._curves, strict=True):
            start = kept_share(self.weights, broken if rival.remembers else 0)
            if rival.found is None:
                share += rival.weight * start
            elif rival.weight > LEAST_WEIGHT:
                odds = logit(start) + at_age(curve, days_past_due)
                share += rival.weight * rival.found.expected(client_id, odds)
        best = most_believed(self.rivals).found
        path = (age_step(days_past_due),)
        return Chance(share) if best is None else best.chance(client_id, path, share)


def kept_share(weights: PrizeWeights, broken: int) -> float:
    """Return the keeping that the fixed weights foretell after so many broken promises."""
    lowered: float = weights.broken_promise_factor**broken
    return weights.keeps_share * lowered


def _rivals(rows: Sequence[PromiseEnd], weights: PrizeWeights) -> tuple[Rival, ...]:
    steady = Table(
        hits=np.array([one.kept_share for one in rows], dtype=float),
        tries=np.ones(len(rows)),
        logits=np.full(len(rows), logit(weights.keeps_share)),
        paths=[(age_step(one.days_past_due),) for one in rows],
        clients=[one.client_id for one in rows],
    )
    assumed = [logit(kept_share(weights, one.broken)) for one in rows]
    remembering = replace(steady, logits=np.array(assumed, dtype=float))
    return rivals_of(
        remembering,
        (fit_table(steady, client_tries=CLIENT_PROMISES), steady, False),
        (fit_table(remembering, client_tries=CLIENT_PROMISES), remembering, True),
    )
