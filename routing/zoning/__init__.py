"""Balanced territories in one piece over the places to visit.

`propose` divides places; `rezone` makes today's zones even again with the fewest changes. Both
stand on a `Ground`, which is made once and then also tells the figures of any assignment
(`assess`), balances around an edit (`rezone` with `held`) and finds the fewest zones that keep
each below a load (`fewest`).

A unit is a distinct location. Neighbours are units that a street of the city pack joins or,
without a pack, that touch in the Delaunay triangulation. A zone is a set of units that hangs
together along those borders.
"""

from routing.zoning.evening import never
from routing.zoning.ground import Ground
from routing.zoning.matching import matched
from routing.zoning.outlines import outline
from routing.zoning.places import Place, ZoneFigures, ZoneWish, Zoning
from routing.zoning.proposal import fewest, propose, relabelled, rezone

__all__ = [
    "Ground",
    "Place",
    "ZoneFigures",
    "ZoneWish",
    "Zoning",
    "fewest",
    "matched",
    "never",
    "outline",
    "propose",
    "relabelled",
    "rezone",
]
