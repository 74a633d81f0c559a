"""Two units at one border change places: evens what no single move can."""

import numpy as np

from routing.zoning.kernels.aims import change_of_exchange, strained
from routing.zoning.kernels.connection import can_leave
from routing.zoning.kernels.moves import border_units, put
from routing.zoning.kernels.values import (
    LEAST_GAIN,
    Aim,
    Borders,
    Division,
    Ints,
    Walk,
    compiled,
    new_walk,
)

MOST_PAIRS = 2_000_000  # looked at in one call


@compiled
def exchange(borders: Borders, division: Division, aim: Aim, sweeps: int) -> int:
    """Exchange units of neighbouring zones that are strained while that helps the aim.

    Returns how many exchanges were made. Zones stay in one piece.
    """
    label = division.label
    walk = new_walk(len(label))
    made, left = 0, MOST_PAIRS
    for _ in range(sweeps):
        before = made
        listed = border_units(borders, label)
        listed = listed[np.argsort(label[listed], kind="mergesort")]
        first = np.searchsorted(label[listed], np.arange(len(division.load) + 1))
        for one in listed:
            last = -1
            for edge in range(borders.first[one], borders.first[one + 1]):
                b = label[borders.near[edge]]
                is_new = b != last and b != label[one]
                last = b
                if is_new and left > 0 and _may_exchange(division, aim, one, b):
                    partners = listed[first[b] : first[b + 1]]
                    left -= len(partners)
                    if _found_partner(borders, division, aim, one, partners, walk):
                        made += 1
                        break
        if made == before:
            break
    return made


@compiled
def _may_exchange(division: Division, aim: Aim, one: int, b: int) -> bool:
    if not division.is_free[one] or not division.is_open[b]:
        return False
    return strained(aim, division.load, division.label[one], b, 0.0, 0.0) > 0.0


@compiled
def _found_partner(
    borders: Borders, division: Division, aim: Aim, one: int, partners: Ints, walk: Walk
) -> bool:
    """Exchange a unit with the first of its partners that helps; tell whether one did."""
    a = division.label[one]
    for other in partners:
        b = division.label[other]
        if b == a or not division.is_free[other] or not touches(borders, division, other, a):
            continue
        if not touches(borders, division, one, b):
            continue
        gain = change_of_exchange(borders, aim, division, one, other)
        if gain < LEAST_GAIN and exchanged(borders, division, aim, one, other, walk):
            return True
    return False


@compiled
def touches(borders: Borders, division: Division, unit: int, zone: int) -> bool:
    """Tell whether a neighbour of a unit is in a zone."""
    for edge in range(borders.first[unit], borders.first[unit + 1]):
        if division.label[borders.near[edge]] == zone:
            return True
    return False


@compiled
def exchanged(
    borders: Borders, division: Division, aim: Aim, one: int, other: int, walk: Walk
) -> bool:
    """Let two units take each other's zone, unless one of the zones falls apart so."""
    label = division.label
    a, b = label[one], label[other]
    if not can_leave(borders, label, one, walk):
        return False
    put(division, aim.work, one, b)
    if touches(borders, division, other, a) and can_leave(borders, label, other, walk):
        put(division, aim.work, other, a)
        return True
    put(division, aim.work, one, a)
    return False
