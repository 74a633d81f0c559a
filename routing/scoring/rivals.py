"""Several ways to foretell one share, each believed as far as it foretold what happened.

The fixed weights say that each miss lowers the next contact and each broken promise the next one;
a share learned for each client says that they are as they are. Which holds differs from cartera to
cartera, so that both are kept, and the weights with what was learned on top of them:

fixed         the weights as they are
steady        learned; a client has one share
remembering   learned on top of the weights: each miss or broken promise lowers it by their factor

A rival's weight is the exponential of its log score: the sum of the logarithms of the chance that
it gave to what happened, each attempt foretold from the client's attempts before it. That is the
evidence of a Bayesian model average, taken one forecast after the other. Source: Dawid,
"Statistical theory: the prequential approach", JRSS A 147 (1984).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.scoring.hierarchy import LOST_CONTACT, Found, Path, Table, numbers_of, rows_of
from routing.scoring.shrinkage import NEARLY, Floats, Ints, log_odds, share_of, unmet_chances

LEAST_WEIGHT = 1e-4  # a rival that is believed less is not asked


@dataclass(frozen=True, slots=True)
class Rival:
    """One way to foretell a share.

    Attributes
    ----------
    found : Found or None
        What was learned; None for the fixed weights as they are.
    remembers : bool
        It starts from the weights with their factor for each miss or broken promise.
    weight : float 0..1
        How far it is believed; those of all rivals add up to 1.
    """

    found: Found | None
    remembers: bool
    weight: float


def most_believed(rivals: Sequence[Rival]) -> Rival:
    """Return the rival that foretold best."""
    return max(rivals, key=lambda one: one.weight)


def rivals_of(fixed: Table, *learned: tuple[Found, Table, bool]) -> tuple[Rival, ...]:
    """Weigh the fixed weights against what was learned.

    Parameters
    ----------
    fixed : Table
        The same rows as those learned from; its ``logits`` are what the weights say of each.
    learned : tuples of (Found, Table, bool)
        What was learned, from which rows, and whether it remembers.
    """
    scores = [score_of(fixed, share_of(fixed.logits))]
    scores += [_score_in_turn(found, table) for found, table, _ in learned]
    first, *others = _weights(scores)
    return (
        Rival(None, True, first),
        *(
            Rival(found, remembers, weight)
            for (found, _, remembers), weight in zip(learned, others, strict=True)
        ),
    )


def mean_rivals_of(
    values: Floats, start: float, found: Found, paths: Sequence[Path], clients: Sequence[int]
) -> tuple[Rival, ...]:
    """Weigh a mean that is assumed against those learned; errors are taken as normal."""
    numbers = numbers_of(clients)
    left = values - start - np.array([found.segment(path) for path in paths], dtype=float)
    told = _before(left, numbers) / (found.client_strength + _before(np.ones_like(left), numbers))
    scores = [_normal_score(values - start), _normal_score(left - told) - found.own_numbers]
    fixed, learned = _weights(scores)
    return Rival(None, True, fixed), Rival(found, False, learned)


def _normal_score(errors: Floats) -> float:
    """Return the log score of normal errors of one spread, but for what all rivals share."""
    if not len(errors):
        return 0.0
    return -0.5 * len(errors) * float(np.log(max(float((errors**2).mean()), NEARLY)))


def _weights(scores: Sequence[float]) -> list[float]:
    weights = np.exp(np.array(scores) - max(scores))
    found: list[float] = (weights / weights.sum()).tolist()
    return found


def score_of(table: Table, shares: Floats) -> float:
    """Return the log score of shares that were foretold to rows, each try by itself."""
    inside = np.clip(shares, NEARLY, 1 - NEARLY)
    missed = table.tries - table.hits
    return float((table.hits * np.log(inside) + missed * np.log(1 - inside)).sum())


def _score_in_turn(found: Found, table: Table) -> float:
    """Return the log score when each row is foretold from its client's rows before it.

    Portfolio and segments have seen what they foretell, and do so too well by about one for each
    number that was estimated for them (Akaike 1974); a number that leans on the level above counts
    as the part of it that is its own.
    """
    above, numbers = rows_of(found, table)
    expected = table.tries * share_of(above)
    hits, tries, hoped = (_before(one, numbers) for one in (table.hits, table.tries, expected))
    means = np.divide(hoped, tries, out=share_of(above), where=tries > 0)
    strength = found.client_strength
    own = (strength * means + hits) / (strength + tries)
    shares = share_of(above + log_odds(own) - log_odds(means))
    alive = _log_beta_binomial(table, shares, strength + tries)
    if not found.lost_share:
        return float(alive.sum()) - found.own_numbers
    unmet, gone = unmet_chances(hits, tries, hoped, strength=strength, contact=LOST_CONTACT)
    share = found.lost_share
    lost = share * gone / np.maximum(share * gone + (1 - share) * unmet, NEARLY)
    missed = table.tries - table.hits
    of_lost = LOST_CONTACT**table.hits * (1 - LOST_CONTACT) ** missed
    mixed = (1 - lost) * np.exp(alive) + lost * of_lost
    return float(np.log(np.maximum(mixed, NEARLY**2)).sum()) - found.own_numbers


def _log_beta_binomial(table: Table, shares: Floats, strengths: Floats) -> Floats:
    """Return the log chance of each row's hits and misses in the order in which they came."""
    from scipy.special import betaln  # noqa: PLC0415 - slow to load, and only needed here

    inside = np.clip(shares, NEARLY, 1 - NEARLY)
    a, b = inside * strengths, (1 - inside) * strengths
    found: Floats = betaln(a + table.hits, b + table.tries - table.hits) - betaln(a, b)
    return found


def _before(values: Floats, numbers: Ints) -> Floats:
    """Return the sum of the values of the same client in the rows before each row."""
    order = np.argsort(numbers, kind="stable")
    sums = np.concatenate([[0.0], np.cumsum(values[order])])[:-1]
    is_first = np.diff(numbers[order], prepend=-1) != 0
    firsts = np.maximum.accumulate(np.where(is_first, np.arange(len(order)), 0))
    found = np.zeros_like(values)
    found[order] = sums - sums[firsts] if len(order) else sums
    return found
