"""Which zone of today each zone of a cold division continues."""

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from routing.zoning.places import Zoning


def matched(
    zoning: Zoning, today: Mapping[str, int], kinds: Sequence[Hashable] = ()
) -> dict[int, int]:
    """Return which zone of today each zone continues, so that most places stay in theirs.

    There may be more zones than today, or fewer: those that continue none are left out.

    Parameters
    ----------
    kinds : sequence, optional
        Of each zone by its number, today as before: a zone continues one of its own kind alone,
        and numbers that no place has today may be continued, too.
    """
    zone_of = zoning.zone_of
    rows, cols = sorted(set(zone_of.values())), sorted(set(today.values()) - {-1})
    if kinds:
        rows = cols = list(range(len(kinds)))
    row_of, col_of = ({zone: n for n, zone in enumerate(one)} for one in (rows, cols))
    count: NDArray[np.float64] = np.zeros((len(rows), len(cols)))
    for place, zone in zone_of.items():
        if (before := today.get(place, -1)) >= 0:
            count[row_of[zone], col_of[before]] += 1
    if kinds:
        is_alike = np.array([[one == other for other in kinds] for one in kinds])
        count = np.where(is_alike, count, -1.0 - len(zone_of))
    pairs = zip(*linear_sum_assignment(count, maximize=True), strict=True)
    return {rows[int(row)]: cols[int(col)] for row, col in pairs}
