"""What a policy recovers more than the fixed weights, over many towns, with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.scoring.calibration import Calibration, calibrate
from routing.scoring.simulation.season import Policy, Rules, Season
from routing.scoring.simulation.towns import town

CLIENTS = 400


@dataclass(frozen=True, slots=True)
class Comparison:
    """A policy against the fixed weights in towns of one family.

    Attributes
    ----------
    fixed_cents, policy_cents : tuple of int
        Recovered in each town, in the order of the seeds.
    gain, low, high : float
        Mean of the gains of the towns over the mean recovery of the fixed weights, with the 95 %
        interval of Student's t over the pairs.
    forecasts : Calibration
        Of contact, all towns together, at the moment each route was made.
    """

    family: str
    policy: Policy
    fixed_cents: tuple[int, ...]
    policy_cents: tuple[int, ...]
    gain: float
    low: float
    high: float
    forecasts: Calibration | None


def compare(
    family: str,
    seeds: Sequence[int],
    rules: Rules | None = None,
    *,
    policy: Policy = Policy.LEARNED,
    clients: int = CLIENTS,
) -> Comparison:
    """Play each town twice on the same dice: with the fixed weights, and with another policy."""
    rules = rules or Rules()
    fixed, other = [], []
    forecasts: list[tuple[float, bool]] = []
    for seed in seeds:
        people = town(family, clients, np.random.default_rng([seed, 0]))
        fixed.append(Season(people, Policy.FIXED, rules, seed).play())
        season = Season(people, policy, rules, seed)
        other.append(season.play())
        forecasts += season.forecasts
    gain, half = paired_gain(fixed, other)
    return Comparison(
        family=family,
        policy=policy,
        fixed_cents=tuple(fixed),
        policy_cents=tuple(other),
        gain=gain,
        low=gain - half,
        high=gain + half,
        forecasts=calibrate([share for share, _ in forecasts], [came for _, came in forecasts]),
    )


def paired_gain(before: Sequence[int], after: Sequence[int]) -> tuple[float, float]:
    """Return the mean gain over the mean before, and half of its 95 % interval.

    One pair has no interval: half is infinite then.
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - slow to load, and only needed here

    level = float(np.mean(before))
    gains = (np.array(after, dtype=float) - np.array(before, dtype=float)) / level
    if len(gains) < 2:
        return float(gains.mean()), float("inf")
    error = gains.std(ddof=1) / np.sqrt(len(gains))
    return float(gains.mean()), float(error * stdtrit(len(gains) - 1, 0.975))
