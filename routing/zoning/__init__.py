"""Balanced territories in one piece over the places to visit; the seam for a better engine.

Each distinct location is a unit, and units that are neighbours in the Delaunay triangulation share
a border. A zone is a set of units that hangs together along those borders, so that it is one piece
by construction, and its drawing is the union of its units' Voronoi cells: no gaps, no overlaps,
each place inside its own zone.
"""

from routing.zoning.outlines import outline
from routing.zoning.places import Place, ZoneFigures, Zoning
from routing.zoning.proposal import propose

__all__ = ["Place", "ZoneFigures", "Zoning", "outline", "propose"]
