"""Delays of centres, and what each unit chooses under them."""

import numpy as np

from routing.zoning.kernels.values import Floats, Ints, compiled

STEPS = 60  # adjustments of the delays
GROW, SHRINK = 1.15, 0.5  # of the step of a delay, by whether its error kept its sign
FARTHEST_STEP = 0.3  # error at which a delay takes its whole step


@compiled
def _choice(who: Ints, after: Floats, delay: Floats, unit: int) -> int:
    """Return the centre that is best for a unit under further delays, of those that it knows."""
    best = who[unit, 0]
    least = after[unit, 0] + delay[best]
    for i in range(1, who.shape[1]):
        rank = who[unit, i]
        if rank >= 0 and after[unit, i] + delay[rank] < least:
            least = after[unit, i] + delay[rank]
            best = rank
    return int(best)


@compiled
def choices_under(who: Ints, after: Floats, delay: Floats) -> Ints:
    """Return the best centre of each unit under further delays, of those that it knows."""
    choice = np.empty(len(who), np.int32)
    for unit in range(len(who)):
        choice[unit] = _choice(who, after, delay, unit)
    return choice


@compiled
def _loads(who: Ints, after: Floats, delay: Floats, weight: Floats) -> Floats:
    """Return the load of each centre if all units chose the best under further delays."""
    load = np.zeros(len(delay))
    for unit in range(len(who)):
        load[_choice(who, after, delay, unit)] += weight[unit]
    return load


@compiled
def tuned_delays(
    who: Ints,
    after: Floats,
    weight: Floats,
    target: Floats,
    scale: float,
    start: Floats,
    good_enough: float,
) -> tuple[Floats, float]:
    """Return delays of the centres under which loads are as asked, and the worst error left.

    Source: Rprop, Riedmiller and Braun 1993.

    Parameters
    ----------
    who, after
        The nearest centres of each unit and how far they are, as `reach_first` gives them.
    target : float64[centres]
        Load asked of each; in the unit of `weight`.
    scale : float
        Distance between zones, in the unit of `after`.
    start : float64[centres]
        Delays to begin with.
    good_enough : float
        Share of the target that loads may miss it by.
    """
    count = len(target)
    delay, step, before = start.copy(), np.full(count, 0.1 * scale), np.zeros(count)
    best, least = delay.copy(), np.inf
    for _ in range(STEPS):
        error = _loads(who, after, delay, weight) / target - 1.0
        worst = np.abs(error).max()
        if worst < least:
            best, least = delay.copy(), worst
        if worst < good_enough:
            break
        for rank in range(count):
            step[rank] *= SHRINK if error[rank] * before[rank] < 0 else GROW
            step[rank] = min(step[rank], 0.5 * scale)
            delay[rank] += step[rank] * min(max(error[rank] / FARTHEST_STEP, -1.0), 1.0)
        before = error
    return best - best.min(), float(least)
