"""Units at borders move and change places by chance, ever more seldom for the worse."""

import numpy as np

from routing.zoning.kernels.aims import change, change_of_exchange
from routing.zoning.kernels.connection import can_leave
from routing.zoning.kernels.exchanges import exchanged, touches
from routing.zoning.kernels.moves import border_units, put
from routing.zoning.kernels.values import (
    Aim,
    Borders,
    Division,
    Ints,
    Walk,
    compiled,
    new_walk,
)

TRIES = 2  # for each unit at a border between two looks at which are
PARTNERS = 4  # drawn for an exchange, until one lies at the same border


@compiled
def anneal(
    borders: Borders, division: Division, aim: Aim, tries: int, warmth: float, seed: int
) -> int:
    """Move and exchange units at borders by the rule of Metropolis; zones stay in one piece.

    Returns how often somebody moved.

    Source: Kirkpatrick, Gelatt and Vecchi 1983.

    Parameters
    ----------
    tries : int
        Moves and exchanges that are weighed.
    warmth : float
        Growth of the aim, in units of work, that is let pass once in 2.7 times.
    """
    np.random.seed(seed)
    label = division.label
    walk = new_walk(len(label))
    made = 0
    while tries > 0:
        listed = border_units(borders, label)
        if len(listed) == 0:
            break
        listed = listed[np.argsort(label[listed], kind="mergesort")]
        first = np.searchsorted(label[listed], np.arange(len(division.load) + 1))
        for _ in range(min(TRIES * len(listed), tries)):
            unit = listed[np.random.randint(len(listed))]
            b = _zone_beside(borders, division, unit)
            if b < 0:
                continue
            bar = -warmth * np.log(1.0 - np.random.random())
            if np.random.random() < 0.5:
                made += _moved(borders, division, aim, unit, b, bar, walk)
            else:
                partners = listed[first[b] : first[b + 1]]
                made += _swapped(borders, division, aim, unit, partners, bar, walk)
        tries -= TRIES * len(listed)
    return made


@compiled
def _zone_beside(borders: Borders, division: Division, unit: int) -> int:
    """Return the zone of a neighbour drawn by chance that a unit may move to, -1 for none."""
    if not division.is_free[unit]:
        return -1
    edge = np.random.randint(borders.first[unit], borders.first[unit + 1])
    b = division.label[borders.near[edge]]
    if b == division.label[unit] or not division.is_open[b]:
        return -1
    return int(b)


@compiled
def _moved(
    borders: Borders, division: Division, aim: Aim, unit: int, b: int, bar: float, walk: Walk
) -> int:
    if division.members[division.label[unit]] == 1 or change(borders, aim, division, unit, b) > bar:
        return 0
    if not can_leave(borders, division.label, unit, walk):
        return 0
    put(division, aim.work, unit, b)
    return 1


@compiled
def _swapped(
    borders: Borders,
    division: Division,
    aim: Aim,
    unit: int,
    partners: Ints,
    bar: float,
    walk: Walk,
) -> int:
    if len(partners) == 0:
        return 0
    a = division.label[unit]
    for _ in range(PARTNERS):
        other = partners[np.random.randint(len(partners))]
        is_there = division.label[other] != a and touches(borders, division, other, a)
        if is_there and division.is_free[other]:
            b = division.label[other]
            if not division.is_open[b] or not touches(borders, division, unit, b):
                continue
            if change_of_exchange(borders, aim, division, unit, other) > bar:
                return 0
            return int(exchanged(borders, division, aim, unit, other, walk))
    return 0
