"""Units at a border change sides where that evens zones, rounds them, or keeps them as today."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.zoning import kernels
from routing.zoning.balance import Labels, middles_m
from routing.zoning.units import Floats, Longs, Units

PULLS = (4.0, 20.0, 100.0, 400.0, 2000.0)  # of evenness against nearness, one after the other
KEEPING_PULLS = (200.0, 2000.0, 20_000.0)  # the same where most shall stay
SWEEPS = 20  # over all units at each pull; most end sooner


@dataclass(frozen=True, slots=True)
class Ask:
    """What zones are to be.

    Attributes
    ----------
    target : float64[k, 2]
        Work and money asked of each zone; 0 where it is not asked.
    is_locked : bool[k]
    centre : int64[k]
        Unit that a zone lies around, -1 for its own middle.
    """

    target: Floats
    is_locked: NDArray[np.bool_]
    centre: Longs


@dataclass(frozen=True, slots=True)
class Manner:
    """How zones are made even.

    Attributes
    ----------
    slack : tuple of float
        Deviation of work and of money that is let be, as a share of the target.
    limit : tuple of float
        Deviation above which units change places, too, though zones grow less round.
    pulls : tuple of float
        Of evenness against nearness, one after the other.
    stay : float
        Against leaving today's zone, in mean squared distances.
    is_one_sided : bool
        Zones may be light.
    held : bool[u]
        Units that must stay.
    """

    slack: tuple[float, float]
    limit: tuple[float, float]
    pulls: tuple[float, ...]
    stay: float
    is_one_sided: bool
    held: NDArray[np.bool_]


def even_out(units: Units, labels: Labels, ask: Ask) -> Labels:
    """Return zones as even as single moves make them; each stays in one piece."""
    nobody = np.zeros(len(labels), dtype=np.bool_)
    return _moved(
        units, labels, ask, Manner((0.001, 0.008), (0.007, 0.022), PULLS, 0.0, False, nobody)
    )


def keep_most(units: Units, labels: Labels, ask: Ask, held: NDArray[np.bool_]) -> Labels:
    """Return zones that are even enough with the fewest units out of where they are.

    Parameters
    ----------
    held : bool[u]
        Units that must stay: what somebody just moved by hand.
    """
    return _moved(
        units, labels, ask, Manner((0.016, 0.04), (0.018, 0.06), KEEPING_PULLS, 16.0, True, held)
    )


def mended(
    units: Units, labels: Labels, is_locked: NDArray[np.bool_], held: NDArray[np.bool_]
) -> Labels:
    """Return zones of one piece: what lies apart joins the zone around it, unless it is held."""
    k = len(is_locked)
    labels = labels.copy()
    borders = units.borders
    for _ in range(20):
        part = kernels.parts(borders, labels)
        if not ((_count(labels, part, k) > 1) & ~is_locked).any():
            break
        size = np.bincount(part, weights=units.work[:, 0] + 1e-9)
        order = np.lexsort((-size[part], labels))
        _, at = np.unique(labels[order], return_index=True)
        main = part[order[at]]
        is_loose = ~np.isin(part, main) & ~is_locked[labels] & ~np.isin(part, part[held])
        rows = np.repeat(np.arange(len(labels)), np.diff(borders.first))
        crossing = is_loose[rows] & ~is_loose[borders.near] & ~is_locked[labels[borders.near]]
        edges = np.flatnonzero(crossing & (part[rows] != part[borders.near]))
        if not len(edges):
            break
        # The whole loose part joins the zone it touches by its shortest border.
        edges = edges[np.argsort(borders.length_m[edges], kind="stable")]
        loose, one = np.unique(part[rows[edges]], return_index=True)
        joins = np.full(int(part.max()) + 1, -1, dtype=np.int32)
        joins[loose] = labels[borders.near[edges[one]]]
        labels = np.where(joins[part] >= 0, joins[part], labels).astype(np.int32)
    return labels


def pieces(units: Units, labels: Labels, k: int, counts: NDArray[np.bool_]) -> Longs:
    """Return how many parts of each zone that hold a unit that counts don't hang together."""
    part = kernels.parts(units.borders, labels)
    return np.maximum(_count(labels[counts], part[counts], k), 1)


def _count(labels: Labels, part: NDArray[np.int32], k: int) -> Longs:
    pairs = np.unique(part.astype(np.int64) * k + labels)
    return np.bincount(pairs % k, minlength=k).astype(np.int64)


def _moved(units: Units, labels: Labels, ask: Ask, manner: Manner) -> Labels:
    k = len(ask.target)
    labels = labels.astype(np.int32, copy=True)
    work, target = _in_one_unit(units.work, ask.target)
    division = kernels.Division(
        label=labels,
        home=labels.copy() if manner.stay else np.full(len(labels), -1, dtype=np.int32),
        load=np.column_stack([np.bincount(labels, work[:, j], k) for j in (0, 1)]),
        members=np.bincount(labels, minlength=k).astype(np.int64),
        is_free=np.asarray(~ask.is_locked[labels] & ~manner.held),
        is_open=~ask.is_locked,
    )
    for pull in manner.pulls:
        middle = middles_m(units.plane_m, units.work[:, 0], labels, k)
        aim = kernels.Aim(
            where=units.plane_m,
            work=work,
            centre=np.where(ask.centre[:, None] >= 0, units.plane_m[ask.centre], middle),
            target=target,
            slack=np.array(manner.slack),
            is_one_sided=manner.is_one_sided,
            pull=pull,
            stay=manner.stay,
            span2=_span2(units, labels, middle),
        )
        kernels.improve(units.borders, division, aim, SWEEPS)
    aim = aim._replace(slack=np.array(manner.limit))
    if kernels.exchange(units.borders, division, aim, SWEEPS):
        kernels.improve(units.borders, division, aim, SWEEPS)
    return labels


def _in_one_unit(work: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Return loads and targets with money in units of work, so that one pull holds for both."""
    total = work.sum(axis=0)
    rate = np.array([1.0, total[0] / total[1] if total[1] > 0 else 0.0])
    scaled = work * rate
    scaled[:, 0] = np.maximum(scaled[:, 0], 1e-7 * max(float(total[0]), 1e-9))
    return scaled, target * rate


def _span2(units: Units, labels: Labels, middle: Floats) -> float:
    """Return the mean squared distance from a middle, weighted by work, square metres."""
    mass = units.work[:, 0] + 1e-9
    apart = ((units.plane_m - middle[labels]) ** 2).sum(axis=1)
    return max(float(np.average(apart, weights=mass)), 1.0)
