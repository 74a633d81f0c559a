"""Prizes and travel in one unit, 1/3600 point, so that every comparison is exact.

A point of prize is 3600 of it and a second on the road costs ``travel_cost_per_hour`` of it.
"""

from collections.abc import Sequence

import numpy as np

from routing.problem import DAY_S, Problem
from routing.timetable import NO_WAY_S, Timetable

UNITS_PER_POINT = 3600

# While searching, a second on the road costs at least what makes the mean prize worth this many
# short rides: without a price on travel a search sees no gain in making room. Measured on public
# TOPTW instances: prizes must dominate, but not by orders of magnitude.
_PRIZE_IN_SHORT_RIDES = 50
_NEIGHBOURS = 5


class Worth:
    """What visits bring and rides cost in one part of a problem.

    Attributes
    ----------
    of : list of int
        What visiting each candidate brings; a required one brings more than all the rest.
    brings : float64[n]
        The same for arrays.
    price : int
        What a second on the road costs.
    search_price : int
        The same while searching, never too low to guide.
    mean_prize : float
        Mean over the candidates, without the bonus of required ones.
    """

    def __init__(self, part: Problem, tables: Sequence[Timetable]) -> None:
        """Put prizes and the price of travel into the common unit."""
        prizes = [candidate.prize * UNITS_PER_POINT for candidate in part.candidates]
        self.price = part.travel_cost_per_hour
        self.mean_prize = max(1.0, sum(prizes) / len(prizes))
        guide = self.mean_prize / (_PRIZE_IN_SHORT_RIDES * _short_ride_s(tables))
        self.search_price = max(self.price, round(guide), 1)
        bonus = sum(prizes) + self.search_price * DAY_S * len(tables) + 1
        self.of = [
            prize + bonus * candidate.required
            for prize, candidate in zip(prizes, part.candidates, strict=True)
        ]
        self.brings = np.array(self.of, dtype=np.float64)


def _short_ride_s(tables: Sequence[Timetable]) -> float:
    """Return the mean ride between a candidate and its nearest ones, at least a second."""
    seconds = tables[0].seconds[: tables[0].start, : tables[0].start]
    others = np.sort(seconds, axis=1)[:, 1 : 1 + _NEIGHBOURS]
    near = others[others < NO_WAY_S]
    return max(1.0, float(near.mean())) if near.size else 1.0
