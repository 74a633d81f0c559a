"""How near zones could be if they need not hang together: what ours are measured against.

A linear programme shares each client out among zones at the least squared distances (Hess 1965),
the work of zones even to a thousandth and their money to 3 %, as ours must be; then zones take
their new middles. It begins from a balanced power diagram around ours.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, vstack

from routing.zoning import Ground, Zoning

WORK, MONEY = 0.001, 0.03  # deviation let be, as a share of the mean
ROUNDS = 3  # of middles moved
UNDECIDED = 0.35  # of the clients, whose second zone is nearly as good: only they are shared out

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


def far_m(zoning: Zoning) -> float:
    """Return the mean distance to the middle of the zone, metres, weighted by work."""
    work = sum(figures.weight for figures in zoning.figures)
    return sum(figures.mean_distance_m * figures.weight for figures in zoning.figures) / work


def power_diagram(ground: Ground, zoning: Zoning, rounds: int = 4, steps: int = 150) -> Labels:
    """Balance work alone by weights on squared distances, from the middles of given zones."""
    where, mass = ground.units.plane_m[ground.units.unit_of], ground.weight
    labels = np.array([zoning.zone_of[place.id] for place in ground.places])
    k = len(zoning.centres)
    target, scale = mass.sum() / k, float(where.var(axis=0).sum()) / k
    for _ in range(rounds):
        middle = (
            np.column_stack([np.bincount(labels, mass * where[:, j], k) for j in (0, 1)])
            / np.maximum(np.bincount(labels, mass, k), 1e-9)[:, None]
        )
        near = ((where[:, None, :] - middle[None]) ** 2).sum(axis=2)
        price, step, old, least = np.zeros(k), np.full(k, 0.1 * scale), np.zeros(k), np.inf
        for _ in range(steps):
            trial = (near + price).argmin(axis=1)
            error = np.bincount(trial, mass, k) / target - 1
            if np.abs(error).max() < least:
                least, labels = float(np.abs(error).max()), trial
            step = np.where(error * old < 0, step * 0.5, step * 1.15)
            price = price + step * np.clip(error / 0.3, -1, 1)
            old = error
    return labels


def relaxed_m(where: Floats, loads: Floats, labels: Labels, k: int) -> float:
    """Return the mean distance to the middle of the zone, weighted by work, metres.

    Parameters
    ----------
    where : float64[n, 2]
        Metres.
    loads : float64[n, 2]
        Work and money.
    labels : int64[n]
        Zones to begin from, even in work: a power diagram.
    """
    share = np.zeros((len(where), k))
    share[np.arange(len(where)), labels] = 1.0
    for _ in range(ROUNDS):
        middle = _middles(where, loads[:, 0], share)
        fresh = _shared_out(where, loads, middle, share, UNDECIDED)
        if fresh is None:  # money is farther from even than those few can mend
            fresh = _shared_out(where, loads, middle, share, 1.0)
        if fresh is None:
            message = "no relaxation to measure against: no shares are even in work and money"
            raise RuntimeError(message)
        share = fresh
    middle = _middles(where, loads[:, 0], share)
    far = np.sqrt(_squares(where, middle))
    return float((loads[:, 0] @ (share * far)).sum() / loads[:, 0].sum())


def _middles(where: Floats, work: Floats, share: Floats) -> Floats:
    mass = share * work[:, None]
    middles: Floats = (mass.T @ where) / mass.sum(axis=0)[:, None]
    return middles


def _squares(where: Floats, middle: Floats) -> Floats:
    squares: Floats = ((where[:, None, :] - middle[None]) ** 2).sum(axis=2)
    return squares


def _shared_out(
    where: Floats, loads: Floats, middle: Floats, before: Floats, undecided: float
) -> Floats | None:
    """Return the share of each client in each zone, None where no shares are even."""
    k = len(middle)
    square = _squares(where, middle)
    mine = (square * before).sum(axis=1)
    other = np.where(before > 0.5, np.inf, square).min(axis=1)
    order = np.argsort(other - mine, kind="stable")
    free = order[: max(int(undecided * len(where)), min(len(where), 2000))]
    part = loads / loads.sum(axis=0) * k
    fixed = np.setdiff1d(np.arange(len(where)), free)
    held = before[fixed].T @ part[fixed]
    client = np.repeat(np.arange(len(free)), k)
    zone = np.tile(np.arange(k), len(free))
    column = np.arange(len(client))
    shape = (k, len(client))
    sums = vstack(
        [coo_matrix((part[free][client, j], (zone, column)), shape=shape) for j in (0, 1)]
    ).tocsr()
    most = np.concatenate([1.0 + limit - held[:, j] for j, limit in ((0, WORK), (1, MONEY))])
    least = np.concatenate([1.0 - limit - held[:, j] for j, limit in ((0, WORK), (1, MONEY))])
    cost = (square[free] * part[free, :1]).ravel()
    found = linprog(
        cost / cost.mean(),
        A_eq=coo_matrix((np.ones(len(client)), (client, column))).tocsr(),
        b_eq=np.ones(len(free)),
        A_ub=vstack([sums, -sums]).tocsr(),
        b_ub=np.concatenate([most, -least]),
        method="highs",
    )
    if found.status != 0:
        return None
    share = before.copy()
    share[free] = found.x.reshape(len(free), k)
    return share
