"""By how much what is made small changes when a unit moves, or two change places."""

from routing.zoning.kernels.values import (
    BOTH,
    Aim,
    Borders,
    Division,
    Floats,
    Ints,
    inlined,
)


@inlined
def _strain(aim: Aim, load: float, target: float, j: int) -> float:
    over = load / target - 1.0
    if over < 0.0 and aim.is_one_sided:
        return 0.0
    excess = max(abs(over) - aim.slack[j], 0.0)
    return float(excess * excess * target)


@inlined
def _cut(borders: Borders, label: Ints, unit: int, b: int) -> int:
    """Return by how many the neighbours in other zones grow when a unit moves to zone b."""
    grows = 0
    for edge in range(borders.first[unit], borders.first[unit + 1]):
        zone = label[borders.near[edge]]
        grows += int(zone == label[unit]) - int(zone == b)
    return grows


@inlined
def farther(borders: Borders, aim: Aim, division: Division, unit: int, b: int) -> float:
    """Return by how much distances, ragged borders and units out of today's zone grow in zone b."""
    a = division.label[unit]
    # One number at a time: small arrays made here would double the time.
    far = 0.0
    for axis in range(2):
        to_a = aim.where[unit, axis] - aim.centre[a, axis]
        to_b = aim.where[unit, axis] - aim.centre[b, axis]
        far += to_b * to_b - to_a * to_a
    home = division.home[unit]
    left = int(home == a) - int(home == b)
    grows = aim.work[unit, 0] * far / aim.span2 + aim.stay * division.settled[unit] * left
    if aim.shape > 0.0:
        grows += aim.shape * _cut(borders, division.label, unit, b)
    return float(grows)


@inlined
def strained(aim: Aim, load: Floats, a: int, b: int, work: float, money: float) -> float:
    """Return the strain of two zones once so much has gone from a to b."""
    strain = 0.0
    for j in range(BOTH):
        gone = work if j == 0 else money
        if aim.target[a, j] > 0 and aim.target[b, j] > 0:
            strain += _strain(aim, load[a, j] - gone, aim.target[a, j], j)
            strain += _strain(aim, load[b, j] + gone, aim.target[b, j], j)
    return float(aim.pull * strain)


@inlined
def change(borders: Borders, aim: Aim, division: Division, unit: int, b: int) -> float:
    """Return by how much the aim grows when a unit moves to zone b."""
    a, load = division.label[unit], division.load
    after = strained(aim, load, a, b, aim.work[unit, 0], aim.work[unit, 1])
    before = strained(aim, load, a, b, 0.0, 0.0)
    return float(farther(borders, aim, division, unit, b) + after - before)


@inlined
def change_of_exchange(
    borders: Borders, aim: Aim, division: Division, one: int, other: int
) -> float:
    """Return by how much the aim grows when two units take each other's zone."""
    a, b, work = division.label[one], division.label[other], aim.work
    net, money = work[one, 0] - work[other, 0], work[one, 1] - work[other, 1]
    after = strained(aim, division.load, a, b, net, money)
    before = strained(aim, division.load, a, b, 0.0, 0.0)
    apart = farther(borders, aim, division, one, b) + farther(borders, aim, division, other, a)
    return float(apart + after - before)
