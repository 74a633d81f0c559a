"""Compiles the loops of zoning before anybody waits for them."""

from routing.compiled import drop_older
from routing.geo import Point
from routing.zoning import kernels
from routing.zoning.ground import Ground
from routing.zoning.places import Place

SIDE = 5  # of a town of square blocks


def warm() -> None:
    """Compile every loop, or load what was compiled before; half a minute the first time."""
    ground = Ground(
        [
            Place(f"{row} {column}", Point(row / 1000, column / 1000), 1.0, 1.0)
            for row in range(SIDE)
            for column in range(SIDE)
        ]
    )
    ground.rezone(ground.propose(2).zone_of, 2)
    drop_older(kernels.CACHE_FOLDER)
